"""What is remembered of a request's expressions must not let a wrong request pass."""

from __future__ import annotations

from typing import Any

import pytest

from tests.operations.orders_table import create_orders, order

KEY = {name: order()[name] for name in ("customer", "nr")}
#: A request that is done, for each operation with expressions; none has names or values.
REQUESTS: dict[str, dict[str, Any]] = {
    "put_item": {"Item": order(), "ConditionExpression": "attribute_not_exists(absent)"},
    "update_item": {"Key": KEY, "UpdateExpression": "REMOVE note"},
    "delete_item": {"Key": KEY, "ConditionExpression": "attribute_not_exists(absent)"},
    "get_item": {"Key": KEY, "ProjectionExpression": "nr"},
    "scan": {"FilterExpression": "attribute_exists(note)"},
}
#: The operations that tell what they refuse as a violated constraint.
WRITES = ("put_item", "update_item", "delete_item")


@pytest.mark.parametrize(
    ("operation", "parameter"),
    [
        (operation, parameter)
        for operation in REQUESTS
        for parameter in ("ExpressionAttributeNames", "ExpressionAttributeValues")
        if (operation, parameter) != ("get_item", "ExpressionAttributeValues")
    ],
)
def test_an_empty_map_is_refused_after_a_request_without_it(client, refusal, operation, parameter):
    create_orders(client)
    request = {"TableName": "orders", **REQUESTS[operation]}
    getattr(client, operation)(**request)
    prefix = "1 validation error detected: " if operation in WRITES else ""
    for _ in range(2):
        text = refusal(operation, **request, **{parameter: {}})
        assert text == f"{prefix}{parameter} must not be empty"
    getattr(client, operation)(**request)
