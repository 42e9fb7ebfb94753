"""A table: its items in order, its indexes, and the sources that are read.

1. Items and index entries are written by `write` alone, and `write` is called by
   `commit.Committer`, which rolls interrupted writes back.
2. An item is stored as an immutable record; a write replaces it.
3. No cost here grows with the table beyond the logarithm of its order.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import partial
from typing import TYPE_CHECKING, ClassVar

from sortedcontainers import SortedDict

from ddbmock._internal.engine.changes import Change
from ddbmock._internal.engine.history import Changed, Definition, History
from ddbmock._internal.engine.order import first_from, keys_in_order, last_below, rebuild_order
from ddbmock._internal.engine.packing import expect_repeated
from ddbmock._internal.engine.values import item_bytes
from ddbmock._internal.garbage_collection import paused_collection

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from sortedcontainers import SortedList

    from ddbmock._internal.engine.clock import Clock
    from ddbmock._internal.engine.expiry import ExpiryQueue
    from ddbmock._internal.engine.index import Index, Row
    from ddbmock._internal.engine.items import StoredItem
    from ddbmock._internal.engine.journal import Entry, Journal
    from ddbmock._internal.engine.keys import KeySchema, OrderKey
    from ddbmock._internal.engine.settings import TableSettings
    from ddbmock._internal.engine.streams import Stream
    from ddbmock._internal.engine.vectors import VectorIndex

#: Records a change as a part of its commit, after adding the undo of that to the log.
Recorder = Callable[[Change, "list[Entry]"], None]


class Table:
    """The items of one table and its indexes.

    >>> from ddbmock._internal.engine.journal import Journal
    >>> from ddbmock._internal.engine.keys import KeyAttribute, KeySchema
    >>> from ddbmock._internal.engine.settings import TableSettings
    >>> settings = TableSettings("id", 0.0, {"pk": "S"})
    >>> table = Table("t", KeySchema([KeyAttribute("pk", "S")], []), settings, Journal())
    >>> table.sources[None].key_schema.names, table.size_bytes
    (('pk',), 0)
    """

    def __init__(  # noqa: PLR0913 (what a table consists of)
        self,
        name: str,
        key_schema: KeySchema,
        settings: TableSettings,
        journal: Journal,
        indexes: Iterable[Index] = (),
        *,
        vector_indexes: Iterable[VectorIndex] = (),
    ) -> None:
        self.name = name
        self.key_schema = key_schema
        if key_schema.sort:
            expect_repeated(key_schema.partition_names)
        self.settings = settings
        self.items: SortedDict[OrderKey, StoredItem] = SortedDict()
        self.size_bytes: int = 0
        #: Bytes of each item collection, counted only for tables with local indexes.
        self.collection_bytes: dict[OrderKey, int] = {}
        #: Called with each change: the enabled stream, the history, ...
        self.recorders: tuple[Recorder, ...] = ()
        #: The items in the order of their expiry; None without a time to live.
        self.expiry: ExpiryQueue | None = None
        #: The earlier states of the table; None unless something needs them.
        self.history: History | None = None
        #: The latest stream, enabled or not; None when there never was one.
        self.stream: Stream | None = None
        #: Whether a write was interrupted, so that only `items` as a dictionary can be trusted.
        self.is_torn: bool = False
        self._journal = journal
        #: The vector indexes by name.
        self.vector_indexes: dict[str, VectorIndex] = {
            index.name: index for index in vector_indexes
        }
        self._use_indexes({index.name: index for index in indexes})

    # --- writing -----------------------------------------------------------------------------

    def plan(self, change: Change) -> None:
        """Compute the writes of a change to the indexes, which are charged before they are made.

        A change whose old and new items are equal writes nothing, as in the service.
        """
        change.is_planned = True
        old, new = change.old, change.new
        if old is new or (old is not None and new is not None and old.equals(new)):
            change.is_noop = True
        elif self.has_indexes:
            self._plan_indexes(change)

    def _plan_indexes(self, change: Change) -> None:
        key, new, new_item, names = change.key, change.new, change.new_item, change.written_names
        change.index_writes = writes = []
        for index in self.indexes.values():
            planned = index.plan(key, new, new_item, names)
            if planned is not None:
                writes.append(planned)
        if self.vector_indexes:
            plans = [index.plan(key, new, new_item) for index in self.vector_indexes.values()]
            change.vector_writes = [plan for plan in plans if plan is not None]

    def write(self, change: Change) -> None:
        """Write a planned change to the items, the indexes, the sizes and the expiry queue."""
        self.is_torn = True
        key, old, new = change.key, change.old, change.new
        if new is None:
            del self.items[key]
            grown_bytes = 0
        else:
            self.items[key] = new
            grown_bytes = new.size_bytes
        if old is not None:
            grown_bytes -= old.size_bytes
        self.size_bytes += grown_bytes
        for planned in change.index_writes:
            planned.write()
            if not planned.index.is_global:
                grown_bytes += planned.grown_bytes
        for write in change.vector_writes:
            write.write()
        if self.has_local_indexes:
            self._grow_collection(key[:2], grown_bytes)
        if self.expiry is not None:
            self.expiry.apply(change)
        self.is_torn = False

    def _grow_collection(self, collection: OrderKey, grown_bytes: int) -> None:
        size_bytes = self.collection_bytes.get(collection, 0) + grown_bytes
        if size_bytes:
            self.collection_bytes[collection] = size_bytes
        else:
            self.collection_bytes.pop(collection, None)

    def fill(self, items: Mapping[OrderKey, StoredItem]) -> None:
        """Store the items of an equal table in this one, which is empty.

        Neither recorders nor participants of commits see this.
        """
        self._journal.record(self._replace_items, {})
        with paused_collection(all_stays=True):
            self._replace_items(items)

    def _replace_items(self, items: Mapping[OrderKey, StoredItem]) -> None:
        self.is_torn = True
        self.items.clear()
        self.items.update(items)
        self._rebuild()

    def restore_item(self, key: OrderKey, item: StoredItem | None) -> None:
        """Store an earlier item, or none, whatever there is now: the undo of a change."""
        if self.is_torn:
            self._rebuild()
        current: StoredItem | None = self.items.get(key)
        if current is not item:
            change = Change(key, current, item)
            self._plan_indexes(change)
            self.write(change)

    def _rebuild(self) -> None:
        """Derive everything from the items, after a write was interrupted."""
        rebuild_order(self.items)
        self.size_bytes = sum(stored.size_bytes for stored in self.items.values())
        for index in self.indexes.values():
            index.rebuild(self.items)
        for vector_index in self.vector_indexes.values():
            vector_index.rebuild(self.items)
        self.collection_bytes = self._count_collections()
        if self.expiry is not None:
            self.expiry.rebuild(self.items)
        self.is_torn = False

    def _count_collections(self) -> dict[OrderKey, int]:
        """Return the bytes of each item collection: its items and their local index entries."""
        counted: dict[OrderKey, int] = {}
        if self.has_local_indexes:
            for key, stored in self.items.items():
                counted[key[:2]] = counted.get(key[:2], 0) + stored.size_bytes
        for index in self.indexes.values():
            if not index.is_global:
                for row in index.rows:
                    counted[row[:2]] += row[-1].entry.size_bytes
        return counted

    # --- settings ----------------------------------------------------------------------------

    def configure(self, settings: TableSettings) -> None:
        """Replace the settings."""
        if self.history is not None:
            self.history.record_definition(self.definition)
        self._journal.assign(self, "settings", settings)

    def use_expiry(self, queue: ExpiryQueue | None) -> None:
        """Order the items by their expiry from now on; None ends that."""
        self._journal.assign(self, "expiry", queue)

    def use_stream(self, stream: Stream) -> None:
        """Make a stream the latest one of the table."""
        self._journal.assign(self, "stream", stream)

    def use_history(self, history: History | None) -> None:
        """Replace the history of earlier states; None ends it."""
        if self.history is not None:
            self.remove_recorder(self.history.record)
        if history is not None:
            self.add_recorder(history.record)
        self._journal.assign(self, "history", history)

    def remember(self, purpose: str, seconds: float, clock: Clock) -> None:
        """Remember earlier states for a purpose, as long as any purpose needs them."""
        history = self.history
        purposes = {} if history is None else history.purposes
        if history is None:
            history = History(clock, self._journal, seconds)
            self.use_history(history)
        history.serve({**purposes, purpose: seconds})

    def forget(self, purpose: str) -> None:
        """End what `remember` began; what other purposes need remains."""
        if self.history is None:
            return
        remaining = {
            name: seconds for name, seconds in self.history.purposes.items() if name != purpose
        }
        if remaining:
            self.history.serve(remaining)
        else:
            self.use_history(None)

    def add_recorder(self, recorder: Recorder) -> None:
        """Record each change from now on."""
        self._journal.assign(self, "recorders", (*self.recorders, recorder))

    def remove_recorder(self, recorder: Recorder) -> None:
        """Remove a recorder that `add_recorder` added."""
        remaining = tuple(each for each in self.recorders if each != recorder)
        self._journal.assign(self, "recorders", remaining)

    def add_index(self, index: Index) -> None:
        """Add an index, and fill it with the entries of the existing items."""
        with paused_collection(all_stays=True):
            index.rebuild(self.items)
        self._set_indexes({**self.indexes, index.name: index})

    def remove_index(self, name: str) -> None:
        """Remove an index with its entries."""
        self._set_indexes({key: index for key, index in self.indexes.items() if key != name})

    def _set_indexes(self, indexes: dict[str, Index]) -> None:
        if self.history is not None:
            self.history.record_definition(self.definition)
        self._journal.change(self._use_indexes, self.indexes, indexes)

    def add_vector_index(self, index: VectorIndex) -> None:
        """Add a vector index, and fill it with the vectors of the existing items."""
        index.rebuild(self.items)
        self._set_vector_indexes({**self.vector_indexes, index.name: index})

    def remove_vector_index(self, name: str) -> None:
        """Remove a vector index with its entries."""
        self._set_vector_indexes(
            {key: index for key, index in self.vector_indexes.items() if key != name}
        )

    def _set_vector_indexes(self, indexes: dict[str, VectorIndex]) -> None:
        if self.history is not None:
            self.history.record_definition(self.definition)
        self._journal.change(self._use_vector_indexes, self.vector_indexes, indexes)

    def _use_vector_indexes(self, indexes: dict[str, VectorIndex]) -> None:
        self.vector_indexes = indexes
        self.has_indexes: bool = bool(self.indexes or indexes)

    def _use_indexes(self, indexes: dict[str, Index]) -> None:
        self.indexes = indexes
        #: Whether a change of an item may write to an index.
        self.has_indexes = bool(indexes or self.vector_indexes)
        #: Whether item collections have sizes and a limit.
        self.has_local_indexes: bool = any(not index.is_global for index in indexes.values())
        #: The readable sources: each index by its name, and the table itself by None.
        self.sources: dict[str | None, Source] = {
            None: Source(self, None),
            **{name: Source(self, index) for name, index in indexes.items()},
        }
        #: Each key attribute of each index: attribute name, type, index name.
        self.index_key_attributes: tuple[tuple[str, str, str], ...] = tuple(
            (attribute.name, attribute.kind, index.name)
            for index in indexes.values()
            for attribute in index.key_schema.attributes
            if attribute not in self.key_schema.attributes
        )
        self.index_key_names: frozenset[str] = frozenset(
            name for name, _, _ in self.index_key_attributes
        )

    # --- earlier states ----------------------------------------------------------------------

    @property
    def definition(self) -> Definition:
        """The settings, and the indexes without their entries."""
        return Definition(
            self.settings,
            tuple(index.empty() for index in self.indexes.values()),
            tuple(index.empty() for index in self.vector_indexes.values()),
        )

    def items_at(self, at: float) -> dict[OrderKey, StoredItem]:
        """Return the items at a time, in no order.

        Raises:
            ValueError: There is no history, or it does not reach back so far.
        """
        return self._history_to(at).items_at(at, self.items)

    def changed_in(self, start: float, end: float) -> dict[OrderKey, Changed]:
        """Return the change of each item that was changed from `start` on and before `end`.

        Raises:
            ValueError: There is no history, or it does not reach back so far.
        """
        return self._history_to(start).changed_in(start, end, self.items)

    def definition_at(self, at: float) -> Definition:
        """Return the settings and indexes at a time.

        Raises:
            ValueError: There is no history, or it does not reach back so far.
        """
        return self._history_to(at).definition_at(at, self.definition)

    def _history_to(self, at: float) -> History:
        if self.history is None or at < self.history.earliest:
            raise ValueError(f"the history of {self.name} does not reach back to {at}")
        return self.history

    # --- tests -------------------------------------------------------------------------------

    def _check(self) -> None:
        """Assert that items, indexes and sizes agree; for tests, never during a call."""
        assert not self.is_torn
        assert list(self.items) == sorted(self.items)
        assert self.size_bytes == sum(stored.size_bytes for stored in self.items.values())
        for key, stored in self.items.items():
            item = stored.load()
            assert self.key_schema.order_key(item) == key
            assert stored.size_bytes == item_bytes(item)
        for index in self.indexes.values():
            fresh = index.empty()
            fresh.rebuild(self.items)
            index._check(fresh)  # noqa: SLF001
        for vector_index in self.vector_indexes.values():
            rebuilt = vector_index.empty()
            rebuilt.rebuild(self.items)
            vector_index._check(rebuilt)  # noqa: SLF001
        assert self.collection_bytes == self._count_collections()
        if self.expiry is not None:
            self.expiry._check(self.items)  # noqa: SLF001


def _entries_in(rows: list[Row]) -> Iterable[StoredItem]:
    return [row[-1].entry for row in rows]


class Source:
    """A table or one of its indexes, to be read in order.

    A *row* is an order key of the table or a row of the index.
    """

    __slots__ = (
        "_rows",
        "entries_at",
        "first",
        "index",
        "key_schema",
        "last",
        "start_key_names",
        "table",
    )

    #: Whether this is an earlier state of the table or index, which only `between` reads.
    is_past: ClassVar[bool] = False
    #: Yields the items of rows of the table, or the entries of rows of the index.
    entries_at: Callable[[list[Row]], Iterable[StoredItem]]
    #: `first(low, count)` returns up to so many rows from `low` on, in order.
    first: Callable[[Row, int], list[Row]]
    #: `last(high, count)` returns up to so many rows below `high`, the last one first.
    last: Callable[[Row, int], list[Row]]

    def __init__(self, table: Table, index: Index | None) -> None:
        self.table: Table = table
        self.index: Index | None = index
        rows = keys_in_order(table.items) if index is None else index.rows
        self._rows: SortedList[Row] = rows
        #: The key that is queried.
        self.key_schema: KeySchema = table.key_schema if index is None else index.key_schema
        #: The attributes of a LastEvaluatedKey: the index's key and the table's key.
        self.start_key_names: tuple[str, ...] = (
            table.key_schema.names if index is None else index.start_key_names
        )
        # Every read uses these, so they run in C as far as possible.
        self.entries_at = partial(map, table.items.__getitem__) if index is None else _entries_in
        self.first = partial(first_from, rows)
        self.last = partial(last_below, rows)

    def between(self, low: Row, high: Row, *, backward: bool = False) -> Iterator[Row]:
        """Yield the rows from `low` on and below `high`, in order or in the reverse order."""
        return self._rows.irange(low, high, (True, False), backward)

    def table_key(self, row: Row) -> OrderKey:
        """Return the table's key of a local index's row (they share the partition key)."""
        width = len(self.table.key_schema.names)
        return (row[0], *row[-1 - width : -1])
