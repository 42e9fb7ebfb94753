"""TransactWriteItems and TransactGetItems: all or nothing.

Every action is read before any table is looked up, every condition is checked before anything is
written.

https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/transaction-apis.html
"""

from __future__ import annotations

import marshal
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from ddbmock import limits, messages
from ddbmock.access.accounting import add_write
from ddbmock.access.lookup import find_table, order_key_of
from ddbmock.access.writes import (
    ConditionCheck,
    Write,
    read_condition_check,
    read_delete,
    read_put,
    read_update,
)
from ddbmock.engine.capacity import read_units
from ddbmock.errors import (
    ConditionalCheckFailedError,
    DuplicateItemError,
    IdempotentParameterMismatchError,
    TransactionCanceledError,
    ValidationError,
)
from ddbmock.operations.items import collection_metrics, read_get
from ddbmock.operations.registry import operation

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from ddbmock.access.call import Call, Request, Response
    from ddbmock.engine.changes import Change
    from ddbmock.engine.items import StoredItem
    from ddbmock.engine.keys import OrderKey
    from ddbmock.engine.region import Region
    from ddbmock.engine.table import Table
    from ddbmock.engine.values import Item
    from ddbmock.expressions import Projection

_READERS: dict[str, Callable[[Mapping[str, Any]], Write]] = {
    "ConditionCheck": read_condition_check,
    "Put": read_put,
    "Delete": read_delete,
    "Update": read_update,
}
Reason = dict[str, Any]
NO_REASON: Reason = {"Code": "None"}


@dataclass(frozen=True, slots=True)
class TransactionToken:
    """What is remembered of a transaction that had a client token."""

    actions: bytes
    expires_at: float
    #: Table name and item size of each action: what a replay reads.
    read_bytes: tuple[tuple[str, int], ...]


@operation(
    "TransactWriteItems",
    "TransactItems ReturnConsumedCapacity ReturnItemCollectionMetrics ClientRequestToken",
)
def transact_write_items(call: Call) -> Response:
    """Do up to 100 writes and condition checks, all of them or none.

    https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_TransactWriteItems.html
    """
    request, region = call.request, call.region
    call.transactional = True
    token: str | None = request.get("ClientRequestToken")
    # Without references in the record, so that equal requests have equal records.
    actions = marshal.dumps(request["TransactItems"], 2) if token is not None else b""
    writes = [_read_action(action) for action in request["TransactItems"]]
    if token is not None:
        remembered = remembered_transaction(region, token)
        if remembered is not None:
            return replay(call, remembered, actions)
    changes = _evaluate(call, writes)
    commit(call, writes, changes)
    for write, change in zip(writes, changes, strict=True):
        add_write(call.consumed_of(write.table.name), change, transactional=True)
    if token is not None:
        remember_transaction(region, token, actions, writes, changes)
    return _write_response(request, writes, changes)


def commit(call: Call, writes: list[Write], changes: list[Change]) -> None:
    """Write the changes of a transaction, all of them or none."""
    tables = [write.table for write in writes]
    call.region.backend.commit(list(zip(tables, changes, strict=True)))


def _read_action(action: Request) -> Write:
    given = [name for name, content in action.items() if content is not None and name in _READERS]
    if not given:
        raise ValidationError(messages.TRANSACTION_WITHOUT_ACTION)
    if len(given) > 1:
        raise ValidationError(messages.TRANSACTION_ACTION_COUNT)
    return _READERS[given[0]](action[given[0]])


def _evaluate(call: Call, writes: list[Write]) -> list[Change]:
    """Return the changes of all writes, or raise with the reason of each that cannot be done."""
    for write in writes:
        find_table(call.region, write.table_name)
    reasons = [attempt(write.resolve, call.region) for write in writes]
    for position, reason in enumerate(reasons):
        if reason is not NO_REASON:
            # Of keys that do not fit, only the first is told.
            told = [NO_REASON] * len(writes)
            told[position] = reason
            raise cancelled(told)
    return changes_of(writes)


def changes_of(writes: list[Write]) -> list[Change]:
    """Return the changes of writes whose places are known, or raise as the service does."""
    if len({(write.table.name, write.key) for write in writes}) < len(writes):
        raise ValidationError(messages.TRANSACTION_REPEATS_ITEM)
    changes: list[Change] = []
    reasons = [attempt(_add_change, write, changes) for write in writes]
    if len(changes) < len(writes):
        raise cancelled(reasons)
    check_total_size([change.written_bytes for change in changes])
    return changes


def _add_change(write: Write, changes: list[Change]) -> None:
    changes.append(write.evaluate())


def check_total_size(sizes: list[int]) -> None:
    """Refuse a transaction of more than 4 MB."""
    if sum(sizes) > limits.TRANSACTION_BYTES_MAX:
        raise ValidationError(messages.TRANSACTION_TOO_LARGE)


def cancelled(reasons: list[Reason]) -> TransactionCanceledError:
    """Return the error of a transaction that is not done."""
    codes = [reason["Code"] for reason in reasons]
    return TransactionCanceledError(
        messages.transaction_cancelled(codes), CancellationReasons=reasons
    )


