"""The time of a call by the numbers of items, partitions, indexes, bytes, attributes, threads."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from itertools import count
from typing import TYPE_CHECKING, Any

import pytest

from benchmarks.backends import open_client
from benchmarks.workload import CALLS, TABLE, item, key, load, table_definition
from ddbmock import mock_dynamodb

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

GROWING_CALLS = ["GetItem", "PutItem", "Query, 10 items", "Query, 10 items of an index, backward"]


def measure(benchmark: Any, run: Callable[[], object], *, iterations: int, **info: Any) -> None:
    benchmark.extra_info.update(backend="ddbmock", **info)
    benchmark.pedantic(run, rounds=7, iterations=iterations, warmup_rounds=1)


@pytest.fixture(scope="module", params=[2_000, 20_000, 200_000])
def grown_table(request: pytest.FixtureRequest) -> Iterator[tuple[Any, int]]:
    with open_client("ddbmock") as client:
        client.create_table(**table_definition())
        load(client, [item(number) for number in range(request.param)])
        yield client, request.param


@pytest.mark.parametrize("name", GROWING_CALLS)
def test_items_in_the_table(benchmark: Any, grown_table: tuple[Any, int], name: str) -> None:
    client, items = grown_table
    call, iterations = CALLS[name]
    # A prime step visits the complete table, not only neighbouring items.
    numbers = count(step=7919)
    measure(
        benchmark,
        lambda: call(client, next(numbers) % items),
        iterations=iterations,
        growth="items in the table",
        size=items,
        case=name,
    )


@pytest.fixture(scope="module", params=[1_000, 10_000, 100_000])
def grown_partition(request: pytest.FixtureRequest) -> Iterator[tuple[Any, list[Any]]]:
    with open_client("ddbmock") as client:
        client.create_table(**table_definition(index_count=0))
        rows = [
            {"pk": {"S": "one"}, "sk": {"S": f"{number:08d}"}, "n": {"N": str(number)}}
            for number in range(request.param)
        ]
        load(client, rows)
        yield client, rows


@pytest.mark.parametrize(
    ("case", "left", "limit"), [("Limit 1 from the middle", 2, 1), ("the last ten", 1, 10)]
)
def test_one_partition(
    benchmark: Any, grown_partition: tuple[Any, list[Any]], case: str, left: int, limit: int
) -> None:
    client, rows = grown_partition
    start = rows[len(rows) // left - limit - 1]

    def run() -> None:
        client.query(
            TableName=TABLE,
            KeyConditionExpression="pk = :p",
            ExpressionAttributeValues={":p": {"S": "one"}},
            ExclusiveStartKey={name: start[name] for name in ("pk", "sk")},
            Limit=limit,
        )

    measure(
        benchmark,
        run,
        iterations=100,
        growth="items in one partition",
        size=len(rows),
        case=f"Query, {case}",
    )


@pytest.mark.parametrize("indexes", [0, 1, 5, 20])
def test_indexes_of_a_table(benchmark: Any, indexes: int) -> None:
    with open_client("ddbmock") as client:
        client.create_table(**table_definition(indexes))
        numbers = count()
        measure(
            benchmark,
            lambda: client.put_item(TableName=TABLE, Item=item(next(numbers))),
            iterations=100,
            growth="global indexes of the table",
            size=indexes,
            case="PutItem of a new item",
        )


@pytest.mark.parametrize("attributes", [10, 100, 300])
@pytest.mark.parametrize("operation", ["GetItem", "PutItem"])
def test_attributes_of_an_item(benchmark: Any, attributes: int, operation: str) -> None:
    wide = {**key(1), **{f"a{number:03d}": {"N": str(number)} for number in range(attributes)}}
    _measure_item(benchmark, wide, operation, growth="attributes of the item", size=attributes)


@pytest.mark.parametrize("kilobytes", [1, 50, 399])
@pytest.mark.parametrize("operation", ["GetItem", "PutItem"])
def test_bytes_of_an_item(benchmark: Any, kilobytes: int, operation: str) -> None:
    long = {**key(1), "pad": {"S": "x" * (kilobytes * 1024)}}
    _measure_item(benchmark, long, operation, growth="kilobytes of the item", size=kilobytes)


def _measure_item(benchmark: Any, item: Any, operation: str, **info: Any) -> None:
    with open_client("ddbmock") as client:
        client.create_table(**table_definition(index_count=0))
        client.put_item(TableName=TABLE, Item=item)
        run = {
            "GetItem": lambda: client.get_item(TableName=TABLE, Key=key(1)),
            "PutItem": lambda: client.put_item(TableName=TABLE, Item=item),
        }[operation]
        measure(benchmark, run, iterations=50, case=operation, **info)


@pytest.mark.parametrize("threads", [1, 2, 8])
def test_threads(benchmark: Any, threads: int) -> None:
    """Some threads share 800 puts; the time is for all of them."""
    with open_client("ddbmock") as client, ThreadPoolExecutor(threads) as pool:
        client.create_table(**table_definition())

        def put_some(first: int) -> None:
            for number in range(first, 800, threads):
                client.put_item(TableName=TABLE, Item=item(number))

        benchmark.extra_info.update(per=800)
        measure(
            benchmark,
            lambda: list(pool.map(put_some, range(threads))),
            iterations=1,
            growth="threads",
            size=threads,
            case="PutItem",
        )


@pytest.mark.parametrize("items", [0, 2_000, 50_000])
def test_rollback_of_ten_changes(benchmark: Any, items: int) -> None:
    with open_client("ddbmock") as client, mock_dynamodb() as ddb:
        client.create_table(**table_definition())
        load(client, [item(number) for number in range(items)])
        first_new = 10_000_000

        def run() -> None:
            with ddb.rollback():
                for number in range(first_new, first_new + 10):
                    client.put_item(TableName=TABLE, Item=item(number))

        measure(
            benchmark,
            run,
            iterations=10,
            growth="items in the backend",
            size=items,
            case="ten puts and their rollback",
        )
