"""From a record to the item in it: unwrapped, as attribute values."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from ddbmock._internal.formats.dynamodb_json import is_typed, typed_item
from ddbmock._internal.formats.file_errors import shortened
from ddbmock._internal.formats.python_values import AttributeValueError, attribute_values
from ddbmock._internal.messages import values as messages

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ddbmock._internal.engine.values import Item
    from ddbmock._internal.formats.records import Record


def read_record(record: Record, key_names: Sequence[str]) -> tuple[Item, bool]:
    """Return the item of a record and False; or the key of an item to delete and True.

    Args:
        record: An item in DynamoDB JSON or plain values; it may be wrapped as `get-item`, exports
            and the request files of `batch-write-item` wrap it.
        key_names: The key attributes of the table.

    Raises:
        AttributeValueError: A value in it is not an attribute value.
    """
    content, is_deletion = _unwrapped(record, key_names)
    if not isinstance(content, Mapping):
        raise not_an_item(content)
    try:
        if is_typed(content, key_names[0]):
            return typed_item(content), is_deletion
        return attribute_values(content), is_deletion
    except RecursionError:
        raise AttributeValueError(messages.NESTING_TOO_DEEP) from None


def _unwrapped(record: Record, key_names: Sequence[str]) -> tuple[Any, bool]:
    content: Any = record.content
    is_deletion = record.is_deletion
    for wrapper, member in (("PutRequest", "Item"), ("DeleteRequest", "Key")):
        inner = content.get(wrapper)
        if len(content) == 1 and isinstance(inner, Mapping) and set(inner) == {member}:
            return inner[member], wrapper == "DeleteRequest"
    if (
        "Item" not in key_names
        and content.keys() <= {"Item", "ConsumedCapacity"}
        and isinstance(content.get("Item"), Mapping)
    ):
        content = content["Item"]
    return content, is_deletion


def not_an_item(value: object) -> AttributeValueError:
    """Return the error for something that should be an item."""
    return AttributeValueError(f"an item is an object of attributes, not {shortened(value)}")
