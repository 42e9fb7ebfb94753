"""The log of a mock's calls: always on, so it does as little as possible until it is read.

1. Every call is counted, in batches or when the log is read; counts and units include all calls.
2. The last calls are stored as tuples, bounded by their number and by their size; they become
   `RecordedCall`s when they are read.
3. Requests belong to the log: each is the text that was sent. Responses and errors belong to the
   caller, who may change them; of these only numbers, texts and packed copies are stored.
"""

from __future__ import annotations

import sys
from collections import deque
from dataclasses import dataclass, replace
from functools import partial
from itertools import islice
from typing import TYPE_CHECKING, Any

from ddbmock._internal.calls.display import DEFAULT_DISPLAY
from ddbmock._internal.calls.kinds import CallKind
from ddbmock._internal.calls.packing import pack
from ddbmock._internal.calls.recorded import RecordedCall, RecordedError
from ddbmock._internal.calls.requests import LONG_BODY_BYTES, request_body, stored_body
from ddbmock._internal.calls.sequence import Calls, Selection
from ddbmock._internal.calls.sources import COUNT_ITEMS, index_read, tables_of
from ddbmock._internal.calls.totals import Totals
from ddbmock._internal.errors import MisuseError
from ddbmock._internal.locks import new_lock
from ddbmock._internal.messages import misuse as messages

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ddbmock._internal.access.call import Call
    from ddbmock._internal.calls.recorded import Record
    from ddbmock._internal.calls.stale_reads import StaleReads
    from ddbmock._internal.calls.totals import ResponseCounts
    from ddbmock._internal.engine.backend import Region
    from ddbmock._internal.engine.capacity import Consumed

#: How many calls are stored by default, and how many bytes of requests, responses and errors.
STORED_CALLS = 1000
STORED_BYTES = 32 * 1024 * 1024

#: How many calls are counted at once (most tests make fewer), unless a request is long.
_UNCOUNTED_CALLS = 256
_NONE = Totals()
_STALE_READS_SHOWN = 3


@dataclass(frozen=True, slots=True)
class LogPosition:
    """A position in a log: the number and the totals of the calls before it."""

    clear_count: int
    call_count: int
    totals: dict[CallKind, Totals]


