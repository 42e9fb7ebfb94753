"""Complete tests: load data, set up, enter and leave."""

from __future__ import annotations

from typing import Any

import pytest

from benchmarks.backends import BACKENDS, open_client
from benchmarks.workload import TABLE, item, key, load, table_definition
from ddbmock import mock_dynamodb

ITEMS = 2_000


@pytest.mark.parametrize("backend", BACKENDS)
def test_batch_load(benchmark: Any, backend: str) -> None:
    items = [item(number) for number in range(ITEMS)]
    benchmark.extra_info.update(case="BatchWriteItem, 25 puts", backend=backend, per=ITEMS / 25)
    with open_client(backend) as client:
        client.create_table(**table_definition())
        benchmark.pedantic(load, (client, items), rounds=3)


@pytest.mark.parametrize("backend", BACKENDS)
def test_typical_test(benchmark: Any, backend: str) -> None:
    """A client, a table, a put, a get, and the mock around them."""

    def run() -> None:
        with open_client(backend) as client:
            client.create_table(**table_definition())
            client.put_item(TableName=TABLE, Item=item(1))
            client.get_item(TableName=TABLE, Key=key(1))

    benchmark.extra_info.update(case="A typical test, whole", backend=backend)
    benchmark.pedantic(run, rounds=15, warmup_rounds=2)


def test_enter_and_exit(benchmark: Any) -> None:
    def run() -> None:
        with mock_dynamodb():
            pass

    benchmark.extra_info.update(case="Enter and leave a mock", backend="ddbmock")
    benchmark.pedantic(run, rounds=20, iterations=100, warmup_rounds=1)
