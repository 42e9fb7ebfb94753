"""RestoreTableFromBackup and RestoreTableToPointInTime: a new table with the items of another one.

A restored table is defined by a request of CreateTable, and filled with the stored items: it has no
stream, time to live, tags or recovery. It is ACTIVE at once, or CREATING for a while when the mock
has delays.

https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Restore.Tutorial.html
"""

from __future__ import annotations

from dataclasses import dataclass
from math import floor, nextafter
from typing import TYPE_CHECKING, Any

from ddbmock._internal.access.intent import Intent
from ddbmock._internal.access.operation import Plane
from ddbmock._internal.arns import Arn, is_arn, parse, table_arn_of
from ddbmock._internal.engine import lifecycle
from ddbmock._internal.engine.settings import Transition
from ddbmock._internal.errors import (
    BackupInUseError,
    InvalidRestoreTimeError,
    LimitExceededError,
    PointInTimeRecoveryUnavailableError,
    TableAlreadyExistsError,
    TableInUseError,
    ValidationError,
)
from ddbmock._internal.messages import backups as backup_messages
from ddbmock._internal.messages import requests as request_messages
from ddbmock._internal.messages import streams as stream_messages
from ddbmock._internal.messages import tables as table_messages
from ddbmock._internal.operations.backups.arns import find_backup, parse_backup_arn
from ddbmock._internal.operations.backups.overrides import overridden
from ddbmock._internal.operations.backups.tables import (
    find_table,
    restores_from,
    running_restores,
)
from ddbmock._internal.operations.registry import operation
from ddbmock._internal.operations.tables.creation_requests import creation_request
from ddbmock._internal.operations.tables.descriptions import describe_created
from ddbmock._internal.operations.tables.tables import define_table
from ddbmock._internal.times import epoch_seconds, iso_seconds, timestamp

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ddbmock._internal.access.door import Door
    from ddbmock._internal.access.intent import Request, Response
    from ddbmock._internal.engine.backend import Region
    from ddbmock._internal.engine.history import Definition
    from ddbmock._internal.engine.items import StoredItem
    from ddbmock._internal.engine.keys import KeySchema, OrderKey
    from ddbmock._internal.engine.table import Table


@dataclass(frozen=True, slots=True)
class _Source:
    """The source of a restore."""

    key_schema: KeySchema
    definition: Definition
    items: Mapping[OrderKey, StoredItem]
    #: The RestoreSummary, without whether the restore is in progress.
    summary: dict[str, Any]
    #: The ARN of the backup; empty for a point in time.
    backup_arn: str = ""


def _restore(door: Door, request: Request, source: _Source) -> Response:
    """Create the table, fill it, and return the response."""
    region, name = door.region, request["TargetTableName"]
    as_it_was = creation_request(name, source.key_schema, source.definition)
    creation = overridden(as_it_was, request)
    _check_target(region, name)
    if source.backup_arn and restores_from(region, source.backup_arn):
        raise BackupInUseError(backup_messages.backup_in_use_for_other(source.backup_arn))
    _check_running_restores(region)
    table = define_table(region, name, creation)
    table.fill(source.items)
    region.add_table(table)
    until = table.settings.created_at + door.delay_seconds
    transition = Transition(
        lifecycle.RESTORE, until, detail=source.backup_arn, before=source.summary
    )
    lifecycle.begin(region, table, table.settings, transition)
    description = describe_created(region, table, warm_was_given=False)
    description.setdefault("BillingModeSummary", {"BillingMode": table.settings.billing_mode})
    description.setdefault("RestoreSummary", {**source.summary, "RestoreInProgress": False})
    return {"TableDescription": description}


def _check_target(region: Region, name: str) -> None:
    table = region.tables.get(name)
    if table is None:
        return
    restore = lifecycle.restore_of(table.settings, region.backend.clock.seconds())
    if restore is not None:
        raise TableInUseError(backup_messages.restored_already(name, restore.detail))
    raise TableAlreadyExistsError(table_messages.table_exists(name))


def _check_running_restores(region: Region) -> None:
    quota = region.backend.quotas.restores
    if len(running_restores(region)) >= quota:
        raise LimitExceededError(backup_messages.too_many_restores(quota))


def _check_encryption_abroad(region: Region, source_region_name: str, request: Request) -> None:
    """Check that a restore from another region has an SSESpecification."""
    if source_region_name != region.name and request.get("SSESpecificationOverride") is None:
        raise ValidationError(backup_messages.ENCRYPTION_REQUIRED_ABROAD)


