"""Items at rest, and changes of them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from ddbmock.engine.packing import pack

if TYPE_CHECKING:
    from ddbmock.engine.keys import OrderKey
    from ddbmock.engine.values import Item


class StoredItem:
    """One item as a table or index keeps it; it never changes, a write replaces it."""

    __slots__ = ("build", "contents", "size_bytes")

    def __init__(self, item: Item, size_bytes: int) -> None:
        #: `build(*contents)` makes the item anew; `load` is that, with a call more.
        self.build, self.contents = pack(item)
        self.size_bytes = size_bytes

    def load(self) -> Item:
        """Return a copy of the item that the caller owns."""
        return self.build(*self.contents)


@dataclass(slots=True)
class IndexWrite:
    """What one change wrote to one index: the sizes of the entries written, deleted ones too."""

    index_name: str
    is_global: bool
    entry_bytes: list[int]


class Change:
    """One item's before and after; either may be None, but not both.

    `old_item` and `new_item` are decoded when first looked at, so that a write to a table without
    indexes and streams decodes nothing.
    """

    __slots__ = ("_new_item", "_old_item", "by_service", "index_writes", "key", "new", "old")

    def __init__(  # noqa: PLR0913 (before and after, each as record and decoded)
        self,
        key: OrderKey,
        old: StoredItem | None,
        new: StoredItem | None,
        *,
        old_item: Item | None = None,
        new_item: Item | None = None,
        by_service: bool = False,
    ) -> None:
        self.key = key
        self.old = old
        self.new = new
        self._old_item = old_item
        self._new_item = new_item
        #: Whether the service itself makes the change, as when a time to live is over.
        self.by_service = by_service
        #: Filled by `Table.apply`.
        self.index_writes: list[IndexWrite] = []

    @property
    def old_item(self) -> Item | None:
        """Return the item before the change (not to be changed by the caller)."""
        if self._old_item is None and self.old is not None:
            self._old_item = self.old.load()
        return self._old_item

    @property
    def new_item(self) -> Item | None:
        """Return the item after the change (not to be changed by the caller)."""
        if self._new_item is None and self.new is not None:
            self._new_item = self.new.load()
        return self._new_item

    @property
    def written_bytes(self) -> int:
        """Return the larger size of before and after, which is what a write is charged by."""
        old_bytes = self.old.size_bytes if self.old is not None else 0
        new_bytes = self.new.size_bytes if self.new is not None else 0
        return max(old_bytes, new_bytes)

    def reversed(self) -> Change:
        """Return the change that takes this one back."""
        return Change(self.key, self.new, self.old)
