"""Settings of replicas: those that are the same in all replicas, and those that are not.

https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/V2globaltables_HowItWorks.html
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any, TypeVar

from ddbmock._internal.engine import lifecycle
from ddbmock._internal.engine.settings import IndexSettings, TableSettings
from ddbmock._internal.errors import ValidationError
from ddbmock._internal.messages import replicas as replica_messages
from ddbmock._internal.messages import streams as stream_messages
from ddbmock._internal.operations.replicas.groups import check_idle, region_of, replica_of
from ddbmock._internal.operations.replicas.scaling import check_scaled_index_writes, scale_new_index
from ddbmock._internal.operations.tables.encryption import key_arn
from ddbmock._internal.validation.update_table import index_actions

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ddbmock._internal.access.intent import Request
    from ddbmock._internal.engine.backend import Region
    from ddbmock._internal.engine.table import Table
    from ddbmock._internal.operations.tables.transitions import TableChange

S = TypeVar("S", TableSettings, IndexSettings)

#: Settings that are copied unchanged to the other replicas.
_COPIED = ("attribute_types", "billing_mode", "warm_throughput", "table_class")


def check_settings(region: Region, table: Table, request: Request) -> None:
    """Raise the error of settings that cannot be changed because of replicas, or without them."""
    replica = replica_of(region, table)
    if replica is None:
        if request.get("GlobalTableSettingsReplicationMode") == "ENABLED_WITH_OVERRIDES":
            raise ValidationError(replica_messages.MODE_NEEDS_REPLICAS)
        return
    specification = request.get("StreamSpecification")
    if specification is not None and not replica.group.is_strong:
        if specification["StreamEnabled"]:
            raise ValidationError(stream_messages.stream_already_enabled(table.name))
        raise ValidationError(replica_messages.REPLICA_STREAM_NEEDED)
    check_idle(region, table)
    if any(kind == "Create" for kind, _ in index_actions(request)):
        check_scaled_index_writes(region, table)


def change_replication(change: TableChange) -> None:
    """Apply the replication mode and the disassociation protection of the request."""
    mode = change.request.get("GlobalTableSettingsReplicationMode")
    if mode is not None:
        change.set(replication_mode=mode)
    protection = change.request.get("DisassociationProtectionEnabled")
    if protection is not None:
        change.set(disassociation_protection=protection)
    is_own = change.request.get("DeletionProtectionEnabled") is not None
    if is_own and replica_of(change.region, change.table) is not None:
        # A table of one region has no transition for that.
        change.begin_transition(lifecycle.REPLICAS)


def replicate_settings(change: TableChange, before: TableSettings) -> None:
    """Copy changed settings to the other replicas, if they are the same in all of them."""
    replica = replica_of(change.region, change.table)
    if replica is None:
        return
    transitions = [each for each in change.transitions if each.kind != lifecycle.STREAM]
    for index in change.new_indexes:
        for member in replica.group.replicas:
            scale_new_index(region_of(change.region, member), change.table, index.name)
    for other in replica.others:
        region, table = region_of(change.region, other), other.table
        for index in change.new_indexes:
            table.add_index(index.empty())
        for name in change.removed_indexes:
            table.remove_index(name)
        for vector_index in change.new_vector_indexes:
            table.add_vector_index(vector_index.empty())
        for name in change.removed_vector_indexes:
            table.remove_vector_index(name)
        settings = _replicate_to(region, table.settings, before, change.settings, change.now)
        if replica.group.is_of_accounts:
            settings = _with_own(settings, table.settings)
        lifecycle.begin(region, table, settings, *transitions)


def _with_own(settings: TableSettings, before: TableSettings) -> TableSettings:
    """Return settings without changes of those that each account has for itself."""
    return replace(
        settings,
        table_class=before.table_class,
        table_class_changes=before.table_class_changes,
        encryption_key=before.encryption_key,
    )


def _replicate_to(
    region: Region, other: TableSettings, before: TableSettings, after: TableSettings, now: float
) -> TableSettings:
    changed = {
        name: getattr(after, name)
        for name in _COPIED
        if getattr(after, name) != getattr(before, name)
    }
    if "table_class" in changed:
        changed["table_class_changes"] = (*other.table_class_changes, now)
    if after.on_demand_since != before.on_demand_since:
        changed["on_demand_since"] = now
    if after.encryption_key != before.encryption_key:
        changed["encryption_key"] = _key(region, other, after)
    indexes = {
        name: _with_throughput(other.indexes.get(name, index), before.indexes.get(name), index)
        for name, index in after.indexes.items()
    }
    return _with_throughput(replace(other, indexes=indexes, **changed), before, after)


def _with_throughput(other: S, before: S | None, after: S) -> S:
    """Return another replica's settings, of the table or an index, with a changed throughput.

    A read capacity that was not changed stays, as the replica may override it.
    """
    if before is None:
        return after
    throughput = other.throughput
    if after.throughput != before.throughput:
        units = {
            name: getattr((after if _has_changed(before, after, name) else other).throughput, name)
            for name in ("read_units", "write_units")
        }
        throughput = replace(after.throughput, **units)
    earlier: Mapping[str, int] = before.on_demand_throughput
    later: Mapping[str, int] = after.on_demand_throughput
    changed = {name for name in (*earlier, *later) if earlier.get(name) != later.get(name)}
    maxima = {
        name: value for name, value in other.on_demand_throughput.items() if name not in changed
    }
    maxima |= {name: value for name, value in later.items() if name in changed}
    warm = other.warm_throughput
    if after.warm_throughput != before.warm_throughput:
        warm = warm.raised_to(after.warm_throughput.read_units, after.warm_throughput.write_units)
    return replace(other, throughput=throughput, on_demand_throughput=maxima, warm_throughput=warm)


def _has_changed(before: Any, after: Any, name: str) -> bool:
    return bool(getattr(after.throughput, name) != getattr(before.throughput, name))


def _key(region: Region, other: TableSettings, after: TableSettings) -> str | None:
    """Return the key of another replica: its own, or the one that AWS manages in its region."""
    if after.encryption_key is None:
        return None
    return other.encryption_key or key_arn(region, {"Enabled": True})
