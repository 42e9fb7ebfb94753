"""The tables that data files are loaded into."""

from __future__ import annotations

from pathlib import Path

import pytest


@pytest.fixture
def files() -> Path:
    return Path(__file__).parent / "files"


@pytest.fixture
def shop(ddb, dynamodb_client):
    """A mock with the tables orders (key orderId, S; index on customerId, N) and customers (N)."""
    dynamodb_client.create_table(
        TableName="orders",
        KeySchema=[{"AttributeName": "orderId", "KeyType": "HASH"}],
        AttributeDefinitions=[
            {"AttributeName": "orderId", "AttributeType": "S"},
            {"AttributeName": "customerId", "AttributeType": "N"},
        ],
        GlobalSecondaryIndexes=[
            {
                "IndexName": "byCustomer",
                "KeySchema": [{"AttributeName": "customerId", "KeyType": "HASH"}],
                "Projection": {"ProjectionType": "ALL"},
            }
        ],
        BillingMode="PAY_PER_REQUEST",
    )
    dynamodb_client.create_table(
        TableName="customers",
        KeySchema=[{"AttributeName": "customerId", "KeyType": "HASH"}],
        AttributeDefinitions=[{"AttributeName": "customerId", "AttributeType": "N"}],
        BillingMode="PAY_PER_REQUEST",
    )
    return ddb


@pytest.fixture
def by_key():
    """Items of a table by the value of their key."""

    def items_of(ddb, table_name):
        (key,) = {"orders": ["orderId"], "customers": ["customerId"]}[table_name]
        return {next(iter(item[key].values())): item for item in ddb.tables[table_name].items}

    return items_of
