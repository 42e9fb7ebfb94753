"""Creation of replicas: tables in other regions with the definition and the items of a table.

https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_CreateReplicationGroupMemberAction.html
"""

from __future__ import annotations

import uuid
from dataclasses import replace
from typing import TYPE_CHECKING, Any, TypeVar

from ddbmock._internal.arns import is_arn, parse
from ddbmock._internal.engine import lifecycle
from ddbmock._internal.engine.changes import Change
from ddbmock._internal.engine.global_tables import GlobalTable
from ddbmock._internal.engine.replication import REPLICATION
from ddbmock._internal.engine.settings import (
    ON_DEMAND,
    PROVISIONED,
    IndexSettings,
    TableSettings,
    Transition,
)
from ddbmock._internal.engine.table import Table
from ddbmock._internal.errors import ResourceInUseError, ValidationError
from ddbmock._internal.messages import replicas as messages
from ddbmock._internal.operations.replicas.groups import check_idle, replica_of
from ddbmock._internal.operations.replicas.scaling import check_scaled_writes, mirror
from ddbmock._internal.operations.tables.encryption import key_arn
from ddbmock._internal.operations.tables.stream_changes import start_stream

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ddbmock._internal.access.door import Door
    from ddbmock._internal.engine.backend import Region
    from ddbmock._internal.engine.global_tables import Replica
    from ddbmock._internal.validation.replicas import ReplicaAction

S = TypeVar("S", TableSettings, IndexSettings)

_STREAM = {"StreamEnabled": True, "StreamViewType": "NEW_AND_OLD_IMAGES"}


def check_creation(door: Door, table: Table, action: ReplicaAction) -> None:
    """Raise the error of a replica that cannot be created."""
    region = door.region
    target = region.backend.region(action.region_name, region.account_id)
    existing = target.tables.get(table.name)
    replica = replica_of(region, table)
    if existing is not None:
        _check_not_being_created(target, existing, replica)
        raise ValidationError(messages.replica_exists(table.name))
    _check_encryption(replica)
    check_idle(region, table)
    if not door.is_setting_up:
        check_scaled_writes(region, table)
    _check_key(region, target, table.settings, action.members.get("KMSMasterKeyId"))
    if table.settings.billing_mode == PROVISIONED:
        for members in (action.members, *(action.members.get("GlobalSecondaryIndexes") or ())):
            if members.get("OnDemandThroughputOverride") is not None:
                raise ValidationError(messages.REPLICA_MAXIMUM_WITHOUT_ON_DEMAND)


def _check_encryption(replica: Replica | None) -> None:
    """Refuse a new replica while the encryption of another one is being changed."""
    for member in () if replica is None else replica.group.replicas:
        settings, now = member.table.settings, member.now
        if lifecycle.active_transitions(settings, now, lifecycle.ENCRYPTION):
            raise ValidationError(messages.REPLICA_ENCRYPTION_IS_UPDATED)


def _check_not_being_created(target: Region, existing: Table, replica: Replica | None) -> None:
    other = replica_of(target, existing)
    if other is None or replica is None or other.group is not replica.group:
        return
    now = target.backend.clock.seconds()
    if lifecycle.table_status(existing.settings, now) == lifecycle.CREATING:
        regions = sorted(replica.group.region_names)
        raise ResourceInUseError(messages.replica_is_being_created(existing.name, regions))


def _check_key(region: Region, target: Region, settings: TableSettings, key: str | None) -> None:
    own = settings.encryption_key
    is_managed = own in {None, _managed_key(region)}
    if is_managed == (key is not None):
        raise ValidationError(messages.REPLICA_KEY_REQUIRED)
    if key is None:
        return
    if key_arn(target, {"Enabled": True, "KMSMasterKeyId": key}) == _managed_key(target):
        raise ValidationError(messages.REPLICA_KEYS_OF_TWO_KINDS)
    arn = parse(key) if is_arn(key) else None
    if arn is not None and arn.region_name != target.name:
        request_id = str(uuid.UUID(int=region.backend.random.getrandbits(128), version=4))
        text = messages.replica_key_of_another_region(target.name, arn.region_name, request_id)
        raise ValidationError(text)


def _managed_key(region: Region) -> str | None:
    """Return the key that AWS manages in a region."""
    return key_arn(region, {"Enabled": True})


