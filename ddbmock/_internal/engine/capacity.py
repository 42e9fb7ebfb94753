"""Capacity units from sizes: arithmetic only.

https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/read-write-operations.html
"""

from __future__ import annotations

from ddbmock._internal import limits


def read_units(size_bytes: int, *, consistent: bool = False, transactional: bool = False) -> float:
    """Return the read units for a number of bytes; zero bytes cost as much as one.

    >>> read_units(4097, consistent=True), read_units(0), read_units(10, transactional=True)
    (2.0, 0.5, 2.0)
    """
    steps = -(-size_bytes // limits.READ_UNIT_BYTES) or 1
    if transactional:
        return steps * 2.0
    return float(steps) if consistent else steps / 2


def write_units(size_bytes: int, *, transactional: bool = False) -> float:
    """Return the write units for an item of this size (the larger of before and after).

    >>> write_units(1024), write_units(1025, transactional=True)
    (1.0, 4.0)
    """
    steps = -(-size_bytes // limits.WRITE_UNIT_BYTES) or 1
    return steps * 2.0 if transactional else float(steps)


#: Shared by calls that charge no index, which is most of them; never written to.
_NO_INDEXES: dict[str, list[float]] = {}
_NO_VECTOR_INDEXES: dict[str, float] = {}


class Consumed:
    """The units that one call consumed of one table: of the table itself and of each index."""

    __slots__ = (
        *("global_indexes", "local_indexes", "vector_indexes"),
        *("read_units", "table_name", "write_units"),
    )

    def __init__(self, table_name: str) -> None:
        self.table_name = table_name
        self.read_units: float = 0.0
        self.write_units: float = 0.0
        #: Index name -> [read units, write units], of indexes that were charged.
        self.local_indexes: dict[str, list[float]] = _NO_INDEXES
        self.global_indexes: dict[str, list[float]] = _NO_INDEXES
        #: Vector index name -> the bytes that were written to it.
        self.vector_indexes: dict[str, float] = _NO_VECTOR_INDEXES

    @property
    def total_read_units(self) -> float:
        """Return the read units of the table and its indexes together."""
        return self.read_units + _sum(self.local_indexes, 0) + _sum(self.global_indexes, 0)

    @property
    def total_write_units(self) -> float:
        """Return the write units of the table and its indexes together."""
        return self.write_units + _sum(self.local_indexes, 1) + _sum(self.global_indexes, 1)

    @property
    def total_units(self) -> float:
        """Return the read and write units of the table and its indexes together."""
        return self.total_read_units + self.total_write_units

    def __repr__(self) -> str:
        read, write = self.total_read_units, self.total_write_units
        return f"<{self.table_name}: {read:g} read and {write:g} write units>"

    def add_index_units(
        self, name: str, *, is_global: bool, read_units: float = 0.0, write_units: float = 0.0
    ) -> None:
        """Charge units to one index."""
        indexes = self.global_indexes if is_global else self.local_indexes
        units = indexes.get(name)
        if units is not None:
            units[0] += read_units
            units[1] += write_units
        elif indexes is not _NO_INDEXES:
            indexes[name] = [read_units, write_units]
        elif is_global:
            self.global_indexes = {name: [read_units, write_units]}
        else:
            self.local_indexes = {name: [read_units, write_units]}

    def add_vector_bytes(self, name: str, written_bytes: int) -> None:
        """Charge bytes to a vector index."""
        charged = self.vector_indexes
        self.vector_indexes = {**charged, name: charged.get(name, 0.0) + written_bytes}


def _sum(indexes: dict[str, list[float]], column: int) -> float:
    return sum(units[column] for units in indexes.values())
