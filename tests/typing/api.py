"""What type checkers see of the public face; read by mypy and pyright, never run."""

from __future__ import annotations

import unittest
from collections.abc import AsyncIterator, Callable, Generator, Mapping
from contextlib import contextmanager
from datetime import datetime, timedelta, timezone
from pathlib import Path
from typing import Any

from typing_extensions import assert_type

import ddbmock
from ddbmock import (
    Controller,
    Delivery,
    DeliveryError,
    MisuseError,
    RecordedCall,
    Trigger,
    TriggerOptions,
    UnsupportedError,
    mock_dynamodb,
    tables_from,
)
from ddbmock._internal.calls import CallLog, Calls, RecordedError, UnitTotals
from ddbmock._internal.controller import IndexView, StreamView, TableView
from ddbmock._internal.faults import Fault
from ddbmock._internal.mock import DynamoDBMock
from ddbmock._internal.templates import Tables

# --- what fails ---------------------------------------------------------------------------------

with mock_dynamodb(throughput=True, lag=(0, 2), limits={"tables": 3}, chaos=0.1, seed=7) as failing:
    with failing.faults.add(operation="PutItem", error="ThrottlingException", times=2) as fault:
        assert_type(fault, Fault)
        assert_type(fault.happened, int)
    with failing.faults.paused(), failing.throughput.pace(writes=500):
        assert_type(failing.throughput.left("orders"), tuple[float, float])
    assert_type(failing.throughput.report(), str)
    failing.calls.assert_no_stale_reads()
    with failing.open_transaction({"orders": [{"id": "42"}]}, token="t"):
        pass

# --- functions: the type stays -----------------------------------------------------------------


@mock_dynamodb
def bare(left: int, *, right: str = "") -> bytes:
    return bytes(left) + right.encode()


@mock_dynamodb()
def called(left: int, *, right: str = "") -> bytes:
    return bytes(left) + right.encode()


@mock_dynamodb(region="eu-west-1", isolate=True)
async def coroutine(name: str) -> int:
    return len(name)


@mock_dynamodb
def generator(name: str) -> Generator[str, int, bool]:
    received = yield name
    return bool(received)


@mock_dynamodb
async def async_generator() -> AsyncIterator[int]:
    yield 1


@contextmanager
@mock_dynamodb
def context() -> Generator[str, None, None]:
    yield "orders"


assert_type(bare(1, right="a"), bytes)
assert_type(called(1, right="a"), bytes)
assert_type(generator("a"), Generator[str, int, bool])
assert_type(async_generator(), AsyncIterator[int])
bare("a")  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]
called(wrong=1)  # type: ignore[call-arg]  # pyright: ignore[reportCallIssue]

with context() as name:
    assert_type(name, str)


# --- classes and methods: the type stays -------------------------------------------------------


@mock_dynamodb
class Plain:
    def method(self, number: int) -> str:
        return str(number)

    @mock_dynamodb
    def decorated(self, number: int) -> str:
        return str(number)

    @staticmethod
    @mock_dynamodb()
    def static(number: int) -> str:
        return str(number)


@mock_dynamodb(region="eu-west-1")
class Case(unittest.TestCase):
    def test_one(self) -> None:
        assert_type(self.id(), str)


class Derived(Plain): ...


assert_type(Plain(), Plain)
assert_type(Plain().method(1), str)
assert_type(Plain().decorated(1), str)
assert_type(Plain.static(1), str)
assert_type(Derived().method(1), str)
assert_type(Case("test_one"), Case)


# --- blocks, start and stop --------------------------------------------------------------------

with mock_dynamodb() as ddb:
    assert_type(ddb, DynamoDBMock)
    look: Controller = ddb


async def blocks() -> None:
    assert_type(await coroutine("a"), int)
    async with mock_dynamodb(isolate=True) as controller:
        assert_type(controller, DynamoDBMock)


mock = mock_dynamodb(region=None)
assert_type(mock, DynamoDBMock)
assert_type(mock.start(), DynamoDBMock)
mock.stop()
mock_dynamodb(stream_shards=4, delays=True, ttl_window=timedelta(hours=1))
mock_dynamodb(delays=2.5, ttl_window=0, stored_calls=None, store_responses=True)
mock_dynamodb(s3="buckets")
mock_dynamodb(s3=Path("buckets"))
assert_type(ddb.import_errors("arn"), list[dict[str, Any]])
mock_dynamodb(regoin="eu-west-1")  # type: ignore[call-overload]  # pyright: ignore[reportCallIssue]
mock_dynamodb(region=5)  # type: ignore[call-overload]  # pyright: ignore[reportArgumentType, reportCallIssue]


# --- the controller ----------------------------------------------------------------------------


