"""A table of orders with an index, and calls on it."""

from __future__ import annotations

from typing import Any

import pytest

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
