"""How the shop's table looks: its keys and its two indexes."""

from __future__ import annotations

from typing import Any

TABLE_NAME = "shop"
#: The table's keys the other way round: who bought this product, what did this user review?
INVERTED = "inverted"
#: Orders alone have a status, so the index holds nothing else.
BY_STATUS = "by-status"


def _keys(partition_key: str, sort_key: str) -> list[dict[str, str]]:
    return [
        {"AttributeName": partition_key, "KeyType": "HASH"},
        {"AttributeName": sort_key, "KeyType": "RANGE"},
    ]


def create(dynamodb: Any) -> Any:
    """Makes the table with a boto3 DynamoDB resource and waits until it is there."""
    table = dynamodb.create_table(
        TableName=TABLE_NAME,
        BillingMode="PAY_PER_REQUEST",
        KeySchema=_keys("PK", "SK"),
        AttributeDefinitions=[
            {"AttributeName": name, "AttributeType": "S"}
            for name in ("PK", "SK", "status", "placed_at")
        ],
        GlobalSecondaryIndexes=[
            {
                "IndexName": INVERTED,
                "KeySchema": _keys("SK", "PK"),
                "Projection": {"ProjectionType": "ALL"},
            },
            {
                "IndexName": BY_STATUS,
                "KeySchema": _keys("status", "placed_at"),
                "Projection": {
                    "ProjectionType": "INCLUDE",
                    "NonKeyAttributes": ["order_id", "user_id", "total", "version"],
                },
            },
        ],
    )
    table.wait_until_exists()
    return table
