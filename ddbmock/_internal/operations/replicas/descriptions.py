"""The members of a table's description that are about its global table.

https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_ReplicaDescription.html
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ddbmock._internal.arns import Namespace
from ddbmock._internal.engine import lifecycle
from ddbmock._internal.engine.settings import ON_DEMAND, PROVISIONED, IndexSettings
from ddbmock._internal.operations.tables.table_class import table_class_summary

if TYPE_CHECKING:
    from ddbmock._internal.engine.global_tables import GlobalTable, Replica
    from ddbmock._internal.engine.settings import TableSettings, Throughput

Description = dict[str, Any]

_VERSION = "2019.11.21"
#: How settings are replicated in a global table of one account.
_MODE = "ENABLED_WITH_OVERRIDES"
#: And in one of several accounts, where nothing is overridden.
_MODE_OF_ACCOUNTS = "ENABLED"
_MAXIMUM = "MaxReadRequestUnits"


def describe_replica(replica: Replica, now: float) -> Description:
    """Return the members of a replica's description.

    The replicas that it lists are those in other regions.
    """
    settings = replica.table.settings
    mode = _MODE_OF_ACCOUNTS if replica.group.is_of_accounts else _MODE
    description: Description = {
        "GlobalTableVersion": _VERSION,
        "GlobalTableSettingsReplicationMode": mode,
        "Replicas": [_describe(settings, other, now, mode) for other in replica.others],
        **_strong(replica.group, settings, now),
    }
    if settings.disassociation_protection is not None:
        description["DisassociationProtectionEnabled"] = settings.disassociation_protection
    return description


def _strong(group: GlobalTable, settings: TableSettings, now: float) -> Description:
    if not group.is_strong:
        return {}
    shown: Description = {"MultiRegionConsistency": "STRONG"}
    if group.witness is not None:
        changing = lifecycle.active_transitions(settings, now, lifecycle.REPLICAS)
        status = changing[0].detail if changing else lifecycle.ACTIVE
        shown["GlobalTableWitnesses"] = [{"RegionName": group.witness, "WitnessStatus": status}]
    return shown


def _describe(local: TableSettings, other: Replica, now: float, mode: str) -> Description:
    settings = other.table.settings
    indexes = [
        _describe_index(local, settings, name) for name in settings.indexes if name in local.indexes
    ]
    return {
        "RegionName": other.region_name,
        "ReplicaStatus": replica_status(settings, now),
        **_key(settings),
        **_overrides(
            local.billing_mode,
            (local.throughput, settings.throughput),
            (local.on_demand_throughput, settings.on_demand_throughput),
        ),
        "WarmThroughput": _warm(settings.warm_throughput),
        **({"GlobalSecondaryIndexes": indexes} if indexes else {}),
        **_table_class(settings),
        "GlobalTableSettingsReplicationMode": mode,
        **_arn(other),
    }


def replica_status(settings: TableSettings, now: float) -> str:
    """Return the status of a replica as the descriptions of others show it."""
    kinds = {transition.kind for transition in lifecycle.active_transitions(settings, now)}
    if lifecycle.DELETE in kinds:
        return lifecycle.DELETING
    if lifecycle.CREATE in kinds:
        return lifecycle.CREATING
    return lifecycle.UPDATING if lifecycle.OVERRIDES in kinds else lifecycle.ACTIVE


def _arn(other: Replica) -> Description:
    """Return the ARN of a replica in another account; those in the same account have none."""
    if not other.group.is_of_accounts:
        return {}
    arns = Namespace(other.region_name, other.account_id)
    return {"ReplicaArn": arns.table(other.table.name)}


def _key(settings: TableSettings) -> Description:
    key = settings.encryption_key
    return {} if key is None else {"KMSMasterKeyId": key}


def _describe_index(local: TableSettings, settings: TableSettings, name: str) -> Description:
    here: IndexSettings = local.indexes[name]
    there: IndexSettings = settings.indexes[name]
    return {
        "IndexName": name,
        **_overrides(
            local.billing_mode,
            (here.throughput, there.throughput),
            (here.on_demand_throughput, there.on_demand_throughput),
        ),
        "WarmThroughput": _warm(there.warm_throughput),
    }


def _overrides(
    billing_mode: str, throughputs: tuple[Throughput, Throughput], maxima: tuple[Any, Any]
) -> Description:
    """Return the overrides of another replica: where its settings differ from one's own."""
    if billing_mode == PROVISIONED:
        here, there = (throughput.read_units for throughput in throughputs)
        if here != there:
            return {"ProvisionedThroughputOverride": {"ReadCapacityUnits": there}}
    if billing_mode == ON_DEMAND:
        here, there = (each.get(_MAXIMUM) for each in maxima)
        if here != there and there is not None:
            return {"OnDemandThroughputOverride": {_MAXIMUM: there}}
    return {}


def _warm(warm: Any) -> Description:
    return {
        "ReadUnitsPerSecond": warm.read_units,
        "WriteUnitsPerSecond": warm.write_units,
        "Status": lifecycle.ACTIVE,
    }


def _table_class(settings: TableSettings) -> Description:
    summary = table_class_summary(settings)
    return {"ReplicaTableClassSummary": summary} if summary else {}
