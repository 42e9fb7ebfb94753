from __future__ import annotations

import gc
import weakref
from typing import Any

import boto3
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ddbmock import mock_dynamodb
from ddbmock._internal.errors import SerializationError, ServiceError
from ddbmock._internal.service_model import SERVICE_NAMES, input_shape, service_model
from ddbmock._internal.validation import check_serialization, is_valid_request, request_tests
from ddbmock._internal.validation.constraints import walk
from tests.refusals import refusal
from tests.shared_clients import unchecked_dynamodb
from tests.validation.model_requests import ARN, requests_of, wording_of

OPERATIONS = [name for service in SERVICE_NAMES for name in service_model(service).operation_names]


def violation(operation_name: str, request: dict[str, Any]) -> str:
    try:
        walk(request, input_shape(operation_name), wording_of(operation_name))
    except ServiceError as error:
        return error.message
    return ""


@pytest.mark.parametrize("operation_name", OPERATIONS)
@settings(suppress_health_check=[HealthCheck.too_slow], max_examples=25)
@given(data=st.data())
def test_the_quick_tests_say_what_the_walker_says(operation_name, data):
    shape = input_shape(operation_name)
    request = data.draw(requests_of(operation_name))
    assert bool(is_valid_request(request, shape)) == (not violation(operation_name, request))


def test_a_test_does_not_keep_the_model_of_a_session_alive():
    before = [len(kept.tests) for kept in (request_tests._by_shape, request_tests._by_model)]
    models = []
    with mock_dynamodb():
        for _ in range(3):
            client = boto3.session.Session().client("dynamodb", region_name="us-east-1")
            client.list_tables()
            models.append(weakref.ref(client.meta.service_model.operation_model("ListTables")))
    del client
    gc.collect()
    assert [model() for model in models] == [None] * 3
    after = [len(kept.tests) for kept in (request_tests._by_shape, request_tests._by_model)]
    assert after <= before


def test_a_model_without_weak_references_is_tested_all_the_same(monkeypatch):
    shape = service_model("dynamodb").operation_model("ListTables").input_shape
    monkeypatch.setattr(shape, "_shape_model", dict(shape._shape_model))
    assert is_valid_request({"Limit": 1}, shape)
    assert not is_valid_request({"Limit": 0}, shape)


MUST_NOT_BE_NULL = "[Member must not be null]"
SCAN = {"TableName": "orders"}


# By analogy: so the service's framework reports nulls in a list or map of scalars.
@pytest.mark.parametrize(
    ("operation", "parameters", "text"),
    [
        (
            "scan",
            {**SCAN, "AttributesToGet": ["a", None]},
            (
                "Value '[a, null]' at 'attributesToGet' failed to satisfy constraint:"
                f" Member must satisfy constraint: {MUST_NOT_BE_NULL}"
            ),
        ),
        (
            "scan",
            {**SCAN, "FilterExpression": "#a = #b", "ExpressionAttributeNames": {"#a": None}},
            (
                "Value '{#a=null}' at 'expressionAttributeNames' failed to satisfy constraint:"
                f" Map value must satisfy constraint: {MUST_NOT_BE_NULL}"
            ),
        ),
        (
            "untag_resource",
            {"ResourceArn": ARN, "TagKeys": [None]},
            (
                "Value '[null]' at 'tagKeys' failed to satisfy constraint:"
                f" Member must satisfy constraint: {MUST_NOT_BE_NULL}"
            ),
        ),
    ],
)
def test_nulls_among_scalars(ddb, operation, parameters, text):
    call = getattr(unchecked_dynamodb(), operation)
    assert refusal(call, **parameters) == f"1 validation error detected: {text}"


# Observed: a null where a structure is expected is no JSON of the operation. botocore sends none.
@pytest.mark.parametrize(
    ("operation_name", "request_body"),
    [
        ("TransactGetItems", {"TransactItems": [None]}),
        ("GetItem", {"TableName": "orders", "Key": {"id": None}}),
        ("PutItem", {"TableName": "orders", "Item": {"id": {"L": [None]}}}),
        ("TagResource", {"ResourceArn": ARN, "Tags": [None]}),
    ],
)
def test_nulls_among_structures(operation_name, request_body):
    with pytest.raises(SerializationError, match="Unexpected value type in payload"):
        check_serialization(request_body, input_shape(operation_name))
