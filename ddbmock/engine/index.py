"""Secondary indexes: sparse, ordered, projected copies of a table's items.

https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/SecondaryIndexes.html
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sortedcontainers import SortedDict

from ddbmock.engine.items import Change, IndexWrite, StoredItem
from ddbmock.engine.values import Item, item_bytes

if TYPE_CHECKING:
    from ddbmock.engine.keys import KeySchema, OrderKey


@dataclass(frozen=True, slots=True)
class Projection:
    """Which attributes an index keeps: ALL, KEYS_ONLY or INCLUDE with further names."""

    kind: str
    non_key_attributes: tuple[str, ...] = ()


class Index:
    """One global or local secondary index of a table.

    Entries order by the index's key, then by the table's key. An item that lacks a key attribute
    of the index has no entry.
    """

    __slots__ = (
        "entries",
        "is_global",
        "key_schema",
        "name",
        "projected_names",
        "projection",
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
        self.entries: SortedDict[OrderKey, StoredItem] = SortedDict()
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

    def entry_key(self, item: Item, table_key: OrderKey) -> OrderKey | None:
        """Return where the item's entry lies, or None when the item is not in the index."""
        key = self.key_schema.order_key(item)
        # The table's key without its hash breaks ties.
        return None if key is None else key + table_key[1:]

    def apply(self, change: Change) -> IndexWrite | None:
        """Follow a change of the table and return what was written, None for nothing."""
        old_item, new_item = change.old_item, change.new_item
        old_key = None if old_item is None else self.entry_key(old_item, change.key)
        new_key = None if new_item is None else self.entry_key(new_item, change.key)
        written: list[int] = []
        if old_key is not None and old_key != new_key:
            written.append(self._remove(old_key))
            old_key = None
        if new_key is not None and change.new is not None and new_item is not None:
            written += self._put(new_key, old_key, new_item, change.new)
        return IndexWrite(self.name, self.is_global, written) if written else None

    def _remove(self, key: OrderKey) -> int:
        entry: StoredItem = self.entries.pop(key)
        self.size_bytes -= entry.size_bytes
        return entry.size_bytes

    def _put(
        self, key: OrderKey, old_key: OrderKey | None, item: Item, stored: StoredItem
    ) -> list[int]:
        old_entry = None if old_key is None else self.entries[old_key]
        entry = self._entry_of(item, stored, old_entry)
        if entry is old_entry:
            return []
        self.entries[key] = entry
        old_bytes = 0 if old_entry is None else old_entry.size_bytes
        self.size_bytes += entry.size_bytes - old_bytes
        return [max(old_bytes, entry.size_bytes)]

    def _entry_of(self, item: Item, stored: StoredItem, old_entry: StoredItem | None) -> StoredItem:
        """Return the entry for an item: the old one itself when what it keeps did not change."""
        if self.projected_names is None:
            return stored
        kept = {name: value for name, value in item.items() if name in self.projected_names}
        if old_entry is not None and old_entry.load() == kept:
            return old_entry
        return StoredItem(kept, item_bytes(kept))
