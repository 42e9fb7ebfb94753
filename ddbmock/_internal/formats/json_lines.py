"""JSON lines: one item a line, read and written without the complete file in memory.

https://jsonlines.org
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ddbmock._internal.formats.dynamodb_json import json_line, jsonable_item
from ddbmock._internal.formats.file_errors import FileError, Location
from ddbmock._internal.formats.files import not_text
from ddbmock._internal.formats.items import not_an_item
from ddbmock._internal.formats.json_documents import decode_json
from ddbmock._internal.formats.records import Record

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ddbmock._internal.formats.files import InputFile, Line
    from ddbmock._internal.formats.records import TableItems


def read_json_lines(file: InputFile) -> Iterator[Record]:
    """Yield the items of a file.

    Raises:
        FileError: A line is not JSON, or not an object.
    """
    for line in file.lines():
        location = Location(file.name, line.number)
        yield Record(None, decode_object(line, location), location, line.progress)


def decode_object(line: Line, location: Location) -> dict[str, Any]:
    """Return the JSON object on a line, with its numbers as `ExactNumber`.

    Raises:
        FileError: It is not JSON, or not an object.
    """
    encoding = "utf-8-sig" if line.number == 1 else "utf-8"
    try:
        text = line.content.decode(encoding)
    except UnicodeDecodeError as error:
        raise not_text(location, error) from None
    content = decode_json(text, location)
    if not isinstance(content, dict):
        raise FileError(location, str(not_an_item(content)))
    return content


def write_json_lines(table: TableItems) -> Iterator[str]:
    """Yield the items of a table in DynamoDB JSON, one a line."""
    for item in table.items:
        yield json_line(jsonable_item(item)) + "\n"
