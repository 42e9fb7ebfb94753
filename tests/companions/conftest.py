"""Clients of the companions, and the table that they are about."""

from __future__ import annotations

from typing import Any

import pytest

from ddbmock import mock_dynamodb
from tests import shared_clients

MONDAY = "2026-03-02T10:00:00Z"


@pytest.fixture
def ddb():
    with mock_dynamodb(metrics=True) as ddb:
        ddb.clock.freeze(MONDAY)
        yield ddb


@pytest.fixture
def client(ddb) -> Any:
    return shared_clients.dynamodb("us-east-1")


@pytest.fixture
def cloudwatch(ddb) -> Any:
    return shared_clients.of_service("cloudwatch", "us-east-1")


@pytest.fixture
def orders(client) -> str:
    """A table with a global secondary index, 10 read and 5 write units."""
    return create_orders(client)


def create_orders(client: Any, **changes: Any) -> str:
    throughput = {"ReadCapacityUnits": 10, "WriteCapacityUnits": 5}
    request: dict[str, Any] = {
        "TableName": "orders",
        "KeySchema": [{"AttributeName": "id", "KeyType": "HASH"}],
        "AttributeDefinitions": [
            {"AttributeName": "id", "AttributeType": "S"},
            {"AttributeName": "status", "AttributeType": "S"},
        ],
        "ProvisionedThroughput": throughput,
        "GlobalSecondaryIndexes": [
            {
                "IndexName": "by-status",
                "KeySchema": [{"AttributeName": "status", "KeyType": "HASH"}],
                "Projection": {"ProjectionType": "ALL"},
                "ProvisionedThroughput": throughput,
            }
        ],
    }
    client.create_table(**{**request, **changes})
    return "orders"