def _region_of(door: Door, region_name: str) -> Region:
    return door.region.backend.region(region_name, door.region.account_id)


# --- from a backup -------------------------------------------------------------------------------


@operation("RestoreTableFromBackup", plane=Plane.CONTROL)
def restore_table_from_backup(intent: Intent, door: Door) -> Response:
    """Create a table with the items of a backup.

    https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_RestoreTableFromBackup.html
    """
    request = intent.request
    arn = parse_backup_arn(request["BackupArn"], door.region.account_id)
    _check_encryption_abroad(door.region, arn.region_name, request)
    backup = find_backup(_region_of(door, arn.region_name), request["BackupArn"])
    source = _Source(
        backup.key_schema,
        backup.definition,
        backup.items,
        {
            "SourceBackupArn": backup.arn,
            "SourceTableArn": table_arn_of(backup.arn),
            "RestoreDateTime": timestamp(backup.created_at),
        },
        backup.arn,
    )
    return _restore(door, request, source)


# --- to a point in time --------------------------------------------------------------------------


def read_point_in_time(request: Request) -> Intent:
    """Read a request of RestoreTableToPointInTime."""
    is_latest = bool(request.get("UseLatestRestorableTime"))
    is_given = request.get("RestoreDateTime") is not None
    if is_latest and is_given:
        raise ValidationError(backup_messages.TIME_GIVEN_TWICE)
    if not is_latest and not is_given:
        raise ValidationError(backup_messages.TIME_MISSING)
    arn, name = request.get("SourceTableArn"), request.get("SourceTableName")
    if arn is not None and name is not None:
        raise ValidationError(backup_messages.SOURCE_GIVEN_TWICE)
    if arn is None and name is None:
        raise ValidationError(request_messages.TABLE_NAME_REQUIRED)
    if arn is not None:
        _check_source_arn(arn)
    warm = [
        index["IndexName"]
        for index in request.get("GlobalSecondaryIndexOverride") or ()
        if index.get("WarmThroughput") is not None
    ]
    if warm:
        raise ValidationError(backup_messages.warm_throughput_in_restore(warm))
    return Intent(request)


def _check_source_arn(arn: str) -> None:
    if not is_arn(arn):
        raise ValidationError(stream_messages.not_an_arn(arn))
    parts = parse(arn)
    if parts is None or parts.service != "dynamodb" or parts.kind != "table" or not parts.name:
        raise ValidationError(backup_messages.SOURCE_ARN_INVALID)


@operation(
    "RestoreTableToPointInTime",
    plane=Plane.CONTROL,
    read=read_point_in_time,
)
def restore_table_to_point_in_time(intent: Intent, door: Door) -> Response:
    """Create a table with the state of another one at a time, to the second.

    https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_RestoreTableToPointInTime.html
    """
    request = intent.request
    region, table = _source_table(door, request)
    recovery, history = table.settings.recovery, table.history
    if recovery is None or history is None:
        raise PointInTimeRecoveryUnavailableError(backup_messages.recovery_not_enabled(table.name))
    now = region.backend.clock.seconds()
    shown_at = at = recovery.latest(now)
    if request.get("RestoreDateTime") is not None:
        shown_at = floor(epoch_seconds(request["RestoreDateTime"]))
        earliest, latest = floor(recovery.earliest(now)), floor(recovery.latest(now))
        if not earliest <= shown_at <= latest:
            times = (iso_seconds(each) for each in (shown_at, earliest, latest))
            raise InvalidRestoreTimeError(backup_messages.restore_time_outside(*times))
        # A second is over when the next one begins.
        at = nextafter(shown_at + 1, 0)
    at = max(at, history.earliest)
    summary = {
        "SourceTableArn": region.arns.table(table.name),
        "RestoreDateTime": timestamp(shown_at),
    }
    source = _Source(table.key_schema, table.definition_at(at), table.items_at(at), summary)
    return _restore(door, request, source)


def _source_table(door: Door, request: Request) -> tuple[Region, Table]:
    """Return the source table and its region, which need not be the region that is called."""
    if request.get("SourceTableArn") is None:
        return door.region, find_table(door.region, request["SourceTableName"])
    arn = Arn.of(request["SourceTableArn"])
    if arn.account_id != door.region.account_id:
        raise ValidationError(backup_messages.SOURCE_OF_OTHER_ACCOUNT)
    _check_encryption_abroad(door.region, arn.region_name, request)
    region = _region_of(door, arn.region_name)
    return region, find_table(region, arn.name)
