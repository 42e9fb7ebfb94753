"""The section of tables: their definitions, settings and items.

The definition is a CreateTable request without the parts that are in the settings, so that tables
are checked completely by the service's own checks.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from botocore.validate import ParamValidator

from ddbmock._internal import limits
from ddbmock._internal.access.item_keys import order_key_of_item
from ddbmock._internal.data.requests import run_in
from ddbmock._internal.data.typed_json import from_json, to_json
from ddbmock._internal.engine import lifecycle
from ddbmock._internal.engine.changes import Change
from ddbmock._internal.engine.features import (
    CONTRIBUTOR_INSIGHTS,
    KINESIS_DESTINATIONS,
    RESOURCE_POLICIES,
)
from ddbmock._internal.engine.items import StoredItem
from ddbmock._internal.engine.settings import PROVISIONED, TableSettings
from ddbmock._internal.errors import ValidationError
from ddbmock._internal.formats.dynamodb_json import jsonable_item, typed_item
from ddbmock._internal.formats.file_errors import FileError
from ddbmock._internal.formats.items import not_an_item
from ddbmock._internal.messages import items as messages
from ddbmock._internal.operations.tables.descriptions import key_elements
from ddbmock._internal.operations.tables.tables import table_of
from ddbmock._internal.operations.tables.vector_indexes import vector_structure
from ddbmock._internal.service_model import input_shape
from ddbmock._internal.validation import check_constraints
from ddbmock._internal.validation.tables import check_create_table
from ddbmock._internal.validation.wording import OLDER

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ddbmock._internal.data.saved_state.state import LoadedState
    from ddbmock._internal.engine.backend import Region
    from ddbmock._internal.engine.history import Definition
    from ddbmock._internal.engine.index import Index
    from ddbmock._internal.engine.keys import KeySchema, OrderKey
    from ddbmock._internal.engine.settings import Throughput
    from ddbmock._internal.engine.table import Table
    from ddbmock._internal.engine.values import Item

# --- writing -------------------------------------------------------------------------------------


def write(region: Region) -> Iterator[Mapping[str, Any]]:
    """Yield the tables of a region, each followed by its items."""
    for table in region.tables.values():
        for line in lines_of(region, table.name):
            yield line
            for stored in table.items.values():
                yield item_line(stored)


def lines_of(region: Region, name: str) -> Iterator[Mapping[str, Any]]:
    """Yield the line of a table, without its items; none for one that is being deleted."""
    table = region.tables[name]
    if not is_being_deleted(table):
        settings = to_json(replace(table.settings, transitions=()))
        definition = definition_of(table.name, table.key_schema, table.definition)
        yield {"table": {"definition": definition, "settings": settings}}


def is_being_deleted(table: Table) -> bool:
    """Return whether a table is omitted because it is being deleted."""
    return any(each.kind == lifecycle.DELETE for each in table.settings.transitions)


def item_line(stored: StoredItem) -> Mapping[str, Any]:
    """Return the line of an item."""
    return {"Item": jsonable_item(stored.load())}


def definition_of(name: str, key_schema: KeySchema, defined: Definition) -> dict[str, Any]:
    """Return the parts of a CreateTable request that are not in the settings."""
    definition: dict[str, Any] = {"TableName": name, "KeySchema": key_elements(key_schema)}
    for member, is_global in (("GlobalSecondaryIndexes", True), ("LocalSecondaryIndexes", False)):
        described = [_index(index) for index in defined.indexes if index.is_global is is_global]
        if described:
            definition[member] = described
    if defined.vector_indexes:
        definition["VectorIndexes"] = [vector_structure(each) for each in defined.vector_indexes]
    return definition


def _index(index: Index) -> dict[str, Any]:
    projection: dict[str, Any] = {"ProjectionType": index.projection.kind}
    if index.projection.non_key_attributes:
        projection["NonKeyAttributes"] = list(index.projection.non_key_attributes)
    return {
        "IndexName": index.name,
        "KeySchema": key_elements(index.key_schema),
        "Projection": projection,
    }


# --- reading -------------------------------------------------------------------------------------


def _read_table(state: LoadedState, value: Any) -> None:
    saved = from_json(dict[str, Any], value, "table")
    settings = from_json(TableSettings, saved.get("settings"), "settings")
    request = create_table_request(state, saved.get("definition"), settings)
    name = request["TableName"]
    if name in state.region.tables:
        problem = f"the table {name} is in {state.region.name} already"
        raise FileError(state.location, problem, hint="reset() first, or delete it")
    run_in(state.region, "CreateTable", request)
    table = state.region.tables[name]
    table.configure(replace(settings, transitions=()))
    for feature, is_used in (
        (CONTRIBUTOR_INSIGHTS, settings.contributor_insights),
        (KINESIS_DESTINATIONS, settings.kinesis_destinations),
        (RESOURCE_POLICIES, settings.resource_policies),
    ):
        if is_used:
            state.backend.use(feature)
    state.enter_table(table)


def create_table_request(
    state: LoadedState, definition: Any, settings: TableSettings
) -> dict[str, Any]:
    """Return the request that creates a table, in the types of the service's model."""
    if not isinstance(definition, Mapping):
        raise state.error("definition is missing")
    request: dict[str, Any] = {
        **definition,
        "AttributeDefinitions": [
            {"AttributeName": name, "AttributeType": kind}
            for name, kind in settings.attribute_types.items()
        ],
        "BillingMode": settings.billing_mode,
        "TableClass": settings.table_class or "STANDARD",
        "DeletionProtectionEnabled": settings.deletion_protection,
        **_throughput(settings, settings.throughput),
    }
    if settings.tags:
        request["Tags"] = [{"Key": name, "Value": text} for name, text in settings.tags.items()]
    _check_types(state, request)
    indexes = request.get("GlobalSecondaryIndexes", [])
    if {index["IndexName"] for index in indexes} != settings.indexes.keys():
        raise state.error("settings.indexes are not those of the definition")
    for index in indexes:
        index.update(_throughput(settings, settings.indexes[index["IndexName"]].throughput))
    return request


