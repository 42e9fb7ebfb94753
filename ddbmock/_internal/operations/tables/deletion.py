"""The deletion of a table, by DeleteTable or as a replica.

https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_DeleteTable.html
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ddbmock._internal.engine import lifecycle
from ddbmock._internal.engine.backups import back_up_deleted
from ddbmock._internal.engine.settings import Transition
from ddbmock._internal.engine.table_streams import disable_stream
from ddbmock._internal.operations.replicas.groups import stop_replication

if TYPE_CHECKING:
    from ddbmock._internal.engine.backend import Region
    from ddbmock._internal.engine.table import Table


def begin_deletion(region: Region, table: Table) -> None:
    """End the replication, recovery and stream of a table that is to be deleted."""
    stop_replication(region, table)
    if table.settings.recovery is not None:
        back_up_deleted(region, table)
    disable_stream(region, table)


def finish_deletion(region: Region, table: Table, delay_seconds: float) -> None:
    """Remove a table, at once or after it was DELETING."""
    if delay_seconds > 0:
        until = region.backend.clock.seconds() + delay_seconds
        lifecycle.begin(region, table, table.settings, Transition(lifecycle.DELETE, until))
    else:
        region.remove_table(table.name)
