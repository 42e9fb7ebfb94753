"""The switch: nesting, sharing, the four uses, the controller, misuse."""

from __future__ import annotations

import asyncio
import contextvars
import inspect
import threading
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager, contextmanager, suppress
from typing import TYPE_CHECKING, Any

import boto3
import pytest

import ddbmock
from ddbmock import MisuseError, mock_dynamodb
from tests.switch.helpers import KEY, create_table, refuse_connections, table_names

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Generator, Iterator

    from ddbmock import Controller


@pytest.fixture(autouse=True)
def no_network(monkeypatch: pytest.MonkeyPatch) -> None:
    refuse_connections(monkeypatch)


def tables_now() -> list[str]:
    return table_names(boto3.client("dynamodb"))


def make_table(name: str = "orders") -> None:
    create_table(boto3.client("dynamodb"), name)


def assert_not_active() -> None:
    from ddbmock._internal.hook.active import is_active  # noqa: PLC0415

    assert not is_active()


class TestNesting:
    def test_an_inner_mock_shares_the_state(self) -> None:
        with mock_dynamodb():
            make_table("outer")
            with mock_dynamodb() as inner:
                make_table("inner")
                assert sorted(inner.tables) == ["inner", "outer"]
            assert tables_now() == ["inner", "outer"]

    def test_an_isolated_one_has_its_own(self) -> None:
        with mock_dynamodb():
            make_table("outer")
            with mock_dynamodb(isolate=True):
                assert tables_now() == []
                make_table("inner")
            assert tables_now() == ["outer"]

    def test_inside_an_isolated_one_its_state_is_shared(self) -> None:
        with mock_dynamodb(), mock_dynamodb(isolate=True):
            make_table("isolated")
            with mock_dynamodb():
                assert tables_now() == ["isolated"]

    def test_each_outermost_mock_is_a_fresh_world(self) -> None:
        for _ in range(2):
            with mock_dynamodb():
                assert tables_now() == []
                make_table()

    def test_the_region_of_an_inner_one_counts_while_it_is_active(self) -> None:
        with mock_dynamodb(region="eu-west-1") as outer:
            with mock_dynamodb(region="eu-west-2") as inner:
                assert boto3.client("dynamodb").meta.region_name == "eu-west-2"
                assert (outer.region, inner.region) == ("eu-west-1", "eu-west-2")
            with mock_dynamodb() as inner:
                assert inner.region == "eu-west-1"
            assert boto3.client("dynamodb").meta.region_name == "eu-west-1"

    def test_the_outer_one_may_end_first(self) -> None:
        outer, inner = mock_dynamodb(), mock_dynamodb()
        outer.start()
        inner.start()
        make_table()
        outer.stop()
        assert tables_now() == ["orders"]
        inner.stop()
        assert_not_active()

    def test_isolated_ones_may_end_in_any_order(self) -> None:
        outer, inner = mock_dynamodb(), mock_dynamodb(isolate=True)
        outer.start()
        make_table("outer")
        inner.start()
        outer.stop()
        assert tables_now() == []
        inner.stop()
        assert_not_active()

    def test_one_object_may_be_entered_again(self) -> None:
        mock = mock_dynamodb()
        with mock:
            make_table()
            with mock as again:
                assert list(again.tables) == ["orders"]
            assert tables_now() == ["orders"]
        with mock:
            assert tables_now() == []

    def test_the_same_client_meets_many_mocks(self) -> None:
        with mock_dynamodb():
            client = boto3.client("dynamodb")
        for _ in range(2):
            with mock_dynamodb():
                create_table(client)
                assert table_names(client) == ["orders"]


