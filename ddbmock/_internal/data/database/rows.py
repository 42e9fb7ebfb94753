"""The rows of one backend in a database: lines of a saved state by resource, item and record."""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import takewhile
from typing import TYPE_CHECKING, Any

from ddbmock._internal.data.database.resources import Resource, resources_in
from ddbmock._internal.data.saved_state.pasts import PAST, replaced_lines
from ddbmock._internal.data.saved_state.replicas import REPLICA
from ddbmock._internal.data.saved_state.sections import SECTIONS
from ddbmock._internal.data.saved_state.streams import record_line
from ddbmock._internal.data.saved_state.tables import item_line
from ddbmock._internal.data.saved_state.writing import region_line
from ddbmock._internal.engine.history import History
from ddbmock._internal.engine.streams import Stream
from ddbmock._internal.engine.table import Table
from ddbmock._internal.formats.dynamodb_json import json_line
from ddbmock._internal.formats.file_errors import FileError
from ddbmock._internal.formats.files import Line

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Collection, Iterable, Iterator

    from ddbmock._internal.data.database.file import DatabaseFile
    from ddbmock._internal.data.database.resources import Address
    from ddbmock._internal.engine.backend import Backend
    from ddbmock._internal.engine.keys import OrderKey
    from ddbmock._internal.engine.streams import Shard, StreamRecord

#: The key of the changes of a history, in place of the shard of a stream.
_CHANGES = "changes"
_PUT_PART = "INSERT OR REPLACE INTO parts VALUES (?, ?, ?)"
_DELETE_PART = "DELETE FROM parts WHERE resource = ? AND key = ?"
_DELETE_PARTS_UP_TO = "DELETE FROM parts WHERE resource = ? AND key > ? AND key <= ?"


@dataclass(slots=True)
class Row:
    """The row of a resource."""

    row_id: int
    resource: Resource
    #: The object that was written.
    written: Any
    text: str
    #: Of a stream: the last record that was written for each shard, and the last deleted one.
    #: Of a history, which is one log: the last change that was written, and the last deleted one.
    last_written: dict[str, int] = field(default_factory=dict)
    last_deleted: dict[str, int] = field(default_factory=dict)
    #: Of a history: the offset of the numbers of its changes, which begin anew when it is read.
    number_offset: int = 0


