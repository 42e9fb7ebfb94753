"""ExclusiveStartKey: where a page begins, checked against the table or index that is read."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ddbmock._internal.access.item_keys import order_key_of
from ddbmock._internal.engine.values import InvalidValueError, Item, normalize_item
from ddbmock._internal.errors import ValidationError
from ddbmock._internal.expressions.requirements import shown_value
from ddbmock._internal.messages import items as messages

if TYPE_CHECKING:
    from ddbmock._internal.access.intent import Request
    from ddbmock._internal.engine.keys import KeySchema, OrderKey
    from ddbmock._internal.engine.table import Source


def read_start_key(request: Request) -> Item | None:
    """Return the ExclusiveStartKey with its values checked and canonical, None without one."""
    start: Item | None = request.get("ExclusiveStartKey")
    if start is not None:
        try:
            normalize_item(start)
        except InvalidValueError as error:
            raise ValidationError(
                f"{messages.START_KEY_INVALID}: {error.message}",
                legacy_message=f"{messages.START_KEY_INVALID}: {error.legacy_message}",
            ) from None
    return start


def check_start_key(source: Source, start: Item, schema: KeySchema | None) -> None:
    """Check an ExclusiveStartKey's attributes: their number, then those of the key given.

    Query checks the key that is queried first, Scan the key of its index, if it has one.
    """
    if len(start) != len(source.start_key_names):
        raise ValidationError(
            messages.START_KEY_MISMATCH if schema is None else messages.START_KEY_INVALID
        )
    if schema is not None:
        for attribute in schema.attributes:
            if attribute.name not in start:
                raise ValidationError(messages.START_KEY_INVALID)
            if attribute.kind not in start[attribute.name]:
                raise ValidationError(messages.KEY_ELEMENT_MISMATCH)


def check_can_restart(source: Source, start: Item) -> None:
    """Refuse a Query's ExclusiveStartKey on a table that has one item a partition key."""
    if source.index is None and not source.key_schema.sort:
        shown = [f"{name}=AttributeValue: {shown_value(value)}" for name, value in start.items()]
        raise ValidationError(messages.exclusive_start_key_invalid(shown))


def start_order_key(source: Source, start: Item) -> OrderKey:
    """Return the order key of an ExclusiveStartKey, after checking the table's key in it."""
    key = {name: start[name] for name in source.table.key_schema.names if name in start}
    try:
        table_key = order_key_of(source.table, key)
    except ValidationError as error:
        raise ValidationError(f"{messages.START_KEY_INVALID}: {error.message}") from None
    order_key = table_key if source.index is None else source.index.entry_key(start, table_key)
    if order_key is None:
        raise AssertionError(start)
    return order_key
