"""Credit: units that a table or index certainly has left, so that accesses need not look closer.

To look at all buckets of an access costs more than many a call. So the least that they have is
found once, and accesses within that are only listed. The list is worked off before anybody looks
at a bucket, a key or a demand. In between, buckets can only get fuller than the credit says.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ddbmock._internal.engine.settings import TableSettings
    from ddbmock._internal.engine.table import Source, Table
    from ddbmock._internal.throughput.capacity import Capacity

#: What is never given as credit, so that no rounding matters.
_RESERVED_UNITS = 1.0


class Credit:
    """The credit of a table or index."""

    __slots__ = ("capacity", "read_units", "settings", "since", "until", "write_units")

    def __init__(
        self, capacity: Capacity, settings: TableSettings, since: float, until: float
    ) -> None:
        self.capacity: Capacity = capacity
        #: The settings that it holds for.
        self.settings: TableSettings = settings
        #: The times that it holds for.
        self.since: float = since
        self.until: float = until
        self.read_units: float = capacity.least_units(since, is_write=False) - _RESERVED_UNITS
        self.write_units: float = capacity.least_units(since, is_write=True) - _RESERVED_UNITS


def credits_of(
    table: Table, capacities: Mapping[tuple[Table, str | None], Capacity], now: float
) -> dict[Source, Credit]:
    """Return the credit of a table and of its indexes, as far as their capacity is known.

    A write needs units of every global index, written or not. So without all their credits the
    table has none for writes.
    """
    found: dict[Source, Credit] = {}
    current = {
        name: capacity
        for name in (None, *(index.name for index in table.indexes.values() if index.is_global))
        if (capacity := capacities.get((table, name))) is not None and capacity.is_current(now)
    }
    if not current:
        return found
    until = min(capacity.current_until for capacity in current.values())
    of_name = {
        name: Credit(capacity, table.settings, now, until) for name, capacity in current.items()
    }
    of_table = of_name.get(None)
    for name, source in table.sources.items():
        is_global = source.index is not None and source.index.is_global
        credit = of_name.get(name) if is_global else of_table
        if credit is not None:
            found[source] = credit
        if of_table is not None and is_global and (credit is None or credit.write_units <= 0):
            of_table.write_units = 0.0
    return found
