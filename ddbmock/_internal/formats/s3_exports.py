"""The objects that DynamoDB's export to Amazon S3 writes, full or incremental.

    <prefix>/AWSDynamoDB/<export id>/_started                 empty
    <prefix>/AWSDynamoDB/<export id>/manifest-summary.json    the table, the format, counts
    <prefix>/AWSDynamoDB/<export id>/manifest-files.json      a line for each data file
    <prefix>/AWSDynamoDB/<export id>/data/<name>.json.gz      of a full export
    <prefix>/AWSDynamoDB/data/<name>.json.gz                  of an incremental one

A `.md5` file goes with each manifest. Names and members are documented; that the `.md5` files
contain the checksum in base64, as `manifest-files.json` does, is an assumption.

https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/S3DataExport.Output.html
"""

from __future__ import annotations

import gzip
import hashlib
import json
import os
import string
from base64 import b64encode
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING, Any

from ddbmock._internal.arns import table_name_of
from ddbmock._internal.formats.export_records import EXPORT_FORMATS, records_of
from ddbmock._internal.formats.file_errors import FileError, Location, shortened
from ddbmock._internal.formats.files import InputFile
from ddbmock._internal.formats.json_lines import decode_object
from ddbmock._internal.formats.python_values import ExactNumber
from ddbmock._internal.times import iso_milliseconds

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from random import Random

    from ddbmock._internal.formats.records import Record

SUMMARY = "manifest-summary.json"
_FILES = "manifest-files.json"
_ROOT = "AWSDynamoDB"
_NAME_CHARACTERS = string.ascii_lowercase + string.digits
_NAME_LENGTH = 26

# --- reading -------------------------------------------------------------------------------------


def find_export(folder: Path) -> Path | None:
    """Return the folder with the manifest of an export: this one, or the only one below it.

    Raises:
        FileError: There are several exports below.
    """
    found = sorted(
        path.parent
        for pattern in (SUMMARY, f"*/{SUMMARY}", f"{_ROOT}/*/{SUMMARY}")
        for path in folder.glob(pattern)
    )
    if len(found) > 1:
        raise FileError(
            str(folder), f"several exports; load one of them: {', '.join(map(str, found))}"
        )
    return found[0] if found else None


def export_records(folder: Path) -> Iterator[Record]:
    """Yield the items of an export, and the deletions of an incremental export.

    Args:
        folder: The folder with the manifests, as it was copied from Amazon S3.

    Raises:
        FileError: A manifest or data file is missing or damaged.
    """
    summary = _read_summary(folder)
    table_name = table_name_of(_text_of(summary, "tableArn", str(folder / SUMMARY)))
    format_name = summary.get("outputFormat", "DYNAMODB_JSON")
    export_format = EXPORT_FORMATS.get(str(format_name))
    if export_format is None:
        problem = f"exports are in {' or '.join(EXPORT_FORMATS)}, not in {format_name}"
        raise FileError(str(folder / SUMMARY), problem)
    for path, item_count in list(_data_files(folder)):
        count = 0
        for record in records_of(export_format, InputFile.at(path), table_name):
            count += 1
            yield record
        if item_count is not None and str(item_count) != str(count):
            problem = f"the manifest says {item_count} items, the file has {count}"
            raise FileError(str(path), problem)


def _read_summary(folder: Path) -> dict[str, Any]:
    file = InputFile.at(folder / SUMMARY)
    try:
        summary = json.loads(file.text(), parse_int=ExactNumber, parse_float=ExactNumber)
    except (ValueError, RecursionError) as error:
        raise FileError(file.name, f"not JSON: {error}") from None
    if not isinstance(summary, dict):
        raise FileError(file.name, f"the manifest is an object, not {shortened(summary)}")
    return summary


def _text_of(entry: dict[str, Any], member: str, location: Location | str) -> str:
    text = entry.get(member)
    if not isinstance(text, str):
        raise FileError(location, f"the manifest has no {member}")
    return text


def _data_files(folder: Path) -> Iterator[tuple[Path, Any]]:
    """Yield the data files, and how many items each has (None if the manifest does not say)."""
    manifest = InputFile.at(folder / _FILES)
    for line in manifest.lines():
        location = Location(manifest.name, line.number)
        entry = decode_object(line, location)
        key = _text_of(entry, "dataFileS3Key", location)
        yield _find_data_file(folder, key), entry.get("itemCount")


def _find_data_file(folder: Path, key: str) -> Path:
    name = PurePosixPath(key).name
    candidates = [folder / "data" / name, folder.parent / "data" / name, folder / name]
    for candidate in candidates:
        if os.path.isfile(candidate):  # noqa: PTH113 (never raises, whatever the name)
            return candidate
    problem = f"the data file {key} is missing; it should be {candidates[0]}"
    raise FileError(str(folder / _FILES), problem)


# --- writing -------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class S3Object:
    """An object to be stored in the bucket of an export."""

    key: str
    body: bytes


@dataclass(frozen=True, slots=True)
class DataFile:
    """A data file of an export, and how many items are in it."""

    key: str
    body: bytes
    item_count: int


