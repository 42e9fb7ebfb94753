"""What is read along: a table or one of its indexes, with one face for both."""

from __future__ import annotations

from functools import partial
from operator import attrgetter, itemgetter
from typing import TYPE_CHECKING

from ddbmock.engine.order import keys_in_order

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from sortedcontainers import SortedList

    from ddbmock.engine.index import Index, Row
    from ddbmock.engine.items import StoredItem
    from ddbmock.engine.keys import KeySchema, OrderKey
    from ddbmock.engine.table import Table


_place = itemgetter(-1)
_entry = attrgetter("entry")


def _entries_in(rows: list[Row]) -> Iterator[StoredItem]:
    return map(_entry, map(_place, rows))


class Source:
    """A table, or one of its indexes, as something to be read in order."""

    __slots__ = ("entries_at", "index", "key_schema", "order", "start_key_names", "table")

    #: Yields what is kept under these order keys of the table, or in these rows of the index.
    entries_at: Callable[[list[Row]], Iterator[StoredItem]]

    def __init__(self, table: Table, index: Index | None) -> None:
        self.table = table
        self.index = index
        #: What is read along: the order keys of the table, or the rows of the index.
        self.order: SortedList[Row] = keys_in_order(table.items) if index is None else index.rows
        #: The key that is queried.
        self.key_schema: KeySchema = table.key_schema if index is None else index.key_schema
        #: The attributes of a LastEvaluatedKey: the index's key and the table's key.
        self.start_key_names = table.key_schema.names if index is None else index.start_key_names
        # Whatever is read goes through here, so it is done in C.
        self.entries_at = partial(map, table.items.__getitem__) if index is None else _entries_in

    def table_key(self, row: Row) -> OrderKey:
        """Return the table's key of a local index's row (they share the partition key)."""
        width = len(self.table.key_schema.names)
        return (row[0], *row[-1 - width : -1])
