"""JSON documents with located objects and lists (see `located`).

This reader is several times slower than the standard library's. Templates are read with it; data
files only once a record of theirs is wrong, to find its line.
"""

from __future__ import annotations

import json
from bisect import bisect_right
from decimal import Decimal
from json.decoder import JSONArray, JSONObject  # type: ignore[attr-defined]
from json.scanner import py_make_scanner  # type: ignore[attr-defined]
from typing import Any

from ddbmock import messages
from ddbmock.formats.file_errors import FileError, Location
from ddbmock.formats.located import LocatedDict, LocatedList


class _Lines:
    """Which line a position of a text is on."""

    def __init__(self, text: str) -> None:
        self._ends = [at for at, character in enumerate(text) if character == "\n"]

    def at(self, position: int) -> int:
        return bisect_right(self._ends, position - 1) + 1


class _LocatingDecoder(json.JSONDecoder):
    """The standard library's decoder in pure Python, whose parts can be replaced."""

    def __init__(self, text: str, source: str) -> None:
        super().__init__(parse_float=Decimal)
        self._lines = _Lines(text)
        self._source = source
        # Both are what py_make_scanner calls for "{" and "[", with the position after it.
        self.parse_object = self._object
        self.parse_array = self._array
        self.scan_once = py_make_scanner(self)

    def _object(self, start: tuple[str, int], *arguments: Any) -> tuple[LocatedDict, int]:
        content, end = JSONObject(start, *arguments)
        located = LocatedDict(content)
        located.line, located.source = self._lines.at(start[1] - 1), self._source
        return located, end

    def _array(self, start: tuple[str, int], *arguments: Any) -> tuple[LocatedList, int]:
        content, end = JSONArray(start, *arguments)
        located = LocatedList(content)
        located.line, located.source = self._lines.at(start[1] - 1), self._source
        return located, end


def parse_json(text: str, source: str) -> Any:
    """Return a JSON document with located objects and lists.

    Raises:
        FileError: The text is no JSON.
    """
    try:
        return _LocatingDecoder(text, source).decode(text)
    except json.JSONDecodeError as error:
        raise FileError(Location(source, error.lineno), messages.bad_json(error.msg)) from None
