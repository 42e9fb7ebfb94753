"""What can be asked of recorded calls: filters, totals, assertions.

Counts, units and assertions are about every call that was made, also those that are not kept any
more: what these were and consumed stays in totals.
"""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from difflib import get_close_matches
from typing import TYPE_CHECKING, overload

from ddbmock import messages
from ddbmock.calls.lines import call_lines
from ddbmock.calls.recorded import Answered, RecordedCall
from ddbmock.calls.units import TableUnits, UnitTotals, number_text
from ddbmock.errors import MisuseError
from ddbmock.operations import OPERATIONS

if TYPE_CHECKING:
    from ddbmock.engine.capacity import Consumed

#: How many calls a failure message shows, and how long its lines are.
_SHOWN_CALLS = 20
_SHOWN_CHARACTERS = 160


@dataclass(frozen=True, slots=True)
class Kind:
    """What calls have in common that are counted together."""

    #: The operation's name in the API.
    operation: str
    #: The region's name.
    region: str
    #: All tables that the calls name.
    tables: tuple[str, ...]
    #: The index that they read.
    index: str | None
    #: The code of their error; None for calls that succeeded.
    error_code: str | None
    #: Whether they read a table or index from one end.
    is_scan: bool


@dataclass(slots=True)
class Totals:
    """How many calls of a kind there were, and what they read and consumed."""

    #: How many calls there were.
    call_count: int = 0
    #: How many items their answers held, or counted.
    item_count: int = 0
    #: How many items they read, before filters.
    scanned_count: int = 0
    #: What they consumed.
    units: UnitTotals = field(default_factory=UnitTotals)

    def add(self, calls: Iterable[tuple[Iterable[Consumed], Answered | None]]) -> None:
        """Add calls, each by what it consumed and what it was answered."""
        for consumed, answered in calls:
            self.call_count += 1
            if answered is not None:
                self.scanned_count += answered[0]
                self.item_count += answered[1]
            for part in consumed:
                units = self.units.get(part.table_name)
                if units is None:
                    units = self.units[part.table_name] = TableUnits()
                own = units.own
                own.read += part.read_units
                own.write += part.write_units
                if part.global_indexes or part.local_indexes:
                    units.add_indexes(part)

    def merge(self, other: Totals) -> None:
        """Add other totals to these."""
        self.call_count += other.call_count
        self.item_count += other.item_count
        self.scanned_count += other.scanned_count
        self.units.merge(other.units)

    def subtract(self, other: Totals) -> None:
        """Take other totals, which are part of these, away."""
        self.call_count -= other.call_count
        self.item_count -= other.item_count
        self.scanned_count -= other.scanned_count
        self.units.subtract(other.units)


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """Which calls are asked for; None is any."""

    operation: str | None = None
    table: str | None = None
    region: str | None = None
    index: str | None = None
    error: bool | str | None = None

    def __post_init__(self) -> None:
        if self.operation is not None and self.operation not in OPERATIONS:
            pascal = "".join(part[:1].upper() + part[1:] for part in self.operation.split("_"))
            close = get_close_matches(pascal, OPERATIONS, n=1)
            raise MisuseError(messages.no_such_operation(self.operation, close))

    def fits(self, call: RecordedCall | Kind) -> bool:
        """Return whether a call, or a kind of calls, is asked for."""
        return (
            (self.operation is None or call.operation == self.operation)
            and (self.table is None or self.table in call.tables)
            and (self.region is None or call.region == self.region)
            and (self.index is None or call.index == self.index)
            and (self.error is None or self._fits_error(call.error_code))
        )

    def _fits_error(self, code: str | None) -> bool:
        if isinstance(self.error, bool):
            return (code is not None) is self.error
        return code == self.error

    def __str__(self) -> str:
        parts = [self.operation or "a call"]
        for name in ("table", "index", "region"):
            value = getattr(self, name)
            if value is not None:
                parts.append(f"of {name} {value}" if name != "region" else f"in {value}")
        if self.error is not None:
            parts.append(_error_text(self.error))
        return " ".join(parts)


