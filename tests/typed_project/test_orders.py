"""A typed project: what a team's tests look like to mypy --strict and to pyright in strict mode.

The tests run too, with the rest of the suite.
"""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest

import ddbmock
from ddbmock import (
    Calls,
    Delivery,
    DynamoDBMock,
    FileError,
    MisuseError,
    RecordedCall,
    TableView,
    Trigger,
    mock_dynamodb,
)

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path


def test_items_and_calls(orders: TableView, ddb: DynamoDBMock, dynamodb_client: Any) -> None:
    dynamodb_client.put_item(TableName="orders", Item={"id": {"S": "42"}, "n": {"N": "1"}})
    found: Mapping[str, Any] | None = orders.get(id="42")
    assert found == {"id": "42", "n": 1}
    calls: Calls = ddb.calls
    call: RecordedCall = calls[-1]
    assert call.operation == "PutItem"
    assert call.error is None
    units: float = call.write_units
    assert units == 1
    with ddb.budget(read_at_most=1, scans=0):
        dynamodb_client.get_item(TableName="orders", Key={"id": {"S": "42"}})


def test_changes(orders: TableView, ddb: DynamoDBMock) -> None:
    seen: list[str] = []

    def handler(event: dict[str, Any]) -> None:
        seen.extend(record["eventName"] for record in event["Records"])

    trigger: Trigger = ddb.on_change(orders.name, handler, batch_size=2, maximum_retry_attempts=0)
    ddb.load({"orders": [{"id": "1"}, {"id": "2"}]})
    deliveries: list[Delivery] = ddb.deliver()
    assert len(deliveries) == 1
    assert seen == ["INSERT", "INSERT"]
    assert trigger.table == "orders"


def test_time_and_state(orders: TableView, ddb: DynamoDBMock) -> None:
    ddb.clock.freeze("2026-01-31T12:00:00Z")
    ddb.clock.advance(timedelta(hours=1))
    mark = ddb.snapshot()
    ddb.load({"orders": [{"id": "1"}]})
    ddb.restore(mark)
    assert orders.item_count == 0
    with ddb.rollback():
        ddb.load({"orders": [{"id": "1"}]})


def test_mistakes(ddb: DynamoDBMock, tmp_path: Path) -> None:
    with pytest.raises(FileError) as caught:
        ddb.load(tmp_path / "none.json")
    source: str = caught.value.source
    line: int | None = caught.value.line
    assert (source.endswith("none.json"), line) == (True, None)
    with pytest.raises(MisuseError):
        _ = ddb.tables["none"].items


@mock_dynamodb(region="eu-west-1", delays=2.5)
def decorated(name: str, *, times: int = 1) -> str:
    return name * times


async def in_a_coroutine() -> int:
    async with mock_dynamodb() as ddb:
        return len(ddb.tables)


def test_decorated() -> None:
    text: str = decorated("a", times=2)
    assert text == "aa"


def served(database: Path) -> None:
    with ddbmock.serve(port=0, db=database, delays=True) as url:
        address: str = url
        assert address.startswith("http")
