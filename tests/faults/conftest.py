"""A table with indexes, and clients of every retry mode."""

from __future__ import annotations

from typing import Any

import boto3
import pytest
from botocore.config import Config

MODES = ("legacy", "standard", "adaptive")


def create_orders(client: Any, name: str = "orders", **options: Any) -> None:
    """Create a table with a partition key, and with a global index by customer."""
    request = {
        "GlobalSecondaryIndexes": [
            {
                "IndexName": "by-customer",
                "KeySchema": [{"AttributeName": "customer", "KeyType": "HASH"}],
                "Projection": {"ProjectionType": "ALL"},
            }
        ],
        "BillingMode": "PAY_PER_REQUEST",
        **options,
    }
    client.create_table(
        TableName=name,
        KeySchema=[{"AttributeName": "id", "KeyType": "HASH"}],
        AttributeDefinitions=[
            {"AttributeName": attribute, "AttributeType": "S"} for attribute in ("id", "customer")
        ],
        **request,
    )


def item(number: int, **attributes: str) -> dict[str, Any]:
    return {"id": {"S": str(number)}, **{name: {"S": text} for name, text in attributes.items()}}


def new_client(mode: str = "standard", **options: Any) -> Any:
    """A client of its own: its retry quota is full."""
    config = Config(retries={"mode": mode, **options})
    return boto3.client("dynamodb", "us-east-1", config=config)


@pytest.fixture
def client(ddb: Any) -> Any:
    """A client that sends each call once, and the table."""
    client = new_client(total_max_attempts=1)
    create_orders(client)
    ddb.calls.clear()
    return client
