"""A table of orders with an index, and calls on it."""

from __future__ import annotations

from typing import Any

import pytest

from ddbmock._internal.access.call import Call
from ddbmock._internal.engine.backend import Backend
from ddbmock._internal.operations import OPERATIONS

ORDERS = {
    "TableName": "orders",
    "KeySchema": [
        {"AttributeName": "customer", "KeyType": "HASH"},
        {"AttributeName": "at", "KeyType": "RANGE"},
    ],
    "AttributeDefinitions": [
        {"AttributeName": "customer", "AttributeType": "S"},
        {"AttributeName": "at", "AttributeType": "N"},
        {"AttributeName": "state", "AttributeType": "S"},
    ],
    "GlobalSecondaryIndexes": [
        {
            "IndexName": "by-state",
            "KeySchema": [{"AttributeName": "state", "KeyType": "HASH"}],
            "Projection": {"ProjectionType": "ALL"},
        }
    ],
    "BillingMode": "PAY_PER_REQUEST",
}


def new_call(operation_name: str, request: dict[str, Any]) -> Call:
    """A call that has come in and was not done yet."""
    region = Backend().region("us-east-1")
    return Call(OPERATIONS[operation_name], request, region, None, is_validated=True)


def order(at: int = 1, customer: str = "ada", **more: Any) -> dict[str, Any]:
    return {"customer": {"S": customer}, "at": {"N": str(at)}, **more}


def put_two_and_fail(client: Any) -> None:
    client.put_item(TableName="orders", Item=order(1, state={"S": "open"}))
    client.put_item(TableName="orders", Item=order(2))
    with pytest.raises(client.exceptions.ConditionalCheckFailedException):
        client.put_item(
            TableName="orders", Item=order(2), ConditionExpression="attribute_not_exists(#at)",
            ExpressionAttributeNames={"#at": "at"},
        )  # fmt: skip


def query(client: Any, **more: Any) -> Any:
    return client.query(
        TableName="orders",
        KeyConditionExpression="customer = :c",
        ExpressionAttributeValues={":c": {"S": "ada"}},
        **more,
    )
