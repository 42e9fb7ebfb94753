"""TransactGetItems."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ddbmock._internal.access.gets import TRANSACT_READ, Get, read_get, selected
from ddbmock._internal.access.intent import Intent
from ddbmock._internal.access.item_keys import order_key_of
from ddbmock._internal.access.operation import Capacity, Items, Plane
from ddbmock._internal.operations.registry import operation
from ddbmock._internal.operations.replicas.groups import check_transactions
from ddbmock._internal.operations.transactions.cancellation import (
    attempt,
    cancelled,
    check_distinct,
    check_total_size,
)

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ddbmock._internal.access.door import Door
    from ddbmock._internal.access.intent import Request, Response
    from ddbmock._internal.engine.items import StoredItem
    from ddbmock._internal.engine.keys import OrderKey
    from ddbmock._internal.engine.table import Table


class TransactGet(Intent):
    """The reads of a transaction."""

    __slots__ = ("gets",)

    def __init__(self, request: Request, gets: Sequence[Get]) -> None:
        self.request = request
        self.gets: Sequence[Get] = gets

    @property
    def actions(self) -> Sequence[Get]:
        """The reads."""
        return self.gets


def read_transact_get(request: Request) -> TransactGet:
    """Return the intent of a TransactGetItems."""
    actions = request["TransactItems"]
    return TransactGet(request, [read_get(action["Get"], TRANSACT_READ) for action in actions])


@operation(
    "TransactGetItems",
    plane=Plane.DATA,
    is_transaction=True,
    read=read_transact_get,
    capacity=Capacity.READS,
    items=Items.EACH,
    iam_action=None,
)
def transact_get_items(intent: TransactGet, door: Door) -> Response:
    """Return up to 100 items of one moment.

    https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_TransactGetItems.html
    """
    door.is_transactional = True
    gets = intent.gets
    tables = [door.table(get.table_name) for get in gets]
    check_transactions(door.region, tables)
    keys: list[OrderKey] = []
    reasons = [
        attempt(keys, order_key_of, table, get.key_item)
        for table, get in zip(tables, gets, strict=True)
    ]
    if len(keys) < len(gets):
        raise cancelled(reasons)
    located = list(zip(tables, keys, strict=True))
    check_distinct(located)
    found = read_together(door, located)
    return {"Responses": [_response(get, stored) for get, stored in zip(gets, found, strict=True)]}


def read_together(door: Door, located: Sequence[tuple[Table, OrderKey]]) -> list[StoredItem | None]:
    """Return the items of a transaction, and charge them together.

    Raises:
        ValidationError: They have more than 4 MB.
    """
    found = [door.stored(table, key) for table, key in located]
    check_total_size([0 if stored is None else stored.size_bytes for stored in found])
    door.charge_reads(located, found)
    return found


def _response(get: Get, stored: StoredItem | None) -> Response:
    if stored is None:
        return {}
    item = selected(stored, get.projection)
    # Unlike in GetItem, an empty projection is returned like an item that does not exist.
    return {"Item": item} if item or get.projection is None else {}
