"""Changes: one item's before and after, not yet stored."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ddbmock._internal.engine.index import IndexWrite
    from ddbmock._internal.engine.items import StoredItem
    from ddbmock._internal.engine.keys import OrderKey
    from ddbmock._internal.engine.values import Item
    from ddbmock._internal.engine.vectors import VectorWrite


class Change:
    """One item's before and after; either may be None, but not both.

    `old_item` and `new_item` are decoded when they are first read, so that a write to a table
    without indexes decodes nothing.
    """

    __slots__ = (
        "_new_item", "_old_item", "by_service", "index_writes", "is_noop", "is_planned", "key",
        "new", "old", "vector_writes", "written_names",
    )  # fmt: skip

    def __init__(  # noqa: PLR0913 (before and after, each as stored and decoded)
        self,
        key: OrderKey,
        old: StoredItem | None,
        new: StoredItem | None,
        *,
        old_item: Item | None = None,
        new_item: Item | None = None,
        written_names: frozenset[str] | None = None,
        by_service: bool = False,
    ) -> None:
        self.key: OrderKey = key
        self.old: StoredItem | None = old
        self.new: StoredItem | None = new
        self._old_item = old_item
        self._new_item = new_item
        #: The attributes beside which before and after are the same; None where that is not known.
        self.written_names: frozenset[str] | None = written_names
        #: Whether the service itself makes the change, such as the deletion of an expired item.
        self.by_service: bool = by_service
        #: Whether `Table.plan` has set the following attributes.
        self.is_planned: bool = False
        #: What the change writes to each index that it writes to.
        self.index_writes: Sequence[IndexWrite] = ()
        self.vector_writes: Sequence[VectorWrite] = ()
        #: Whether the old and the new item are equal: such an item is not written.
        self.is_noop: bool = False

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
    def grown_bytes(self) -> int:
        """Return by how many bytes the item and its local index entries grow, once planned."""
        grown_bytes = 0 if self.new is None else self.new.size_bytes
        grown_bytes -= 0 if self.old is None else self.old.size_bytes
        for written in self.index_writes:
            if not written.index.is_global:
                grown_bytes += written.grown_bytes
        return grown_bytes

    @property
    def written_bytes(self) -> int:
        """Return the larger size of before and after, which is what a write is charged by."""
        old_bytes = self.old.size_bytes if self.old is not None else 0
        new_bytes = self.new.size_bytes if self.new is not None else 0
        return max(old_bytes, new_bytes)
