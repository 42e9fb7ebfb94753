"""Replication: how the tables of a global table get each other's changes.

1. Each replica has a *link* to each other one: the updates in transit, oldest first. They arrive
   after the lag, in order, and none passes into or out of an isolated region.
2. Each write has a *version*. An update that arrives replaces an item with an older version, and is
   dropped otherwise: the last writer wins, for complete items. Versions are needed only while
   updates are in transit, and are dropped afterwards.
3. A group with strong consistency writes to all connected replicas in one commit. Isolated ones get
   the updates when they are connected again.
4. A table that is not replicated pays nothing for this: a replica is a recorder of its table.

https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/GlobalTables.html
"""

from __future__ import annotations

from collections import deque
from contextlib import contextmanager
from typing import TYPE_CHECKING

from ddbmock._internal.engine.capacity import write_units
from ddbmock._internal.engine.changes import Change
from ddbmock._internal.engine.global_tables import GlobalTable, Replica, Update, Version, Written
from ddbmock._internal.errors import InternalServerError, ReplicatedWriteConflictError
from ddbmock._internal.messages import replicas as replica_messages
from ddbmock._internal.messages import throttling as throttling_messages

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from ddbmock._internal.engine.agenda import Agenda
    from ddbmock._internal.engine.clock import Clock
    from ddbmock._internal.engine.commit import Committer
    from ddbmock._internal.engine.journal import Entry, Journal
    from ddbmock._internal.engine.keys import OrderKey
    from ddbmock._internal.engine.table import Table
    from ddbmock._internal.engine.time_to_live import Sweeper

#: The origin of commits of updates from another region.
REPLICATION = "replication"
#: How many writes may be noted as in progress before the finished ones are dropped.
_IN_PROGRESS_MAX = 1000
#: How many of the three regions of a group with strong consistency must take part in a write.
_QUORUM = 2


