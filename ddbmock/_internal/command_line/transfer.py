"""`ddbmock load` and `ddbmock dump`: items from files into tables, and from tables into files."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

from ddbmock._internal.calls.display import counted
from ddbmock._internal.command_line.states import is_url, new_state, read_into, read_state, write
from ddbmock._internal.templates import tables_from

if TYPE_CHECKING:
    import argparse


def load(options: argparse.Namespace) -> int:
    """Put tables and items into a running endpoint, a database or a saved file.

    Everything is checked in memory before anything is written.
    """
    state = new_state(options.region)
    if is_url(options.to) or Path(options.to).exists():
        read_into(state, options.to, with_items=False)
    if options.tables:
        tables_from(*options.tables, region=options.region).create(state, skip_existing=True)
    count = sum(state.load(path, options.table) for path in options.items)
    write(state, options.to)
    tables = counted(len(state.tables), "table")
    sys.stdout.write(f"loaded {counted(count, 'item')}; {options.to} has {tables}\n")
    return 0


def dump(options: argparse.Namespace) -> int:
    """Write the items of a table, or of all, into files."""
    state = read_state(options.state, options.region)
    if options.everything:
        state.save(options.path)
        count = sum(view.item_count for view in state.tables.values())
    else:
        count = state.dump(options.path, options.table)
    sys.stdout.write(f"wrote {counted(count, 'item')} to {options.path}\n")
    return 0
