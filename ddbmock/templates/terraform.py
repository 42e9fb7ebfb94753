"""Tables of Terraform: from the values of `aws_dynamodb_table` and `aws_dynamodb_table_item`.

The values come from `terraform show -json` (of a plan or a state) or, evaluated by `hcl`, from .tf
files; both have the argument names of the AWS provider.

https://registry.terraform.io/providers/hashicorp/aws/latest/docs/resources/dynamodb_table
https://developer.hashicorp.com/terraform/internals/json-format
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from ddbmock import messages
from ddbmock.formats.file_errors import FileError, Location
from ddbmock.formats.located import line_of
from ddbmock.templates.fitting import boolean_of, create_table_request
from ddbmock.templates.tables import Seed, TableSpec

Values = Mapping[str, Any]

TABLE, ITEM = "aws_dynamodb_table", "aws_dynamodb_table_item"

#: Arguments of things beside the table, which tests of a table can do without.
_LEFT_OUT = ("global_table_witness", "point_in_time_recovery", "replica")
#: Arguments that make a table out of another thing than its definition.
_REFUSED = (
    "import_table",
    "restore_backup_arn",
    "restore_source_name",
    "restore_source_table_arn",
)


@dataclass(frozen=True, slots=True)
class Resource:
    """One instance of a resource: its address, its type, its values."""

    address: str
    kind: str
    values: Values
    location: Location


def is_show_output(document: Any) -> bool:
    """Return whether a document is the output of `terraform show -json`."""
    return isinstance(document, Mapping) and (
        isinstance(document.get("planned_values"), Mapping)
        or ("terraform_version" in document and isinstance(document.get("values"), Mapping))
    )


def shown_resources(document: Values, source: str) -> list[Resource]:
    """Return the resources of a plan or state, those of modules too."""
    values = document.get("planned_values") or document["values"]
    return list(_of_module(values.get("root_module") or {}, source))


def _of_module(module: Values, source: str) -> Iterator[Resource]:
    for resource in module.get("resources") or ():
        if resource.get("mode", "managed") == "managed" and resource.get("type") in {TABLE, ITEM}:
            address = resource["address"]
            location = Location(source, line_of(resource), address)
            yield Resource(address, resource["type"], resource.get("values") or {}, location)
    for child in module.get("child_modules") or ():
        yield from _of_module(child, source)


def resource_tables(resources: list[Resource]) -> tuple[list[TableSpec], list[Seed]]:
    """Return the tables and the items among resources.

    Raises:
        FileError: A resource is no table or item.
    """
    specs = [_spec(resource) for resource in resources if resource.kind == TABLE]
    seeds = [_seed(resource) for resource in resources if resource.kind == ITEM]
    names = {spec.name for spec in specs}
    for seed in seeds:
        if seed.table_name not in names:
            raise FileError(
                seed.location, messages.seed_without_table(seed.table_name, sorted(names))
            )
    return specs, seeds


def _spec(resource: Resource) -> TableSpec:
    values, location = resource.values, resource.location
    for name in _REFUSED:
        if values.get(name):
            raise FileError(location, messages.import_refused(name))
    if not values.get("name"):
        raise FileError(location, messages.without_name("name"))
    members: dict[str, Any] = {
        "TableName": values["name"],
        "AttributeDefinitions": [
            {"AttributeName": attribute.get("name"), "AttributeType": attribute.get("type")}
            for attribute in _blocks(values, "attribute")
        ],
        "KeySchema": _key_schema(values),
        **_capacity(values),
        **_indexes(values),
        **_options(values, location),
    }
    time_to_live: Values = next(iter(_blocks(values, "ttl")), {})
    return TableSpec(
        resource.address,
        create_table_request(members, location),
        location,
        {"AttributeName": str(time_to_live.get("attribute_name")), "Enabled": True}
        if _is_on(time_to_live, "enabled", location)
        else None,
        tuple(name for name in _LEFT_OUT if any(_blocks(values, name))),
    )


def _blocks(values: Values, name: str) -> list[Any]:
    blocks = values.get(name) or []
    return [blocks] if isinstance(blocks, Mapping) else list(blocks)


def _is_on(values: Values, name: str, location: Location) -> bool:
    value = values.get(name)
    return value is not None and boolean_of(value, location, name)


def _key_schema(values: Values) -> list[dict[str, Any]]:
    schema = [
        {"AttributeName": element.get("attribute_name"), "KeyType": element.get("key_type")}
        for element in _blocks(values, "key_schema")
    ]
    for name, key_type in (("hash_key", "HASH"), ("range_key", "RANGE")):
        if values.get(name) and not _blocks(values, "key_schema"):
            schema.append({"AttributeName": values[name], "KeyType": key_type})
    return schema


def _capacity(values: Values, table: Values | None = None) -> dict[str, Any]:
    """Return the billing and throughput of a table, or of an index of a table."""
    members: dict[str, Any] = {}
    billing_mode = (values if table is None else table).get("billing_mode") or "PROVISIONED"
    if table is None:
        members["BillingMode"] = billing_mode
    if billing_mode == "PROVISIONED" and values.get("read_capacity") is not None:
        members["ProvisionedThroughput"] = {
            "ReadCapacityUnits": values["read_capacity"],
            "WriteCapacityUnits": values.get("write_capacity"),
        }
    for block in _blocks(values, "on_demand_throughput"):
        limits = {
            "MaxReadRequestUnits": block.get("max_read_request_units"),
            "MaxWriteRequestUnits": block.get("max_write_request_units"),
        }
        members["OnDemandThroughput"] = {name: n for name, n in limits.items() if n is not None}
    for block in _blocks(values, "warm_throughput"):
        members["WarmThroughput"] = {
            "ReadUnitsPerSecond": block.get("read_units_per_second"),
            "WriteUnitsPerSecond": block.get("write_units_per_second"),
        }
    return members


def _indexes(values: Values) -> dict[str, Any]:
    members: dict[str, Any] = {}
    for index in _blocks(values, "global_secondary_index"):
        members.setdefault("GlobalSecondaryIndexes", []).append(
            {**_index(index, index), **_capacity(index, values)}
        )
    for index in _blocks(values, "local_secondary_index"):
        keys = {"hash_key": values.get("hash_key"), "range_key": index.get("range_key")}
        members.setdefault("LocalSecondaryIndexes", []).append(_index(index, keys))
    return members


def _index(index: Values, keys: Values) -> dict[str, Any]:
    projection: dict[str, Any] = {"ProjectionType": index.get("projection_type")}
    if index.get("non_key_attributes"):
        projection["NonKeyAttributes"] = index["non_key_attributes"]
    return {
        "IndexName": index.get("name"),
        "KeySchema": _key_schema(keys),
        "Projection": projection,
    }


def _options(values: Values, location: Location) -> dict[str, Any]:
    members: dict[str, Any] = {}
    if _is_on(values, "stream_enabled", location):
        members["StreamSpecification"] = {
            "StreamEnabled": True,
            "StreamViewType": values.get("stream_view_type"),
        }
    for block in _blocks(values, "server_side_encryption"):
        if _is_on(block, "enabled", location):
            members["SSESpecification"] = {"Enabled": True, "SSEType": "KMS"}
            if block.get("kms_key_arn"):
                members["SSESpecification"]["KMSMasterKeyId"] = block["kms_key_arn"]
    if values.get("table_class"):
        members["TableClass"] = values["table_class"]
    if _is_on(values, "deletion_protection_enabled", location):
        members["DeletionProtectionEnabled"] = True
    if values.get("tags"):
        members["Tags"] = [{"Key": k, "Value": v} for k, v in values["tags"].items()]
    return members


def _seed(resource: Resource) -> Seed:
    values, location = resource.values, resource.location
    if not values.get("table_name"):
        raise FileError(location, messages.without_name("table_name"))
    try:
        item = json.loads(values.get("item") or "", parse_float=Decimal)
    except (TypeError, ValueError) as error:
        raise FileError(location, messages.bad_item_json(str(error))) from None
    if not isinstance(item, dict):
        raise FileError(location, messages.not_an_item(item))
    return Seed(str(values["table_name"]), [item], location)
