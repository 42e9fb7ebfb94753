"""A sampling profile of calls: where their microseconds go.

A profiler that counts function calls makes small functions look dear. Here a timer interrupts the
program every now and then, and what it was doing is noted: the module of ddbmock that it was in, or
called something from; or none of them, then it was boto3. Python takes the interruption when it
comes to its next call or loop, so what takes long without either counts for what comes after it:
the building of items for the loop over them, the freeing of a response for boto3.
"""

from __future__ import annotations

import signal
import time
from collections import Counter
from contextlib import contextmanager
from itertools import count
from pathlib import Path
from typing import TYPE_CHECKING, Any

import ddbmock
from benchmarks.backends import open_client
from benchmarks.workload import CALLS, Client, item, load, table_definition
from ddbmock._internal.engine.packing import FILE_NAME

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from types import FrameType

_INTERVAL_SECONDS = 0.001
_SECONDS_A_CASE = 4.0
_ITEMS = 2000
_PACKAGE = str(Path(ddbmock.__file__).parent / "_internal") + "/"
_BOTO3 = "boto3 and botocore"
_REST = "the operation's own steps"
#: The prefix of a module's path -> its step; the first match counts.
_STEPS = {
    "hook/serialization.py": "the request is checked, and written as JSON",
    "hook/plain_parameters.py": "the request is checked, and written as JSON",
    "hook/": "the hook, and the response's metadata",
    "wire.py": "the request's JSON is read",
    "validation/": "constraints of the API's model",
    "access/request_expressions.py": "expressions: found again, checked, run",
    "expressions/": "expressions: found again, checked, run",
    "engine/values.py": "values: checked, made canonical, sized",
    "engine/numbers.py": "values: checked, made canonical, sized",
    "access/lookup.py": "tables, keys and ranges of keys are found",
    "access/item_keys.py": "tables, keys and ranges of keys are found",
    "access/key_ranges.py": "tables, keys and ranges of keys are found",
    "engine/keys.py": "tables, keys and ranges of keys are found",
    "engine/packing.py": "items are found in order, packed, built",
    "engine/items.py": "items are found in order, packed, built",
    "engine/order.py": "items are found in order, packed, built",
    "access/pages.py": "items are found in order, packed, built",
    "engine/capacity.py": "capacity units, and the recorded call",
    "engine/": "tables and indexes are written",
    "calls/": "capacity units, and the recorded call",
}


#: A short name for each call, as the head of a column.
_COLUMNS = {
    "GetItem": "get",
    "PutItem": "put",
    "UpdateItem, condition and three actions": "update",
    "Query, 10 items": "query",
    "Query, 10 items of an index, backward": "query index",
    "TransactWriteItems, two puts": "transact",
    "Scan with a filter, 2,000 items read": "scan",
}


def profile_table() -> tuple[list[str], list[list[str]]]:
    """Return the head and the rows of a table of microseconds per call: steps by calls."""
    profiles = {_COLUMNS[name]: profile(call) for name, (call, _) in CALLS.items()}
    steps = [_BOTO3, *dict.fromkeys([*_STEPS.values(), _REST])]
    rows = [[step, *(f"{found[step]:,.1f}" for found in profiles.values())] for step in steps]
    rows.append(["together", *(f"{sum(found.values()):,.1f}" for found in profiles.values())])
    return ["µs a call", *profiles], rows


def profile(call: Callable[[Client, int], None]) -> Counter[str]:
    """Return the microseconds of a call by step."""
    samples: Counter[str] = Counter()
    with open_client("ddbmock") as client:
        client.create_table(**table_definition())
        load(client, [item(number) for number in range(_ITEMS)])
        for number in range(200):
            call(client, number)
        with _sampling(samples):
            calls, seconds = _repeat(call, client)
    a_sample = seconds / calls / sum(samples.values()) * 1e6
    return Counter({step: times * a_sample for step, times in samples.items()})


def _repeat(call: Callable[[Client, int], None], client: Client) -> tuple[int, float]:
    """Make calls for some seconds; return their number and their time."""
    begin = time.perf_counter()
    for number in count():
        call(client, number % _ITEMS)
        seconds = time.perf_counter() - begin
        if seconds > _SECONDS_A_CASE:
            return number + 1, seconds
    raise AssertionError


@contextmanager
def _sampling(samples: Counter[str]) -> Iterator[None]:
    def look(_: int, frame: FrameType | None) -> None:
        samples[_step(frame)] += 1

    before: Any = signal.signal(signal.SIGPROF, look)
    signal.setitimer(signal.ITIMER_PROF, _INTERVAL_SECONDS, _INTERVAL_SECONDS)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)
        signal.signal(signal.SIGPROF, before)


def _step(frame: FrameType | None) -> str:
    """Return the current step: that of the innermost function of ddbmock."""
    while frame is not None:
        path = frame.f_code.co_filename
        if path == FILE_NAME:
            return _STEPS["engine/packing.py"]
        if path.startswith(_PACKAGE):
            module = path.removeprefix(_PACKAGE)
            return next((step for start, step in _STEPS.items() if module.startswith(start)), _REST)
        frame = frame.f_back
    return _BOTO3
