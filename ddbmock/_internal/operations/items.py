"""PutItem, GetItem, UpdateItem, DeleteItem.

https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/WorkingWithItems.html
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ddbmock._internal.access.gets import read_get
from ddbmock._internal.access.item_keys import order_key_of
from ddbmock._internal.access.operation import Capacity, Items, Plane
from ddbmock._internal.access.writes import (
    UpdateWrite,
    Write,
    execute,
    read_delete,
    read_put,
    read_update,
)
from ddbmock._internal.operations.item_collections import collection_metrics
from ddbmock._internal.operations.registry import operation
from ddbmock._internal.validation.wording import CURRENT, ENVELOPED, UPDATE

if TYPE_CHECKING:
    from collections.abc import Callable

    from ddbmock._internal.access.door import Door
    from ddbmock._internal.access.gets import Get
    from ddbmock._internal.access.intent import Response
    from ddbmock._internal.access.writes import Delete, Put
    from ddbmock._internal.engine.changes import Change
    from ddbmock._internal.engine.values import Item


@operation(
    "PutItem",
    plane=Plane.DATA,
    read=read_put,
    wording=ENVELOPED,
    capacity=Capacity.WRITE,
)
def put_item(put: Put, door: Door) -> Response:
    """Store an item in place of the one with the same key.

    https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_PutItem.html
    """
    return _write(put, door)


@operation(
    "DeleteItem",
    plane=Plane.DATA,
    read=read_delete,
    wording=ENVELOPED,
    capacity=Capacity.WRITE,
)
def delete_item(delete: Delete, door: Door) -> Response:
    """Delete an item; deleting one that does not exist succeeds too.

    https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_DeleteItem.html
    """
    return _write(delete, door)


@operation(
    "UpdateItem",
    plane=Plane.DATA,
    read=read_update,
    wording=UPDATE,
    capacity=Capacity.WRITE,
)
def update_item(update: UpdateWrite, door: Door) -> Response:
    """Change some attributes of an item, or create one from its key.

    https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_UpdateItem.html
    """
    return _write(update, door)


def _write(write: Write, door: Door) -> Response:
    table = door.table(write.table_name)
    change = execute(write, table, door)
    response: Response = {}
    request = write.request
    returned = request.get("ReturnValues", "NONE")
    if returned != "NONE":
        attributes = _RETURNED[returned](write, change)
        if attributes:
            response["Attributes"] = attributes
    if request.get("ReturnItemCollectionMetrics") == "SIZE":
        metrics = collection_metrics(table, change)
        if metrics is not None:
            response["ItemCollectionMetrics"] = metrics
    return response


def _all_old(_: Write, change: Change) -> Item | None:
    return None if change.old is None else change.old.load()


def _all_new(_: Write, change: Change) -> Item | None:
    return None if change.new is None else change.new.load()


def _updated_old(write: Write, change: Change) -> Item | None:
    return _updated(write, _all_old(write, change))


def _updated_new(write: Write, change: Change) -> Item | None:
    return _updated(write, _all_new(write, change))


def _updated(write: Write, item: Item | None) -> Item | None:
    if item is None or not isinstance(write, UpdateWrite) or write.update is None:
        return None
    return write.update.project(item)


_RETURNED: dict[str, Callable[[Write, Change], Item | None]] = {
    "ALL_OLD": _all_old,
    "ALL_NEW": _all_new,
    "UPDATED_OLD": _updated_old,
    "UPDATED_NEW": _updated_new,
}


@operation(
    "GetItem",
    plane=Plane.DATA,
    read=read_get,
    wording=CURRENT,
    capacity=Capacity.READ,
    items=Items.ONE,
)
def get_item(get: Get, door: Door) -> Response:
    """Return the item with this key, if it exists.

    https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_GetItem.html
    """
    table = door.table(get.table_name)
    key = order_key_of(table, get.key_item)
    stored = door.get(table, key, consistent=get.request.get("ConsistentRead", False))
    if stored is None:
        return {}
    if get.projection is None and door.returns_stored:
        return {"Item": stored}
    item = stored.build(*stored.contents)
    return {"Item": item if get.projection is None else get.projection.apply(item)}
