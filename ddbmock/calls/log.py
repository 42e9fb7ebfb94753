"""The log of a mock's calls: always on, so it does next to nothing until it is read.

1. Every call is counted as it arrives; counts and units are right however many calls there were.
2. The last calls are stored, bounded by their number and by their size, as tuples: they become
   `RecordedCall`s when somebody reads them.
3. Requests belong to the log: each is the text that was sent. Answers and errors belong to the
   caller, who may change them; of these only numbers, texts and packed copies are stored.
"""

from __future__ import annotations

import sys
from collections import deque
from dataclasses import dataclass, replace
from functools import partial
from itertools import islice
from typing import TYPE_CHECKING, Any

from ddbmock.calls.display import DEFAULT_DISPLAY
from ddbmock.calls.kinds import CallKind
from ddbmock.calls.packing import pack
from ddbmock.calls.recorded import RecordedCall, RecordedError
from ddbmock.calls.requests import request_body
from ddbmock.calls.sequence import Calls, Selection
from ddbmock.calls.sources import COUNT_ITEMS, index_read, tables_of
from ddbmock.calls.totals import Totals
from ddbmock.locks import new_lock

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ddbmock.access.call import Call
    from ddbmock.calls.recorded import Record
    from ddbmock.calls.totals import AnswerCounts
    from ddbmock.engine.backend import Region
    from ddbmock.engine.capacity import Consumed

#: How many calls are stored by default, and how many bytes of requests, answers and errors.
KEPT_CALLS = 1000
KEPT_BYTES = 32 * 1024 * 1024

_NONE = Totals()


@dataclass(frozen=True, slots=True)
class LogPosition:
    """A position in a log: how many calls there were before it, and their totals."""

    clear_count: int
    call_count: int
    totals: dict[CallKind, Totals]


