"""The section of streams: their shards and their readable records."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING, Any

from ddbmock._internal.data.saved_state.tables import is_being_deleted
from ddbmock._internal.data.typed_json import from_json, to_json
from ddbmock._internal.engine.changes import Change
from ddbmock._internal.engine.items import StoredItem
from ddbmock._internal.engine.keys import HASH_SPACE, KeyAttribute, KeySchema
from ddbmock._internal.engine.streams import (
    KEYS_ONLY,
    NEW_AND_OLD_IMAGES,
    NEW_IMAGE,
    OLD_IMAGE,
    Shard,
    ShardLog,
    Stream,
    StreamRecord,
)
from ddbmock._internal.engine.table_streams import add_stream
from ddbmock._internal.engine.values import normalize_item
from ddbmock._internal.formats.dynamodb_json import jsonable_item, typed_item

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from ddbmock._internal.data.saved_state.state import LoadedState
    from ddbmock._internal.engine.backend import Region

_VIEW_TYPES = {KEYS_ONLY, NEW_IMAGE, OLD_IMAGE, NEW_AND_OLD_IMAGES}


@dataclass(frozen=True, slots=True)
class _Shard:
    """A shard, without its records."""

    shard_id: str
    parent_id: str | None
    first_hash: int
    hash_end: int
    starting_sequence: int
    ending_sequence: int | None
    closed_at: float | None
    trimmed_sequence: int


@dataclass(frozen=True, slots=True)
class _Stream:
    """A stream, without its records."""

    table_name: str
    label: str
    view_type: str
    #: The key of the table.
    partition: tuple[KeyAttribute, ...]
    sort: tuple[KeyAttribute, ...]
    created_at: float
    disabled_at: float | None
    next_sequence: int
    shards: tuple[_Shard, ...]
    #: Whether it is the latest stream of a table that exists.
    is_latest: bool


@dataclass(frozen=True, slots=True)
class _Record:
    """A record of the stream before it, with the images in DynamoDB JSON."""

    shard_id: str
    sequence: int
    at: float
    by_service: bool
    old: Mapping[str, Any] | None
    new: Mapping[str, Any] | None


# --- writing -------------------------------------------------------------------------------------


def write(region: Region) -> Iterator[Mapping[str, Any]]:
    """Yield the streams of a region that can be read, each followed by its records."""
    for arn, stream in region.streams.items():
        yield from lines_of(region, arn)
        for shard in stream.shards.values():
            for record in shard.records:
                yield record_line(shard, record)


def lines_of(region: Region, arn: str) -> Iterator[Mapping[str, Any]]:
    """Yield the line of a stream, without its records."""
    yield {"stream": to_json(_saved_stream(region, region.streams[arn]))}


def record_line(shard: Shard, record: StreamRecord) -> Mapping[str, Any]:
    """Return the line of a record."""
    return {"record": to_json(_saved_record(shard, record))}


def _saved_stream(region: Region, stream: Stream) -> _Stream:
    for shard in stream.shards.values():
        stream.trim(shard)
    table = region.tables.get(stream.table_name)
    return _Stream(
        table_name=stream.table_name,
        label=stream.label,
        view_type=stream.view_type,
        partition=tuple(stream.key_schema.partition),
        sort=tuple(stream.key_schema.sort),
        created_at=stream.created_at,
        disabled_at=stream.disabled_at,
        next_sequence=stream.next_sequence,
        shards=tuple(
            _Shard(
                shard.shard_id,
                shard.parent_id,
                shard.first_hash,
                shard.hash_end,
                shard.starting_sequence,
                shard.ending_sequence,
                shard.closed_at,
                shard.log.trimmed_sequence,
            )
            for shard in stream.shards.values()
        ),
        is_latest=(table is not None and table.stream is stream and not is_being_deleted(table)),
    )


def _saved_record(shard: Shard, record: StreamRecord) -> _Record:
    return _Record(
        shard_id=shard.shard_id,
        sequence=record.sequence,
        at=record.at_seconds,
        by_service=record.by_service,
        old=None if record.old is None else jsonable_item(record.old.load()),
        new=None if record.new is None else jsonable_item(record.new.load()),
    )


# --- reading -------------------------------------------------------------------------------------


def _read_stream(state: LoadedState, value: Any) -> None:
    saved = from_json(_Stream, value, "stream")
    _check(state, saved)
    state.commit()  # the items of its table are not changes that the stream captures
    region = state.region
    stream = Stream(
        region.arns.table(saved.table_name),
        saved.label,
        KeySchema(saved.partition, saved.sort),
        saved.view_type,
        clock=region.backend.clock,
        journal=region.backend.journal,
        shard_count=1,
    )
    if stream.arn in region.streams:
        raise state.error(f"the stream {stream.arn} exists already")
    stream.restore(
        [_shard(each) for each in saved.shards],
        created_at=saved.created_at,
        disabled_at=saved.disabled_at,
        next_sequence=saved.next_sequence,
    )
    table = region.tables.get(saved.table_name) if saved.is_latest else None
    if saved.is_latest and (table is None or table.stream is not None):
        raise state.error(f"no table {saved.table_name} for this stream before it")
    if table is not None and table.key_schema.attributes != stream.key_schema.attributes:
        raise state.error(f"the key is not that of the table {saved.table_name}")
    add_stream(region, stream, table)
    state.enter_stream(stream)


def _shard(saved: _Shard) -> Shard:
    log = ShardLog()
    log.trimmed_sequence = saved.trimmed_sequence
    return Shard(
        saved.shard_id,
        saved.parent_id,
        saved.first_hash,
        saved.hash_end,
        saved.starting_sequence,
        saved.ending_sequence,
        saved.closed_at,
        log,
    )


def _check(state: LoadedState, saved: _Stream) -> None:
    """Refuse an inconsistent stream."""
    if saved.view_type not in _VIEW_TYPES:
        raise state.error(f"no view type {saved.view_type!r}")
    if not saved.partition or {each.kind for each in (*saved.partition, *saved.sort)} - set("SNB"):
        raise state.error("the key of the stream is wrong")
    open_ranges = sorted(
        (shard.first_hash, shard.hash_end)
        for shard in saved.shards
        if shard.ending_sequence is None
    )
    ends = [0, *(end for _, end in open_ranges)]
    starts = [*(start for start, _ in open_ranges), HASH_SPACE]
    if saved.disabled_at is None and (not open_ranges or starts != ends):
        raise state.error("the open shards do not cover all keys once")
    if saved.disabled_at is not None and open_ranges:
        raise state.error("an open shard in a disabled stream")
    if saved.disabled_at is None and not saved.is_latest:
        raise state.error("an enabled stream is the latest of its table")
    if len({shard.shard_id for shard in saved.shards}) != len(saved.shards):
        raise state.error("two shards have one id")
    if any(a.starting_sequence >= b.starting_sequence for a, b in pairwise(saved.shards)):
        raise state.error("the shards are not in order")


def _read_record(state: LoadedState, value: Any) -> None:
    saved = from_json(_Record, value, "record")
    stream = state.stream
    shard = stream.shards.get(saved.shard_id)
    if shard is None:
        raise state.error(f"no shard {saved.shard_id!r} in the stream")
    earlier = shard.records[-1].sequence if shard.records else shard.starting_sequence
    if not earlier < saved.sequence < (shard.ending_sequence or stream.next_sequence):
        raise state.error("sequence is not in order")
    old, new = _stored(saved.old), _stored(saved.new)
    image = new or old
    key = None if image is None else stream.key_schema.order_key(image.load())
    if key is None or (old is not None and stream.key_schema.order_key(old.load()) != key):
        raise state.error("the images do not have one key")
    if not shard.first_hash <= key[0] < shard.hash_end:
        raise state.error("the item belongs into another shard")
    change = Change(key, old, new, by_service=saved.by_service)
    shard.records.append(StreamRecord(saved.sequence, saved.at, change))


def _stored(image: Mapping[str, Any] | None) -> StoredItem | None:
    if image is None:
        return None
    item = typed_item(image)
    return StoredItem(item, normalize_item(item))


READERS = {"stream": _read_stream, "record": _read_record}
