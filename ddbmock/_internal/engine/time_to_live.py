"""Time to live: deleting expired items of a table, as the service does in the background.

https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/howitworks-ttl.html
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ddbmock._internal import limits
from ddbmock._internal.engine.changes import Change
from ddbmock._internal.engine.commit import TIME_TO_LIVE
from ddbmock._internal.engine.expiry import DEFAULT_WINDOW_SECONDS, ExpiryQueue

if TYPE_CHECKING:
    from collections.abc import Callable

    from ddbmock._internal.engine.agenda import Agenda
    from ddbmock._internal.engine.clock import Clock
    from ddbmock._internal.engine.commit import Committer
    from ddbmock._internal.engine.table import Table


class Sweeper:
    """Deletes expired items of tables, now or when it is due."""

    def __init__(self, clock: Clock, agenda: Agenda, committer: Committer) -> None:
        self._clock = clock
        self._agenda = agenda
        self._committer = committer
        #: How long an item stays readable after its time.
        self.window_seconds: float = DEFAULT_WINDOW_SECONDS
        #: Whether a table deletes its expired items; of several replicas, only one does.
        self.deletes_in: Callable[[Table], bool] = lambda _: True
        #: Called with a table and the number of its items that were deleted.
        self.on_deleted: list[Callable[[Table, int], object]] = []

    def enable(self, table: Table, attribute_name: str) -> None:
        """Delete the items of a table from now on when the time in an attribute has passed."""
        queue = ExpiryQueue(attribute_name, lambda time: self._schedule(table, time))
        table.use_expiry(queue)
        queue.rebuild(table.items)

    def disable(self, table: Table) -> None:
        """Stop deleting expired items of a table."""
        table.use_expiry(None)
        self._agenda.cancel((table, TIME_TO_LIVE))

    def _schedule(self, table: Table, time: Any) -> None:
        """Schedule a sweep for an item with a time to live, unless an earlier one is due."""
        oldest = self._clock.seconds() - limits.TIME_TO_LIVE_AGE_SECONDS_MAX
        if time >= oldest:
            self._schedule_sweep(table, time, oldest)

    def _schedule_sweep(self, table: Table, time: Any, oldest: float) -> None:
        key, due_at = (table, TIME_TO_LIVE), float(time) + self.window_seconds
        scheduled = self._agenda.due_at(key)
        if scheduled is None or due_at < scheduled:
            self._agenda.schedule(key, due_at, lambda at: self._sweep_due(table, at, oldest))

    def resume(self, table: Table) -> None:
        """Delete the items that have expired in a replica while another one was to delete them."""
        if table.expiry is not None:
            oldest = self._clock.seconds() - limits.TIME_TO_LIVE_AGE_SECONDS_MAX
            first = table.expiry.first_from(oldest)
            if first is not None:
                self._schedule_sweep(table, first, oldest)

    def _sweep_due(self, table: Table, at: float, oldest: float) -> None:
        # What was too old when the sweep was scheduled stays too old.
        since = max(at - limits.TIME_TO_LIVE_AGE_SECONDS_MAX, oldest)
        if self.deletes_in(table):
            self._delete(table, at, self.window_seconds, since)
        elif table.expiry is not None:
            since = table.expiry.first_not_due(at, self.window_seconds)
        if table.expiry is not None and since is not None:
            following = table.expiry.first_from(since)
            if following is not None:
                self._schedule_sweep(table, following, since)

    def sweep(self, table: Table, at: float) -> int:
        """Delete the items that have expired at a time, and return their number.

        Their index entries are removed and streams get a record, but nothing is charged.
        """
        if not self.deletes_in(table):
            return 0
        return self._delete(table, at, 0.0, at - limits.TIME_TO_LIVE_AGE_SECONDS_MAX)

    def _delete(self, table: Table, at: float, window_seconds: float, since: float) -> int:
        if table.expiry is None:
            return 0
        changes = [
            (table, Change(key, table.items[key], None, by_service=True))
            for key in table.expiry.due(at, window_seconds, since)
        ]
        self._committer.commit(changes, TIME_TO_LIVE)
        if changes:
            for note in self.on_deleted:
                note(table, len(changes))
        return len(changes)
