"""Client tokens: a transaction that is repeated with its token is not executed again.

Which requests are equal was observed: the order of members, the form of a number, a blank after a
statement and an explicit NONE make no difference, anything else does, even what the response is to
report. A cancelled transaction is executed anew when it is repeated, and keeps its token.

https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/transaction-apis.html#transaction-apis-txwriteitems
"""

from __future__ import annotations

import marshal
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from ddbmock._internal import limits
from ddbmock._internal.engine.numbers import canonical
from ddbmock._internal.errors import IdempotentParameterMismatchError
from ddbmock._internal.messages import items as messages

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ddbmock._internal.access.door import Door
    from ddbmock._internal.access.intent import Request
    from ddbmock._internal.engine.backend import Region
    from ddbmock._internal.engine.changes import Change
    from ddbmock._internal.engine.store import Collection
    from ddbmock._internal.engine.table import Table


#: The parameters of a transaction beside its actions that belong to the request of a token.
REPORTED = ("ReturnConsumedCapacity", "ReturnItemCollectionMetrics")


@dataclass(frozen=True, slots=True)
class TransactionToken:
    """A transaction that had a client token."""

    #: Its request, packed by `pack`.
    packed: bytes
    expires_at: float
    #: Table name and item size of each action, as a replay is charged for reads of them; None if
    #: the transaction was cancelled.
    read_bytes: tuple[tuple[str, int], ...] | None


def pack(request: Request, actions_member: str) -> bytes:
    """Return a transaction as it was sent, before its values are made canonical."""
    reported = [request.get(name, "NONE") for name in REPORTED]
    # Version 2 has no references, so that equal requests give equal bytes.
    return marshal.dumps((request[actions_member], reported), 2)


def find_token(region: Region, token: str) -> TransactionToken | None:
    """Return the transaction of a token, None when it is new or has expired."""
    remembered = region.store.of(TransactionToken).records.get(token)
    if remembered is None or remembered.expires_at <= region.backend.clock.seconds():
        return None
    return remembered


def remember(
    region: Region, token: str, packed: bytes, changes: Sequence[tuple[Table, Change]] | None
) -> None:
    """Remember a transaction while its token is valid: its changes, None if it was cancelled."""
    now = region.backend.clock.seconds()
    expires_at = now + limits.IDEMPOTENCY_WINDOW_SECONDS
    sizes = None
    if changes is not None:
        sizes = tuple([(table.name, change.written_bytes) for table, change in changes])
    tokens = region.store.of(TransactionToken)
    if token in tokens.records:  # the newest comes last
        tokens.remove(token)
    tokens.put(token, TransactionToken(packed, expires_at, sizes))
    _forget_expired(tokens, now)


def _forget_expired(tokens: Collection[TransactionToken], now: float) -> None:
    """Drop expired tokens; the oldest come first."""
    while tokens.records:
        oldest = next(iter(tokens.records))
        if tokens.records[oldest].expires_at > now:
            break
        tokens.remove(oldest)


def is_replay(door: Door, remembered: TransactionToken, packed: bytes) -> bool:
    """Return whether a transaction was executed before; it is charged as a read of what it wrote.

    Raises:
        IdempotentParameterMismatchError: The token belongs to another request.
    """
    if remembered.packed != packed and _unpack(remembered.packed) != _unpack(packed):
        raise IdempotentParameterMismatchError(messages.IDEMPOTENT_MISMATCH)
    if remembered.read_bytes is None:
        return False
    door.charge_replay(remembered.read_bytes)
    return True


def _unpack(packed: bytes) -> object:
    """Return a request in a form that is the same for all equal requests."""
    return _canonical_member("", marshal.loads(packed))  # noqa: S302 (our own)


def _canonical_member(name: str, value: Any) -> Any:
    if isinstance(value, dict):
        return {
            inner: _canonical_member(inner, each)
            for inner, each in value.items()
            if (inner, each) != ("ReturnValuesOnConditionCheckFailure", "NONE")
        }
    if isinstance(value, list | tuple):
        return [_canonical_member("N" if name == "NS" else "", each) for each in value]
    if name == "N":
        return canonical(value)
    return value.rstrip() if name == "Statement" else value
