"""Large tables: how fast they are filled, what an item takes, and what is slow in them if anything.

Each size runs in a process of its own: `python -m benchmarks.large 1000000` measures one.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

from benchmarks.backends import ENVIRONMENT, open_client
from benchmarks.text import markdown
from benchmarks.workload import TABLE, item, load, table_definition
from ddbmock import mock_dynamodb

if TYPE_CHECKING:
    from collections.abc import Callable

SIZES = (10_000, 100_000, 1_000_000)


def large_table(sizes: tuple[int, ...] = SIZES) -> str:
    """Return a table: what is measured down, sizes across."""
    found: list[dict[str, float]] = []
    for size in sizes:
        done = subprocess.run(  # noqa: S603 (our own words)
            [sys.executable, "-m", "benchmarks.large", str(size)],
            check=True, capture_output=True, text=True, env=ENVIRONMENT,
        )  # fmt: skip
        found.append(json.loads(done.stdout))
    rows = [[name, *(f"{figures[name]:,.1f}" for figures in found)] for name in found[0]]
    return markdown(["by items in the table", *(f"{size:,}" for size in sizes)], rows)


def measure(size: int) -> dict[str, float]:
    """Fill a table of that size and return the figures."""
    figures: dict[str, float] = {}
    with open_client("ddbmock") as client, mock_dynamodb(stored_calls=0) as ddb:
        client.create_table(**table_definition())
        load(client, [item(number) for number in range(500)])
        resident_bytes, begin = _resident_bytes(), time.perf_counter()
        for first in range(500, size, 25):
            load(client, [item(number) for number in range(first, first + 25)])
        figures["µs an item to load"] = (time.perf_counter() - begin) / (size - 500) * 1e6
        figures["bytes an item"] = (_resident_bytes() - resident_bytes) / (size - 500)
        figures["ms for a Scan of a page"] = _milliseconds(lambda: client.scan(TableName=TABLE))
        figures["µs an item to scan it all"] = _scan(client) / size * 1e6
        figures["ms for ten items from the middle"] = _milliseconds(lambda: _middle(client))
        figures["ms for a snapshot"] = _milliseconds(ddb.snapshot)

        def rollback() -> None:
            with ddb.rollback():
                client.put_item(TableName=TABLE, Item=item(size + 1))

        figures["ms for a rollback of one put"] = _milliseconds(rollback)
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder, "saved.json")
            begin = time.perf_counter()
            ddb.save(path)
            figures["µs an item to save"] = (time.perf_counter() - begin) / size * 1e6
            ddb.reset()
            begin = time.perf_counter()
            ddb.load(path)
            figures["µs an item to load a saved one"] = (time.perf_counter() - begin) / size * 1e6
    return figures


def _resident_bytes() -> int:
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE")


def _milliseconds(run: Callable[[], object]) -> float:
    times = []
    for _ in range(5):
        begin = time.perf_counter()
        run()
        times.append(time.perf_counter() - begin)
    return min(times) * 1e3


def _scan(client: Any) -> float:
    begin = time.perf_counter()
    start: dict[str, Any] = {}
    while True:
        page = client.scan(TableName=TABLE, **start)
        if "LastEvaluatedKey" not in page:
            return time.perf_counter() - begin
        start = {"ExclusiveStartKey": page["LastEvaluatedKey"]}


def _middle(client: Any) -> None:
    client.query(
        TableName=TABLE,
        KeyConditionExpression="pk = :p AND sk > :s",
        ExpressionAttributeValues={":p": {"S": "user#50"}, ":s": {"S": "order#00005000"}},
        Limit=10,
    )


if __name__ == "__main__":
    print(json.dumps(measure(int(sys.argv[1]))))
