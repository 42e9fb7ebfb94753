"""Secondary indexes: sparse, ordered, projected copies of a table's items.

An index is a list of *rows* in order, each `(*entry key, place)`. To read it is to walk along the
rows: nothing has to be looked up for each entry, which in a large table would mean to wait for
memory. What lies at a place is replaced by a write that leaves the entry's key as it was.

https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/SecondaryIndexes.html
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sortedcontainers import SortedList

from ddbmock.engine.items import Change, IndexWrite, StoredItem
from ddbmock.engine.values import Item, item_bytes

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ddbmock.engine.keys import KeySchema, OrderKey

#: An entry's order key, and after it the entry's place.
Row = tuple[Any, ...]


@dataclass(frozen=True, slots=True)
class Projection:
    """Which attributes an index keeps: ALL, KEYS_ONLY or INCLUDE with further names."""

    kind: str
    non_key_attributes: tuple[str, ...] = ()


def _has_empty(key: OrderKey) -> bool:
    """Return whether a text or binary of a key is empty (a number may be 0)."""
    return any(not content and isinstance(content, (str, bytes)) for content in key)


class Place:
    """Where an index keeps an entry."""

    __slots__ = ("entry",)

    def __init__(self, entry: StoredItem) -> None:
        self.entry = entry


class Index:
    """One global or local secondary index of a table.

    Entries order by the index's key, then by a hash of the table's key. An item that lacks a key
    attribute of the index, or in which one is empty, has no entry.
    """

    __slots__ = (
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
        self.name = name
        self.key_schema = key_schema
        self.projection = projection
        self.is_global = is_global
        self._table_key_schema = table_key_schema
        self.rows: SortedList[Row] = SortedList()
        #: Each item's row, by the table's key.
        self._row_of: dict[OrderKey, Row] = {}
        self.size_bytes = 0
        #: The attributes that name an entry: the table's key and the index's.
        self.start_key_names = tuple(dict.fromkeys((*table_key_schema.names, *key_schema.names)))
        #: The attributes an entry keeps; None stands for all.
        self.projected_names: frozenset[str] | None = None
        if projection.kind != "ALL":
            self.projected_names = frozenset(
                (*key_schema.names, *table_key_schema.names, *projection.non_key_attributes)
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
        """Return where the item's entry lies, or None when the item is not in the index."""
        key = self.key_schema.order_key(item)
        # An empty value can only be in an item that is older than the index.
        if key is None or (not all(key) and _has_empty(key)):
            return None
        # Ties are broken by a hash of the table's key, as observed, and by that key itself.
        return (*key, self._table_key_schema.hash_key(item, table_key), *table_key[1:])

    def apply(self, change: Change) -> IndexWrite | None:
        """Follow a change of the table and return what was written, None for nothing."""
        new_item, table_key = change.new_item, change.key
        new_key = None if new_item is None else self.entry_key(new_item, table_key)
        row = self._row_of.get(table_key)
        written: list[int] = []
        if row is not None and row[:-1] != new_key:
            written.append(self._remove(table_key, row))
            row = None
        if new_key is not None and change.new is not None and new_item is not None:
            old_entry = None if row is None else row[-1].entry
            entry = self._entry_of(new_item, change.new, old_entry)
            if entry is not old_entry:
                written.append(self._put(table_key, row, new_key, entry))
        return IndexWrite(self.name, self.is_global, written) if written else None

    def _remove(self, table_key: OrderKey, row: Row) -> int:
        del self._row_of[table_key]
        self.rows.remove(row)
        size_bytes: int = row[-1].entry.size_bytes
        self.size_bytes -= size_bytes
        return size_bytes

    def _put(self, table_key: OrderKey, row: Row | None, key: OrderKey, entry: StoredItem) -> int:
        old_bytes = 0
        if row is None:
            self._row_of[table_key] = row = (*key, Place(entry))
            self.rows.add(row)
        else:
            place: Place = row[-1]
            old_bytes = place.entry.size_bytes
            place.entry = entry
        self.size_bytes += entry.size_bytes - old_bytes
        return max(old_bytes, entry.size_bytes)

    def _entry_of(self, item: Item, stored: StoredItem, old_entry: StoredItem | None) -> StoredItem:
        """Return the entry for an item: the old one itself when what it keeps did not change."""
        if self.projected_names is None:
            return stored
        kept = {name: value for name, value in item.items() if name in self.projected_names}
        if old_entry is not None and old_entry.load() == kept:
            return old_entry
        return StoredItem(kept, item_bytes(kept))

    def _check(self, fresh: Index) -> None:
        """Assert that this index is as one that was made anew; for tests only."""
        assert [row[:-1] for row in self.rows] == [row[:-1] for row in fresh.rows]
        assert [e.load() for e in self.entries()] == [e.load() for e in fresh.entries()]
        assert self.size_bytes == fresh.size_bytes
        assert len(self._row_of) == len(self.rows)
        for table_key, row in fresh._row_of.items():
            assert self._row_of[table_key][:-1] == row[:-1]
            assert self._row_of[table_key][-1].entry.load() == row[-1].entry.load()
