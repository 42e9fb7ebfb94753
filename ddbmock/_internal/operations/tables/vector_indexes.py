"""Vector indexes: their structures in requests and responses, their creation and deletion.

https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_VectorIndex.html
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ddbmock._internal import limits
from ddbmock._internal.engine import lifecycle
from ddbmock._internal.engine.index import Projection
from ddbmock._internal.engine.settings import ON_DEMAND
from ddbmock._internal.engine.vectors import SearchAttribute, VectorDefinition, VectorIndex
from ddbmock._internal.errors import LimitExceededError, ResourceNotFoundError, ValidationError
from ddbmock._internal.messages import requests as request_messages
from ddbmock._internal.messages import tables as table_messages
from ddbmock._internal.messages import vectors as vector_messages
from ddbmock._internal.operations.tables import states
from ddbmock._internal.validation.vector_indexes import check_vector_index

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from ddbmock._internal.engine.keys import KeySchema
    from ddbmock._internal.operations.tables.transitions import TableChange

    Structure = Mapping[str, Any]


def vector_index_of(
    structure: Structure, types: Mapping[str, str], table_key: KeySchema
) -> VectorIndex:
    """Return the empty index that a VectorIndex structure defines."""
    projection = structure["Projection"]
    definition = VectorDefinition(
        structure["IndexName"],
        structure["VectorAttribute"]["AttributeName"],
        structure["Dimensions"],
        structure["DistanceFunction"],
        Projection(projection["ProjectionType"], tuple(projection.get("NonKeyAttributes") or ())),
        tuple(
            SearchAttribute(
                element["AttributeName"],
                types[element["AttributeName"]],
                element["SearchSchemaElementType"],
            )
            for element in structure.get("SearchSchema") or ()
        ),
    )
    return VectorIndex(definition, table_key)


def vector_structure(index: VectorIndex) -> dict[str, Any]:
    """Return the VectorIndex structure of an index."""
    definition = index.definition
    projection: dict[str, Any] = {"ProjectionType": definition.projection.kind}
    if definition.projection.non_key_attributes:
        projection["NonKeyAttributes"] = list(definition.projection.non_key_attributes)
    structure: dict[str, Any] = {
        "IndexName": definition.name,
        "VectorAttribute": {"AttributeName": definition.attribute_name},
        "Projection": projection,
        "Dimensions": definition.dimensions,
        "DistanceFunction": definition.distance_function,
    }
    if definition.search_schema:
        structure["SearchSchema"] = [
            {"AttributeName": each.name, "SearchSchemaElementType": each.role}
            for each in definition.search_schema
        ]
    return structure


def search_types(indexes: Iterable[VectorIndex]) -> dict[str, str]:
    """Return the types of the attributes in the search schemas of indexes."""
    return {each.name: each.kind for index in indexes for each in index.definition.search_schema}


# --- UpdateTable ---------------------------------------------------------------------------------


def check_vector_target(change: TableChange, kind: str, name: str) -> None:
    """Check that an index exists (or, to be created, does not), and that no change of it blocks."""
    table, settings = change.table, change.table.settings
    if lifecycle.of_index(settings, name, change.now, lifecycle.INDEX_DELETE) is not None:
        raise states.in_use(table_messages.INDEX_IS_DELETED, table, index_name=name)
    if kind == "Create":
        if lifecycle.of_index(settings, name, change.now, lifecycle.INDEX_CREATE) is not None:
            raise states.in_use(table_messages.INDEX_IS_CREATED, table, index_name=name)
        if name in table.indexes or name in table.vector_indexes:
            raise ValidationError(table_messages.INDEX_EXISTS)
        return
    if name not in table.vector_indexes:
        raise ResourceNotFoundError(table_messages.index_to_change_not_found(name, table.name))
    if name in lifecycle.allocating_indexes(settings, change.now):
        raise states.in_use(table_messages.INDEX_IS_ALLOCATED, table, index_name=name)


def change_vector_index(change: TableChange, kind: str, action: Structure) -> None:
    """Create or delete an index, after `check_vector_target`."""
    if kind == "Create":
        _create(change, action)
    else:
        _delete(change, action)


def _create(change: TableChange, action: Structure) -> None:
    table, name = change.table, action["IndexName"]
    if change.settings.billing_mode != ON_DEMAND:
        raise ValidationError(request_messages.VECTORS_NEED_ON_DEMAND)
    given = {
        each["AttributeName"]: each["AttributeType"]
        for each in change.request.get("AttributeDefinitions") or ()
    }
    check_vector_index(action, list(given))
    if len(table.vector_indexes) >= limits.VECTOR_INDEXES_MAX:
        raise LimitExceededError(vector_messages.too_many_online_vectors(limits.VECTOR_INDEXES_MAX))
    index = vector_index_of(action, given, table.key_schema)
    _check_types(change, index)
    change.new_vector_indexes.append(index)
    types = {**search_types([index]), **change.settings.attribute_types}
    change.set(attribute_types=types)
    change.begin_transition(lifecycle.INDEX_CREATE, index_name=name, detail=f"Indexes: [{name}]")


def _check_types(change: TableChange, index: VectorIndex) -> None:
    """Refuse an index whose attributes are already defined with other types."""
    known, definition = change.settings.attribute_types, index.definition
    name, dimensions = definition.attribute_name, definition.dimensions
    if name in known:
        existing = f"{name}:{known[name]}:{_role(change, name)}"
        text = vector_messages.key_redefined_as_vector(existing, f"{name}:L:{dimensions}")
        raise ValidationError(text)
    if name in definition.search_names:
        raise ValidationError(request_messages.vector_attribute_defined(name))
    for other in change.table.vector_indexes.values():
        is_same = other.definition.attribute_name == name
        if is_same and other.definition.dimensions != dimensions:
            raise ValidationError(request_messages.conflicting_dimensions(name))
    for each in definition.search_schema:
        if known.get(each.name, each.kind) != each.kind:
            existing = f"{each.name}:{known[each.name]}:{_role(change, each.name)}"
            text = table_messages.attribute_redefined(
                existing, f"{each.name}:{each.kind}:{each.role}"
            )
            raise ValidationError(text)


def _role(change: TableChange, name: str) -> str:
    """Return the role of an attribute in an existing key, as the service's message has it."""
    schemas = [change.table.key_schema, *(i.key_schema for i in change.table.indexes.values())]
    return "HASH" if any(name in schema.partition_names for schema in schemas) else "RANGE"


def _delete(change: TableChange, action: Structure) -> None:
    name = action["IndexName"]
    change.removed_vector_indexes.append(name)
    before = (change.table.vector_indexes[name], None)
    detail = f"Indexes: [{name}]"
    change.begin_transition(lifecycle.INDEX_DELETE, index_name=name, detail=detail, before=before)


def check_vector_billing(change: TableChange) -> None:
    """Refuse provisioned billing for a table that has vector indexes."""
    remaining = change.table.vector_indexes.keys() - set(change.removed_vector_indexes)
    if remaining and change.settings.billing_mode != ON_DEMAND:
        raise ValidationError(request_messages.VECTORS_NEED_ON_DEMAND)
