"""Tables of every kind, on a clock that is stopped."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import boto3
import pytest
from botocore.config import Config

from ddbmock import mock_dynamodb
from ddbmock._internal import limits

if TYPE_CHECKING:
    from collections.abc import Iterator


@pytest.fixture
def ddb() -> Iterator[Any]:
    """A mock that throttles and keeps one second of unused units."""
    with mock_dynamodb(throughput=1) as ddb:
        ddb.clock.freeze(1_000_000)
        yield ddb


@pytest.fixture
def client(ddb: Any) -> Any:
    """A client that sends each call once."""
    config = Config(retries={"total_max_attempts": 1})
    return boto3.client("dynamodb", "us-east-1", config=config)


@pytest.fixture
def small_partitions(monkeypatch: pytest.MonkeyPatch) -> None:
    """Partitions that serve a hundredth, so that a test needs few calls."""
    monkeypatch.setattr(limits, "PARTITION_READ_UNITS_PER_SECOND", 30)
    monkeypatch.setattr(limits, "PARTITION_WRITE_UNITS_PER_SECOND", 10)


def units(reads: int, writes: int) -> dict[str, int]:
    return {"ReadCapacityUnits": reads, "WriteCapacityUnits": writes}


def create(
    client: Any,
    name: str = "orders",
    table: dict[str, int] | None = None,
    index: dict[str, int] | None = None,
    *,
    sort_key: bool = False,
    local: bool = False,
    **more: Any,
) -> None:
    """Create a table: provisioned with these units, or on-demand."""
    names = ["id", "customer", *(["line"] if sort_key or local else [])]
    key = [{"AttributeName": "id", "KeyType": "HASH"}]
    if sort_key or local:
        key.append({"AttributeName": "line", "KeyType": "RANGE"})
    request: dict[str, Any] = {"BillingMode": "PAY_PER_REQUEST"}
    own: dict[str, Any] = {}
    if table is not None:
        request = {"BillingMode": "PROVISIONED", "ProvisionedThroughput": table}
        own = {"ProvisionedThroughput": index or table}
    if local:
        request["LocalSecondaryIndexes"] = [
            {
                "IndexName": "local",
                "KeySchema": [key[0], {"AttributeName": "customer", "KeyType": "RANGE"}],
                "Projection": {"ProjectionType": "ALL"},
            }
        ]
    client.create_table(
        TableName=name,
        KeySchema=key,
        AttributeDefinitions=[
            {"AttributeName": attribute, "AttributeType": "S"} for attribute in names
        ],
        GlobalSecondaryIndexes=[
            {
                "IndexName": "by-customer",
                "KeySchema": [{"AttributeName": "customer", "KeyType": "HASH"}],
                "Projection": {"ProjectionType": "ALL"},
                **own,
                **more.pop("of_index", {}),
            }
        ],
        **request,
        **more,
    )


def item(number: object, kilobytes: float = 0, **attributes: str) -> dict[str, Any]:
    made = {"id": {"S": str(number)}, **{name: {"S": text} for name, text in attributes.items()}}
    if kilobytes:
        made["data"] = {"S": "x" * (int(kilobytes * 1024) - 50)}
    return made
