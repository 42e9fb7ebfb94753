"""Reads the entries of a path: a file, a folder of files, or an export to Amazon S3."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

from ddbmock._internal.formats import s3_exports
from ddbmock._internal.formats.file_errors import FileError
from ddbmock._internal.formats.files import InputFile, not_accessible, stem_of
from ddbmock._internal.formats.registry import SUFFIXES, format_of_input, has_known_suffix

if TYPE_CHECKING:
    from pathlib import Path

    from ddbmock._internal.formats.records import Entries

#: Table name -> the types of the key attributes of the table and its indexes.
KeyTypes = Callable[[str | None], Mapping[str, str]]


def path_entries(path: Path, key_types: KeyTypes) -> Entries:
    """Return the entries of a file or folder.

    Args:
        path: The file or folder.
        key_types: The types of key attributes, for formats without types.

    Raises:
        FileError: It does not exist, or cannot be read.
    """
    if os.path.isdir(path):  # noqa: PTH112 (never raises, whatever the path)
        return _folder_entries(path, key_types)
    if path.name == s3_exports.SUMMARY:
        return s3_exports.export_records(path.parent)
    return file_entries(InputFile.at(path, key_types(stem_of(path))))


def _folder_entries(folder: Path, key_types: KeyTypes) -> Entries:
    export = s3_exports.find_export(folder)
    if export is not None:
        yield from s3_exports.export_records(export)
        return
    try:
        files = sorted(path for path in folder.iterdir() if has_known_suffix(path))
    except OSError as error:
        raise not_accessible(str(folder), "read", error) from None
    if not files:
        suffixes = ", ".join(SUFFIXES)
        raise FileError(str(folder), f"no export and no file to load in this folder ({suffixes})")
    for path in files:
        yield from file_entries(InputFile.at(path, key_types(stem_of(path))))


def file_entries(file: InputFile) -> Entries:
    """Return the entries of one file.

    Raises:
        FileError: Its format is unknown, or it cannot be read.
    """
    return format_of_input(file).read(file)