class CallLog(Calls):
    """The calls of a mock, oldest first: the last ones, and the totals of all.

    Args:
        kept_calls: How many calls are stored; None for all, whatever their size.
        keep_responses: Whether a copy of each answer is stored.
        kept_bytes: How many bytes of requests, answers and errors are stored at most.
    """

    def __init__(
        self,
        kept_calls: int | None = KEPT_CALLS,
        *,
        keep_responses: bool = False,
        kept_bytes: int = KEPT_BYTES,
    ) -> None:
        self._most_calls = sys.maxsize if kept_calls is None else kept_calls
        self._most_bytes = sys.maxsize if kept_calls is None else kept_bytes
        self._keep_responses = keep_responses
        self._calls: deque[Record] = deque()
        self._stored_bytes = 0
        #: By what makes a kind, so that a kind is created once and not for each of its calls.
        self._counted: dict[tuple[object, ...], tuple[CallKind, Totals]] = {}
        self._clear_count = 0
        self._lock = new_lock()
        self.display = DEFAULT_DISPLAY

    def record(self, call: Call) -> None:
        """Add a call that is over, with its response or with the error that it ended with.

        This is a stage, and on the path of every call.
        """
        operation, request, consumed = call.operation, call.request, call.consumed
        response, error, body = call.response, call.error, call.body
        recorded_error = error_code = packed_response = None
        count_items = COUNT_ITEMS[operation.items]
        counts = None if response is None or count_items is None else count_items(response)
        name, index = request.get("TableName"), request.get("IndexName")
        tables: Any = name
        if name.__class__ is not str or name[:4] == "arn:":
            tables, index = tables_of(call), index or index_read(call)
        if index.__class__ is not str:
            index = None
        if body.__class__ is not bytes:
            body = request_body(request, body)
        stored_bytes = len(body)
        if error is not None:
            recorded_error = RecordedError(error)
            error_code = recorded_error.code
            stored_bytes += recorded_error.stored_bytes
        elif self._keep_responses:
            packed_response = pack(response)
            stored_bytes += len(packed_response)
        common = operation.name, call.region, tables, index, error_code, call.is_scan
        calls = self._calls
        self._lock.acquire()  # half the cost of a with statement
        try:
            counted = self._counted.get(common)
            if counted is None:
                counted = self._counted[common] = _kind_of(*common), Totals()
            kind, totals = counted
            totals.add_call(counts, consumed.values())
            self._stored_bytes += stored_bytes
            calls.append((
                kind, body, consumed, call.region.backend.clock.seconds(), counts,
                recorded_error, packed_response, stored_bytes,
            ))  # fmt: skip
            while len(calls) > self._most_calls or self._stored_bytes > self._most_bytes:
                self._stored_bytes -= calls.popleft()[-1]
        finally:
            self._lock.release()

    def record_failure_after(self, call: Call, error: BaseException) -> None:
        """Record that a call which is recorded as a success ended with an error after all.

        Something that follows the call raised it, such as the handler of a trigger.
        """
        recorded_error = RecordedError(error)
        with self._lock:
            position = self._last_position(call)
            if position is None:
                return
            kind, body, consumed, at_seconds, counts, _, response, stored_bytes = self._calls[
                position
            ]
            failed = replace(kind, error_code=recorded_error.code)
            self._move_count(kind, failed, counts, consumed)
            self._calls[position] = (
                failed, body, consumed, at_seconds, counts, recorded_error, response, stored_bytes
            )  # fmt: skip

    def _last_position(self, call: Call) -> int | None:
        """Return where a call is stored; None if it is not, or not any more."""
        calls = self._calls
        for position in range(len(calls) - 1, -1, -1):
            if calls[position][2] is call.consumed:
                return position
        return None

    def _move_count(
        self,
        kind: CallKind,
        failed: CallKind,
        counts: AnswerCounts | None,
        consumed: Mapping[str, Consumed],
    ) -> None:
        """Count a call as one of another kind."""
        one = Totals()
        one.add_call(counts, consumed.values())
        for common, (counted_kind, totals) in self._counted.items():
            if counted_kind is kind:
                self._counted[common] = kind, totals.plus(one, -1)
        _, totals = self._counted.get((failed,), (failed, Totals()))
        self._counted[failed,] = failed, totals.plus(one)

    def clear(self) -> None:
        """Forget all calls."""
        with self._lock:
            self._calls.clear()
            self._stored_bytes = 0
            self._counted.clear()
            self._clear_count += 1

    def position(self) -> LogPosition:
        """Return the current position, for `since`."""
        with self._lock:
            return LogPosition(self._clear_count, self.call_count, self.totals())

    def since(self, position: LogPosition | None) -> Calls:
        """Return the calls since a position, including those still to come."""
        if position is None:
            return self
        return Selection(
            partial(self._stored_since, position),
            partial(self._totals_since, position),
            display=self.display,
        )

    def totals(self) -> dict[CallKind, Totals]:
        """Return how many calls of each kind there were, and what they consumed."""
        copies: dict[CallKind, Totals] = {}
        with self._lock:
            for kind, totals in self._counted.values():
                # A table's name and its ARN make one kind.
                copies[kind] = totals.plus(copies.get(kind, _NONE))
        return copies

    def _stored(self) -> list[RecordedCall]:
        with self._lock:
            return list(map(RecordedCall, self._calls))

    def _stored_since(self, start: LogPosition) -> list[RecordedCall]:
        with self._lock:
            count = self.call_count
            if self._clear_count == start.clear_count:
                count -= start.call_count
            return list(map(RecordedCall, islice(reversed(self._calls), count)))[::-1]

    def _totals_since(self, start: LogPosition) -> dict[CallKind, Totals]:
        with self._lock:
            totals = self.totals()
            if self._clear_count != start.clear_count:
                return totals
        for kind, before in start.totals.items():
            totals[kind] = totals[kind].plus(before, -1)
        return {kind: of_kind for kind, of_kind in totals.items() if of_kind.call_count}


def _kind_of(  # noqa: PLR0913, PLR0917 (what makes a kind)
    operation: str,
    region: Region,
    tables: tuple[str, ...] | str,
    index: str | None,
    error_code: str | None,
    is_scan: bool,  # noqa: FBT001
) -> CallKind:
    if isinstance(tables, str):
        tables = (tables,)
    return CallKind(operation, region.name, region.account_id, tables, index, error_code, is_scan)
