"""A table: its items in order, its indexes, and the one door through which all changes go.

1. `apply` is the only thing that writes. It keeps the items, every index, the sizes, the undo
   journal and the observers (streams) in step.
2. An item is stored as an immutable record; a write replaces it.
3. No cost here grows with the table beyond the logarithm of its order.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING

from sortedcontainers import SortedDict

from ddbmock.engine.index import Index
from ddbmock.engine.items import Change, StoredItem
from ddbmock.engine.sources import Source

if TYPE_CHECKING:
    from ddbmock.engine.expiry import ExpiryQueue
    from ddbmock.engine.journal import Journal
    from ddbmock.engine.keys import KeySchema, OrderKey
    from ddbmock.engine.settings import TableSettings
    from ddbmock.engine.streams import Stream

ChangeObserver = Callable[[Change], None]


class Table:
    """The items of one table and its indexes.

    >>> from ddbmock.engine.journal import Journal
    >>> from ddbmock.engine.keys import KeyAttribute, KeySchema
    >>> from ddbmock.engine.settings import TableSettings
    >>> settings = TableSettings("id", 0.0, {"pk": "S"})
    >>> table = Table("t", KeySchema([KeyAttribute("pk", "S")], []), settings, Journal())
    >>> item = {"pk": {"S": "a"}}
    >>> key = table.key_schema.order_key(item)
    >>> table.apply(Change(key, None, StoredItem(item, 3)))
    >>> table.items[key].load(), table.size_bytes
    ({'pk': {'S': 'a'}}, 3)
    """

    def __init__(
        self,
        name: str,
        key_schema: KeySchema,
        settings: TableSettings,
        journal: Journal,
        indexes: Iterable[Index] = (),
    ) -> None:
        self.name = name
        self.key_schema = key_schema
        self.settings = settings
        self.journal = journal
        self.items: SortedDict[OrderKey, StoredItem] = SortedDict()
        self._use_indexes({index.name: index for index in indexes})
        self.size_bytes = 0
        self.observers: list[ChangeObserver] = []
        #: The items in the order in which their time to live ends; None without a time to live.
        self.expiry: ExpiryQueue | None = None
        #: The latest stream, enabled or not; None when there never was one.
        self.stream: Stream | None = None
        #: Bytes of each item collection, kept only for tables with local indexes.
        self.collection_bytes: dict[OrderKey, int] = {}

    @property
    def has_local_indexes(self) -> bool:
        """Return whether item collections have sizes and a limit."""
        return any(not index.is_global for index in self.indexes.values())

    def apply(self, change: Change) -> None:
        """Make one change real: the items, the indexes, the sizes, the journal, the observers.

        A change that changes nothing is done without a trace, as in the service: no index write,
        no stream record.
        """
        if self._changes_nothing(change):
            return
        self._write(change)
        if self.journal.recording:
            self.journal.record(self._write, change.reversed())
        for observe in self.observers:
            observe(change)

    def _changes_nothing(self, change: Change) -> bool:
        old, new = change.old, change.new
        if old is None or new is None:
            return old is new
        return old.size_bytes == new.size_bytes and change.old_item == change.new_item

    def _write(self, change: Change) -> None:
        old, new = change.old, change.new
        if new is not None:
            self.items[change.key] = new
        elif old is not None:
            del self.items[change.key]
        old_bytes = 0 if old is None else old.size_bytes
        new_bytes = 0 if new is None else new.size_bytes
        self.size_bytes += new_bytes - old_bytes
        if self.indexes:
            self._write_indexes(change, new_bytes - old_bytes)
        if self.expiry is not None:
            self.expiry.apply(change)

    def _write_indexes(self, change: Change, grown_bytes: int) -> None:
        local_bytes_before = self._local_index_bytes()
        for index in self.indexes.values():
            written = index.apply(change)
            if written is not None:
                change.index_writes.append(written)
        if local_bytes_before is not None:
            grown_bytes += (self._local_index_bytes() or 0) - local_bytes_before
            self._grow_collection(change.key[:2], grown_bytes)

    def _local_index_bytes(self) -> int | None:
        local = [index.size_bytes for index in self.indexes.values() if not index.is_global]
        return sum(local) if local else None

    def _grow_collection(self, collection: OrderKey, grown_bytes: int) -> None:
        size_bytes = self.collection_bytes.get(collection, 0) + grown_bytes
        if size_bytes:
            self.collection_bytes[collection] = size_bytes
        else:
            self.collection_bytes.pop(collection, None)

    def configure(self, settings: TableSettings) -> None:
        """Replace the settings."""
        if self.journal.recording:
            self.journal.record(setattr, self, "settings", self.settings)
        self.settings = settings

    def use_expiry(self, queue: ExpiryQueue | None) -> None:
        """Let a queue follow the items' times to live from now on; None for no more."""
        if self.journal.recording:
            self.journal.record(setattr, self, "expiry", self.expiry)
        self.expiry = queue

    def add_index(self, index: Index) -> None:
        """Add an index and fill it from the items that are there."""
        for key, stored in self.items.items():
            index.apply(Change(key, None, stored))
        self._set_indexes({**self.indexes, index.name: index})

    def remove_index(self, name: str) -> None:
        """Remove an index with its entries."""
        self._set_indexes({key: index for key, index in self.indexes.items() if key != name})

    def _set_indexes(self, indexes: dict[str, Index]) -> None:
        if self.journal.recording:
            self.journal.record(self._use_indexes, self.indexes)
        self._use_indexes(indexes)

    def _use_indexes(self, indexes: dict[str, Index]) -> None:
        self.indexes = indexes
        #: What can be read: each index by its name, and the table itself under None.
        self.sources: dict[str | None, Source] = {
            None: Source(self, None),
            **{name: Source(self, index) for name, index in indexes.items()},
        }
        #: Each key attribute of each index: attribute name, type, index name.
        self.index_key_attributes = tuple(
            (attribute.name, attribute.kind, index.name)
            for index in indexes.values()
            for attribute in index.key_schema.attributes
            if attribute not in self.key_schema.attributes
        )
        self.index_key_names = frozenset(name for name, _, _ in self.index_key_attributes)

    def _check(self) -> None:
        """Assert that items, indexes and sizes agree; for tests, never on the path of a call."""
        assert list(self.items) == sorted(self.items)
        assert self.size_bytes == sum(stored.size_bytes for stored in self.items.values())
        for index in self.indexes.values():
            fresh = Index(
                index.name,
                index.key_schema,
                index.projection,
                self.key_schema,
                is_global=index.is_global,
            )
            for key, stored in self.items.items():
                item = stored.load()
                assert self.key_schema.order_key(item) == key
                fresh.apply(Change(key, None, stored))
            index._check(fresh)  # noqa: SLF001
        self._check_collections()
        if self.expiry is not None:
            self.expiry._check(self)  # noqa: SLF001

    def _check_collections(self) -> None:
        expected: dict[OrderKey, int] = {}
        if self.has_local_indexes:
            for key, stored in self.items.items():
                expected[key[:2]] = expected.get(key[:2], 0) + stored.size_bytes
        for index in self.indexes.values():
            for row in index.rows:
                if not index.is_global:
                    expected[row[:2]] += row[-1].entry.size_bytes
        assert expected == self.collection_bytes
