"""Stored items: packed, immutable, of known size."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ddbmock._internal.engine.form_writer import item_text
from ddbmock._internal.engine.packing import normalize_and_pack, pack

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ddbmock._internal.engine.form_writer import FormWriter
    from ddbmock._internal.engine.packing import Builder, Contents
    from ddbmock._internal.engine.values import Item

#: Sizes of items by themselves, so that items of the same size share the number.
_sizes: dict[int, int] = {}
#: Items up to here are so small that this matters.
_SHARED_SIZE_MAX = 4096


class StoredItem:
    """One item as a table or index stores it; it never changes, a write replaces it."""

    __slots__ = ("build", "contents", "size_bytes")

    #: `build(*contents)` builds the item; `load` is the same with one call more.
    build: Builder
    contents: Contents

    def __init__(self, item: Item, size_bytes: int) -> None:
        self.build, self.contents = pack(item)
        self.size_bytes: int = size_bytes

    @classmethod
    def read(cls, item: Item) -> StoredItem:
        """Check an item as it came in, make it canonical in place, and return it as it is stored.

        >>> item = {"pk": {"S": "a"}, "n": {"N": "1.50"}}
        >>> StoredItem.read(item).size_bytes, item["n"]
        (7, {'N': '1.5'})
        """
        stored = cls.__new__(cls)
        size_bytes, stored.build, stored.contents = normalize_and_pack(item)
        if size_bytes <= _SHARED_SIZE_MAX:
            size_bytes = _sizes.setdefault(size_bytes, size_bytes)
        stored.size_bytes = size_bytes
        return stored

    def load(self) -> Item:
        """Return a copy of the item that the caller owns."""
        return self.build(*self.contents)

    def json_text(self) -> str:
        """Return the item as JSON, as it is in requests and responses.

        >>> StoredItem({"pk": {"S": "a"}}, 3).json_text()
        '{"pk":{"S":"a"}}'
        """
        # Marshalled contents have no form, and no writer.
        write: FormWriter | None = getattr(self.build, "write", None)
        return item_text(self.load()) if write is None else write(*self.contents)

    def equals(self, other: StoredItem) -> bool:
        """Return whether another stored item is equal, without decoding them where possible.

        >>> StoredItem({"pk": {"S": "a"}}, 3).equals(StoredItem({"pk": {"S": "a"}}, 3))
        True
        """
        if self.size_bytes != other.size_bytes:
            return False
        if self.build is other.build:
            if self.contents == other.contents:
                return True
            # Bytes may be a packed document, where equal maps can be packed in another order.
            for own, others in zip(self.contents, other.contents, strict=True):
                if own != others and own.__class__ is not bytes:
                    return False
        return self.load() == other.load()


def json_texts(items: Sequence[StoredItem]) -> list[str]:
    """Return items as JSON, as `json_text` does for one, with a call less for each."""
    try:
        return [stored.build.write(*stored.contents) for stored in items]  # type: ignore[attr-defined]
    except AttributeError:  # some are marshalled
        return [stored.json_text() for stored in items]