def attempt(step: Callable[..., object], *arguments: object) -> Reason:
    """Return why a step cannot be done; an empty key value fails the whole request at once."""
    try:
        step(*arguments)
    except ConditionalCheckFailedError as error:
        return {
            **error.members,
            "Code": "ConditionalCheckFailed",
            "Message": error.message,
        }
    except DuplicateItemError as error:
        return {"Code": "DuplicateItem", "Message": error.message}
    except ValidationError as error:
        if error.message.startswith(messages.EMPTY_KEY):
            raise
        return {"Code": "ValidationError", "Message": error.message}
    return NO_REASON


def _write_response(request: Request, writes: list[Write], changes: list[Change]) -> Response:
    response: Response = {}
    if request.get("ReturnItemCollectionMetrics") == "SIZE":
        metrics: dict[str, list[dict[str, Any]]] = {}
        for write, change in zip(writes, changes, strict=True):
            collection = collection_metrics(write.table, change)
            if collection is not None and not isinstance(write, ConditionCheck):
                metrics.setdefault(write.table_name, []).append(collection)
        if metrics:
            response["ItemCollectionMetrics"] = metrics
    return response


def remembered_transaction(region: Region, token: str) -> TransactionToken | None:
    """Return what is remembered of a token, None when it is new or forgotten."""
    remembered = region.store.of(TransactionToken).records.get(token)
    if remembered is None or remembered.expires_at <= region.backend.clock.seconds():
        return None
    return remembered


def remember_transaction(
    region: Region, token: str, actions: bytes, writes: list[Write], changes: list[Change]
) -> None:
    """Remember a transaction that was done, for as long as its token counts."""
    expires_at = region.backend.clock.seconds() + limits.IDEMPOTENCY_WINDOW_SECONDS
    sizes = tuple(
        (write.table.name, change.written_bytes)
        for write, change in zip(writes, changes, strict=True)
    )
    region.store.of(TransactionToken).put(token, TransactionToken(actions, expires_at, sizes))
    _forget_expired(region)


def _forget_expired(region: Region) -> None:
    """Drop the tokens that do not count any more; the oldest come first."""
    tokens = region.store.of(TransactionToken)
    now = region.backend.clock.seconds()
    while tokens.records:
        oldest = next(iter(tokens.records))
        if tokens.records[oldest].expires_at > now:
            break
        tokens.remove(oldest)


def replay(call: Call, remembered: TransactionToken, actions: bytes) -> Response:
    """Answer a transaction that was done before: it is charged as a read of what it wrote."""
    # The order of members does not matter, so different records may say the same.
    if remembered.actions != actions and _read(remembered.actions) != _read(actions):
        raise IdempotentParameterMismatchError(messages.IDEMPOTENT_MISMATCH)
    for table_name, size_bytes in remembered.read_bytes:
        consumed = call.consumed_of(table_name)
        consumed.read_units += read_units(size_bytes, transactional=True)
    return {}


def _read(packed: bytes) -> object:
    return marshal.loads(packed)  # noqa: S302 (our own)


@operation(
    "TransactGetItems",
    "TransactItems ReturnConsumedCapacity",
)
def transact_get_items(call: Call) -> Response:
    """Return up to 100 items as they were at one moment.

    https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_TransactGetItems.html
    """
    call.transactional = True
    gets: list[Request] = [action["Get"] for action in call.request["TransactItems"]]
    read = [read_get(get) for get in gets]
    tables = [find_table(call.region, get["TableName"]) for get in gets]
    keys: list[OrderKey] = []
    reasons = [
        attempt(_add_order_key, table, key, keys)
        for table, (key, _) in zip(tables, read, strict=True)
    ]
    if len(keys) < len(gets):
        raise cancelled(reasons)
    if len({(table.name, key) for table, key in zip(tables, keys, strict=True)}) < len(gets):
        raise ValidationError(messages.TRANSACTION_REPEATS_ITEM)
    found: list[StoredItem | None] = [
        table.items.get(key) for table, key in zip(tables, keys, strict=True)
    ]
    sizes = [0 if stored is None else stored.size_bytes for stored in found]
    check_total_size(sizes)
    for table, size_bytes in zip(tables, sizes, strict=True):
        consumed = call.consumed_of(table.name)
        consumed.read_units += read_units(size_bytes, transactional=True)
    return {
        "Responses": [
            _get_response(stored, projection)
            for stored, (_, projection) in zip(found, read, strict=True)
        ]
    }


def _add_order_key(table: Table, key: Item, keys: list[OrderKey]) -> None:
    keys.append(order_key_of(table, key))


def _get_response(stored: StoredItem | None, projection: Projection | None) -> Response:
    if stored is None:
        return {}
    if projection is None:
        return {"Item": stored.load()}
    projected = projection.apply(stored.load())
    # Unlike GetItem, a projection that finds nothing is answered like an item that is not there.
    return {"Item": projected} if projected else {}