class Replicator:
    """Replicates writes to the other replicas of a group."""

    def __init__(  # noqa: PLR0913 (the parts of a backend)
        self,
        clock: Clock,
        journal: Journal,
        agenda: Agenda,
        committer: Committer,
        *,
        sweeper: Sweeper,
        next_lag: Callable[[], float],
    ) -> None:
        self._clock = clock
        self._journal = journal
        self._agenda = agenda
        self._committer = committer
        self._sweeper = sweeper
        sweeper.deletes_in = self.deletes_in
        #: Returns how many seconds the next write takes to arrive in another region.
        self._next_lag = next_lag
        #: The isolated regions: nothing is replicated from them or to them.
        self.isolated: frozenset[str] = frozenset()
        #: Called with each update that arrived: source, target, and the latency in seconds.
        self.on_arrival: list[Callable[[Replica, Replica, float], object]] = []
        #: The number of the last write; it never decreases.
        self.last_number: int = 0
        #: Each replicated table with its replica, for reading.
        self.replicas: Mapping[Table, Replica] = {}

    def charge_transaction(self, changes: Sequence[tuple[Table, Change]]) -> None:
        """Charge the changes of a transaction, which cost double in the region of the call."""
        for table, change in changes:
            replica = self.replicas.get(table)
            if replica is not None and not change.is_noop:
                units = replica.replicated_write_units + write_units(change.written_bytes)
                self._journal.assign(replica, "replicated_write_units", units)

    # --- groups ------------------------------------------------------------------------------

    def replica_of(self, table: Table) -> Replica | None:
        """Return the replica of a table; None for a table of one region."""
        return self.replicas.get(table)

    @property
    def now(self) -> float:
        """The present time."""
        return self._clock.seconds()

    def begin(self, table: Table, region_name: str, account_id: str, group: GlobalTable) -> Replica:
        """Make a table the first replica of a group."""
        now = self._clock.seconds()
        replica = Replica(
            self.send,
            self._clock,
            region_name,
            table,
            group,
            account_id=account_id,
            joined_at=now,
            source=None,
        )
        self.add(replica)
        return replica

    def join(self, source: Replica, table: Table, region_name: str, account_id: str) -> Replica:
        """Make a table, which holds the items of `source`, a further replica of its group."""
        now, group = self._clock.seconds(), source.group
        replica = Replica(
            self.send,
            self._clock,
            region_name,
            table,
            group,
            account_id=account_id,
            joined_at=now,
            source=source.region_name,
        )
        replica.versions = dict(source.versions)
        others = group.replicas
        self.add(replica)
        for other in others:
            # Updates that are in transit to the source are missing in its copy too.
            self._use_link(other, replica, deque(other.links.get(source, ())))
        return replica

    def add(self, replica: Replica) -> None:
        """Add a replica to its group."""
        group = replica.group
        self._journal.assign(group, "replicas", (*group.replicas, replica))
        self._journal.assign(self, "replicas", {**self.replicas, replica.table: replica})
        replica.table.add_recorder(replica.record)

    def remove(self, replica: Replica) -> None:
        """Remove a replica from its group; a single remaining one becomes an ordinary table."""
        self.stop(replica)
        group = replica.group
        remaining = tuple(each for each in group.replicas if each is not replica)
        self._journal.assign(group, "replicas", remaining)
        others = {table: each for table, each in self.replicas.items() if each is not replica}
        self._journal.assign(self, "replicas", others)
        for each in remaining:
            self._sweeper.resume(each.table)
        if len(remaining) == 1:
            self.remove(remaining[0])

    def finish(self, replica: Replica) -> None:
        """Deliver all updates in transit from a replica and to it."""
        for other in replica.others:
            for source, target in ((replica, other), (other, replica)):
                updates = source.links.get(target)
                if updates:
                    self._deliver(source, target, updates[-1].due_at)

    def resume(self, source: Replica, target: Replica, update: Update) -> None:
        """Send an update of a saved state, after those before it."""
        self.last_number = max(self.last_number, update.version.number)
        source.links.setdefault(target, deque()).append(update)
        self._schedule(source, target)

    def stop(self, replica: Replica) -> None:
        """Stop replication from a replica and to it, as it is being deleted."""
        replica.table.remove_recorder(replica.record)
        for other in replica.others:
            self._drop_link(replica, other)
            self._drop_link(other, replica)

    def _drop_link(self, source: Replica, target: Replica) -> None:
        links = {each: updates for each, updates in source.links.items() if each is not target}
        self._journal.assign(source, "links", links)
        self._agenda.cancel(_task(source, target))

    def _use_link(self, source: Replica, target: Replica, updates: deque[Update]) -> None:
        if updates:
            self._journal.assign(source, "links", {**source.links, target: updates})
            self._schedule(source, target)

    # --- sending -----------------------------------------------------------------------------

    def send(self, replica: Replica, change: Change, undo_log: list[Entry]) -> None:
        """Send a change to the other replicas, as a part of its commit."""
        version = self._next_version(replica.versions.get(change.key))
        if replica.group.is_strong:
            self._check_strong_write(replica, change.key, undo_log)
        targets = [each for each in replica.others if each.takes_part]
        along = [each for each in targets if self._is_written_in_commit(replica, each)]
        if len(along) < len(targets) or self._has_updates(replica.group):
            for each in (replica, *along):
                self._note_version(each, change.key, version, undo_log)
        for target in targets:
            if target in along:
                self._write_in_commit(target, change, version, undo_log)
            else:
                self._enqueue(replica, target, change, version, undo_log)

    def _is_written_in_commit(self, source: Replica, target: Replica) -> bool:
        return source.group.is_strong and self._are_connected(source, target)

    def _next_version(self, before: Version | None) -> Version:
        self.last_number += 1
        now = self._clock.seconds()
        # When the clock was set back, a write still replaces the existing item.
        return Version(now if before is None else max(now, before.at), self.last_number)

    @staticmethod
    def _note_version(
        replica: Replica, key: OrderKey, version: Version, undo_log: list[Entry]
    ) -> None:
        undo_log.append((replica.restore_version, key, replica.versions.get(key)))
        replica.versions[key] = version

    def _enqueue(
        self,
        source: Replica,
        target: Replica,
        change: Change,
        version: Version,
        undo_log: list[Entry],
    ) -> None:
        updates = source.links.get(target)
        if updates is None:
            updates = source.links[target] = deque()
        lag_seconds = 0.0 if source.group.is_strong else self._next_lag()
        due_at = self._clock.seconds() + lag_seconds
        if updates:
            due_at = max(due_at, updates[-1].due_at)
        undo_log.append((source.forget_from, target, version.number))
        updates.append(Update(version, change.key, change.new, due_at))
        if len(updates) == 1:
            self._schedule(source, target)

    # --- arriving ----------------------------------------------------------------------------

    def _schedule(self, source: Replica, target: Replica, not_before: float = 0.0) -> None:
        """Schedule the arrival of the first update of a link, if the regions are connected."""
        updates = source.links.get(target)
        if updates and self._are_connected(source, target):
            self._agenda.schedule(
                _task(source, target),
                max(updates[0].due_at, not_before),
                lambda at: self._deliver(source, target, at),
                is_pending=True,
            )
        else:
            self._agenda.cancel(_task(source, target))

    def _are_connected(self, *replicas: Replica) -> bool:
        return not any(replica.region_name in self.isolated for replica in replicas)

    def _deliver(self, source: Replica, target: Replica, at: float) -> None:
        """Deliver the updates of a link that are due at a time."""
        updates = source.links.get(target)
        while updates and updates[0].due_at <= at:
            update = updates[0]
            self._journal.record(source.put_first, target, update)
            updates.popleft()
            self._apply(target, update)
            for note in self.on_arrival:
                note(source, target, max(0.0, at - update.version.at))
        self._schedule(source, target)
        self._forget_versions(source.group)

    def _apply(self, target: Replica, update: Update) -> None:
        """Write an update, unless the existing item was written later."""
        current = target.versions.get(update.key)
        if current is not None and current > update.version:
            return
        self._journal.record(target.restore_version, update.key, current)
        target.versions[update.key] = update.version
        change = Change(update.key, target.table.items.get(update.key), update.item)
        with _arriving(target.group, update.version):
            self._committer.commit([(target.table, change)], REPLICATION)

    def _forget_versions(self, group: GlobalTable) -> None:
        """Drop the versions of a group when no updates are in transit."""
        if not self._has_updates(group):
            for replica in group.replicas:
                if replica.versions:
                    self._journal.assign(replica, "versions", {})

    @staticmethod
    def _has_updates(group: GlobalTable) -> bool:
        """Return whether any updates are in transit."""
        return any(updates for replica in group.replicas for updates in replica.links.values())

    # --- strong consistency ------------------------------------------------------------------

    def _check_strong_write(self, replica: Replica, key: OrderKey, undo_log: list[Entry]) -> None:
        """Refuse a write without a quorum, or in conflict with another region's write."""
        if not self.has_quorum(replica):
            raise InternalServerError(replica_messages.INTERNAL_ERROR)
        lag_seconds = self._next_lag()
        if not lag_seconds:
            return
        group, now = replica.group, self._clock.seconds()
        written = group.in_progress.get(key)
        if written and written.region_name != replica.region_name and now < written.until:
            raise ReplicatedWriteConflictError(throttling_messages.REPLICATED_WRITE_CONFLICT)
        if len(group.in_progress) > _IN_PROGRESS_MAX:
            group.in_progress = {
                each: written for each, written in group.in_progress.items() if now < written.until
            }
        undo_log.append((group.restore_in_progress, key, written))
        group.in_progress[key] = Written(replica.region_name, now + lag_seconds)

    def is_readable(self, replica: Replica) -> bool:
        """Return whether a replica can be read consistently."""
        return not replica.group.is_strong or self.has_quorum(replica)

    def has_quorum(self, replica: Replica) -> bool:
        """Return whether a replica has a quorum, to write and to read consistently."""
        group = replica.group
        regions = {*group.region_names, *([group.witness] if group.witness else [])}
        is_apart = replica.region_name in self.isolated
        reached = {replica.region_name} if is_apart else regions - self.isolated
        return len(reached) >= _QUORUM

    def _write_in_commit(
        self, target: Replica, change: Change, version: Version, undo_log: list[Entry]
    ) -> None:
        """Write a change to another replica as a part of the same commit."""
        copied = Change(change.key, target.table.items.get(change.key), change.new)
        with _arriving(target.group, version):
            self._committer.write_in_commit(target.table, copied, undo_log)

    # --- isolation ---------------------------------------------------------------------------

    def isolate(self, region_name: str) -> None:
        """Stop replication from a region and to it until `heal`."""
        self._change_isolated(self.isolated | {region_name})

    def heal(self, region_name: str) -> None:
        """Resume replication: what was written meanwhile is in transit again."""
        self._change_isolated(self.isolated - {region_name})

    def _change_isolated(self, isolated: frozenset[str]) -> None:
        self._journal.assign(self, "isolated", isolated)
        for replica in self.replicas.values():
            self._sweeper.resume(replica.table)
            for target in replica.links:
                self._schedule(replica, target, self._clock.seconds())

    def clear(self) -> None:
        """Remove all global tables and heal all regions; their tables have been removed."""
        self._journal.assign(self, "replicas", {})
        self._journal.assign(self, "isolated", frozenset())

    # --- time to live ------------------------------------------------------------------------

    def deletes_in(self, table: Table) -> bool:
        """Return whether expired items of a table are deleted in this region.

        Of connected replicas, the oldest one deletes, and the deletions are replicated.
        """
        replica = self.replicas.get(table)
        if replica is None or replica.region_name in self.isolated:
            return True
        connected = [
            each for each in replica.group.replicas if each.takes_part and self._are_connected(each)
        ]
        return not connected or connected[0] is replica


def _task(source: Replica, target: Replica) -> tuple[object, str]:
    return source, f"replication to {target.region_name}"


@contextmanager
def _arriving(group: GlobalTable, version: Version) -> Iterator[None]:
    """Mark the commits of the block as updates from another region, with a version."""
    outer, group.arriving = group.arriving, version
    try:
        yield
    finally:
        group.arriving = outer
