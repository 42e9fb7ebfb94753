"""ListStreams, DescribeStream, GetShardIterator, GetRecords, and the stream of a table.

https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_Operations_Amazon_DynamoDB_Streams.html
"""

from __future__ import annotations

import base64
import json
from typing import TYPE_CHECKING, Any, NamedTuple

from ddbmock import limits, messages
from ddbmock.access.operation import Plane
from ddbmock.arns import is_stream_arn
from ddbmock.engine import lifecycle
from ddbmock.engine.streams import (
    Shard,
    Stream,
    StreamRecord,
    sequence_at,
    sequence_number,
)
from ddbmock.engine.table_streams import disable_stream, enable_stream, streams_of
from ddbmock.errors import (
    ExpiredIteratorError,
    ResourceNotFoundError,
    TrimmedDataAccessError,
    ValidationError,
)
from ddbmock.operations.registry import operation
from ddbmock.operations.tables.descriptions import key_elements
from ddbmock.times import timestamp

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ddbmock.access.door import Door
    from ddbmock.access.intent import Intent, Request, Response
    from ddbmock.engine.backend import Region
    from ddbmock.engine.table import Table

#: What may go on with a table while its stream is on the way.
_STREAM_TRANSITIONS = (lifecycle.CREATE, lifecycle.DELETE, lifecycle.STREAM)

# --- the stream of a table -----------------------------------------------------------------------


def start_stream(region: Region, table: Table) -> None:
    """Give a new table the stream that it was made with, if any."""
    specification = table.settings.stream
    if specification.get("StreamEnabled"):
        enable_stream(region, table, specification["StreamViewType"])


def change_stream(
    region: Region, table: Table, specification: Mapping[str, Any]
) -> Mapping[str, Any]:
    """Do the StreamSpecification of an UpdateTable and return what the table shows from now on.

    Raises:
        ValidationError: The stream is enabled, or disabled, already.
    """
    has_view_type = specification.get("StreamViewType") is not None
    has_stream = table.stream is not None and table.stream.is_enabled
    if specification["StreamEnabled"]:
        if not has_view_type:
            raise ValidationError(messages.ENABLED_STREAM_WITHOUT_VIEW_TYPE)
        if has_stream:
            raise ValidationError(messages.stream_already_enabled(table.name))
        enable_stream(region, table, specification["StreamViewType"])
        return specification
    if has_view_type:
        raise ValidationError(messages.DISABLED_STREAM_WITH_VIEW_TYPE)
    if not has_stream:
        raise ValidationError(messages.no_stream_to_disable(table.name))
    disable_stream(region, table)
    return {}


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
    """Return what is known of a stream, with its shards, 100 a page.

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
    lasts = False
    if table is not None and table.stream is stream:
        now = region.backend.clock.seconds()
        lasts = bool(lifecycle.active_transitions(table.settings, now, *_STREAM_TRANSITIONS))
    if stream.is_enabled:
        return "ENABLING" if lasts else "ENABLED"
    return "DISABLING" if lasts else "DISABLED"


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
    """Return the shards that a request asks for: all, or the children of one."""
    shard_filter = request.get("ShardFilter")
    shards = stream.visible_shards()
    if shard_filter is None:
        return shards
    if shard_filter.get("Type") is None or shard_filter.get("ShardId") is None:
        raise ValidationError(messages.SHARD_FILTER_INCOMPLETE)
    return [shard for shard in shards if shard.parent_id == shard_filter["ShardId"]]


def _after(shards: list[Shard], start_id: str | None) -> list[Shard]:
    """Return the shards after one; none when that one is not there, as the service does."""
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


class _Iterator(NamedTuple):
    """A place in a shard, and when somebody was told of it."""

    arn: str
    shard_id: str
    #: The first record to be read.
    sequence: int
    at_seconds: float

    def text(self) -> str:
        """Return the iterator as the API shows it: the stream's ARN and something opaque."""
        place = json.dumps([self.shard_id, self.sequence, self.at_seconds]).encode()
        # As long as the service's; nobody should find a meaning in it.
        opaque = base64.b64encode(bytes(7) + bytes([1]) + _obfuscate(place.ljust(132)))
        return f"{self.arn}|1|{opaque.decode()}"

    @classmethod
    def of(cls, text: str) -> _Iterator:
        arn, _, opaque = text.partition("|1|")
        try:
            place = json.loads(_obfuscate(base64.b64decode(opaque, validate=True)[8:]))
            shard_id, sequence, at_seconds = place
            return cls(arn, str(shard_id), int(sequence), float(at_seconds))
        except (ValueError, TypeError):
            raise ValidationError(messages.SHARD_ITERATOR_INVALID) from None


