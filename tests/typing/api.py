"""What type checkers see of the public face; read by mypy and pyright, never run."""

from __future__ import annotations

import unittest
from collections.abc import AsyncIterator, Callable, Generator, Mapping
from contextlib import contextmanager
from datetime import datetime
from typing import Any

from typing_extensions import assert_type

import ddbmock
from ddbmock import Controller, MisuseError, UnsupportedError, mock_dynamodb
from ddbmock.calls import RecordedCall
from ddbmock.controller import IndexView, TableView
from ddbmock.mock import DynamoDBMock

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
    ddb.restore(ddb.snapshot())
    with ddb.rollback():
        ddb.reset()
    assert_type(ddb.clock.now(), datetime)
    assert_type(ddb.calls[0], RecordedCall)
    assert_type(len(ddb.calls), int)


assert_type(ddbmock.MisuseError("text"), MisuseError)
assert_type(UnsupportedError("text"), UnsupportedError)

decorator: Callable[[Callable[[int], str]], Callable[[int], str]] = mock_dynamodb()
