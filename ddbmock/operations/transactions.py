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
from ddbmock.engine.capacity import read_units
from ddbmock.errors import (
    ConditionalCheckFailedError,
    IdempotentParameterMismatchError,
    ServiceError,
    TransactionCanceledError,
    ValidationError,
)
from ddbmock.operations.capacity import add_write
from ddbmock.operations.items import collection_metrics, read_get
from ddbmock.operations.lookup import find_table, order_key_of
from ddbmock.operations.registry import Call, Request, Response, operation
from ddbmock.operations.writes import (
    ConditionCheck,
    Write,
    read_condition_check,
    read_delete,
    read_put,
    read_update,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from ddbmock.engine.items import Change, StoredItem
    from ddbmock.engine.world import Region

_READERS: dict[str, Callable[[Mapping[str, Any]], Write]] = {
    "ConditionCheck": read_condition_check,
    "Put": read_put,
    "Delete": read_delete,
    "Update": read_update,
}
Reason = dict[str, Any]
_NO_REASON: Reason = {"Code": "None"}


@dataclass(frozen=True, slots=True)
class _Token:
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
        remembered = _remembered(region, token)
        if remembered is not None:
            return _replay(call, remembered, actions)
    changes = _evaluate(call, writes)
    for write, change in zip(writes, changes, strict=True):
        write.table.apply(change)
        add_write(call.consumed_of(write.table.name), change, transactional=True)
    if token is not None:
        _remember(region, token, actions, writes, changes)
    return _write_response(request, writes, changes)


def _read_action(action: Request) -> Write:
    given = [name for name, content in action.items() if content is not None and name in _READERS]
    if len(given) != 1:
        raise ValidationError(messages.TRANSACTION_ACTION_COUNT)
    return _READERS[given[0]](action[given[0]])


def _evaluate(call: Call, writes: list[Write]) -> list[Change]:
    """Return the changes of all writes, or raise with the reason of each that cannot be done."""
    for write in writes:
        find_table(call.region, write.table_name)
    reasons = [_attempt(lambda write=write: write.resolve(call.region)) for write in writes]
    if all(reason is _NO_REASON for reason in reasons):
        if len({(write.table.name, write.key) for write in writes}) < len(writes):
            raise ValidationError(messages.TRANSACTION_REPEATS_ITEM)
        changes: list[Change] = []
        reasons = [
            _attempt(lambda write=write: changes.append(write.evaluate())) for write in writes
        ]
        if len(changes) == len(writes):
            return changes
    codes = [reason["Code"] for reason in reasons]
    raise TransactionCanceledError(
        messages.transaction_cancelled(codes), CancellationReasons=reasons
    )


def _attempt(step: Callable[[], object]) -> Reason:
    try:
        step()
    except ConditionalCheckFailedError as error:
        return {
            **error.members,
            "Code": "ConditionalCheckFailed",
            "Message": error.message,
        }
    except ValidationError as error:
        return {"Code": "ValidationError", "Message": error.message}
    return _NO_REASON


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


def _remembered(region: Region, token: str) -> _Token | None:
    tokens: dict[str, _Token] = region.transaction_tokens
    now = region.world.clock.seconds()
    # The oldest come first, so each token is looked at once more at most.
    while tokens:
        oldest = next(iter(tokens))
        if tokens[oldest].expires_at > now:
            break
        del tokens[oldest]
    return tokens.get(token)


def _remember(
    region: Region, token: str, actions: bytes, writes: list[Write], changes: list[Change]
) -> None:
    expires_at = region.world.clock.seconds() + limits.IDEMPOTENCY_WINDOW_SECONDS
    sizes = tuple(
        (write.table.name, change.written_bytes)
        for write, change in zip(writes, changes, strict=True)
    )
    region.transaction_tokens[token] = _Token(actions, expires_at, sizes)
    journal = region.world.journal
    if journal.recording:
        journal.record(region.transaction_tokens.pop, token, None)


def _replay(call: Call, remembered: _Token, actions: bytes) -> Response:
    if remembered.actions != actions and marshal.loads(remembered.actions) != marshal.loads(
        actions
    ):
        raise IdempotentParameterMismatchError(messages.IDEMPOTENT_MISMATCH)
    for table_name, size_bytes in remembered.read_bytes:
        consumed = call.consumed_of(table_name)
        consumed.read_units += read_units(size_bytes, transactional=True)
    return {}


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
    keys: list[Any] = []
    reasons = [
        _attempt(lambda table=table, key=key: keys.append(order_key_of(table, key)))
        for table, (key, _) in zip(tables, read, strict=True)
    ]
    if len(keys) < len(gets):
        codes = [reason["Code"] for reason in reasons]
        raise TransactionCanceledError(
            messages.transaction_cancelled(codes), CancellationReasons=reasons
        )
    if len({(table.name, key) for table, key in zip(tables, keys, strict=True)}) < len(gets):
        raise ValidationError(messages.TRANSACTION_REPEATS_ITEM)
    responses: list[Response] = []
    for table, key, (_, projection) in zip(tables, keys, read, strict=True):
        stored: StoredItem | None = table.items.get(key)
        size_bytes = 0 if stored is None else stored.size_bytes
        consumed = call.consumed_of(table.name)
        consumed.read_units += read_units(size_bytes, transactional=True)
        if stored is None:
            responses.append({})
        else:
            item = stored.load()
            responses.append({"Item": item if projection is None else projection.apply(item)})
    return {"Responses": responses}
