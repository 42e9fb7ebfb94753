"""Secondary indexes: sparse, ordered, projected copies of a table's items.

An index is a list of *rows* in order, each `(*order key of the entry, cell)`. Reading it is walking
along the rows. Nothing is looked up for each entry, which would mean cache misses in a large table.
A write that leaves the entry's key as it was replaces the entry in the cell.

A write has two steps: `plan` returns a planned write, and its method `write` executes it.

https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/SecondaryIndexes.html
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sortedcontainers import SortedList

from ddbmock._internal import limits
from ddbmock._internal.engine.items import StoredItem
from ddbmock._internal.engine.packing import expect_repeated
from ddbmock._internal.engine.values import Item, item_bytes, normalize_value

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from ddbmock._internal.engine.keys import KeyAttribute, KeySchema, OrderKey

#: An entry's order key, and after it the entry's cell.
Row = tuple[Any, ...]


@dataclass(frozen=True, slots=True)
class Projection:
    """Which attributes an index projects: ALL, KEYS_ONLY or INCLUDE with further names."""

    kind: str
    non_key_attributes: tuple[str, ...] = ()


def _has_empty(key: OrderKey) -> bool:
    """Return whether a text or binary of a key is empty (a number may be 0)."""
    return any(not content and isinstance(content, (str, bytes)) for content in key)


def _content_bytes(attributes: Sequence[KeyAttribute], item: Item) -> int:
    return sum(normalize_value(item[attribute.name]) for attribute in attributes)


class EntryCell:
    """A cell with the entry of a row, so that an entry can be replaced without moving its row."""

    __slots__ = ("entry",)

    def __init__(self, entry: StoredItem) -> None:
        self.entry: StoredItem = entry


class Index:
    """One global or local secondary index of a table.

    Entries order by the index's key, then by a hash of the table's key. An item that lacks a key
    attribute of the index, or in which one is empty or too long for a key, has no entry.
    """

    __slots__ = (
        "_key_width",
        "_row_of",
        "_table_key_schema",
        "is_global",
        "key_schema",
        "name",
        "projected_names",
        "projection",
        "rows",
        "size_bytes",
        "start_key_names",
    )

    def __init__(
        self,
        name: str,
        key_schema: KeySchema,
        projection: Projection,
        table_key_schema: KeySchema,
        *,
        is_global: bool,
    ) -> None:
        self.name: str = name
        self.key_schema: KeySchema = key_schema
        self.projection: Projection = projection
        self.is_global: bool = is_global
        self._table_key_schema = table_key_schema
        #: How much of a row is the index's own key: its hash and its attributes.
        self._key_width = 1 + len(key_schema.names)
        self.rows: SortedList[Row] = SortedList()
        #: Each item's row, by the table's key.
        self._row_of: dict[OrderKey, Row] = {}
        self.size_bytes: int = 0
        expect_repeated(key_schema.partition_names)
        #: The attributes that name an entry: the table's key and the index's.
        self.start_key_names: tuple[str, ...] = tuple(
            dict.fromkeys((*table_key_schema.names, *key_schema.names))
        )
        #: The attributes that are projected; None for all.
        self.projected_names: frozenset[str] | None = None
        if projection.kind != "ALL":
            self.projected_names = frozenset(
                (*key_schema.names, *table_key_schema.names, *projection.non_key_attributes)
            )

    def empty(self) -> Index:
        """Return an index that is defined as this one and has no entries."""
        return Index(
            self.name,
            self.key_schema,
            self.projection,
            self._table_key_schema,
            is_global=self.is_global,
        )

    def projects(self, names: frozenset[str]) -> bool:
        """Return whether the entries hold all of these attributes where the items have them."""
        return self.projected_names is None or names <= self.projected_names

    @property
    def entry_count(self) -> int:
        """Return how many entries there are."""
        return len(self.rows)

    def entries(self) -> Iterator[StoredItem]:
        """Yield the entries in order."""
        for row in self.rows:
            yield row[-1].entry

    def entry_key(self, item: Item, table_key: OrderKey) -> OrderKey | None:
        """Return the order key of an item's entry; None if the item is not in the index."""
        key = self.key_schema.order_key(item)
        # An empty value can only be in an item that is older than the index.
        if key is None or (not all(key) and _has_empty(key)):
            return None
        # Ties are broken by a hash of the table's key, as observed, and by that key itself.
        return (*key, self._table_key_schema.hash_key(item, table_key), *table_key[1:])

    def plan(
        self,
        table_key: OrderKey,
        new: StoredItem | None,
        new_item: Item | None,
        written_names: frozenset[str] | None = None,
    ) -> IndexWrite | None:
        """Return the write to this index that a change of an item causes, None for none.

        `new` is the stored item after the change, `new_item` the same decoded, and `written_names`
        the attributes beside which nothing has changed; None for all.
        """
        row = self._row_of.get(table_key)
        if new is None or new_item is None:
            return None if row is None else RowWrite(self, table_key, row, None)
        if row is not None and self._stays(row, new_item, written_names):
            return self._plan_entry(row[-1], new, new_item, written_names)
        key = self.entry_key(new_item, table_key)
        # Only a large item can hold a value that is too long.
        if key is None or (
            new.size_bytes > limits.SORT_KEY_BYTES_MAX and self._has_too_long(new_item)
        ):
            return None if row is None else RowWrite(self, table_key, row, None)
        return RowWrite(self, table_key, row, (*key, EntryCell(self._entry_of(new, new_item))))

    def _stays(self, row: Row, new_item: Item, written_names: frozenset[str] | None) -> bool:
        """Return whether the row of an item stays where it is: the rest of it is the table's key.

        What has a row is neither empty nor too long.
        """
        if written_names is not None and written_names.isdisjoint(self.key_schema.names):
            return True
        return row[: self._key_width] == self.key_schema.order_key(new_item)

    def _plan_entry(
        self,
        cell: EntryCell,
        new: StoredItem,
        new_item: Item,
        written_names: frozenset[str] | None,
    ) -> EntryWrite | None:
        """Return what replaces the entry in a cell, None if the entry stays as it is."""
        names = self.projected_names
        if names is None:
            return EntryWrite(self, cell, new)
        if written_names is not None and written_names.isdisjoint(names):
            return None
        entry = self._entry_of(new, new_item)
        return None if entry.equals(cell.entry) else EntryWrite(self, cell, entry)

    def _entry_of(self, stored: StoredItem, item: Item) -> StoredItem:
        """Return the part of an item that is projected; `item` is the stored one decoded."""
        names = self.projected_names
        if names is None:
            return stored
        projected = {name: value for name, value in item.items() if name in names}
        return StoredItem(projected, item_bytes(projected))

    def _has_too_long(self, item: Item) -> bool:
        """Return whether the key attributes are too long for the index's key.

        They can only be in an item that is older than the index.
        """
        schema = self.key_schema
        return (
            _content_bytes(schema.partition, item) > limits.PARTITION_KEY_BYTES_MAX
            or _content_bytes(schema.sort, item) > limits.SORT_KEY_BYTES_MAX
        )

    def row_of(self, table_key: OrderKey) -> Row | None:
        """Return the row of an item, None when it is not in the index."""
        return self._row_of.get(table_key)

    def row_for(self, table_key: OrderKey, stored: StoredItem) -> Row | None:
        """Return the row that an item would have, None when it would not be in the index."""
        item = stored.load()
        key = self.entry_key(item, table_key)
        if key is None:
            return None
        return (*key, EntryCell(self._entry_of(stored, item)))

    def move_row(self, table_key: OrderKey, removed: Row | None, added: Row | None) -> None:
        """Remove the row of an item, add one, or both."""
        if removed is not None:
            del self._row_of[table_key]
            self.rows.remove(removed)
        if added is not None:
            self._row_of[table_key] = added
            self.rows.add(added)

    def rebuild(self, items: Mapping[OrderKey, StoredItem]) -> None:
        """Replace all entries by those of the given items."""
        self.rows.clear()
        self._row_of.clear()
        self.size_bytes = 0
        for table_key, stored in items.items():
            planned = self.plan(table_key, stored, stored.load())
            if isinstance(planned, RowWrite) and planned.added is not None:
                self._row_of[table_key] = planned.added
                self.size_bytes += planned.grown_bytes
        # Sorting all rows at once is faster than inserting each.
        self.rows.update(self._row_of.values())

    def _check(self, fresh: Index) -> None:
        """Assert that this index equals a rebuilt one; for tests only."""
        assert [row[:-1] for row in self.rows] == [row[:-1] for row in fresh.rows]
        assert [e.load() for e in self.entries()] == [e.load() for e in fresh.entries()]
        assert self.size_bytes == fresh.size_bytes
        assert len(self._row_of) == len(self.rows)
        for table_key, row in fresh._row_of.items():
            assert self._row_of[table_key][:-1] == row[:-1]
            assert self._row_of[table_key][-1].entry.load() == row[-1].entry.load()


