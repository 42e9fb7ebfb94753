"""The streams of a region: enabling, disabling and finding them.

https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Streams.html
"""

from __future__ import annotations

from math import inf, nextafter
from typing import TYPE_CHECKING

from ddbmock._internal import limits
from ddbmock._internal.arns import stream_arn
from ddbmock._internal.engine.streams import Stream
from ddbmock._internal.times import stream_label

if TYPE_CHECKING:
    from ddbmock._internal.engine.backend import Region
    from ddbmock._internal.engine.table import Table


def enable_stream(region: Region, table: Table, view_type: str) -> Stream:
    """Enable a stream of a table."""
    backend = region.backend
    stream = Stream(
        region.arns.table(table.name),
        _free_label(region, table),
        table.key_schema,
        view_type,
        clock=backend.clock,
        journal=backend.journal,
        shard_count=backend.stream_shards,
    )
    add_stream(region, stream, table)
    return stream


def add_stream(region: Region, stream: Stream, table: Table | None) -> None:
    """Add a stream, as the latest one of its table if that exists."""
    region.store.of(Stream).put(stream.arn, stream)
    if table is not None:
        table.use_stream(stream)
    if stream.disabled_at is not None:
        _schedule_end(region, stream, stream.disabled_at)
    elif table is not None:
        table.add_recorder(stream.capture)


def _free_label(region: Region, table: Table) -> str:
    """Return the label of a new stream: the time, later if that is taken."""
    table_arn = region.arns.table(table.name)
    milliseconds = int(region.backend.clock.seconds() * 1000)
    while stream_arn(table_arn, stream_label(milliseconds)) in region.streams:
        milliseconds += 1
    return stream_label(milliseconds)


def disable_stream(region: Region, table: Table) -> None:
    """Disable the stream of a table, if it has one; it stays the table's latest stream.

    Its records can be read for a day.
    """
    stream = table.stream
    if stream is None or not stream.is_enabled:
        return
    table.remove_recorder(stream.capture)
    stream.disable()
    _schedule_end(region, stream, region.backend.clock.seconds())


def _schedule_end(region: Region, stream: Stream, disabled_at: float) -> None:
    """Remove a stream when the retention of its last records is over."""
    streams = region.store.of(Stream)
    # It is readable up to and including the end of the retention.
    after = nextafter(disabled_at + limits.STREAM_RETENTION_SECONDS, inf)
    region.backend.agenda.schedule(
        (stream, "retention"), after, lambda _: streams.remove(stream.arn)
    )


def streams_of(region: Region, table_name: str | None = None) -> list[Stream]:
    """Return the readable streams in the order of their ARNs, of one table or of all."""
    return [stream for stream in region.streams.values() if table_name in {None, stream.table_name}]
