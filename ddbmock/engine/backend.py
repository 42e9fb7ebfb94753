"""The backend of one mock: its lock, its clock, its journal, and its regions."""

from __future__ import annotations

import random
from contextlib import contextmanager
from typing import TYPE_CHECKING

from ddbmock import messages
from ddbmock.defaults import DEFAULT_ACCOUNT_ID
from ddbmock.engine.callbacks import call_each, raise_first
from ddbmock.engine.clock import Clock
from ddbmock.engine.commit import Committer, Observer
from ddbmock.engine.expiry import DEFAULT_WINDOW_SECONDS
from ddbmock.engine.journal import Journal, Savepoint
from ddbmock.engine.lifecycle import settle, sweep
from ddbmock.engine.region import Region
from ddbmock.errors import MisuseError
from ddbmock.locks import held_here, new_lock

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator


class _Regions(dict[str, Region]):
    """The regions of an account by name, each created when it is first used."""

    def __init__(self, backend: Backend, account_id: str) -> None:
        super().__init__()
        self._backend = backend
        self._account_id = account_id

    def __missing__(self, name: str) -> Region:
        # setdefault is one step for all threads; of two that create a region, one prevails.
        return self.setdefault(name, Region(self._backend, name, self._account_id))


class Backend:
    """Everything that one mock knows: regions, one clock, one source of chance, one journal."""

    def __init__(self, *, account_id: str = DEFAULT_ACCOUNT_ID, seed: int = 0) -> None:
        self.account_id = account_id
        #: Held by each call from its first access to data to its last, so that a condition, its
        #: write, its index entries and its stream record are one step for every thread.
        self.lock = new_lock()
        #: Whether the current thread holds the lock.
        self.is_locked_here = held_here(self.lock)
        self.clock = Clock()
        self.clock.on_move.append(self._follow_clock)
        #: How long a table or index is CREATING, UPDATING and DELETING.
        self.delay_seconds = 0.0
        #: How long an item stays readable after its time to live.
        self.ttl_window_seconds: float = DEFAULT_WINDOW_SECONDS
        self.journal = Journal()
        self._committer = Committer(self.journal, self.clock)
        #: Commits changes of items: `commit([(table, change), ...])`, see `Committer.commit`.
        self.commit = self._committer.commit
        self.random = random.Random(seed)  # noqa: S311 (chance that can be repeated, no secret)
        #: How many shards a new stream has.
        self.stream_shards = 1
        #: What is called after each call, when the call holds no lock any more.
        self.after_call: list[Callable[[], object]] = []
        #: Name -> region; a region that was not used yet is created, and empty.
        self.regions_by_name = _Regions(self, account_id)

    def region(self, name: str) -> Region:
        """Return a region, empty at first."""
        return self.regions_by_name[name]

    def regions(self) -> list[Region]:
        """Return the regions that were used."""
        return list(self.regions_by_name.values())

    # --- exclusive access --------------------------------------------------------------------

    @contextmanager
    def exclusive(self) -> Iterator[None]:
        """Hold the lock for a block that changes the backend.

        Raises:
            MisuseError: This thread is in the middle of a call: a signal handler or a finalizer.
        """
        if self.is_locked_here():
            raise MisuseError(messages.CALL_WITHIN_CALL)
        with self.lock:
            self.journal.finish()
            yield

    @contextmanager
    def atomic(self) -> Iterator[None]:
        """Hold the lock for a block, and take back what it did when it fails."""
        with self.exclusive(), self.journal.undone_on_error():
            yield

    # --- observing ---------------------------------------------------------------------------

    def observe(self, observer: Observer) -> None:
        """Call a function with each `Committed`, after the call that committed it.

        See `commit` for what becomes of its errors.
        """
        if self._committer.deliver not in self.after_call:
            self.after_call.insert(0, self._committer.deliver)
        self._committer.observe(observer)

    def take_part(self, participant: Observer) -> None:
        """Call a function with each `Committed` as the last part of the commit.

        When it raises, the commit is taken back and the call fails.
        """
        self._committer.take_part(participant)

    def finish_call(self) -> None:
        """Do what is done after a call, or after whatever else changed items."""
        errors: list[Exception] = []
        call_each(self.after_call, errors=errors)
        raise_first(errors)

    # --- time --------------------------------------------------------------------------------

    def settle(self) -> None:
        """Do what is due by now in all regions."""
        with self.exclusive():
            self.settle_locked()

    def settle_locked(self) -> None:
        """Do what is due by now, when the lock is held already."""
        self.journal.finish()
        for region in self.regions():
            if region.pending_tables:
                settle(region)

    def _follow_clock(self) -> None:
        # What is in progress, such as a load that sets the clock, does this at its own end.
        if not self.is_locked_here():
            self.settle()
            self.finish_call()

    def expire(self) -> int:
        """Delete the items whose time to live is over by now, and return how many these were."""
        with self.exclusive():
            self.settle_locked()
            now, swept_count = self.clock.seconds(), 0
            for region in self.regions():
                for table in region.tables.values():
                    swept_count += sweep(region, table, now, now)
        self.finish_call()
        return swept_count

    # --- going back --------------------------------------------------------------------------

    def reset(self) -> None:
        """Empty the backend; the clock and the savepoints stay."""
        with self.exclusive():
            for region in self.regions():
                region.store.clear()

    def snapshot(self) -> Savepoint:
        """Return a savepoint of the present state, which `restore` returns to."""
        with self.exclusive():
            return self.journal.savepoint()

    def restore(self, savepoint: Savepoint) -> None:
        """Take back every change since the savepoint."""
        if not isinstance(savepoint, Savepoint):
            raise MisuseError(messages.not_a_savepoint(savepoint))
        with self.exclusive():
            self.journal.restore(savepoint)

    @contextmanager
    def rollback(self) -> Iterator[None]:
        """Take back at the end of the block whatever was changed in it."""
        savepoint = self.snapshot()
        try:
            yield
        finally:
            self.restore(savepoint)
