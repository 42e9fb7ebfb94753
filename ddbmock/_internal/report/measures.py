"""The measures of one test, as plain data that can be sent to another process.

Totals are of all calls of the test; keys and reads are of the calls that the log stores.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from typing import TYPE_CHECKING, TypedDict

from ddbmock._internal.calls.request_text import filter_text
from ddbmock._internal.report.advice import advice_for
from ddbmock._internal.report.keys import keys_of

if TYPE_CHECKING:
    from collections.abc import Iterable

    from ddbmock._internal.calls import CallKind, Calls, LogPosition, RecordedCall, Totals
    from ddbmock._internal.service import Service

#: How many keys and reads of one test are reported.
_MOST_KEYS = 50
_MOST_READS = 50


class Measures(TypedDict, total=False):
    """The use of DynamoDB by one test; a source is a table, or a table and an index."""

    outcome: str
    calls: int
    errors: int
    #: How many of the errors were made by faults or chaos; missing in older reports.
    faults: int
    scans: int
    read: float
    write: float
    #: Region, table, index or None, read units, write units.
    usage: list[tuple[str, str, str | None, float, float]]
    #: Operation, calls, errors, read units, write units.
    operations: list[tuple[str, int, int, float, float]]
    #: Source, partition key, calls, units.
    keys: list[tuple[str, str, int, float]]
    #: Operation, source, filter, whether it is a scan, calls, items read, items returned, read
    #: units.
    reads: list[tuple[str, str, str, bool, int, int, int, float]]
    #: Operation, source and filter of a scan, and its alternative.
    advice: list[tuple[str, str, str, str]]
    #: Region, table and name of each secondary index that exists after the test.
    indexes: list[tuple[str, str, str]]


def measure(services: Iterable[tuple[Service, LogPosition | None]]) -> Measures:
    """Return the measures of services, each since the beginning of the test."""
    sums = _Sums()
    for service, start in services:
        sums.add(service, service.calls.since(start))
    return sums.measures()


def measure_calls(service: Service, calls: Calls) -> Measures:
    """Return the measures of some calls of a service."""
    sums = _Sums()
    sums.add(service, calls)
    return sums.measures()


class _Sums:
    """Sums of the measures of one test."""

    def __init__(self) -> None:
        self.scans = 0
        self.faults = 0
        self.usage: dict[tuple[str, str, str | None], list[float]] = defaultdict(lambda: [0.0, 0.0])
        self.operations: dict[str, tuple[int, int, float, float]] = {}
        self.key_calls: Counter[tuple[str, str]] = Counter()
        self.key_units: dict[tuple[str, str], float] = defaultdict(float)
        self.reads: dict[tuple[str, str, str, bool], tuple[int, int, int, float]] = {}
        self.advice: dict[tuple[str, str, str], str] = {}
        self.indexes: list[tuple[str, str, str]] = []

    def add(self, service: Service, calls: Calls) -> None:
        for kind, totals in calls.totals().items():
            self.add_totals(kind, totals)
        for call in calls:
            self.add_keys(call, service)
            self.add_read(call, service)
        self.add_indexes(service)

    def add_totals(self, kind: CallKind, totals: Totals) -> None:
        count, units = totals.call_count, totals.units
        self.scans += count if kind.is_scan else 0
        self.faults += count if kind.is_injected else 0
        calls, errors, read, write = self.operations.get(kind.operation, (0, 0, 0.0, 0.0))
        errors += 0 if kind.error_code is None else count
        row = calls + count, errors, read + units.read, write + units.write
        self.operations[kind.operation] = row
        for table, of_table in units.items():
            for index, part in ((None, of_table.own), *of_table.indexes.items()):
                if part.total:
                    usage = self.usage[kind.region, table, index]
                    usage[0] += part.read
                    usage[1] += part.write

    def add_keys(self, call: RecordedCall, service: Service) -> None:
        keys = keys_of(call, service)
        for key in keys:
            self.key_calls[key] += 1
            # What a call of several items consumed is not known for each of them.
            self.key_units[key] += call.consumed_units / len(keys)

    def add_read(self, call: RecordedCall, service: Service) -> None:
        if call.scanned_count is None or call.item_count is None:
            return
        condition = filter_text(call.request, service.calls.display)
        if not (call.is_scan or condition):
            return
        table = call.table or "?"
        source = table if call.index is None else f"{table}/{call.index}"
        key = call.operation, source, condition, call.is_scan
        calls, scanned, returned, read = self.reads.get(key, (0, 0, 0, 0.0))
        scanned, returned = scanned + call.scanned_count, returned + call.item_count
        self.reads[key] = calls + 1, scanned, returned, read + call.read_units
        if call.is_scan and key[:3] not in self.advice:
            self.advice[key[:3]] = advice_for(call, service)

    def add_indexes(self, service: Service) -> None:
        for region in service.backend.regions():
            for table in region.all_tables():
                self.indexes += [(region.name, table.name, name) for name in table.indexes]

    def measures(self) -> Measures:
        hottest = sorted(self.key_units.items(), key=lambda row: -row[1])[:_MOST_KEYS]
        return {
            "calls": sum(row[0] for row in self.operations.values()),
            "errors": sum(row[1] for row in self.operations.values()),
            "faults": self.faults,
            "scans": self.scans,
            "read": sum(row[0] for row in self.usage.values()),
            "write": sum(row[1] for row in self.usage.values()),
            "usage": [(*source, read, write) for source, (read, write) in self.usage.items()],
            "operations": [(name, *row) for name, row in self.operations.items()],
            "keys": [(*key, self.key_calls[key], units) for key, units in hottest],
            "reads": [(*key, *row) for key, row in list(self.reads.items())[:_MOST_READS]],
            "advice": [(*key, text) for key, text in self.advice.items() if text],
            "indexes": self.indexes,
        }
