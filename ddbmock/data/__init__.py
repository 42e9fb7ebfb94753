"""Backends from files: items into tables and out of them, whole backends into files and back.

Readers hand out records with their places (`reading` and the modules it uses); `loading` brings
these into tables; `dumping` writes what `loading` reads; `backends` keeps everything.
"""

from __future__ import annotations

from ddbmock.data.dumping import dump
from ddbmock.data.loading import Source, load, locked, undone_on_error
from ddbmock.data.requests import run
from ddbmock.data.saved_state import save_state
from ddbmock.formats.problems import FileError, Place

__all__ = [
    "FileError",
    "Place",
    "Source",
    "dump",
    "load",
    "locked",
    "run",
    "save_state",
    "undone_on_error",
]
