"""The record of a mock's calls: always on, so it does next to nothing until somebody looks."""

from __future__ import annotations

import sys
from collections import deque
from dataclasses import dataclass
from itertools import groupby
from typing import TYPE_CHECKING, Any, overload

from ddbmock.arns import table_name_of
from ddbmock.calls.entries import (
    ANSWERS,
    Entry,
    RawKind,
    Response,
    error_to_keep,
    grouping_key,
    numbers_of,
    raw_kind_of,
    recorded,
    tables_of,
)
from ddbmock.calls.packing import pack
from ddbmock.calls.questions import Calls, Kind, Totals
from ddbmock.calls.requests import hold
from ddbmock.locks import new_lock

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ddbmock.access.call import Call
    from ddbmock.calls.recorded import RecordedCall

#: How many calls are kept when nobody says otherwise.
KEPT_CALLS = 1000
#: How many more may pile up before the oldest are put together into totals.
_COMPACT_EVERY = 256


@dataclass(frozen=True, slots=True)
class Mark:
    """A moment in a log."""

    cleared_count: int
    call_count: int
    totals: dict[Kind, Totals]


class CallLog(Calls):
    """The calls of a mock, oldest first: the last ones, and totals of those before.

    Args:
        kept_calls: How many calls are kept; None for all.
        keep_responses: Whether a copy of each answer is kept.
    """

    def __init__(
        self, kept_calls: int | None = KEPT_CALLS, *, keep_responses: bool = False
    ) -> None:
        self._most = sys.maxsize if kept_calls is None else kept_calls
        self._pile_at = self._most + _COMPACT_EVERY
        self._keep_responses = keep_responses
        self._entries: deque[Entry] = deque()
        #: Of the calls that are not kept any more.
        self._totals: dict[RawKind, Totals] = {}
        self._lock = new_lock()
        self._cleared_count = 0

    def record(
        self,
        call: Call,
        response: Response | None,
        error: BaseException | None,
        at_seconds: float,
        body: bytes | str | None = None,
    ) -> None:
        """Add a call that is over: done (with its response) or refused (with its error).

        This is on the way of every call. It copies nothing but what errors hold, and requests that
        came without the body that they were read from.
        """
        operation, request = call.operation.name, call.request
        answered: Any = None
        if response is not None:
            if "ScannedCount" in response:  # a page of a Query or Scan
                scanned_count, item_count = response["ScannedCount"], response["Count"]
                answered = scanned_count, item_count, "LastEvaluatedKey" in response, False
            elif operation in ANSWERS:
                answered = ANSWERS[operation](call, response)
        kept_error = None if error is None else error_to_keep(error)
        name, index = request.get("TableName"), request.get("IndexName")
        kept_response = pack(response) if self._keep_responses and response is not None else None
        entries = self._entries
        entries.append(
            (
                operation,
                call.region.name,
                name if name.__class__ is str else tables_of(operation, request),
                index if index.__class__ is str else None,
                body if body.__class__ is bytes else hold(request, body),
                (*call.door.consumed.values(),),
                answered,
                at_seconds,
                kept_error,
                kept_response,
            )
        )
        if len(entries) > self._pile_at:
            self._shrink()

    def _shrink(self) -> None:
        """Put the oldest calls together into totals, until no more are left than are kept."""
        with self._lock:
            entries, totals = self._entries, self._totals
            fallen = [entries.popleft() for _ in range(len(entries) - self._most)]
            for (tables, *_), group in groupby(fallen, key=grouping_key):
                alike = list(group)
                for run in [alike] if tables is not None else [[entry] for entry in alike]:
                    kind = raw_kind_of(run[0])
                    totals.setdefault(kind, Totals()).add(map(numbers_of, run))

    def clear(self) -> None:
        """Forget all calls."""
        with self._lock:
            self._entries.clear()
            self._totals.clear()
            self._cleared_count += 1

    @property
    def call_count(self) -> int:
        """How many calls there were, with those that are not kept any more."""
        with self._lock:
            fallen_count = sum(totals.call_count for totals in self._totals.values())
            return len(self._entries) + fallen_count

    def mark(self, *, totals: bool) -> Mark:
        """Return a mark of what was called so far; with totals for `since`, which cost more."""
        return Mark(self._cleared_count, self.call_count, self.totals() if totals else {})

    def after(self, mark: Mark | None) -> Calls:
        """Return the calls since a mark, as far as they are kept."""
        if mark is None or not mark.call_count or mark.cleared_count != self._cleared_count:
            return self
        return self.newest(self.call_count - mark.call_count)

    def since(self, mark: Mark | None) -> tuple[dict[Kind, Totals], list[RecordedCall]]:
        """Return the totals of the calls since a mark, and those of them that are kept."""
        totals, kept = self.totals(), self._kept()
        if mark is None or mark.cleared_count != self._cleared_count:
            return totals, kept
        count = self.call_count - mark.call_count
        for kind, before in mark.totals.items():
            totals[kind].subtract(before)
        return totals, kept[-count:] if count else []

    def _kept(self) -> list[RecordedCall]:
        self._shrink()
        return [recorded(entry) for entry in list(self._entries)]

    def _evicted(self) -> Mapping[Kind, Totals]:
        self._shrink()
        fallen: dict[Kind, Totals] = {}
        for (operation, region, names, index, code, is_scan), totals in self._totals.items():
            kind = Kind(operation, region, tuple(map(table_name_of, names)), index, code, is_scan)
            fallen.setdefault(kind, Totals()).merge(totals)
        return fallen

    def __len__(self) -> int:
        self._shrink()
        return len(self._entries)

    @overload
    def __getitem__(self, position: int) -> RecordedCall: ...
    @overload
    def __getitem__(self, position: slice) -> list[RecordedCall]: ...
    def __getitem__(self, position: int | slice) -> RecordedCall | list[RecordedCall]:
        if isinstance(position, slice):
            return super().__getitem__(position)
        self._shrink()
        return recorded(self._entries[position])

    def __repr__(self) -> str:
        return f"<{self.call_count} calls>"
