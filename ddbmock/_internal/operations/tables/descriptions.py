"""The TableDescription in the responses of DescribeTable, CreateTable, UpdateTable, DeleteTable.

While a change is in progress, some settings still have their old values: new capacity units, for
example, are shown when their transition has ended, but the time of the change at once.

https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_TableDescription.html
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ddbmock._internal.arns import index_arn
from ddbmock._internal.engine import lifecycle
from ddbmock._internal.engine.settings import (
    PROVISIONED,
    IndexSettings,
    TableSettings,
    Throughput,
    Transition,
    WarmThroughput,
)
from ddbmock._internal.operations.replicas.descriptions import describe_replica
from ddbmock._internal.operations.tables.table_class import table_class_summary
from ddbmock._internal.times import timestamp

if TYPE_CHECKING:
    from ddbmock._internal.engine.backend import Region
    from ddbmock._internal.engine.index import Index
    from ddbmock._internal.engine.keys import KeySchema
    from ddbmock._internal.engine.table import Table

Description = dict[str, Any]

#: The members in the response of DeleteTable.
_SHOWN_OF_DELETED = frozenset({
    "TableName",
    "TableStatus",
    "ProvisionedThroughput",
    "TableSizeBytes",
    "ItemCount",
    "TableArn",
    "TableId",
    "BillingModeSummary",
    "TableClassSummary",
    "DeletionProtectionEnabled",
})  # fmt: skip
_INDEX_STATUSES = {
    lifecycle.INDEX_CREATE: lifecycle.CREATING,
    lifecycle.INDEX_UPDATE: lifecycle.UPDATING,
    lifecycle.INDEX_DELETE: lifecycle.DELETING,
}


def describe(region: Region, table: Table) -> Description:
    """Return the description of a table."""
    settings, now = table.settings, region.backend.clock.seconds()
    arn = region.arns.table(table.name)
    has_vectors = bool(table.vector_indexes or settings.transitions)
    throughput = _shown(settings, now, lifecycle.UNITS, settings.throughput)
    replica = region.backend.replicator.replicas.get(table)
    description = {
        "AttributeDefinitions": [
            {"AttributeName": name, "AttributeType": kind}
            for name, kind in sorted(settings.attribute_types.items())
        ],
        "TableName": table.name,
        "KeySchema": key_elements(table.key_schema),
        "TableStatus": lifecycle.table_status(settings, now),
        "CreationDateTime": timestamp(settings.created_at),
        "ProvisionedThroughput": _throughput(throughput, settings.throughput, now),
        "TableSizeBytes": table.size_bytes,
        "ItemCount": len(table.items),
        "TableArn": arn,
        "TableId": settings.table_id,
        **_billing(settings, now, is_replica=replica is not None),
        **_local_indexes(table, arn),
        **_global_indexes(table, arn, now),
        **(_vector_indexes(table, arn, now) if has_vectors else {}),
        **_stream(table),
        **_encryption(settings, now),
        **_table_class(settings, now),
        **_on_demand(settings.on_demand_throughput),
        "DeletionProtectionEnabled": settings.deletion_protection,
        "WarmThroughput": _warm(settings, now, lifecycle.WARM_THROUGHPUT, settings.warm_throughput),
    }
    if settings.transitions:
        restore = lifecycle.restore_of(settings, now)
        if restore is not None:
            _show_restore(description, restore)
    if replica is not None:
        if description["TableStatus"] == lifecycle.CREATING:
            for member in _stream(table):
                del description[member]
        description |= describe_replica(replica, now)
    elif settings.replication_mode is not None:
        description["GlobalTableSettingsReplicationMode"] = settings.replication_mode
    return description


def _show_restore(description: Description, restore: Transition) -> None:
    """Change the description of a table to that of one that is being restored."""
    indexes = description.get("GlobalSecondaryIndexes", [])
    for index in indexes:
        del index["IndexStatus"]
    others = (*description.get("LocalSecondaryIndexes", []), *description.get("VectorIndexes", []))
    for each in (description, *indexes, *others):
        each["ItemCount"] = 0
        each["TableSizeBytes" if each is description else "IndexSizeBytes"] = 0
    description["RestoreSummary"] = {**restore.before, "RestoreInProgress": True}


def describe_created(region: Region, table: Table, *, warm_was_given: bool) -> Description:
    """Return the description in the response of CreateTable, which omits some members."""
    description = describe(region, table)
    if not warm_was_given:
        del description["WarmThroughput"]
    if "BillingModeSummary" in description:
        description["BillingModeSummary"].pop("LastUpdateToPayPerRequestDateTime", None)
    for index in description.get("GlobalSecondaryIndexes", ()):
        del index["WarmThroughput"]
    return description


def describe_deleted(region: Region, table: Table) -> Description:
    """Return the description in the response of DeleteTable."""
    description = describe(region, table)
    description["TableStatus"] = lifecycle.DELETING
    return {name: shown for name, shown in description.items() if name in _SHOWN_OF_DELETED}


def _shown(settings: TableSettings, now: float, kind: str, after: Any, index_name: str = "") -> Any:
    """Return a setting's visible value: the old one until its transition ends."""
    transition = lifecycle.of_index(settings, index_name, now, kind)
    return after if transition is None or transition.before is None else transition.before


