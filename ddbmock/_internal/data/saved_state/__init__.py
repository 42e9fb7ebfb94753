"""Saved states: a complete backend in a file, which `load` restores.

The file is text, JSON on each line, and may be compressed. The first line identifies it:

    {"ddbmock": {"version": 2, "clock": {"frozen_at": 1769860800.0}}}

Every other line is an object with one member, whose name is the kind of the line:

    {"region": {"account": "123456789012", "name": "us-east-1"}}    the region of the following
    lines {"table": {"definition": ..., "settings": ...}}                 a table
    {"Item": {...}}                                                 an item of that table
    {"stream": {"label": ..., "shards": [...], ...}}                a stream
    {"record": {"shard": ..., "old": ..., "new": ...}}              a record of that stream

1. Each kind of resource has a section (`sections.SECTIONS`) that writes and reads its lines. A kind
   that is a frozen record needs only a row there.
2. Files are checked when they are read: tables and items by the service's own checks, and all
   settings by their types. An error is a `FileError` with its line, and nothing of the file is
   loaded.
3. Transitions are complete in a saved state: a table that was being created or changed has its new
   state, and one that was being deleted is omitted, and so are exports, imports and bulk operations
   in progress. Client tokens of transactions, which expire after ten minutes, are not saved.
"""

from __future__ import annotations

from ddbmock._internal.data.saved_state.copying import copy_backend, copy_tables
from ddbmock._internal.data.saved_state.reading import is_saved_state, load_state
from ddbmock._internal.data.saved_state.writing import VERSION, save_state

__all__ = [
    "VERSION",
    "copy_backend",
    "copy_tables",
    "is_saved_state",
    "load_state",
    "save_state",
]
