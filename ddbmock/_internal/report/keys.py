"""The partition keys of a call."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ddbmock._internal.arns import table_name_of
from ddbmock._internal.calls.display import Display, value_text
from ddbmock._internal.errors import ServiceError
from ddbmock._internal.operations import OPERATIONS

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ddbmock._internal.access.intent import Intent
    from ddbmock._internal.calls import RecordedCall
    from ddbmock._internal.engine.backend import Region
    from ddbmock._internal.engine.keys import KeySchema
    from ddbmock._internal.engine.values import Item
    from ddbmock._internal.service import Service

_DISPLAY = Display(characters=60)


def keys_of(call: RecordedCall, service: Service) -> list[tuple[str, str]]:
    """Return the table (or table/index) and the partition key of each item that a call names.

    Keys whose values are not to be shown are left out: as `***` all of them would be one key.
    """
    display = service.calls.display
    if not call.consumed or not display.show_values:
        return []  # without units, it failed before it read or wrote anything
    regions = {region.name: region for region in service.backend.regions()}
    region = regions.get(call.region)
    if region is None:
        return []  # an engine elsewhere has the tables
    try:
        intent = OPERATIONS.row(call.operation).read(dict(call.request))
        return [
            key for action in intent.actions for key in _keys_of_action(action, region, display)
        ]
    except ServiceError:
        return []


def _keys_of_action(action: Intent, region: Region, display: Display) -> Iterator[tuple[str, str]]:
    table = region.tables.get(table_name_of(action.table_name or ""))
    source = None if table is None else table.sources.get(action.index_name)
    if table is None or source is None:
        return
    if any(display.masks(name) for name in source.key_schema.partition_names):
        return
    name = table.name if action.index_name is None else f"{table.name}/{action.index_name}"
    for key in action.keys(source.key_schema):
        yield name, _text(key, source.key_schema)


def _text(key: Item, schema: KeySchema) -> str:
    values = [key[name] for name in schema.partition_names if name in key]
    return ", ".join(value_text(value, _DISPLAY) for value in values)
