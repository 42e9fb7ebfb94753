"""Large tables: the time to fill them, the memory of an item, and slow operations.

Each size runs in a process of its own: `python -m benchmarks.large 1000000` measures one. Times are
those of the process.
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
from benchmarks.workload import TABLE, item, key, load, table_definition
from ddbmock import mock_dynamodb

if TYPE_CHECKING:
    from collections.abc import Callable

SIZES = (10_000, 100_000, 1_000_000)
_FIRST = 500
_TIMES = 20
_PAGE_ITEMS = 10


def large_table(sizes: tuple[int, ...] = SIZES) -> str:
    """Return a table with a row for each measurement and a column for each size."""
    found: list[dict[str, float]] = []
    for size in sizes:
        done = subprocess.run(  # noqa: S603 (our own words)
            [sys.executable, "-m", "benchmarks.large", str(size)],
            check=True, capture_output=True, text=True, env=ENVIRONMENT,
        )  # fmt: skip
        found.append(json.loads(done.stdout))
    rows = [[name, *(_figure(figures[name]) for figures in found)] for name in found[0]]
    return markdown(["by items in the table", *(f"{size:,}" for size in sizes)], rows)


def _figure(value: float) -> str:
    """Return a number with three digits.

    >>> _figure(1243.4), _figure(0.17712)
    ('1,243', '0.177')
    """
    return f"{value:,.0f}" if value >= 100 else f"{value:.3g}"  # noqa: PLR2004 (three digits)


def measure(size: int) -> dict[str, float]:
    """Fill a table of a size and return the figures."""
    figures: dict[str, float] = {}
    with open_client("ddbmock") as client, mock_dynamodb(stored_calls=0) as ddb:
        client.create_table(**table_definition())
        load(client, [item(number) for number in range(_FIRST)])
        resident_bytes, begin = _resident_bytes(), _clock()
        for first in range(_FIRST, size, 25):
            load(client, [item(number) for number in range(first, first + 25)])
        figures["µs an item to load, 25 a call"] = (_clock() - begin) / (size - _FIRST) * 1e6
        figures["bytes of memory an item"] = (_resident_bytes() - resident_bytes) / (size - _FIRST)
        figures |= _calls(client, size)
        figures["µs an item to scan it all"] = _scan(client) / size * 1e6
        figures |= _history(client, ddb, size)
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder, "saved.json")
            figures["µs an item to save"] = _once(lambda: ddb.save(path)) / size * 1e6
            ddb.reset()
            seconds = _once(lambda: ddb.load(path))
            figures["µs an item to load a saved one"] = seconds / size * 1e6
            if ddb.tables[TABLE].item_count != size:
                raise RuntimeError("not everything was saved")
    return figures


def _calls(client: Any, size: int) -> dict[str, float]:
    """Return the milliseconds of calls whose cost should not depend on the size."""
    middle = key(size // 2 // 100 * 100 + 50)

    def query(**settings: Any) -> None:
        client.query(TableName=TABLE, Limit=_PAGE_ITEMS, **settings)

    of_table = {
        "KeyConditionExpression": "pk = :p",
        "ExpressionAttributeValues": {":p": middle["pk"]},
    }
    of_index = {
        "IndexName": "gsi0",
        "KeyConditionExpression": "g = :p",
        "ExpressionAttributeValues": {":p": {"S": "st#25"}},
    }
    calls: dict[str, Callable[[], object]] = {
        "GetItem": lambda: client.get_item(TableName=TABLE, Key=middle),
        "PutItem of an item that is there": lambda: client.put_item(
            TableName=TABLE, Item=item(size // 2)
        ),
        "Query, ten items": lambda: query(**of_table),
        "Query, ten items of an index, backward": lambda: query(**of_index, ScanIndexForward=False),
        "Query, a page from the middle": lambda: query(**of_table, ExclusiveStartKey=middle),
        "Scan, ten items from the middle": lambda: client.scan(
            TableName=TABLE, Limit=_PAGE_ITEMS, ExclusiveStartKey=middle
        ),
        "Scan, a page of 1 MB": lambda: client.scan(TableName=TABLE),
    }
    return {f"ms for {name}": _milliseconds(call) for name, call in calls.items()}


def _history(client: Any, ddb: Any, size: int) -> dict[str, float]:
    """Return the milliseconds of snapshots, rollbacks and point-in-time recovery."""

    def rollback() -> None:
        with ddb.rollback():
            client.put_item(TableName=TABLE, Item=item(size + 1))

    figures = {
        "ms for a snapshot": _milliseconds(ddb.snapshot),
        "ms for a rollback of one put": _milliseconds(rollback),
    }
    client.update_continuous_backups(
        TableName=TABLE, PointInTimeRecoverySpecification={"PointInTimeRecoveryEnabled": True}
    )
    numbers = range(size + 10, size + 10 + _TIMES)
    new = iter(numbers)
    figures["ms for PutItem of a new item, with point-in-time recovery"] = _milliseconds(
        lambda: client.put_item(TableName=TABLE, Item=item(next(new)))
    )
    moment = ddb.clock.now()
    ddb.clock.advance(minutes=1)
    for number in numbers:
        client.delete_item(TableName=TABLE, Key=key(number))
    ddb.clock.advance(minutes=10)

    def restore() -> None:
        client.restore_table_to_point_in_time(
            SourceTableName=TABLE, TargetTableName="restored", RestoreDateTime=moment
        )
        ddb.settle()

    with ddb.rollback():
        figures["µs an item to restore the table of some minutes ago"] = _once(restore) / size * 1e6
        if ddb.tables["restored"].item_count != size + _TIMES:
            raise RuntimeError("the restored table is another one")
    return figures


def _resident_bytes() -> int:
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE")


def _clock() -> float:
    """Return the CPU seconds of this process, so that other processes do not count."""
    return time.process_time()


def _once(run: Callable[[], object]) -> float:
    begin = _clock()
    run()
    return _clock() - begin


def _milliseconds(run: Callable[[], object]) -> float:
    return min(_once(run) for _ in range(_TIMES)) * 1e3


def _scan(client: Any) -> float:
    """Return the seconds for all pages of a Scan."""
    begin = _clock()
    start: dict[str, Any] = {}
    while True:
        page = client.scan(TableName=TABLE, **start)
        if "LastEvaluatedKey" not in page:
            return _clock() - begin
        start = {"ExclusiveStartKey": page["LastEvaluatedKey"]}


if __name__ == "__main__":
    print(json.dumps(measure(int(sys.argv[1]))))
