"""From a path to its records: what a file holds is told by its content, helped by its suffix."""

from __future__ import annotations

import gzip
import json
import zlib
from collections.abc import Callable, Iterator, Mapping
from decimal import Decimal
from functools import partial
from typing import TYPE_CHECKING, Any

from ddbmock import messages
from ddbmock.formats import s3_exports
from ddbmock.formats.csv_files import csv_records
from ddbmock.formats.documents import document_entries
from ddbmock.formats.file_errors import FileError, Location
from ddbmock.formats.files import open_lines, read_text, stem_of, suffix_of
from ddbmock.formats.json_documents import parse_json
from ddbmock.formats.located import line_at
from ddbmock.formats.records import Origin, Record
from ddbmock.formats.yaml_documents import parse_yaml

if TYPE_CHECKING:
    from pathlib import Path

    from ddbmock.formats.records import Entries

KeyTypes = Callable[[str | None], Mapping[str, str]]

LINES, YAML, JSON, CSV = (".jsonl", ".ndjson"), (".yaml", ".yml"), (".json",), (".csv",)
SUFFIXES = (*LINES, *JSON, *YAML, *CSV)

_NOT_A_NUMBER = {"NaN", "Infinity", "-Infinity"}


def _refuse_constant(name: str) -> Any:
    raise ValueError(messages.no_json_number(name))


_DECODER = json.JSONDecoder(parse_float=Decimal, parse_constant=_refuse_constant)


def path_entries(path: Path, key_types: KeyTypes) -> Entries:
    """Return the entries of a file or folder.

    Args:
        path: Where it is.
        key_types: Table name -> types of its key attributes, for CSV files.

    Raises:
        FileError: It is not there, or cannot be read.
    """
    if path.is_dir():
        return _folder_entries(path, key_types)
    if path.name == s3_exports.SUMMARY:
        return s3_exports.export_records(path.parent)
    return file_entries(path, key_types)


def _folder_entries(folder: Path, key_types: KeyTypes) -> Entries:
    export = s3_exports.find_export(folder)
    if export is not None:
        yield from s3_exports.export_records(export)
        return
    files = sorted(path for path in folder.iterdir() if suffix_of(path) in SUFFIXES)
    if not files:
        raise FileError(str(folder), messages.nothing_to_load(SUFFIXES))
    for path in files:
        yield from file_entries(path, key_types)


def file_entries(path: Path, key_types: KeyTypes) -> Entries:
    """Return the entries of one file; those without a table of their own name the file's."""
    suffix = suffix_of(path)
    if suffix in LINES:
        return _line_records(path)
    text = read_text(path)
    if suffix in CSV:
        return csv_records(text, str(path), None, key_types(stem_of(path)))
    if suffix in YAML:
        return yaml_entries(text, str(path))
    return json_entries(text, str(path))


def _line_records(path: Path) -> Iterator[Record]:
    size_bytes = path.stat().st_size if path.exists() else 0
    read_bytes = 0
    try:
        with open_lines(path) as lines:
            for line_number, line in enumerate(lines, 1):
                read_bytes += len(line)
                if not line.strip():
                    continue
                location = Location(str(path), line_number)
                # Of a compressed file the part cannot be told.
                part = read_bytes / size_bytes if read_bytes <= size_bytes else None
                yield Record(None, _decode_line(line, location), location, part)
    except (EOFError, zlib.error, gzip.BadGzipFile) as error:
        raise FileError(str(path), messages.bad_compression(str(error))) from None
    except OSError as error:
        raise FileError(str(path), messages.not_readable(error.strerror or str(error))) from None


def _decode_line(line: bytes, location: Location) -> Mapping[str, Any]:
    try:
        item = _DECODER.decode(line.decode("utf-8-sig" if location.line_number == 1 else "utf-8"))
    except UnicodeDecodeError as error:
        raise FileError(location, messages.not_text(error.reason, error.start)) from None
    except json.JSONDecodeError as error:
        raise FileError(location, messages.bad_json_at(error.msg, error.colno)) from None
    except ValueError as error:
        raise FileError(location, messages.bad_json(str(error))) from None
    if not isinstance(item, dict):
        raise FileError(location, messages.not_an_item(item))
    return item


def json_entries(text: str, source: str) -> Entries:
    """Return the entries of a JSON text: of one document, or of several one after the other.

    Several are JSON lines, or pages of `aws dynamodb scan` in one file.
    """
    position = _skip_blanks(text, 0)
    if position == len(text):
        raise FileError(source, messages.EMPTY_FILE)
    while position < len(text):
        try:
            document, end = _DECODER.raw_decode(text, position)
        except json.JSONDecodeError as error:
            location = Location(source, error.lineno)
            raise FileError(location, messages.bad_json_at(error.msg, error.colno)) from None
        except ValueError as error:
            raise FileError(source, messages.bad_json(str(error))) from None
        locate = partial(_json_line, text, position, end)
        yield from document_entries(document, Origin(source, locate))
        position = _skip_blanks(text, end)


def _skip_blanks(text: str, position: int) -> int:
    while position < len(text) and text[position].isspace():
        position += 1
    return position


def _json_line(text: str, start: int, end: int, path: tuple[str | int, ...]) -> int | None:
    """Return the line of what lies at a path; the text is read once more to find it."""
    lines_before = text.count("\n", 0, start)
    located = parse_json(text[start:end], "")
    return lines_before + (line_at(located, path) or 1)


def yaml_entries(text: str, source: str) -> Entries:
    """Return the entries of a YAML text."""
    document = parse_yaml(text, source)
    if document is None:
        raise FileError(source, messages.EMPTY_FILE)
    yield from document_entries(document, Origin(source, partial(line_at, document)))
