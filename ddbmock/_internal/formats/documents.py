"""The shapes of JSON and YAML documents that contain items.

| document | content |
|---|---|
| `[{...}, ...]` | items of one table |
| `{"Items": [...], "Count": ...}` | the output of `aws dynamodb scan` or `query` |
| `{"orders": [{...}], ...}` | items by table |
| `{"orders": [{"PutRequest": {"Item": {...}}}]}` | a request file of `batch-write-item` |
| `{"Responses": {"orders": [...]}}` | the output of `batch-get-item` |
| `{"ModelName": ..., "DataModel": [...]}` | a model of NoSQL Workbench |
| any other object | one item |

An item may be wrapped as `{"Item": {...}}`, as in the output of `get-item` and in exports.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import TYPE_CHECKING, Any

from ddbmock._internal.formats.file_errors import FileError, shortened
from ddbmock._internal.formats.items import not_an_item
from ddbmock._internal.formats.records import Record
from ddbmock._internal.formats.workbench import is_model, model_entries

if TYPE_CHECKING:
    from ddbmock._internal.formats.records import Entries, Origin, Path

_SCAN_OUTPUT = {
    "Items",
    "Count",
    "ScannedCount",
    "LastEvaluatedKey",
    "ConsumedCapacity",
    "NextToken",
}


def document_entries(document: Any, origin: Origin) -> Entries:
    """Return the entries of a document of any of the shapes.

    Raises:
        FileError: It has none of them.
    """
    if isinstance(document, list):
        yield from listed_records(document, None, origin)
    elif not isinstance(document, Mapping):
        raise FileError(origin.location(()), f"expected items, not {shortened(document)}")
    elif is_model(document):
        yield from model_entries(document, origin)
    elif isinstance(document.get("Items"), list) and document.keys() <= _SCAN_OUTPUT:
        yield from listed_records(document["Items"], None, origin, ("Items",))
    elif (wrapper := _wrapper(document)) is not None:
        yield from _records_by_table(document[wrapper], origin, (wrapper,))
    elif all(isinstance(value, list) for value in document.values()):
        yield from _records_by_table(document, origin, ())
    else:
        yield Record(None, document, origin.location((), "the item"))


def _wrapper(document: Mapping[Any, Any]) -> str | None:
    for name in ("RequestItems", "Responses"):
        content = document.get(name)
        if isinstance(content, Mapping) and all(isinstance(v, list) for v in content.values()):
            return name
    return None


def _records_by_table(tables: Mapping[Any, list[Any]], origin: Origin, path: Path) -> Entries:
    for table_name, items in tables.items():
        yield from listed_records(items, str(table_name), origin, (*path, table_name))


def listed_records(
    items: Iterable[Any], table_name: str | None, origin: Origin, path: Path = ()
) -> Iterator[Record]:
    """Return the items of a list as records.

    Args:
        items: Items in DynamoDB JSON or plain values.
        table_name: Their table; None if the document names none.
        origin: The document.
        path: The path of the list in the document.

    Raises:
        FileError: One of them is not an object.
    """
    count = len(items) if isinstance(items, list) else None
    for at, item in enumerate(items):
        location = origin.location((*path, at), item_of(at + 1, table_name))
        if not isinstance(item, Mapping):
            raise FileError(location, str(not_an_item(item)))
        yield Record(table_name, item, location, None if count is None else (at + 1) / count)


def item_of(number: int, table_name: str | None) -> str:
    """Return the name of a list's item in errors.

    >>> item_of(2, "orders"), item_of(2, None)
    ('item 2 of orders', 'item 2')
    """
    return f"item {number}" if table_name is None else f"item {number} of {table_name}"
