"""The commit: changes of items in several tables, all of them or none.

1. Changes are planned (`Table.plan`) before anything is written, so that they can be charged.
2. A commit writes items, indexes, sizes and expiry queues, and the recorders of each table (its
   stream, its history) record the changes. Participants, such as a database on disk, are called
   last. When any of this fails, whether by a bug, a full disk or an exception of a signal
   handler, everything is rolled back, and the caller gets the error.
3. Observers are functions that are called after it, when the backend's lock is free again: in the
   order of the commits, one commit at a time. What they raise does not roll the commit back. All
   of them are called, then the first error is raised from the call that was being answered.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, NamedTuple

from ddbmock._internal.engine.callbacks import call_each, raise_first
from ddbmock._internal.engine.journal import Ended
from ddbmock._internal.locks import held_here, new_lock

if TYPE_CHECKING:
    from ddbmock._internal.engine.changes import Change
    from ddbmock._internal.engine.clock import Clock
    from ddbmock._internal.engine.journal import Entry, Journal
    from ddbmock._internal.engine.table import Table

#: The origin of a commit: a call of a program, data loaded by a test, or the service itself.
CALL, LOAD, TIME_TO_LIVE = "call", "load", "time to live"


class Committed(NamedTuple):
    """Changes that were committed together."""

    #: Epoch seconds on the backend's clock.
    at: float
    #: `CALL`, `LOAD`, `TIME_TO_LIVE`, or what the caller of `commit` passes.
    origin: str
    #: Each changed item with its table, including changes whose old and new items are equal.
    changes: Sequence[tuple[Table, Change]]


Observer = Callable[[Committed], object]


class Committer:
    """Commits changes of items, and reports them to participants and observers."""

    __slots__ = (
        "_clock",
        "_delivering",
        "_is_delivering_here",
        "_is_observed",
        "_journal",
        "_observers",
        "_participants",
        "_undelivered",
        "_written_in_commit",
    )  # fmt: skip

    def __init__(self, journal: Journal, clock: Clock) -> None:
        self._journal = journal
        self._clock = clock
        self._participants: tuple[Observer, ...] = ()
        self._observers: tuple[Observer, ...] = ()
        self._is_observed = False
        #: Changes that recorders have written as a part of the commit in progress.
        self._written_in_commit: list[tuple[Table, Change]] = []
        self._undelivered: deque[Committed] = deque()
        self._delivering = new_lock()
        self._is_delivering_here = held_here(self._delivering)

    def commit(self, changes: Sequence[tuple[Table, Change]], origin: str = CALL) -> None:
        """Write changes, all of them or none; the caller holds the backend's lock.

        Each item is changed at most once. Changes that are not planned yet are planned here.
        """
        journal = self._journal
        outer = journal.unfinished
        # Without savepoints, undo entries are needed until the end of the commit only.
        log: list[Entry] | None = journal.log()
        if log is None:
            log = []
        journal.unfinished = (log, len(log))
        try:
            for table, change in changes:
                if not change.is_planned:
                    table.plan(change)
                if change.is_noop:
                    continue
                log.append((table.restore_item, change.key, change.old))
                table.write(change)
                for record in table.recorders:
                    record(change, log)
            if self._written_in_commit:
                changes, self._written_in_commit = [*changes, *self._written_in_commit], []
            if self._is_observed:
                self._report(Committed(self._clock.seconds(), origin, changes))
                if outer is None:
                    journal.end(Ended.COMMIT)
        except BaseException:
            self._written_in_commit = []
            journal.finish()
            journal.unfinished = outer
            raise
        journal.unfinished = outer

    def write_in_commit(self, table: Table, change: Change, log: list[Entry]) -> None:
        """Write a further change as a part of the commit in progress; for recorders.

        Args:
            table: A table of any region that the commit does not change otherwise.
            change: What is written, not planned yet.
            log: The log that the recorder got.
        """
        table.plan(change)
        if not change.is_noop:
            log.append((table.restore_item, change.key, change.old))
            table.write(change)
            for record in table.recorders:
                record(change, log)
            self._written_in_commit.append((table, change))

    def take_part(self, participant: Observer) -> None:
        """Call a function as the last part of each commit, which fails when it raises."""
        self._participants += (participant,)
        self._is_observed = True

    def remove_participant(self, participant: Observer) -> None:
        """Remove a function that `take_part` added."""
        self._participants = tuple(each for each in self._participants if each != participant)

    def observe(self, observer: Observer) -> None:
        """Call a function after each commit, when `deliver` is called."""
        self._observers += (observer,)
        self._is_observed = True

    def _report(self, committed: Committed) -> None:
        for take_part in self._participants:
            take_part(committed)
        if self._observers:
            self._undelivered.append(committed)

    def deliver(self) -> None:
        """Call the observers with the commits that they have not had; the backend's lock is free.

        Commits that an observer's own calls make are delivered after the present one, and so are
        those of other threads.
        """
        errors: list[Exception] = []
        while self._undelivered and not self._is_delivering_here():
            if not self._delivering.acquire(blocking=False):
                break
            try:
                while self._undelivered:
                    committed = self._undelivered.popleft()
                    call_each(self._observers, committed, errors=errors)
            finally:
                self._delivering.release()
        raise_first(errors)
