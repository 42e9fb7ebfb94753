"""The calls of a mock and the items of its tables, as text."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ddbmock._internal.controller.listing import listing

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from ddbmock._internal.calls import Calls, Display
    from ddbmock._internal.engine.backend import Region
    from ddbmock._internal.service import Service

_TABLES_SHOWN = 8


def state_text(service: Service, calls: Calls | None = None) -> str:
    """Return the calls of a service, or some of them, and the items of its tables.

    The text is empty when there were no calls and there are no tables.
    """
    shown = service.calls if calls is None else calls
    regions = [region for region in service.backend.regions() if region.tables]
    lines = [shown.text(other_regions={region.name for region in regions})] if shown else []
    if regions:
        lines += ["tables:", *_lines_of_tables(regions, service.calls.display)]
    return "\n".join(lines)


def _lines_of_tables(regions: Sequence[Region], display: Display) -> Iterator[str]:
    tables = [(region, table) for region in regions for table in region.all_tables()]
    for region, table in tables[:_TABLES_SHOWN]:
        name, count = f"{table.name} ({region.name})", len(table.items)
        with region.backend.lock:
            lines = listing(name, count, table.size_bytes, table.items.values(), display)
        yield from (f"  {line}" for line in lines)
    if len(tables) > _TABLES_SHOWN:
        yield f"  … {len(tables) - _TABLES_SHOWN} more tables"
