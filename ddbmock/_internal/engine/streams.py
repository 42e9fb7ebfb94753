"""Streams: the changes of a table, in order, readable for 24 hours.

https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Streams.html

1. Capture is cheap: a record refers to the stored items of a change. Keys and images are built when
   a record is read.
2. Sequence numbers only grow, also when the backend returns to an earlier savepoint: no number and
   no event id is ever used for two records.
3. Old records are dropped by reads and writes, never by a thread of its own.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from dataclasses import dataclass, field, replace
from hashlib import md5
from itertools import pairwise
from operator import attrgetter
from typing import TYPE_CHECKING, Any

from ddbmock._internal import limits
from ddbmock._internal.arns import Arn, stream_arn
from ddbmock._internal.engine.keys import HASH_SPACE
from ddbmock._internal.engine.values import item_bytes
from ddbmock._internal.errors import MisuseError
from ddbmock._internal.messages import streams as messages

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from ddbmock._internal.engine.changes import Change
    from ddbmock._internal.engine.clock import Clock
    from ddbmock._internal.engine.items import StoredItem
    from ddbmock._internal.engine.journal import Entry, Journal
    from ddbmock._internal.engine.keys import KeySchema, OrderKey

KEYS_ONLY, NEW_IMAGE, OLD_IMAGE = "KEYS_ONLY", "NEW_IMAGE", "OLD_IMAGE"
NEW_AND_OLD_IMAGES = "NEW_AND_OLD_IMAGES"

#: Sequence numbers of the API have 27 digits and gaps between them, as the service's have.
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
    """One change of one item."""

    __slots__ = ("at_seconds", "by_service", "key", "new", "old", "sequence")

    def __init__(self, sequence: int, at_seconds: float, change: Change) -> None:
        self.sequence: int = sequence
        self.at_seconds: float = at_seconds
        self.key: OrderKey = change.key
        self.old: StoredItem | None = change.old
        self.new: StoredItem | None = change.new
        #: Whether the service itself deleted the item, as it does when its time to live has passed.
        self.by_service: bool = change.by_service

    @property
    def event_name(self) -> str:
        """Return the event name: INSERT, MODIFY or REMOVE."""
        if self.old is None:
            return "INSERT"
        return "REMOVE" if self.new is None else "MODIFY"


def _sequence_of(record: StreamRecord) -> int:
    return record.sequence


def _time_of(record: StreamRecord) -> float:
    return record.at_seconds


class ShardLog:
    """The records of a shard, oldest first."""

    __slots__ = ("records", "trimmed_sequence")

    def __init__(self) -> None:
        self.records: list[StreamRecord] = []
        #: The newest record that is too old to be read; 0 for none.
        self.trimmed_sequence: int = 0

    def forget_from(self, sequence: int) -> None:
        """Drop the records from this one on: the undo of adding it."""
        while self.records and self.records[-1].sequence >= sequence:
            self.records.pop()

    def put_first(self, records: list[StreamRecord], trimmed_sequence: int) -> None:
        """Put records before all others: the undo of dropping them."""
        if self.records[:1] != records[:1]:
            self.records[:0] = records
        self.trimmed_sequence = trimmed_sequence


@dataclass(frozen=True, slots=True, eq=False)
class Shard:
    """A shard: the records of the items in one range of hashes, in order."""

    shard_id: str
    parent_id: str | None
    #: The first hash of the range, and the one after the last.
    first_hash: int
    hash_end: int
    starting_sequence: int
    #: None while the shard is open.
    ending_sequence: int | None = None
    closed_at: float | None = None
    log: ShardLog = field(default_factory=ShardLog)

    @property
    def is_open(self) -> bool:
        """Return whether records can still be added."""
        return self.ending_sequence is None

    @property
    def records(self) -> list[StreamRecord]:
        """The records, oldest first, including those that are too old to be read."""
        return self.log.records

    def __repr__(self) -> str:
        return f"<shard {self.shard_id}: {len(self.records)} records>"


@dataclass(frozen=True, slots=True)
class _Layout:
    """The shards of a stream, and whether it is enabled; a change makes another layout."""

    #: All shards by id, oldest first.
    shards: Mapping[str, Shard] = field(default_factory=dict)
    #: When the stream was disabled, by itself or with its table; None while it is enabled.
    disabled_at: float | None = None
    #: The shards that take records, in the order of their hashes, and where each range begins.
    open_shards: tuple[Shard, ...] = field(init=False)
    first_hashes: tuple[int, ...] = field(init=False)

    def __post_init__(self) -> None:
        open_shards = [shard for shard in self.shards.values() if shard.is_open]
        open_shards.sort(key=attrgetter("first_hash"))
        object.__setattr__(self, "open_shards", tuple(open_shards))
        object.__setattr__(self, "first_hashes", tuple(s.first_hash for s in open_shards))

    def with_shards(self, *shards: Shard) -> _Layout:
        """Return a layout with shards added; they replace shards with the same ids."""
        by_id = {shard.shard_id: shard for shard in shards}
        return replace(self, shards={**self.shards, **by_id})


class Stream:
    """The stream of one table, from when it is enabled; it outlives both."""

    def __init__(  # noqa: PLR0913 (what a stream depends on)
        self,
        table_arn: str,
        label: str,
        key_schema: KeySchema,
        view_type: str,
        *,
        clock: Clock,
        journal: Journal,
        shard_count: int,
    ) -> None:
        self.arn: str = stream_arn(table_arn, label)
        self.label = label
        self.key_schema = key_schema
        self.view_type = view_type
        self._clock = clock
        self._journal = journal
        table = Arn.of(table_arn)
        self.table_name: str = table.name
        self._region_name = table.region_name
        self.created_at: float = clock.seconds()
        #: The sequence of the next record; it never decreases.
        self.next_sequence: int = 1
        self._created_shards = 0
        step = HASH_SPACE // shard_count
        bounds = [number * step for number in range(shard_count)] + [HASH_SPACE]
        shards = [self._new_shard(None, first, end) for first, end in pairwise(bounds)]
        self._layout = _Layout().with_shards(*shards)

    def restore(
        self,
        shards: Iterable[Shard],
        *,
        created_at: float,
        disabled_at: float | None,
        next_sequence: int,
    ) -> None:
        """Load a saved stream into this one, which is empty."""
        self.created_at = created_at
        self.next_sequence = next_sequence
        self._layout = replace(_Layout().with_shards(*shards), disabled_at=disabled_at)
        self._created_shards = len(self._layout.shards)

    @property
    def shards(self) -> Mapping[str, Shard]:
        """All shards by id, oldest first."""
        return self._layout.shards

    @property
    def open_shards(self) -> tuple[Shard, ...]:
        """The shards that take records, in the order of their hashes."""
        return self._layout.open_shards

    @property
    def disabled_at(self) -> float | None:
        """When the stream was disabled, by itself or with its table; None while it is enabled."""
        return self._layout.disabled_at

    # --- writing -----------------------------------------------------------------------------

    def capture(self, change: Change, undo_log: list[Entry]) -> None:
        """Add the record of a change; a recorder of the table."""
        shard = self._shard_of(change.key)
        now = self._clock.seconds()
        records, sequence = shard.log.records, self.next_sequence
        if records and records[0].at_seconds < now - limits.STREAM_RETENTION_SECONDS:
            self.trim(shard)
        undo_log.append((shard.log.forget_from, sequence))
        records.append(StreamRecord(sequence, now, change))
        self.next_sequence = sequence + 1

    def _shard_of(self, key: OrderKey) -> Shard:
        open_shards = self._layout.open_shards
        if len(open_shards) == 1:
            return open_shards[0]
        return open_shards[bisect_right(self._layout.first_hashes, key[0]) - 1]

    def split(self, shard_id: str | None = None) -> tuple[Shard, Shard]:
        """Close an open shard, by default the one with the widest range, and open two children.

        Raises:
            MisuseError: There is no such open shard.
        """
        parent = self._shard_to_split(shard_id)
        middle = (parent.first_hash + parent.hash_end) // 2
        closed = self._closed(parent)
        children = (
            self._new_shard(parent.shard_id, parent.first_hash, middle),
            self._new_shard(parent.shard_id, middle, parent.hash_end),
        )
        self._change_layout(self._layout.with_shards(closed, *children))
        return children

    def _shard_to_split(self, shard_id: str | None) -> Shard:
        candidates = [shard for shard in self.open_shards if shard_id in {None, shard.shard_id}]
        if not candidates:
            raise MisuseError(messages.no_open_shard(shard_id, self.table_name))
        return max(candidates, key=lambda shard: shard.hash_end - shard.first_hash)

    def disable(self) -> None:
        """Disable the stream; its records stay readable for a day."""
        layout = self._layout.with_shards(*map(self._closed, self.open_shards))
        self._change_layout(replace(layout, disabled_at=self._clock.seconds()))

    def _closed(self, shard: Shard) -> Shard:
        return replace(
            shard, ending_sequence=self._take_sequence(), closed_at=self._clock.seconds()
        )

    def _new_shard(self, parent_id: str | None, first_hash: int, hash_end: int) -> Shard:
        self._created_shards += 1
        number = self._created_shards
        digest = md5(f"{self.arn} {number}".encode(), usedforsecurity=False).hexdigest()
        milliseconds = int(self._clock.seconds() * 1000)
        shard_id = f"shardId-{milliseconds:020}-{digest[:8]}"
        return Shard(shard_id, parent_id, first_hash, hash_end, self._take_sequence())

    def _take_sequence(self) -> int:
        self.next_sequence += 1
        return self.next_sequence - 1

    def _change_layout(self, layout: _Layout) -> None:
        """Replace the layout, without the shards that can no longer be read."""
        visible = {shard.shard_id: shard for shard in self._visible(layout)}
        self._journal.assign(self, "_layout", replace(layout, shards=visible))

    # --- reading -----------------------------------------------------------------------------

    @property
    def is_enabled(self) -> bool:
        """Return whether changes are captured."""
        return self.disabled_at is None

    def _horizon(self) -> float:
        return self._clock.seconds() - limits.STREAM_RETENTION_SECONDS

    def visible_shards(self) -> list[Shard]:
        """Return the shards that may hold readable records, oldest first."""
        return self._visible(self._layout)

    def _visible(self, layout: _Layout) -> list[Shard]:
        horizon = self._horizon()
        return [
            shard
            for shard in layout.shards.values()
            if shard.closed_at is None or shard.closed_at >= horizon
        ]

    def trim(self, shard: Shard) -> None:
        """Drop the records that are too old to be read."""
        log, records = shard.log, shard.log.records
        first = bisect_left(records, self._horizon(), key=_time_of)
        if first:
            self._journal.record(log.put_first, records[:first], log.trimmed_sequence)
            log.trimmed_sequence = max(log.trimmed_sequence, records[first - 1].sequence)
            del records[:first]

    def records_from(self, shard: Shard, sequence: int, limit: int) -> list[StreamRecord]:
        """Return the next readable records of a shard, at most `limit`."""
        self.trim(shard)
        first = bisect_left(shard.records, sequence, key=_sequence_of)
        return shard.records[first : first + limit]

    def all_records(self) -> list[StreamRecord]:
        """Return the readable records of all shards, in the order of their sequence numbers."""
        records: list[StreamRecord] = []
        for shard in self.shards.values():
            self.trim(shard)
            records += shard.records
        return sorted(records, key=_sequence_of)

    def first_at(self, shard: Shard, at_seconds: float) -> int:
        """Return the sequence of the first readable record at or after a time."""
        self.trim(shard)
        first = bisect_left(shard.records, at_seconds, key=_time_of)
        return shard.records[first].sequence if first < len(shard.records) else self.next_sequence

    # --- records in responses -----------------------------------------------------------------

    def event_id(self, record: StreamRecord) -> str:
        """Return an id that no other record has: 32 hexadecimal digits."""
        source = f"{self.arn} {record.sequence}".encode()
        return md5(source, usedforsecurity=False).hexdigest()

    def envelope(self, record: StreamRecord) -> dict[str, Any]:
        """Return the members of a record other than `dynamodb`."""
        return {
            "eventID": self.event_id(record),
            "eventName": record.event_name,
            "eventVersion": "1.1",
            "eventSource": "aws:dynamodb",
            "awsRegion": self._region_name,
        }

    def body(self, record: StreamRecord) -> dict[str, Any]:
        """Return the `dynamodb` member of a record, without its time; the caller owns it."""
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
        """Assert that the open shards cover every hash once and records are in order."""
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
