"""Streams: what was written to a table, in order, readable for 24 hours.

https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Streams.html

1. Capture is lean: a record keeps the stored items of a change as they are. Keys and images are
   made when somebody reads.
2. Sequence numbers only grow, also when a backend goes back to an earlier mark: no number and no
   event id ever stands for two records.
3. Old records are dropped when somebody looks or writes, never by a thread of its own.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from hashlib import md5
from itertools import pairwise
from typing import TYPE_CHECKING, Any

from ddbmock import limits, messages
from ddbmock.arns import stream_arn
from ddbmock.engine.keys import HASH_SPACE
from ddbmock.engine.values import item_bytes
from ddbmock.errors import MisuseError
from ddbmock.times import stream_label

if TYPE_CHECKING:
    from ddbmock.engine.backend import Region
    from ddbmock.engine.items import Change, StoredItem
    from ddbmock.engine.journal import Journal
    from ddbmock.engine.keys import OrderKey
    from ddbmock.engine.table import Table

KEYS_ONLY, NEW_IMAGE, OLD_IMAGE = "KEYS_ONLY", "NEW_IMAGE", "OLD_IMAGE"
NEW_AND_OLD_IMAGES = "NEW_AND_OLD_IMAGES"

#: Sequence numbers as they are seen have 27 digits and gaps between them, as the service's have.
_FIRST_SEQUENCE_NUMBER = 100_000_000_000_000_000_000_000_000
_SEQUENCE_STEP = 7_919_000_003


def sequence_number(sequence: int) -> str:
    """Return the number of a record as the API shows it.

    >>> sequence_number(1)
    '100000000000000007919000003'
    """
    return str(_FIRST_SEQUENCE_NUMBER + sequence * _SEQUENCE_STEP)


def sequence_at(number: str) -> int:
    """Return the sequence of the first record whose number is not less than this one.

    >>> sequence_at("100000000000000007919000003"), sequence_at("100000000000000007919000004")
    (1, 2)
    """
    return -((_FIRST_SEQUENCE_NUMBER - int(number)) // _SEQUENCE_STEP)


class StreamRecord:
    """One change of one item, as it was stored."""

    __slots__ = ("at_seconds", "by_service", "key", "new", "old", "sequence")

    def __init__(self, sequence: int, at_seconds: float, change: Change) -> None:
        self.sequence = sequence
        self.at_seconds = at_seconds
        self.key: OrderKey = change.key
        self.old: StoredItem | None = change.old
        self.new: StoredItem | None = change.new
        #: Whether the service itself deleted the item, as it does when its time to live is over.
        self.by_service = change.by_service

    @property
    def event_name(self) -> str:
        """Return what happened to the item."""
        if self.old is None:
            return "INSERT"
        return "REMOVE" if self.new is None else "MODIFY"


def _sequence_of(record: StreamRecord) -> int:
    return record.sequence


def _moment_of(record: StreamRecord) -> float:
    return record.at_seconds


class Shard:
    """A part of a stream: the records of the items in one range of hashes, in order."""

    __slots__ = (
        "closed_at",
        "ending_sequence",
        "first_hash",
        "hash_end",
        "parent_id",
        "records",
        "shard_id",
        "starting_sequence",
        "trimmed_sequence",
    )

    def __init__(
        self,
        shard_id: str,
        parent_id: str | None,
        hashes: range,
        starting_sequence: int,
    ) -> None:
        self.shard_id = shard_id
        self.parent_id = parent_id
        self.first_hash, self.hash_end = hashes.start, hashes.stop
        self.starting_sequence = starting_sequence
        #: None while the shard is open.
        self.ending_sequence: int | None = None
        self.closed_at: float | None = None
        self.records: list[StreamRecord] = []
        #: The newest record that is too old to be read; 0 for none.
        self.trimmed_sequence = 0

    @property
    def is_open(self) -> bool:
        """Return whether records may still come."""
        return self.ending_sequence is None

    def __repr__(self) -> str:
        return f"<shard {self.shard_id}: {len(self.records)} records>"


class Stream:
    """The stream of one table, from the moment it is enabled; it outlives both."""

    def __init__(self, region: Region, table: Table, label: str, view_type: str) -> None:
        self._region = region
        self._journal: Journal = table.journal
        self._clock = region.backend.clock
        self.table_name = table.name
        self.key_schema = table.key_schema
        self.label = label
        self.view_type = view_type
        self.arn = stream_arn(region.arns.table(table.name), label)
        self.created_at = self._clock.seconds()
        #: When the stream was disabled, by itself or with its table; None while it is enabled.
        self.disabled_at: float | None = None
        #: What the next record will be; never taken back.
        self.next_sequence = 1
        self._made_shards = 0
        #: All shards by id, oldest first.
        self.shards: dict[str, Shard] = {}
        self._use_open_shards([])
        step = HASH_SPACE // region.backend.stream_shards
        bounds = [number * step for number in range(region.backend.stream_shards)] + [HASH_SPACE]
        shards = [self._new_shard(None, range(first, end)) for first, end in pairwise(bounds)]
        self._add_shards(shards)

    # --- writing -----------------------------------------------------------------------------

    def capture(self, change: Change) -> None:
        """Add the record of a change; an observer of the table."""
        shard = self._shard_of(change.key)
        now = self._clock.seconds()
        records = shard.records
        if records and records[0].at_seconds < now - limits.STREAM_RETENTION_SECONDS:
            self.trim(shard)
        records.append(StreamRecord(self.next_sequence, now, change))
        self.next_sequence += 1
        if self._journal.recording:
            self._journal.record(records.pop)

    def _shard_of(self, key: OrderKey) -> Shard:
        open_shards = self.open_shards
        if len(open_shards) == 1:
            return open_shards[0]
        return open_shards[bisect_right(self._first_hashes, key[0]) - 1]

    def split(self, shard_id: str | None = None) -> tuple[Shard, Shard]:
        """Close an open shard, by default the one with the widest range, and open two children.

        Raises:
            MisuseError: There is no such open shard.
        """
        parent = self._shard_to_split(shard_id)
        middle = (parent.first_hash + parent.hash_end) // 2
        self._close(parent)
        self._use_open([shard for shard in self.open_shards if shard is not parent])
        children = (
            self._new_shard(parent.shard_id, range(parent.first_hash, middle)),
            self._new_shard(parent.shard_id, range(middle, parent.hash_end)),
        )
        self._add_shards(children)
        return children

    def _shard_to_split(self, shard_id: str | None) -> Shard:
        candidates = [shard for shard in self.open_shards if shard_id in {None, shard.shard_id}]
        if not candidates:
            raise MisuseError(messages.no_open_shard(shard_id, self.table_name))
        return max(candidates, key=lambda shard: shard.hash_end - shard.first_hash)

    def disable(self) -> None:
        """Close the stream; what is in it stays readable for a day."""
        for shard in self.open_shards:
            self._close(shard)
        self._use_open([])
        _assign(self._journal, self, "disabled_at", self._clock.seconds())

    def _close(self, shard: Shard) -> None:
        _assign(self._journal, shard, "ending_sequence", self.next_sequence)
        _assign(self._journal, shard, "closed_at", self._clock.seconds())
        self.next_sequence += 1

    def _new_shard(self, parent_id: str | None, hashes: range) -> Shard:
        self._made_shards += 1
        digest = md5(f"{self.arn} {self._made_shards}".encode(), usedforsecurity=False).hexdigest()
        milliseconds = int(self._clock.seconds() * 1000)
        shard = Shard(
            f"shardId-{milliseconds:020}-{digest[:8]}", parent_id, hashes, self.next_sequence
        )
        self.next_sequence += 1
        return shard

    def _add_shards(self, shards: list[Shard] | tuple[Shard, ...]) -> None:
        by_id = {**self.shards, **{shard.shard_id: shard for shard in shards}}
        _assign(self._journal, self, "shards", by_id)
        self._use_open(sorted([*self.open_shards, *shards], key=lambda shard: shard.first_hash))

    def _use_open(self, shards: list[Shard]) -> None:
        if self._journal.recording:
            self._journal.record(self._use_open_shards, self.open_shards)
        self._use_open_shards(shards)

    def _use_open_shards(self, shards: list[Shard]) -> None:
        #: The shards that take records, in the order of their hashes.
        self.open_shards = shards
        self._first_hashes = [shard.first_hash for shard in shards]

    # --- reading -----------------------------------------------------------------------------

    @property
    def is_enabled(self) -> bool:
        """Return whether changes are captured."""
        return self.disabled_at is None

    @property
    def is_gone(self) -> bool:
        """Return whether nobody can read the stream any more."""
        return self.disabled_at is not None and self.disabled_at < self._horizon()

    def _horizon(self) -> float:
        return self._clock.seconds() - limits.STREAM_RETENTION_SECONDS

    def visible_shards(self) -> list[Shard]:
        """Return the shards that may hold readable records, oldest first."""
        horizon = self._horizon()
        return [
            shard
            for shard in self.shards.values()
            if shard.closed_at is None or shard.closed_at >= horizon
        ]

    def trim(self, shard: Shard) -> int:
        """Drop the records that are too old and return where the readable ones begin."""
        first = bisect_left(shard.records, self._horizon(), key=_moment_of)
        if first == 0:
            return 0
        shard.trimmed_sequence = max(shard.trimmed_sequence, shard.records[first - 1].sequence)
        if self._journal.recording:  # whoever restores a mark takes records off the other end
            return first
        del shard.records[:first]
        return 0

    def records_from(self, shard: Shard, sequence: int, limit: int) -> list[StreamRecord]:
        """Return the next readable records of a shard, at most `limit`."""
        first = max(self.trim(shard), bisect_left(shard.records, sequence, key=_sequence_of))
        return shard.records[first : first + limit]

    def all_records(self) -> list[StreamRecord]:
        """Return the readable records of all shards, in the order of their sequence numbers."""
        records = [
            record for shard in self.shards.values() for record in shard.records[self.trim(shard) :]
        ]
        return sorted(records, key=_sequence_of)

    def first_at(self, shard: Shard, at_seconds: float) -> int:
        """Return the sequence of the first readable record at or after a moment."""
        first = max(self.trim(shard), bisect_left(shard.records, at_seconds, key=_moment_of))
        return shard.records[first].sequence if first < len(shard.records) else self.next_sequence

    # --- records as they are told ------------------------------------------------------------

    def event_id(self, record: StreamRecord) -> str:
        """Return an id that no other record has: 32 hexadecimal digits."""
        source = f"{self.arn} {record.sequence}".encode()
        return md5(source, usedforsecurity=False).hexdigest()

    def envelope(self, record: StreamRecord) -> dict[str, Any]:
        """Return what a record says beside its `dynamodb` member."""
        return {
            "eventID": self.event_id(record),
            "eventName": record.event_name,
            "eventVersion": "1.1",
            "eventSource": "aws:dynamodb",
            "awsRegion": self._region.name,
        }

    def body(self, record: StreamRecord) -> dict[str, Any]:
        """Return the `dynamodb` member of a record, without its moment; the caller owns it."""
        shows_old = self.view_type in {OLD_IMAGE, NEW_AND_OLD_IMAGES}
        shows_new = self.view_type in {NEW_IMAGE, NEW_AND_OLD_IMAGES}
        stored = record.old if record.new is None else record.new
        keys = {} if stored is None else self.key_schema.extract(stored.load())
        body: dict[str, Any] = {"Keys": keys}
        size_bytes = item_bytes(keys)
        if shows_new and record.new is not None:
            body["NewImage"] = record.new.load()
            size_bytes += record.new.size_bytes
        if shows_old and record.old is not None:
            body["OldImage"] = record.old.load()
            size_bytes += record.old.size_bytes
        body["SequenceNumber"] = sequence_number(record.sequence)
        body["SizeBytes"] = size_bytes
        body["StreamViewType"] = self.view_type
        return body

    def _check(self) -> None:
        """Assert that the open shards cover every hash once and records lie in order."""
        if self.is_enabled:
            assert self.open_shards[0].first_hash == 0  # noqa: S101
            assert self.open_shards[-1].hash_end == HASH_SPACE  # noqa: S101
            for left, right in pairwise(self.open_shards):
                assert left.hash_end == right.first_hash  # noqa: S101
        for shard in self.shards.values():
            sequences = [record.sequence for record in shard.records]
            assert sequences == sorted(set(sequences))  # noqa: S101
            assert shard.is_open == (shard in self.open_shards)  # noqa: S101
            for record in shard.records:
                assert shard.first_hash <= record.key[0] < shard.hash_end  # noqa: S101
                assert record.sequence > shard.starting_sequence  # noqa: S101
                assert record.sequence < (shard.ending_sequence or self.next_sequence)  # noqa: S101


# --- the streams of a region ---------------------------------------------------------------------


def enable_stream(region: Region, table: Table, view_type: str) -> Stream:
    """Let a table have a stream from now on."""
    stream = Stream(region, table, _free_label(region, table.name), view_type)
    journal = table.journal
    _assign(journal, region, "streams", {**region.streams, stream.arn: stream})
    _assign(journal, table, "observers", [*table.observers, stream.capture])
    _assign(journal, table, "stream", stream)
    return stream


def disable_stream(table: Table) -> None:
    """End the stream of a table, if it has one; it stays the table's latest stream."""
    stream = table.stream
    if stream is None or not stream.is_enabled:
        return
    observers = [observer for observer in table.observers if observer != stream.capture]
    _assign(table.journal, table, "observers", observers)
    stream.disable()


def streams_of(region: Region, table_name: str | None = None) -> list[Stream]:
    """Return the streams that can be read, in the order of their ARNs; of one table or of all."""
    return [
        stream
        for _, stream in sorted(region.streams.items())
        if table_name in {None, stream.table_name} and not stream.is_gone
    ]


def find_stream(region: Region, arn: str) -> Stream | None:
    """Return the stream of this ARN if it can be read."""
    stream = region.streams.get(arn)
    return None if stream is None or stream.is_gone else stream


def _free_label(region: Region, table_name: str) -> str:
    """Return the label of a stream made now; a frozen clock must not give two the same."""
    table_arn = region.arns.table(table_name)
    milliseconds = int(region.backend.clock.seconds() * 1000)
    while True:
        label = stream_label(milliseconds)
        if stream_arn(table_arn, label) not in region.streams:
            return label
        milliseconds += 1


def _assign(journal: Journal, owner: Any, name: str, value: Any) -> None:
    """Set an attribute so that the undo journal can take it back."""
    if journal.recording:
        journal.record(setattr, owner, name, getattr(owner, name))
    setattr(owner, name, value)
