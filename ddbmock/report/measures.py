"""The measures of one test, as plain data that can go from one process to another.

    {"calls": 3, "errors": 0, "scans": 1, "read": 1.5, "write": 2.0,
     "usage": [[region, table, index or None, read units, write units], ...],
     "operations": [[operation, calls, errors, read units, write units], ...],
     "keys": [[place, key, calls, units], ...],
     "reads": [[operation, place, filter, calls, scanned, returned, read units, is scan], ...]}

Totals are of all calls of the test; keys and reads of those that the log keeps.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from typing import TYPE_CHECKING, Any

from ddbmock.calls.request_text import filter_text
from ddbmock.report.keys import keys_of

if TYPE_CHECKING:
    from collections.abc import Iterable

    from ddbmock.calls import RecordedCall, Totals

#: How many keys and reads of one test are told.
_KEYS_TOLD = 50
_READS_TOLD = 50


def measure(services: Iterable[tuple[Any, Any]]) -> dict[str, Any]:
    """Return the measures of services, each with the mark of its log before the test, or None."""
    usage: dict[tuple[str, str, str | None], list[float]] = defaultdict(lambda: [0.0, 0.0])
    operations: dict[str, list[float]] = defaultdict(lambda: [0, 0, 0.0, 0.0])
    key_calls: Counter[tuple[str, str]] = Counter()
    key_units: Counter[tuple[str, str]] = Counter()
    reads: dict[tuple[str, str, str, bool], list[float]] = defaultdict(lambda: [0, 0, 0, 0.0])
    scans = 0
    for service, mark in services:
        calls = service.calls.since(mark)
        for kind, total in calls.totals().items():
            scans += total.call_count if kind.is_scan else 0
            _add_operation(operations[kind.operation], total, failed=kind.error_code is not None)
            _add_usage(usage, kind.region, total)
        for call in calls:
            _add_keys(key_calls, key_units, call, service)
            _add_read(reads, call)
    return {
        "calls": sum(row[0] for row in operations.values()),
        "errors": sum(row[1] for row in operations.values()),
        "scans": scans,
        "read": sum(row[0] for row in usage.values()),
        "write": sum(row[1] for row in usage.values()),
        "usage": [[*place, *units] for place, units in usage.items()],
        "operations": [[name, *row] for name, row in operations.items()],
        "keys": [[*key, key_calls[key], units] for key, units in key_units.most_common(_KEYS_TOLD)],
        "reads": [
            [operation, place, told, *row, is_scan]
            for (operation, place, told, is_scan), row in list(reads.items())[:_READS_TOLD]
        ],
    }


def _add_operation(row: list[float], total: Totals, *, failed: bool) -> None:
    row[0] += total.call_count
    row[1] += total.call_count if failed else 0
    row[2] += total.units.read
    row[3] += total.units.write


def _add_usage(
    usage: dict[tuple[str, str, str | None], list[float]], region: str, total: Totals
) -> None:
    for table, units in total.units.items():
        for index, part in ((None, units.own), *units.indexes.items()):
            if part.total:
                row = usage[region, table, index]
                row[0] += part.read
                row[1] += part.write


def _add_keys(
    calls: Counter[tuple[str, str]],
    units: Counter[tuple[str, str]],
    call: RecordedCall,
    service: Any,
) -> None:
    keys = keys_of(call, service.backend)
    for key in keys:
        calls[key] += 1
        # A call of several items does not tell what each consumed.
        units[key] += call.consumed_units / len(keys)  # type: ignore[assignment]


def _add_read(reads: dict[tuple[str, str, str, bool], list[float]], call: RecordedCall) -> None:
    condition = filter_text(call.request)
    if call.scanned_count is None or not (call.is_scan or condition):
        return
    place = call.table or "?"
    if call.index is not None:
        place += f"/{call.index}"
    row = reads[call.operation, place, condition, call.is_scan]
    row[0] += 1
    row[1] += call.scanned_count
    row[2] += call.item_count or 0
    row[3] += call.read_units
