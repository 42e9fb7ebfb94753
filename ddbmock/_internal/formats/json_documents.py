"""JSON documents: read as records, read with the lines of their objects and lists, and written.

Reading with lines (`parse_json`) is several times slower. Templates are read so; a data file only
once a record of it is wrong, to find its line.
"""

from __future__ import annotations

import json
from bisect import bisect_right
from decimal import Decimal
from functools import partial
from json.decoder import JSONArray, JSONObject  # type: ignore[attr-defined]
from json.scanner import py_make_scanner  # type: ignore[attr-defined]
from typing import TYPE_CHECKING, Any

from ddbmock._internal.formats.documents import document_entries
from ddbmock._internal.formats.dynamodb_json import json_line, jsonable_item
from ddbmock._internal.formats.file_errors import FileError, Location
from ddbmock._internal.formats.located import LocatedDict, LocatedList, line_at
from ddbmock._internal.formats.python_values import ExactNumber
from ddbmock._internal.formats.records import Origin

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from ddbmock._internal.formats.files import InputFile
    from ddbmock._internal.formats.records import Entries, Path, TableItems

_BLANKS = " \t\n\r"

# --- reading -------------------------------------------------------------------------------------


def read_json(file: InputFile) -> Entries:
    """Return the entries of a JSON file: of one document, or of several one after the other.

    Several are JSON lines, or pages of `aws dynamodb scan` in one file.

    Raises:
        FileError: It is not JSON, or has no items in it.
    """
    text = file.text()
    position = _after_blanks(text, 0)
    if position == len(text):
        raise FileError(file.name, "the file is empty")
    while position < len(text):
        document, end = _decoded(partial(_DECODER.raw_decode, text, position), file.name)
        find_line = partial(_line_in_text, text, position, end)
        yield from document_entries(document, Origin(file.name, find_line))
        position = _after_blanks(text, end)


def decode_json(text: str, location: Location) -> Any:
    """Return what a line of JSON says, with its numbers as `ExactNumber`.

    Raises:
        FileError: It is not JSON.
    """
    return _decoded(partial(_DECODER.decode, text), location)


def _decoded(decode: Callable[[], Any], location: Location | str) -> Any:
    try:
        return decode()
    except json.JSONDecodeError as error:
        if isinstance(location, str):
            location = Location(location, error.lineno)
        problem = f"not JSON: {error.msg} (column {error.colno})"
        raise FileError(location, problem) from None
    except ValueError as error:
        raise FileError(location, f"not JSON: {error}") from None
    except RecursionError:
        raise FileError(location, "not JSON: nested too deeply") from None


def _refuse_constant(name: str) -> Any:
    raise ValueError(f"JSON has no number {name}")


_DECODER = json.JSONDecoder(
    parse_float=ExactNumber, parse_int=ExactNumber, parse_constant=_refuse_constant
)


def _after_blanks(text: str, position: int) -> int:
    while position < len(text) and text[position] in _BLANKS:
        position += 1
    return position


def _line_in_text(text: str, start: int, end: int, path: Path) -> int | None:
    """Return the line of what is at a path of a document; that is read once more to find it."""
    lines_before = text.count("\n", 0, start)
    try:
        document = _LocatingDecoder(text[start:end], "", str, str).decode(text[start:end])
    except RecursionError:  # this decoder needs more stack than the one that read it before
        return lines_before + 1
    return lines_before + (line_at(document, path) or 1)


# --- reading with lines --------------------------------------------------------------------------


class _Lines:
    """The line of each position of a text."""

    def __init__(self, text: str) -> None:
        self._ends = [at for at, character in enumerate(text) if character == "\n"]

    def at(self, position: int) -> int:
        return bisect_right(self._ends, position - 1) + 1


class _LocatingDecoder(json.JSONDecoder):
    """The standard library's decoder in pure Python, whose parts can be replaced."""

    def __init__(
        self,
        text: str,
        source: str,
        parse_float: Callable[[str], Any],
        parse_int: Callable[[str], Any] | None = None,
    ) -> None:
        super().__init__(parse_float=parse_float, parse_int=parse_int)
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


def _exact_decimal(text: str) -> Decimal:
    try:
        return Decimal(text)
    except ArithmeticError:
        raise ValueError(f"the number {text} is too large") from None


def parse_json(text: str, source: str) -> Any:
    """Return a JSON document with located objects and lists.

    Raises:
        FileError: The text is not JSON.
    """
    try:
        return _LocatingDecoder(text, source, _exact_decimal).decode(text)
    except json.JSONDecodeError as error:
        raise FileError(Location(source, error.lineno), f"not JSON: {error.msg}") from None
    except ValueError as error:
        raise FileError(source, f"not JSON: {error}") from None
    except RecursionError:
        raise FileError(source, "not JSON: nested too deeply") from None


# --- writing -------------------------------------------------------------------------------------


def write_scan_output(table: TableItems) -> Iterator[str]:
    """Yield the items of a table as `aws dynamodb scan` prints them."""
    yield '{\n  "Items": ['
    yield from _item_list(table)
    count = len(table.items)
    yield f'],\n  "Count": {count},\n  "ScannedCount": {count}\n}}\n'


def write_items_by_table(tables: Sequence[TableItems]) -> Iterator[str]:
    """Yield the items of several tables as one object: table name -> items."""
    yield "{"
    for at, table in enumerate(tables):
        yield f"{',' if at else ''}\n  {json_line(table.name)}: ["
        yield from _item_list(table)
        yield "]"
    yield "\n}\n"


def _item_list(table: TableItems) -> Iterator[str]:
    for at, item in enumerate(table.items):
        yield f"{',' if at else ''}\n    {json_line(jsonable_item(item))}"
    if len(table.items):
        yield "\n  "
