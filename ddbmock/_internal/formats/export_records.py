"""The lines of data files of exports to Amazon S3: an item or a change each, in JSON or Ion.

A full export has `{"Item": ...}` on each line; an incremental one has the keys of an item, the time
of its last write, and its images before and after the exported period.

https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/S3DataExport.Output.html
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from ddbmock._internal.formats.dynamodb_json import jsonable_item
from ddbmock._internal.formats.file_errors import FileError, Location
from ddbmock._internal.formats.ion import (
    ion_item,
    ion_line,
    ion_struct,
    ion_text,
    ion_values,
    struct_members,
    struct_text,
)
from ddbmock._internal.formats.json_lines import decode_object
from ddbmock._internal.formats.records import Record

if TYPE_CHECKING:
    from ddbmock._internal.engine.values import Item
    from ddbmock._internal.formats.files import InputFile


@dataclass(frozen=True, slots=True)
class ExportedChange:
    """The change of one item in the period of an incremental export."""

    keys: Item
    #: Microseconds since the epoch of the last write.
    written_at: int
    #: The item before the period; None if it did not exist, or the view is NEW_IMAGE.
    old_image: Item | None
    #: The item after the period; None if it was deleted.
    new_image: Item | None


#: Members of a line (Item, Keys, NewImage) with the location of the line and the progress.
Members = tuple[Mapping[str, Any], Location, float | None]


@dataclass(frozen=True, slots=True)
class ExportFormat:
    """One of the two formats of data files."""

    #: The suffix of data files.
    suffix: str
    item_line: Callable[[Item], str]
    change_line: Callable[[ExportedChange], str]
    read: Callable[[InputFile], Iterator[Members]]


def records_of(export_format: ExportFormat, file: InputFile, table_name: str) -> Iterator[Record]:
    """Yield the items of a data file, and the deletions of an incremental export.

    Raises:
        FileError: A line is not a record of an export.
    """
    for members, at, progress in export_format.read(file):
        location = Location(at.source, at.line, f"item of {table_name}")
        yield _record(members, table_name, location, progress)


def _record(
    members: Mapping[str, Any], table_name: str, location: Location, progress: float | None
) -> Record:
    for member in ("Item", "NewImage"):
        if isinstance(members.get(member), Mapping):
            return Record(table_name, members[member], location, progress)
    if isinstance(members.get("Keys"), Mapping):
        # Without a new image the item was deleted.
        return Record(table_name, members["Keys"], location, progress, is_deletion=True)
    raise FileError(
        location, "a record of an export has an Item, or Keys with or without a NewImage"
    )


# --- DynamoDB JSON -------------------------------------------------------------------------------


def _read_json(file: InputFile) -> Iterator[Members]:
    for line in file.lines():
        location = Location(file.name, line.number)
        yield decode_object(line, location), location, line.progress


def _json_line(members: Mapping[str, Any]) -> str:
    return json.dumps(members, separators=(",", ":"), ensure_ascii=False) + "\n"


def _json_item_line(item: Item) -> str:
    return _json_line({"Item": jsonable_item(item)})


def _json_change_line(change: ExportedChange) -> str:
    written_at = {"N": str(change.written_at)}
    members: dict[str, Any] = {
        "Metadata": {"WriteTimestampMicros": written_at},
        "Keys": jsonable_item(change.keys),
    }
    for member, image in (("NewImage", change.new_image), ("OldImage", change.old_image)):
        if image is not None:
            members[member] = jsonable_item(image)
    return _json_line(members)


# --- Amazon Ion ----------------------------------------------------------------------------------


def _read_ion(file: InputFile) -> Iterator[Members]:
    for location, value in ion_values(file):
        members = struct_members(value, location)
        members = struct_members(members.get("Record", members), location)
        items = {
            name: ion_item(content, location)
            for name, content in members.items()
            if name in {"Item", "Keys", "NewImage"}
        }
        yield items, location, None


def _ion_item_line(item: Item) -> str:
    return ion_line({"Item": ion_struct(item)})


def _ion_change_line(change: ExportedChange) -> str:
    written_at = ion_text({"N": str(change.written_at)})
    members = {
        "Keys": ion_struct(change.keys),
        "Metadata": f"{{WriteTimestampMicros:{written_at}}}",
    }
    for member, image in (("OldImage", change.old_image), ("NewImage", change.new_image)):
        if image is not None:
            members[member] = ion_struct(image)
    return ion_line({"Record": struct_text(members)})


#: By the values of ExportFormat and InputFormat in requests.
EXPORT_FORMATS = {
    "DYNAMODB_JSON": ExportFormat(".json.gz", _json_item_line, _json_change_line, _read_json),
    "ION": ExportFormat(".ion.gz", _ion_item_line, _ion_change_line, _read_ion),
}
