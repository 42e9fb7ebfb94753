"""Time to live: deleting the items of a table whose time is over, as the service does by itself.

https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/howitworks-ttl.html
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ddbmock import limits
from ddbmock.engine.changes import Change
from ddbmock.engine.commit import TIME_TO_LIVE
from ddbmock.engine.expiry import DEFAULT_WINDOW_SECONDS, ExpiryQueue

if TYPE_CHECKING:
    from ddbmock.engine.agenda import Agenda
    from ddbmock.engine.clock import Clock
    from ddbmock.engine.commit import Committer
    from ddbmock.engine.table import Table


class Sweeper:
    """Deletes expired items of tables, now or when it is due."""

    def __init__(self, clock: Clock, agenda: Agenda, committer: Committer) -> None:
        self._clock = clock
        self._agenda = agenda
        self._committer = committer
        #: How long an item stays readable after its time.
        self.window_seconds: float = DEFAULT_WINDOW_SECONDS

    def enable(self, table: Table, attribute_name: str) -> None:
        """Delete the items of a table from now on when the time in an attribute is over."""
        queue = ExpiryQueue(attribute_name, lambda time: self._schedule(table, time))
        table.use_expiry(queue)
        queue.rebuild(table.items)

    def disable(self, table: Table) -> None:
        """End what `enable` began."""
        table.use_expiry(None)
        self._agenda.cancel((table, TIME_TO_LIVE))

    def _schedule(self, table: Table, time: Any) -> None:
        """Schedule a sweep for an item with a time to live, unless one comes before."""
        now = self._clock.seconds()
        if time < now - limits.TIME_TO_LIVE_AGE_SECONDS_MAX:
            return
        due_at = max(float(time) + self.window_seconds, now)
        scheduled = self._agenda.due_at((table, TIME_TO_LIVE))
        if scheduled is None or due_at < scheduled:
            key = (table, TIME_TO_LIVE)
            self._agenda.schedule(key, due_at, lambda at: self._sweep_due(table, at))

    def _sweep_due(self, table: Table, at: float) -> None:
        self.sweep(table, at, self.window_seconds)
        if table.expiry is not None:
            following = table.expiry.first_from(at - limits.TIME_TO_LIVE_AGE_SECONDS_MAX)
            if following is not None:
                self._schedule(table, following)

    def sweep(self, table: Table, at: float, window_seconds: float = 0.0) -> int:
        """Delete the items whose time, and a window after it, is over; return their number.

        Index entries go with the items and streams get a record, but nothing is charged.
        """
        if table.expiry is None:
            return 0
        oldest = at - limits.TIME_TO_LIVE_AGE_SECONDS_MAX
        changes = [
            (table, Change(key, table.items[key], None, by_service=True))
            for key in table.expiry.due(at, window_seconds, oldest)
        ]
        self._committer.commit(changes, TIME_TO_LIVE)
        return len(changes)
