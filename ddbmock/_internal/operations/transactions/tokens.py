"""Client tokens: a transaction that is repeated with its token is not executed again.

https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/transaction-apis.html#transaction-apis-txwriteitems
"""

from __future__ import annotations

import marshal
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from ddbmock._internal import limits
from ddbmock._internal.errors import IdempotentParameterMismatchError
from ddbmock._internal.messages import items as messages

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ddbmock._internal.access.door import Door
    from ddbmock._internal.engine.backend import Region
    from ddbmock._internal.engine.changes import Change
    from ddbmock._internal.engine.store import Collection
    from ddbmock._internal.engine.table import Table


@dataclass(frozen=True, slots=True)
class TransactionToken:
    """A transaction that was executed with a client token."""

    #: Its actions, packed by `pack`.
    actions: bytes
    expires_at: float
    #: Table name and item size of each action, as a replay is charged for reads of them.
    read_bytes: tuple[tuple[str, int], ...]


def pack(actions: Any) -> bytes:
    """Return the actions of a transaction as they were sent, before they are made canonical."""
    # Version 2 has no references, so that equal actions give equal bytes.
    return marshal.dumps(actions, 2)


def find_token(region: Region, token: str) -> TransactionToken | None:
    """Return the transaction of a token, None when it is new or has expired."""
    remembered = region.store.of(TransactionToken).records.get(token)
    if remembered is None or remembered.expires_at <= region.backend.clock.seconds():
        return None
    return remembered


def remember(
    region: Region, token: str, actions: bytes, changes: Sequence[tuple[Table, Change]]
) -> None:
    """Remember an executed transaction, for as long as its token is valid."""
    now = region.backend.clock.seconds()
    expires_at = now + limits.IDEMPOTENCY_WINDOW_SECONDS
    sizes = tuple([(table.name, change.written_bytes) for table, change in changes])
    tokens = region.store.of(TransactionToken)
    tokens.put(token, TransactionToken(actions, expires_at, sizes))
    _forget_expired(tokens, now)


def _forget_expired(tokens: Collection[TransactionToken], now: float) -> None:
    """Drop expired tokens; the oldest come first."""
    while tokens.records:
        oldest = next(iter(tokens.records))
        if tokens.records[oldest].expires_at > now:
            break
        tokens.remove(oldest)


def replay(door: Door, remembered: TransactionToken, actions: bytes) -> None:
    """Charge a repeated transaction, as a read of what it wrote.

    Raises:
        IdempotentParameterMismatchError: Its actions differ.
    """
    # The order of members does not matter, so different bytes may mean the same.
    if remembered.actions != actions and _unpack(remembered.actions) != _unpack(actions):
        raise IdempotentParameterMismatchError(messages.IDEMPOTENT_MISMATCH)
    door.charge_replay(remembered.read_bytes)


def _unpack(packed: bytes) -> object:
    return marshal.loads(packed)  # noqa: S302 (our own)
