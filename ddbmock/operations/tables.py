"""CreateTable, DescribeTable, ListTables, DeleteTable, UpdateTable.

https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/WorkingWithTables.html
"""

from __future__ import annotations

import uuid
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from ddbmock import limits, messages
from ddbmock.engine.index import Index, Projection
from ddbmock.engine.keys import KeyAttribute, KeySchema
from ddbmock.engine.settings import IndexSettings, TableSettings, Throughput
from ddbmock.engine.streams import disable_stream
from ddbmock.engine.table import Table
from ddbmock.errors import ResourceInUseError, ResourceNotFoundError, ValidationError
from ddbmock.operations.descriptions import describe
from ddbmock.operations.lookup import table_name_of
from ddbmock.operations.registry import Call, Request, Response, operation
from ddbmock.operations.streams import change_stream, start_stream
from ddbmock.validation.tables import check_create_table

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from ddbmock.engine.world import Region


@operation(
    "CreateTable",
    "TableName AttributeDefinitions KeySchema LocalSecondaryIndexes GlobalSecondaryIndexes "
    "BillingMode ProvisionedThroughput SSESpecification Tags TableClass "
    "DeletionProtectionEnabled OnDemandThroughput WarmThroughput StreamSpecification",
)
def create_table(call: Call) -> Response:
    """Make a table; it is ACTIVE at once.

    https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_CreateTable.html
    """
    request, region = call.request, call.region
    check_create_table(request)
    name = table_name_of(region, request["TableName"])
    if name in region.tables:
        raise ResourceInUseError(messages.table_exists(name))
    types = _attribute_types(request["AttributeDefinitions"])
    table_key = key_schema(request["KeySchema"], types)
    indexes = [
        *_indexes(request.get("LocalSecondaryIndexes"), types, table_key, is_global=False),
        *_indexes(request.get("GlobalSecondaryIndexes"), types, table_key, is_global=True),
    ]
    table = Table(name, table_key, _settings(region, request, types), region.world.journal, indexes)
    region.add_table(table)
    start_stream(region, table)
    return {"TableDescription": describe(region, table)}


def _attribute_types(definitions: Iterable[Mapping[str, str]]) -> dict[str, str]:
    return {definition["AttributeName"]: definition["AttributeType"] for definition in definitions}


def key_schema(elements: Iterable[Mapping[str, str]], types: Mapping[str, str]) -> KeySchema:
    """Return the key schema of a KeySchema structure, with the types of its attributes."""
    attributes: dict[str, list[KeyAttribute]] = {"HASH": [], "RANGE": []}
    for element in elements:
        name = element["AttributeName"]
        attributes[element["KeyType"]].append(KeyAttribute(name, types[name]))
    return KeySchema(attributes["HASH"], attributes["RANGE"])


def _indexes(
    specifications: Iterable[Mapping[str, Any]] | None,
    types: Mapping[str, str],
    table_key: KeySchema,
    *,
    is_global: bool,
) -> list[Index]:
    return [
        index_of(specification, types, table_key, is_global=is_global)
        for specification in specifications or ()
    ]


def index_of(
    specification: Mapping[str, Any],
    types: Mapping[str, str],
    table_key: KeySchema,
    *,
    is_global: bool,
) -> Index:
    """Return an empty index of a secondary index structure."""
    projection = specification.get("Projection") or {}
    return Index(
        specification["IndexName"],
        key_schema(specification["KeySchema"], types),
        Projection(
            projection.get("ProjectionType", "ALL"),
            tuple(projection.get("NonKeyAttributes") or ()),
        ),
        table_key,
        is_global=is_global,
    )