def controller(ddb: Controller) -> None:
    assert_type(ddb.region, str)
    assert_type(ddb.tables, Mapping[str, TableView])
    table = ddb.tables["orders"]
    assert_type(table.items, list[dict[str, Any]])
    assert_type(table.item_count, int)
    assert_type(table.size_bytes, int)
    assert_type(table.indexes, Mapping[str, IndexView])
    assert_type(table.indexes["by-date"].items, list[dict[str, Any]])
    assert_type(table.get(id="1"), dict[str, Any] | None)
    assert_type(table.get({"order-id": "1"}), dict[str, Any] | None)
    assert_type(table.query(id="1"), list[dict[str, Any]])
    assert_type(table.indexes["by-date"].query(date="2026"), list[dict[str, Any]])
    assert_type(table.plain_items, list[dict[str, Any]])
    table.put({"id": "1"}, total=3)
    table.delete(id="1")
    table.get("1")  # type: ignore[arg-type]
    ddb.restore(ddb.snapshot())
    with ddb.rollback():
        ddb.reset()


def clock(ddb: Controller) -> None:
    assert_type(ddb.clock.now(), datetime)
    assert_type(ddb.clock.seconds(), float)
    ddb.clock.advance(1, days=2, hours=3.5)
    ddb.clock.freeze(datetime(2026, 5, 1, tzinfo=timezone.utc))
    ddb.clock.freeze(0)
    ddb.clock.freeze()
    ddb.clock.advance(timedelta(days=1))
    ddb.clock.advance(1.5)
    ddb.clock.advance(seconds=90)
    ddb.clock.unfreeze()
    assert_type(ddb.clock.is_frozen, bool)
    assert_type(ddb.expire(), int)
    ddb.clock.advance("1h")  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]


def calls(ddb: Controller) -> None:
    assert_type(ddb.calls, CallLog)
    assert_type(len(ddb.calls), int)
    assert_type(ddb.calls[0], RecordedCall)
    assert_type(ddb.calls[-2:], list[RecordedCall])
    assert_type(ddb.calls("Query", table="orders", error=False), Calls)
    assert_type(ddb.calls("PutItem", error="ValidationException").units(), UnitTotals)
    assert_type(ddb.calls.units()["orders"].indexes["by-date"].read, float)
    ddb.calls.assert_called("PutItem", times=1, table="orders")
    ddb.calls.assert_not_called(error=True)
    ddb.calls.assert_no_scans()
    ddb.calls.assert_units(read_at_most=1.5)
    assert_type(ddb.calls.count("Scan"), int)
    assert_type("Scan" in ddb.calls, bool)
    assert_type(ddb.calls.index(ddb.calls[0]), int)
    ddb.calls.count(1)  # type: ignore[arg-type]
    with ddb.budget(read_at_most=1.5, scans=0) as within:
        assert_type(within, Calls)
    ddb.budget(scan=0)  # type: ignore[call-arg]
    assert_type(ddb.regions["eu-west-1"].calls, Calls)
    ddb.calls.clear()
    for call in ddb.calls:
        assert_type(call.operation, str)
        assert_type(call.table, str | None)
        assert_type(call.consumed_units, float)
        assert_type(call.error, RecordedError | None)


# --- streams and triggers ----------------------------------------------------------------------


def handler(event: dict[str, Any], context: object) -> dict[str, Any]:
    return {"batchItemFailures": [], "context": context, "event": event}


async def async_handler(event: dict[str, Any]) -> None: ...


def triggers(ddb: Controller) -> None:
    trigger = ddb.on_change("orders", handler, batch_size=10, on_failure=[])
    assert_type(trigger, Trigger)
    assert_type(trigger.options, TriggerOptions)
    assert_type(ddb.on_change("orders", async_handler, region="eu-west-1"), Trigger)
    assert_type(ddb.deliver(), list[Delivery])
    assert_type(ddb.deliver(rounds=3)[0].error, Exception | None)
    assert_type([delivery.records for delivery in trigger.deliveries], list[list[dict[str, Any]]])
    trigger.remove()
    ddb.on_change("orders", handler, batch_sise=3)  # type: ignore[call-arg]
    ddb.on_change("orders", handler, batch_size="3")  # type: ignore[arg-type]
    ddb.on_change("orders", handler, deliver="later")  # type: ignore[arg-type]
    ddb.on_change("orders", "handler")  # type: ignore[arg-type]
    stream = ddb.tables["orders"].stream
    assert_type(stream, StreamView)
    assert_type(stream.split(), list[str])


assert_type(DeliveryError("text"), DeliveryError)


assert_type(ddbmock.MisuseError("text"), MisuseError)
assert_type(UnsupportedError("text"), UnsupportedError)

decorator: Callable[[Callable[[int], str]], Callable[[int], str]] = mock_dynamodb()


# --- templates ---------------------------------------------------------------------------------


def templates(ddb: Controller) -> None:
    tables = tables_from("template.yaml", {"Resources": {}}, parameters={"Stage": "test"})
    assert_type(tables, Tables)
    assert_type(tables.names, list[str])
    assert_type(tables.skipped, list[str])
    tables.create(ddb, skip_existing=True)
    triggers = tables.triggers({"Projector": print}, batch_size=5)
    assert_type(triggers.unmapped, list[str])
    assert_type(triggers.create(ddb), list[Trigger])
    tables.as_fixture(scope="session")
    tables.as_fixture(scope="package")  # type: ignore[arg-type]
    tables_from("template.yaml", 5)  # type: ignore[arg-type]
