"""CreateBackup, DescribeBackup, DeleteBackup, ListBackups.

https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Backup-and-Restore.html
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ddbmock._internal import limits
from ddbmock._internal.access.lookup import check_region
from ddbmock._internal.access.operation import Plane
from ddbmock._internal.arns import backup_arn
from ddbmock._internal.engine import lifecycle
from ddbmock._internal.engine.backups import (
    SYSTEM,
    USER,
    back_up,
    backups_in_order,
    remove_backup,
)
from ddbmock._internal.errors import (
    BackupInUseError,
    ContinuousBackupsUnavailableError,
    TableNotFoundError,
    ValidationError,
)
from ddbmock._internal.messages import backups as messages
from ddbmock._internal.operations.backups.arns import find_backup, parse_backup_arn
from ddbmock._internal.operations.backups.descriptions import (
    AVAILABLE,
    CREATING,
    DELETED,
    backup_description,
    backup_details,
    backup_summary,
)
from ddbmock._internal.operations.backups.tables import find_table, restores_from
from ddbmock._internal.operations.registry import operation
from ddbmock._internal.operations.tables.states import status_of
from ddbmock._internal.operations.transfer.records import is_being_imported
from ddbmock._internal.times import epoch_seconds, iso_seconds, milliseconds

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ddbmock._internal.access.door import Door
    from ddbmock._internal.access.intent import Intent, Request, Response
    from ddbmock._internal.engine.backend import Region
    from ddbmock._internal.engine.backups import Backup

#: BackupType of a request -> the kinds of backups. There is no AWS Backup here to make any.
_KINDS = {"USER": {USER}, "SYSTEM": {SYSTEM}, "AWS_BACKUP": set(), "ALL": {USER, SYSTEM}}


@operation("CreateBackup", plane=Plane.CONTROL)
def create_backup(intent: Intent, door: Door) -> Response:
    """Back up a table as it is now; several backups may have one name.

    https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_CreateBackup.html
    """
    region, request = door.region, intent.request
    table = find_table(region, request["TableName"])
    if status_of(region, table) == lifecycle.CREATING:
        if is_being_imported(region, table.name):
            raise ContinuousBackupsUnavailableError(messages.backups_not_ready(table.name))
        raise TableNotFoundError(messages.no_table(table.name))
    backup = back_up(region, table, request["BackupName"])
    # It is AVAILABLE some 50 ms later, so from the next call on.
    return {"BackupDetails": backup_details(backup, CREATING, named=backup.arn)}


@operation("DescribeBackup", plane=Plane.CONTROL)
def describe_backup(intent: Intent, door: Door) -> Response:
    """Return the description of a backup and of its source table.

    https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_DescribeBackup.html
    """
    arn = intent.request["BackupArn"]
    backup = find_backup(door.region, arn)
    return {"BackupDescription": backup_description(backup, AVAILABLE, named=arn)}


@operation("DeleteBackup", plane=Plane.CONTROL)
def delete_backup(intent: Intent, door: Door) -> Response:
    """Delete a backup, unless a table is being restored from it or it is a system backup.

    https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_DeleteBackup.html
    """
    arn = intent.request["BackupArn"]
    backup = find_backup(door.region, arn)
    if backup.expires_at is not None:
        expiry = iso_seconds(backup.expires_at)
        raise ValidationError(messages.system_backup_not_expired(arn, expiry))
    if restores_from(door.region, backup.arn):
        raise BackupInUseError(messages.backup_in_use(arn))
    remove_backup(door.region, backup)
    return {"BackupDescription": backup_description(backup, DELETED, named=arn)}


# --- ListBackups ---------------------------------------------------------------------------------


@operation("ListBackups", plane=Plane.CONTROL)
def list_backups(intent: Intent, door: Door) -> Response:
    """Return the backups of a table or of all tables, including those of deleted tables.

    https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_ListBackups.html
    """
    region, request = door.region, intent.request
    limit = request.get("Limit") or limits.BACKUPS_PAGE_MAX
    lower, upper = _time_range(request)
    kinds = _KINDS[request.get("BackupType") or USER]
    response: Response = {"BackupSummaries": []}
    for backup in _listed(region, request):
        if backup.kind not in kinds or not lower <= milliseconds(backup.created_at) < upper:
            continue
        if len(response["BackupSummaries"]) == limit:
            response["LastEvaluatedBackupArn"] = response["BackupSummaries"][-1]["BackupArn"]
            break
        response["BackupSummaries"].append(backup_summary(backup))
    return response


def _time_range(request: Request) -> tuple[float, float]:
    """Return the bounds of the creation time in milliseconds; the upper one is exclusive."""
    lower, upper = float("-inf"), float("inf")
    if request.get("TimeRangeLowerBound") is not None:
        lower = round(epoch_seconds(request["TimeRangeLowerBound"]) * 1000)
    if request.get("TimeRangeUpperBound") is not None:
        upper = round(epoch_seconds(request["TimeRangeUpperBound"]) * 1000)
    if lower > upper:
        raise ValidationError(messages.BACKUP_TIMES_REVERSED)
    return lower, upper


def _listed(region: Region, request: Request) -> Iterator[Backup]:
    """Yield the backups of the table after the cursor, of all kinds and times."""
    first, last = "", None
    if request.get("TableName") is not None:
        check_region(region, request["TableName"])
        table_arn = region.arns.table(region.arns.table_name(request["TableName"]))
        first = backup_arn(table_arn, "")
        last = first + "\U0010ffff"
    start = _cursor(region, request)
    is_inclusive = start is None or start < first
    backups = backups_in_order(region)
    for arn in backups.irange(first if is_inclusive else start, last, (is_inclusive, True)):
        yield backups[arn]


def _cursor(region: Region, request: Request) -> str | None:
    """Return the position of ExclusiveStartBackupArn; its backup need not exist."""
    text: str | None = request.get("ExclusiveStartBackupArn")
    if text is None:
        return None
    arn = parse_backup_arn(text, region.account_id)
    if arn.region_name != region.name:
        raise ValidationError(messages.BACKUP_CURSOR_OF_OTHER_REGION)
    return text