def defined_table(state: LoadedState, definition: Any, settings: TableSettings) -> Table:
    """Return a table with an earlier definition, in no region.

    Raises:
        ServiceError: The definition is invalid.
    """
    request = create_table_request(state, definition, settings)
    check_constraints(request, input_shape("CreateTable"), OLDER)
    check_create_table(request)
    return table_of(state.region, request["TableName"], request)


def _throughput(settings: TableSettings, units: Throughput) -> dict[str, Any]:
    if settings.billing_mode != PROVISIONED:
        return {}
    members = {"ReadCapacityUnits": units.read_units, "WriteCapacityUnits": units.write_units}
    return {"ProvisionedThroughput": members}


def _check_types(state: LoadedState, request: dict[str, Any]) -> None:
    report = ParamValidator().validate(request, input_shape("CreateTable"))
    if report.has_errors():
        raise state.error(" ".join(report.generate_report().split()))


def stored_item(table: Table, value: Any) -> tuple[OrderKey, StoredItem]:
    """Return the stored item of a line."""
    key, stored, _ = _checked_item(table, value)
    return key, stored


def _checked_item(table: Table, value: Any) -> tuple[OrderKey, StoredItem, Item]:
    """Return the item of a line, as it is stored and as it was read."""
    if not isinstance(value, Mapping):
        raise not_an_item(value)
    item = typed_item(value)
    stored = StoredItem.read(item)
    if stored.size_bytes > limits.ITEM_BYTES_MAX:
        raise ValidationError(messages.ITEM_TOO_LARGE)
    return order_key_of_item(table, item), stored, item


def _read_item(state: LoadedState, value: Any) -> None:
    table = state.table
    key, stored, item = _checked_item(table, value)
    state.add(Change(key, None, stored, new_item=item))


READERS = {"table": _read_table, "Item": _read_item}
