"""CreateTable requests that would create existing, or earlier, tables."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ddbmock._internal.engine.settings import PROVISIONED, IndexSettings
from ddbmock._internal.operations.tables.descriptions import key_elements
from ddbmock._internal.operations.tables.vector_indexes import search_types, vector_structure

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ddbmock._internal.engine.history import Definition
    from ddbmock._internal.engine.index import Index
    from ddbmock._internal.engine.keys import KeySchema
    from ddbmock._internal.engine.settings import Throughput

Request = dict[str, Any]


def creation_request(name: str, key_schema: KeySchema, definition: Definition) -> Request:
    """Return the request with a table's keys, indexes, throughput and encryption."""
    settings, indexes, vector_indexes = definition
    is_provisioned = settings.billing_mode == PROVISIONED
    request: Request = {
        "TableName": name,
        "KeySchema": key_elements(key_schema),
        "AttributeDefinitions": _attribute_definitions(key_schema, definition),
        "BillingMode": settings.billing_mode,
        **_throughput(settings.throughput, settings.on_demand_throughput, is_provisioned),
    }
    local_indexes = [_index(index) for index in indexes if not index.is_global]
    if local_indexes:
        request["LocalSecondaryIndexes"] = local_indexes
    global_indexes = []
    for index in indexes:
        if index.is_global:
            own = settings.indexes.get(index.name, IndexSettings())
            units = _throughput(own.throughput, own.on_demand_throughput, is_provisioned)
            global_indexes.append({**_index(index), **units})
    if global_indexes:
        request["GlobalSecondaryIndexes"] = global_indexes
    if vector_indexes:
        request["VectorIndexes"] = [vector_structure(index) for index in vector_indexes]
    if settings.encryption_key is not None:
        request["SSESpecification"] = {
            "Enabled": True,
            "SSEType": "KMS",
            "KMSMasterKeyId": settings.encryption_key,
        }
    return request


def _attribute_definitions(key_schema: KeySchema, definition: Definition) -> list[dict[str, str]]:
    """Return the AttributeDefinitions of all keys and search schemas, each attribute once."""
    schemas = [key_schema, *(index.key_schema for index in definition.indexes)]
    types = {each.name: each.kind for schema in schemas for each in schema.attributes}
    types |= search_types(definition.vector_indexes)
    return [{"AttributeName": name, "AttributeType": kind} for name, kind in types.items()]


def _index(index: Index) -> Request:
    projection: Request = {"ProjectionType": index.projection.kind}
    if index.projection.non_key_attributes:
        projection["NonKeyAttributes"] = list(index.projection.non_key_attributes)
    return {
        "IndexName": index.name,
        "KeySchema": key_elements(index.key_schema),
        "Projection": projection,
    }


def _throughput(
    throughput: Throughput,
    on_demand_throughput: Mapping[str, int],
    is_provisioned: bool,  # noqa: FBT001 (of the table or index in question)
) -> Request:
    if is_provisioned:
        units = {
            "ReadCapacityUnits": throughput.read_units,
            "WriteCapacityUnits": throughput.write_units,
        }
        return {"ProvisionedThroughput": units}
    return {"OnDemandThroughput": dict(on_demand_throughput)} if on_demand_throughput else {}
