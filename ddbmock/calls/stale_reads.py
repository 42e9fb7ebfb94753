"""Reads that did not see what was written before: noted while reads lag, see `stages.lag`."""

from __future__ import annotations

from collections import OrderedDict, deque
from typing import TYPE_CHECKING, NamedTuple

from ddbmock.locks import new_lock

if TYPE_CHECKING:
    from collections.abc import Callable

    from ddbmock.access.call import Call
    from ddbmock.calls.recorded import RecordedCall
    from ddbmock.engine.keys import OrderKey
    from ddbmock.engine.table import Table

#: How many are stored, of stale reads and of items with the call that wrote them.
_READS_MAX = 1000
_ITEMS_MAX = 100_000


class StaleRead(NamedTuple):
    """A read that saw an older version of an item than there was."""

    read: RecordedCall
    #: The call that had written the item; None if it is not stored any more.
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

    def __init__(self, latest_of: Callable[[Call], RecordedCall | None]) -> None:
        #: Returns the record of a call that was recorded just now.
        self._latest_of = latest_of
        self._lock = new_lock()
        self._writers: OrderedDict[tuple[Table, OrderKey], RecordedCall] = OrderedDict()
        self._reads: deque[StaleRead] = deque(maxlen=_READS_MAX)

    def note(self, call: Call) -> None:
        """Note what a call wrote, and what it read that was older."""
        hooks = call.door.hooks
        written = [
            (touch.source.table, key)
            for touch in hooks.touched
            if touch.write_units and touch.source.index is None
            for key in touch.keys
        ]
        if not written and not hooks.outdated:
            return
        recorded = self._latest_of(call)
        with self._lock:
            if call.error is None and recorded is not None:
                for item in written:
                    self._writers[item] = recorded
                    self._writers.move_to_end(item)
                while len(self._writers) > _ITEMS_MAX:
                    self._writers.popitem(last=False)
            if hooks.outdated and recorded is not None:
                table, key = hooks.outdated[0]
                self._reads.append(StaleRead(recorded, self._writers.get((table, key)), table.name))

    def clear(self) -> None:
        """Forget the stale reads."""
        with self._lock:
            self._reads.clear()

    def of_table(self, table_name: str | None) -> list[StaleRead]:
        """Return the stale reads of a table, or all."""
        with self._lock:
            return [each for each in self._reads if table_name in {None, each.table}]