def _obfuscate(text: bytes) -> bytes:
    """Return bytes in which nothing can be read; done twice, the text itself."""
    return bytes(byte ^ (position * 151 + 89) % 256 for position, byte in enumerate(text))


@operation("GetShardIterator", plane=Plane.STREAMS)
def get_shard_iterator(intent: Intent, door: Door) -> Response:
    """Return a place in a shard to read from.

    https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_streams_GetShardIterator.html
    """
    request, region = intent.request, door.region
    _check_place(request)
    stream = _find_stream(region, request["StreamArn"])
    shard = _find_shard(stream, request["ShardId"])
    sequence = _place(region, stream, shard, request)
    now = region.backend.clock.seconds()
    return {"ShardIterator": _Iterator(stream.arn, shard.shard_id, sequence, now).text()}


_BY_NUMBER = frozenset({"AT_SEQUENCE_NUMBER", "AFTER_SEQUENCE_NUMBER"})


def _check_place(request: Request) -> None:
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


def _place(region: Region, stream: Stream, shard: Shard, request: Request) -> int:
    """Return the sequence of the first record that an iterator is to read."""
    kind = request["ShardIteratorType"]
    if kind == "LATEST":
        return stream.next_sequence
    if kind == "TRIM_HORIZON":
        return _oldest(stream, shard)
    if kind == "AT_TIMESTAMP":
        if request["Timestamp"] > region.backend.clock.seconds():
            raise ValidationError(messages.ITERATOR_IN_FUTURE)
        return stream.first_at(shard, request["Timestamp"])
    return _numbered_place(stream, shard, request)


def _oldest(stream: Stream, shard: Shard) -> int:
    oldest = stream.records_from(shard, 0, 1)
    return oldest[0].sequence if oldest else stream.next_sequence


def _numbered_place(stream: Stream, shard: Shard, request: Request) -> int:
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


@operation("GetRecords", plane=Plane.STREAMS)
def get_records(intent: Intent, door: Door) -> Response:
    """Return the next records of a shard, at most 1000 and 1 MB.

    https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_streams_GetRecords.html
    """
    region = door.region
    place = _Iterator.of(intent.request["ShardIterator"])
    stream = _find_stream(region, place.arn)
    shard = _find_shard(stream, place.shard_id)
    now = region.backend.clock.seconds()
    if now > place.at_seconds + limits.SHARD_ITERATOR_SECONDS:
        raise ExpiredIteratorError(messages.SHARD_ITERATOR_EXPIRED)
    _check_not_trimmed(stream, shard, place.sequence)
    limit = intent.request.get("Limit", limits.STREAM_RECORDS_PAGE_MAX)
    # One more than asked for tells whether a closed shard has come to its end.
    records = stream.records_from(shard, place.sequence, limit + 1)
    page = _page(stream, records[:limit])
    response: Response = {"Records": page}
    if shard.is_open or len(page) < len(records):
        sequence = records[len(page) - 1].sequence + 1 if page else place.sequence
        next_place = place._replace(sequence=sequence, at_seconds=now)
        response["NextShardIterator"] = next_place.text()
    return response


def _page(stream: Stream, records: list[StreamRecord]) -> list[dict[str, Any]]:
    """Return the records that go into one answer, by their sizes."""
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
