"""The history of a table: its earlier states, for tables that need them.

1. Each change records the item that it replaced. That costs little, as stored items never change;
   an earlier state is derived from the present one by walking back.
2. A history holds the changes within its window. A table without one pays nothing.
3. At a given time an item is as its latest change at or before that time left it. When the clock
   is set back, changes with a later time have not happened yet.

Use it by `table.remember(purpose, seconds, clock)`, `table.items_at(...)` and
`table.definition_at(...)`.
"""

from __future__ import annotations

from collections import deque
from math import inf, nextafter
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from ddbmock._internal.engine.changes import Change
    from ddbmock._internal.engine.clock import Clock
    from ddbmock._internal.engine.index import Index
    from ddbmock._internal.engine.items import StoredItem
    from ddbmock._internal.engine.journal import Entry, Journal
    from ddbmock._internal.engine.keys import OrderKey
    from ddbmock._internal.engine.settings import TableSettings
    from ddbmock._internal.engine.vectors import VectorIndex


class Replaced(NamedTuple):
    """The item that a change replaced, None where there was none."""

    at: float
    #: The number of the change; it only grows.
    number: int
    key: OrderKey
    old: StoredItem | None


class Changed(NamedTuple):
    """The change of one item in a period."""

    before: StoredItem | None
    after: StoredItem | None
    #: The time of the last change in the period.
    at: float


class Definition(NamedTuple):
    """The definition of a table: its settings, and its indexes without their entries."""

    settings: TableSettings
    indexes: tuple[Index, ...]
    vector_indexes: tuple[VectorIndex, ...] = ()