class RowWrite:
    """A planned write that adds a row to an index, removes one, or both."""

    __slots__ = ("_removed", "_table_key", "added", "entry_bytes", "grown_bytes", "index")

    def __init__(
        self, index: Index, table_key: OrderKey, removed: Row | None, added: Row | None
    ) -> None:
        self.index: Index = index
        self._table_key = table_key
        self._removed = removed
        self.added: Row | None = added
        #: The size of each entry that is written, a removed one included.
        self.entry_bytes: tuple[int, ...] = ()
        #: By how much the index grows.
        self.grown_bytes: int = 0
        if removed is not None:
            removed_bytes: int = removed[-1].entry.size_bytes
            self.entry_bytes = (removed_bytes,)
            self.grown_bytes = -removed_bytes
        if added is not None:
            added_bytes: int = added[-1].entry.size_bytes
            self.entry_bytes += (added_bytes,)
            self.grown_bytes += added_bytes

    def write(self) -> None:
        """Execute the write; the index must not have been written to since it was planned."""
        self.index.move_row(self._table_key, self._removed, self.added)
        self.index.size_bytes += self.grown_bytes

    def order_keys(self, _table_key: OrderKey) -> list[OrderKey]:
        """Return the order keys of the entries that are written, a removed one included."""
        return [row[:-1] for row in (self._removed, self.added) if row is not None]


class EntryWrite:
    """A planned write that replaces an entry whose key stays."""

    __slots__ = ("_cell", "_entry", "entry_bytes", "grown_bytes", "index")

    def __init__(self, index: Index, cell: EntryCell, entry: StoredItem) -> None:
        self.index: Index = index
        self._cell = cell
        self._entry = entry
        old_bytes, new_bytes = cell.entry.size_bytes, entry.size_bytes
        #: The size by which the write is charged: the larger of before and after.
        self.entry_bytes: tuple[int] = (max(old_bytes, new_bytes),)
        #: By how much the index grows.
        self.grown_bytes: int = new_bytes - old_bytes

    def write(self) -> None:
        """Execute the write; the index must not have been written to since it was planned."""
        self._cell.entry = self._entry
        self.index.size_bytes += self.grown_bytes

    def order_keys(self, table_key: OrderKey) -> list[OrderKey]:
        """Return the order key of the entry that is written."""
        row = self.index.row_of(table_key)
        return [] if row is None else [row[:-1]]


#: A planned write of one change to one index.
IndexWrite = RowWrite | EntryWrite
