"""NextToken: the position at which a page of a SELECT ended, and a digest of the statement.

It is opaque to the caller, and valid only as it was issued, with the same statement and parameters.
"""

from __future__ import annotations

import json
from base64 import b64decode, b64encode
from hashlib import sha256
from typing import TYPE_CHECKING, Any, NamedTuple

from ddbmock._internal.errors import ValidationError
from ddbmock._internal.messages import partiql as messages

if TYPE_CHECKING:
    from ddbmock._internal.engine.values import AttributeValue, Item


_CHECKSUM_BYTES = 8


class Position(NamedTuple):
    """The query of a statement that the next page begins with, and the last key that it read."""

    branch: int
    #: None at the beginning of a query.
    key: Item | None


def digest_of(statement: str, parameters: list[AttributeValue]) -> str:
    """Return a digest of a statement and its parameters."""
    content = json.dumps([statement, parameters], sort_keys=True, default=bytes.hex)
    return sha256(content.encode()).hexdigest()


def encode_position(position: Position, digest: str) -> str:
    """Return the token for a position.

    >>> decode_position(encode_position(Position(1, {"pk": {"B": b"a"}}), "d"), "d")
    Position(branch=1, key={'pk': {'B': b'a'}})
    """
    content = json.dumps([digest, position.branch, position.key], default=_encode_bytes).encode()
    return b64encode(_checksum(content) + content).decode()


def _checksum(content: bytes) -> bytes:
    return sha256(content).digest()[:_CHECKSUM_BYTES]


def _encode_bytes(content: bytes) -> str:
    return b64encode(content).decode()


def decode_position(token: str, digest: str) -> Position:
    """Return the position in a token, or raise the service's error."""
    try:
        decoded = b64decode(token, validate=True)
    except ValueError:
        raise ValidationError(messages.NEXT_TOKEN_INVALID) from None
    checksum, content = decoded[:_CHECKSUM_BYTES], decoded[_CHECKSUM_BYTES:]
    if checksum != _checksum(content):
        raise ValidationError(messages.NEXT_TOKEN_INVALID)
    token_digest, branch, key = json.loads(content)
    if token_digest != digest:
        raise ValidationError(messages.NEXT_TOKEN_OF_ANOTHER)
    return Position(branch, None if key is None else _decode_key(key))


def _decode_key(key: dict[str, dict[str, Any]]) -> Item:
    return {
        name: {"B": b64decode(value["B"])} if "B" in value else value for name, value in key.items()
    }
