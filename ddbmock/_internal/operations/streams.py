"""ListStreams, DescribeStream, GetShardIterator and GetRecords.

https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_Operations_Amazon_DynamoDB_Streams.html
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ddbmock._internal import limits
from ddbmock._internal.access.intent import Intent
from ddbmock._internal.access.operation import Plane
from ddbmock._internal.arns import is_stream_arn
from ddbmock._internal.engine import lifecycle
from ddbmock._internal.engine.streams import (
    Shard,
    Stream,
    StreamRecord,
    sequence_at,
    sequence_number,
)
from ddbmock._internal.engine.table_streams import streams_of
from ddbmock._internal.errors import (
    ExpiredIteratorError,
    ResourceNotFoundError,
    TrimmedDataAccessError,
    ValidationError,
)
from ddbmock._internal.messages import streams as messages
from ddbmock._internal.operations.registry import operation
from ddbmock._internal.operations.shard_iterators import ShardIterator
from ddbmock._internal.operations.tables.descriptions import key_elements
from ddbmock._internal.times import timestamp

if TYPE_CHECKING:
    from ddbmock._internal.access.door import Door
    from ddbmock._internal.access.intent import Request, Response
    from ddbmock._internal.engine.backend import Region

#: The transitions of a table during which its stream is ENABLING or DISABLING.
_STREAM_TRANSITIONS = (lifecycle.CREATE, lifecycle.DELETE, lifecycle.STREAM)

# --- streams and shards --------------------------------------------------------------------------


@operation("ListStreams", plane=Plane.STREAMS)
def list_streams(intent: Intent, door: Door) -> Response:
    """Return the streams of the region or of one table, 100 a page.

    https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_streams_ListStreams.html
    """
    request = intent.request
    start = request.get("ExclusiveStartStreamArn")
    if start is not None:
        _check_arn(start)
    streams = [
        stream
        for stream in streams_of(door.region, request.get("TableName"))
        if start is None or stream.arn > start
    ]
    page = streams[: request.get("Limit", limits.STREAMS_PAGE_MAX)]
    response: Response = {
        "Streams": [
            {
                "StreamArn": stream.arn,
                "TableName": stream.table_name,
                "StreamLabel": stream.label,
            }
            for stream in page
        ]
    }
    if len(page) < len(streams):
        response["LastEvaluatedStreamArn"] = page[-1].arn
    return response


@operation("DescribeStream", plane=Plane.STREAMS)
def describe_stream(intent: Intent, door: Door) -> Response:
    """Return the description of a stream with its shards, 100 a page.

    https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_streams_DescribeStream.html
    """
    request = intent.request
    stream = _find_stream(door.region, request["StreamArn"])
    shards = _after(_filtered(stream, request), request.get("ExclusiveStartShardId"))
    page = shards[: request.get("Limit", limits.STREAM_SHARDS_PAGE_MAX)]
    description: dict[str, Any] = {
        "StreamArn": stream.arn,
        "StreamLabel": stream.label,
        "StreamStatus": _status(door.region, stream),
        "StreamViewType": stream.view_type,
        "CreationRequestDateTime": timestamp(stream.created_at),
        "TableName": stream.table_name,
        "KeySchema": key_elements(stream.key_schema),
        "Shards": [_shard(shard) for shard in page],
    }
    if len(page) < len(shards):
        description["LastEvaluatedShardId"] = page[-1].shard_id
    return {"StreamDescription": description}


def _status(region: Region, stream: Stream) -> str:
    table = region.tables.get(stream.table_name)
    is_changing = False
    if table is not None and table.stream is stream:
        now = region.backend.clock.seconds()
        is_changing = bool(lifecycle.active_transitions(table.settings, now, *_STREAM_TRANSITIONS))
    if stream.is_enabled:
        return "ENABLING" if is_changing else "ENABLED"
    return "DISABLING" if is_changing else "DISABLED"


def _find_stream(region: Region, arn: str) -> Stream:
    _check_arn(arn)
    stream = region.streams.get(arn)
    if stream is None:
        raise ResourceNotFoundError(messages.stream_not_found(arn))
    return stream


def _check_arn(arn: str) -> None:
    if not is_stream_arn(arn):
        raise ValidationError(messages.STREAM_ARN_INVALID)


def _filtered(stream: Stream, request: Request) -> list[Shard]:
    """Return the shards that a request selects: all, or the children of one."""
    shard_filter = request.get("ShardFilter")
    shards = stream.visible_shards()
    if shard_filter is None:
        return shards
    if shard_filter.get("Type") is None or shard_filter.get("ShardId") is None:
        raise ValidationError(messages.SHARD_FILTER_INCOMPLETE)
    return [shard for shard in shards if shard.parent_id == shard_filter["ShardId"]]


def _after(shards: list[Shard], start_id: str | None) -> list[Shard]:
    """Return the shards after the one with an id; none if it does not exist, as in the service."""
    if start_id is None:
        return shards
    ids = [shard.shard_id for shard in shards]
    return shards[ids.index(start_id) + 1 :] if start_id in ids else []


def _shard(shard: Shard) -> dict[str, Any]:
    sequences = {"StartingSequenceNumber": sequence_number(shard.starting_sequence)}
    if shard.ending_sequence is not None:
        sequences["EndingSequenceNumber"] = sequence_number(shard.ending_sequence)
    description: dict[str, Any] = {"ShardId": shard.shard_id, "SequenceNumberRange": sequences}
    if shard.parent_id is not None:
        description["ParentShardId"] = shard.parent_id
    return description


# --- iterators -----------------------------------------------------------------------------------


@operation("GetShardIterator", plane=Plane.STREAMS)
def get_shard_iterator(intent: Intent, door: Door) -> Response:
    """Return an iterator: a position in a shard to read from.

    https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_streams_GetShardIterator.html
    """
    request, region = intent.request, door.region
    _check_position(request)
    stream = _find_stream(region, request["StreamArn"])
    shard = _find_shard(stream, request["ShardId"])
    sequence = _first_sequence(region, stream, shard, request)
    now = region.backend.clock.seconds()
    return {"ShardIterator": ShardIterator(stream.arn, shard.shard_id, sequence, now).text()}


_BY_NUMBER = frozenset({"AT_SEQUENCE_NUMBER", "AFTER_SEQUENCE_NUMBER"})


def _check_position(request: Request) -> None:
    kind = request["ShardIteratorType"]
    for name, needed in (
        ("SequenceNumber", kind in _BY_NUMBER),
        ("Timestamp", kind == "AT_TIMESTAMP"),
    ):
        given = request.get(name) is not None
        if needed and not given:
            raise ValidationError(messages.iterator_lacks(name, kind))
        if given and not needed:
            raise ValidationError(messages.iterator_takes_no(name, kind))


def _first_sequence(region: Region, stream: Stream, shard: Shard, request: Request) -> int:
    """Return the sequence of the first record that an iterator reads."""
    kind = request["ShardIteratorType"]
    if kind == "LATEST":
        return stream.next_sequence
    if kind == "TRIM_HORIZON":
        return _oldest(stream, shard)
    if kind == "AT_TIMESTAMP":
        if request["Timestamp"] > region.backend.clock.seconds():
            raise ValidationError(messages.ITERATOR_IN_FUTURE)
        return stream.first_at(shard, request["Timestamp"])
    return _numbered_position(stream, shard, request)


def _oldest(stream: Stream, shard: Shard) -> int:
    oldest = stream.records_from(shard, 0, 1)
    return oldest[0].sequence if oldest else stream.next_sequence


def _numbered_position(stream: Stream, shard: Shard, request: Request) -> int:
    number: str = request["SequenceNumber"]
    if not number.isascii() or not number.isdigit():
        raise ValidationError(messages.sequence_number_invalid(number))
    sequence = sequence_at(number)
    last = stream.next_sequence if shard.ending_sequence is None else shard.ending_sequence
    if not shard.starting_sequence <= sequence <= last:
        raise ValidationError(messages.sequence_number_invalid(number))
    if (
        request["ShardIteratorType"] == "AFTER_SEQUENCE_NUMBER"
        and sequence_number(sequence) == number
    ):
        sequence += 1
    _check_not_trimmed(stream, shard, sequence)
    return sequence


def _check_not_trimmed(stream: Stream, shard: Shard, sequence: int) -> None:
    stream.trim(shard)
    if sequence <= shard.log.trimmed_sequence:
        raise TrimmedDataAccessError(messages.TRIMMED_DATA)


def _find_shard(stream: Stream, shard_id: str) -> Shard:
    shard = stream.shards.get(shard_id)
    if shard is None or shard not in stream.visible_shards():
        raise ResourceNotFoundError(messages.SHARD_NOT_FOUND)
    return shard


# --- records -------------------------------------------------------------------------------------


class ReadRecords(Intent):
    """A read of records, from the position of an iterator."""

    __slots__ = ("iterator",)

    def __init__(self, request: Request) -> None:
        super().__init__(request)
        self.iterator: ShardIterator = ShardIterator.of(request["ShardIterator"])

    @property
    def table_name(self) -> str:
        """The ARN of the stream."""
        return self.iterator.arn


@operation("GetRecords", plane=Plane.STREAMS, read=ReadRecords)
def get_records(intent: ReadRecords, door: Door) -> Response:
    """Return the next records of a shard, at most 1000 and 1 MB.

    https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_streams_GetRecords.html
    """
    region = door.region
    iterator = intent.iterator
    stream = _find_stream(region, iterator.arn)
    shard = _find_shard(stream, iterator.shard_id)
    now = region.backend.clock.seconds()
    if now > iterator.at_seconds + limits.SHARD_ITERATOR_SECONDS:
        raise ExpiredIteratorError(messages.SHARD_ITERATOR_EXPIRED)
    _check_not_trimmed(stream, shard, iterator.sequence)
    limit = intent.request.get("Limit", limits.STREAM_RECORDS_PAGE_MAX)
    # One more than requested shows whether a closed shard has been read to its end.
    records = stream.records_from(shard, iterator.sequence, limit + 1)
    page = _page(stream, records[:limit])
    response: Response = {"Records": page}
    if shard.is_open or len(page) < len(records):
        sequence = records[len(page) - 1].sequence + 1 if page else iterator.sequence
        following = iterator._replace(sequence=sequence, at_seconds=now)
        response["NextShardIterator"] = following.text()
    return response


def _page(stream: Stream, records: list[StreamRecord]) -> list[dict[str, Any]]:
    """Return as many records as fit into one response."""
    page: list[dict[str, Any]] = []
    page_bytes = 0
    for record in records:
        shown = _record(stream, record)
        page_bytes += shown["dynamodb"]["SizeBytes"]
        if page_bytes > limits.STREAM_PAGE_BYTES_MAX and page:
            break
        page.append(shown)
    return page


def _record(stream: Stream, record: StreamRecord) -> dict[str, Any]:
    body = stream.body(record)
    body["ApproximateCreationDateTime"] = timestamp(int(record.at_seconds))
    shown = {**stream.envelope(record), "dynamodb": body}
    if record.by_service:
        shown["userIdentity"] = {"PrincipalId": "dynamodb.amazonaws.com", "Type": "Service"}
    return shown
