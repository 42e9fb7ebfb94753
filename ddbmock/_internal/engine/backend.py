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
from ddbmock._internal.locks import held_here, new_lock
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

    def add_table(self, table: Table) -> None:
        """Add a table."""
        self._tables.put(table.name, table)
        if self.backend.recent_seconds:
            table.remember("lag", self.backend.recent_seconds, self.backend.clock)

    def remove_table(self, name: str) -> Table:
        """Remove a table, with everything that is due of it, and return it."""
        table = self._tables.remove(name)
        replica = self.backend.replicator.replica_of(table)
        if replica is not None:
            self.backend.replicator.remove(replica)
        self.backend.agenda.cancel_all_of(table)
        return table


class Account:
    """One account: its regions, each created when it is first used."""

    def __init__(self, backend: Backend, account_id: str) -> None:
        self.account_id = account_id
        #: Name -> region; a region that was not used yet is created, and empty.
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
        # setdefault is one step for all threads; of two that create a region, one prevails.
        return self.setdefault(name, Region(self._backend, name, self._account_id))


class Backend:
    """Everything that one mock knows: accounts, one clock, one source of chance, one journal."""

    #: Makes an unrecorded request, where the tables are those of a real engine: region name,
    #: operation, request. None where they are here.
    remote_request: Callable[[str, str, dict[str, Any]], Any] | None = None

    def __init__(self, *, account_id: str = DEFAULT_ACCOUNT_ID, seed: int = 0) -> None:
        #: Held by each call from its first access to data to its last, so that a condition, its
        #: write, its index entries and its stream record are one step for every thread.
        self.lock: RLock = new_lock()
        #: Whether the current thread holds the lock.
        self.is_locked_here: Callable[[], bool] = held_here(self.lock)
        self.clock: Clock = Clock()
        self.clock.on_move.append(self._follow_clock)
        self.journal: Journal = Journal()
        self.agenda: Agenda = Agenda(self.journal)
        self._committer = Committer(self.journal, self.clock)
        #: Commits changes of items: `commit([(table, change), ...])`, see `Committer.commit`.
        self.commit: Callable[..., None] = self._committer.commit
        #: Deletes the items whose time to live is over.
        self.sweeper: Sweeper = Sweeper(self.clock, self.agenda, self._committer)
        self._seed = seed
        #: Brings what is written to a table to its replicas in other regions.
        self.replicator: Replicator = Replicator(
            self.clock,
            self.journal,
            self.agenda,
            self._committer,
            sweeper=self.sweeper,
            next_lag=self._next_lag,
        )
        #: Scales tables as their targets and policies say, a `scaling.Scaler`; None where nobody
        #: does.
        self.scaler: Any = None
        #: How long a table or index is CREATING, UPDATING and DELETING.
        self.delay_seconds: float = 0.0
        #: Where exports go and imports come from, as the mock was given it: a folder, a URL or an
        #: S3 client; None for what answers the S3 clients of this process.
        self.s3: Any = None
        #: How far what is replicated may be behind: the least and the greatest number of seconds.
        self.lag_seconds: tuple[float, float] = (0.0, 0.0)
        #: What accounts and tables may have.
        self.quotas = DEFAULT_QUOTAS
        #: For how long tables remember what has changed, for reads that are behind.
        self.recent_seconds: float = 0.0
        #: What is called when everything that is pending is ended at once.
        self.on_settle: list[Callable[[], object]] = []
        #: How many shards a new stream has.
        self.stream_shards = 1
        #: What is called when an operation uses a feature; the service sets it.
        self.on_use: Callable[[Feature[Any]], object] | None = None
        #: Which keys are accessed most, where contributor insights are enabled; None until then.
        self.key_counts: Any = None
        #: Where the records of Kinesis destinations go; None until there are any.
        self.kinesis: KinesisStreams | None = None
        #: What is called after each call, when the call holds no lock any more.
        self.after_call: list[Callable[[], object]] = []
        #: The default account.
        self.account_id = account_id
        self._accounts: dict[str, Account] = {}
        #: The regions of that account.
        self.regions_by_name: _Regions = self.account().regions_by_name

    @cached_property
    def random(self) -> random.Random:
        """The source of chance; to begin one costs as much as the rest of a backend."""
        return random.Random(self._seed)  # noqa: S311 (chance that can be repeated, no secret)

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
        """Note that a feature is used, from now on."""
        if self.on_use is not None:
            self.on_use(feature)

    def used_kinesis(self) -> KinesisStreams:
        """Return the Kinesis streams, which are used from now on."""
        self.use(KINESIS_DESTINATIONS)
        if self.kinesis is None:
            raise MisuseError(kinesis_messages.NO_KINESIS_HERE)
        return self.kinesis

    # --- exclusive access --------------------------------------------------------------------

    @contextmanager
    def exclusive(self) -> Iterator[None]:
        """Hold the lock for a block that changes the backend.

        What an interrupted call has left half done is taken back first.

        Raises:
            MisuseError: This thread is in the middle of a call: a signal handler or a finalizer.
        """
        if self.is_locked_here():
            raise MisuseError(misuse_messages.CALL_WITHIN_CALL)
        with self.lock:
            self.journal.finish()
            yield

    @contextmanager
    def atomic(self) -> Iterator[None]:
        """Hold the lock for a block, and take back what it did when it fails."""
        with self.exclusive(), self.journal.undone_on_error():
            yield

    # --- regions that are cut off ------------------------------------------------------------

    def isolate(self, region_name: str) -> None:
        """Cut a region off from all others: nothing is replicated from it and to it."""
        with self.exclusive():
            self.run_due()
            self.replicator.isolate(region_name)

    def heal(self, region_name: str) -> None:
        """End what `isolate` began; what was written meanwhile is replicated."""
        with self.exclusive():
            self.replicator.heal(region_name)
            self.run_due()
        self.finish_call()

    def replicated_write_units(self, table: Table) -> float:
        """Return what was consumed so far of a table's replicated write units."""
        replica = self.replicator.replica_of(table)
        return 0.0 if replica is None else replica.replicated_write_units

    def _next_lag(self) -> float:
        """Return how long the next write takes to arrive in another region."""
        least, greatest = self.lag_seconds
        return least if least == greatest else self.random.uniform(least, greatest)

    # --- observers ---------------------------------------------------------------------------

    def observe(self, observer: Observer) -> None:
        """Call a function with each `Committed`, after the call that committed it.

        See `commit` for what becomes of its errors.
        """
        if self._committer.deliver not in self.after_call:
            first = int(self._run_due_after_call in self.after_call)
            self.after_call.insert(first, self._committer.deliver)
        self._committer.observe(observer)

    def take_part(self, participant: Observer) -> None:
        """Call a function with each `Committed` as the last part of the commit.

        When it raises, the commit is taken back and the call fails.
        """
        self._committer.take_part(participant)

    def follow_calls(self) -> None:
        """Run what a call makes due right after it: replication that has no lag."""
        if self._run_due_after_call not in self.after_call:
            self.after_call.insert(0, self._run_due_after_call)

    def _run_due_after_call(self) -> None:
        due_at = self.agenda.next_due
        if due_at is not None and due_at <= self.clock.seconds() and not self.is_locked_here():
            self.catch_up()

    def end_with(self, participant: Observer, ender: Callable[[Ended], object]) -> None:
        """Call functions with each commit, and at the end of whatever changes the backend.

        Args:
            participant: As in `take_part`.
            ender: Called as the last part of an outermost commit, of a block that changed
                something, and of a `restore`. When it raises, a commit or block is taken back.
        """
        self.take_part(participant)
        self.journal.enders += (ender,)

    def leave(self, participant: Observer, ender: Callable[[Ended], object]) -> None:
        """End what `end_with` began."""
        self._committer.leave(participant)
        enders = self.journal.enders
        self.journal.enders = tuple(each for each in enders if each != ender)

    def finish_call(self) -> None:
        """Do what is done after a call, or after whatever else changed items."""
        errors: list[Exception] = []
        call_each(self.after_call, errors=errors)
        raise_first(errors)

    # --- time --------------------------------------------------------------------------------

    def run_due(self) -> None:
        """Run what is due by now, in the order of the times; the caller holds the lock."""
        self.agenda.run_due(self.clock.seconds())

    def catch_up(self) -> None:
        """Bring the backend up to the present: run what is due by now."""
        with self.exclusive():
            self.run_due()

    def settle(self) -> None:
        """Run what is due by now, and end what is in progress as if its time had passed."""
        with self.exclusive():
            self.run_due()
            self.agenda.run_pending()
            for function in self.on_settle:
                function()
        self.finish_call()

    def expire(self) -> int:
        """Delete the items whose time to live is over by now, and return how many these were."""
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

    def _follow_clock(self) -> None:
        # What is in progress, such as a load that sets the clock, does this at its own end.
        if not self.is_locked_here():
            self.catch_up()
            self.finish_call()

    # --- going back --------------------------------------------------------------------------

    def reset(self) -> None:
        """Empty the backend; the clock and the savepoints stay."""
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
        """Take back every change since the savepoint."""
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
        """Take back at the end of the block whatever was changed in it."""
        savepoint = self.snapshot()
        try:
            yield
        finally:
            self.restore(savepoint)