def create_replica(door: Door, source: Replica, action: ReplicaAction) -> None:
    """Create a replica with the items of `source` in the account of the call."""
    target = door.region.backend.region(action.region_name, door.region.account_id)
    copy_table(source, target, action.members, door.delay_seconds)


def copy_table(
    source: Replica, target: Region, members: Mapping[str, Any], delay_seconds: float
) -> Table:
    """Create a table with the definition and the items of a replica, as a replica of it."""
    table, backend = source.table, target.backend
    region = backend.region(source.region_name, source.account_id)
    settings = _settings(target, table.settings, members)
    _, indexes, vector_indexes = table.definition
    copy = Table(
        table.name,
        table.key_schema,
        settings,
        backend.journal,
        indexes,
        vector_indexes=vector_indexes,
    )
    target.add_table(copy)
    items = [(copy, Change(key, None, stored)) for key, stored in table.items.items()]
    backend.commit(items, REPLICATION)
    start_stream(target, copy)
    time_to_live = settings.time_to_live
    if time_to_live is not None and time_to_live.enabled:
        backend.sweeper.enable(copy, time_to_live.attribute_name)
    backend.replicator.join(source, copy, target.name, target.account_id)
    mirror(region, target, copy)
    until = backend.clock.seconds() + delay_seconds
    lifecycle.begin(target, copy, settings, Transition(lifecycle.CREATE, until))
    return copy


def _settings(target: Region, source: TableSettings, members: Mapping[str, Any]) -> TableSettings:
    """Return the initial settings of a new replica: those of its source, and its own."""
    now = target.backend.clock.seconds()
    key = None
    if source.encryption_key is not None:
        name = members.get("KMSMasterKeyId")
        key = key_arn(target, {"Enabled": True, **({"KMSMasterKeyId": name} if name else {})})
    settings = TableSettings(
        table_id=str(uuid.UUID(int=target.backend.random.getrandbits(128), version=4)),
        created_at=now,
        attribute_types=source.attribute_types,
        billing_mode=source.billing_mode,
        on_demand_since=now if source.billing_mode == ON_DEMAND else source.on_demand_since,
        throughput=source.throughput,
        on_demand_throughput=source.on_demand_throughput,
        warm_throughput=source.warm_throughput,
        indexes=source.indexes,
        stream=source.stream,
        encryption_key=key,
        table_class=source.table_class,
        time_to_live=source.time_to_live,
    )
    return overridden(settings, members, now)


def overridden(settings: TableSettings, members: Mapping[str, Any], now: float) -> TableSettings:
    """Return a replica's settings with the overrides of an action; unknown indexes are ignored."""
    table_class = members.get("TableClassOverride")
    if table_class is not None:
        changes = settings.table_class_changes
        if table_class != (settings.table_class or "STANDARD"):
            changes = (*changes, now)
        settings = replace(settings, table_class=table_class, table_class_changes=changes)
    indexes = dict(settings.indexes)
    for index in members.get("GlobalSecondaryIndexes") or ():
        before = indexes.get(index["IndexName"])
        if before is not None:
            indexes[index["IndexName"]] = _with_overrides(before, index, settings.billing_mode)
    return _with_overrides(replace(settings, indexes=indexes), members, settings.billing_mode)


def _with_overrides(settings: S, members: Mapping[str, Any], billing_mode: str) -> S:
    """Return the settings of a table or index with another read capacity."""
    units = (members.get("ProvisionedThroughputOverride") or {}).get("ReadCapacityUnits")
    maxima = members.get("OnDemandThroughputOverride")
    if units is not None and billing_mode == PROVISIONED:
        throughput = replace(settings.throughput, read_units=units)
        warm = settings.warm_throughput.raised_to(units, 0)
        settings = replace(settings, throughput=throughput, warm_throughput=warm)
    if maxima and billing_mode == ON_DEMAND:
        merged = {**settings.on_demand_throughput, **maxima}
        settings = replace(settings, on_demand_throughput=merged)
    return settings


def begin_group(region: Region, table: Table, *, is_strong: bool, witness: str | None) -> Replica:
    """Create a global table of one table, and return that replica.

    Replication with eventual consistency requires a stream, which is enabled if there is none.
    """
    if not is_strong and not table.settings.stream:
        table.configure(replace(table.settings, stream=_STREAM))
        start_stream(region, table)
    region.backend.run_due_after_calls()
    group = GlobalTable(is_strong=is_strong, witness=witness)
    return region.backend.replicator.begin(table, region.name, region.account_id, group)
