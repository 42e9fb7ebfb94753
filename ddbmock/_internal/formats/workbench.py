"""Models of NoSQL Workbench: tables, their indexes and their sample data.

`KeyAttributes` has the keys of a table or index with their types; `TableData` has the sample items
in DynamoDB JSON.

https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/workbench.Modeler.html
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from ddbmock._internal.formats.file_errors import FileError, shortened
from ddbmock._internal.formats.items import not_an_item
from ddbmock._internal.formats.records import NewTable, Record

if TYPE_CHECKING:
    from ddbmock._internal.formats.records import Entries, Origin

_DEFAULT_THROUGHPUT = {"ReadCapacityUnits": 5, "WriteCapacityUnits": 5}


def is_model(document: Mapping[Any, Any]) -> bool:
    """Return whether a document is a model of NoSQL Workbench."""
    return isinstance(document.get("DataModel"), list) and (
        "ModelName" in document or "ModelMetadata" in document
    )


def model_entries(document: Mapping[Any, Any], origin: Origin) -> Entries:
    """Return the tables of a model, each followed by its sample items.

    Raises:
        FileError: A table lacks one of the members that define it.
    """
    for at, table in enumerate(document["DataModel"]):
        path: tuple[str | int, ...] = ("DataModel", at)
        location = origin.location(path, f"table {at + 1} of the model")
        try:
            request = table_request(table)
            items = _list(table, "TableData")
        except _WrongMemberError as error:
            raise FileError(location, f"not a table of NoSQL Workbench: {error}") from None
        name = str(request["TableName"])
        yield NewTable(request, origin.location(path, f"table {name}"))
        for number, item in enumerate(items, 1):
            detail = f"item {number} of {name}"
            location = origin.location((*path, "TableData", number - 1), detail)
            if not isinstance(item, Mapping):
                raise FileError(location, str(not_an_item(item)))
            yield Record(name, item, location)


class _WrongMemberError(ValueError):
    """A member of a model is missing or of another type; the text names it."""


def table_request(table: Mapping[str, Any]) -> dict[str, Any]:
    """Return the CreateTable request of a model's table.

    >>> request = table_request({
    ...     "TableName": "orders",
    ...     "KeyAttributes": {"PartitionKey": {"AttributeName": "id", "AttributeType": "S"}},
    ... })
    >>> request["KeySchema"], request["BillingMode"]
    ([{'AttributeName': 'id', 'KeyType': 'HASH'}], 'PROVISIONED')
    """
    types: dict[str, str] = {}
    request: dict[str, Any] = {
        "TableName": _text(table, "TableName"),
        "KeySchema": _key_schema(table, types),
        "BillingMode": _text(table, "BillingMode", "PROVISIONED"),
    }
    throughput = _throughput(table) if request["BillingMode"] == "PROVISIONED" else {}
    for member in ("GlobalSecondaryIndexes", "LocalSecondaryIndexes"):
        indexes = [_index(index, types) for index in _list(table, member)]
        if indexes:
            is_global = member == "GlobalSecondaryIndexes"
            request[member] = [{**index, **throughput} if is_global else index for index in indexes]
    request["AttributeDefinitions"] = [
        {"AttributeName": name, "AttributeType": kind} for name, kind in types.items()
    ]
    return {**request, **throughput}


def _throughput(table: Mapping[str, Any]) -> dict[str, Any]:
    settings = _object(table, "ProvisionedCapacitySettings", {})
    units = _object(settings, "ProvisionedThroughput", _DEFAULT_THROUGHPUT)
    return {"ProvisionedThroughput": {name: _integer(value) for name, value in units.items()}}


def _integer(value: Any) -> int:
    try:
        return int(str(value)[:20])
    except ValueError:
        raise _WrongMemberError(f"capacity units are whole numbers, not {value!r}") from None


def _key_schema(owner: Mapping[str, Any], types: dict[str, str]) -> list[dict[str, str]]:
    attributes = _object(owner, "KeyAttributes")
    schema = []
    for member, key_type in (("PartitionKey", "HASH"), ("SortKey", "RANGE")):
        attribute = _object(attributes, member, {})
        if attribute:
            name = _text(attribute, "AttributeName")
            types[name] = _text(attribute, "AttributeType")
            schema.append({"AttributeName": name, "KeyType": key_type})
    return schema


def _index(index: Any, types: dict[str, str]) -> dict[str, Any]:
    return {
        "IndexName": _text(index, "IndexName"),
        "KeySchema": _key_schema(index, types),
        "Projection": _projection(_object(index, "Projection", {})),
    }


def _projection(projection: Mapping[str, Any]) -> dict[str, Any]:
    names = _list(projection, "NonKeyAttributes")
    if not all(isinstance(name, str) for name in names):
        raise _WrongMemberError("NonKeyAttributes is missing or wrong")
    kind = {"ProjectionType": _text(projection, "ProjectionType", "ALL")}
    return {**kind, "NonKeyAttributes": names} if names else kind


def _text(owner: Any, member: str, default: str | None = None) -> str:
    text = (owner.get(member) if isinstance(owner, Mapping) else None) or default
    if not isinstance(text, str):
        raise _WrongMemberError(f"{member} is missing or wrong")
    return text


def _object(owner: Any, member: str, default: Mapping[str, Any] | None = None) -> Mapping[str, Any]:
    content = owner.get(member) if isinstance(owner, Mapping) else None
    if not content and default is not None:
        return default
    if not isinstance(content, Mapping):
        raise _WrongMemberError(f"{member} is missing or wrong")
    return content


def _list(owner: Any, member: str) -> list[Any]:
    content = owner.get(member) if isinstance(owner, Mapping) else None
    if not isinstance(content or [], list):
        raise _WrongMemberError(f"{member} takes a list, not {shortened(content)}")
    return content or []
