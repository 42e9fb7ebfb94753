"""Models of NoSQL Workbench: tables, their indexes and their sample data.

The keys are in `KeyAttributes`, of the table and of each global index, with their types; what is
entered in the visualizer lies in `TableData`, in DynamoDB JSON.

https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/workbench.Modeler.html
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ddbmock import messages
from ddbmock.formats.file_errors import FileError
from ddbmock.formats.records import NewTable, Record

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ddbmock.formats.records import Entries, Origin

_DEFAULT_THROUGHPUT = {"ReadCapacityUnits": 5, "WriteCapacityUnits": 5}


def is_model(document: Mapping[Any, Any]) -> bool:
    """Return whether a document is a model of NoSQL Workbench."""
    return isinstance(document.get("DataModel"), list) and (
        "ModelName" in document or "ModelMetadata" in document
    )


def model_entries(document: Mapping[Any, Any], origin: Origin) -> Entries:
    """Return the tables of a model, each followed by its sample items."""
    for at, table in enumerate(document["DataModel"]):
        path: tuple[str | int, ...] = ("DataModel", at)
        try:
            name = str(table["TableName"])
            request = table_request(table)
        except (KeyError, TypeError) as error:
            detail = messages.model_table(at + 1)
            raise FileError(origin.location(path, detail), messages.bad_model(str(error))) from None
        yield NewTable(request, origin.location(path, messages.the_table(name)))
        items = table.get("TableData") or ()
        for number, item in enumerate(items):
            location = origin.location(
                (*path, "TableData", number), messages.item_of(number + 1, name)
            )
            yield Record(name, item, location)


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
        "TableName": table["TableName"],
        "KeySchema": _key_schema(table["KeyAttributes"], types),
        "BillingMode": table.get("BillingMode") or "PROVISIONED",
    }
    throughput = _throughput(table) if request["BillingMode"] == "PROVISIONED" else {}
    for member in ("GlobalSecondaryIndexes", "LocalSecondaryIndexes"):
        indexes = [_index(index, types) for index in table.get(member) or ()]
        if indexes:
            is_global = member == "GlobalSecondaryIndexes"
            request[member] = [{**index, **throughput} if is_global else index for index in indexes]
    request["AttributeDefinitions"] = [
        {"AttributeName": name, "AttributeType": kind} for name, kind in types.items()
    ]
    return {**request, **throughput}


def _throughput(table: Mapping[str, Any]) -> dict[str, Any]:
    settings = table.get("ProvisionedCapacitySettings") or {}
    return {"ProvisionedThroughput": settings.get("ProvisionedThroughput") or _DEFAULT_THROUGHPUT}


def _key_schema(attributes: Mapping[str, Any], types: dict[str, str]) -> list[dict[str, str]]:
    schema = []
    for member, key_type in (("PartitionKey", "HASH"), ("SortKey", "RANGE")):
        attribute = attributes.get(member)
        if attribute:
            types[attribute["AttributeName"]] = attribute["AttributeType"]
            schema.append({"AttributeName": attribute["AttributeName"], "KeyType": key_type})
    return schema


def _index(index: Mapping[str, Any], types: dict[str, str]) -> dict[str, Any]:
    return {
        "IndexName": index["IndexName"],
        "KeySchema": _key_schema(index["KeyAttributes"], types),
        "Projection": index.get("Projection") or {"ProjectionType": "ALL"},
    }
