"""Recorded calls as a sequence, with filters, totals and assertions.

Counts, units and assertions include all calls, also those that are no longer stored. `len()`,
positions and iteration include the stored calls only.
"""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Callable, Iterator, Sequence
from typing import TYPE_CHECKING, NoReturn, overload

from ddbmock._internal.calls.budget import Budget
from ddbmock._internal.calls.display import DEFAULT_DISPLAY, Display, counted
from ddbmock._internal.calls.kinds import CallFilter
from ddbmock._internal.calls.recorded import RecordedCall
from ddbmock._internal.calls.totals import Totals
from ddbmock._internal.calls.units import UnitTotals, units_text
from ddbmock._internal.defaults import DEFAULT_ACCOUNT_ID

if TYPE_CHECKING:
    from collections.abc import Collection

    from ddbmock._internal.calls.kinds import CallKind


class Calls(Sequence[RecordedCall]):
    """Recorded calls, oldest first: a sequence of the stored ones, with totals of all.

    `print(calls)` lists the last of them, each in a line.
    """

    #: How calls are shown in texts.
    display: Display = DEFAULT_DISPLAY
    #: The table that the calls were selected by, None for all.
    _table: str | None = None

    @abstractmethod
    def _stored(self) -> list[RecordedCall]:
        """Return the stored calls."""

    @abstractmethod
    def totals(self) -> dict[CallKind, Totals]:
        """Return the number of calls of each kind, and what they consumed."""

    # --- a sequence ---

    def __len__(self) -> int:
        return len(self._stored())

    def __bool__(self) -> bool:
        return self.call_count > 0

    def __iter__(self) -> Iterator[RecordedCall]:
        return iter(self._stored())

    @overload
    def __getitem__(self, position: int) -> RecordedCall: ...
    @overload
    def __getitem__(self, position: slice) -> list[RecordedCall]: ...
    def __getitem__(self, position: int | slice) -> RecordedCall | list[RecordedCall]:
        return self._stored()[position]

    def count(self, value: RecordedCall | str) -> int:
        """Return how many calls of an operation there were, as `call_count` of a selection does.

        >>> from ddbmock import mock_dynamodb
        >>> with mock_dynamodb() as ddb:
        ...     ddb.calls.count("Scan"), "Scan" in ddb.calls
        (0, False)

        Raises:
            MisuseError: There is no such operation.
            TypeError: Neither an operation's name nor a recorded call.
        """
        if isinstance(value, str):
            return self(value).call_count
        return self._stored().count(_call(value))

    def __contains__(self, value: object) -> bool:
        return (
            self(value).call_count > 0 if isinstance(value, str) else _call(value) in self._stored()
        )

    def index(self, value: RecordedCall | str, start: int = 0, stop: int | None = None) -> int:
        """Return the position of the first call of an operation, or of a call, among those stored.

        Raises:
            MisuseError: There is no such operation.
            TypeError: Neither an operation's name nor a recorded call.
            ValueError: There was no such call.
        """
        stored = self._stored()
        if isinstance(value, str):
            first = next(iter(self(value)), None)
            if first is None:
                raise ValueError(f"no call of {value} is stored")
            value = first
        return stored.index(_call(value), start, len(stored) if stop is None else stop)

    # --- selections ---

    def __call__(
        self,
        operation: str | None = None,
        *,
        table: str | None = None,
        region: str | None = None,
        index: str | None = None,
        error: bool | str | None = None,
    ) -> Calls:
        """Return the calls that match, as of now.

        >>> from ddbmock import mock_dynamodb
        >>> with mock_dynamodb() as ddb:
        ...     len(ddb.calls("Query", table="orders"))
        0

        Args:
            operation: The operation's name in the API, such as `"PutItem"`.
            table: The name of a table that the call names.
            region: The region's name.
            index: The index that the call reads.
            error: True for calls that failed, False for those that succeeded, or an error's code,
                such as `"ConditionalCheckFailedException"`.

        Raises:
            MisuseError: There is no such operation.
        """
        return self._select(
            CallFilter(operation=operation, table=table, region=region, index=index, error=error)
        )

    def _select(self, wanted: CallFilter) -> Calls:
        stored = [call for call in self._stored() if wanted.matches(call.kind)]
        totals = {kind: of_kind for kind, of_kind in self.totals().items() if wanted.matches(kind)}
        return Selection(
            lambda: stored, lambda: totals, display=self.display, table=wanted.table or self._table
        )

    @property
    def call_count(self) -> int:
        """The number of calls, including those that are no longer stored."""
        return sum(of_kind.call_count for of_kind in self.totals().values())

    def units(self) -> UnitTotals:
        """Return the capacity units that these calls consumed, by table and index.

        >>> from ddbmock import mock_dynamodb
        >>> with mock_dynamodb() as ddb:
        ...     units = ddb.calls.units()
        ...     units.total, units["orders"].write, units["orders"].indexes
        (0.0, 0.0, {})

        For calls that were selected by a table, these are the units of that table.
        """
        total = Totals()
        for of_kind in self.totals().values():
            total = total.plus(of_kind)
        if self._table is None:
            return total.units
        return UnitTotals({self._table: total.units[self._table]})

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
        """Assert that there was such a call: at least one, or a given number.

        Raises:
            AssertionError: There was not; the text shows the calls.
            MisuseError: There is no such operation.
        """
        __tracebackhide__ = True
        wanted = CallFilter(
            operation=operation, table=table, region=region, index=index, error=error
        )
        found = self._select(wanted)
        if found.call_count != times if times is not None else not found.call_count:
            expected = "at least once" if times is None else _times(times)
            shown = found if found.call_count else self
            _fail(f"expected {wanted} {expected}, there were {found.call_count}", shown)

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
            MisuseError: There is no such operation.
        """
        __tracebackhide__ = True
        self.assert_called(operation, times=0, table=table, region=region, index=index, error=error)

    def assert_no_scans(self) -> None:
        """Assert that no call read a table or index from its beginning, neither Scan nor PartiQL.

        Raises:
            AssertionError: There were scans; the text shows them.
        """
        __tracebackhide__ = True
        scans = self._select(CallFilter(is_scan=True))
        scans.assert_within(Budget(scans=0))

    def assert_units(
        self,
        *,
        at_most: float | None = None,
        read_at_most: float | None = None,
        write_at_most: float | None = None,
    ) -> None:
        """Assert that these calls consumed no more than a number of capacity units.

        Raises:
            AssertionError: They consumed more; the text shows the calls and their units.
            MisuseError: No bound is given, or one that is no number.
        """
        __tracebackhide__ = True
        self.assert_within(
            Budget(at_most=at_most, read_at_most=read_at_most, write_at_most=write_at_most)
        )

    def assert_within(self, budget: Budget) -> None:
        """Assert that these calls are within a budget; `ddb.budget(...)` does so for a block.

        Raises:
            AssertionError: They are not; the text shows the calls.
        """
        __tracebackhide__ = True
        scan_count = self._select(CallFilter(is_scan=True)).call_count
        problems = list(budget.problems(self.call_count, scan_count, self.units()))
        if problems:
            _fail("; ".join(problems), self)

    # --- as text ---

    def text(self, *, other_regions: Collection[str] = ()) -> str:
        """Return the last calls as lines, after a line with the totals.

        Args:
            other_regions: Further regions in the context of this text; if there are several
                regions, that of each call is shown.
        """
        call_count, units, kinds = self.call_count, self.units(), self.totals()
        if not call_count:
            return "no calls"
        places = sorted({_place(kind) for kind in kinds})
        parts = [f"{counted(call_count, 'call')} in {' and '.join(places)}"]
        parts.append(units_text(units.read, units.write) or "no units")
        shown = self._stored()[-self.display.shown_calls :] if self.display.shown_calls else []
        hidden = call_count - len(shown)
        lines = [f"{', '.join(parts)}:"] + ([f"  … {hidden} more before"] if hidden else [])
        is_place_shown = len({*places, *other_regions}) > 1
        lines += [
            f"  {call.line(self.display, _place(call.kind) if is_place_shown else '')}"
            for call in shown
        ]
        return "\n".join(lines)

    def __str__(self) -> str:
        return self.text()

    def __repr__(self) -> str:
        units = self.units()
        parts = [counted(self.call_count, "call"), units_text(units.read, units.write)]
        return f"<{', '.join(filter(None, parts))}>"


class Selection(Calls):
    """Some of the calls of a log."""

    def __init__(
        self,
        stored: Callable[[], list[RecordedCall]],
        totals: Callable[[], dict[CallKind, Totals]],
        *,
        display: Display,
        table: str | None = None,
    ) -> None:
        self._read_stored = stored
        self._read_totals = totals
        self.display = display
        self._table = table

    def _stored(self) -> list[RecordedCall]:
        return self._read_stored()

    def totals(self) -> dict[CallKind, Totals]:
        """Return the number of calls of each kind, and what they consumed."""
        return self._read_totals()


def _fail(problem: str, calls: Calls) -> NoReturn:
    __tracebackhide__ = True
    raise AssertionError(f"{problem}; {calls.text() if calls else 'no calls were made'}")


def _call(value: object) -> RecordedCall:
    if not isinstance(value, RecordedCall):
        raise TypeError(
            "recorded calls are counted and found by an operation's name or by a call, not by"
            f" {value!r}: ddb.calls.count('Scan'), ddb.calls('Scan', table='orders')"
        )
    return value


def _place(kind: CallKind) -> str:
    """Return the region of calls, with the account if it is not the default one."""
    is_default = kind.account_id == DEFAULT_ACCOUNT_ID
    return kind.region if is_default else f"{kind.account_id}, {kind.region}"


def _times(count: int) -> str:
    return {0: "never", 1: "once"}.get(count, f"{count} times")
