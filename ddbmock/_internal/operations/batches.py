"""BatchGetItem and BatchWriteItem, which check all their keys before they read or write any.

https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/WorkingWithItems.html#WorkingWithItems.BatchOperations
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ddbmock._internal import limits
from ddbmock._internal.access.gets import READ, projected_names, read_projection, selected
from ddbmock._internal.access.intent import Intent
from ddbmock._internal.access.item_keys import order_key_of
from ddbmock._internal.access.operation import Capacity, Items, Plane
from ddbmock._internal.access.request_expressions import plan_for
from ddbmock._internal.access.writes import BatchPut, Delete, Write, read_item
from ddbmock._internal.engine.values import Item, normalize_key
from ddbmock._internal.errors import (
    ItemCollectionSizeLimitExceededError,
    ServiceError,
    ThrottledError,
    ValidationError,
)
from ddbmock._internal.messages import items as messages
from ddbmock._internal.operations.item_collections import metrics_by_table
from ddbmock._internal.operations.registry import operation
from ddbmock._internal.validation.wording import CURRENT

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ddbmock._internal.access.door import Door
    from ddbmock._internal.access.intent import Request, Response
    from ddbmock._internal.engine.changes import Change
    from ddbmock._internal.engine.keys import KeySchema, OrderKey
    from ddbmock._internal.engine.table import Table
    from ddbmock._internal.expressions.compiled import Projection


class KeysOfTable(Intent):
    """The keys that a BatchGetItem reads of one table."""

    __slots__ = ("key_items", "projection", "table_name")

    iam_action: str | None = "BatchGetItem"
    table_name: str

    def __init__(self, table_name: str, request: Request, projection: Projection | None) -> None:
        self.table_name = table_name
        #: The part of the request for this table.
        self.request = request
        self.key_items: list[Item] = request["Keys"]
        self.projection: Projection | None = projection

    def keys(self, schema: KeySchema) -> list[Item]:
        """Return the keys."""
        return [{name: key[name] for name in schema.names if name in key} for key in self.key_items]

    def attributes(self) -> frozenset[str]:
        """Return the attributes of the keys and the projection."""
        return projected_names(self.projection).union(*self.key_items)


class BatchGet(Intent):
    """The keys that a BatchGetItem reads, by table."""

    __slots__ = ("parts",)

    def __init__(self, request: Request, parts: Sequence[KeysOfTable]) -> None:
        self.request = request
        self.parts: Sequence[KeysOfTable] = parts

    @property
    def actions(self) -> Sequence[KeysOfTable]:
        """The keys of each table."""
        return self.parts


def read_batch_get(request: Request) -> BatchGet:
    """Return the intent of a BatchGetItem."""
    requested: dict[str, Request] = request["RequestItems"]
    if sum(len(part["Keys"]) for part in requested.values()) > limits.BATCH_GET_KEYS_MAX:
        raise ValidationError(messages.BATCH_GET_TOO_LONG)
    if len(requested) > 1:
        _check_mix(requested)
    return BatchGet(request, [_read_keys(name, part) for name, part in requested.items()])


def _check_mix(requested: dict[str, Request]) -> None:
    """Refuse expressions for one table combined with legacy parameters for another."""
    names = ("AttributesToGet", "ProjectionExpression")
    mixed = {name: part[name] for part in requested.values() for name in names if name in part}
    plan_for(mixed, READ)


def _read_keys(table_name: str, part: Request) -> KeysOfTable:
    projection = read_projection(part, plan_for(part, READ))
    keys: list[Item] = part["Keys"]
    # Compared as they are sent: 1 and 1.0 are no duplicates here (observed), unlike elsewhere.
    sent = {repr(sorted(key.items())) for key in keys}
    for key in keys:
        normalize_key(key)
    if len(sent) < len(keys):
        raise ValidationError(messages.DUPLICATE_KEYS_IN_BATCH)
    return KeysOfTable(table_name, part, projection)


@operation(
    "BatchGetItem",
    plane=Plane.DATA,
    read=read_batch_get,
    wording=CURRENT,
    capacity=Capacity.READS,
    items=Items.BY_TABLE,
)
def batch_get_item(batch: BatchGet, door: Door) -> Response:
    """Return up to 100 items of any tables, 16 MB at most; the rest is left unprocessed.

    https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_BatchGetItem.html
    """
    located: list[tuple[KeysOfTable, Table, list[OrderKey]]] = []
    for part in batch.parts:
        table = door.table(part.table_name)
        located.append((part, table, [order_key_of(table, key) for key in part.key_items]))
    reader = _BatchReader(door)
    for part, table, keys in located:
        reader.read(part, table, keys)
    return reader.response()


class _BatchReader:
    """Reads keys until the response is full, and collects those that it could not read."""

    def __init__(self, door: Door) -> None:
        self._door = door
        self._responses: dict[str, list[Item]] = {}
        self._unprocessed: dict[str, Request] = {}
        self._left_bytes = limits.BATCH_GET_RESPONSE_BYTES_MAX
        self._is_full = False
        self._read_count = 0
        self._refusal: ThrottledError | None = None

    def read(self, part: KeysOfTable, table: Table, keys: list[OrderKey]) -> None:
        """Read the keys of one table."""
        # A table of which nothing was read is reported too.
        self._door.consumed_of(table.name)
        items = self._responses[part.table_name] = []
        left = [
            key_item
            for key, key_item in zip(keys, part.key_items, strict=True)
            if not self._read_item(part, table, key, items)
        ]
        if left:
            self._unprocessed[part.table_name] = {**part.request, "Keys": left}

    def _read_item(self, part: KeysOfTable, table: Table, key: OrderKey, items: list[Item]) -> bool:
        """Add an item to the response, if it exists, and return whether it could be read."""
        if self._is_full:
            return False
        consistent: bool = part.request.get("ConsistentRead", False)
        stored = self._door.stored(table, key, consistent=consistent)
        size_bytes = 0 if stored is None else stored.size_bytes
        if size_bytes > self._left_bytes:
            self._is_full = True
            return False
        try:
            self._door.charge_read(table, key, stored, consistent=consistent)
        except ThrottledError as refusal:
            self._refusal = self._refusal or refusal
            return False
        self._left_bytes -= size_bytes
        self._read_count += 1
        if stored is not None:
            items.append(selected(stored, part.projection))
        return True

    def response(self) -> Response:
        """Return the response.

        Raises:
            ThrottledError: Not a single key was admitted.
        """
        if self._refusal is not None and not self._read_count:
            raise self._refusal
        return {"Responses": self._responses, "UnprocessedKeys": self._unprocessed}


class BatchWrite(Intent):
    """The writes of a BatchWriteItem, by table."""

    __slots__ = ("writes",)

    def __init__(self, request: Request, writes: dict[str, list[Write]]) -> None:
        self.request = request
        self.writes: dict[str, list[Write]] = writes

    @property
    def actions(self) -> Sequence[WritesOfTable]:
        """The writes of each table."""
        return [WritesOfTable(name, writes) for name, writes in self.writes.items()]


class WritesOfTable(Intent):
    """The writes of a BatchWriteItem to one table."""

    __slots__ = ("table_name", "writes")

    iam_action: str | None = "BatchWriteItem"
    table_name: str

    def __init__(self, table_name: str, writes: Sequence[Write]) -> None:
        self.request: dict[str, str] = {"TableName": table_name}
        self.table_name = table_name
        self.writes: Sequence[Write] = writes

    def keys(self, schema: KeySchema) -> list[Item]:
        """Return the keys of all writes."""
        return [key for write in self.writes for key in write.keys(schema)]

    def attributes(self) -> frozenset[str]:
        """Return the attributes of all writes."""
        return frozenset[str]().union(*(write.attributes() for write in self.writes))


def read_batch_write(request: Request) -> BatchWrite:
    """Return the intent of a BatchWriteItem."""
    requested: dict[str, list[Request]] = request["RequestItems"]
    if sum(map(len, requested.values())) > limits.BATCH_WRITE_REQUESTS_MAX:
        raise ValidationError(messages.BATCH_WRITE_TOO_LONG)
    writes = {
        name: [_read_write(name, write) for write in writes] for name, writes in requested.items()
    }
    return BatchWrite(request, writes)


def _read_write(table_name: str, request: dict[str, Any]) -> Write:
    put, delete = request.get("PutRequest"), request.get("DeleteRequest")
    if delete is not None and put is None:
        normalize_key(delete["Key"])
        return Delete({"TableName": table_name, "Key": delete["Key"]}, None, {})
    if put is not None and delete is None:
        stored = read_item(put["Item"])
        return BatchPut({"TableName": table_name, "Item": put["Item"]}, None, {}, stored)
    raise ValidationError(messages.BATCH_WRITE_EMPTY_REQUEST)


@operation(
    "BatchWriteItem",
    plane=Plane.DATA,
    read=read_batch_write,
    capacity=Capacity.WRITES,
)
def batch_write_item(batch: BatchWrite, door: Door) -> Response:
    """Put or delete up to 25 items of any tables.

    https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_BatchWriteItem.html
    """
    done: list[tuple[str, Table, Change]] = []
    unprocessed: dict[str, list[Request]] = {}
    refusal: ServiceError | None = None
    for name, table, key, write, request in _located(batch, door):
        change = write.evaluate(table, key, door.stored(table, key))
        try:
            door.commit([(table, change)])
        except (ThrottledError, ItemCollectionSizeLimitExceededError) as error:
            refusal = refusal or error
            unprocessed.setdefault(name, []).append(request)
        else:
            done.append((name, table, change))
    if refusal is not None and not done:
        raise refusal
    response: Response = {"UnprocessedItems": unprocessed}
    if batch.request.get("ReturnItemCollectionMetrics") == "SIZE":
        response["ItemCollectionMetrics"] = metrics_by_table(done)
    return response


def _located(batch: BatchWrite, door: Door) -> list[tuple[str, Table, OrderKey, Write, Request]]:
    """Return the writes with their tables and keys, in the order of the request.

    Raises:
        ValidationError: A key does not fit its table, or two writes have the same item.
    """
    located: list[tuple[str, Table, OrderKey, Write, Request]] = []
    seen: set[tuple[int, OrderKey]] = set()
    for name, writes in batch.writes.items():
        table = door.table(name)
        for write, request in zip(writes, batch.request["RequestItems"][name], strict=True):
            key = write.locate(table)
            if (id(table), key) in seen:
                raise ValidationError(messages.DUPLICATE_KEYS_IN_BATCH)
            seen.add((id(table), key))
            located.append((name, table, key, write, request))
    return located
