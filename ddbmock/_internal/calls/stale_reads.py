"""Stale reads, which did not see an earlier write: noted in mocks with `lag`."""

from __future__ import annotations

from collections import OrderedDict, deque
from typing import TYPE_CHECKING, NamedTuple

from ddbmock._internal.locks import new_lock

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from ddbmock._internal.access.call import Call
    from ddbmock._internal.access.door import Touch
    from ddbmock._internal.calls.recorded import RecordedCall
    from ddbmock._internal.engine.capacity import Consumed
    from ddbmock._internal.engine.keys import OrderKey
    from ddbmock._internal.engine.table import Table

#: How many are stored, of stale reads and of items with the call that wrote them.
_READS_MAX = 1000
_ITEMS_MAX = 100_000
#: How many calls that wrote are noted at once: a stale read is rare.
_WRITTEN_MAX = 1000


class StaleRead(NamedTuple):
    """A read that saw an earlier version of an item."""

    read: RecordedCall
    #: The call that had written the item; None if it is no longer stored.
    write: RecordedCall | None
    #: The name of the table.
    table: str

    def text(self) -> str:
        """Return the two calls, in a line each."""
        if self.write is None:
            return f"  {self.read.line()}\n  did not see a write of {self.table}"
        passed = self.read.at_seconds - self.write.at_seconds
        return (
            f"  {self.read.line()}\n"
            f"  did not see, {max(passed, 0):.3g} s later,\n"
            f"  {self.write.line()}"
        )


class StaleReads:
    """The stale reads of a mock; `note` is a stage of the phase RECORD, after that of the log."""

    def __init__(self, find: Callable[[Mapping[str, Consumed]], RecordedCall | None]) -> None:
        #: Returns the recorded call with a `consumed` object.
        self._find = find
        self._lock = new_lock()
        #: The accesses of calls that wrote, which are in none of the following yet.
        self._written: deque[tuple[Sequence[Touch], Mapping[str, Consumed]]] = deque()
        #: Item -> the `consumed` object of the call that wrote it last, which identifies the call.
        self._writers: OrderedDict[tuple[Table, OrderKey], Mapping[str, Consumed]] = OrderedDict()
        self._reads: deque[StaleRead] = deque(maxlen=_READS_MAX)

    def note(self, call: Call) -> None:
        """Note the writes and the stale reads of a call."""
        hooks = call.hooks
        if call.error is None:
            for touch in hooks.touched:
                if touch.write_units:
                    self._written.append((hooks.touched, call.consumed))
                    if len(self._written) >= _WRITTEN_MAX:
                        with self._lock:
                            self._note_writers()
                    break
        if hooks.stale_items:
            table, key = hooks.stale_items[0]
            read = self._find(call.consumed)
            with self._lock:
                self._note_writers()
                written = self._writers.get((table, key))
            write = None if written is None else self._find(written)
            if read is not None:
                with self._lock:
                    self._reads.append(StaleRead(read, write, table.name))

    def _note_writers(self) -> None:
        """Note the items that calls have written; the caller holds the lock."""
        writers, written = self._writers, self._written
        while written:
            touched, consumed = written.popleft()
            for touch in touched:
                if touch.write_units and touch.source.index is None:
                    for key in touch.keys:
                        writers[touch.source.table, key] = consumed
                        writers.move_to_end((touch.source.table, key))
        while len(writers) > _ITEMS_MAX:
            writers.popitem(last=False)

    def clear(self) -> None:
        """Forget the stale reads."""
        with self._lock:
            self._reads.clear()

    def of_table(self, table_name: str | None) -> list[StaleRead]:
        """Return the stale reads of a table, or all."""
        with self._lock:
            return [each for each in self._reads if table_name in {None, each.table}]
