"""The section of tables: their definitions, settings and items.

The definition is a CreateTable request without the parts that the settings give, so that the
service's own checks see all of a table.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from botocore.validate import ParamValidator

from ddbmock import limits, messages
from ddbmock.access.item_keys import order_key_of_item
from ddbmock.data.requests import run_in
from ddbmock.data.typed_json import from_json, to_json
from ddbmock.engine import lifecycle
from ddbmock.engine.changes import Change
from ddbmock.engine.items import StoredItem
from ddbmock.engine.settings import PROVISIONED, TableSettings
from ddbmock.engine.values import normalize_item
from ddbmock.errors import ValidationError
from ddbmock.formats.dynamodb_json import jsonable_item, typed_item
from ddbmock.formats.file_errors import FileError
from ddbmock.formats.items import not_an_item
from ddbmock.operations.tables.descriptions import key_elements
from ddbmock.service_model import input_shape

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ddbmock.data.saved_state.state import LoadedState
    from ddbmock.engine.backend import Region
    from ddbmock.engine.index import Index
    from ddbmock.engine.settings import Throughput
    from ddbmock.engine.table import Table

# --- writing -------------------------------------------------------------------------------------


def write(region: Region) -> Iterator[Mapping[str, Any]]:
    """Yield the tables of a region, each followed by its items."""
    for table in region.tables.values():
        first = head(region, table.name)
        if first is not None:
            yield first
            for stored in table.items.values():
                yield item_line(stored)


def head(region: Region, name: str) -> Mapping[str, Any] | None:
    """Return the line of a table without its items; None for one that is being deleted."""
    table = region.tables[name]
    if any(each.kind == lifecycle.DELETE for each in table.settings.transitions):
        return None
    settings = to_json(replace(table.settings, transitions=()))
    return {"table": {"definition": _definition(table), "settings": settings}}


def item_line(stored: StoredItem) -> Mapping[str, Any]:
    """Return the line of an item."""
    return {"Item": jsonable_item(stored.load())}


def _definition(table: Table) -> dict[str, Any]:
    definition: dict[str, Any] = {
        "TableName": table.name,
        "KeySchema": key_elements(table.key_schema),
    }
    for member, is_global in (("GlobalSecondaryIndexes", True), ("LocalSecondaryIndexes", False)):
        indexes = [_index(i) for i in table.indexes.values() if i.is_global is is_global]
        if indexes:
            definition[member] = indexes
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
    request = _create_table_request(state, saved.get("definition"), settings)
    name = request["TableName"]
    if name in state.region.tables:
        problem = f"the table {name} is in {state.region.name} already"
        raise FileError(state.location, problem, hint="reset() first, or delete it")
    run_in(state.region, "CreateTable", request)
    table = state.region.tables[name]
    table.configure(replace(settings, transitions=()))
    state.enter_table(table)


def _create_table_request(
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


def _throughput(settings: TableSettings, units: Throughput) -> dict[str, Any]:
    if settings.billing_mode != PROVISIONED:
        return {}
    members = {"ReadCapacityUnits": units.read_units, "WriteCapacityUnits": units.write_units}
    return {"ProvisionedThroughput": members}


def _check_types(state: LoadedState, request: dict[str, Any]) -> None:
    report = ParamValidator().validate(request, input_shape("CreateTable"))
    if report.has_errors():
        raise state.error(" ".join(report.generate_report().split()))


def _read_item(state: LoadedState, value: Any) -> None:
    if not isinstance(value, Mapping):
        raise not_an_item(value)
    item = typed_item(value)
    size_bytes = normalize_item(item)
    if size_bytes > limits.ITEM_BYTES_MAX:
        raise ValidationError(messages.ITEM_TOO_LARGE)
    key = order_key_of_item(state.table, item)
    state.add(Change(key, None, StoredItem(item, size_bytes)))


READERS = {"table": _read_table, "Item": _read_item}
