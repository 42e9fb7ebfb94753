"""PutItem, GetItem, UpdateItem, DeleteItem.

https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/WorkingWithItems.html
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ddbmock.access.accounting import add_write
from ddbmock.access.lookup import find_table, order_key_of
from ddbmock.access.request_expressions import (
    NO_VALUES,
    NewExpressions,
    Parameters,
    Plan,
    begin,
)
from ddbmock.access.single_writes import parse_single
from ddbmock.access.writes import (
    UpdateWrite,
    Write,
    read_delete,
    read_put,
    read_update,
)
from ddbmock.engine.capacity import read_units, write_units
from ddbmock.engine.values import Item, normalize_item
from ddbmock.errors import ConditionalCheckFailedError
from ddbmock.expressions import Projection, legacy
from ddbmock.operations.registry import operation

if TYPE_CHECKING:
    from collections.abc import Callable

    from ddbmock.access.call import Call, Request, Response
    from ddbmock.engine.changes import Change
    from ddbmock.engine.items import StoredItem
    from ddbmock.engine.table import Table

READ = Parameters(
    expressions=("ProjectionExpression",), with_values=(), legacy=("AttributesToGet",)
)


@operation(
    "PutItem",
    "TableName Item Expected ReturnValues ReturnConsumedCapacity "
    "ReturnItemCollectionMetrics ConditionalOperator ConditionExpression "
    "ExpressionAttributeNames ExpressionAttributeValues "
    "ReturnValuesOnConditionCheckFailure",
)
def put_item(call: Call) -> Response:
    """Store an item in place of the one with the same key.

    https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_PutItem.html
    """
    return _write(call, parse_single(read_put, call.request))


@operation(
    "DeleteItem",
    "TableName Key Expected ReturnValues ReturnConsumedCapacity "
    "ReturnItemCollectionMetrics ConditionalOperator ConditionExpression "
    "ExpressionAttributeNames ExpressionAttributeValues "
    "ReturnValuesOnConditionCheckFailure",
)
def delete_item(call: Call) -> Response:
    """Remove an item; removing one that is not there is done too.

    https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_DeleteItem.html
    """
    return _write(call, parse_single(read_delete, call.request))


@operation(
    "UpdateItem",
    "TableName Key AttributeUpdates Expected ReturnValues ReturnConsumedCapacity "
    "ReturnItemCollectionMetrics ConditionalOperator UpdateExpression ConditionExpression "
    "ExpressionAttributeNames ExpressionAttributeValues "
    "ReturnValuesOnConditionCheckFailure",
)
def update_item(call: Call) -> Response:
    """Change some attributes of an item, or make one from its key.

    https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_UpdateItem.html
    """
    return _write(call, parse_single(read_update, call.request))


def _write(call: Call, write: Write) -> Response:
    write.resolve(call.region)
    consumed = call.consumed_of(write.table.name)
    try:
        change = write.evaluate()
    except ConditionalCheckFailedError:
        # A failed condition is charged by the item that is there.
        stored: StoredItem | None = write.table.items.get(write.key)
        consumed.write_units += write_units(0 if stored is None else stored.size_bytes)
        raise
    call.region.backend.commit([(write.table, change)])
    add_write(consumed, change)
    response: Response = {}
    returned = call.request.get("ReturnValues", "NONE")
    if returned != "NONE":
        attributes = _RETURNED[returned](write, change)
        if attributes:
            response["Attributes"] = attributes
    if call.request.get("ReturnItemCollectionMetrics") == "SIZE":
        add_collection_metrics(write.table, change, response)
    return response


def _all_old(_: Write, change: Change) -> Item | None:
    return None if change.old is None else change.old.load()


def _all_new(_: Write, change: Change) -> Item | None:
    return None if change.new is None else change.new.load()


def _updated_old(write: Write, change: Change) -> Item | None:
    old_item = _all_old(write, change)
    if old_item is None or not isinstance(write, UpdateWrite) or write.update is None:
        return None
    return write.update.project_updated(old_item)


def _updated_new(write: Write, change: Change) -> Item | None:
    new_item = _all_new(write, change)
    if new_item is None or not isinstance(write, UpdateWrite) or write.update is None:
        return None
    return write.update.project_written(new_item)


_RETURNED: dict[str, Callable[[Write, Change], Item | None]] = {
    "ALL_OLD": _all_old,
    "ALL_NEW": _all_new,
    "UPDATED_OLD": _updated_old,
    "UPDATED_NEW": _updated_new,
}


def add_collection_metrics(table: Table, change: Change, response: Response) -> None:
    """Put the ItemCollectionMetrics into the answer, for tables with local indexes."""
    metrics = collection_metrics(table, change)
    if metrics is not None:
        response["ItemCollectionMetrics"] = metrics


def collection_metrics(table: Table, change: Change) -> dict[str, Any] | None:
    """Return the ItemCollectionMetrics of a change, None for a table without local indexes."""
    if not table.has_local_indexes:
        return None
    attribute = table.key_schema.partition[0]
    gigabytes = table.collection_bytes.get(change.key[:2], 0) // 2**30
    return {
        "ItemCollectionKey": {attribute.name: {attribute.kind: change.key[1]}},
        "SizeEstimateRangeGB": [float(gigabytes), float(gigabytes + 1)],
    }


@operation(
    "GetItem",
    "TableName Key AttributesToGet ConsistentRead ReturnConsumedCapacity "
    "ProjectionExpression ExpressionAttributeNames",
)
def get_item(call: Call) -> Response:
    """Return the item with this key, if it is there.

    https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_GetItem.html
    """
    request = call.request
    key, projection = read_get(request)
    table = find_table(call.region, request["TableName"])
    order_key = order_key_of(table, key)
    stored: StoredItem | None = table.items.get(order_key)
    consumed = call.consumed_of(table.name)
    size_bytes = 0 if stored is None else stored.size_bytes
    consumed.read_units += read_units(size_bytes, consistent=request.get("ConsistentRead", False))
    if stored is None:
        return {}
    item = stored.load()
    return {"Item": item if projection is None else projection.apply(item)}


def read_get(request: Request) -> tuple[Item, Projection | None]:
    """Return the key and the projection of a GetItem request or of a transaction's Get."""
    expressions = begin(request, READ)
    key: Item = request["Key"]
    normalize_item(key)
    return key, read_projection(request, expressions)


def read_projection(
    request: Request, expressions: Plan | NewExpressions | None
) -> Projection | None:
    """Return what a read with at most a projection is to return of each item."""
    if expressions is None:
        return None
    if request.get("AttributesToGet") is not None:
        return legacy.attributes_to_get(request["AttributesToGet"])
    values = request.get("ExpressionAttributeValues") or NO_VALUES
    return expressions.finish(values).projection
