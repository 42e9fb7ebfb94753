"""The global table of a table, and when it may be changed.

https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/V2globaltables_HowItWorks.html
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ddbmock._internal import limits
from ddbmock._internal.engine import lifecycle
from ddbmock._internal.errors import ResourceInUseError, ValidationError
from ddbmock._internal.messages import replicas as messages

if TYPE_CHECKING:
    from collections.abc import Iterable

    from ddbmock._internal.engine.backend import Region
    from ddbmock._internal.engine.global_tables import Replica
    from ddbmock._internal.engine.table import Table

#: Transitions of a table that do not block changes of its global table.
_ASIDE = {lifecycle.ENCRYPTION, lifecycle.WARM_THROUGHPUT, lifecycle.INDEX_WARM_THROUGHPUT}


def replica_of(region: Region, table: Table) -> Replica | None:
    """Return the replica of a table; None for a table of one region."""
    return region.backend.replicator.replica_of(table)


def region_of(region: Region, replica: Replica) -> Region:
    """Return the region of another replica of a table in a region."""
    return region.backend.region(replica.region_name, replica.account_id)


def check_idle(region: Region, table: Table) -> None:
    """Raise ResourceInUseError while a replica of the table's group has a blocking transition.

    The same while a region of the group is isolated, as settings cannot be replicated then.
    """
    replica = replica_of(region, table)
    if replica is None:
        return
    backend = region.backend
    now, isolated = backend.clock.seconds(), backend.replicator.isolated
    for each in replica.group.replicas:
        in_progress = lifecycle.active_transitions(each.table.settings, now)
        is_busy = any(transition.kind not in _ASIDE for transition in in_progress)
        if is_busy or each.region_name in isolated:
            raise ResourceInUseError(messages.GLOBAL_TABLE_IN_USE)


def tables_of_replicas(region: Region, table: Table) -> list[Table]:
    """Return the tables of the other replicas of a table's group; none for a plain table."""
    replica = replica_of(region, table)
    return [] if replica is None else [other.table for other in replica.others]


def check_time_to_live(region: Region, table: Table) -> None:
    """Raise ValidationError if the time to live of a table cannot be set, or not be changed now."""
    replica = replica_of(region, table)
    if replica is None:
        return
    if replica.group.is_strong:
        raise ValidationError(messages.STRONG_WITHOUT_TTL)
    now = region.backend.clock.seconds()
    for other in replica.others:
        if table.items and lifecycle.table_status(other.table.settings, now) == lifecycle.CREATING:
            text = messages.replica_is_being_added(table.name, other.region_name)
            raise ValidationError(text)


def check_transactions(region: Region, tables: Iterable[Table]) -> None:
    """Raise ValidationError for a transaction on a group with strong consistency."""
    replicator = region.backend.replicator
    if replicator.replicas:
        for table in tables:
            replica = replicator.replica_of(table)
            if replica is not None and replica.group.is_strong:
                raise ValidationError(messages.STRONG_WITHOUT_TRANSACTIONS)


def check_table_deletion(region: Region, table: Table) -> None:
    """Raise the error of a replica that cannot be deleted with its table."""
    replica = replica_of(region, table)
    if replica is None:
        return
    if replica.group.is_strong:
        raise ValidationError(messages.STRONG_PARTIAL_DELETION)
    check_idle(region, table)
    check_deletable(region, replica)


def stop_replication(region: Region, table: Table) -> None:
    """Stop the replication of a table, as it is being deleted."""
    replica = replica_of(region, table)
    if replica is not None:
        region.backend.replicator.stop(replica)


def check_not_being_added(region: Region, table: Table) -> None:
    """Raise ValidationError for a replica that is CREATING, which cannot change its group yet."""
    now = region.backend.clock.seconds()
    is_created = lifecycle.table_status(table.settings, now) == lifecycle.CREATING
    if is_created and replica_of(region, table) is not None:
        raise ValidationError(messages.replica_is_being_added(table.name, region.name))


def check_deletable(region: Region, replica: Replica) -> None:
    """Raise ValidationError if a replica was the source of another one within a day."""
    since = region.backend.clock.seconds() - limits.DAY_SECONDS
    for other in replica.others:
        if other.source == replica.region_name and other.joined_at > since:
            raise ValidationError(messages.REPLICA_WAS_SOURCE)
