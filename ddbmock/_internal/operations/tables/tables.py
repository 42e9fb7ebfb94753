"""CreateTable, DescribeTable, ListTables, DeleteTable.

https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/WorkingWithTables.html
"""

from __future__ import annotations

import uuid
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from ddbmock._internal import limits
from ddbmock._internal.access.intent import Intent
from ddbmock._internal.access.operation import Plane
from ddbmock._internal.engine import lifecycle
from ddbmock._internal.engine.index import Index, Projection
from ddbmock._internal.engine.keys import KeyAttribute, KeySchema
from ddbmock._internal.engine.settings import (
    ON_DEMAND,
    PROVISIONED,
    IndexSettings,
    TableSettings,
    Throughput,
    Transition,
    WarmThroughput,
)
from ddbmock._internal.engine.table import Table
from ddbmock._internal.errors import ResourceInUseError, ValidationError
from ddbmock._internal.messages import backups as backup_messages
from ddbmock._internal.messages import replicas as replica_messages
from ddbmock._internal.messages import tables as table_messages
from ddbmock._internal.operations.registry import operation
from ddbmock._internal.operations.replicas.groups import check_table_deletion
from ddbmock._internal.operations.tables import quotas
from ddbmock._internal.operations.tables.deletion import begin_deletion, finish_deletion
from ddbmock._internal.operations.tables.descriptions import (
    describe,
    describe_created,
    describe_deleted,
)
from ddbmock._internal.operations.tables.encryption import key_arn
from ddbmock._internal.operations.tables.states import (
    check_not_blocked,
    find_described,
    find_updatable,
    in_use,
    is_restored,
    status_of,
)
from ddbmock._internal.operations.tables.stream_changes import start_stream
from ddbmock._internal.validation.tables import check_create_table

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from ddbmock._internal.access.door import Door
    from ddbmock._internal.access.intent import Request, Response
    from ddbmock._internal.engine.backend import Region
    from ddbmock._internal.engine.vectors import VectorIndex

#: The initial warm throughput of an on-demand table or index.
WARM_ON_DEMAND = WarmThroughput(
    limits.INITIAL_READ_UNITS_PER_SECOND, limits.INITIAL_WRITE_UNITS_PER_SECOND
)


class TableCreation(Intent):
    """A CreateTable."""

    __slots__ = ()

    def also_needed(self) -> list[str]:
        """Return the actions for the tags and the policy of the table."""
        further = {"Tags": "TagResource", "ResourcePolicy": "PutResourcePolicy"}
        return [action for name, action in further.items() if self.request.get(name)]


def read_table_creation(request: Request) -> TableCreation:
    """Return the intent of a CreateTable, whose definition is checked."""
    check_create_table(request)
    if request.get("GlobalTableSettingsReplicationMode") == "ENABLED_WITH_OVERRIDES":
        raise ValidationError(replica_messages.MODE_NEEDS_REPLICAS)
    return TableCreation(request)


@operation("CreateTable", plane=Plane.CONTROL, read=read_table_creation)
def create_table(intent: Intent, door: Door) -> Response:
    """Create a table; it is ACTIVE at once, or CREATING for a while when the mock has delays.

    https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_CreateTable.html
    """
    request, region = intent.request, door.region
    name = region.arns.table_name(request["TableName"])
    _check_name_is_free(region, name)
    if request.get("GlobalTableSourceArn") is not None:
        from ddbmock._internal.operations.replicas.joining import create_joined  # noqa: PLC0415 (lazy)

        table = create_joined(door, name, request)
        return {"TableDescription": describe_created(region, table, warm_was_given=False)}
    table = define_table(region, name, request)
    if request.get("ResourcePolicy") is not None:
        from ddbmock._internal.operations.policies.resource_policies import created_policy  # noqa: PLC0415 (lazy)

        policies = created_policy(region, request)
        table.configure(replace(table.settings, resource_policies=policies))
    region.add_table(table)
    start_stream(region, table)
    until = table.settings.created_at + door.delay_seconds
    lifecycle.begin(region, table, table.settings, Transition(lifecycle.CREATE, until))
    warm_was_given = bool(request.get("WarmThroughput"))
    return {"TableDescription": describe_created(region, table, warm_was_given=warm_was_given)}


