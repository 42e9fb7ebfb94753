"""Items from files into tables and back, and saved states of complete backends.

    loading        records of any format become items of tables
    dumping        items of tables become files that `loading` reads
    saved_state    a complete backend in a file
    requests       requests that ddbmock itself makes
    progress       the progress of a long load, as a line on a terminal

The formats themselves are in `ddbmock._internal.formats`.
"""

from __future__ import annotations

from ddbmock._internal.data.dumping import dump
from ddbmock._internal.data.loading import Source, load
from ddbmock._internal.data.saved_state import save_state
from ddbmock._internal.data.setting_up import SetUp
from ddbmock._internal.formats.file_errors import FileError, Location

__all__ = ["FileError", "Location", "SetUp", "Source", "dump", "load", "save_state"]
