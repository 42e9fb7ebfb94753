"""From an `aws_dynamodb_table` to the requests that create it.

https://registry.terraform.io/providers/hashicorp/aws/latest/docs/resources/dynamodb_table
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from ddbmock._internal.formats.file_errors import FileError
from ddbmock._internal.templates import settings
from ddbmock._internal.templates.contents import TableSpec
from ddbmock._internal.templates.imports import imported
from ddbmock._internal.templates.shapes import (
    boolean_of,
    list_of,
    mapping_of,
    text_of,
    typed_request,
)
from ddbmock._internal.templates.skipped import SkippedPart, skipping

if TYPE_CHECKING:
    from ddbmock._internal.formats.file_errors import Location
    from ddbmock._internal.templates.settings import Setting
    from ddbmock._internal.templates.terraform.resources import Resource, Values

#: Arguments that fill a table from a backup.
_REFUSED = (
    "restore_backup_arn",
    "restore_source_name",
    "restore_source_table_arn",
)
_READ = {
    "attribute",
    "billing_mode",
    "deletion_protection_enabled",
    "global_secondary_index",
    "global_table_witness",
    "hash_key",
    "import_table",
    "key_schema",
    "local_secondary_index",
    "name",
    "on_demand_throughput",
    "point_in_time_recovery",
    "range_key",
    "read_capacity",
    "replica",
    "server_side_encryption",
    "stream_enabled",
    "stream_view_type",
    "table_class",
    "tags",
    "ttl",
    "warm_throughput",
    "write_capacity",
    *_REFUSED,
}
#: Attributes that the provider computes, and options of a restore.
_COMPUTED = {
    "arn",
    "id",
    "region",
    "restore_date_time",
    "restore_to_latest_time",
    "stream_arn",
    "stream_label",
    "tags_all",
}


def table_spec(resource: Resource) -> TableSpec:
    """Return the table that a resource describes.

    Raises:
        FileError: An argument has no value, or another type.
    """
    values, location = resource.values, resource.location
    for name in _REFUSED:
        if values.get(name):
            raise settings.refused_source(location, name)
    if not values.get("name"):
        raise _without_value(location, "name")
    members: dict[str, Any] = {
        "TableName": values["name"],
        "AttributeDefinitions": [
            {"AttributeName": attribute.get("name"), "AttributeType": attribute.get("type")}
            for attribute in _blocks(values, "attribute", location)
        ],
        "KeySchema": _key_schema(values, location),
        **_throughput(values, values, location),
        **_indexes(values, location),
        **_options(values, location),
    }
    members["BillingMode"] = _billing_mode(values)
    found, skipped = _settings(resource)
    unknown = [name for name in values if name not in _READ | _COMPUTED and values[name]]
    skipped += [SkippedPart(name, "ddbmock does not know this argument") for name in unknown]
    spec = TableSpec(
        resource.address,
        typed_request("CreateTable", members, location),
        location,
        tuple(found),
        skipped=tuple(
            SkippedPart(f"{each.name} of {resource.address}", each.reason) for each in skipped
        ),
    )
    for block in _blocks(values, "import_table", location):
        spec = imported(spec, _import_source(block, location), location)
    return spec


def _import_source(block: Values, location: Location) -> dict[str, Any]:
    """Return what a block `import_table` says, as ImportTable has it."""
    source: dict[str, Any] = {
        "InputFormat": block.get("input_format"),
        "InputCompressionType": block.get("input_compression_type"),
    }
    for bucket in _blocks(block, "s3_bucket_source", location):
        source["S3BucketSource"] = {
            "S3Bucket": bucket.get("bucket"),
            "S3BucketOwner": bucket.get("bucket_owner"),
            "S3KeyPrefix": bucket.get("key_prefix"),
        }
    for options in _blocks(block, "input_format_options", location):
        for csv in _blocks(options, "csv", location):
            members = {"Delimiter": csv.get("delimiter"), "HeaderList": csv.get("header_list")}
            source["InputFormatOptions"] = {"Csv": members}
    return source


def _without_value(location: Location, name: str) -> FileError:
    reason = "Terraform has no value for it before it is applied"
    return FileError(location, f"{name} is not known; {reason}")


def _blocks(values: Values, name: str, location: Location) -> list[Mapping[str, Any]]:
    blocks = values.get(name) or []
    listed = [blocks] if isinstance(blocks, Mapping) else list_of(blocks, location, name)
    return [mapping_of(block, location, name) for block in listed]


def _is_on(values: Values, name: str, location: Location) -> bool:
    value = values.get(name)
    return value is not None and boolean_of(value, location, name)


def _key_schema(values: Values, location: Location) -> list[dict[str, Any]]:
    schema = [
        {"AttributeName": element.get("attribute_name"), "KeyType": element.get("key_type")}
        for element in _blocks(values, "key_schema", location)
    ]
    if schema:
        return schema
    keys = [(values.get("hash_key"), "HASH"), (values.get("range_key"), "RANGE")]
    return [{"AttributeName": name, "KeyType": key_type} for name, key_type in keys if name]


def _billing_mode(values: Values) -> Any:
    return values.get("billing_mode") or "PROVISIONED"


def _throughput(values: Values, table: Values, location: Location) -> dict[str, Any]:
    """Return the throughput of a table, or of an index of a table."""
    members: dict[str, Any] = {}
    if _billing_mode(table) == "PROVISIONED" and values.get("read_capacity") is not None:
        members["ProvisionedThroughput"] = {
            "ReadCapacityUnits": values["read_capacity"],
            "WriteCapacityUnits": values.get("write_capacity"),
        }
    for block in _blocks(values, "on_demand_throughput", location):
        members["OnDemandThroughput"] = {
            "MaxReadRequestUnits": block.get("max_read_request_units"),
            "MaxWriteRequestUnits": block.get("max_write_request_units"),
        }
    for block in _blocks(values, "warm_throughput", location):
        members["WarmThroughput"] = {
            "ReadUnitsPerSecond": block.get("read_units_per_second"),
            "WriteUnitsPerSecond": block.get("write_units_per_second"),
        }
    return members


def _indexes(values: Values, location: Location) -> dict[str, Any]:
    members: dict[str, Any] = {}
    for index in _blocks(values, "global_secondary_index", location):
        members.setdefault("GlobalSecondaryIndexes", []).append(
            {**_index(index, index, location), **_throughput(index, values, location)}
        )
    for index in _blocks(values, "local_secondary_index", location):
        keys = {"hash_key": values.get("hash_key"), "range_key": index.get("range_key")}
        members.setdefault("LocalSecondaryIndexes", []).append(_index(index, keys, location))
    return members


def _index(index: Values, keys: Values, location: Location) -> dict[str, Any]:
    projection: dict[str, Any] = {"ProjectionType": index.get("projection_type")}
    if index.get("non_key_attributes"):
        projection["NonKeyAttributes"] = index["non_key_attributes"]
    return {
        "IndexName": index.get("name"),
        "KeySchema": _key_schema(keys, location),
        "Projection": projection,
    }


def _options(values: Values, location: Location) -> dict[str, Any]:
    members: dict[str, Any] = {}
    if _is_on(values, "stream_enabled", location):
        members["StreamSpecification"] = {
            "StreamEnabled": True,
            "StreamViewType": values.get("stream_view_type"),
        }
    for block in _blocks(values, "server_side_encryption", location):
        if _is_on(block, "enabled", location):
            members["SSESpecification"] = {"Enabled": True, "SSEType": "KMS"}
            if block.get("kms_key_arn"):
                members["SSESpecification"]["KMSMasterKeyId"] = block["kms_key_arn"]
    if values.get("table_class"):
        members["TableClass"] = values["table_class"]
    if _is_on(values, "deletion_protection_enabled", location):
        members["DeletionProtectionEnabled"] = True
    tags = tags_of(values, location)
    if tags:
        members["Tags"] = tags
    return members


def tags_of(values: Values, location: Location) -> list[dict[str, Any]]:
    """Return the tags of a resource as the API has them."""
    tags = mapping_of(values.get("tags") or {}, location, "tags")
    return [{"Key": key, "Value": tags[key]} for key in tags]


# --- settings ------------------------------------------------------------------------------------


def _settings(resource: Resource) -> tuple[list[Setting], list[SkippedPart]]:
    """Return the settings of a table, except those that have no value."""
    found: list[Setting] = []
    skipped: list[SkippedPart] = []
    for name, read in _SETTINGS.items():
        with skipping(skipped, name):
            for block in _blocks(resource.values, name, resource.location):
                found += read(block, resource)
    return found, skipped


def _time_to_live(block: Values, resource: Resource) -> list[Setting]:
    members = {"AttributeName": block.get("attribute_name"), "Enabled": block.get("enabled")}
    if members["Enabled"] is None:
        members["Enabled"] = False
    return settings.time_to_live("ttl", members, resource.location)


def point_in_time_recovery(block: Values, resource: Resource) -> list[Setting]:
    """Return the setting for a block `point_in_time_recovery`."""
    members = {"PointInTimeRecoveryEnabled": _is_on(block, "enabled", resource.location)}
    if block.get("recovery_period_in_days"):
        members["RecoveryPeriodInDays"] = block["recovery_period_in_days"]
    return settings.point_in_time_recovery("point_in_time_recovery", members, resource.location)


def _replica(block: Values, resource: Resource) -> list[Setting]:
    location = resource.location
    region = text_of(block.get("region_name"), location, "replica.region_name")
    members: dict[str, Any] = {"RegionName": region}
    if block.get("kms_key_arn"):
        members["KMSMasterKeyId"] = block["kms_key_arn"]
    found: list[Setting] = []
    if str(block.get("consistency_mode")) != "STRONG":
        found.append(settings.replica(f"the replica in {region}", members, location))
    elif region == _strong_regions(resource)[0]:
        # Strong consistency is set up by one request for all replicas.
        found.append(_strong_group(resource))
    for name, read in _REPLICA_SETTINGS.items():
        if block.get(name):
            found += [
                replace(each, name=f"{each.name} of the replica in {region}", region=region)
                for each in read(block, resource)
            ]
    return found


def _strong_regions(resource: Resource) -> list[str]:
    return [
        str(block.get("region_name"))
        for block in _blocks(resource.values, "replica", resource.location)
        if str(block.get("consistency_mode")) == "STRONG"
    ]


def _strong_group(resource: Resource) -> Setting:
    regions = _strong_regions(resource)
    request: dict[str, Any] = {
        "ReplicaUpdates": [{"Create": {"RegionName": region}} for region in regions],
        "MultiRegionConsistency": "STRONG",
    }
    witnesses = _blocks(resource.values, "global_table_witness", resource.location)
    if witnesses:
        request["GlobalTableWitnessUpdates"] = [
            {"Create": {"RegionName": witness.get("region_name")}} for witness in witnesses
        ]
    name = f"the replicas in {', '.join(regions)}"
    return settings.setting(name, "UpdateTable", request, resource.location)


def _replica_recovery(block: Values, resource: Resource) -> list[Setting]:
    # Of a replica it is a plain argument.
    on = {"enabled": block["point_in_time_recovery"]}
    return point_in_time_recovery(on, resource)


def _replica_protection(block: Values, resource: Resource) -> list[Setting]:
    name = "deletion_protection_enabled"
    request = {"DeletionProtectionEnabled": block[name]}
    return [settings.setting(name, "UpdateTable", request, resource.location)]


def _replica_tags(block: Values, resource: Resource) -> list[Setting]:
    tags = tags_of(resource.values, resource.location)
    if not tags or not _is_on(block, "propagate_tags", resource.location):
        return []
    return [settings.setting("propagate_tags", "TagResource", {"Tags": tags}, resource.location)]


_REPLICA_SETTINGS: dict[str, Callable[[Values, Resource], list[Setting]]] = {
    "deletion_protection_enabled": _replica_protection,
    "point_in_time_recovery": _replica_recovery,
    "propagate_tags": _replica_tags,
}
_SETTINGS: dict[str, Callable[[Values, Resource], list[Setting]]] = {
    "ttl": _time_to_live,
    "point_in_time_recovery": point_in_time_recovery,
    "replica": _replica,
}