class TestUses:
    def test_start_and_stop(self) -> None:
        ddb = mock_dynamodb()
        assert ddb.start() is ddb
        make_table()
        assert list(ddb.tables) == ["orders"]
        ddb.stop()
        assert_not_active()

    def test_async_with(self) -> None:
        async def body() -> None:
            async with mock_dynamodb() as ddb:
                make_table()
                assert list(ddb.tables) == ["orders"]

        asyncio.run(body())
        assert_not_active()

    @pytest.mark.parametrize(
        "decorator", [mock_dynamodb, mock_dynamodb(), mock_dynamodb(region="eu-west-1")]
    )
    def test_functions(self, decorator: Any) -> None:
        @decorator
        def function(left: int, *, right: int = 2) -> int:
            """Add."""
            make_table()
            return left + right

        assert function(1) == 3
        assert function(1, right=3) == 4
        assert function.__name__ == "function"
        assert function.__doc__ == "Add."
        assert str(inspect.signature(function)) == "(left: 'int', *, right: 'int' = 2) -> 'int'"
        assert_not_active()

    def test_methods_of_every_kind(self) -> None:
        class Methods:
            @mock_dynamodb
            def plain(self) -> tuple[object, list[str]]:
                return self, tables_now()

            @classmethod
            @mock_dynamodb
            def below_classmethod(cls) -> tuple[object, list[str]]:
                return cls, tables_now()

            @mock_dynamodb
            @classmethod
            def above_classmethod(cls) -> tuple[object, list[str]]:
                return cls, tables_now()

            @mock_dynamodb
            @staticmethod
            def above_staticmethod() -> tuple[object, list[str]]:
                return None, tables_now()

        methods = Methods()
        assert methods.plain() == (methods, [])
        assert methods.below_classmethod() == (Methods, [])
        assert methods.above_classmethod() == (Methods, [])
        assert methods.above_staticmethod() == (None, [])

    def test_coroutine_functions(self) -> None:
        @mock_dynamodb
        async def function(name: str) -> list[str]:
            make_table(name)
            await asyncio.sleep(0)
            return tables_now()

        assert inspect.iscoroutinefunction(function)
        coroutine = function("orders")
        assert_not_active()
        assert asyncio.run(coroutine) == ["orders"]
        assert_not_active()

    def test_a_coroutine_function_in_disguise(self) -> None:
        async def body() -> list[str]:
            return tables_now()

        @mock_dynamodb
        def disguised() -> Any:
            return body()

        assert asyncio.run(disguised()) == []

    def test_generator_functions(self) -> None:
        @mock_dynamodb
        def generate() -> Generator[str, int, str]:
            received = yield tables_now()[0] if tables_now() else "none"
            make_table()
            with suppress(KeyError):
                yield str(received)
            yield tables_now()[0]
            return "done"

        assert inspect.isgeneratorfunction(generate)
        generator = generate()
        assert_not_active()
        assert next(generator) == "none"
        assert generator.send(5) == "5"
        assert generator.throw(KeyError()) == "orders"
        with pytest.raises(StopIteration) as stopped:
            next(generator)
        assert stopped.value.value == "done"
        assert_not_active()

    def test_a_closed_generator_ends_its_mock(self) -> None:
        @mock_dynamodb
        def generate() -> Iterator[None]:
            yield

        generator = generate()
        next(generator)
        generator.close()  # type: ignore[attr-defined]
        assert_not_active()

    def test_async_generator_functions(self) -> None:
        @mock_dynamodb
        async def generate() -> Any:
            received = yield "first"
            make_table()
            try:
                yield received
            except KeyError:
                yield tables_now()[0]

        async def body() -> None:
            generator = generate()
            assert await generator.__anext__() == "first"
            assert await generator.asend(5) == 5
            assert await generator.athrow(KeyError()) == "orders"
            with pytest.raises(StopAsyncIteration):
                await generator.__anext__()
            assert_not_active()
            closed = generate()
            await closed.__anext__()
            await closed.aclose()
            assert_not_active()
            failed = generate()
            await failed.__anext__()
            with pytest.raises(ValueError, match="out"):
                await failed.athrow(ValueError("out"))
            assert_not_active()

        assert inspect.isasyncgenfunction(generate)
        asyncio.run(body())

    def test_context_managers_made_of_decorated_functions(self) -> None:
        @contextmanager
        @mock_dynamodb
        def table() -> Iterator[str]:
            make_table()
            yield "orders"

        @asynccontextmanager
        @mock_dynamodb
        async def async_table() -> AsyncIterator[str]:
            make_table()
            yield "orders"

        async def body() -> None:
            async with async_table() as name:
                assert tables_now() == [name]

        with table() as name:
            assert tables_now() == [name]
        asyncio.run(body())
        assert_not_active()

    def test_recursion_and_re_use_share(self) -> None:
        @mock_dynamodb
        def fall(depth: int) -> list[str]:
            make_table(f"table-{depth}")
            return fall(depth - 1) if depth else tables_now()

        assert fall(2) == ["table-0", "table-1", "table-2"]
        assert fall(0) == ["table-0"]

    def test_an_exception_in_the_body_ends_the_mock(self) -> None:
        @mock_dynamodb
        def function() -> None:
            raise KeyError

        @mock_dynamodb
        async def coroutine() -> None:
            raise KeyError

        with pytest.raises(KeyError):
            function()
        with pytest.raises(KeyError):
            asyncio.run(coroutine())
        with pytest.raises(KeyError), mock_dynamodb():
            raise KeyError
        assert_not_active()


