"""UpdateTable: one change of a table, or of its secondary indexes.

Everything is checked before anything is changed.

https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_UpdateTable.html
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ddbmock._internal import limits
from ddbmock._internal.access.intent import Intent
from ddbmock._internal.access.operation import Plane
from ddbmock._internal.engine import lifecycle
from ddbmock._internal.errors import LimitExceededError, ThrottlingError, ValidationError
from ddbmock._internal.messages import tables as messages
from ddbmock._internal.operations.registry import operation
from ddbmock._internal.operations.replicas.groups import check_not_being_added
from ddbmock._internal.operations.replicas.settings import (
    change_replication,
    check_settings,
    replicate_settings,
)
from ddbmock._internal.operations.replicas.updates import update_replicas
from ddbmock._internal.operations.tables import quotas
from ddbmock._internal.operations.tables.descriptions import describe
from ddbmock._internal.operations.tables.encryption import key_arn
from ddbmock._internal.operations.tables.index_changes import change_indexes
from ddbmock._internal.operations.tables.states import (
    check_not_blocked,
    find_described,
    find_updatable,
)
from ddbmock._internal.operations.tables.stream_changes import change_stream
from ddbmock._internal.operations.tables.table_class import table_class_summary
from ddbmock._internal.operations.tables.throughput_changes import (
    change_maxima,
    change_units,
    change_warm_throughput,
)
from ddbmock._internal.operations.tables.transitions import TableChange
from ddbmock._internal.operations.tables.vector_indexes import check_vector_billing
from ddbmock._internal.times import iso_milliseconds
from ddbmock._internal.validation.update_table import check_update_table

if TYPE_CHECKING:
    from collections.abc import Callable

    from ddbmock._internal.access.door import Door
    from ddbmock._internal.access.intent import Request, Response

_STANDARD = "STANDARD"


def read_update_table(request: Request) -> Intent:
    """Return the intent of an UpdateTable, after checking the combination of its members."""
    check_update_table(request)
    return Intent(request)


@operation("UpdateTable", plane=Plane.CONTROL, read=read_update_table, between_accounts=True)
def update_table(intent: Intent, door: Door) -> Response:
    """Change a table's settings or its global secondary indexes.

    AttributeDefinitions are used for a new index only, as in the service.

    https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_UpdateTable.html
    """
    request, region = intent.request, door.region
    if request.get("ReplicaUpdates") is not None:
        check_not_being_added(region, find_described(region, request["TableName"]))
        table = find_updatable(region, request["TableName"])
        return {"TableDescription": update_replicas(door, table, request)}
    table = find_updatable(region, request["TableName"])
    quotas.check_concurrent_operations(region)
    check_settings(region, table, request)
    before = table.settings
    change = TableChange.of(door, table, request)
    for step in _STEPS:
        step(change)
    change.finish()
    replicate_settings(change, before)
    return {"TableDescription": describe(region, table)}


def _check_account(change: TableChange) -> None:
    quotas.check_account(change.region, change.table.name, change.table.settings, change.settings)


def _change_class(change: TableChange) -> None:
    wanted, settings = change.request.get("TableClass"), change.settings
    if wanted is None or (wanted == _STANDARD and settings.table_class is None):
        return
    check_not_blocked(change.region, change.table, lifecycle.CLASS)
    since = change.now - limits.TABLE_CLASS_CHANGES_PERIOD_SECONDS
    recent = tuple(at for at in settings.table_class_changes if at > since)
    if len(recent) >= limits.TABLE_CLASS_CHANGES_MAX:
        raise LimitExceededError(messages.TOO_MANY_CLASS_CHANGES)
    if wanted != settings.table_class:
        before = table_class_summary(settings)
        change.set(table_class=wanted, table_class_changes=(*recent, change.now))
        detail = f"TableClassUpdateInProgress: {wanted}"
        change.begin_transition(lifecycle.CLASS, detail=detail, before=before)


def _change_encryption(change: TableChange) -> None:
    specification, settings = change.request.get("SSESpecification"), change.settings
    if specification is None:
        return
    key = key_arn(change.region, specification)
    if key is None and settings.encryption_key is None:
        raise ValidationError(messages.ENCRYPTED_BY_DEFAULT)
    if key is not None and specification.get("KMSMasterKeyId", "") == settings.encryption_key:
        raise ValidationError(messages.ENCRYPTED_WITH_KEY)
    check_not_blocked(change.region, change.table, lifecycle.ENCRYPTION)
    recent = tuple(at for at in settings.encryption_changes if at > change.now - limits.DAY_SECONDS)
    _check_encryption_changes(recent, change.now)
    change.set(encryption_key=key, encryption_changes=(*recent, change.now))
    change.begin_transition(lifecycle.ENCRYPTION, before=settings.encryption_key)


def _check_encryption_changes(recent: tuple[float, ...], now: float) -> None:
    """Raise LimitExceededError for a change too soon after four in 24 hours."""
    if len(recent) < limits.ENCRYPTION_CHANGES_PER_DAY:
        return
    following = recent[-1] + limits.ENCRYPTION_CHANGE_INTERVAL_SECONDS
    if now < following:
        window_end, last, following_text = (
            iso_milliseconds(at) for at in (recent[0] + limits.DAY_SECONDS, recent[-1], following)
        )
        text = messages.too_many_encryption_changes(window_end, len(recent), last, following_text)
        raise LimitExceededError(text)


def _change_protection(change: TableChange) -> None:
    wanted, settings = change.request.get("DeletionProtectionEnabled"), change.settings
    if wanted is None or wanted == settings.deletion_protection:
        return
    changed_at = settings.protection_changed_at
    if changed_at is not None and change.delay_seconds > 0:
        following = changed_at + limits.DELETION_PROTECTION_INTERVAL_SECONDS
        if change.now < following:
            text = messages.protection_changed_lately(
                change.table.name, iso_milliseconds(following)
            )
            raise ThrottlingError(text)
    change.set(deletion_protection=wanted, protection_changed_at=change.now)


def _change_stream(change: TableChange) -> None:
    """Apply the StreamSpecification; the last step, as it takes effect at once."""
    specification = change.request.get("StreamSpecification")
    if specification is None:
        return
    check_not_blocked(change.region, change.table, lifecycle.STREAM)
    change.set(stream=change_stream(change.region, change.table, specification))
    label = "" if change.table.stream is None else change.table.stream.label
    verb = "ENABLE" if specification["StreamEnabled"] else "DISABLE"
    change.begin_transition(lifecycle.STREAM, detail=f"Stream: {label} Operation: {verb}")


_STEPS: tuple[Callable[[TableChange], None], ...] = (
    change_units,
    change_indexes,
    check_vector_billing,
    change_maxima,
    change_warm_throughput,
    _check_account,
    _change_class,
    _change_encryption,
    _change_protection,
    change_replication,
    _change_stream,
)
