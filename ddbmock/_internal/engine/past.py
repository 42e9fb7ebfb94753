"""An earlier state of a table and its indexes, to be read like the present one.

The changes since are applied in reverse while reading, so the cost is that of the changes and not
of the table.
"""

from __future__ import annotations

from bisect import bisect_left
from functools import partial
from heapq import merge
from typing import TYPE_CHECKING, Any, cast

from ddbmock._internal.engine.table import Source, Table

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from sortedcontainers import SortedDict

    from ddbmock._internal.engine.history import History
    from ddbmock._internal.engine.index import Index, Row
    from ddbmock._internal.engine.items import StoredItem
    from ddbmock._internal.engine.keys import KeySchema, OrderKey


class _PastItems:
    """The earlier items by key, for reads of single items."""

    def __init__(self, past: PastTable) -> None:
        self._past = past

    def get(self, key: OrderKey) -> StoredItem | None:
        past = self._past
        now = past.present.items.get(key)
        then = past.item(key, now)
        if then is not now:
            past.note(key)
        return then

    def __getitem__(self, key: OrderKey) -> StoredItem:
        stored = self.get(key)
        if stored is None:
            raise KeyError(key)
        return stored


class PastTable(Table):
    """The state of a table at a time, for reading.

    Args:
        table: The table.
        history: Its history.
        at: The time.
        visible: The number of the last change that is visible in any case.
        note: Called with the key of each item that is different in the present.
    """

    def __init__(
        self,
        table: Table,
        history: History,
        at: float,
        visible: int,
        note: Callable[[OrderKey], object],
    ) -> None:
        self.__dict__.update(vars(table))
        self.present = table
        self.note = note
        self._past = history
        self._at = at
        self._visible = visible
        self.items: SortedDict[OrderKey, StoredItem] = cast(
            "SortedDict[OrderKey, StoredItem]", _PastItems(self)
        )
        self.sources: dict[str | None, Source] = cast(
            "dict[str | None, Source]", _PastSources(self)
        )

    def item(self, key: OrderKey, now: StoredItem | None) -> StoredItem | None:
        """Return the earlier item with a key; `now` is the present one."""
        return self._past.item_at(key, self._at, now, self._visible)

    def differences(self) -> Iterator[tuple[OrderKey, StoredItem | None, StoredItem | None]]:
        """Yield the keys whose items differ, with the earlier and the present item."""
        for key in self._past.changed_since(self._at, self._visible):
            now = self.present.items.get(key)
            then = self.item(key, now)
            if then is not now:
                yield key, then, now


class _PastSources(dict[Any, Source]):
    """The sources of a past table, each created when it is read."""

    def __init__(self, past: PastTable) -> None:
        super().__init__()
        self._past = past

    def __missing__(self, name: str | None) -> Source:
        source = self[name] = PastSource(self._past, self._past.present.sources[name])
        return source


class PastSource(Source):
    """The earlier state of a table or index, to be read in order."""

    __slots__ = ("_hidden", "_note", "_present", "_shown")

    is_past = True

    def __init__(self, past: PastTable, present: Source) -> None:
        self.table: PastTable = past
        self.index: Index | None = present.index
        self.key_schema: KeySchema = present.key_schema
        self.start_key_names: tuple[str, ...] = present.start_key_names
        self._present = present
        self._note = past.note
        #: Present entries that did not exist: order key -> the table's key.
        self._hidden: dict[OrderKey, OrderKey] = {}
        shown: list[tuple[Row, OrderKey]] = []
        index = present.index
        for key, then, now in past.differences():
            if index is None:
                if now is not None:
                    self._hidden[key] = key
                if then is not None:
                    shown.append((key, key))
            else:
                self._overlay(index, key, then, shown)
        shown.sort(key=_row_of)
        #: Earlier entries that were replaced since, in order, each with the table's key.
        self._shown = shown
        if index is None:
            self.entries_at: Callable[[list[Row]], Iterable[StoredItem]] = partial(
                map, past.items.__getitem__
            )
        else:
            self.entries_at = present.entries_at

    def _overlay(
        self,
        index: Index,
        key: OrderKey,
        then: StoredItem | None,
        shown: list[tuple[Row, OrderKey]],
    ) -> None:
        present = index.row_of(key)
        row = None if then is None else index.row_for(key, then)
        if present is not None:
            self._hidden[present[:-1]] = key
        if row is not None:
            shown.append((row, key))

    def between(self, low: Row, high: Row, *, backward: bool = False) -> Iterator[Row]:
        """Yield the rows from `low` on and below `high`, in order or in the reverse order."""
        rows = [row for row, _ in self._shown]
        first, last = bisect_left(rows, low), bisect_left(rows, high)
        shown = self._shown[first:last]
        past = self._noted(reversed(shown) if backward else iter(shown))
        return merge(self._unhidden(low, high, backward=backward), past, reverse=backward)

    def _noted(self, rows: Iterator[tuple[Row, OrderKey]]) -> Iterator[Row]:
        for row, key in rows:
            self._note(key)
            yield row

    def _unhidden(self, low: Row, high: Row, *, backward: bool) -> Iterator[Row]:
        is_table = self.index is None
        for row in self._present.between(low, high, backward=backward):
            key = self._hidden.get(row if is_table else row[:-1])
            if key is None:
                yield row
            else:
                self._note(key)


def _row_of(pair: tuple[Row, OrderKey]) -> Row:
    return pair[0]
