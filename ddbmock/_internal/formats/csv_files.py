"""CSV files: a header of attribute names, then one item a row.

1. `name:N` in the header gives a column its type: S, N, B (base64), BOOL, NULL or, with JSON in the
   cell, L, M, SS, NS, BS; `name:JSON` is a cell with a complete attribute value in DynamoDB JSON.
2. A column without a type has the attribute's type in the key schema of the table or an index, or
   S, as in DynamoDB's own import from Amazon S3.
3. An empty cell is an absent attribute. (An empty string is `{"S": ""}` in a `:JSON` column.)

Quoting is that of RFC 4180. The csv module of the standard library is not used: it accepts quotes
in unquoted cells, limits the size of a cell for the process as a whole, and takes no NUL before
Python 3.11.

https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/S3DataImport.Format.html
"""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any, NamedTuple

from ddbmock._internal.formats.dynamodb_json import jsonable_item
from ddbmock._internal.formats.file_errors import FileError, Location, shortened
from ddbmock._internal.formats.json_documents import decode_json
from ddbmock._internal.formats.records import Record

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from ddbmock._internal.engine.values import AttributeValue, Item
    from ddbmock._internal.formats.files import InputFile
    from ddbmock._internal.formats.records import TableItems

_PLAIN_TYPES = ("S", "N", "B")
_JSON_TYPES = ("L", "M", "SS", "NS", "BS")
_TYPES = (*_PLAIN_TYPES, "BOOL", "NULL", *_JSON_TYPES, "JSON")
#: A suffix that may be meant as a type.
_LIKE_A_TYPE = re.compile("[A-Z]{1,4}")
_BOOLEANS = {"true": True, "false": False}


class Column(NamedTuple):
    """A column: the attribute's name and the type of its values."""

    name: str
    kind: str


# --- rows ----------------------------------------------------------------------------------------


class Row(NamedTuple):
    """A row: its cells, the line on which it begins, and the part of the text read with it."""

    cells: list[str]
    line_number: int
    progress: float


def read_rows(text: str, source: str, delimiter: str = ",") -> Iterator[Row]:
    """Yield the rows of a CSV text, without blank lines.

    Raises:
        FileError: A quote is misplaced.
    """
    cell_pattern = _cell_pattern(delimiter)
    position, line_number = 0, 1
    while position < len(text):
        first_line, cells, end = line_number, [], delimiter
        while end == delimiter:
            match = cell_pattern.match(text, position)
            if match is None:
                raise FileError(Location(source, line_number), "not CSV: a misplaced quote")
            quoted, unquoted, end = match.groups()
            cells.append(unquoted if quoted is None else quoted.replace('""', '"'))
            line_number += match[0].count("\n")
            position = match.end()
        if cells != [""]:
            yield Row(cells, first_line, position / len(text))


def _cell_pattern(delimiter: str) -> re.Pattern[str]:
    mark = re.escape(delimiter)
    return re.compile(rf'(?:"([^"]*(?:""[^"]*)*)"|([^"\r\n{mark}]*))({mark}|\r\n|\n|\r|\Z)')


# --- reading -------------------------------------------------------------------------------------


def read_csv(file: InputFile) -> Iterator[Record]:
    """Yield the rows of a CSV file as items in DynamoDB JSON.

    Raises:
        FileError: The header or a cell cannot be read.
    """
    rows = read_rows(file.text(), file.name)
    columns = _read_header(next(rows, None), file)
    for row in rows:
        location = Location(file.name, row.line_number, "item")
        yield Record(None, row_item(columns, row, location), location, row.progress)


def _read_header(row: Row | None, file: InputFile) -> list[Column]:
    location = Location(file.name, 1)
    if row is None:
        raise FileError(location, "a CSV file begins with a header of attribute names")
    columns: list[Column] = []
    for number, cell in enumerate(row.cells, 1):
        column = _column(cell, file.key_types, location)
        if not column.name:
            raise FileError(location, f"column {number} has no attribute name")
        if column in columns:
            raise FileError(location, f"two columns are {cell}")
        columns.append(column)
    return columns


