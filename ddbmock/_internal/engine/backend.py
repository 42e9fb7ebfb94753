"""The backend of one mock: its lock, clock, journal and agenda, its accounts and their regions."""

from __future__ import annotations

import random
from contextlib import contextmanager
from functools import cached_property
from typing import TYPE_CHECKING, Any, cast

from ddbmock._internal.arns import Namespace
from ddbmock._internal.defaults import DEFAULT_ACCOUNT_ID
from ddbmock._internal.engine.agenda import Agenda
from ddbmock._internal.engine.callbacks import call_each, raise_first
from ddbmock._internal.engine.clock import Clock
from ddbmock._internal.engine.commit import Committer, Observer
from ddbmock._internal.engine.features import KINESIS_DESTINATIONS
from ddbmock._internal.engine.journal import Ended, Journal, Savepoint
from ddbmock._internal.engine.quotas import DEFAULT_QUOTAS
from ddbmock._internal.engine.replication import Replicator
from ddbmock._internal.engine.store import Store
from ddbmock._internal.engine.streams import Stream
from ddbmock._internal.engine.table import Table
from ddbmock._internal.engine.time_to_live import Sweeper
from ddbmock._internal.errors import MisuseError
from ddbmock._internal.locks import attaching, held_here, new_lock
from ddbmock._internal.messages import kinesis as kinesis_messages
from ddbmock._internal.messages import misuse as misuse_messages

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, MutableMapping
    from contextlib import AbstractContextManager
    from threading import RLock

    from sortedcontainers import SortedDict

    from ddbmock._internal.engine.features import Feature
    from ddbmock._internal.engine.kinesis import KinesisStreams


class Region:
    """One region of one account: its tables, their streams, and its other resources.

    >>> Backend().region("eu-west-1").arns.table("orders")
    'arn:aws:dynamodb:eu-west-1:123456789012:table/orders'
    """

    def __init__(self, backend: Backend, name: str, account_id: str) -> None:
        self.backend = backend
        self.name = name
        self.account_id = account_id
        #: The ARNs of the region's resources.
        self.arns: Namespace = Namespace(name, account_id)
        #: All resources by kind.
        self.store: Store = Store(backend.journal)
        self._tables = self.store.of(Table, in_order=True)
        #: The tables by name and in its order, for reading.
        self.tables: SortedDict[str, Table] = cast("SortedDict[str, Table]", self._tables.records)
        #: The readable streams by ARN and in its order, those of deleted tables too, for reading.
        self.streams: MutableMapping[str, Stream] = self.store.of(Stream, in_order=True).records

    def all_tables(self) -> list[Table]:
        """Return the tables as they are now, which other threads' calls do not change."""
        with self.backend.lock:
            return list(self.tables.values())

    def add_table(self, table: Table) -> None:
        """Add a table."""
        self._tables.put(table.name, table)
        if self.backend.recent_seconds:
            table.remember("lag", self.backend.recent_seconds, self.backend.clock)

    def remove_table(self, name: str) -> Table:
        """Remove a table with its due tasks, and return it."""
        table = self._tables.remove(name)
        replica = self.backend.replicator.replica_of(table)
        if replica is not None:
            self.backend.replicator.remove(replica)
        self.backend.agenda.cancel_all_of(table)
        return table


class Account:
    """One account: its regions, each created on first use."""

    def __init__(self, backend: Backend, account_id: str) -> None:
        self.account_id = account_id
        #: Name -> region; a missing region is created, empty.
        self.regions_by_name: _Regions = _Regions(backend, account_id)

    def region(self, name: str) -> Region:
        """Return a region, empty at first."""
        return self.regions_by_name[name]

    def regions(self) -> list[Region]:
        """Return the regions that were used."""
        return list(self.regions_by_name.values())


class _Regions(dict[str, Region]):
    def __init__(self, backend: Backend, account_id: str) -> None:
        super().__init__()
        self._backend = backend
        self._account_id = account_id

    def __missing__(self, name: str) -> Region:
        # setdefault is atomic: if two threads create a region, both get the same one.
        return self.setdefault(name, Region(self._backend, name, self._account_id))


