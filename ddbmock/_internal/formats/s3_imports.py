"""The objects that ImportTable and StartBulkPutItems read.

An item that cannot be read is reported and skipped. Text that cannot be parsed is reported once,
and the rest of its object is not read, as was observed with the service.

https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/S3DataImport.Format.html
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, NamedTuple

from ddbmock._internal.formats import compression, ion
from ddbmock._internal.formats.csv_files import Column, read_rows, row_item
from ddbmock._internal.formats.dynamodb_json import typed_item
from ddbmock._internal.formats.file_errors import FileError, Location
from ddbmock._internal.formats.files import InputFile
from ddbmock._internal.formats.ion import ion_item, ion_values, struct_members
from ddbmock._internal.formats.json_lines import decode_object
from ddbmock._internal.formats.python_values import AttributeValueError
from ddbmock._internal.messages import values as messages

if TYPE_CHECKING:
    from ddbmock._internal.engine.values import Item


@dataclass(frozen=True, slots=True)
class ImportSource:
    """The format of an import's objects."""

    #: CSV, DYNAMODB_JSON or ION.
    format_name: str
    #: GZIP, ZSTD or NONE.
    compression: str = "NONE"
    #: The types of the attributes of the keys of the table and its indexes, for CSV.
    key_types: Mapping[str, str] = field(default_factory=dict)
    delimiter: str = ","
    #: The columns of CSV objects without a header.
    header: tuple[str, ...] = ()

    def check_installed(self) -> None:
        """Do nothing if such objects can be read.

        Raises:
            FileError: A library for it is not installed.
        """
        name = f"objects in {self.format_name}"
        compression.check_installed(self.compression, name)
        if self.format_name == "ION":
            ion.check_installed(name)


class ImportedItem(NamedTuple):
    """One item of an object, or its error."""

    #: The position in the object, from 0.
    position: int
    item: Item | None
    #: The other members of the record, such as the condition of a bulk put, not yet converted.
    members: Mapping[str, Any]
    problem: str | None = None


def read_object(source: ImportSource, key: str, body: bytes) -> Iterator[ImportedItem]:
    """Yield the items of an object.

    >>> body = b'{"Item": {"id": {"S": "a"}}}'
    >>> [each.item for each in read_object(ImportSource("DYNAMODB_JSON"), "data/a.json", body)]
    [{'id': {'S': 'a'}}]
    """
    if not body:
        return
    reader = _READERS[source.format_name]
    file = InputFile.of(key, body, compression=source.compression)
    count = 0
    try:
        for record in reader.records(file, source):
            yield _imported(reader, count, record)
            count += 1
    except FileError as error:
        yield ImportedItem(count, None, {}, error.problem)


def _imported(reader: _Reader, index: int, record: Any) -> ImportedItem:
    try:
        item, members = reader.item(record)
    except FileError as error:
        return ImportedItem(index, None, {}, error.problem)
    except AttributeValueError as error:
        return ImportedItem(index, None, {}, str(error))
    except RecursionError:
        return ImportedItem(index, None, {}, messages.NESTING_TOO_DEEP)
    return ImportedItem(index, item, members)


class _Reader(NamedTuple):
    """The reader of one format: of objects to records, which can fail, and of these to items."""

    records: Callable[[InputFile, ImportSource], Iterator[Any]]
    item: Callable[[Any], tuple[Item, Mapping[str, Any]]]


def _csv_records(file: InputFile, source: ImportSource) -> Iterator[tuple[list[Column], Any]]:
    rows = read_rows(file.text(), file.name, source.delimiter)
    names = source.header
    if not names:
        first = next(rows, None)
        names = () if first is None else tuple(first.cells)
    columns = [Column(name, source.key_types.get(name, "S")) for name in names]
    for row in rows:
        yield columns, row


def _csv_item(record: tuple[list[Column], Any]) -> tuple[Item, Mapping[str, Any]]:
    columns, row = record
    return typed_item(row_item(columns, row, Location(""))), {}


def _json_records(file: InputFile, source: ImportSource) -> Iterator[Any]:  # noqa: ARG001
    for line in file.lines():
        yield decode_object(line, Location(file.name, line.number))


def _json_item(record: dict[str, Any]) -> tuple[Item, Mapping[str, Any]]:
    if not isinstance(record.get("Item"), Mapping):
        raise AttributeValueError(_NO_ITEM)
    members = {name: content for name, content in record.items() if name != "Item"}
    return typed_item(record["Item"]), members


def _ion_records(file: InputFile, source: ImportSource) -> Iterator[Any]:  # noqa: ARG001
    for _, value in ion_values(file):
        yield value


def _ion_item(record: Any) -> tuple[Item, Mapping[str, Any]]:
    location = Location("")
    record = struct_members(record, location)
    if not isinstance(record.get("Item"), Mapping):
        raise AttributeValueError(_NO_ITEM)
    members = {name: content for name, content in record.items() if name != "Item"}
    return ion_item(record["Item"], location), members


_NO_ITEM = "a record has an Item"
#: By the values of InputFormat in requests.
_READERS = {
    "CSV": _Reader(_csv_records, _csv_item),
    "DYNAMODB_JSON": _Reader(_json_records, _json_item),
    "ION": _Reader(_ion_records, _ion_item),
}
