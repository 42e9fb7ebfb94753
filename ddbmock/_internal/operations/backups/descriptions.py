"""Descriptions of a backup and of its source table.

https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_BackupDescription.html
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ddbmock._internal.arns import table_arn_of
from ddbmock._internal.operations.tables.descriptions import key_elements, projection
from ddbmock._internal.operations.tables.vector_indexes import vector_structure
from ddbmock._internal.times import timestamp

if TYPE_CHECKING:
    from ddbmock._internal.engine.backups import Backup
    from ddbmock._internal.engine.index import Index
    from ddbmock._internal.engine.settings import TableSettings, Throughput

Description = dict[str, Any]

CREATING, AVAILABLE, DELETED = "CREATING", "AVAILABLE", "DELETED"


def backup_details(backup: Backup, status: str, *, named: str) -> Description:
    """Return a BackupDetails structure.

    Args:
        backup: The backup.
        status: The BackupStatus.
        named: The ARN in the request, which is returned as it was sent.
    """
    return {
        "BackupArn": named,
        "BackupName": backup.name,
        "BackupSizeBytes": backup.size_bytes,
        "BackupStatus": status,
        "BackupType": backup.kind,
        "BackupCreationDateTime": timestamp(backup.created_at),
        **_expiry(backup),
    }


def backup_summary(backup: Backup) -> Description:
    """Return a BackupSummary structure."""
    return {
        "TableName": backup.table_name,
        "TableId": backup.definition.settings.table_id,
        "TableArn": table_arn_of(backup.arn),
        "BackupArn": backup.arn,
        "BackupName": backup.name,
        "BackupCreationDateTime": timestamp(backup.created_at),
        **_expiry(backup),
        "BackupStatus": AVAILABLE,
        "BackupType": backup.kind,
        "BackupSizeBytes": backup.size_bytes,
    }


def _expiry(backup: Backup) -> Description:
    at = backup.expires_at
    return {} if at is None else {"BackupExpiryDateTime": timestamp(at)}


def backup_description(backup: Backup, status: str, *, named: str) -> Description:
    """Return a BackupDescription structure, see `backup_details`."""
    return {
        "BackupDetails": backup_details(backup, status, named=named),
        "SourceTableDetails": _source_table(backup),
        "SourceTableFeatureDetails": _features(backup),
    }


def _source_table(backup: Backup) -> Description:
    settings = backup.definition.settings
    return {
        "TableName": backup.table_name,
        "TableId": settings.table_id,
        "TableArn": table_arn_of(backup.arn),
        "TableSizeBytes": backup.size_bytes,
        "KeySchema": key_elements(backup.key_schema),
        "TableCreationDateTime": timestamp(settings.created_at),
        "ProvisionedThroughput": _units(settings.throughput),
        **_maxima(settings.on_demand_throughput),
        "ItemCount": len(backup.items),
        "BillingMode": settings.billing_mode,
    }


def _features(backup: Backup) -> Description:
    """Return the features that were enabled; none for a plain table."""
    settings, indexes, vector_indexes = backup.definition
    shown: Description = {}
    local_indexes = [_index(index) for index in indexes if not index.is_global]
    if local_indexes:
        shown["LocalSecondaryIndexes"] = local_indexes
    global_indexes = [_global_index(index, settings) for index in indexes if index.is_global]
    if global_indexes:
        shown["GlobalSecondaryIndexes"] = global_indexes
    if vector_indexes:
        shown["VectorIndexes"] = [vector_structure(index) for index in vector_indexes]
    if settings.stream:
        shown["StreamDescription"] = dict(settings.stream)
    time_to_live = settings.time_to_live
    if time_to_live is not None and time_to_live.enabled:
        shown["TimeToLiveDescription"] = {
            "TimeToLiveStatus": "ENABLED",
            "AttributeName": time_to_live.attribute_name,
        }
    if settings.encryption_key is not None:
        shown["SSEDescription"] = {
            "Status": "ENABLED",
            "SSEType": "KMS",
            "KMSMasterKeyArn": settings.encryption_key,
        }
    return shown


def _index(index: Index) -> Description:
    return {
        "IndexName": index.name,
        "KeySchema": key_elements(index.key_schema),
        "Projection": projection(index),
    }


def _global_index(index: Index, settings: TableSettings) -> Description:
    index_settings = settings.indexes[index.name]
    return {
        **_index(index),
        "ProvisionedThroughput": _units(index_settings.throughput),
        **_maxima(index_settings.on_demand_throughput),
    }


def _units(throughput: Throughput) -> Description:
    return {
        "ReadCapacityUnits": throughput.read_units,
        "WriteCapacityUnits": throughput.write_units,
    }


def _maxima(on_demand_throughput: Any) -> Description:
    return {"OnDemandThroughput": dict(on_demand_throughput)} if on_demand_throughput else {}
