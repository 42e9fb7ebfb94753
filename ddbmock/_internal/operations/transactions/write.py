"""TransactWriteItems.

Every action is read before any table is looked up, every condition is checked before anything is
written.
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from ddbmock._internal.access.door import CollectionTooLargeError
from ddbmock._internal.access.intent import Intent
from ddbmock._internal.access.operation import Capacity, Plane
from ddbmock._internal.access.writes import (
    TRANSACT_PUT_OR_DELETE,
    TRANSACT_UPDATE,
    ConditionCheck,
    Put,
    Write,
    read_condition_check,
    read_delete,
    read_put,
    read_update,
)
from ddbmock._internal.engine.values import (
    AttributeValue,
    InvalidValueError,
    Item,
    NestingTooDeepError,
    normalize_value,
)
from ddbmock._internal.errors import TransactionCanceledError, ValidationError
from ddbmock._internal.messages import items as item_messages
from ddbmock._internal.messages import values as value_messages
from ddbmock._internal.operations.item_collections import metrics_by_table
from ddbmock._internal.operations.registry import operation
from ddbmock._internal.operations.replicas.groups import check_transactions
from ddbmock._internal.operations.transactions import tokens
from ddbmock._internal.operations.transactions.cancellation import (
    NO_REASON,
    attempt,
    cancelled,
    changes_of,
    check_payload,
    collection_too_large,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from ddbmock._internal.access.door import Door
    from ddbmock._internal.access.intent import Request, Response
    from ddbmock._internal.engine.changes import Change
    from ddbmock._internal.engine.keys import OrderKey
    from ddbmock._internal.engine.table import Table


def _read_put(request: Request) -> Put:
    """Return a Put; the service reports some errors of names and depth before others."""
    try:
        return read_put(request, TRANSACT_PUT_OR_DELETE)
    except InvalidValueError as error:
        raise _first_error(request["Item"], error) from None


def _first_error(item: Item, error: InvalidValueError) -> InvalidValueError:
    """Return the error of an empty name, else that of the depth, else any other."""
    if "" in item:
        return InvalidValueError(value_messages.ATTRIBUTE_NAME_EMPTY)
    too_deep = filter(None, map(_depth_error, item.values()))
    return next(too_deep, error)


def _depth_error(value: AttributeValue) -> InvalidValueError | None:
    try:
        normalize_value(value)
    except NestingTooDeepError as error:
        return error
    except InvalidValueError:
        pass
    return None


_READERS: dict[str, Callable[[Request], Write]] = {
    "ConditionCheck": partial(read_condition_check, parameters=TRANSACT_PUT_OR_DELETE),
    "Put": _read_put,
    "Delete": partial(read_delete, parameters=TRANSACT_PUT_OR_DELETE),
    "Update": partial(read_update, parameters=TRANSACT_UPDATE),
}


class TransactWrite(Intent):
    """The writes and condition checks of a transaction."""

    __slots__ = ("packed", "token", "writes")

    def __init__(
        self, request: Request, writes: Sequence[Write], token: str | None, packed: bytes
    ) -> None:
        self.request = request
        self.writes: Sequence[Write] = writes
        #: The ClientRequestToken, and the request to be remembered with it.
        self.token: str | None = token
        self.packed: bytes = packed

    @property
    def actions(self) -> Sequence[Write]:
        """The writes."""
        return self.writes


def read_transact_write(request: Request) -> TransactWrite:
    """Return the intent of a TransactWriteItems."""
    token: str | None = request.get("ClientRequestToken")
    packed = tokens.pack(request, "TransactItems") if token is not None else b""
    writes = [_read_action(action) for action in request["TransactItems"]]
    check_payload(writes)
    return TransactWrite(request, writes, token, packed)


def _read_action(action: Request) -> Write:
    if len(action) == 1:  # as it should be
        ((name, content),) = action.items()
        if content is not None and name in _READERS:
            return _READERS[name](content)
    given = [name for name, content in action.items() if content is not None and name in _READERS]
    if not given:
        raise ValidationError(item_messages.TRANSACTION_WITHOUT_ACTION)
    if len(given) > 1:
        raise ValidationError(item_messages.TRANSACTION_ACTION_COUNT)
    return _READERS[given[0]](action[given[0]])


@operation(
    "TransactWriteItems",
    plane=Plane.DATA,
    is_transaction=True,
    read=read_transact_write,
    capacity=Capacity.WRITES,
    iam_action=None,
)
def transact_write_items(intent: TransactWrite, door: Door) -> Response:
    """Execute up to 100 writes and condition checks, all of them or none.

    https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_TransactWriteItems.html
    """
    door.is_transactional = True
    token = intent.token
    if token is not None:
        remembered = tokens.find_token(door.region, token)
        if remembered is not None and tokens.is_replay(door, remembered, intent.packed):
            return {}
    try:
        changes = plan(intent, door)
        try:
            door.commit(changes)
        except CollectionTooLargeError as error:
            raise collection_too_large(error, len(changes)) from None
    except TransactionCanceledError:
        if token is not None:
            tokens.remember(door.region, token, intent.packed, None)
        raise
    if token is not None:
        tokens.remember(door.region, token, intent.packed, changes)
    return _response(intent, changes)


def plan(intent: TransactWrite, door: Door) -> list[tuple[Table, Change]]:
    """Return the changes of a transaction, without committing them.

    Raises:
        ServiceError: It cannot be executed; of keys that do not fit, only the first has a reason.
    """
    writes = intent.writes
    tables = [door.table(write.table_name) for write in writes]
    check_transactions(door.region, tables)
    keys: list[OrderKey] = []
    reasons = [
        attempt(keys, write.locate, table) for write, table in zip(writes, tables, strict=True)
    ]
    if len(keys) < len(writes):
        only_first = [NO_REASON] * len(writes)
        position = next(at for at, reason in enumerate(reasons) if reason is not NO_REASON)
        only_first[position] = reasons[position]
        raise cancelled(only_first)
    return changes_of(door, writes, list(zip(tables, keys, strict=True)))


def _response(intent: TransactWrite, changes: Sequence[tuple[Table, Change]]) -> Response:
    if intent.request.get("ReturnItemCollectionMetrics") != "SIZE":
        return {}
    metrics = metrics_by_table(
        (write.table_name, table, change)
        for write, (table, change) in zip(intent.writes, changes, strict=True)
        if not isinstance(write, ConditionCheck)
    )
    return {"ItemCollectionMetrics": metrics} if metrics else {}
