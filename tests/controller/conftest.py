from __future__ import annotations

from typing import TYPE_CHECKING, Any

import boto3
import pytest

from ddbmock import mock_dynamodb

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ddbmock import Controller

SHOP = {
    "TableName": "shop",
    "KeySchema": [
        {"AttributeName": "PK", "KeyType": "HASH"},
        {"AttributeName": "SK", "KeyType": "RANGE"},
    ],
    "AttributeDefinitions": [
        {"AttributeName": "PK", "AttributeType": "S"},
        {"AttributeName": "SK", "AttributeType": "N"},
        {"AttributeName": "status", "AttributeType": "S"},
        {"AttributeName": "total", "AttributeType": "N"},
    ],
    "GlobalSecondaryIndexes": [
        {
            "IndexName": "by-status",
            "KeySchema": [
                {"AttributeName": "status", "KeyType": "HASH"},
                {"AttributeName": "total", "KeyType": "RANGE"},
            ],
            "Projection": {"ProjectionType": "KEYS_ONLY"},
        }
    ],
    "LocalSecondaryIndexes": [
        {
            "IndexName": "by-total",
            "KeySchema": [
                {"AttributeName": "PK", "KeyType": "HASH"},
                {"AttributeName": "total", "KeyType": "RANGE"},
            ],
            "Projection": {"ProjectionType": "ALL"},
        }
    ],
    "BillingMode": "PAY_PER_REQUEST",
    "StreamSpecification": {"StreamEnabled": True, "StreamViewType": "NEW_IMAGE"},
}


@pytest.fixture
def ddb() -> Iterator[Controller]:
    with mock_dynamodb() as controller:
        yield controller


@pytest.fixture
def client(ddb) -> Any:
    """Return a client of an empty table of a shop; nothing is recorded yet."""
    client = boto3.client("dynamodb")
    client.create_table(**SHOP)
    ddb.calls.clear()
    return client