def _settings(region: Region, request: Request, types: Mapping[str, str]) -> TableSettings:
    now = region.world.clock.seconds()
    billing_mode = request.get("BillingMode", "PROVISIONED")
    return TableSettings(
        table_id=str(uuid.UUID(int=region.world.random.getrandbits(128), version=4)),
        created_at=now,
        attribute_types=types,
        billing_mode=billing_mode,
        on_demand_since=now if billing_mode == "PAY_PER_REQUEST" else None,
        throughput=throughput_of(request),
        on_demand_throughput=request.get("OnDemandThroughput") or {},
        warm_throughput=request.get("WarmThroughput") or {},
        indexes={
            index["IndexName"]: IndexSettings(
                throughput_of(index),
                index.get("OnDemandThroughput") or {},
                index.get("WarmThroughput") or {},
            )
            for index in request.get("GlobalSecondaryIndexes") or ()
        },
        stream=request.get("StreamSpecification") or {},
        encryption=request.get("SSESpecification") or {},
        table_class=request.get("TableClass"),
        deletion_protection=request.get("DeletionProtectionEnabled", False),
        tags={tag["Key"]: tag["Value"] for tag in request.get("Tags") or ()},
    )


def throughput_of(structure: Mapping[str, Any]) -> Throughput:
    """Return the ProvisionedThroughput of a table or index structure; none is on-demand."""
    provisioned = structure.get("ProvisionedThroughput") or {}
    return Throughput(
        provisioned.get("ReadCapacityUnits", 0), provisioned.get("WriteCapacityUnits", 0)
    )


@operation("DescribeTable", "TableName")
def describe_table(call: Call) -> Response:
    """Return what is known of a table.

    https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_DescribeTable.html
    """
    return {"Table": describe(call.region, _find(call))}


def _find(call: Call) -> Table:
    name = table_name_of(call.region, call.request["TableName"])
    table = call.region.tables.get(name)
    if table is None:
        raise ResourceNotFoundError(messages.table_not_found(name))
    return table


@operation("ListTables", "ExclusiveStartTableName Limit")
def list_tables(call: Call) -> Response:
    """Return the names of the region's tables in order, 100 a page.

    https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_ListTables.html
    """
    start = call.request.get("ExclusiveStartTableName")
    limit = call.request.get("Limit", limits.LIST_TABLES_PAGE_MAX)
    tables = call.region.tables
    first = 0 if start is None else tables.bisect_right(start)
    names = list(tables.islice(first, first + limit))
    response: Response = {"TableNames": names}
    if names and first + limit < len(tables):
        response["LastEvaluatedTableName"] = names[-1]
    return response


@operation("DeleteTable", "TableName")
def delete_table(call: Call) -> Response:
    """Remove a table with its items and indexes.

    https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_DeleteTable.html
    """
    table = _find(call)
    if table.settings.deletion_protection:
        arn = call.region.arn(f"table/{table.name}")
        raise ValidationError(messages.deletion_protected(arn))
    disable_stream(table)
    call.region.remove_table(table.name)
    return {"TableDescription": describe(call.region, table, status="DELETING")}


@operation(
    "UpdateTable",
    "TableName AttributeDefinitions BillingMode ProvisionedThroughput StreamSpecification",
)
def update_table(call: Call) -> Response:
    """Change a table's billing mode and provisioned throughput.

    https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_UpdateTable.html
    """
    request = call.request
    table = _find(call)
    settings = table.settings
    now = call.region.world.clock.seconds()
    billing_mode = request.get("BillingMode", settings.billing_mode)
    throughput = settings.throughput
    if billing_mode == "PAY_PER_REQUEST":
        throughput = Throughput()
    elif request.get("ProvisionedThroughput"):
        throughput = _changed_throughput(throughput, throughput_of(request), now)
    stream = settings.stream
    if request.get("StreamSpecification") is not None:
        stream = change_stream(call.region, table, request["StreamSpecification"])
    table.configure(
        replace(
            settings,
            stream=stream,
            billing_mode=billing_mode,
            throughput=throughput,
            on_demand_since=now if billing_mode == "PAY_PER_REQUEST" else settings.on_demand_since,
        )
    )
    return {"TableDescription": describe(call.region, table)}


def _changed_throughput(before: Throughput, after: Throughput, now: float) -> Throughput:
    increased = after.read_units > before.read_units or after.write_units > before.write_units
    decreased = after.read_units < before.read_units or after.write_units < before.write_units
    return replace(
        after,
        increased_at=now if increased else before.increased_at,
        decreased_at=now if decreased else before.decreased_at,
        decreases_today=before.decreases_today + decreased,
    )