@dataclass(frozen=True, slots=True)
class ExportSummary:
    """The contents of an export's manifest; times are in seconds since the epoch."""

    export_arn: str
    table_arn: str
    table_id: str
    start_time: float
    end_time: float
    bucket: str
    prefix: str | None = None
    #: Of a full export.
    export_time: float | None = None
    #: Of an incremental export: the period, and NEW_IMAGE or NEW_AND_OLD_IMAGES.
    from_time: float | None = None
    to_time: float | None = None
    view: str | None = None
    format_name: str = "DYNAMODB_JSON"
    billed_size_bytes: int = 0
    sse_algorithm: str = "AES256"
    sse_kms_key_id: str | None = None

    @property
    def is_incremental(self) -> bool:
        """Whether the export has the changes of a period."""
        return self.view is not None

    @property
    def root(self) -> str:
        """The prefix of everything that exports with this S3Prefix write."""
        prefix = self.prefix or ""
        return f"{prefix}{'/' if prefix and not prefix.endswith('/') else ''}{_ROOT}/"

    @property
    def folder(self) -> str:
        """The prefix of the objects of this export."""
        return f"{self.root}{self.export_arn.rpartition('/')[2]}/"


def data_file(summary: ExportSummary, lines: Iterable[str], random: Random) -> DataFile:
    """Return the data file with these lines, of one partition of the table.

    Args:
        summary: The export that it belongs to.
        lines: The lines that the export's `ExportFormat` returns for each item or change.
        random: Chooses the name.
    """
    texts = list(lines)
    name = "".join(random.choices(_NAME_CHARACTERS, k=_NAME_LENGTH))
    folder = summary.root if summary.is_incremental else summary.folder
    suffix = EXPORT_FORMATS[summary.format_name].suffix
    # Half of a surrogate pair has no UTF-8; the service would not have taken it.
    body = gzip.compress("".join(texts).encode("utf-8", "replace"), mtime=0)
    return DataFile(f"{folder}data/{name}{suffix}", body, len(texts))


def export_objects(summary: ExportSummary, files: Sequence[DataFile]) -> Iterator[S3Object]:
    """Yield the objects of an export in the order in which they appear in the bucket.

    >>> summary = ExportSummary(
    ...     export_arn="arn:aws:dynamodb:us-east-1:123456789012:table/orders/export/0169-2d87",
    ...     table_arn="arn:aws:dynamodb:us-east-1:123456789012:table/orders",
    ...     table_id="4b57", start_time=0, end_time=60, export_time=0, bucket="shop",
    ... )
    >>> [each.key for each in export_objects(summary, [])][:2]
    ['AWSDynamoDB/0169-2d87/_started', 'AWSDynamoDB/0169-2d87/manifest-files.json']
    """
    yield S3Object(f"{summary.folder}_started", b"")
    for file in files:
        yield S3Object(file.key, file.body)
    listed = "".join(json.dumps(_listed(file)) + "\n" for file in files)
    yield from _with_checksum(f"{summary.folder}{_FILES}", listed)
    members = _summary_members(summary, sum(file.item_count for file in files))
    yield from _with_checksum(f"{summary.folder}{SUMMARY}", json.dumps(members))


def _listed(file: DataFile) -> dict[str, Any]:
    digest = hashlib.md5(file.body, usedforsecurity=False)
    return {
        "itemCount": file.item_count,
        "md5Checksum": b64encode(digest.digest()).decode(),
        "etag": f"{digest.hexdigest()}-1",
        "dataFileS3Key": file.key,
    }


def _with_checksum(key: str, text: str) -> Iterator[S3Object]:
    body = text.encode()
    yield S3Object(key, body)
    digest = hashlib.md5(body, usedforsecurity=False).digest()
    yield S3Object(key.removesuffix(".json") + ".md5", b64encode(digest))


def _summary_members(summary: ExportSummary, item_count: int) -> dict[str, Any]:
    """Return the members of the manifest in the documented order."""
    times = (
        {"exportFromTime": _iso(summary.from_time), "exportToTime": _iso(summary.to_time)}
        if summary.is_incremental
        else {"exportTime": _iso(summary.export_time)}
    )
    view = {"outputView": summary.view} if summary.is_incremental else {}
    return {
        "version": "2023-08-01" if summary.is_incremental else "2020-06-30",
        "exportArn": summary.export_arn,
        "startTime": iso_milliseconds(summary.start_time),
        "endTime": iso_milliseconds(summary.end_time),
        "tableArn": summary.table_arn,
        "tableId": summary.table_id,
        **times,
        "s3Bucket": summary.bucket,
        "s3Prefix": summary.prefix,
        "s3SseAlgorithm": summary.sse_algorithm,
        "s3SseKmsKeyId": summary.sse_kms_key_id,
        "manifestFilesS3Key": f"{summary.folder}{_FILES}",
        "billedSizeBytes": summary.billed_size_bytes,
        "itemCount": item_count,
        "outputFormat": summary.format_name,
        **view,
        "exportType": "INCREMENTAL_EXPORT" if summary.is_incremental else "FULL_EXPORT",
    }


def _iso(seconds: float | None) -> str | None:
    return None if seconds is None else iso_milliseconds(seconds)