def _billing(settings: TableSettings, now: float, *, is_replica: bool) -> Description:
    """Return the BillingModeSummary; its date appears when the table is ACTIVE."""
    if settings.on_demand_since is None:
        return {}
    if is_replica and settings.billing_mode == PROVISIONED:
        return {}
    summary: Description = {"BillingMode": settings.billing_mode}
    if (
        not settings.transitions
        or settings.billing_mode == PROVISIONED
        or not lifecycle.active_transitions(settings, now, lifecycle.CREATE, lifecycle.BILLING)
    ):
        summary["LastUpdateToPayPerRequestDateTime"] = timestamp(settings.on_demand_since)
    return {"BillingModeSummary": summary}


def _stream(table: Table) -> Description:
    shown: Description = {}
    if table.settings.stream.get("StreamEnabled"):
        shown["StreamSpecification"] = dict(table.settings.stream)
    if table.stream is not None:
        shown["LatestStreamLabel"] = table.stream.label
        shown["LatestStreamArn"] = table.stream.arn
    return shown


def _encryption(settings: TableSettings, now: float) -> Description:
    """Return the SSEDescription; a table that is encrypted with a key that AWS owns has none."""
    changing = lifecycle.active_transitions(settings, now, lifecycle.ENCRYPTION)
    status = "UPDATING" if changing else "ENABLED"
    key = changing[0].before if changing else settings.encryption_key
    if key is None:
        return {"SSEDescription": {"Status": status}} if changing else {}
    return {"SSEDescription": {"Status": status, "SSEType": "KMS", "KMSMasterKeyArn": key}}


def _table_class(settings: TableSettings, now: float) -> Description:
    changing = lifecycle.active_transitions(settings, now, lifecycle.CLASS)
    summary = changing[0].before if changing else table_class_summary(settings)
    return {"TableClassSummary": summary} if summary else {}


def _on_demand(maxima: Any) -> Description:
    return {"OnDemandThroughput": dict(maxima)} if maxima else {}


def _warm(
    settings: TableSettings, now: float, kind: str, after: WarmThroughput, index_name: str = ""
) -> Description:
    if settings.transitions and not index_name:
        after = _shown(settings, now, lifecycle.BILLING, after)
    shown = _shown(settings, now, kind, after, index_name)
    is_changing = lifecycle.of_index(settings, index_name, now, kind) is not None
    return {
        "ReadUnitsPerSecond": shown.read_units,
        "WriteUnitsPerSecond": shown.write_units,
        "Status": lifecycle.UPDATING if is_changing else lifecycle.ACTIVE,
    }


def key_elements(schema: KeySchema) -> list[Description]:
    """Return a KeySchema structure."""
    return [
        *({"AttributeName": attribute.name, "KeyType": "HASH"} for attribute in schema.partition),
        *({"AttributeName": attribute.name, "KeyType": "RANGE"} for attribute in schema.sort),
    ]