def _check_name_is_free(region: Region, name: str) -> None:
    table = region.tables.get(name)
    if table is None:
        return
    if is_restored(region, table):
        raise ResourceInUseError(backup_messages.table_in_use(name))
    if status_of(region, table) == lifecycle.CREATING:
        raise in_use(table_messages.TABLE_IS_CREATED, table)
    raise ResourceInUseError(table_messages.table_exists(name))


def define_table(region: Region, name: str, request: Request) -> Table:
    """Return the table that a valid CreateTable request defines, without adding it.

    Raises:
        LimitExceededError: A quota of the account would be exceeded.
    """
    table = table_of(region, name, request)
    _check_quotas(region, name, request, table.settings)
    return table


def table_of(region: Region, name: str, request: Request) -> Table:
    """Return the same table, without checking quotas."""
    types = attribute_types(request["AttributeDefinitions"])
    settings = _settings(region, request, types)
    table_key = key_schema(request["KeySchema"], types)
    indexes = [
        *_indexes(request.get("LocalSecondaryIndexes"), types, table_key, is_global=False),
        *_indexes(request.get("GlobalSecondaryIndexes"), types, table_key, is_global=True),
    ]
    vector_indexes = _vector_indexes(request.get("VectorIndexes"), types, table_key)
    journal = region.backend.journal
    return Table(name, table_key, settings, journal, indexes, vector_indexes=vector_indexes)


def _vector_indexes(
    structures: Iterable[Mapping[str, Any]] | None, types: Mapping[str, str], table_key: KeySchema
) -> list[VectorIndex]:
    if not structures:
        return []
    from ddbmock._internal.operations.tables.vector_indexes import vector_index_of  # noqa: PLC0415 (lazy)

    return [vector_index_of(structure, types, table_key) for structure in structures]


def _check_quotas(region: Region, name: str, request: Request, settings: TableSettings) -> None:
    quotas.check_table_count(region)
    quotas.check_concurrent_operations(region)
    quotas.check_provisioned(region, settings.throughput)
    for index_name, index in settings.indexes.items():
        quotas.check_provisioned(region, index.throughput, index_name)
    quotas.check_account(region, name, None, settings)
    quotas.check_on_demand(region, request.get("OnDemandThroughput"))
    quotas.check_warm(region, request.get("WarmThroughput"))
    for structure in request.get("GlobalSecondaryIndexes") or ():
        quotas.check_on_demand(region, structure.get("OnDemandThroughput"), structure["IndexName"])
        quotas.check_warm(region, structure.get("WarmThroughput"), structure["IndexName"])


def attribute_types(definitions: Iterable[Mapping[str, str]]) -> dict[str, str]:
    """Return the types in an AttributeDefinitions structure by name."""
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
    """Return the empty index that a secondary index structure defines."""
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
    now = region.backend.clock.seconds()
    billing_mode = request.get("BillingMode") or PROVISIONED
    throughput = throughput_of(request)
    return TableSettings(
        table_id=str(uuid.UUID(int=region.backend.random.getrandbits(128), version=4)),
        created_at=now,
        attribute_types=types,
        billing_mode=billing_mode,
        on_demand_since=now if billing_mode == ON_DEMAND else None,
        throughput=throughput,
        on_demand_throughput=maxima_of(request),
        warm_throughput=warm_of(request, billing_mode, throughput),
        indexes={
            structure["IndexName"]: index_settings_of(structure, billing_mode)
            for structure in request.get("GlobalSecondaryIndexes") or ()
        },
        stream=enabled_stream(request.get("StreamSpecification")),
        encryption_key=key_arn(region, request.get("SSESpecification")),
        table_class=request.get("TableClass"),
        deletion_protection=request.get("DeletionProtectionEnabled") or False,
        tags={tag["Key"]: tag["Value"] for tag in request.get("Tags") or ()},
        replication_mode=request.get("GlobalTableSettingsReplicationMode"),
    )


