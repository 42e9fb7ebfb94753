"""Items of a table that have a time to live, in the order of their times.

1. The queue is updated by every change of its table, including changes that are rolled back. So it
   is always right, and the cost of finding expired items grows with their number only.
2. Only numbers count, as seconds since the epoch, and only within the last five years.
3. An item stays readable until it is deleted, as in the service, where that takes up to days.

https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/howitworks-ttl.html
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sortedcontainers import SortedSet

from ddbmock._internal.engine.changes import Change
from ddbmock._internal.engine.numbers import number_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from ddbmock._internal.engine.items import StoredItem
    from ddbmock._internal.engine.keys import OrderKey
    from ddbmock._internal.engine.values import Item

#: How long an item stays readable after its time by default: the service deletes it "typically
#: within two days".
DEFAULT_WINDOW_SECONDS = 48 * 60 * 60


class ExpiryQueue:
    """The items of one table that have a time to live, those that expire first in front.

    >>> from ddbmock._internal.engine.items import StoredItem
    >>> queue = ExpiryQueue("ttl")
    >>> item = {"pk": {"S": "a"}, "ttl": {"N": "100"}}
    >>> queue.apply(Change((1, "a"), None, StoredItem(item, 12)))
    >>> list(queue.due(99)), list(queue.due(100))
    ([], [(1, 'a')])

    Args:
        attribute_name: The attribute with the time.
        on_entry: Called with the time of each item that enters the queue.
    """

    def __init__(
        self, attribute_name: str, on_entry: Callable[[Any], object] | None = None
    ) -> None:
        self.attribute_name = attribute_name
        self._on_entry = on_entry
        self._entries: SortedSet[tuple[Any, OrderKey]] = SortedSet()

    def apply(self, change: Change) -> None:
        """Update the queue by a change of the table."""
        old, new = (
            self._entry(change.key, change.old_item),
            self._entry(change.key, change.new_item),
        )
        if old == new:
            return
        if old is not None:
            self._entries.remove(old)
        if new is not None:
            self._entries.add(new)
            if self._on_entry is not None:
                self._on_entry(new[0])

    def _entry(self, key: OrderKey, item: Item | None) -> tuple[Any, OrderKey] | None:
        if item is None:
            return None
        number: str | None = item.get(self.attribute_name, {}).get("N")
        return None if number is None else (number_of(number), key)

    def first_from(self, time: float) -> Any:
        """Return the first time that is not before a given one; None when there is none."""
        for entry in self._entries.irange((time, ())):
            return entry[0]
        return None

    def first_not_due(self, at: float, window_seconds: float) -> Any:
        """Return the first time that, with its window, has not passed; None when there is none."""
        for time, _ in self._entries.irange((at - window_seconds - 1, ())):
            if float(time) + window_seconds > at:
                return time
        return None

    def due(self, at: float, window_seconds: float = 0.0, since: float = 0.0) -> Iterator[OrderKey]:
        """Yield the keys of items whose time, and a window after it, has passed.

        Items whose time is before `since` are skipped.

        >>> list(ExpiryQueue("ttl").due(100))
        []
        """
        for time, key in self._entries.irange((since, ())):
            # As it was computed when the deletion was scheduled, to the last bit.
            if float(time) + window_seconds > at:
                break
            yield key

    def __len__(self) -> int:
        return len(self._entries)

    def rebuild(self, items: Mapping[OrderKey, StoredItem]) -> None:
        """Replace all entries by those of the given items."""
        self._entries = SortedSet()
        for key, stored in items.items():
            self.apply(Change(key, None, stored))

    def _check(self, items: Mapping[OrderKey, StoredItem]) -> None:
        """Assert that the queue agrees with the items; for tests."""
        fresh = ExpiryQueue(self.attribute_name)
        fresh.rebuild(items)
        assert list(fresh._entries) == list(self._entries)  # noqa: S101
