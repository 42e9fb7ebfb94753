"""Cancellation of transactions: a reason for each action.

https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_CancellationReason.html
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeVar

from ddbmock._internal import limits
from ddbmock._internal.errors import (
    ConditionalCheckFailedError,
    DuplicateItemError,
    EmptyKeyValueError,
    TransactionCanceledError,
    ValidationError,
)
from ddbmock._internal.messages import items as messages

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from ddbmock._internal.access.door import CollectionTooLargeError, Door
    from ddbmock._internal.access.writes import Write
    from ddbmock._internal.engine.changes import Change
    from ddbmock._internal.engine.keys import OrderKey
    from ddbmock._internal.engine.table import Table

Reason = dict[str, Any]
NO_REASON: Reason = {"Code": "None"}
T = TypeVar("T")
#: Observed: with these reasons alone, each existing item is charged as a write; else none is.
_CHARGED_REASONS = frozenset({"ConditionalCheckFailed", "DuplicateItem", "None"})


def cancelled(reasons: Sequence[Reason]) -> TransactionCanceledError:
    """Return the error of a cancelled transaction."""
    codes = [reason["Code"] for reason in reasons]
    return TransactionCanceledError(
        messages.transaction_cancelled(codes), CancellationReasons=list(reasons)
    )


def collection_too_large(error: CollectionTooLargeError, count: int) -> TransactionCanceledError:
    """Return the error of a transaction of which one action makes an item collection too large."""
    reasons = [NO_REASON] * count
    reasons[error.number] = {
        "Code": "ItemCollectionSizeLimitExceeded",
        "Message": error.message,
    }
    return cancelled(reasons)


def attempt(results: list[T], step: Callable[..., T], *arguments: Any) -> Reason:
    """Add the result of a step to the results, and return the cancellation reason if it fails.

    Raises:
        EmptyKeyValueError: A key value is empty, for which the complete request is refused.
    """
    try:
        results.append(step(*arguments))
    except ConditionalCheckFailedError as error:
        return {**error.members, "Code": "ConditionalCheckFailed", "Message": error.message}
    except DuplicateItemError as error:
        return {"Code": "DuplicateItem", "Message": error.message}
    except EmptyKeyValueError:
        raise
    except ValidationError as error:
        return {"Code": "ValidationError", "Message": error.legacy_message}
    return NO_REASON


def check_distinct(located: Sequence[tuple[Table, OrderKey]]) -> None:
    """Refuse a transaction that names an item twice."""
    if len({(table.name, key) for table, key in located}) < len(located):
        raise ValidationError(messages.TRANSACTION_REPEATS_ITEM)


def check_payload(writes: Sequence[Write]) -> None:
    """Refuse writes that send more than 4 MB; the sizes of stored items do not count.

    How the service counts the bytes is not recorded: here they are counted as those of items.
    """
    payload_bytes = sum([write.payload_bytes for write in writes])
    if payload_bytes > limits.TRANSACTION_BYTES_MAX:
        raise ValidationError(messages.payload_too_large(payload_bytes))


def check_total_size(sizes: Sequence[int]) -> None:
    """Refuse reads of more than 4 MB."""
    if sum(sizes) > limits.TRANSACTION_BYTES_MAX:
        raise ValidationError(messages.TRANSACTION_TOO_LARGE)


def changes_of(
    door: Door, writes: Sequence[Write], located: Sequence[tuple[Table, OrderKey]]
) -> list[tuple[Table, Change]]:
    """Return the changes of writes whose keys are known, without committing them.

    Raises:
        ValidationError: Two writes have the same item.
        TransactionCanceledError: Some cannot be executed.
    """
    check_distinct(located)
    changes: list[Change] = []
    met = [door.stored(table, key) for table, key in located]
    reasons = [
        attempt(changes, write.evaluate, table, key, old)
        for write, (table, key), old in zip(writes, located, met, strict=True)
    ]
    if len(changes) < len(writes):
        if _CHARGED_REASONS.issuperset(reason["Code"] for reason in reasons):
            door.charge_cancelled(located, [old.size_bytes if old else 0 for old in met])
        raise cancelled(reasons)
    return [(table, change) for (table, _), change in zip(located, changes, strict=True)]
