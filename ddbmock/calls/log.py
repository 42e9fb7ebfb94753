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
from dataclasses import dataclass
from functools import partial
from itertools import islice
from typing import TYPE_CHECKING, Any

from ddbmock import messages
from ddbmock.calls.display import DEFAULT_DISPLAY
from ddbmock.calls.kinds import CallKind
from ddbmock.calls.packing import pack
from ddbmock.calls.recorded import RecordedCall, RecordedError
from ddbmock.calls.requests import request_body
from ddbmock.calls.sequence import Calls, Selection
from ddbmock.calls.sources import COUNT_ITEMS, index_read, tables_of
from ddbmock.calls.totals import Totals
from ddbmock.errors import MisuseError
from ddbmock.locks import new_lock

if TYPE_CHECKING:
    from ddbmock.access.call import Call
    from ddbmock.calls.recorded import Record
    from ddbmock.calls.stale_reads import StaleReads
    from ddbmock.engine.backend import Region

#: How many calls are stored by default, and how many bytes of requests, answers and errors.
KEPT_CALLS = 1000
KEPT_BYTES = 32 * 1024 * 1024

_NONE = Totals()
_STALE_READS_SHOWN = 3


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
        #: The reads that saw older versions; None where reads do not lag.
        self.stale_reads: StaleReads | None = None

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

    def clear(self) -> None:
        """Forget all calls."""
        with self._lock:
            self._calls.clear()
            self._stored_bytes = 0
            self._counted.clear()
            self._clear_count += 1
        if self.stale_reads is not None:
            self.stale_reads.clear()

    def latest_of(self, call: Call) -> RecordedCall | None:
        """Return a call that was recorded just now; None if it is not stored."""
        with self._lock:
            for record in reversed(self._calls):
                if record[2] is call.consumed:
                    return RecordedCall(record)
        return None

    def assert_no_stale_reads(self, *, table: str | None = None) -> None:
        """Assert that every read saw what was written before it.

        A mock with `lag` answers eventually consistent reads, and reads of global indexes, as of a
        moment ago. A program that must see its own write needs ConsistentRead.

        >>> from ddbmock import mock_dynamodb
        >>> with mock_dynamodb(lag=1) as ddb:
        ...     ddb.calls.assert_no_stale_reads()

        Args:
            table: The name of a table. Default: all.

        Raises:
            AssertionError: A read did not; the text shows it beside the write.
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