class TestController:
    def test_inside_a_decorated_function(self) -> None:
        ddb = mock_dynamodb()

        @ddb
        def function() -> list[str]:
            make_table()
            return list(ddb.tables)

        assert function() == ["orders"]
        with pytest.raises(MisuseError, match="ended"):
            list(ddb.tables)

    @pytest.fixture
    def ddb(self) -> Iterator[Controller]:
        with mock_dynamodb() as controller:
            make_table()
            yield controller

    def test_tables(self, ddb: Controller) -> None:
        client = boto3.client("dynamodb")
        client.put_item(TableName="orders", Item={**KEY, "b": {"B": b"x"}})
        table = ddb.tables["orders"]
        assert (table.name, table.region, table.item_count) == ("orders", "us-east-1", 1)
        assert table.items == [{**KEY, "b": {"B": b"x"}}]
        assert table.size_bytes == 5
        assert repr(table) == "<table orders in us-east-1: 1 item>"
        table.items[0].clear()
        assert table.items == [{**KEY, "b": {"B": b"x"}}]
        client.delete_item(TableName="orders", Key=KEY)
        assert table.item_count == 0

    def test_indexes(self, ddb: Controller) -> None:
        client = boto3.client("dynamodb")
        client.create_table(
            TableName="indexed",
            KeySchema=[{"AttributeName": "id", "KeyType": "HASH"}],
            AttributeDefinitions=[
                {"AttributeName": "id", "AttributeType": "S"},
                {"AttributeName": "g", "AttributeType": "S"},
            ],
            GlobalSecondaryIndexes=[
                {
                    "IndexName": "by-g",
                    "KeySchema": [{"AttributeName": "g", "KeyType": "HASH"}],
                    "Projection": {"ProjectionType": "KEYS_ONLY"},
                }
            ],
            BillingMode="PAY_PER_REQUEST",
        )
        client.put_item(TableName="indexed", Item={**KEY, "g": {"S": "a"}, "x": {"S": "b"}})
        client.put_item(TableName="indexed", Item={"id": {"S": "2"}})
        index = ddb.tables["indexed"].indexes["by-g"]
        assert (index.name, index.item_count) == ("by-g", 1)
        assert index.items == [{**KEY, "g": {"S": "a"}}]
        assert index.size_bytes > 0
        assert repr(index) == "<index by-g: 1 item>"
        with pytest.raises(
            MisuseError, match=r"no index 'by-h' on table 'indexed'; its indexes: by-g"
        ):
            ddb.tables["indexed"].indexes["by-h"]

    def test_an_unknown_table(self, ddb: Controller) -> None:
        with pytest.raises(MisuseError, match=r"no table 'ordres' in us-east-1; .* exist: orders"):
            ddb.tables["ordres"]
        assert "ordres" not in ddb.tables
        assert ddb.tables.get("ordres") is None

    def test_a_table_of_another_region(self, ddb: Controller) -> None:
        create_table(boto3.client("dynamodb", region_name="eu-west-1"), "there")
        assert ddb.tables["there"].region == "eu-west-1"
        create_table(boto3.client("dynamodb", region_name="eu-west-2"), "there")
        with pytest.raises(MisuseError, match=r"eu-west-1, eu-west-2"):
            ddb.tables["there"]
        create_table(boto3.client("dynamodb"), "there")
        assert ddb.tables["there"].region == "us-east-1"

    def test_reset(self, ddb: Controller) -> None:
        ddb.reset()
        assert tables_now() == []

    def test_snapshot_and_restore(self, ddb: Controller) -> None:
        mark = ddb.snapshot()
        for _ in range(2):
            make_table("more")
            ddb.restore(mark)
            assert tables_now() == ["orders"]

    def test_rollback(self, ddb: Controller) -> None:
        with suppress(KeyError), ddb.rollback():
            make_table("more")
            raise KeyError
        assert tables_now() == ["orders"]

    def test_calls(self, ddb: Controller) -> None:
        assert [call.operation for call in ddb.calls] == ["CreateTable"]
        with mock_dynamodb() as inner:
            assert inner.calls is ddb.calls

    def test_clock(self, ddb: Controller) -> None:
        ddb.clock.freeze(0)
        created = boto3.client("dynamodb").create_table(
            TableName="old",
            KeySchema=[{"AttributeName": "id", "KeyType": "HASH"}],
            AttributeDefinitions=[{"AttributeName": "id", "AttributeType": "S"}],
            BillingMode="PAY_PER_REQUEST",
        )["TableDescription"]["CreationDateTime"]
        assert created.timestamp() == 0

    @pytest.mark.parametrize("name", ["tables", "clock", "calls", "region"])
    def test_after_its_mock(self, name: str) -> None:
        with mock_dynamodb() as ddb:
            pass
        with pytest.raises(MisuseError, match="this mock has ended"):
            getattr(ddb, name)

    @pytest.mark.parametrize("name", ["reset", "snapshot", "rollback"])
    def test_methods_after_its_mock(self, name: str) -> None:
        with mock_dynamodb() as ddb:
            pass
        with pytest.raises(MisuseError, match="this mock has ended"), getattr(ddb, name)():
            pass

    def test_before_its_mock(self) -> None:
        with pytest.raises(MisuseError, match="not active"):
            mock_dynamodb().reset()