class CallLog(Calls):
    """The calls of a mock, oldest first: the last ones, and the totals of all.

    Args:
        stored_calls: How many calls are stored; None for all, whatever their size.
        store_responses: Whether a copy of each response is stored.
        stored_bytes: How many bytes of requests, responses and errors are stored at most.
    """

    def __init__(
        self,
        stored_calls: int | None = STORED_CALLS,
        *,
        store_responses: bool = False,
        stored_bytes: int = STORED_BYTES,
    ) -> None:
        self._most_calls = sys.maxsize if stored_calls is None else stored_calls
        self._most_bytes = sys.maxsize if stored_calls is None else stored_bytes
        #: Whether a copy of each response is stored.
        self.stores_responses: bool = store_responses
        self._calls: deque[Record] = deque()
        #: Calls that have ended and have not been counted yet.
        self._uncounted: deque[tuple[Any, ...]] = deque()
        self._stored_bytes = 0
        #: Kinds by their properties, so that a kind is created once and not for each of its calls.
        self._counted: dict[tuple[object, ...], tuple[CallKind, Totals]] = {}
        self._clear_count = 0
        self._lock = new_lock()
        self.display = DEFAULT_DISPLAY
        #: The stale reads; None if reads do not lag.
        self.stale_reads: StaleReads | None = None

    def record(self, call: Call) -> None:
        """Add a call that has ended, with its response or error.

        This is a stage on the path of every call, so it only stores what is not available later.
        """
        operation, request, response = call.operation, call.request, call.response
        region, body = call.region, call.body
        count_items = COUNT_ITEMS[operation.items]
        counts = None if count_items is None or response is None else count_items(response)
        tables: Any = request.get("TableName")
        index = request.get("IndexName")
        if tables.__class__ is not str or tables[:4] == "arn:":
            tables, index = tables_of(call), index or index_read(call)
        if index is not None and index.__class__ is not str:
            index = None  # and the request was refused for that
        if body.__class__ is not bytes:
            body = request_body(request, body)
        if call.error is None:
            common: Any = (operation.name, region, tables, index, None, call.is_scan, False)
            error, packed_response = None, pack(response) if self.stores_responses else None
        else:
            error, packed_response = RecordedError(call.error), None
            of_error = error.code, call.is_scan, error.is_injected
            common = operation.name, region, tables, index, *of_error
        uncounted, at_seconds = self._uncounted, region.backend.clock.seconds()
        # Atomic for all threads.
        uncounted.append((common, body, call.consumed, at_seconds, counts, error, packed_response))
        if len(uncounted) >= _UNCOUNTED_CALLS or len(body) > LONG_BODY_BYTES:
            with self._lock:
                self._count()

    def _count(self) -> None:
        """Count the new calls, and drop the oldest ones; the caller holds the lock."""
        uncounted, calls = self._uncounted, self._calls
        while uncounted:
            common, body, consumed, at_seconds, counts, error, packed_response = uncounted.popleft()
            counted = self._counted.get(common)
            if counted is None:
                counted = self._counted[common] = _kind_of(*common), Totals()
            kind, totals = counted
            totals.add_call(counts, consumed.values())
            stored_bytes = len(body)
            if stored_bytes > LONG_BODY_BYTES:
                body = stored_body(body)
                stored_bytes = len(body)
            if error is not None:
                stored_bytes += error.stored_bytes
            elif packed_response is not None:
                stored_bytes += len(packed_response)
            self._stored_bytes += stored_bytes
            calls.append(
                (kind, body, consumed, at_seconds, counts, error, packed_response, stored_bytes)
            )
            while len(calls) > self._most_calls or self._stored_bytes > self._most_bytes:
                self._stored_bytes -= calls.popleft()[-1]

    def record_failure_after(self, call: Call, error: BaseException) -> None:
        """Record an error for a call that has been recorded as a success.

        A function that runs after the call raised it, such as the handler of a trigger.
        """
        recorded_error = RecordedError(error)
        with self._lock:
            self._count()
            position = self._last_position(call)
            if position is None:
                return
            kind, body, consumed, at_seconds, counts, _, response, stored_bytes = self._calls[
                position
            ]
            failed = replace(
                kind,
                error_code=recorded_error.code,
                is_injected=recorded_error.is_injected,
            )
            self._move_count(kind, failed, counts, consumed)
            self._calls[position] = (
                failed, body, consumed, at_seconds, counts, recorded_error, response, stored_bytes
            )  # fmt: skip

    def _last_position(self, call: Call) -> int | None:
        """Return the position of a stored call; None if it is not stored."""
        calls = self._calls
        for position in range(len(calls) - 1, -1, -1):
            if calls[position][2] is call.consumed:
                return position
        return None

    def _move_count(
        self,
        kind: CallKind,
        failed: CallKind,
        counts: ResponseCounts | None,
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
            self._uncounted.clear()
            self._calls.clear()
            self._stored_bytes = 0
            self._counted.clear()
            self._clear_count += 1
        if self.stale_reads is not None:
            self.stale_reads.clear()

    def find(self, consumed: Mapping[str, Consumed]) -> RecordedCall | None:
        """Return the call with this very `consumed` object; None if it is no longer stored."""
        with self._lock:
            self._count()
            for record in reversed(self._calls):
                if record[2] is consumed:
                    return RecordedCall(record)
        return None

    def assert_no_stale_reads(self, *, table: str | None = None) -> None:
        """Assert that every read saw all earlier writes.

        A mock with `lag` answers eventually consistent reads, and reads of global indexes, as of a
        moment ago. A program that must see its own write needs ConsistentRead.

        >>> from ddbmock import mock_dynamodb
        >>> with mock_dynamodb(lag=1) as ddb:
        ...     ddb.calls.assert_no_stale_reads()

        Args:
            table: The name of a table. Default: all.

        Raises:
            AssertionError: A read did not; the text shows it with the write.
            MisuseError: The mock has no lag.
        """
        __tracebackhide__ = True
        if self.stale_reads is None:
            raise MisuseError(messages.NO_LAG)
        stale = self.stale_reads.of_table(table)
        if stale:
            first = "\n\n".join(each.text() for each in stale[:_STALE_READS_SHOWN])
            raise AssertionError(messages.stale_reads(len(stale), first))

    def position(self) -> LogPosition:
        """Return the current position, for `since`."""
        with self._lock:
            self._count()
            return LogPosition(self._clear_count, self.call_count, self.totals())

    def since(self, position: LogPosition | None) -> Calls:
        """Return the calls since a position, including future ones."""
        if position is None:
            return self
        return Selection(
            partial(self._stored_since, position),
            partial(self._totals_since, position),
            display=self.display,
        )

    def totals(self) -> dict[CallKind, Totals]:
        """Return the number of calls of each kind, and what they consumed."""
        copies: dict[CallKind, Totals] = {}
        with self._lock:
            self._count()
            for kind, totals in self._counted.values():
                # A table's name and its ARN make one kind.
                copies[kind] = totals.plus(copies.get(kind, _NONE))
        return copies

    def _stored(self) -> list[RecordedCall]:
        with self._lock:
            self._count()
            return list(map(RecordedCall, self._calls))

    def _stored_since(self, start: LogPosition) -> list[RecordedCall]:
        with self._lock:
            count = self.call_count  # which counts what was not
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
    is_injected: bool,  # noqa: FBT001
) -> CallKind:
    if isinstance(tables, str):
        tables = (tables,)
    return CallKind(
        operation,
        region.name,
        region.account_id,
        tables,
        index,
        error_code,
        is_scan,
        is_injected,
    )
