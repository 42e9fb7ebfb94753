"""Which partition keys a call was about."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

from ddbmock.arns import table_name_of
from ddbmock.calls.display import Display, value_text
from ddbmock.errors import ServiceError
from ddbmock.expressions import compile_key_condition

if TYPE_CHECKING:
    from ddbmock.calls import RecordedCall
    from ddbmock.engine.backend import Backend
    from ddbmock.engine.keys import KeySchema
    from ddbmock.engine.region import Region

_DISPLAY = Display(characters=60)


def keys_of(call: RecordedCall, backend: Backend) -> list[tuple[str, str]]:
    """Return the places (table, or table/index) and partition keys that a call was about."""
    if not call.consumed:
        return []  # it did not get so far
    region = next((region for region in backend.regions() if region.name == call.region), None)
    if region is None:
        return []  # it is not ours to look into
    if call.operation == "Query":
        return _queried(call, region)
    keys = []
    for table_name, item in _items(call.request):
        table = region.tables.get(table_name)
        if table is not None:
            keys.append((table_name, _text(item, table.key_schema)))
    return keys


def _items(request: Mapping[str, Any]) -> Iterator[tuple[str, Mapping[str, Any]]]:
    """Yield what a request names whole or by its key."""
    if "TableName" in request:
        item = request.get("Key") or request.get("Item")
        if item is not None:
            yield table_name_of(request["TableName"]), item
    for action in request.get("TransactItems", ()):
        for content in action.values():
            yield from _items(content)
    for name, content in request.get("RequestItems", {}).items():
        if isinstance(content, Mapping):
            yield from ((table_name_of(name), key) for key in content["Keys"])
            continue
        for write in content:
            for part in write.values():
                yield table_name_of(name), part.get("Key") or part.get("Item")


def _text(item: Mapping[str, Any], schema: KeySchema) -> str:
    values = [item[attribute.name] for attribute in schema.partition if attribute.name in item]
    return ", ".join(value_text(value, _DISPLAY) for value in values)


def _queried(call: RecordedCall, region: Region) -> list[tuple[str, str]]:
    table = region.tables.get(call.table or "")
    source = table if table is None or call.index is None else table.indexes.get(call.index)
    if table is None or source is None:
        return []
    place = table.name if call.index is None else f"{table.name}/{call.index}"
    item = _equalities(call.request, source.key_schema)
    return [(place, _text(item, source.key_schema))] if item else []


def _equalities(request: Mapping[str, Any], schema: KeySchema) -> dict[str, Any]:
    conditions = request.get("KeyConditions")
    if conditions:
        return {name: of["AttributeValueList"][0] for name, of in conditions.items()}
    names = tuple(attribute.name for attribute in schema.partition)
    sort_names = tuple(attribute.name for attribute in schema.sort)
    try:
        condition = compile_key_condition(
            request["KeyConditionExpression"], request.get("ExpressionAttributeNames")
        )
        plan = condition.resolve(names, sort_names)
    except (KeyError, ServiceError):
        return {}
    values = request.get("ExpressionAttributeValues", {})
    return {name: values[at] for name, at in zip(names, plan.partition, strict=True)}
