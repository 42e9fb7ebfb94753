"""Shard iterators: opaque texts for a position in a shard.

https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_streams_GetShardIterator.html
"""

from __future__ import annotations

import base64
import json
from typing import NamedTuple

from ddbmock._internal.errors import ValidationError
from ddbmock._internal.messages import streams as messages


class ShardIterator(NamedTuple):
    """A position in a shard, and when the iterator was issued."""

    arn: str
    shard_id: str
    #: The first record to be read.
    sequence: int
    at_seconds: float

    def text(self) -> str:
        """Return the iterator in the API's form: the stream's ARN and an opaque part."""
        position = json.dumps([self.shard_id, self.sequence, self.at_seconds]).encode()
        # As long as the service's, and without a meaning that a program could rely on.
        opaque = base64.b64encode(bytes(7) + bytes([1]) + obfuscate(position.ljust(132)))
        return f"{self.arn}|1|{opaque.decode()}"

    @classmethod
    def of(cls, text: str) -> ShardIterator:
        """Return the iterator that a request names.

        Raises:
            ValidationError: The service has not issued it.
        """
        arn, _, opaque = text.partition("|1|")
        try:
            position = json.loads(obfuscate(base64.b64decode(opaque, validate=True)[8:]))
            shard_id, sequence, at_seconds = position
            return cls(arn, str(shard_id), int(sequence), float(at_seconds))
        except (ValueError, TypeError, OverflowError, RecursionError):
            raise ValidationError(messages.SHARD_ITERATOR_INVALID) from None


def obfuscate(text: bytes) -> bytes:
    """Return obfuscated bytes; applied twice, it returns the text itself."""
    return bytes(byte ^ (position * 151 + 89) % 256 for position, byte in enumerate(text))
