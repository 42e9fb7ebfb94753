"""Files as text: compressed or not, in UTF-8 or with the mark of another Unicode encoding."""

from __future__ import annotations

import gzip
import io
import json
import zlib
from contextlib import contextmanager
from typing import IO, TYPE_CHECKING

from ddbmock import messages
from ddbmock.formats.file_errors import FileError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

_GZIP_MAGIC = b"\x1f\x8b"


def suffix_of(path: Path) -> str:
    """Return the suffix that tells the format, `.gz` left aside.

    >>> from pathlib import Path
    >>> suffix_of(Path("orders.JSON.gz"))
    '.json'
    """
    suffixes = [suffix.lower() for suffix in path.suffixes]
    if suffixes and suffixes[-1] == ".gz":
        suffixes.pop()
    return suffixes[-1] if suffixes else ""


def stem_of(path: Path) -> str:
    """Return the name of a file without the suffixes that tell the format.

    >>> from pathlib import Path
    >>> stem_of(Path("shop.orders.json.gz"))
    'shop.orders'
    """
    name = path.name
    if name.lower().endswith(".gz"):
        name = name[: -len(".gz")]
    return name[: -len(suffix)] if (suffix := suffix_of(path)) else name


def read_text(path: Path) -> str:
    """Return the text of a file.

    Raises:
        FileError: There is no such file, or it holds something else than text.
    """
    try:
        content = path.read_bytes()
        if content.startswith(_GZIP_MAGIC):
            content = gzip.decompress(content)
        # What the JSON standard says of the first bytes holds for text in general.
        return content.decode(json.detect_encoding(content) if content else "utf-8")
    except UnicodeDecodeError as error:
        raise FileError(str(path), messages.not_text(error.reason, error.start)) from None
    except (EOFError, zlib.error, gzip.BadGzipFile) as error:
        raise FileError(str(path), messages.bad_compression(str(error))) from None
    except OSError as error:
        raise FileError(str(path), messages.not_readable(error.strerror or str(error))) from None


@contextmanager
def open_lines(path: Path) -> Iterator[IO[bytes]]:
    """Open a file, decompressed, to read line after line."""
    with path.open("rb") as file:
        is_compressed = file.read(len(_GZIP_MAGIC)) == _GZIP_MAGIC
        file.seek(0)
        if not is_compressed:
            yield file
            return
        with gzip.GzipFile(fileobj=file) as decompressed:
            yield io.BufferedReader(decompressed)


@contextmanager
def open_to_write(path: Path) -> Iterator[IO[str]]:
    """Open a text file to write, compressed when its name ends in `.gz`."""
    if not path.name.lower().endswith(".gz"):
        with path.open("w", encoding="utf-8", newline="\n") as file:
            yield file
        return
    # Without a name and a time in it, equal contents are equal files.
    with (
        path.open("wb") as raw,
        gzip.GzipFile(filename="", mode="wb", fileobj=raw, mtime=0) as compressed,
        io.TextIOWrapper(compressed, encoding="utf-8", newline="\n") as file,
    ):
        yield file
