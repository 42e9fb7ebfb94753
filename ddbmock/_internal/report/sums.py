"""The aggregated measures of all tests, ready to be shown."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TypeAlias

from ddbmock._internal.report.charts import Row
from ddbmock._internal.report.measures import Measures

#: The id of each test -> its measures.
MeasuresByTest: TypeAlias = Mapping[str, Measures]


@dataclass(slots=True)
class OperationSum:
    """The calls of one operation."""

    operation: str
    calls: int = 0
    errors: int = 0
    read: float = 0.0
    write: float = 0.0


@dataclass(slots=True)
class KeySum:
    """A partition key, with the units of its calls."""

    source: str
    key: str
    calls: int = 0
    units: float = 0.0


@dataclass(slots=True)
class ReadSum:
    """Reads of one table or index with one filter."""

    operation: str
    source: str
    condition: str
    is_scan: bool
    calls: int = 0
    scanned: int = 0
    returned: int = 0
    read: float = 0.0
    #: The ids of the tests with such reads.
    tests: list[str] = field(default_factory=list)
    #: The alternative; empty if there is none.
    advice: str = ""

    @property
    def discarded(self) -> int:
        """The number of items that were read and not returned."""
        return self.scanned - self.returned


def with_calls(measures: MeasuresByTest) -> MeasuresByTest:
    """Return the tests that called DynamoDB."""
    return {test: of_test for test, of_test in measures.items() if of_test["calls"]}


def totals(measures: MeasuresByTest) -> Measures:
    """Return the numbers of all tests together."""
    tests = measures.values()
    return {
        "calls": sum(of_test["calls"] for of_test in tests),
        "errors": sum(of_test["errors"] for of_test in tests),
        "faults": sum(of_test.get("faults", 0) for of_test in tests),
        "scans": sum(of_test["scans"] for of_test in tests),
        "read": sum(of_test["read"] for of_test in tests),
        "write": sum(of_test["write"] for of_test in tests),
    }


def sources(measures: MeasuresByTest) -> list[Row]:
    """Return the units of each table and index, the most first."""
    units: dict[str, list[float]] = defaultdict(lambda: [0.0, 0.0])
    usage = [row for of_test in measures.values() for row in of_test.get("usage", ())]
    has_several_regions = len({region for region, *_ in usage}) > 1
    for region, table, index, read, write in usage:
        name = table if index is None else f"{table}/{index}"
        row = units[f"{name} ({region})" if has_several_regions else name]
        row[0] += read
        row[1] += write
    rows = [Row(name, read, write) for name, (read, write) in units.items()]
    return sorted(rows, key=lambda row: (-row.total, row.label))


def tests(measures: MeasuresByTest) -> list[Row]:
    """Return the units of each test with calls, the most first."""
    rows = [
        Row(test, of_test["read"], of_test["write"])
        for test, of_test in with_calls(measures).items()
    ]
    return sorted(rows, key=lambda row: (-row.total, row.label))


def operations(measures: MeasuresByTest) -> list[OperationSum]:
    """Return the sums of each operation, the most calls first."""
    sums: dict[str, OperationSum] = {}
    for of_test in measures.values():
        for operation, calls, errors, read, write in of_test["operations"]:
            row = sums.setdefault(operation, OperationSum(operation))
            row.calls += calls
            row.errors += errors
            row.read += read
            row.write += write
    return sorted(sums.values(), key=lambda row: (-row.calls, row.operation))


def unused_indexes(measures: MeasuresByTest) -> dict[str, float]:
    """Return the indexes that no test has read, with the write units that they consumed."""
    there = {tuple(row) for of_test in measures.values() for row in of_test.get("indexes", ())}
    written = dict.fromkeys(sorted(there), 0.0)
    for of_test in measures.values():
        for region, table, index, read, write in of_test.get("usage", ()):
            if index is None or (region, table, index) not in written:
                continue
            if read:
                there.discard((region, table, index))
            written[region, table, index] += write
    has_several_regions = len({region for region, *_ in written}) > 1
    return {
        f"{table}/{index} ({region})" if has_several_regions else f"{table}/{index}": write
        for (region, table, index), write in written.items()
        if (region, table, index) in there
    }


def hot_keys(measures: MeasuresByTest) -> list[KeySum]:
    """Return the partition keys of several calls, those with the most units first."""
    sums: dict[tuple[str, str], KeySum] = {}
    for of_test in measures.values():
        for source, key, calls, units in of_test.get("keys", ()):
            row = sums.setdefault((source, key), KeySum(source, key))
            row.calls += calls
            row.units += units
    rows = [row for row in sums.values() if row.calls > 1]
    return sorted(rows, key=lambda row: (-row.units, row.source, row.key))


def reads(measures: MeasuresByTest) -> list[ReadSum]:
    """Return scans and reads through filters, those that discarded the most items first."""
    sums: dict[tuple[str, str, str, bool], ReadSum] = {}
    for test, of_test in measures.items():
        for of_reads in of_test.get("reads", ()):
            operation, source, condition, is_scan, calls, scanned, returned, read = of_reads
            key = operation, source, condition, is_scan
            row = sums.setdefault(key, ReadSum(*key))
            row.calls += calls
            row.scanned += scanned
            row.returned += returned
            row.read += read
            row.tests.append(test)
        for operation, source, condition, advice in of_test.get("advice", ()):
            found = sums.get((operation, source, condition, True))
            if found is not None:
                found.advice = advice
    return sorted(sums.values(), key=lambda row: (-row.discarded, -row.scanned, row.source))