def projection(index: Index) -> Description:
    """Return the Projection structure of an index."""
    shown: Description = {"ProjectionType": index.projection.kind}
    if index.projection.non_key_attributes:
        shown["NonKeyAttributes"] = sorted(index.projection.non_key_attributes)
    return shown


def _index(index: Index, arn: str) -> Description:
    return {
        "IndexName": index.name,
        "KeySchema": key_elements(index.key_schema),
        "Projection": projection(index),
        "IndexSizeBytes": index.size_bytes,
        "ItemCount": index.entry_count,
        "IndexArn": index_arn(arn, index.name),
    }


def _local_indexes(table: Table, arn: str) -> Description:
    indexes = [_index(index, arn) for index in table.indexes.values() if not index.is_global]
    return {"LocalSecondaryIndexes": indexes} if indexes else {}


def _global_indexes(table: Table, arn: str, now: float) -> Description:
    settings = table.settings
    indexes = [
        (index, settings.indexes.get(index.name, IndexSettings()))
        for index in table.indexes.values()
        if index.is_global
    ]
    deleted = lifecycle.active_transitions(settings, now, lifecycle.INDEX_DELETE)
    # A vector index has no settings.
    indexes.extend(each.before for each in deleted if each.before[1] is not None)
    shown = [
        _index(index, arn) | _global_settings(index.name, index_settings, settings, now)
        for index, index_settings in indexes
    ]
    return {"GlobalSecondaryIndexes": shown} if shown else {}


def _vector_indexes(table: Table, arn: str, now: float) -> Description:
    settings = table.settings
    indexes = list(table.vector_indexes.values())
    deleted = lifecycle.active_transitions(settings, now, lifecycle.INDEX_DELETE)
    indexes.extend(each.before[0] for each in deleted if each.before[1] is None)
    if not indexes:
        return {}
    from ddbmock._internal.operations.tables.vector_indexes import vector_structure  # noqa: PLC0415 (lazy)

    shown = [
        {
            **vector_structure(index),
            **_index_status(index.name, settings, now),
            "IndexSizeBytes": index.size_bytes,
            "ItemCount": index.entry_count,
            "IndexArn": index_arn(arn, index.name),
        }
        for index in indexes
    ]
    return {"VectorIndexes": shown}


def _global_settings(
    name: str, index_settings: IndexSettings, settings: TableSettings, now: float
) -> Description:
    throughput = _shown(settings, now, lifecycle.INDEX_UPDATE, index_settings.throughput, name)
    warm = index_settings.warm_throughput
    return {
        **_index_status(name, settings, now),
        "ProvisionedThroughput": _throughput(throughput, index_settings.throughput, now),
        **_on_demand(index_settings.on_demand_throughput),
        "WarmThroughput": _warm(settings, now, lifecycle.INDEX_WARM_THROUGHPUT, warm, name),
    }


def _index_status(index_name: str, settings: TableSettings, now: float) -> Description:
    """Return IndexStatus, and Backfilling for an index that is being added to a table."""
    transition = lifecycle.of_index(settings, index_name, now, *_INDEX_STATUSES)
    if transition is None:
        status = lifecycle.table_status(settings, now)
        follows = status in {lifecycle.CREATING, lifecycle.DELETING}
        return {"IndexStatus": status if follows else lifecycle.ACTIVE}
    shown: Description = {"IndexStatus": _INDEX_STATUSES[transition.kind]}
    if transition.kind == lifecycle.INDEX_CREATE:
        shown["Backfilling"] = lifecycle.is_backfilling(transition, now)
    return shown


def _throughput(shown: Throughput, latest: Throughput, now: float) -> Description:
    """Return the units and decreases that are shown, with the times of the latest changes."""
    description: Description = {
        "NumberOfDecreasesToday": shown.decreases_today(now),
        "ReadCapacityUnits": shown.read_units,
        "WriteCapacityUnits": shown.write_units,
    }
    if latest.increased_at is not None:
        description["LastIncreaseDateTime"] = timestamp(latest.increased_at)
    if latest.decreased_at is not None:
        description["LastDecreaseDateTime"] = timestamp(latest.decreased_at)
    return description
