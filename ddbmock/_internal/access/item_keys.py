"""The keys in items: checked against the schema of a table and its indexes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ddbmock._internal import limits
from ddbmock._internal.engine.values import AttributeValue, Item, text_bytes
from ddbmock._internal.errors import EmptyKeyValueError, ValidationError
from ddbmock._internal.messages import items as messages

if TYPE_CHECKING:
    from collections.abc import Collection

    from ddbmock._internal.engine.index import Index
    from ddbmock._internal.engine.keys import KeyAttribute, OrderKey
    from ddbmock._internal.engine.table import Table

#: A key of at most this many characters cannot exceed a size limit.
SHORT_KEY_CHARACTERS = limits.SORT_KEY_BYTES_MAX // 4


def order_key_of(table: Table, key: Item) -> OrderKey:
    """Return the order key of the item with this key, after checking it against the schema."""
    schema = table.key_schema
    order_key = schema.order_key(key)
    if order_key is None or len(key) != len(schema.names):
        raise ValidationError(messages.KEY_ELEMENT_MISMATCH)
    contents = schema.sized_contents(order_key)
    if not all(contents) or sum(map(len, contents)) > SHORT_KEY_CHARACTERS:
        _check_key_contents(table, key)
    return order_key


def order_key_of_item(table: Table, item: Item, *, in_batch: bool = False) -> OrderKey:
    """Return the order key of an item, after checking its table key and its index keys.

    A batch reports no details of a wrong key.
    """
    schema = table.key_schema
    order_key = schema.order_key(item)
    if order_key is None:
        text = messages.KEY_ELEMENT_MISMATCH if in_batch else _item_key_error(table, item)
        raise ValidationError(text)
    contents = schema.sized_contents(order_key)
    if not all(contents) or sum(map(len, contents)) > SHORT_KEY_CHARACTERS:
        _check_key_contents(table, item)
    if table.index_key_names:
        check_index_keys(table, item)
    if table.vector_indexes:
        check_vectors(table, item)
    return order_key


def check_vectors(table: Table, item: Item, changed: Collection[str] | None = None) -> None:
    """Check an item of a table with vector indexes, or the attributes of it that are changed."""
    from ddbmock._internal.access import vectors  # noqa: PLC0415 (few tables have vector indexes)

    vectors.check_vectors(table, item, changed)


def _item_key_error(table: Table, item: Item) -> str:
    for attribute in table.key_schema.attributes:
        value = item.get(attribute.name)
        if value is None:
            return messages.missing_key(attribute.name)
        if attribute.kind not in value:
            return messages.key_type_mismatch(attribute.name, attribute.kind, next(iter(value)))
    raise AssertionError(item)


def _check_key_contents(table: Table, item: Item) -> None:
    for attribute in table.key_schema.attributes:
        if _is_empty(attribute, item[attribute.name]):
            raise EmptyKeyValueError(messages.empty_key(attribute.kind, attribute.name))
    _check_key_sizes(table.key_schema.partition, table.key_schema.sort, item)


def _is_empty(attribute: KeyAttribute, value: AttributeValue) -> bool:
    return not value[attribute.kind]


def _check_key_sizes(
    partition: tuple[KeyAttribute, ...], sort: tuple[KeyAttribute, ...], item: Item
) -> None:
    if _content_bytes(partition, item) > limits.PARTITION_KEY_BYTES_MAX:
        raise ValidationError(messages.PARTITION_KEY_TOO_LARGE)
    if _content_bytes(sort, item) > limits.SORT_KEY_BYTES_MAX:
        raise ValidationError(messages.SORT_KEY_TOO_LARGE)


def _content_bytes(attributes: tuple[KeyAttribute, ...], item: Item) -> int:
    contents = [item.get(attribute.name, {}).get(attribute.kind, "") for attribute in attributes]
    return sum(
        text_bytes(content) if isinstance(content, str) else len(content) for content in contents
    )


def check_index_keys(table: Table, item: Item, *, updated: bool = False) -> None:
    """Refuse an item whose index key attributes have the wrong type, are empty or too large."""
    for name, kind, _ in table.index_key_attributes:
        value = item.get(name)
        if value is None:
            continue
        content = value.get(kind)
        if content and len(content) <= SHORT_KEY_CHARACTERS:
            continue
        # Something may be wrong: of several indexes, the error names the first by name.
        for index in sorted(table.indexes.values(), key=_name_of):
            _check_index_key(index, table, item, updated=updated)
        return


def _name_of(index: Index) -> str:
    return index.name


def _check_index_key(index: Index, table: Table, item: Item, *, updated: bool) -> None:
    for attribute in index.key_schema.attributes:
        name, kind = attribute.name, attribute.kind
        value = item.get(name)
        if value is None or name in table.key_schema.names:
            continue
        if kind not in value:
            actual = next(iter(value))
            text = messages.index_key_type_mismatch(name, kind, actual, index.name)
            older = messages.UPDATED_INDEX_KEY_TYPE if updated else text
            raise ValidationError(text, legacy_message=older)
        if not value[kind]:
            text = messages.empty_index_key(kind, name, index.name)
            raise EmptyKeyValueError(messages.updated_index_key_empty(kind) if updated else text)
    try:
        _check_key_sizes(index.key_schema.partition, index.key_schema.sort, item)
    except ValidationError:
        if updated:
            raise ValidationError(messages.UPDATED_INDEX_KEY_TOO_LARGE) from None
        raise