class Backend:
    """The state of one mock: accounts, one clock, one random number generator, one journal."""

    #: Makes an unrecorded request (region name, operation, request) if the tables are those of a
    #: real engine; None if they are here.
    remote_request: Callable[[str, str, dict[str, Any]], Any] | None = None

    def __init__(self, *, seed: int = 0) -> None:
        #: Held by each call from its first access to data to its last, so that a condition, its
        #: write, its index entries and its stream record are atomic for every thread.
        self.lock: RLock = new_lock()
        #: Whether the current thread holds the lock.
        self.is_locked_here: Callable[[], bool] = held_here(self.lock)
        self.clock: Clock = Clock()
        self.clock.on_move.append(self._on_clock_move)
        self.journal: Journal = Journal()
        self.agenda: Agenda = Agenda(self.journal)
        self._committer = Committer(self.journal, self.clock)
        #: Commits changes of items: `commit([(table, change), ...])`, see `Committer.commit`.
        self.commit: Callable[..., None] = self._committer.commit
        #: Deletes expired items.
        self.sweeper: Sweeper = Sweeper(self.clock, self.agenda, self._committer)
        self._seed = seed
        #: Replicates writes to the replicas in other regions.
        self.replicator: Replicator = Replicator(
            self.clock,
            self.journal,
            self.agenda,
            self._committer,
            sweeper=self.sweeper,
            next_lag=self._next_lag,
        )
        #: Scales tables by their targets and policies, a `scaling.Scaler`; None without auto
        #: scaling.
        self.scaler: Any = None
        #: How long a table or index is CREATING, UPDATING and DELETING.
        self.delay_seconds: float = 0.0
        #: Where exports go and imports come from, as given to the mock: a folder, a URL or an S3
        #: client; None for whatever answers the S3 clients of this process.
        self.s3: Any = None
        #: The replication lag: the minimum and maximum number of seconds.
        self.lag_seconds: tuple[float, float] = (0.0, 0.0)
        #: The quotas of accounts and tables.
        self.quotas = DEFAULT_QUOTAS
        #: For how long tables remember changes, for eventually consistent reads.
        self.recent_seconds: float = 0.0
        #: Called by `settle`.
        self.on_settle: list[Callable[[], object]] = []
        #: The number of shards of a new stream.
        self.stream_shards = 1
        #: Attaches a feature that an operation uses; set by the service.
        self.on_use: Callable[[Feature[Any]], object] | None = None
        #: The streams of Kinesis destinations; None until there are any.
        self.kinesis: KinesisStreams | None = None
        #: Called after each call, when the call no longer holds the lock.
        self.after_call: list[Callable[[], object]] = []
        #: The default account.
        self.account_id = DEFAULT_ACCOUNT_ID
        self._accounts: dict[str, Account] = {}
        #: The regions of that account.
        self.regions_by_name: _Regions = self.account().regions_by_name

    @cached_property
    def random(self) -> random.Random:
        """The random number generator; to seed one costs as much as the rest of a backend."""
        # Of two threads that create it at the same time, both get the same one: with two of them
        # numbers, such as the ids of requests, would come twice.
        created = random.Random(self._seed)  # noqa: S311 (repeatable, no secrets)
        generator: random.Random = vars(self).setdefault("random", created)
        return generator

    # --- accounts and regions ----------------------------------------------------------------

    def account(self, account_id: str | None = None) -> Account:
        """Return an account, empty at first; by default the default account.

        >>> backend = Backend()
        >>> backend.account("210987654321").region("eu-west-1").arns.table("orders")
        'arn:aws:dynamodb:eu-west-1:210987654321:table/orders'
        """
        name = account_id or self.account_id
        account = self._accounts.get(name)
        return account or self._accounts.setdefault(name, Account(self, name))

    def account_ids(self) -> list[str]:
        """Return the accounts that were used, the default account first."""
        return list(self._accounts)

    def region(self, name: str, account_id: str | None = None) -> Region:
        """Return a region of an account, empty at first."""
        return self.account(account_id).region(name)

    def regions(self) -> list[Region]:
        """Return the regions of the default account that were used."""
        return self.account().regions()

    def all_regions(self) -> list[Region]:
        """Return the regions of all accounts that were used."""
        return [region for account in list(self._accounts.values()) for region in account.regions()]

    def use(self, feature: Feature[Any]) -> None:
        """Attach a feature on its first use."""
        if self.on_use is not None:
            self.on_use(feature)

    def used_kinesis(self) -> KinesisStreams:
        """Return the Kinesis streams, and attach the stages that write to them."""
        self.use(KINESIS_DESTINATIONS)
        if self.kinesis is None:
            raise MisuseError(kinesis_messages.NO_KINESIS_HERE)
        return self.kinesis

    # --- exclusive access --------------------------------------------------------------------

    @contextmanager
    def exclusive(self) -> Iterator[None]:
        """Hold the lock for a block that changes the backend.

        The partial changes of an interrupted call are rolled back first.

        Raises:
            MisuseError: This thread is within a call: in a signal handler or a finalizer.
        """
        if self.is_locked_here():
            raise MisuseError(misuse_messages.CALL_WITHIN_CALL)
        with self.lock:
            self.journal.finish()
            yield

    @contextmanager
    def atomic(self) -> Iterator[None]:
        """Hold the lock for a block, and roll its changes back when it fails."""
        with self.exclusive(), self.journal.undone_on_error():
            yield

    # --- isolated regions --------------------------------------------------------------------

    def isolate(self, region_name: str) -> None:
        """Isolate a region from all others: nothing is replicated from it or to it."""
        with self.exclusive():
            self.run_due()
            self.replicator.isolate(region_name)

    def heal(self, region_name: str) -> None:
        """End the isolation of a region; what was written meanwhile is replicated."""
        with self.exclusive():
            self.replicator.heal(region_name)
            self.run_due()
        self.finish_call()

    def replicated_write_units(self, table: Table) -> float:
        """Return the replicated write units that a table has consumed so far."""
        replica = self.replicator.replica_of(table)
        return 0.0 if replica is None else replica.replicated_write_units

    def _next_lag(self) -> float:
        """Return the replication lag of the next write."""
        least, greatest = self.lag_seconds
        return least if least == greatest else self.random.uniform(least, greatest)

    # --- observers ---------------------------------------------------------------------------

    def observe(self, observer: Observer) -> None:
        """Call a function with each `Committed`, after the call that committed it.

        See `commit` for its errors.
        """
        with attaching:
            if self._committer.deliver not in self.after_call:
                first = int(self._run_due_after_call in self.after_call)
                self.after_call.insert(first, self._committer.deliver)
            self._committer.observe(observer)

    def take_part(self, participant: Observer) -> None:
        """Call a function with each `Committed` as the last part of the commit.

        When it raises, the commit is rolled back and the call fails.
        """
        with attaching:
            self._committer.take_part(participant)

    def run_due_after_calls(self) -> None:
        """Run due tasks right after each call too, for replication without lag."""
        with attaching:
            if self._run_due_after_call not in self.after_call:
                self.after_call.insert(0, self._run_due_after_call)

    def _run_due_after_call(self) -> None:
        due_at = self.agenda.next_due
        if due_at is not None and due_at <= self.clock.seconds() and not self.is_locked_here():
            self.catch_up()

    def add_persister(self, participant: Observer, on_end: Callable[[Ended], object]) -> None:
        """Call functions with each commit, and at the end of every change of the backend.

        Args:
            participant: As in `take_part`.
            on_end: Called as the last part of an outermost commit, of a block that changed
                something, and of a `restore`. When it raises, a commit or block is rolled back.
        """
        with attaching:
            self.take_part(participant)
            self.journal.end_callbacks += (on_end,)

    def remove_persister(self, participant: Observer, on_end: Callable[[Ended], object]) -> None:
        """Remove the functions that `add_persister` added."""
        with attaching:
            self._committer.remove_participant(participant)
            end_callbacks = self.journal.end_callbacks
            self.journal.end_callbacks = tuple(each for each in end_callbacks if each != on_end)

    def finish_call(self) -> None:
        """Call what is to be called after a call, or after any other change of items."""
        errors: list[Exception] = []
        call_each(self.after_call, errors=errors)
        raise_first(errors)

    # --- time --------------------------------------------------------------------------------

    def run_due(self) -> None:
        """Run the tasks that are due, in order; the caller holds the lock."""
        self.agenda.run_due(self.clock.seconds())

    def catch_up(self) -> None:
        """Run the tasks that are due."""
        with self.exclusive():
            self.run_due()

    def settle(self) -> None:
        """Run the tasks that are due, and complete everything in progress."""
        with self.exclusive():
            self.run_due()
            self.agenda.run_pending()
            for function in self.on_settle:
                function()
        self.finish_call()

    def expire(self) -> int:
        """Delete the items that have expired, and return their number."""
        with self.exclusive():
            self.run_due()
            now = self.clock.seconds()
            swept_count = sum(
                self.sweeper.sweep(table, now)
                for region in self.all_regions()
                for table in region.tables.values()
            )
        self.finish_call()
        return swept_count

    def _on_clock_move(self) -> None:
        # A block in progress, such as a load that sets the clock, does this at its own end.
        if not self.is_locked_here():
            self.catch_up()
            self.finish_call()

    # --- snapshots ---------------------------------------------------------------------------

    def reset(self) -> None:
        """Remove all resources; the clock and the savepoints stay."""
        with self.atomic():
            for region in self.all_regions():
                region.store.clear()
            self.replicator.clear()
            self.agenda.clear()

    def snapshot(self) -> Savepoint:
        """Return a savepoint of the present state, which `restore` returns to."""
        with self.exclusive():
            return self.journal.savepoint()

    def restore(self, savepoint: Savepoint) -> None:
        """Roll back every change since the savepoint."""
        if not isinstance(savepoint, Savepoint):
            raise MisuseError(misuse_messages.not_a_savepoint(savepoint))
        with self.exclusive():
            self.journal.restore(savepoint)
            self.journal.end(Ended.RESTORE)

    def set_up(self) -> AbstractContextManager[None]:
        """Return a block in which a test sets up tables, all of them or none."""
        return self.atomic()

    @contextmanager
    def rollback(self) -> Iterator[None]:
        """Roll back all changes of the block at its end."""
        savepoint = self.snapshot()
        try:
            yield
        finally:
            self.restore(savepoint)
