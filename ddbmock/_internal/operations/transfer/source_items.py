"""The items in the objects of a bucket, validated against a table."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from ddbmock._internal import limits
from ddbmock._internal.access.item_keys import order_key_of_item
from ddbmock._internal.engine.items import StoredItem
from ddbmock._internal.engine.values import normalize_item
from ddbmock._internal.errors import ServiceError, ValidationError
from ddbmock._internal.formats.s3_imports import read_object
from ddbmock._internal.messages import items as messages
from ddbmock._internal.operations.transfer.records import ItemError

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from typing import Any

    from ddbmock._internal.engine.keys import OrderKey
    from ddbmock._internal.engine.table import Table
    from ddbmock._internal.engine.values import Item
    from ddbmock._internal.formats.s3_imports import ImportedItem, ImportSource

#: The key of an object, and its content.
S3Object = tuple[str, bytes]


class ValidItem(NamedTuple):
    """A valid item of the table."""

    key: OrderKey
    stored: StoredItem
    item: Item
    #: The other members of its record.
    members: Mapping[str, Any]


def valid_items(
    table: Table, source: ImportSource, objects: Iterable[S3Object]
) -> Iterator[tuple[ValidItem | None, ItemError]]:
    """Yield each item with its location, or None with the error of an invalid item."""
    for key, body in objects:
        for read in read_object(source, key, body):
            found, problem = _checked(table, read)
            yield found, ItemError(key, read.position, problem)


def _checked(table: Table, read: ImportedItem) -> tuple[ValidItem | None, str]:
    if read.item is None:
        return None, read.problem or ""
    try:
        size_bytes = normalize_item(read.item)
        if size_bytes > limits.ITEM_BYTES_MAX:
            raise ValidationError(messages.ITEM_TOO_LARGE)
        key = order_key_of_item(table, read.item)
    except ServiceError as error:
        return None, error.message
    return ValidItem(key, StoredItem(read.item, size_bytes), read.item, read.members), ""
