"""A complete backend in a file, which `load` brings back.

The file is text, JSON on each line, and may be compressed. The first line says what it is:

    {"ddbmock": {"version": 2, "clock": {"frozen_at": 1769860800.0}}}

Every other line is an object with one member, whose name says what the line describes:

    {"region": {"account": "123456789012", "name": "us-east-1"}}    what follows is in this region
    {"table": {"definition": ..., "settings": ...}}                 a table
    {"Item": {...}}                                                 an item of that table
    {"stream": {"label": ..., "shards": [...], ...}}                a stream
    {"record": {"shard": ..., "old": ..., "new": ...}}              a record of that stream

1. Each kind of resource has a section (`sections.SECTIONS`) that writes and reads its lines. A kind
   that is a frozen record needs a row there and nothing else.
2. Nothing is taken for granted when a file is read: the service's own checks see tables and items,
   and the types of all settings are checked. What is wrong is a `FileError` with its line, and
   nothing of the file remains.
3. Transitions are over in a saved state: a table that was being created or changed is as it was to
   become, and one that was being deleted is not in it, nor are exports, imports and bulk operations
   in progress. Client tokens of transactions, which the service itself forgets after ten minutes,
   are not saved.
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