class Rows:
    """The rows of one backend.

    Writes run within a `transaction`. After a failed one, `clear` must be called first.
    """

    def __init__(self, file: DatabaseFile, name: str) -> None:
        self._file = file
        self._name = name
        ids = file.rows("SELECT id FROM backends WHERE name = ?", name)
        #: The number of the backend; 0 for one that is not in the database.
        self._id: int = ids[0][0] if ids else 0
        self._connection: sqlite3.Connection
        self._by_address: dict[Address, Row] = {}
        self._of_tables: dict[Table, Row] = {}
        self._of_streams: dict[Stream, Row] = {}
        self._head = ""

    @property
    def are_there(self) -> bool:
        """Whether the database has the backend."""
        return bool(self._id)

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """Execute the writes of a block in one transaction."""
        with self._file.transaction() as self._connection:
            yield

    # --- reading -----------------------------------------------------------------------------

    def lines(self) -> Iterator[Line]:
        """Yield the lines of a saved state.

        Raises:
            FileError: The database has sections that this ddbmock does not know.
        """
        order = {section.name: at for at, section in enumerate(SECTIONS)}
        resources = self._file.rows(
            "SELECT account, region, section, id, line FROM resources WHERE backend = ?"
            " ORDER BY account, region, id",
            self._id,
        )
        unknown = sorted({row[2] for row in resources} - order.keys())
        if unknown:
            raise FileError(
                str(self._file.path),
                f"ddbmock does not know what {unknown[0]!r} is",
                hint="a newer version may have written the file",
            )
        resources.sort(key=lambda row: (row[0], row[1], order[row[2]]))
        ((part_count,),) = self._file.rows("SELECT count(*) FROM parts")
        line_count = max(part_count + len(resources), 1)
        for number, text in enumerate(self._texts(resources), 1):
            yield Line(number, text.encode(), min(number / line_count, 1.0))

    def _texts(self, resources: Iterable[tuple[Any, ...]]) -> Iterator[str]:
        yield self._file.rows("SELECT head FROM backends WHERE id = ?", self._id)[0][0]
        place = None
        for account, region, _, row_id, text in resources:
            if place != (account, region):
                place = (account, region)
                yield json_line(region_line(account, region))
            yield from text.split("\n")
            parts = "SELECT line FROM parts WHERE resource = ? ORDER BY key"
            for (part,) in self._file.rows(parts, row_id):
                yield part

    def adopt(self, backend: Backend) -> None:
        """Record the resources of the backend, which has just been read from these rows."""
        ids = {
            tuple(address): row_id
            for row_id, *address in self._file.rows(
                "SELECT id, account, region, section, key FROM resources WHERE backend = ?",
                self._id,
            )
        }
        for region in backend.all_regions():
            for section in SECTIONS:
                for resource in resources_in(region, section):
                    text = resource.text()
                    if resource.address in ids and text:
                        row = Row(ids[resource.address], resource, resource.content, text)
                        self._remember(row)
                        if isinstance(row.written, Stream):
                            list(_new_records(row, row.written))
                        elif isinstance(row.written, History):
                            self._adopt_past(row, row.written)

    def _adopt_past(self, row: Row, history: History) -> None:
        """Record that the changes that were read are written, with their former numbers."""
        keys = self._file.rows("SELECT max(key) FROM parts WHERE resource = ?", row.row_id)
        row.number_offset = int(keys[0][0] or 0) - history.number
        row.last_written[_CHANGES] = history.number

    # --- recorded rows -----------------------------------------------------------------------

    def find(self, address: Address) -> Row | None:
        """Return the row of a resource."""
        return self._by_address.get(address)

    def have_tables(self, tables: Iterable[Table]) -> bool:
        """Return whether all of these tables have rows."""
        return all(table in self._of_tables for table in tables)

    def _remember(self, row: Row) -> None:
        self._by_address[row.resource.address] = row
        if isinstance(row.written, Table):
            self._of_tables[row.written] = row
        elif isinstance(row.written, Stream):
            self._of_streams[row.written] = row

    def _forget(self, row: Row) -> None:
        del self._by_address[row.resource.address]
        if isinstance(row.written, Table):
            del self._of_tables[row.written]
        elif isinstance(row.written, Stream):
            del self._of_streams[row.written]

    # --- writing -----------------------------------------------------------------------------

    def clear(self) -> None:
        """Delete all rows, so that everything can be written again."""
        connection = self._connection
        if not self._id:
            connection.execute("INSERT INTO backends (name, head) VALUES (?, '')", (self._name,))
        statement = "SELECT id FROM backends WHERE name = ?"
        (self._id,) = connection.execute(statement, (self._name,)).fetchone()
        own = (self._id,)
        connection.execute(
            "DELETE FROM parts WHERE resource IN (SELECT id FROM resources WHERE backend = ?)", own
        )
        connection.execute("DELETE FROM resources WHERE backend = ?", own)
        self._by_address, self._of_tables, self._of_streams, self._head = {}, {}, {}, ""

    def put_head(self, head: str) -> None:
        """Write the first line of the saved state, which has the clock."""
        if head != self._head:
            self._connection.execute("UPDATE backends SET head = ? WHERE id = ?", (head, self._id))
            self._head = head

    def put(self, resource: Resource, text: str) -> None:
        """Write a resource; a new table or stream with its contents."""
        row = self._by_address.get(resource.address)
        if row is not None and row.written is not resource.content and _has_parts(resource):
            self._delete(row)
            row = None
        if row is None:
            self._add(resource, text)
            return
        row.written = resource.content
        if row.text != text:
            self._connection.execute(
                "UPDATE resources SET line = ? WHERE id = ?", (text, row.row_id)
            )
            row.text = text
        if isinstance(row.written, Stream):
            self._put_records(row, row.written)
        elif isinstance(row.written, History):
            self._put_changes(row, row.written)

    def _add(self, resource: Resource, text: str) -> None:
        cursor = self._connection.execute(
            "INSERT INTO resources (backend, account, region, section, key, line)"
            " VALUES (?, ?, ?, ?, ?, ?)",
            (self._id, *resource.address, text),
        )
        row = Row(cursor.lastrowid or 0, resource, resource.content, text)
        self._remember(row)
        if isinstance(row.written, Table):
            items = row.written.items.items()
            parts = ((row.row_id, _item_key(key), json_line(item_line(i))) for key, i in items)
            self._connection.executemany(_PUT_PART, parts)
        elif isinstance(row.written, Stream):
            self._put_records(row, row.written)
        elif isinstance(row.written, History):
            self._put_changes(row, row.written)

    def put_items(self, table: Table, keys: Iterable[OrderKey]) -> None:
        """Write the present items, the records of the table's stream, and its history."""
        row = self._of_tables.get(table)
        if row is None:
            return  # the same block deleted it
        for key in keys:
            stored = table.items.get(key)
            if stored is None:
                self._connection.execute(_DELETE_PART, (row.row_id, _item_key(key)))
            else:
                part = (row.row_id, _item_key(key), json_line(item_line(stored)))
                self._connection.execute(_PUT_PART, part)
        stream_row = None if table.stream is None else self._of_streams.get(table.stream)
        if stream_row is not None:
            self.put(stream_row.resource, stream_row.resource.text())
        if table.settings.recovery is not None:
            past = self._row_beside(row, PAST)
            if past is not None and table.history is not None and past.written is table.history:
                self._put_changes(past, table.history)

    def _row_beside(self, of_table: Row, section_name: str) -> Row | None:
        """Return the row of the same table in another section."""
        account_id, region_name, _, name = of_table.resource.address
        return self._by_address.get((account_id, region_name, section_name, name))

    def put_replica(self, table: Table) -> None:
        """Write the updates in transit from a table to its replicas."""
        of_table = self._of_tables.get(table)
        if of_table is not None:
            row = self._row_beside(of_table, REPLICA)
            if row is not None:
                self.put(row.resource, row.resource.text())

    def _put_changes(self, row: Row, history: History) -> None:
        """Write the new changes of a history, and delete those before its window."""
        last, offset = row.last_written.get(_CHANGES, 0), row.number_offset
        new = list(takewhile(lambda change: change.number > last, reversed(history.changes)))
        table = row.resource.region.tables[row.resource.key]
        self._connection.executemany(
            _PUT_PART,
            (
                (row.row_id, _change_key(number + offset), json_line(line))
                for number, line in replaced_lines(table, new[::-1])
            ),
        )
        row.last_written[_CHANGES] = history.number
        gone = (history.changes[0].number if history.changes else history.number + 1) - 1
        if gone > row.last_deleted.get(_CHANGES, 0):
            row.last_deleted[_CHANGES] = gone
            bounds = (_change_key(0), _change_key(gone + offset))
            self._connection.execute(_DELETE_PARTS_UP_TO, (row.row_id, *bounds))

    def _put_records(self, row: Row, stream: Stream) -> None:
        self._connection.executemany(_PUT_PART, _new_records(row, stream))
        for shard_id in [known for known in row.last_written if known not in stream.shards]:
            self._delete_records(row, shard_id, row.last_written.pop(shard_id))
        for shard in stream.shards.values():
            if shard.log.trimmed_sequence > row.last_deleted.get(shard.shard_id, 0):
                row.last_deleted[shard.shard_id] = shard.log.trimmed_sequence
                self._delete_records(row, shard.shard_id, shard.log.trimmed_sequence)

    def _delete_records(self, row: Row, shard_id: str, last: int) -> None:
        bounds = (_record_key(shard_id, 0), _record_key(shard_id, last))
        self._connection.execute(_DELETE_PARTS_UP_TO, (row.row_id, *bounds))

    def delete_others(self, present: Collection[Address]) -> None:
        """Delete the rows of resources that no longer exist."""
        for row in [
            row for row in self._by_address.values() if row.resource.address not in present
        ]:
            self._delete(row)

    def _delete(self, row: Row) -> None:
        self._connection.execute("DELETE FROM parts WHERE resource = ?", (row.row_id,))
        self._connection.execute("DELETE FROM resources WHERE id = ?", (row.row_id,))
        self._forget(row)


def _has_parts(resource: Resource) -> bool:
    return isinstance(resource.content, Table | Stream | History)


def _item_key(key: OrderKey) -> str:
    # Without the hash; values of keys are canonical, so equal keys have one text.
    return ascii(key[1:])


def _record_key(shard_id: str, sequence: int) -> str:
    return f"{shard_id} {sequence:020}"


def _change_key(number: int) -> str:
    return f"{number:020}"


def _new_records(row: Row, stream: Stream) -> Iterator[tuple[int, str, str]]:
    """Yield the records that have not been written yet, and record that they are."""
    for shard in stream.shards.values():
        last = row.last_written.get(shard.shard_id, 0)
        for record in reversed(_records_after(shard, last)):
            key = _record_key(shard.shard_id, record.sequence)
            yield row.row_id, key, json_line(record_line(shard, record))
            row.last_written[shard.shard_id] = record.sequence


def _records_after(shard: Shard, sequence: int) -> list[StreamRecord]:
    """Return the records of a shard that come after one, the newest first."""
    return list(takewhile(lambda record: record.sequence > sequence, reversed(shard.records)))
