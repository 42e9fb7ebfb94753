"""Global tables: the replicas of a group, the versions of their items, and the updates in transit.

`replication` sends the updates and applies them.

https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/GlobalTables.html
"""

from __future__ import annotations

from collections import deque
from typing import TYPE_CHECKING, NamedTuple

from ddbmock._internal.engine.capacity import write_units

if TYPE_CHECKING:
    from collections.abc import Callable

    from ddbmock._internal.engine.changes import Change
    from ddbmock._internal.engine.clock import Clock
    from ddbmock._internal.engine.items import StoredItem
    from ddbmock._internal.engine.journal import Entry
    from ddbmock._internal.engine.keys import OrderKey
    from ddbmock._internal.engine.table import Table

    #: Sends a change of a replica to the others, and adds to a log how to undo that.
    Send = Callable[["Replica", Change, list[Entry]], None]


class Version(NamedTuple):
    """The version of an item; a greater version is a later write."""

    at: float
    #: Of two writes at the same time on the clock, the second has the greater number.
    number: int


class Update(NamedTuple):
    """A write in transit to another replica."""

    version: Version
    key: OrderKey
    #: None where the item was deleted.
    item: StoredItem | None
    due_at: float


class Written(NamedTuple):
    """A write with strong consistency: its region, and when it ends."""

    region_name: str
    until: float


class GlobalTable:
    """A group of tables with one name, one in each of several regions."""

    def __init__(self, *, is_strong: bool = False, witness: str | None = None) -> None:
        #: Whether a read can see every write of any region.
        self.is_strong = is_strong
        #: The witness region, which takes part in writes without holding a table.
        self.witness = witness
        #: The replicas, oldest first.
        self.replicas: tuple[Replica, ...] = ()
        #: The version of what is being written to replicas; None when a program writes.
        self.arriving: Version | None = None
        #: The writes that others may conflict with, by key; only with a lag.
        self.in_progress: dict[OrderKey, Written] = {}

    @property
    def is_of_accounts(self) -> bool:
        """Whether each replica is in an account of its own."""
        return len({replica.account_id for replica in self.replicas}) > 1

    @property
    def region_names(self) -> list[str]:
        """The regions with a replica."""
        return [replica.region_name for replica in self.replicas]

    def replica_in(self, region_name: str) -> Replica | None:
        """Return the replica in a region, if there is one."""
        for replica in self.replicas:
            if replica.region_name == region_name:
                return replica
        return None

    def restore_in_progress(self, key: OrderKey, written: Written | None) -> None:
        """Note an earlier write again: the undo of noting another one."""
        if written is None:
            self.in_progress.pop(key, None)
        else:
            self.in_progress[key] = written


class Replica:
    """One table of a global table, and the updates in transit from it to the others."""

    def __init__(  # noqa: PLR0913 (its identity and origin)
        self,
        send: Send,
        clock: Clock,
        region_name: str,
        table: Table,
        group: GlobalTable,
        *,
        account_id: str,
        joined_at: float,
        source: str | None,
    ) -> None:
        self._send = send
        self._clock = clock
        self.region_name = region_name
        self.account_id = account_id
        self.table = table
        self.group = group
        self.joined_at = joined_at
        #: The region whose items it was created from; None for the first replica.
        self.source = source
        #: The updates in transit to each other replica, oldest first.
        self.links: dict[Replica, deque[Update]] = {}
        #: The versions of recently written items, including deleted ones.
        self.versions: dict[OrderKey, Version] = {}
        #: Replicated write units of the table so far, of its own writes and of updates that
        #: arrived.
        self.replicated_write_units: float = 0.0

    @property
    def now(self) -> float:
        """The present time."""
        return self._clock.seconds()

    @property
    def takes_part(self) -> bool:
        """Whether it sends and gets writes: it is not being deleted."""
        return self.record in self.table.recorders

    @property
    def others(self) -> list[Replica]:
        """The other replicas of the group, oldest first."""
        return [replica for replica in self.group.replicas if replica is not self]

    # --- a recorder of the table -------------------------------------------------------------

    def record(self, change: Change, undo_log: list[Entry]) -> None:
        """Charge a change, and send it to the other replicas if it was made in this region."""
        if not change.by_service:  # deletions by the service are free in their own region
            undo_log.append((setattr, self, "replicated_write_units", self.replicated_write_units))
            self.replicated_write_units += write_units(change.written_bytes)
        if self.group.arriving is None:
            self._send(self, change, undo_log)

    def restore_version(self, key: OrderKey, version: Version | None) -> None:
        """Note the version of an item, or remove it."""
        if version is None:
            self.versions.pop(key, None)
        else:
            self.versions[key] = version

    def forget_from(self, target: Replica, number: int) -> None:
        """Drop the updates of a link from this write on: the undo of adding them."""
        updates = self.links.get(target)
        while updates and updates[-1].version.number >= number:
            updates.pop()

    def put_first(self, target: Replica, update: Update) -> None:
        """Put an update before all others of a link: the undo of its arrival."""
        updates = self.links.setdefault(target, deque())
        if not updates or updates[0] is not update:
            updates.appendleft(update)

    def _check(self) -> None:
        """Assert that links go to the other replicas; for tests."""
        assert self in self.group.replicas  # noqa: S101
        assert set(self.links) <= set(self.others)  # noqa: S101
