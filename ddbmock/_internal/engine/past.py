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

    #: Order key -> the table's key.
    _Hidden = dict[OrderKey, OrderKey]
    #: Rows, each with the table's key.
    _Shown = list[tuple[Row, OrderKey]]


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

    __slots__ = ("_note", "_overlay_found", "_past", "_present")

    is_past = True

    def __init__(self, past: PastTable, present: Source) -> None:
        self.table: PastTable = past
        self.index: Index | None = present.index
        self.key_schema: KeySchema = present.key_schema
        self.start_key_names: tuple[str, ...] = present.start_key_names
        self._past = past
        self._present = present
        self._note = past.note
        #: What `_overlay` returns, once that was asked for: reads of single items do not.
        self._overlay_found: tuple[_Hidden, _Shown] | None = None
        index = present.index
        if index is None:
            self.entries_at: Callable[[list[Row]], Iterable[StoredItem]] = partial(
                map, past.items.__getitem__
            )
        else:
            self.entries_at = present.entries_at

    def _overlay(self) -> tuple[_Hidden, _Shown]:
        """Return the present entries that did not exist, and the earlier ones that were replaced.

        The first are by their order key, the second in order.
        """
        if self._overlay_found is None:
            index = self._present.index
            hidden: _Hidden = {}
            shown: _Shown = []
            for key, then, now in self._past.differences():
                if index is None:
                    if now is not None:
                        hidden[key] = key
                    if then is not None:
                        shown.append((key, key))
                else:
                    _overlay_entry(index, key, then, hidden, shown)
            shown.sort(key=_row_of)
            self._overlay_found = hidden, shown
        return self._overlay_found

    def between(self, low: Row, high: Row, *, backward: bool = False) -> Iterator[Row]:
        """Yield the rows from `low` on and below `high`, in order or in the reverse order."""
        _, all_shown = self._overlay()
        rows = [row for row, _ in all_shown]
        first, last = bisect_left(rows, low), bisect_left(rows, high)
        shown = all_shown[first:last]
        past = self._noted(reversed(shown) if backward else iter(shown))
        return merge(self._unhidden(low, high, backward=backward), past, reverse=backward)

    def _noted(self, rows: Iterator[tuple[Row, OrderKey]]) -> Iterator[Row]:
        for row, key in rows:
            self._note(key)
            yield row

    def _unhidden(self, low: Row, high: Row, *, backward: bool) -> Iterator[Row]:
        is_table = self.index is None
        hidden, _ = self._overlay()
        for row in self._present.between(low, high, backward=backward):
            key = hidden.get(row if is_table else row[:-1])
            if key is None:
                yield row
            else:
                self._note(key)


def _overlay_entry(
    index: Index, key: OrderKey, then: StoredItem | None, hidden: _Hidden, shown: _Shown
) -> None:
    """Add the present entry of an item to those that are hidden, and its earlier one."""
    present = index.row_of(key)
    row = None if then is None else index.row_for(key, then)
    if present is not None:
        hidden[present[:-1]] = key
    if row is not None:
        shown.append((row, key))


def _row_of(pair: tuple[Row, OrderKey]) -> Row:
    return pair[0]
