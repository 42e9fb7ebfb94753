"""Backends from files: items into tables and out of them, whole backends into files and back.

Readers hand out records with their places (`reading` and the modules it uses); `loading` brings
these into tables; `dumping` writes what `loading` reads; `backends` keeps everything.
"""

from __future__ import annotations

from ddbmock.data.dumping import dump
from ddbmock.data.loading import Source, load
from ddbmock.data.saved_state import save_state
from ddbmock.data.setting_up import SetUp
from ddbmock.formats.file_errors import FileError, Location

__all__ = ["FileError", "Location", "SetUp", "Source", "dump", "load", "save_state"]
