"""Writes to the tables of a backend, without a service around them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ddbmock._internal.engine.changes import Change
from ddbmock._internal.engine.items import StoredItem
from ddbmock._internal.engine.values import item_bytes

if TYPE_CHECKING:
    from ddbmock._internal.engine.backend import Backend
    from ddbmock._internal.engine.table import Table

Item = dict[str, Any]


def put_of(table: Table, item: Item) -> Change:
    """Return the change that stores an item."""
    key = table.key_schema.order_key(item)
    assert key is not None
    return Change(key, table.items.get(key), StoredItem(item, item_bytes(item)))


def deletion_of(table: Table, key_item: Item, *, by_service: bool = False) -> Change:
    """Return the change that removes the item with this key, if there is one."""
    key = table.key_schema.order_key(key_item)
    assert key is not None
    return Change(key, table.items.get(key), None, by_service=by_service)


def put(backend: Backend, table: Table, item: Item) -> Change:
    change = put_of(table, item)
    backend.commit([(table, change)])
    return change


def delete(backend: Backend, table: Table, key_item: Item) -> Change:
    change = deletion_of(table, key_item)
    backend.commit([(table, change)])
    return change


def items_of(table: Table) -> list[Item]:
    return [stored.load() for stored in table.items.values()]
