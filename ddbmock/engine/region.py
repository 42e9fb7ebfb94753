"""One region of one account: its tables, their streams, and its other resources."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from ddbmock.arns import Namespace, stream_arn
from ddbmock.engine.expiry import ExpiryQueue
from ddbmock.engine.store import Store
from ddbmock.engine.streams import Stream
from ddbmock.engine.table import Table
from ddbmock.times import stream_label

if TYPE_CHECKING:
    from sortedcontainers import SortedDict

    from ddbmock.engine.backend import Backend


class Region:
    """One region of one account.

    >>> from ddbmock.engine.backend import Backend
    >>> Backend().region("eu-west-1").arns.table("orders")
    'arn:aws:dynamodb:eu-west-1:123456789012:table/orders'
    """

    def __init__(self, backend: Backend, name: str, account_id: str) -> None:
        self.backend = backend
        self.name = name
        self.account_id = account_id
        #: The ARNs of the region's resources.
        self.arns = Namespace(name, account_id)
        #: All resources by kind.
        self.store = Store(backend.journal)
        self._tables = self.store.of(Table, in_order=True)
        #: The tables by name and in its order, for reading.
        self.tables = cast("SortedDict[str, Table]", self._tables.records)
        self._streams = self.store.of(Stream, in_order=True)
        #: The streams by ARN and in its order, those of deleted tables too, for reading.
        self.streams = self._streams.records
        #: The names of tables that may have something to do when time passes.
        self.pending_tables: set[str] = set()

    # --- tables ------------------------------------------------------------------------------

    def add_table(self, table: Table) -> None:
        """Add a table."""
        self._tables.put(table.name, table)

    def remove_table(self, name: str) -> Table:
        """Remove a table and return it."""
        return self._tables.remove(name)

    def use_time_to_live(self, table: Table, attribute_name: str | None) -> None:
        """Delete the items of a table when the time in an attribute is over; None ends that."""
        if attribute_name is None:
            table.use_expiry(None)
            return
        queue = ExpiryQueue(attribute_name)
        queue.rebuild(table.items)
        table.use_expiry(queue)
        self.pending_tables.add(table.name)

    # --- streams -----------------------------------------------------------------------------

    def enable_stream(self, table: Table, view_type: str) -> Stream:
        """Begin a stream of a table."""
        stream = Stream(
            self.arns.table(table.name),
            self._free_label(table),
            table.key_schema,
            view_type,
            clock=self.backend.clock,
            journal=self.backend.journal,
            shard_count=self.backend.stream_shards,
        )
        self._streams.put(stream.arn, stream)
        table.add_recorder(stream.capture)
        table.use_stream(stream)
        return stream

    def disable_stream(self, table: Table) -> None:
        """End the stream of a table, if it has one; it stays the table's latest stream."""
        stream = table.stream
        if stream is not None and stream.is_enabled:
            table.remove_recorder(stream.capture)
            stream.disable()

    def streams_of(self, table_name: str | None = None) -> list[Stream]:
        """Return the readable streams in the order of their ARNs, of one table or of all."""
        return [
            stream
            for stream in self.streams.values()
            if table_name in {None, stream.table_name} and not stream.is_gone
        ]

    def find_stream(self, arn: str) -> Stream | None:
        """Return the stream of this ARN if it can be read."""
        stream = self.streams.get(arn)
        return None if stream is None or stream.is_gone else stream

    def _free_label(self, table: Table) -> str:
        """Return the label of a stream that begins now; of two at one time, the second is later."""
        table_arn = self.arns.table(table.name)
        milliseconds = int(self.backend.clock.seconds() * 1000)
        while stream_arn(table_arn, stream_label(milliseconds)) in self.streams:
            milliseconds += 1
        return stream_label(milliseconds)
