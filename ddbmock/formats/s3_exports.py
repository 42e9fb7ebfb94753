"""Folders that DynamoDB's export to Amazon S3 writes, full or incremental.

`manifest-summary.json` names the table and the format, `manifest-files.json` (JSON lines) the data
files with the number of items in each; the files lie in `data/`, beside the manifest or, for an
incremental export, one folder up.

https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/S3DataExport.Output.html
"""

from __future__ import annotations

import gzip
import json
import zlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import TYPE_CHECKING, Any

from ddbmock import messages
from ddbmock.arns import table_name_of
from ddbmock.formats.file_errors import FileError, Location
from ddbmock.formats.files import open_lines, read_text
from ddbmock.formats.ion import ion_item, ion_values
from ddbmock.formats.records import Record

if TYPE_CHECKING:
    from pathlib import Path

SUMMARY = "manifest-summary.json"
_FILES = "manifest-files.json"


@dataclass(frozen=True, slots=True)
class _DataFile:
    path: Path
    item_count: int | None


def find_export(folder: Path) -> Path | None:
    """Return the folder with the manifest of an export: this one, or the one export below it.

    Raises:
        FileError: There are several exports below.
    """
    found = sorted(
        path.parent
        for pattern in (SUMMARY, f"*/{SUMMARY}", f"AWSDynamoDB/*/{SUMMARY}")
        for path in folder.glob(pattern)
    )
    if len(found) > 1:
        raise FileError(str(folder), messages.several_exports([str(path) for path in found]))
    return found[0] if found else None


def export_records(folder: Path) -> Iterator[Record]:
    """Return the items of an export, and what an incremental one deleted."""
    summary_path = folder / SUMMARY
    summary = _read_object(summary_path, read_text(summary_path), 1)
    try:
        table_name = table_name_of(summary["tableArn"])
    except (KeyError, AttributeError):
        raise FileError(str(summary_path), messages.manifest_without("tableArn")) from None
    format_name = summary.get("outputFormat", "DYNAMODB_JSON")
    read = _FORMATS.get(format_name)
    if read is None:
        raise FileError(str(summary_path), messages.unknown_export_format(format_name))
    files = list(_data_files(folder))
    for at, file in enumerate(files):
        count = 0
        for line_number, content in read(file.path):
            count += 1
            location = Location(str(file.path), line_number, messages.item_of(None, table_name))
            yield _record(content, table_name, location, (at + 1) / len(files))
        if file.item_count is not None and count != file.item_count:
            raise FileError(str(file.path), messages.item_count_differs(file.item_count, count))


def _record(
    content: Mapping[str, Any], table_name: str, location: Location, progress: float
) -> Record:
    for member in ("Item", "NewImage"):
        if isinstance(content.get(member), Mapping):
            return Record(table_name, content[member], location, progress)
    if isinstance(content.get("Keys"), Mapping):
        # Of an incremental export: without a new image the item is gone.
        return Record(table_name, content["Keys"], location, progress, is_deletion=True)
    raise FileError(location, messages.RECORD_WITHOUT_ITEM)


def _data_files(folder: Path) -> Iterator[_DataFile]:
    manifest = folder / _FILES
    for line_number, line in enumerate(read_text(manifest).splitlines(), 1):
        if not line.strip():
            continue
        entry = _read_object(manifest, line, line_number)
        key = entry.get("dataFileS3Key")
        if not isinstance(key, str):
            raise FileError(
                Location(str(manifest), line_number), messages.manifest_without("dataFileS3Key")
            )
        yield _DataFile(_find_data_file(folder, key), entry.get("itemCount"))


def _find_data_file(folder: Path, key: str) -> Path:
    name = PurePosixPath(key).name
    candidates = [folder / "data" / name, folder.parent / "data" / name, folder / name]
    for candidate in candidates:
        if candidate.is_file():
            return candidate
    raise FileError(str(folder / _FILES), messages.data_file_missing(key, str(candidates[0])))


def _read_object(path: Path, text: str, line_number: int) -> dict[str, Any]:
    try:
        document = json.loads(text)
    except ValueError as error:
        raise FileError(Location(str(path), line_number), messages.bad_json(str(error))) from None
    if not isinstance(document, dict):
        raise FileError(Location(str(path), line_number), messages.not_items(document))
    return document


def _lines(path: Path) -> Iterator[tuple[int, str]]:
    try:
        with open_lines(path) as lines:
            for line_number, line in enumerate(lines, 1):
                text = line.decode("utf-8")
                if text.strip():
                    yield line_number, text
    except UnicodeDecodeError as error:
        raise FileError(str(path), messages.not_text(error.reason, error.start)) from None
    except (EOFError, zlib.error, gzip.BadGzipFile) as error:
        raise FileError(str(path), messages.bad_compression(str(error))) from None


def _json_records(path: Path) -> Iterator[tuple[int, Mapping[str, Any]]]:
    for line_number, line in _lines(path):
        yield line_number, _read_object(path, line, line_number)


def _ion_records(path: Path) -> Iterator[tuple[int, Mapping[str, Any]]]:
    for line_number, line in _lines(path):
        for value in ion_values(line, Location(str(path), line_number)):
            if not isinstance(value, Mapping):
                raise FileError(Location(str(path), line_number), messages.RECORD_WITHOUT_ITEM)
            yield (
                line_number,
                {
                    name: ion_item(content)
                    for name, content in value.items()
                    if isinstance(content, Mapping)
                },
            )


_FORMATS = {"DYNAMODB_JSON": _json_records, "ION": _ion_records}
