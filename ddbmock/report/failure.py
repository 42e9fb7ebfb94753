"""The text beside a failed test: its last calls, and what the tables hold."""

from __future__ import annotations

from itertools import islice
from typing import TYPE_CHECKING

from ddbmock.calls import Display, item_text, shorten

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ddbmock.calls import Calls, LogPosition
    from ddbmock.engine.backend import Region
    from ddbmock.engine.table import Table
    from ddbmock.service import Service

_TABLES_SHOWN = 8
_SCAN_ORDER = (
    "a Scan returns items in the order of a hash of their partition keys,"
    " not in the order in which they were written"
)


def failure_text(service: Service, start: LogPosition | None = None) -> str:
    """Return what a service was asked since a moment, and what its tables hold.

    The text is empty when there were no calls and there are no tables.
    """
    calls, display = service.calls.since(start), service.calls.display
    regions = [region for region in service.backend.regions() if region.tables]
    lines: list[str] = []
    if calls:
        lines.append(calls.text(other_regions={region.name for region in regions}))
    lines += _lines_of_tables(regions, display)
    if _has_unordered_scan(calls):
        lines.append(f"note: {_SCAN_ORDER}")
    return "\n".join(lines)


def _has_unordered_scan(calls: Calls) -> bool:
    """Return whether a Scan returned several items, which a test may have expected in an order."""
    return any(call.is_scan and (call.item_count or 0) > 1 for call in calls)


def _lines_of_tables(regions: list[Region], display: Display) -> Iterator[str]:
    tables = [(region, table) for region in regions for table in region.tables.values()]
    if tables:
        yield "tables:"
    for region, table in tables[:_TABLES_SHOWN]:
        with region.backend.lock:
            yield from _lines_of_table(table, region.name, display)
    if len(tables) > _TABLES_SHOWN:
        yield f"  … {len(tables) - _TABLES_SHOWN} more tables"


def _lines_of_table(table: Table, region_name: str, display: Display) -> Iterator[str]:
    count = len(table.items)
    items = "1 item" if count == 1 else f"{count} items"
    yield f"  {table.name} ({region_name}): {items}, {table.size_bytes} bytes"
    for stored in islice(table.items.values(), display.shown_items):
        yield f"    {shorten(item_text(stored.load(), display), display.characters)}"
    if count > display.shown_items > 0:
        yield f"    … {count - display.shown_items} more"