class History:
    """The changes of one table within a window of time before now.

    Args:
        clock: The time of each change.
        journal: Where changes of the definition are recorded; while it records, nothing is dropped.
        window_seconds: For how long changes are remembered.
    """

    __slots__ = (
        "_begins_at", "_by_key", "_changes", "_clock", "_definitions", "_journal", "_number",
        "_window_seconds", "purposes",
    )  # fmt: skip

    def __init__(self, clock: Clock, journal: Journal, window_seconds: float) -> None:
        self._clock = clock
        self._journal = journal
        self._window_seconds = window_seconds
        self._begins_at = clock.seconds()
        self._number = 0
        #: All changes in the window, oldest first, and the same by key.
        self._changes: deque[Replaced] = deque()
        self._by_key: dict[OrderKey, deque[Replaced]] = {}
        #: The definitions that were replaced, oldest first, each with the time of its end.
        self._definitions: tuple[tuple[float, Definition], ...] = ()
        #: Purpose -> how many seconds back it needs the history.
        self.purposes: Mapping[str, float] = {}

    def __len__(self) -> int:
        return len(self._changes)

    @property
    def earliest(self) -> float:
        """The earliest time whose state can be derived."""
        return max(self._begins_at, self._clock.seconds() - self._window_seconds)

    @property
    def begins_at(self) -> float:
        """The time at which it began, whatever has left the window since."""
        return self._begins_at

    def serve(self, purposes: Mapping[str, float]) -> None:
        """Set the window to the longest that any of these purposes needs, from now on."""
        window_seconds = max(purposes.values())
        # What was forgotten does not come back when the window grows.
        self._journal.assign(self, "_begins_at", self.earliest)
        self._journal.assign(self, "_window_seconds", window_seconds)
        self._journal.assign(self, "purposes", purposes)

    @property
    def changes(self) -> Sequence[Replaced]:
        """The items that changes replaced, the oldest first."""
        return self._changes

    @property
    def definitions(self) -> Sequence[tuple[float, Definition]]:
        """The definitions that were replaced, the oldest first, each with the time of its end."""
        return self._definitions

    def load(
        self,
        begins_at: float,
        changes: Iterable[tuple[float, OrderKey, StoredItem | None]],
        definitions: Iterable[tuple[float, Definition]],
    ) -> None:
        """Take over another history; the table has just been created.

        This is not journalled: it is undone with the creation of the table.
        """
        self._begins_at = begins_at
        self._definitions = tuple(definitions)
        self._changes.clear()
        self._by_key.clear()
        for at, key, old in changes:
            self._number += 1
            replaced = Replaced(at, self._number, key, old)
            self._changes.append(replaced)
            self._by_key.setdefault(key, deque()).append(replaced)

    # --- recording ---------------------------------------------------------------------------

    def record(self, change: Change, undo_log: list[Entry]) -> None:
        """Record the item that a change replaces; a recorder of the table."""
        self._number = number = self._number + 1
        now, key, changes = self._clock.seconds(), change.key, self._changes
        replaced = Replaced(now, number, key, change.old)
        if changes and changes[0].at < now - self._window_seconds:
            self._drop_old(now)
        undo_log.append((self._forget_from, number))
        changes.append(replaced)
        of_key = self._by_key.get(key)
        if of_key is None:
            of_key = self._by_key[key] = deque()
        of_key.append(replaced)

    def record_definition(self, before: Definition) -> None:
        """Record the definition that a change of the table replaces."""
        now = self._clock.seconds()
        if self._definitions and self._definitions[-1][0] == now:
            return  # a definition that was replaced at the same time can never be seen
        oldest = now - self._window_seconds
        in_window = [each for each in self._definitions if each[0] >= oldest]
        self._journal.assign(self, "_definitions", (*in_window, (now, before)))

    def _forget_from(self, number: int) -> None:
        """Drop the changes from this one on: the undo of recording it."""
        while self._changes and self._changes[-1].number >= number:
            replaced = self._changes[-1]
            of_key = self._by_key.get(replaced.key)
            if of_key and of_key[-1] is replaced:
                of_key.pop()
            if not of_key:
                self._by_key.pop(replaced.key, None)
            self._changes.pop()

    def _drop_old(self, now: float) -> None:
        """Drop the changes before the window, unless a savepoint may return to them."""
        oldest = now - self._window_seconds
        changes = self._changes
        if self._journal.log() is None:
            while changes and changes[0].at < oldest:
                of_key = self._by_key[changes[0].key]
                if of_key[0] is changes[0]:
                    of_key.popleft()
                if not of_key:
                    del self._by_key[changes[0].key]
                changes.popleft()

    # --- looking back ------------------------------------------------------------------------

    def item_at(
        self, key: OrderKey, at: float, current: StoredItem | None, visible: int = 0
    ) -> StoredItem | None:
        """Return the item that had a key at a time; `current` is the one that has it now.

        Changes up to the number `visible` count as made before that time.
        """
        return _walk_back(self._by_key.get(key, ()), at, current, visible)

    @property
    def number(self) -> int:
        """The number of the latest change."""
        return self._number

    def has_changed_since(self, at: float, visible: int) -> bool:
        """Return whether the latest change is after a time, and beyond a number."""
        changes = self._changes
        return bool(changes) and changes[-1].at > at and changes[-1].number > visible

    def changed_since(self, at: float, visible: int = 0) -> set[OrderKey]:
        """Return the keys of the latest changes: those after a time, and beyond a number."""
        keys: set[OrderKey] = set()
        for replaced in reversed(self._changes):
            if replaced.at <= at or replaced.number <= visible:
                break
            keys.add(replaced.key)
        return keys

    def items_at(
        self, at: float, current: Mapping[OrderKey, StoredItem]
    ) -> dict[OrderKey, StoredItem]:
        """Return the items of the table at a time, in no order; `current` are those of now."""
        items = dict(current)
        for key, item in self.differences(at, current).items():
            if item is None:
                items.pop(key, None)
            else:
                items[key] = item
        return items

    def differences(
        self, at: float, current: Mapping[OrderKey, StoredItem]
    ) -> dict[OrderKey, StoredItem | None]:
        """Return the items of an earlier time that differ from the present, None for no item."""
        found: dict[OrderKey, StoredItem | None] = {}
        for key, changes in self._by_key.items():
            now = current.get(key)
            item = _walk_back(changes, at, now)
            if item is not now:
                found[key] = item
        return found

    def changed_in(
        self, start: float, end: float, current: Mapping[OrderKey, StoredItem]
    ) -> dict[OrderKey, Changed]:
        """Return the change of each item that was changed from `start` on and before `end`."""
        found: dict[OrderKey, Changed] = {}
        for key, changes in self._by_key.items():
            inside = [replaced.at for replaced in changes if start <= replaced.at < end]
            if inside:
                now = current.get(key)
                before, after = (
                    _walk_back(changes, nextafter(edge, -inf), now) for edge in (start, end)
                )
                found[key] = Changed(before, after, max(inside))
        return found

    def definition_at(self, at: float, current: Definition) -> Definition:
        """Return the definition of the table at a time; `current` is the present one."""
        definition = current
        for ended_at, before in reversed(self._definitions):
            if ended_at <= at:
                break
            definition = before
        return definition


def _walk_back(
    changes: Sequence[Replaced], at: float, current: StoredItem | None, visible: int = 0
) -> StoredItem | None:
    item = current
    for replaced in reversed(changes):
        if replaced.at <= at or replaced.number <= visible:
            break
        item = replaced.old
    return item