class TestManyUsesOfOneObject:
    """Each block and each decorated call ends what it began itself, and nothing else."""

    def test_blocks_of_two_threads(self) -> None:
        mock = mock_dynamodb(isolate=True)
        first_began, second_began, first_ended = (threading.Event() for _ in range(3))

        def first() -> None:
            with mock:
                make_table("first")
                first_began.set()
                second_began.wait()
            first_ended.set()

        def second() -> list[str]:
            first_began.wait()
            with mock as ddb:
                make_table("second")
                second_began.set()
                first_ended.wait()
                assert list(ddb.tables) == ["second"]
                return tables_now()

        with ThreadPoolExecutor(2) as pool:
            done, names = pool.submit(first), pool.submit(second)
            done.result()
            assert names.result() == ["second"]
        assert_not_active()

    @pytest.mark.parametrize("form", ["block", "decorator"])
    def test_two_tasks(self, form: str) -> None:
        mock = mock_dynamodb(isolate=True)

        async def first(began: asyncio.Event, other_began: asyncio.Event) -> None:
            make_table("first")
            began.set()
            await other_began.wait()

        async def second(began: asyncio.Event, other: asyncio.Task[None]) -> list[str]:
            make_table("second")
            began.set()
            await other
            return tables_now()

        async def inside(coroutine: Any) -> Any:
            async with mock:
                return await coroutine

        async def main() -> list[str]:
            run: Any = inside if form == "block" else mock(lambda coroutine: coroutine)
            first_began, second_began = asyncio.Event(), asyncio.Event()
            task = asyncio.ensure_future(run(first(first_began, second_began)))
            await first_began.wait()
            names: list[str] = await asyncio.ensure_future(run(second(second_began, task)))
            return names

        assert asyncio.run(main()) == ["second"]
        assert_not_active()

    def test_a_block_that_ends_in_another_context(self) -> None:
        mock = mock_dynamodb()
        contextvars.Context().run(mock.__enter__)
        assert tables_now() == []
        contextvars.Context().run(mock.__exit__, None, None, None)
        assert_not_active()


class TestMisuse:
    def test_start_twice(self) -> None:
        mock = mock_dynamodb()
        mock.start()
        with pytest.raises(MisuseError) as caught:
            mock.start()
        assert str(caught.value) == (
            "start() after start(): this mock is active already, and one stop() ends it; `with"
            " mock:` and decorated functions may be inside each other, and another"
            " mock_dynamodb() is another mock"
        )
        with mock, mock:
            assert tables_now() == []
        mock.stop()
        assert_not_active()
        mock.start().reset()
        mock.stop()
        assert_not_active()

    def test_stop_without_start(self) -> None:
        mock = mock_dynamodb()
        with pytest.raises(MisuseError, match=r"stop\(\) without start\(\)"):
            mock.stop()
        with mock:
            pass
        with pytest.raises(MisuseError, match=r"stop\(\) without start\(\)"):
            mock.stop()

    def test_an_unknown_option(self) -> None:
        with pytest.raises(
            TypeError, match=r"no option regoin; its options are: .*delays, .*isolate, kinesis"
        ):
            mock_dynamodb(regoin="eu-west-1")  # type: ignore[call-overload]

    @pytest.mark.parametrize("options", [{"region": 5}, {"region": ""}, {"isolate": "yes"}])
    def test_a_wrong_option(self, options: dict[str, Any]) -> None:
        with pytest.raises(TypeError, match=f"the option {next(iter(options))} of mock_dynamodb"):
            mock_dynamodb(**options)

    def test_something_that_cannot_be_decorated(self) -> None:
        with pytest.raises(TypeError, match="decorates functions and classes, not 'eu-west-1'"):
            mock_dynamodb("eu-west-1")  # type: ignore[call-overload]

    def test_above_a_fixture(self) -> None:
        with pytest.raises(MisuseError, match="swap them"):

            @mock_dynamodb
            @pytest.fixture
            def table() -> None: ...


def test_public_names() -> None:
    assert set(ddbmock.__all__) <= set(dir(ddbmock))
    for name in ddbmock.__all__:
        assert getattr(ddbmock, name) is not None
    with pytest.raises(AttributeError, match="no attribute 'nope'"):
        ddbmock.nope  # noqa: B018
