"""CSV files: a header of attribute names, a row for each item.

1. `name:N` in the header says the type of a column: S, N, B (base64), BOOL, NULL, or, with the
   cell in JSON, L, M, SS, NS, BS; `name:JSON` is a cell with a whole attribute value in DynamoDB
   JSON.
2. A column without a type has the type that the table's and its indexes' keys give to the
   attribute, or else S, as in DynamoDB's own import from Amazon S3.
3. An empty cell is no attribute. (An empty text is `{"S": ""}` in a `:JSON` column.)

https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/S3DataImport.Format.html
"""

from __future__ import annotations

import csv
import io
import json
from contextlib import contextmanager
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from ddbmock import limits, messages
from ddbmock.formats.file_errors import FileError, Location
from ddbmock.formats.records import Record

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from ddbmock.engine.values import AttributeValue, Item

_PLAIN_TYPES = ("S", "N", "B")
_JSON_TYPES = ("L", "M", "SS", "NS", "BS")
_TYPES = {*_PLAIN_TYPES, *_JSON_TYPES, "BOOL", "NULL", "JSON"}
_TO_BE_QUOTED = frozenset(',"\r\n')
_BOOLEANS = {"true": True, "false": False}


@contextmanager
def _large_fields() -> Iterator[None]:
    """Let a cell be as large as an item; the limit of the csv module is one for the process."""
    before = csv.field_size_limit(8 * limits.ITEM_BYTES_MAX)
    try:
        yield
    finally:
        csv.field_size_limit(before)


def csv_records(
    text: str, source: str, table_name: str | None, key_types: Mapping[str, str]
) -> Iterator[Record]:
    """Return the rows of a CSV text as items in DynamoDB JSON.

    Raises:
        FileError: A header or cell that cannot be read.
    """
    rows = csv.reader(io.StringIO(text, newline=""), strict=True)
    line_count = text.count("\n") + 1
    with _large_fields():
        try:
            header = _read_header(next(rows, []), source, key_types)
            for row in rows:
                if row:
                    location = Location(source, rows.line_num, messages.item_of(None, table_name))
                    progress = min(1.0, rows.line_num / line_count)
                    yield Record(table_name, _item(header, row, location), location, progress)
        except csv.Error as error:
            raise FileError(Location(source, rows.line_num), messages.bad_csv(str(error))) from None


def _read_header(
    cells: list[str], source: str, key_types: Mapping[str, str]
) -> list[tuple[str, str]]:
    if not any(cells):
        raise FileError(Location(source, 1), messages.CSV_WITHOUT_HEADER)
    header = [_column(cell, key_types) for cell in cells]
    for at, column in enumerate(header):
        if not column[0]:
            raise FileError(Location(source, 1), messages.column_without_name(at + 1))
        if column in header[:at]:
            raise FileError(Location(source, 1), messages.column_twice(cells[at]))
    return header


def _column(cell: str, key_types: Mapping[str, str]) -> tuple[str, str]:
    name, colon, kind = cell.rpartition(":")
    if colon and kind in _TYPES:
        return name, kind
    return cell, key_types.get(cell, "S")


def _item(header: list[tuple[str, str]], row: list[str], location: Location) -> Item:
    if len(row) > len(header):
        raise FileError(location, messages.too_many_cells(len(row), len(header)))
    item: Item = {}
    for (name, kind), cell in zip(header, row, strict=False):
        if cell == "":
            continue
        if name in item:
            raise FileError(location, messages.attribute_twice(name))
        item[name] = _value(name, kind, cell, location)
    return item


def _value(name: str, kind: str, cell: str, location: Location) -> AttributeValue:
    if kind in _PLAIN_TYPES:
        return {kind: cell.strip() if kind == "N" else cell}
    if kind in {"BOOL", "NULL"}:
        content = _BOOLEANS.get(cell.strip().lower())
        if content is None:
            raise FileError(location, messages.wrong_cell(name, kind, "true or false", cell))
        return {kind: content}
    try:
        decoded = json.loads(cell, parse_float=Decimal)
    except ValueError:
        raise FileError(location, messages.wrong_cell(name, kind, "JSON", cell)) from None
    if kind == "JSON":
        if not isinstance(decoded, dict):
            raise FileError(location, messages.wrong_cell(name, kind, "an attribute value", cell))
        return decoded
    return {kind: decoded}


def csv_text(items: Iterable[Item], key_names: Iterable[str]) -> str:
    r"""Return items, their binary contents in base64, as CSV, every column with its type.

    >>> csv_text([{"id": {"S": "a"}, "n": {"N": "1"}}, {"id": {"S": "b"}}], ["id"])
    'id:S,n:N\na,1\nb,\n'
    """
    rows = [{_cell_column(name, value): value for name, value in item.items()} for item in items]
    keys = list(key_names)
    columns = {column: None for row in rows for column in row}
    header = sorted(
        columns, key=lambda column: keys.index(column[0]) if column[0] in keys else len(keys)
    )
    lines = [[f"{name}:{kind}" for name, kind in header]]
    lines += [[_cell(row.get(column), column[1]) for column in header] for row in rows]
    return "".join(",".join(map(_quoted, line)) + "\n" for line in lines)


def _quoted(cell: str) -> str:
    # The csv module would leave a carriage return bare, which its reader takes for a line's end.
    if not _TO_BE_QUOTED.isdisjoint(cell):
        return '"' + cell.replace('"', '""') + '"'
    return cell


def _cell_column(name: str, value: AttributeValue) -> tuple[str, str]:
    ((kind, content),) = value.items()
    is_plain = kind not in {"S", "B"} or (content != "" and content.isprintable())
    return name, kind if is_plain else "JSON"


def _cell(value: AttributeValue | None, kind: str) -> str:
    if value is None:
        return ""
    if kind == "JSON":
        return json.dumps(value)
    content: Any = value[kind]
    return content if kind in _PLAIN_TYPES else json.dumps(content)
