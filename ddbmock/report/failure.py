"""The text beside a failed test: its last calls, and what the tables hold."""

from __future__ import annotations

from itertools import islice
from typing import TYPE_CHECKING, Any

from ddbmock.calls import call_lines, item_text, shorten, units_text

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ddbmock.calls import Calls
    from ddbmock.engine.table import Table

_LINE_CHARACTERS = 200
_CALLS_SHOWN = 10
_TABLES_SHOWN = 8
_ITEMS_SHOWN = 4


def failure_text(service: Any, mark: Any = None) -> str:
    """Return what is to be known of a service since a mark, empty when there is nothing."""
    lines = [*_lines_of_calls(service.calls.after(mark)), *_lines_of_tables(service)]
    return "\n".join(lines)


def _lines_of_calls(calls: Calls) -> Iterator[str]:
    if not calls.call_count:
        return
    units = calls.units()
    cost = units_text(units.read, units.write) or "no units"
    plural = "" if calls.call_count == 1 else "s"
    yield f"{calls.call_count} call{plural}, {cost}:"
    yield from call_lines(list(calls), _CALLS_SHOWN, _LINE_CHARACTERS)


def _lines_of_tables(service: Any) -> Iterator[str]:
    regions = service.backend.regions()
    tables = [(region, table) for region in regions for table in region.tables.values()]
    if tables:
        yield "tables:"
    for region, table in tables[:_TABLES_SHOWN]:
        with region.backend.lock:
            yield from _lines_of_table(table, region.name)
    if len(tables) > _TABLES_SHOWN:
        yield f"  … {len(tables) - _TABLES_SHOWN} more tables"


def _lines_of_table(table: Table, region_name: str) -> Iterator[str]:
    count = len(table.items)
    items = "1 item" if count == 1 else f"{count} items"
    yield f"  {table.name} ({region_name}): {items}, {table.size_bytes} bytes"
    for stored in islice(table.items.values(), _ITEMS_SHOWN):
        yield f"    {shorten(item_text(stored.load(), _LINE_CHARACTERS), _LINE_CHARACTERS)}"
    if count > _ITEMS_SHOWN:
        yield f"    … {count - _ITEMS_SHOWN} more"
