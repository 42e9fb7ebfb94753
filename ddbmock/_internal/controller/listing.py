"""Items as lines of text, after a line with their number."""

from __future__ import annotations

from itertools import islice
from typing import TYPE_CHECKING

from ddbmock._internal.calls import counted, item_text, shorten

if TYPE_CHECKING:
    from collections.abc import Iterable

    from ddbmock._internal.calls import Display
    from ddbmock._internal.engine.items import StoredItem


def listing(
    name: str, count: int, size_bytes: int | None, entries: Iterable[StoredItem], display: Display
) -> list[str]:
    """Return lines about a table or index: its name, its size, and its first items."""
    lines = [
        f"{name}: {counted(count, 'item')}"
        + ("" if size_bytes is None else f", {size_bytes} bytes")
    ]
    lines += [
        f"  {shorten(item_text(stored.load(), display), display.characters)}"
        for stored in islice(entries, display.shown_items)
    ]
    if count > display.shown_items > 0:
        lines.append(f"  … {count - display.shown_items} more")
    return lines
