"""Transitions in progress, and the calls that they block.

https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/WorkingWithTables.Basics.html
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ddbmock._internal.access.lookup import check_region
from ddbmock._internal.engine import lifecycle
from ddbmock._internal.errors import ResourceInUseError, ResourceNotFoundError
from ddbmock._internal.messages import replicas as replica_messages
from ddbmock._internal.messages import tables as table_messages
from ddbmock._internal.operations.replicas.groups import replica_of

if TYPE_CHECKING:
    from ddbmock._internal.engine.backend import Region
    from ddbmock._internal.engine.settings import Transition
    from ddbmock._internal.engine.table import Table

#: What an UpdateTable changes, where the transition has another name.
ON_DEMAND, INDEXES = "on demand", "indexes"

#: The change and the transition in progress -> the reason why the change is blocked.
_BLOCKED = {
    (lifecycle.UNITS, lifecycle.UNITS): table_messages.UNITS_ARE_UPDATED,
    (lifecycle.UNITS, lifecycle.BILLING): table_messages.UNITS_ARE_UPDATED,
    (lifecycle.UNITS, lifecycle.STREAM): table_messages.UNITS_BLOCKED_BY_STREAM,
    (lifecycle.UNITS, lifecycle.CLASS): table_messages.UNITS_BLOCKED_BY_CLASS,
    (lifecycle.UNITS, lifecycle.INDEX_CREATE): table_messages.UNITS_BLOCKED_BY_NEW_INDEX,
    (lifecycle.UNITS, lifecycle.INDEX_DELETE): table_messages.UNITS_BLOCKED_BY_OLD_INDEX,
    (lifecycle.STREAM, lifecycle.STREAM): table_messages.STREAM_IS_UPDATED,
    (lifecycle.STREAM, lifecycle.UNITS): table_messages.STREAM_BLOCKED_BY_UNITS,
    (lifecycle.STREAM, lifecycle.BILLING): table_messages.STREAM_BLOCKED_BY_UNITS,
    (lifecycle.STREAM, lifecycle.CLASS): table_messages.STREAM_BLOCKED_BY_CLASS,
    (lifecycle.STREAM, lifecycle.INDEX_CREATE): table_messages.STREAM_BLOCKED_BY_NEW_INDEX,
    (lifecycle.STREAM, lifecycle.INDEX_DELETE): table_messages.STREAM_BLOCKED_BY_OLD_INDEX,
    (INDEXES, lifecycle.UNITS): table_messages.INDEX_BLOCKED_BY_UNITS,
    (INDEXES, lifecycle.BILLING): table_messages.INDEX_BLOCKED_BY_UNITS,
    (INDEXES, lifecycle.STREAM): table_messages.INDEX_BLOCKED_BY_STREAM,
    (INDEXES, lifecycle.CLASS): table_messages.INDEX_BLOCKED_BY_CLASS,
    (lifecycle.CLASS, lifecycle.CLASS): table_messages.CLASS_IS_UPDATED,
    (lifecycle.CLASS, lifecycle.STREAM): table_messages.CLASS_BLOCKED_BY_STREAM,
    (ON_DEMAND, lifecycle.BILLING): table_messages.ON_DEMAND_BLOCKED_BY_BILLING,
    (ON_DEMAND, lifecycle.STREAM): table_messages.ON_DEMAND_BLOCKED_BY_STREAM,
    (ON_DEMAND, lifecycle.CLASS): table_messages.ON_DEMAND_BLOCKED_BY_CLASS,
    (ON_DEMAND, lifecycle.INDEX_CREATE): table_messages.ON_DEMAND_BLOCKED_BY_NEW_INDEX,
    (ON_DEMAND, lifecycle.INDEX_DELETE): table_messages.ON_DEMAND_BLOCKED_BY_OLD_INDEX,
    (lifecycle.ENCRYPTION, lifecycle.ENCRYPTION): table_messages.ENCRYPTION_IS_UPDATED,
    (lifecycle.DELETE, lifecycle.STREAM): table_messages.STREAM_BLOCKS_DELETION,
    (lifecycle.DELETE, lifecycle.UNITS): table_messages.TABLE_IS_UPDATED,
    (lifecycle.DELETE, lifecycle.BILLING): table_messages.TABLE_IS_UPDATED,
    (lifecycle.DELETE, lifecycle.CLASS): table_messages.TABLE_IS_UPDATED,
    (lifecycle.DELETE, lifecycle.ENCRYPTION): table_messages.TABLE_IS_UPDATED,
    (lifecycle.DELETE, lifecycle.WARM_THROUGHPUT): table_messages.TABLE_IS_UPDATED,
    (lifecycle.DELETE, lifecycle.INDEX_CREATE): table_messages.INDEXES_BLOCK_DELETION,
    (lifecycle.DELETE, lifecycle.INDEX_UPDATE): table_messages.INDEXES_BLOCK_DELETION,
    (lifecycle.DELETE, lifecycle.INDEX_DELETE): table_messages.INDEXES_BLOCK_DELETION,
}


def find_described(region: Region, name: str, *, also_restored: bool = False) -> Table:
    """Return the table with this name or ARN, whatever its status is.

    For nearly all operations, a table that is being restored does not exist until it is ACTIVE.
    """
    table = region.tables.get(region.arns.table_name(name))
    if table is None or (not also_restored and is_restored(region, table)):
        check_region(region, name)
        raise ResourceNotFoundError(table_messages.table_not_found(region.arns.table_name(name)))
    return table


def is_restored(region: Region, table: Table) -> bool:
    """Return whether a table is being restored now."""
    now = region.backend.clock.seconds()
    return lifecycle.restore_of(table.settings, now) is not None


def status_of(region: Region, table: Table) -> str:
    """Return the status of a table now."""
    return lifecycle.table_status(table.settings, region.backend.clock.seconds())


def find_updatable(region: Region, name: str, *, for_deletion: bool = False) -> Table:
    """Return the table with this name or ARN, unless it is being created or deleted."""
    table = find_described(region, name)
    status = status_of(region, table)
    if status == lifecycle.CREATING:
        if replica_of(region, table) is not None:
            # Only its description can be read yet.
            if for_deletion:
                raise in_use(replica_messages.TABLE_IS_USED, table)
            raise ResourceNotFoundError(table_messages.table_not_found(table.name))
        raise in_use(table_messages.TABLE_IS_CREATED, table)
    if status == lifecycle.DELETING:
        raise in_use(table_messages.TABLE_IS_DELETED, table)
    return table


def in_use(
    reason: str, table: Table, *, index_name: str = "", detail: str = ""
) -> ResourceInUseError:
    """Return the error that says why a change is blocked."""
    text = table_messages.in_use(reason, table=table.name, index=index_name, detail=detail)
    return ResourceInUseError(text)


def check_not_blocked(region: Region, table: Table, concern: str) -> None:
    """Raise ResourceInUseError if a transition in progress blocks a change."""
    now = region.backend.clock.seconds()
    for transition in lifecycle.active_transitions(table.settings, now):
        reason = _BLOCKED.get((concern, transition.kind))
        if reason is not None and not _is_allowed(concern, transition, now):
            raise in_use(reason, table, index_name=transition.index_name, detail=transition.detail)


def _is_allowed(concern: str, transition: Transition, now: float) -> bool:
    """Return whether a change may begin: an index that is being backfilled blocks deletion only."""
    return (
        transition.kind == lifecycle.INDEX_CREATE
        and concern != lifecycle.DELETE
        and lifecycle.is_backfilling(transition, now)
    )
