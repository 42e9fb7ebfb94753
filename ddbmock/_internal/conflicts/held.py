"""The items of open transactions and writes, and the outcome of calls on them.

| call | on an item of a transaction | on an item of a single write |
|---|---|---|
| PutItem, UpdateItem, DeleteItem, a statement that writes | TransactionConflictException | passes |
| a member of a batch that writes | is left unprocessed | passes |
| a transaction, reading or writing | is cancelled: TransactionConflict | the same |
| any other read | passes | passes |

The service's outcome for members of a BatchWriteItem is not recorded: here they are left
unprocessed, and a batch without any other member fails.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ddbmock._internal import arns
from ddbmock._internal.access.operation import Plane
from ddbmock._internal.access.throttling import is_write
from ddbmock._internal.errors import (
    ServiceError,
    ThrottledError,
    TransactionConflictError,
    TransactionInProgressError,
)
from ddbmock._internal.messages import throttling as messages
from ddbmock._internal.operations.transactions.cancellation import NO_REASON, cancelled
from ddbmock._internal.operations.transactions.tokens import REPORTED

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from ddbmock._internal.access.call import Call
    from ddbmock._internal.access.door import Touch
    from ddbmock._internal.access.intent import Intent
    from ddbmock._internal.engine.keys import OrderKey
    from ddbmock._internal.engine.table import Table

_REASON = {"Code": "TransactionConflict", "Message": messages.TRANSACTION_CONFLICT}


class UnprocessedConflictError(TransactionConflictError, ThrottledError):
    """A member of a batch conflicts with a transaction, and is left unprocessed."""


class Held:
    """The items that one transaction or write holds while it is open.

    Args:
        items: The items, by table and key.
        token: The client token of a transaction.
        is_transaction: Whether single writes conflict with it.
    """

    def __init__(
        self, items: set[tuple[Table, OrderKey]], token: str | None, *, is_transaction: bool
    ) -> None:
        self.items = items
        self._token = token
        self._is_transaction = is_transaction
        #: The reporting parameters of a request with the same token.
        self.reported: dict[str, str] = {}

    def meet(self, call: Call) -> None:
        """Refuse a call that conflicts; a stage of the phase BEFORE.

        Raises:
            ServiceError: The call has an item that is held.
        """
        operation, intent = call.operation, call.intent
        if operation.plane is not Plane.DATA or intent is None or call.is_within_block:
            return
        if operation.is_transaction:
            if self._token is not None and call.request.get("ClientRequestToken") == self._token:
                wanted = call.request
                self.reported = {name: wanted[name] for name in REPORTED if name in wanted}
                raise TransactionInProgressError(messages.TRANSACTION_IN_PROGRESS)
            met = [self._is_about(call, action) for action in intent.actions]
            if any(met):
                raise cancelled([_REASON if one else NO_REASON for one in met])
        elif self._is_transaction:
            if operation.is_batch:
                call.door.hooks.admit(self._admit)
            elif any(
                is_write(action) and self._is_about(call, action) for action in intent.actions
            ):
                raise TransactionConflictError(messages.TRANSACTION_CONFLICT)

    def _is_about(self, call: Call, action: Intent) -> bool:
        return any(item in self.items for item in items_of(call, action))

    def _admit(self, touches: Sequence[Touch]) -> None:
        for touch in touches:
            table = touch.source.table
            if touch.write_units and any((table, key) in self.items for key in touch.keys):
                raise UnprocessedConflictError(messages.TRANSACTION_CONFLICT)


def items_of(call: Call, action: Intent) -> Iterator[tuple[Table, OrderKey]]:
    """Yield the items whose complete keys are in an action."""
    if action.table_name is None:
        return
    table = call.region.tables.get(arns.table_name_of(action.table_name))
    if table is None:
        return
    try:
        keys = action.keys(table.key_schema)
    except ServiceError:  # the operation will say so
        return
    for key in keys:
        order_key = table.key_schema.order_key(key)
        if order_key is not None:
            yield table, order_key
