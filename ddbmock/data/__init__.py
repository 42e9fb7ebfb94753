"""Worlds from files: items into tables and out of them, whole worlds into files and back.

Readers hand out records with their places (`reading` and the modules it uses); `loading` brings
these into tables; `dumping` writes what `loading` reads; `worlds` keeps everything.
"""

from __future__ import annotations

from ddbmock.data.dumping import dump
from ddbmock.data.loading import Source, load
from ddbmock.data.problems import FileError, Place
from ddbmock.data.worlds import save_world

__all__ = ["FileError", "Place", "Source", "dump", "load", "save_world"]
