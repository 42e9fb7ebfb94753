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
from ddbmock._internal.validation import (
    check_serialization,
    has_types_of,
    is_valid_request,
    request_tests,
)
from ddbmock._internal.validation.constraints import walk
from tests.random_examples import examples
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
@settings(suppress_health_check=[HealthCheck.too_slow], max_examples=examples(25))
@given(data=st.data())
def test_the_quick_tests_say_what_the_walker_says(operation_name, data):
    shape = input_shape(operation_name)
    request = data.draw(requests_of(operation_name))
    assert bool(is_valid_request(request, shape)) == (not violation(operation_name, request))


@pytest.mark.parametrize("operation_name", OPERATIONS)
@settings(suppress_health_check=[HealthCheck.too_slow], max_examples=examples(25))
@given(data=st.data())
def test_a_request_of_the_models_types_is_not_changed_by_the_walker(operation_name, data):
    shape = input_shape(operation_name)
    request = data.draw(
        requests_of(operation_name) | st.builds(broken, requests_of(operation_name))
    )
    if has_types_of(request, shape):
        before = repr(request)  # in which True is not 1
        check_serialization(request, shape)
        assert repr(request) == before


def broken(request: dict[str, Any]) -> dict[str, Any]:
    """The request with other JSON types in some places."""
    others: dict[type, Any] = {str: 1, int: "1", bool: "true", dict: [], list: {}}
    return {
        name: others.get(type(value), value) if len(name) % 3 == 0 else value
        for name, value in request.items()
    }


@pytest.mark.parametrize(
    ("value", "is_known"),
    [
        ({"S": "a"}, True),
        ({"N": "1"}, True),
        ({"BOOL": True}, True),
        ({"NULL": True}, True),
        ({"SS": ["a", "b"]}, True),
        ({"NS": ["1"]}, True),
        ({"M": {"a": {"L": [{"S": "b"}, {"M": {}}]}}}, True),
        ({"S": 1}, False),
        ({"S": None}, False),
        ({"N": 1.5}, False),
        ({"BOOL": "true"}, False),
        ({"BOOL": 1}, False),
        ({"SS": ["a", 1]}, False),
        ({"SS": "ab"}, False),
        ({"L": [None]}, False),
        ({"L": {}}, False),
        ({"M": {"a": {"S": True}}}, False),
        ({"S": "a", "N": None}, False),
        ({"X": "a"}, False),
        ({"B": "YQ=="}, False),
        ({}, False),
        (None, False),
    ],
)
def test_the_quick_test_of_attribute_values(value, is_known):
    values = {":v": value}
    update = {"TableName": "orders", "Key": {"id": {"S": "a"}}, "ExpressionAttributeValues": values}
    assert has_types_of({"TableName": "orders", "Item": {"id": value}}, input_shape("PutItem")) == (
        is_known
    )
    assert has_types_of(update, input_shape("UpdateItem")) == is_known
    assert has_types_of(
        {"TransactItems": [{"Update": update}]}, input_shape("TransactWriteItems")
    ) == (is_known)


def test_other_members_of_the_quick_test():
    shape = input_shape("Query")
    assert has_types_of({"TableName": "a", "Limit": 1, "ConsistentRead": True, "Other": 1}, shape)
    for member, value in [
        ("Limit", True),
        ("Limit", 1.0),
        ("Limit", None),
        ("ConsistentRead", 0),
        ("ExpressionAttributeNames", {"#a": 1}),
        ("AttributesToGet", ["a", None]),
        ("Other", None),
    ]:
        assert not has_types_of({"TableName": "a", member: value}, shape)


def test_a_test_does_not_keep_the_model_of_a_session_alive():
    compiled = request_tests._constraints
    before = [len(kept.values) for kept in (compiled.by_shape, compiled.by_model)]
    models = []
    with mock_dynamodb():
        for _ in range(3):
            client = boto3.session.Session().client("dynamodb", region_name="us-east-1")
            client.list_tables()
            models.append(weakref.ref(client.meta.service_model.operation_model("ListTables")))
    del client
    gc.collect()
    assert [model() for model in models] == [None] * 3
    after = [len(kept.values) for kept in (compiled.by_shape, compiled.by_model)]
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
