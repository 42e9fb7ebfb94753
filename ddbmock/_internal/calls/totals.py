"""Totals of calls: their number, the items that they read, the units that they consumed."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NamedTuple, TypeVar

from ddbmock._internal.calls.units import TableUnits, Units, UnitTotals

if TYPE_CHECKING:
    from collections.abc import Iterable

    from ddbmock._internal.engine.capacity import Consumed


class ResponseCounts(NamedTuple):
    """The numbers of items of a response."""

    #: How many items the response held, or counted.
    item_count: int
    #: How many items were read before the filter.
    scanned_count: int
    #: Whether the response was a page with more to follow.
    has_more: bool


@dataclass(slots=True)
class Totals:
    """The number of calls, and what they read and consumed together."""

    #: How many calls there were.
    call_count: int = 0
    #: How many items their responses held, or counted.
    item_count: int = 0
    #: How many items they read, before filters.
    scanned_count: int = 0
    #: What they consumed of tables: name -> [read, write] units.
    of_tables: dict[str, list[float]] = field(default_factory=dict)
    #: What they consumed of indexes: names of table and index -> [read, write] units.
    of_indexes: dict[tuple[str, str], list[float]] = field(default_factory=dict)

    @property
    def units(self) -> UnitTotals:
        """What they consumed, by table and index."""
        units = UnitTotals()
        for name, (read, write) in self.of_tables.items():
            units[name] = TableUnits(Units(read, write))
        for (name, index), (read, write) in self.of_indexes.items():
            if read or write:
                units[name].indexes[index] = Units(read, write)
        return units

    def add_call(self, counts: ResponseCounts | None, consumed: Iterable[Consumed]) -> None:
        """Add one call."""
        self.call_count += 1
        if counts is not None:
            self.item_count += counts[0]
            self.scanned_count += counts[1]
        for of_table in consumed:
            name = of_table.table_name
            _add(self.of_tables, name, of_table.read_units, of_table.write_units)
            for indexes in (of_table.local_indexes, of_table.global_indexes):
                if indexes:
                    for index, (read, write) in indexes.items():
                        _add(self.of_indexes, (name, index), read, write)

    def plus(self, other: Totals, sign: int = 1) -> Totals:
        """Return the sum of these and other totals; with the sign -1, the difference."""
        total = Totals(
            self.call_count + sign * other.call_count,
            self.item_count + sign * other.item_count,
            self.scanned_count + sign * other.scanned_count,
            {name: [*units] for name, units in self.of_tables.items()},
            {names: [*units] for names, units in self.of_indexes.items()},
        )
        for name, (read, write) in other.of_tables.items():
            _add(total.of_tables, name, sign * read, sign * write)
        for names, (read, write) in other.of_indexes.items():
            _add(total.of_indexes, names, sign * read, sign * write)
        return total


_Name = TypeVar("_Name", str, tuple[str, str])


def _add(units: dict[_Name, list[float]], name: _Name, read: float, write: float) -> None:
    row = units.setdefault(name, [0.0, 0.0])
    row[0] += read
    row[1] += write
