"""Totals of capacity units, by table and index."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Units:
    """Read and write capacity units.

    >>> Units(1.5, 2.0).total
    3.5
    """

    read: float = 0.0
    write: float = 0.0

    @property
    def total(self) -> float:
        """Read and write units together."""
        return self.read + self.write


@dataclass(slots=True)
class TableUnits:
    """The units of a table, and of each of its indexes."""

    #: The units of the table itself.
    own: Units = field(default_factory=Units)
    #: Index name -> its units; only indexes that consumed any.
    indexes: dict[str, Units] = field(default_factory=dict)

    @property
    def read(self) -> float:
        """Read units of the table and its indexes together."""
        return self.own.read + sum(units.read for units in self.indexes.values())

    @property
    def write(self) -> float:
        """Write units of the table and its indexes together."""
        return self.own.write + sum(units.write for units in self.indexes.values())

    @property
    def total(self) -> float:
        """All units of the table and its indexes together."""
        return self.read + self.write


class UnitTotals(dict[str, TableUnits]):
    """Table name -> its units; a missing table consumed none.

    >>> totals = UnitTotals()
    >>> totals["orders"].total, totals.total
    (0.0, 0.0)
    """

    def __missing__(self, table_name: str) -> TableUnits:
        return TableUnits()

    @property
    def read(self) -> float:
        """Read units of all tables together."""
        return sum((units.read for units in self.values()), 0.0)

    @property
    def write(self) -> float:
        """Write units of all tables together."""
        return sum((units.write for units in self.values()), 0.0)

    @property
    def total(self) -> float:
        """All units together."""
        return self.read + self.write


def number_text(amount: float) -> str:
    """Return an amount with at most two decimal places.

    >>> number_text(2.0), number_text(0.5), number_text(1234567.5)
    ('2', '0.5', '1,234,567.5')
    """
    return f"{amount:,.2f}".rstrip("0").rstrip(".")


def units_text(read: float, write: float) -> str:
    """Return units in short form.

    >>> units_text(0.5, 0.0), units_text(2.0, 1.0), units_text(0.0, 0.0)
    ('0.5 RCU', '2 RCU + 1 WCU', '')
    """
    parts = [(read, "RCU"), (write, "WCU")]
    return " + ".join(f"{number_text(amount)} {unit}" for amount, unit in parts if amount)
