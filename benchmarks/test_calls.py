"""Single calls on a table of 2,000 items with one index, for every backend."""

from __future__ import annotations

from itertools import count
from typing import TYPE_CHECKING, Any

import pytest

from benchmarks.backends import BACKENDS, open_client
from benchmarks.workload import CALLS, item, load, table_definition

if TYPE_CHECKING:
    from collections.abc import Iterator

ITEMS = 2_000


@pytest.fixture(params=BACKENDS, scope="module")
def client(request: pytest.FixtureRequest) -> Iterator[Any]:
    with open_client(request.param) as client:
        client.create_table(**table_definition())
        load(client, [item(number) for number in range(ITEMS)])
        client.backend = request.param
        yield client


@pytest.mark.parametrize("name", CALLS)
def test_call(benchmark: Any, client: Any, name: str) -> None:
    call, iterations = CALLS[name]
    if client.backend == "moto":
        iterations = max(1, iterations // 20)
    numbers = count()
    benchmark.extra_info.update(case=name, backend=client.backend)
    benchmark.pedantic(
        lambda: call(client, next(numbers) % ITEMS),
        rounds=7,
        iterations=iterations,
        warmup_rounds=1,
    )
