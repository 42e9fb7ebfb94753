"""The interface of Kinesis data streams to the engine: destinations of records."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple, Protocol

if TYPE_CHECKING:
    from collections.abc import Sequence


class KinesisRecord(NamedTuple):
    """A record, as PutRecords takes it."""

    data: bytes
    partition_key: str


class KinesisStreams(Protocol):
    """The Kinesis data streams of a mock."""

    #: The target that the test gives; None for whatever answers clients of Kinesis.
    target: Any
    #: ARN of a stream -> the contents of its records, oldest first.
    records: dict[str, list[dict[str, Any]]]

    def problem(self, stream_arn: str) -> str | None:
        """Return why a stream cannot be a destination, None if it can."""

    def put(self, stream_arn: str, records: Sequence[KinesisRecord]) -> None:
        """Put records into a stream; if it no longer exists, they are lost."""
