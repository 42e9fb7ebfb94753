"""Compressed files and objects: gzip and Zstandard.

Zstandard is in the standard library since Python 3.14; `backports.zstd` is the same for older ones.
"""

from __future__ import annotations

import gzip
import io
import zlib
from contextlib import suppress
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO, cast

from ddbmock._internal.formats.file_errors import missing_library

if TYPE_CHECKING:
    from collections.abc import Callable

#: The values of ImportTable's `InputCompressionType`.
GZIP, ZSTD, NONE = "GZIP", "ZSTD", "NONE"
#: Compression -> the bytes that such content begins with.
_MAGIC = {GZIP: b"\x1f\x8b", ZSTD: b"\x28\xb5\x2f\xfd"}
_BY_SUFFIX = {".gz": GZIP, ".zst": ZSTD}


def compression_of_name(name: str) -> str:
    """Return the compression that the suffix of a file name stands for.

    >>> compression_of_name("orders.json.GZ"), compression_of_name("orders.json")
    ('GZIP', 'NONE')
    """
    return _BY_SUFFIX.get(Path(name).suffix.lower(), NONE)


def without_compression_suffix(name: str) -> str:
    """Return the name of a file without `.gz` or `.zst`.

    >>> without_compression_suffix("orders.json.gz")
    'orders.json'
    """
    return name if compression_of_name(name) == NONE else name[: name.rindex(".")]


def decompressed(raw: BinaryIO, compression: str | None, name: str) -> BinaryIO:
    """Return a reader of decompressed content.

    Args:
        raw: The content; it can be rewound.
        compression: GZIP, ZSTD or NONE; None detects it by the first bytes.
        name: The name of the content in errors.

    Raises:
        FileError: It is compressed with Zstandard, and the library for that is not installed.
    """
    if compression is None:
        compression = _recognised(raw)
    return _READERS[compression](raw, name)


def _recognised(raw: BinaryIO) -> str:
    first = raw.read(4)
    raw.seek(0)
    return next((name for name, magic in _MAGIC.items() if first.startswith(magic)), NONE)


def _read_gzip(raw: BinaryIO, name: str) -> BinaryIO:  # noqa: ARG001 (one signature for all)
    return io.BufferedReader(gzip.GzipFile(fileobj=raw))


def _read_zstd(raw: BinaryIO, name: str) -> BinaryIO:
    return io.BufferedReader(_zstd(name).ZstdFile(raw))


_READERS: dict[str, Callable[[BinaryIO, str], BinaryIO]] = {
    GZIP: _read_gzip,
    ZSTD: _read_zstd,
    NONE: lambda raw, _: raw,
}


def check_installed(compression: str, name: str) -> None:
    """Do nothing if such content can be read.

    Raises:
        FileError: The library for Zstandard is not installed.
    """
    if compression == ZSTD:
        _zstd(name)


def content_bytes(content: bytes, compression: str) -> int:
    """Return the decompressed size of content, or its size if it cannot be decompressed.

    >>> content_bytes(gzip.compress(b"hello"), GZIP), content_bytes(b"hello", GZIP)
    (5, 5)
    """
    try:
        return len(decompressed(io.BytesIO(content), compression, "").read())
    except errors():
        return len(content)


def compressing(raw: BinaryIO, compression: str, name: str) -> BinaryIO:
    """Return a writer that compresses to `raw`; equal contents become equal bytes.

    Raises:
        FileError: The library for Zstandard is not installed.
    """
    if compression == GZIP:
        # No file name and time, so that equal contents become equal bytes.
        return cast("BinaryIO", gzip.GzipFile(filename="", mode="wb", fileobj=raw, mtime=0))
    return cast("BinaryIO", _zstd(name).ZstdFile(raw, mode="w"))


def errors() -> tuple[type[Exception], ...]:
    """Return the exceptions that reading damaged compressed content raises."""
    library = _zstd_library()
    zstd_errors = () if library is None else (library.ZstdError,)
    return (EOFError, zlib.error, gzip.BadGzipFile, *zstd_errors)


def _zstd(name: str) -> Any:
    library = _zstd_library()
    if library is None:
        raise missing_library(name, "Zstandard", "backports.zstd", "zstd")
    return library


def _zstd_library() -> Any:
    with suppress(ImportError):
        return import_module("compression.zstd")
    with suppress(ImportError):
        return import_module("backports.zstd")
    return None
