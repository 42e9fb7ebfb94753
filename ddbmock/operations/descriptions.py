"""The TableDescription: what DescribeTable and its kin say of a table.

https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_TableDescription.html
"""

from __future__ import annotations

from datetime import datetime, timezone
from typing import TYPE_CHECKING, Any

from ddbmock.engine.settings import IndexSettings, Throughput

if TYPE_CHECKING:
    from ddbmock.engine.index import Index
    from ddbmock.engine.keys import KeySchema
    from ddbmock.engine.table import Table
    from ddbmock.engine.world import Region

Description = dict[str, Any]


def describe(region: Region, table: Table, *, status: str = "ACTIVE") -> Description:
    """Return the description of a table, as DynamoDB words it."""
    settings = table.settings
    arn = region.arn(f"table/{table.name}")
    description: Description = {
        "AttributeDefinitions": [
            {"AttributeName": name, "AttributeType": kind}
            for name, kind in settings.attribute_types.items()
        ],
        "TableName": table.name,
        "KeySchema": key_elements(table.key_schema),
        "TableStatus": status,
        "CreationDateTime": moment(settings.created_at),
        "ProvisionedThroughput": _throughput(settings.throughput),
        "TableSizeBytes": table.size_bytes,
        "ItemCount": len(table.items),
        "TableArn": arn,
        "TableId": settings.table_id,
    }
    if settings.on_demand_since is not None:
        description["BillingModeSummary"] = {
            "BillingMode": settings.billing_mode,
            "LastUpdateToPayPerRequestDateTime": moment(settings.on_demand_since),
        }
    local = [index for index in table.indexes.values() if not index.is_global]
    if local:
        description["LocalSecondaryIndexes"] = [_index(index, arn) for index in local]
    everywhere = [index for index in table.indexes.values() if index.is_global]
    if everywhere:
        description["GlobalSecondaryIndexes"] = [
            _global_index(index, arn, settings.indexes.get(index.name, IndexSettings()), status)
            for index in everywhere
        ]
    description |= _options(table, arn)
    return description


def _options(table: Table, arn: str) -> Description:
    settings = table.settings
    options: Description = {"DeletionProtectionEnabled": settings.deletion_protection}
    if settings.stream.get("StreamEnabled"):
        options["StreamSpecification"] = dict(settings.stream)
    if table.stream is not None:
        options["LatestStreamLabel"] = table.stream.label
        options["LatestStreamArn"] = table.stream.arn
    if settings.encryption.get("Enabled"):
        options["SSEDescription"] = {
            "Status": "ENABLED",
            "SSEType": settings.encryption.get("SSEType", "KMS"),
            "KMSMasterKeyArn": settings.encryption.get(
                "KMSMasterKeyId", arn.split(":table/")[0].replace("dynamodb", "kms") + ":key/aws"
            ),
        }
    if settings.table_class is not None:
        options["TableClassSummary"] = {"TableClass": settings.table_class}
    if settings.on_demand_throughput:
        options["OnDemandThroughput"] = dict(settings.on_demand_throughput)
    if settings.warm_throughput:
        options["WarmThroughput"] = {**settings.warm_throughput, "Status": "ACTIVE"}
    return options


def key_elements(schema: KeySchema) -> list[Description]:
    """Return a KeySchema structure."""
    return [
        *({"AttributeName": attribute.name, "KeyType": "HASH"} for attribute in schema.partition),
        *({"AttributeName": attribute.name, "KeyType": "RANGE"} for attribute in schema.sort),
    ]


def _index(index: Index, arn: str) -> Description:
    projection: Description = {"ProjectionType": index.projection.kind}
    if index.projection.non_key_attributes:
        projection["NonKeyAttributes"] = list(index.projection.non_key_attributes)
    return {
        "IndexName": index.name,
        "KeySchema": key_elements(index.key_schema),
        "Projection": projection,
        "IndexSizeBytes": index.size_bytes,
        "ItemCount": len(index.entries),
        "IndexArn": f"{arn}/index/{index.name}",
    }


def _global_index(
    index: Index, arn: str, settings: IndexSettings, table_status: str
) -> Description:
    description = _index(index, arn)
    description["IndexStatus"] = "DELETING" if table_status == "DELETING" else "ACTIVE"
    description["ProvisionedThroughput"] = _throughput(settings.throughput)
    if settings.on_demand_throughput:
        description["OnDemandThroughput"] = dict(settings.on_demand_throughput)
    if settings.warm_throughput:
        description["WarmThroughput"] = {**settings.warm_throughput, "Status": "ACTIVE"}
    return description


def _throughput(throughput: Throughput) -> Description:
    description: Description = {
        "NumberOfDecreasesToday": throughput.decreases_today,
        "ReadCapacityUnits": throughput.read_units,
        "WriteCapacityUnits": throughput.write_units,
    }
    if throughput.increased_at is not None:
        description["LastIncreaseDateTime"] = moment(throughput.increased_at)
    if throughput.decreased_at is not None:
        description["LastDecreaseDateTime"] = moment(throughput.decreased_at)
    return description


def moment(seconds: float) -> datetime:
    """Return epoch seconds as the service shows times: aware, to the millisecond."""
    return datetime.fromtimestamp(int(seconds * 1000) / 1000, tz=timezone.utc)
