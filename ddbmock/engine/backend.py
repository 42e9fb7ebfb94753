"""The backend of one mock: regions, each with its tables, its lock and its tokens."""

from __future__ import annotations

import random
from contextlib import contextmanager
from threading import RLock
from typing import TYPE_CHECKING, Any

from sortedcontainers import SortedDict

from ddbmock.defaults import DEFAULT_ACCOUNT_ID
from ddbmock.engine.clock import Clock
from ddbmock.engine.expiry import DEFAULT_WINDOW_SECONDS, sweep
from ddbmock.engine.journal import Journal, Mark
from ddbmock.engine.lifecycle import settle

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from ddbmock.engine.streams import Stream
    from ddbmock.engine.table import Table

def _partition_of(region_name: str) -> str:
    if region_name.startswith("cn-"):
        return "aws-cn"
    return "aws-us-gov" if region_name.startswith("us-gov-") else "aws"


class Region:
    """One region of one account: a backend of its own, whole calls run under its lock."""

    def __init__(self, backend: Backend, name: str) -> None:
        self.backend = backend
        self.name = name
        #: A call runs whole under this lock, so that a condition, its write, its index entries and
        #: its stream record are one step for every thread.
        self.lock = RLock()
        self.tables: SortedDict[str, Table] = SortedDict()
        #: The names of tables that may have something to do when time passes.
        self.pending_tables: set[str] = set()
        #: ARN -> stream, those of disabled streams and deleted tables too; replaced, never changed.
        self.streams: dict[str, Stream] = {}
        #: Client tokens of transactions: token -> what `operations.transactions` remembers of it.
        self.transaction_tokens: dict[str, Any] = {}

    def arn(self, resource: str) -> str:
        """Return the ARN of a resource of DynamoDB in this region, such as `table/orders`."""
        partition = _partition_of(self.name)
        return f"arn:{partition}:dynamodb:{self.name}:{self.backend.account_id}:{resource}"

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
    >>> backend.region("eu-west-1").arn("table/orders")
    'arn:aws:dynamodb:eu-west-1:123456789012:table/orders'
    """

    def __init__(self, *, account_id: str = DEFAULT_ACCOUNT_ID, seed: int = 0) -> None:
        self.account_id = account_id
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
        for region in self.regions():
            with region.lock:
                region.settle()

    def _follow_clock(self) -> None:
        self.settle()
        self.finish_call()

    def finish_call(self) -> None:
        """Do what is done after a call, or after whatever else changed items."""
        for follow in self.after_call:
            follow()

    def expire(self) -> int:
        """Delete the items whose time to live is over by now, and return how many these were."""
        self.settle()
        now, swept_count = self.clock.seconds(), 0
        for region in self.regions():
            with region.lock:
                swept_count += sum(sweep(table, now, now) for table in region.tables.values())
        self.finish_call()
        return swept_count

    def reset(self) -> None:
        """Empty the backend; the clock and the marks stay."""
        for region in self.regions():
            with region.lock:
                for name in list(region.tables):
                    region.remove_table(name)
                region.forget_tokens()
                region.remove_streams()

    def snapshot(self) -> Mark:
        """Return a mark of this moment, which `restore` returns to."""
        return self.journal.mark()

    def restore(self, mark: Mark) -> None:
        """Take back every change since the mark."""
        regions = self.regions()
        for region in regions:
            region.lock.acquire()
        try:
            self.journal.restore(mark)
        finally:
            for region in reversed(regions):
                region.lock.release()

    @contextmanager
    def rollback(self) -> Iterator[None]:
        """Take back at the end of the block whatever was changed in it."""
        mark = self.snapshot()
        try:
            yield
        finally:
            self.restore(mark)
