"""The backend of one mock: its lock, its clock and its regions with their tables and tokens."""

from __future__ import annotations

import random
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from sortedcontainers import SortedDict

from ddbmock import messages
from ddbmock.arns import Namespace
from ddbmock.defaults import DEFAULT_ACCOUNT_ID
from ddbmock.engine.clock import Clock
from ddbmock.engine.expiry import DEFAULT_WINDOW_SECONDS, sweep
from ddbmock.engine.journal import Journal, Mark
from ddbmock.engine.lifecycle import settle
from ddbmock.errors import MisuseError
from ddbmock.locks import held_here, new_lock

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from ddbmock.engine.streams import Stream
    from ddbmock.engine.table import Table


class Region:
    """One region of one account: its tables, streams and transaction tokens."""

    def __init__(self, backend: Backend, name: str) -> None:
        self.backend = backend
        self.name = name
        #: The ARNs of the region's resources.
        self.arns = Namespace(name, backend.account_id)
        self.tables: SortedDict[str, Table] = SortedDict()
        #: The names of tables that may have something to do when time passes.
        self.pending_tables: set[str] = set()
        #: ARN -> stream, those of disabled streams and deleted tables too; replaced, never changed.
        self.streams: dict[str, Stream] = {}
        #: Client tokens of transactions: token -> what `operations.transactions` remembers of it.
        self.transaction_tokens: dict[str, Any] = {}

    def add_table(self, table: Table) -> None:
        """Let a table be."""
        self.tables[table.name] = table
        if self.backend.journal.recording:
            self.backend.journal.record(self.tables.pop, table.name)

    def forget_tokens(self) -> None:
        """Forget the client tokens of all transactions."""
        if self.backend.journal.recording:
            tokens = dict(self.transaction_tokens)
            self.backend.journal.record(self.transaction_tokens.update, tokens)
        self.transaction_tokens.clear()

    def remove_table(self, name: str) -> Table:
        """Let a table be no more, and return it."""
        table: Table = self.tables.pop(name)
        if self.backend.journal.recording:
            self.backend.journal.record(self.tables.__setitem__, name, table)
        return table

    def settle(self) -> None:
        """Do what is due by now; a call does so before anything else."""
        if self.pending_tables:
            settle(self)

    def remove_streams(self) -> None:
        """Let all streams be no more."""
        if self.backend.journal.recording:
            self.backend.journal.record(setattr, self, "streams", self.streams)
        self.streams = {}


class _Regions(dict[str, Region]):
    """The regions of a backend by name, each made when it is first asked for."""

    def __init__(self, backend: Backend) -> None:
        super().__init__()
        self._backend = backend

    def __missing__(self, name: str) -> Region:
        # setdefault is one step for all threads; two may build a region, one of them is kept.
        return self.setdefault(name, Region(self._backend, name))


class Backend:
    """Everything that one mock knows: regions, one clock, one source of chance, one journal.

    >>> backend = Backend()
    >>> backend.region("eu-west-1").arns.table("orders")
    'arn:aws:dynamodb:eu-west-1:123456789012:table/orders'
    """

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
        self.random = random.Random(seed)  # noqa: S311 (chance that can be repeated, no secret)
        #: How many shards a new stream has.
        self.stream_shards = 1
        #: What is done after each call, when the call holds no lock any more.
        self.after_call: list[Callable[[], object]] = []
        #: Name -> region; a region that was not used yet is made, and empty.
        self.regions_by_name = _Regions(self)

    def region(self, name: str) -> Region:
        """Return a region, empty at first."""
        return self.regions_by_name[name]

    def regions(self) -> list[Region]:
        """Return the regions that were used."""
        return list(self.regions_by_name.values())

    def settle(self) -> None:
        """Do what is due by now in all regions."""
        with self.exclusive():
            self._settle()

    def _settle(self) -> None:
        for region in self.regions():
            region.settle()

    def _follow_clock(self) -> None:
        # What is in progress, such as a load that sets the clock, does this at its own end.
        if not self.is_locked_here():
            self.settle()
            self.finish_call()

    @contextmanager
    def exclusive(self) -> Iterator[None]:
        """Hold the lock for a block that changes the backend.

        Raises:
            MisuseError: This thread is in the middle of a call: a signal handler or a finalizer.
        """
        if self.is_locked_here():
            raise MisuseError(messages.CALL_WITHIN_CALL)
        with self.lock:
            yield

    def finish_call(self) -> None:
        """Do what is done after a call, or after whatever else changed items."""
        for follow in self.after_call:
            follow()

    def expire(self) -> int:
        """Delete the items whose time to live is over by now, and return how many these were."""
        with self.exclusive():
            self._settle()
            now, swept_count = self.clock.seconds(), 0
            for region in self.regions():
                swept_count += sum(sweep(table, now, now) for table in region.tables.values())
        self.finish_call()
        return swept_count

    def reset(self) -> None:
        """Empty the backend; the clock and the marks stay."""
        with self.exclusive():
            for region in self.regions():
                for name in list(region.tables):
                    region.remove_table(name)
                region.forget_tokens()
                region.remove_streams()

    def snapshot(self) -> Mark:
        """Return a mark of this moment, which `restore` returns to."""
        with self.exclusive():
            return self.journal.mark()

    def restore(self, mark: Mark) -> None:
        """Take back every change since the mark."""
        if not isinstance(mark, Mark):
            raise MisuseError(messages.not_a_mark(mark))
        with self.exclusive():
            self.journal.restore(mark)

    @contextmanager
    def atomic(self) -> Iterator[None]:
        """Hold the lock for a block, and take back what it did when it fails."""
        with self.exclusive():
            mark = self.journal.mark()
            try:
                yield
            except BaseException:
                self.journal.restore(mark)
                raise

    @contextmanager
    def rollback(self) -> Iterator[None]:
        """Take back at the end of the block whatever was changed in it."""
        mark = self.snapshot()
        try:
            yield
        finally:
            self.restore(mark)