def _column(cell: str, key_types: Mapping[str, str], location: Location) -> Column:
    name, colon, kind = cell.rpartition(":")
    if not colon:
        return Column(cell, key_types.get(cell, "S"))
    if kind in _TYPES:
        return Column(name, kind)
    if _LIKE_A_TYPE.fullmatch(kind) or kind.upper() in _TYPES:
        raise FileError(
            location,
            f"column {cell}: no type {kind}; the types are {', '.join(_TYPES)}",
            hint=f"an attribute of this name is written {cell}:S",
        )
    return Column(cell, key_types.get(cell, "S"))


def row_item(columns: list[Column], row: Row, location: Location) -> Item:
    """Return the item in a row.

    Raises:
        FileError: There are more cells than columns, or a cell is not of its column's type.
    """
    if len(row.cells) > len(columns):
        problem = f"{len(row.cells)} cells under a header of {len(columns)}"
        raise FileError(location, problem)
    item: Item = {}
    for column, cell in zip(columns, row.cells, strict=False):
        if cell == "":
            continue
        if column.name in item:
            raise FileError(location, f"two columns give attribute {column.name} a value")
        item[column.name] = _value(column, cell, location)
    return item


def _value(column: Column, cell: str, location: Location) -> AttributeValue:
    kind = column.kind
    if kind in _PLAIN_TYPES:
        return {kind: cell.strip() if kind == "N" else cell}
    if kind in {"BOOL", "NULL"}:
        content = _BOOLEANS.get(cell.strip().lower())
        if content is None:
            raise _wrong_cell(column, cell, "true or false", location)
        return {kind: content}
    try:
        decoded = decode_json(cell, location)
    except FileError:
        raise _wrong_cell(column, cell, "JSON", location) from None
    if kind != "JSON":
        return {kind: decoded}
    if not isinstance(decoded, dict):
        raise _wrong_cell(column, cell, "an attribute value", location)
    return decoded


def _wrong_cell(column: Column, cell: str, expected: str, location: Location) -> FileError:
    problem = f"a cell of type {column.kind} contains {expected}, not {shortened(cell)}"
    return FileError(location, f"attribute {column.name}: {problem}")


# --- writing -------------------------------------------------------------------------------------


def write_csv(table: TableItems) -> Iterator[str]:
    """Yield the items of a table as CSV, every column with its type, the keys first."""
    columns = {
        _column_of(name, value): None for item in table.items for name, value in item.items()
    }
    keys = table.key_names
    header = sorted(columns, key=lambda c: keys.index(c.name) if c.name in keys else len(keys))
    # Types are known only from items.
    yield _line([f"{column.name}:{column.kind}" for column in header] or list(keys))
    for item in table.items:
        row = {_column_of(name, value): (name, value) for name, value in item.items()}
        yield _line([_cell(column, row) for column in header])


def _column_of(name: str, value: AttributeValue) -> Column:
    ((kind, content),) = value.items()
    if kind == "S" and not (content != "" and content.isprintable()):
        return Column(name, "JSON")
    return Column(name, "JSON" if kind == "B" and not content else kind)


def _cell(column: Column, row: dict[Column, tuple[str, AttributeValue]]) -> str:
    if column not in row:
        return ""
    name, value = row[column]
    value = jsonable_item({name: value})[name]
    if column.kind == "JSON":
        return json.dumps(value)
    content: Any = value[column.kind]
    return content if column.kind in _PLAIN_TYPES else json.dumps(content)


def _line(cells: list[str]) -> str:
    return ",".join(map(_quoted, cells)) + "\n"


def _quoted(cell: str) -> str:
    if any(character in cell for character in ',"\r\n'):
        return '"' + cell.replace('"', '""') + '"'
    return cell
