"""The measures of all tests put together, ready to be shown."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from ddbmock.report.charts import Row

Measures = Mapping[str, Mapping[str, Any]]


@dataclass(frozen=True, slots=True)
class Key:
    """A partition key, and what calls about it consumed."""

    place: str
    key: str
    calls: int
    units: float


@dataclass(frozen=True, slots=True)
class Read:
    """Queries or scans that read one place with one filter."""

    operation: str
    place: str
    condition: str
    calls: int
    scanned: int
    returned: int
    read: float
    is_scan: bool

    @property
    def thrown(self) -> int:
        """How many items were read and then dropped."""
        return self.scanned - self.returned


def places(measures: Measures) -> list[Row]:
    """Return the units of each table and index, the most first."""
    units: dict[str, list[float]] = defaultdict(lambda: [0.0, 0.0])
    usage = [row for of in measures.values() for row in of["usage"]]
    several_regions = len({region for region, *_ in usage}) > 1
    for region, table, index, read, write in usage:
        name = table if index is None else f"{table}/{index}"
        row = units[f"{name} ({region})" if several_regions else name]
        row[0] += read
        row[1] += write
    rows = [Row(name, read, write) for name, (read, write) in units.items()]
    return sorted(rows, key=lambda row: (-row.total, row.label))


def tests(measures: Measures) -> list[Row]:
    """Return the units of each test that called, the most first."""
    rows = [Row(name, of["read"], of["write"]) for name, of in measures.items() if of["calls"]]
    return sorted(rows, key=lambda row: (-row.total, row.label))


def operations(measures: Measures) -> list[tuple[str, int, int, float, float]]:
    """Return calls, errors, read and write units of each operation, the most calls first."""
    sums = _summed((row[0], row[1:]) for of in measures.values() for row in of["operations"])
    rows = [(name, int(c), int(e), read, write) for name, (c, e, read, write) in sums.items()]
    return sorted(rows, key=lambda row: (-row[1], row[0]))


def keys(measures: Measures) -> list[Key]:
    """Return partition keys, those with the most units first."""
    rows = [row for of in measures.values() for row in of["keys"]]
    sums = _summed(((place, key), numbers) for place, key, *numbers in rows)
    found = [Key(place, key, int(calls), units) for (place, key), (calls, units) in sums.items()]
    return sorted(found, key=lambda key: (-key.units, key.place, key.key))


def reads(measures: Measures) -> list[Read]:
    """Return what was read by scans and through filters, the most items thrown away first."""
    rows = [row for of in measures.values() for row in of["reads"]]
    sums = _summed(((*row[:3], row[-1]), row[3:-1]) for row in rows)
    found = [
        Read(operation, place, told, int(calls), int(scanned), int(returned), read, is_scan)
        for (operation, place, told, is_scan), (calls, scanned, returned, read) in sums.items()
    ]
    return sorted(found, key=lambda read: (-read.thrown, -read.scanned, read.place))


def _summed(rows: Iterable[tuple[Any, Iterable[float]]]) -> dict[Any, list[float]]:
    sums: dict[Any, list[float]] = {}
    for key, numbers in rows:
        added = list(numbers)
        before = sums.get(key, [0] * len(added))
        sums[key] = [old + new for old, new in zip(before, added, strict=True)]
    return sums