def enabled_stream(specification: Mapping[str, Any] | None) -> Mapping[str, Any]:
    """Return the StreamSpecification to store: empty if the stream is not enabled."""
    return specification if specification and specification["StreamEnabled"] else {}


def index_settings_of(structure: Mapping[str, Any], billing_mode: str) -> IndexSettings:
    """Return the settings in a secondary index structure."""
    throughput = throughput_of(structure)
    warm = warm_of(structure, billing_mode, throughput)
    return IndexSettings(throughput, maxima_of(structure), warm)


def throughput_of(structure: Mapping[str, Any]) -> Throughput:
    """Return the ProvisionedThroughput of a table or index structure; zero units if absent."""
    provisioned = structure.get("ProvisionedThroughput") or {}
    return Throughput(
        provisioned.get("ReadCapacityUnits", 0), provisioned.get("WriteCapacityUnits", 0)
    )


def maxima_of(structure: Mapping[str, Any]) -> dict[str, int]:
    """Return the OnDemandThroughput of a table or index structure, without absent members."""
    given = (structure.get("OnDemandThroughput") or {}).items()
    return {name: units for name, units in given if units is not None}


def warm_of(
    structure: Mapping[str, Any], billing_mode: str, throughput: Throughput
) -> WarmThroughput:
    """Return the initial warm throughput of a table or index.

    It is the default of on-demand tables or the provisioned units, or more if requested.
    """
    provisioned = WarmThroughput(throughput.read_units, throughput.write_units)
    least = WARM_ON_DEMAND if billing_mode == ON_DEMAND else provisioned
    given = structure.get("WarmThroughput") or {}
    return least.raised_to(
        given.get("ReadUnitsPerSecond") or 0, given.get("WriteUnitsPerSecond") or 0
    )


@operation("DescribeTable", plane=Plane.CONTROL, between_accounts=True)
def describe_table(intent: Intent, door: Door) -> Response:
    """Return the description of a table.

    https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_DescribeTable.html
    """
    table = find_described(door.region, intent.request["TableName"], also_restored=True)
    return {"Table": describe(door.region, table)}


@operation("ListTables", plane=Plane.CONTROL)
def list_tables(intent: Intent, door: Door) -> Response:
    """Return the names of the region's tables in order, 100 a page.

    https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_ListTables.html
    """
    start = intent.request.get("ExclusiveStartTableName")
    limit = intent.request.get("Limit", limits.LIST_TABLES_PAGE_MAX)
    tables = door.region.tables
    first = 0 if start is None else tables.bisect_right(start)
    names = list(tables.islice(first, first + limit))
    response: Response = {"TableNames": names}
    if names and first + limit < len(tables):
        response["LastEvaluatedTableName"] = names[-1]
    return response


@operation("DeleteTable", plane=Plane.CONTROL, between_accounts=True)
def delete_table(intent: Intent, door: Door) -> Response:
    """Delete a table with its items and indexes, at once or after it was DELETING.

    https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_DeleteTable.html
    """
    region = door.region
    restored = find_described(region, intent.request["TableName"], also_restored=True)
    if is_restored(region, restored):
        raise ResourceInUseError(backup_messages.table_in_use(restored.name))
    table = find_updatable(region, intent.request["TableName"], for_deletion=True)
    if table.settings.deletion_protection:
        raise ValidationError(table_messages.DELETION_PROTECTED)
    check_table_deletion(region, table)
    check_not_blocked(region, table, lifecycle.DELETE)
    quotas.check_concurrent_operations(region)
    begin_deletion(region, table)
    description = describe_deleted(region, table)
    finish_deletion(region, table, door.delay_seconds)
    return {"TableDescription": description}
