"""The table of file formats. A new format is a module with a reader and a writer, and a row."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from ddbmock._internal.formats.csv_files import read_csv, write_csv
from ddbmock._internal.formats.file_errors import FileError
from ddbmock._internal.formats.files import suffix_of
from ddbmock._internal.formats.ion import VERSION_MARKER, read_ion, write_ion
from ddbmock._internal.formats.json_documents import (
    read_json,
    write_items_by_table,
    write_scan_output,
)
from ddbmock._internal.formats.json_lines import read_json_lines, write_json_lines
from ddbmock._internal.formats.yaml_documents import read_yaml, write_yaml, write_yaml_by_table

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from ddbmock._internal.formats.files import InputFile
    from ddbmock._internal.formats.records import Entries, TableItems


@dataclass(frozen=True, slots=True)
class Format:
    """A format of data files."""

    name: str
    suffixes: tuple[str, ...]
    #: File -> its entries.
    read: Callable[[InputFile], Entries]
    #: Items of one table -> parts of the text.
    write: Callable[[TableItems], Iterator[str]]
    #: Items by table -> parts of the text; None for formats that have no names of tables.
    write_tables: Callable[[Sequence[TableItems]], Iterator[str]] | None = None
    #: How the content begins, for files without a known suffix.
    beginnings: tuple[bytes, ...] = ()


JSON_LINES = Format("JSON lines", (".jsonl", ".ndjson"), read_json_lines, write_json_lines)
FORMATS = (
    JSON_LINES,
    Format("JSON", (".json",), read_json, write_scan_output, write_items_by_table, (b"{", b"[")),
    Format("YAML", (".yaml", ".yml"), read_yaml, write_yaml, write_yaml_by_table),
    Format("CSV", (".csv",), read_csv, write_csv),
    Format("Amazon Ion", (".ion",), read_ion, write_ion, None, (VERSION_MARKER.encode(),)),
)
_BY_SUFFIX = {suffix: each for each in FORMATS for suffix in each.suffixes}
SUFFIXES = tuple(_BY_SUFFIX)
#: Blanks and the marks of Unicode encodings.
_BEFORE_CONTENT = b" \t\r\n\xef\xbb\xbf\xff\xfe\x00"


def has_known_suffix(path: Path) -> bool:
    """Return whether the name of a file has the suffix of a format.

    >>> has_known_suffix(Path("orders.csv.gz")), has_known_suffix(Path("readme.txt"))
    (True, False)
    """
    return suffix_of(path) in _BY_SUFFIX


def format_of_input(file: InputFile) -> Format:
    """Return the format of a file by its suffix, or else by its first characters.

    Raises:
        FileError: The format is unknown, or the file cannot be read.
    """
    path = Path(file.name)
    known = _BY_SUFFIX.get(suffix_of(path))
    if known is not None:
        return known
    beginning = file.beginning(64).lstrip(_BEFORE_CONTENT)
    for each in FORMATS:
        if beginning.startswith(each.beginnings):
            return each
    raise _unknown_format(path)


def format_of_output(path: Path) -> Format:
    """Return the format to write a file in: that of its suffix, JSON lines if it has none.

    Raises:
        FileError: No format has that suffix.
    """
    suffix = suffix_of(path)
    if suffix in _BY_SUFFIX:
        return _BY_SUFFIX[suffix]
    if suffix:
        raise _unknown_format(path)
    return JSON_LINES


def _unknown_format(path: Path) -> FileError:
    return FileError(
        str(path),
        f"the format cannot be recognised by the suffix {suffix_of(path)!r}",
        hint=f"the suffixes are {', '.join(SUFFIXES)}, followed by .gz or .zst if compressed",
    )
