"""The shapes of JSON and YAML documents that hold items.

| the document | is |
|---|---|
| `[{...}, ...]` | items of one table |
| `{"Items": [...], "Count": ...}` | the output of `aws dynamodb scan` or `query` |
| `{"orders": [{...}], ...}` | items by table |
| `{"orders": [{"PutRequest": {"Item": {...}}}]}` | a request file of `batch-write-item` |
| `{"Responses": {"orders": [...]}}` | the output of `batch-get-item` |
| `{"ModelName": ..., "DataModel": [...]}` | a model of NoSQL Workbench |
| any other object | one item |

An item may be wrapped as `{"Item": {...}}`, as `get-item` and exports have it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

from ddbmock import messages
from ddbmock.formats.file_errors import FileError
from ddbmock.formats.records import Record
from ddbmock.formats.workbench import is_model, model_entries

if TYPE_CHECKING:
    from ddbmock.formats.records import Entries, Origin, Path


_SCAN_OUTPUT = {
    "Items",
    "Count",
    "ScannedCount",
    "LastEvaluatedKey",
    "ConsumedCapacity",
    "NextToken",
}


def document_entries(document: Any, origin: Origin) -> Entries:
    """Return the entries of a document, whichever of the shapes it has.

    Raises:
        FileError: It has none of them.
    """
    if isinstance(document, list):
        yield from _items(document, None, origin, ())
    elif not isinstance(document, Mapping):
        raise FileError(origin.location(()), messages.not_items(document))
    elif is_model(document):
        yield from model_entries(document, origin)
    elif isinstance(document.get("Items"), list) and document.keys() <= _SCAN_OUTPUT:
        yield from _items(document["Items"], None, origin, ("Items",))
    elif (wrapper := _wrapper(document)) is not None:
        yield from _items_by_table(document[wrapper], origin, (wrapper,))
    elif all(isinstance(value, list) for value in document.values()):
        yield from _items_by_table(document, origin, ())
    else:
        yield Record(None, document, origin.location((), messages.ONE_ITEM))


def _wrapper(document: Mapping[Any, Any]) -> str | None:
    for name in ("RequestItems", "Responses"):
        content = document.get(name)
        if isinstance(content, Mapping) and all(isinstance(v, list) for v in content.values()):
            return name
    return None


def _items_by_table(tables: Mapping[Any, list[Any]], origin: Origin, path: Path) -> Entries:
    for table_name, items in tables.items():
        yield from _items(items, str(table_name), origin, (*path, table_name))


def _items(
    items: list[Any], table_name: str | None, origin: Origin, path: Path
) -> Iterator[Record]:
    for at, item in enumerate(items):
        location = origin.location((*path, at), messages.item_of(at + 1, table_name))
        if not isinstance(item, Mapping):
            raise FileError(location, messages.not_an_item(item))
        yield Record(table_name, item, location, (at + 1) / len(items))
