"""A small slice of `make fuzz`, the same in every run."""

from __future__ import annotations

from typing import Any

import pytest

from ddbmock._internal import wire
from ddbmock._internal.errors import ServiceError
from ddbmock._internal.messages.requests import NESTED_COLLECTION_EXPECTED
from tests.fuzz.driver import fuzz, new_world, send


def test_random_requests_are_answered_or_refused() -> None:
    outcomes = fuzz(6_000, seed=2026)
    assert outcomes.total() == 6_000
    # The requests reach all depths: some are done, some fail late, some early.
    assert outcomes["done"] > 300
    assert outcomes["ValidationException"] > 1_000
    assert outcomes["SerializationException"] > 500
    assert outcomes["ConditionalCheckFailedException"] > 10
    assert outcomes["TransactionCanceledException"] > 10


GOOD_KEY = {"customer": {"S": "ann"}, "nr": {"N": "1"}}
INVALID = "1 validation error detected: One or more parameter values were invalid: "


@pytest.mark.parametrize(
    ("operation_name", "body", "code", "text"),
    [
        (
            "PutItem",
            {"TableName": "orders", "Item": {**GOOD_KEY, "a": {"SS": ["x", None]}}},
            "ValidationException",
            f"{INVALID}An string set may not have a null string as a member",
        ),
        (
            "PutItem",
            {"TableName": "orders", "Item": {**GOOD_KEY, "a": {"NS": [None]}}},
            "ValidationException",
            f"{INVALID}An number set may not have a null number as a member",
        ),
        (
            "PutItem",
            {"TableName": "orders", "Item": {**GOOD_KEY, "a": {"BS": [None]}}},
            "ValidationException",
            f"{INVALID}Binary sets may not contain null or empty values",
        ),
        (
            "Scan",
            {"TableName": "orders", "Limit": float("inf")},
            "SerializationException",
            "DECIMAL_VALUE cannot be converted to Integer",
        ),
        (
            "BatchGetItem",
            {"RequestItems": {"orders": {"Keys": [None]}}},
            "SerializationException",
            NESTED_COLLECTION_EXPECTED,
        ),
    ],
)
def test_what_was_found(operation_name: str, body: dict[str, Any], code: str, text: str) -> None:
    with pytest.raises(ServiceError) as caught:
        send(new_world(), "dynamodb", operation_name, body)
    assert (caught.value.code, caught.value.message) == (code, text)


def test_half_a_surrogate_pair_can_be_answered() -> None:
    service = new_world()
    item = {"id": {"S": "\ud800"}}
    send(service, "dynamodb", "PutItem", {"TableName": "things", "Item": item})
    response = send(service, "dynamodb", "Scan", {"TableName": "things"})
    assert b'{"S":"?"}' in wire.encode(response)
