"""Budgets: bounds on the capacity and the number of calls."""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import TYPE_CHECKING

from ddbmock._internal.calls.units import number_text
from ddbmock._internal.errors import MisuseError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ddbmock._internal.calls.units import UnitTotals


@dataclass(frozen=True, slots=True, kw_only=True)
class Budget:
    """The maximum consumption of calls; None is no bound, and there is at least one bound."""

    #: Capacity units, read and write units together.
    at_most: float | None = None
    #: Read capacity units.
    read_at_most: float | None = None
    #: Write capacity units.
    write_at_most: float | None = None
    #: Scans, whether by Scan or by a PartiQL statement without a partition key.
    scans: int | None = None
    #: Calls of any operation.
    calls_at_most: int | None = None

    def __post_init__(self) -> None:
        bounds = {field.name: getattr(self, field.name) for field in fields(self)}
        for name, bound in bounds.items():
            if bound is None:
                continue
            if isinstance(bound, bool) or not isinstance(bound, int | float) or not bound >= 0:
                raise MisuseError(f"{name} takes a number that is not negative, not {bound!r}")
        if all(bound is None for bound in bounds.values()):
            raise MisuseError(
                "without a bound there is nothing to assert: give at least one of at_most,"
                " read_at_most and write_at_most (budget() also has scans and calls_at_most)"
            )

    def problems(self, call_count: int, scan_count: int, units: UnitTotals) -> Iterator[str]:
        """Yield a text for each bound that is exceeded."""
        for consumed, bound, what in (
            (units.total, self.at_most, "capacity units"),
            (units.read, self.read_at_most, "read units"),
            (units.write, self.write_at_most, "write units"),
        ):
            if bound is not None and consumed > bound:
                most, actual = number_text(bound), number_text(consumed)
                yield f"expected at most {most} {what}, {actual} were consumed"
        for count, bound, what in (
            (scan_count, self.scans, "scans"),
            (call_count, self.calls_at_most, "calls"),
        ):
            if bound is not None and count > bound:
                yield f"expected {f'at most {bound}' if bound else 'no'} {what}, there were {count}"