class Calls(Sequence[RecordedCall]):
    """Recorded calls, oldest first: a sequence of those that are kept, and questions about all."""

    @abstractmethod
    def _kept(self) -> list[RecordedCall]:
        """Return the calls that are kept."""

    @abstractmethod
    def _evicted(self) -> Mapping[Kind, Totals]:
        """Return the totals of the calls that are not kept any more."""

    #: The table that units are asked of, None for all.
    _table: str | None = None

    def __len__(self) -> int:
        return len(self._kept())

    def __iter__(self) -> Iterator[RecordedCall]:
        return iter(self._kept())

    @overload
    def __getitem__(self, position: int) -> RecordedCall: ...
    @overload
    def __getitem__(self, position: slice) -> list[RecordedCall]: ...
    def __getitem__(self, position: int | slice) -> RecordedCall | list[RecordedCall]:
        return self._kept()[position]

    def __call__(
        self,
        operation: str | None = None,
        *,
        table: str | None = None,
        region: str | None = None,
        index: str | None = None,
        error: bool | str | None = None,
    ) -> Calls:
        """Return those of these calls that are asked for.

        >>> from ddbmock import mock_dynamodb
        >>> with mock_dynamodb() as ddb:
        ...     len(ddb.calls("Query", table="orders"))
        0

        Args:
            operation: The operation's name in the API, such as `"PutItem"`.
            table: The name of a table that the call names.
            region: The region's name.
            index: The index that the call reads.
            error: True for calls that failed, False for those that did not, or an error's code,
                such as `"ConditionalCheckFailedException"`.

        Raises:
            MisuseError: There is no such operation.
        """
        wanted = Wanted(operation=operation, table=table, region=region, index=index, error=error)
        return self._those(wanted)

    def _those(self, wanted: Wanted) -> Calls:
        kept = [call for call in self._kept() if wanted.fits(call)]
        fallen = {kind: totals for kind, totals in self._evicted().items() if wanted.fits(kind)}
        return _Selection(kept, fallen, wanted.table or self._table)

    def newest(self, count: int) -> Calls:
        """Return the last calls, as far as they are kept."""
        return _Selection(self._kept()[-count:] if count else [], {}, self._table)

    @property
    def call_count(self) -> int:
        """How many calls there were, with those that are not kept any more."""
        fallen_count = sum(totals.call_count for totals in self._evicted().values())
        return len(self._kept()) + fallen_count

    def units(self) -> UnitTotals:
        """Return the capacity units that these calls consumed, by table and index.

        >>> from ddbmock import mock_dynamodb
        >>> with mock_dynamodb() as ddb:
        ...     units = ddb.calls.units()
        ...     units.total, units["orders"].write, units["orders"].indexes
        (0.0, 0.0, {})

        Calls that were selected by a table are asked for what they consumed of that table.
        """
        units = UnitTotals()
        for totals in self.totals().values():
            units.merge(totals.units)
        if self._table is not None:
            return UnitTotals({name: of for name, of in units.items() if name == self._table})
        return units

    def totals(self) -> dict[Kind, Totals]:
        """Return how many calls of each kind there were, and what they consumed."""
        by_kind: dict[Kind, Totals] = {}
        for kind, totals in self._evicted().items():
            by_kind.setdefault(kind, Totals()).merge(totals)
        for call in self._kept():
            answered = (call.scanned_count or 0, call.item_count or 0, False, False)
            by_kind.setdefault(_kind_of(call), Totals()).add([(call.consumed.values(), answered)])
        return by_kind

    # --- assertions ---

    def assert_called(  # noqa: PLR0913 (filters, all named)
        self,
        operation: str | None = None,
        *,
        times: int | None = None,
        table: str | None = None,
        region: str | None = None,
        index: str | None = None,
        error: bool | str | None = None,
    ) -> None:
        """Assert that there was such a call: at least one, or exactly so many times.

        Raises:
            AssertionError: There was not; the text shows the calls that there were.
        """
        __tracebackhide__ = True
        wanted = Wanted(operation=operation, table=table, region=region, index=index, error=error)
        found = self._those(wanted)
        if found.call_count != times if times is not None else not found.call_count:
            expected = "at least once" if times is None else _times(times)
            shown = found if found.call_count else self
            self._fail(f"expected {wanted} {expected}, there were {found.call_count}", shown)

    def assert_not_called(
        self,
        operation: str | None = None,
        *,
        table: str | None = None,
        region: str | None = None,
        index: str | None = None,
        error: bool | str | None = None,
    ) -> None:
        """Assert that there was no such call.

        Raises:
            AssertionError: There was; the text shows them.
        """
        __tracebackhide__ = True
        self.assert_called(operation, times=0, table=table, region=region, index=index, error=error)

    def assert_no_scans(self) -> None:
        """Assert that no call read a table or index from one end, neither Scan nor PartiQL.

        Raises:
            AssertionError: There were scans; the text shows them.
        """
        __tracebackhide__ = True
        scans = _Selection(
            [call for call in self._kept() if call.is_scan],
            {kind: totals for kind, totals in self._evicted().items() if kind.is_scan},
            self._table,
        )
        if scans.call_count:
            self._fail(f"expected no scans, there were {scans.call_count}", scans)

    def assert_units(
        self,
        *,
        at_most: float | None = None,
        read_at_most: float | None = None,
        write_at_most: float | None = None,
    ) -> None:
        """Assert that these calls consumed no more units than that.

        Raises:
            AssertionError: They consumed more; the text shows which calls and what.
        """
        __tracebackhide__ = True
        units = self.units()
        for what, consumed, most in (
            ("capacity units", units.total, at_most),
            ("read units", units.read, read_at_most),
            ("write units", units.write, write_at_most),
        ):
            if most is not None and consumed > most:
                bound, told = number_text(most), number_text(consumed)
                self._fail(f"expected at most {bound} {what}, {told} were consumed", self)

    def _fail(self, problem: str, shown: Calls) -> None:
        __tracebackhide__ = True
        calls = list(shown)
        if not calls:
            raise AssertionError(f"{problem}; no calls were made")
        lines = call_lines(calls, _SHOWN_CALLS, _SHOWN_CHARACTERS)
        raise AssertionError("\n".join([f"{problem}; the calls:", *lines]))


class _Selection(Calls):
    """Some of the calls, as they were when they were asked for."""

    def __init__(
        self, kept: list[RecordedCall], fallen: Mapping[Kind, Totals], table: str | None
    ) -> None:
        self._kept_calls = kept
        self._fallen_totals = fallen
        self._table = table

    def _kept(self) -> list[RecordedCall]:
        return self._kept_calls

    def _evicted(self) -> Mapping[Kind, Totals]:
        return self._fallen_totals

    def __repr__(self) -> str:
        return f"<{self.call_count} calls>"


def _kind_of(call: RecordedCall) -> Kind:
    """Return what a call is counted as."""
    return Kind(call.operation, call.region, call.tables, call.index, call.error_code, call.is_scan)


def _error_text(error: bool | str) -> str:  # noqa: FBT001 (an error filter)
    if isinstance(error, str):
        return f"that failed with {error}"
    return "that failed" if error else "that succeeded"


def _times(count: int) -> str:
    return {0: "never", 1: "once"}.get(count, f"{count} times")
