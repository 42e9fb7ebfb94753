"""Tables by name, with the errors of the operations on backups."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ddbmock._internal.access.lookup import check_region
from ddbmock._internal.engine import lifecycle
from ddbmock._internal.errors import TableNotFoundError
from ddbmock._internal.messages import backups as messages
from ddbmock._internal.operations.tables.states import is_restored, status_of

if TYPE_CHECKING:
    from ddbmock._internal.engine.backend import Region
    from ddbmock._internal.engine.settings import Transition
    from ddbmock._internal.engine.table import Table


def find_table(region: Region, name_or_arn: str) -> Table:
    """Return the table with this name or ARN, unless it is being deleted or restored."""
    check_region(region, name_or_arn)
    name = region.arns.table_name(name_or_arn)
    table = region.tables.get(name)
    if (
        table is None
        or status_of(region, table) == lifecycle.DELETING
        or is_restored(region, table)
    ):
        raise TableNotFoundError(messages.no_table(name))
    return table


def running_restores(region: Region) -> list[Transition]:
    """Return the restores in progress in an account, in all regions."""
    now = region.backend.clock.seconds()
    restores = (
        lifecycle.restore_of(table.settings, now)
        for each in region.backend.account(region.account_id).regions()
        for table in each.tables.values()
        if table.settings.transitions
    )
    return [restore for restore in restores if restore is not None]


def restores_from(region: Region, backup_arn: str) -> bool:
    """Return whether a table, of any region, is being restored from a backup."""
    return any(restore.detail == backup_arn for restore in running_restores(region))
