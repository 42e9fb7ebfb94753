"""BatchGetItem and BatchWriteItem: many items at once, checked whole before anything is done.

https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/WorkingWithItems.html#WorkingWithItems.BatchOperations
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ddbmock import limits, messages
from ddbmock.access.accounting import add_write
from ddbmock.access.lookup import find_table, order_key_of
from ddbmock.access.request_expressions import begin
from ddbmock.access.writes import BatchPut, Delete, Write
from ddbmock.engine.capacity import read_units
from ddbmock.engine.values import Item, normalize_item
from ddbmock.errors import ValidationError
from ddbmock.operations.items import READ, collection_metrics, read_projection
from ddbmock.operations.registry import operation

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ddbmock.access.call import Call, Request, Response
    from ddbmock.engine.items import StoredItem
    from ddbmock.engine.keys import OrderKey
    from ddbmock.engine.table import Table
    from ddbmock.expressions import Projection


@operation(
    "BatchGetItem",
    "RequestItems ReturnConsumedCapacity",
)
def batch_get_item(call: Call) -> Response:
    """Return up to 100 items of any tables, 16 MB at most; the rest is to be asked for again.

    https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_BatchGetItem.html
    """
    requested: dict[str, Request] = call.request["RequestItems"]
    if sum(len(request["Keys"]) for request in requested.values()) > limits.BATCH_GET_KEYS_MAX:
        raise ValidationError(messages.BATCH_GET_TOO_LONG)
    if len(requested) > 1:
        _check_mix(requested)
    projections = {name: _read_keys(request) for name, request in requested.items()}
    located = {
        name: _locate_keys(find_table(call.region, name), request["Keys"])
        for name, request in requested.items()
    }
    return _get_items(call, projections, located)


def _check_mix(requested: dict[str, Request]) -> None:
    """Expressions for one table do not mix with legacy parameters for another either."""
    told = ("AttributesToGet", "ProjectionExpression")
    mixed = {
        name: request[name] for request in requested.values() for name in told if name in request
    }
    begin(mixed, READ)


def _read_keys(request: Request) -> Projection | None:
    projection = read_projection(request, begin(request, READ))
    keys: list[Item] = request["Keys"]
    for key in keys:
        normalize_item(key)
    if len({repr(sorted(key.items())) for key in keys}) < len(keys):
        raise ValidationError(messages.DUPLICATE_KEYS_IN_BATCH)
    return projection


def _locate_keys(table: Table, keys: list[Item]) -> tuple[Table, list[OrderKey]]:
    return table, [order_key_of(table, key) for key in keys]


def _get_items(
    call: Call,
    projections: dict[str, Projection | None],
    located: dict[str, tuple[Table, list[OrderKey]]],
) -> Response:
    responses: dict[str, list[Item]] = {}
    unprocessed: dict[str, Request] = {}
    left_bytes = limits.BATCH_GET_RESPONSE_BYTES_MAX
    for name, (table, keys) in located.items():
        request = call.request["RequestItems"][name]
        consistent = request.get("ConsistentRead", False)
        consumed = call.consumed_of(table.name)
        items = responses[name] = []
        for position, key in enumerate(keys):
            stored: StoredItem | None = table.items.get(key)
            size_bytes = 0 if stored is None else stored.size_bytes
            if size_bytes > left_bytes:
                unprocessed[name] = {**request, "Keys": request["Keys"][position:]}
                left_bytes = -1
                break
            left_bytes -= size_bytes
            consumed.read_units += read_units(size_bytes, consistent=consistent)
            if stored is not None:
                item, projection = stored.load(), projections[name]
                items.append(item if projection is None else projection.apply(item))
    return {"Responses": responses, "UnprocessedKeys": unprocessed}


@operation(
    "BatchWriteItem",
    "RequestItems ReturnConsumedCapacity ReturnItemCollectionMetrics",
)
def batch_write_item(call: Call) -> Response:
    """Put or delete up to 25 items of any tables.

    https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_BatchWriteItem.html
    """
    requested: dict[str, list[dict[str, Any]]] = call.request["RequestItems"]
    if sum(map(len, requested.values())) > limits.BATCH_WRITE_REQUESTS_MAX:
        raise ValidationError(messages.BATCH_WRITE_TOO_LONG)
    writes = list(_read_writes(requested))
    places: set[tuple[str, OrderKey]] = set()
    for write in writes:
        write.resolve(call.region)
        place = write.table.name, write.key
        if place in places:
            raise ValidationError(messages.DUPLICATE_KEYS_IN_BATCH)
        places.add(place)
    metrics: dict[str, list[dict[str, Any]]] = {}
    for write in writes:
        change = write.evaluate()
        call.region.backend.commit([(write.table, change)])
        add_write(call.consumed_of(write.table.name), change)
        collection = collection_metrics(write.table, change)
        if collection is not None:
            metrics.setdefault(write.table_name, []).append(collection)
    response: Response = {"UnprocessedItems": {}}
    if call.request.get("ReturnItemCollectionMetrics") == "SIZE":
        response["ItemCollectionMetrics"] = metrics
    return response


def _read_writes(requested: dict[str, list[dict[str, Any]]]) -> Iterator[Write]:
    for table_name, requests in requested.items():
        for request in requests:
            yield _read_write(table_name, request)


def _read_write(table_name: str, request: dict[str, Any]) -> Write:
    put, delete = request.get("PutRequest"), request.get("DeleteRequest")
    if delete is not None and put is None:
        normalize_item(delete["Key"])
        return Delete({"TableName": table_name, "Key": delete["Key"]}, None, {})
    if put is not None and delete is None:
        size_bytes = normalize_item(put["Item"])
        if size_bytes > limits.ITEM_BYTES_MAX:
            raise ValidationError(messages.ITEM_TOO_LARGE)
        return BatchPut({"TableName": table_name, "Item": put["Item"]}, None, {}, size_bytes)
    raise ValidationError(messages.BATCH_WRITE_EMPTY_REQUEST)
