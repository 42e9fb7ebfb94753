"""Files: read decompressed, as text or line by line, and replaced only when complete.

Text is in UTF-8, or in UTF-16 or UTF-32 where its first bytes show that. Every error is a
`FileError`.
"""

from __future__ import annotations

import codecs
import io
import json
import os
import secrets
import shutil
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import IO, TYPE_CHECKING, BinaryIO, NamedTuple

from ddbmock._internal.formats import compression
from ddbmock._internal.formats.file_errors import FileError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from ddbmock._internal.formats.file_errors import Location


_BYTES_THAT_SHOW_THE_ENCODING = 4
_DECODED_BYTES = 1024 * 1024


def suffix_of(path: Path) -> str:
    """Return the suffix that stands for the format of a file, in lower case.

    >>> suffix_of(Path("orders.JSON.gz"))
    '.json'
    """
    return Path(compression.without_compression_suffix(path.name)).suffix.lower()


def stem_of(path: Path) -> str:
    """Return the name of a file without the suffixes of its format and compression.

    >>> stem_of(Path("shop.orders.json.gz"))
    'shop.orders'
    """
    return Path(compression.without_compression_suffix(path.name)).stem


class Line(NamedTuple):
    """One line of a file."""

    #: Counted from 1.
    number: int
    #: Without the end of the line.
    content: bytes
    #: The part of the file that has been read, 0 to 1.
    progress: float


@dataclass(frozen=True, slots=True)
class InputFile:
    """A file or object to read: its name in errors, its bytes, decompressed.

    >>> InputFile.of("orders.json", b'{"orders": []}').text()
    '{"orders": []}'
    """

    name: str
    #: Returns the stored bytes from the beginning, as a seekable stream.
    open_raw: Callable[[], BinaryIO]
    #: GZIP, ZSTD or NONE; None detects it by the first bytes.
    compression: str | None = None
    #: The types of key attributes of the file's table, for formats without types.
    key_types: Mapping[str, str] = field(default_factory=dict)

    @classmethod
    def at(cls, path: Path, key_types: Mapping[str, str] | None = None) -> InputFile:
        """Return a file by its path; it is opened later."""
        is_file = os.path.isfile(path)  # noqa: PTH113 (never raises, whatever the path)
        open_raw = partial(_open_file, path) if is_file else partial(_read_once, path, [])
        return cls(str(path), open_raw, key_types=key_types or {})

    @classmethod
    def of(
        cls,
        name: str,
        content: bytes,
        *,
        compression: str | None = None,
        key_types: Mapping[str, str] | None = None,
    ) -> InputFile:
        """Return an object that was read into memory."""
        return cls(name, partial(io.BytesIO, content), compression, key_types or {})

    def beginning(self, byte_count: int) -> bytes:
        """Return the first bytes of the content.

        Raises:
            FileError: It cannot be read.
        """
        with self._open() as (_, content):
            return content.read(byte_count)

    def text(self) -> str:
        """Return the content as text.

        Raises:
            FileError: It cannot be read, or is not text.
        """
        with self._open() as (_, content):
            decoded = content.read()
        try:
            # The detection of JSON's encoding works for other texts too.
            return decoded.decode(json.detect_encoding(decoded) if decoded else "utf-8")
        except UnicodeDecodeError as error:
            raise not_text(self.name, error) from None

    def lines(self) -> Iterator[Line]:
        """Yield the lines that are not blank, without reading the complete file into memory.

        Raises:
            FileError: It cannot be read, or is not text in the encoding that its first bytes show.
        """
        encoding = json.detect_encoding(self.beginning(_BYTES_THAT_SHOW_THE_ENCODING))
        with self._open() as (raw, content):
            size_bytes = raw.seek(0, io.SEEK_END) or 1
            raw.seek(0)
            lines = content if encoding.startswith("utf-8") else _in_utf_8(content, encoding)
            for number, line in enumerate(lines, 1):
                if line and not line.isspace():
                    yield Line(number, line.rstrip(b"\r\n"), raw.tell() / size_bytes)

    @contextmanager
    def _open(self) -> Iterator[tuple[BinaryIO, BinaryIO]]:
        """Open the file: its stored bytes, and its content."""
        try:
            with self.open_raw() as raw:
                yield raw, compression.decompressed(raw, self.compression, self.name)
        except compression.errors() as error:
            raise FileError(self.name, f"cannot be decompressed: {error}") from None
        except UnicodeDecodeError as error:
            raise not_text(self.name, error) from None
        except (OSError, ValueError) as error:
            raise not_accessible(self.name, "read", error) from None


def _in_utf_8(content: BinaryIO, encoding: str) -> Iterator[bytes]:
    """Yield the lines of a file in another encoding, recoded as UTF-8."""
    decoder = codecs.getincrementaldecoder(encoding)()
    rest, is_over = "", False
    while not is_over:
        block = content.read(_DECODED_BYTES)
        is_over = not block
        *lines, rest = (rest + decoder.decode(block, final=is_over)).split("\n")
        for line in lines:
            yield line.encode("utf-8", "surrogatepass")
    if rest:
        yield rest.encode("utf-8", "surrogatepass")


def _open_file(path: Path) -> BinaryIO:
    return path.open("rb")


def _read_once(path: Path, content: list[bytes]) -> BinaryIO:
    """Read a pipe or device once, and return the same bytes afterwards."""
    if not content:
        content.append(path.read_bytes())
    return io.BytesIO(content[0])


def not_accessible(name: str, verb: str, error: Exception) -> FileError:
    """Return the error for a file that the operating system refuses to read or write."""
    reason = (error.strerror if isinstance(error, OSError) else None) or str(error)
    where = ""
    with suppress(OSError):  # the working directory may have been deleted
        where = "" if Path(name).is_absolute() else f" (the working directory is {Path.cwd()})"
    return FileError(name, f"cannot be {verb}: {reason}{where}")


def not_text(location: Location | str, error: UnicodeDecodeError) -> FileError:
    """Return the error for bytes that are not text."""
    encoding = error.encoding.upper()
    return FileError(location, f"not text in {encoding}: {error.reason} at byte {error.start}")


def read_text(path: Path) -> str:
    """Return the text of a file.

    Raises:
        FileError: It cannot be read, or is not text.
    """
    return InputFile.at(path).text()


@contextmanager
def open_to_write(path: Path) -> Iterator[IO[str]]:
    """Open a text file to write, compressed if its name ends in `.gz` or `.zst`.

    What is written takes the place of the file at the end of the block, in one step; if the block
    fails, the file stays as it was.

    Raises:
        FileError: It cannot be written.
    """
    try:
        if path.exists() and not path.is_file():
            with _text_writer(path, path) as file:  # a pipe or device
                yield file
        else:
            yield from _replaced(path)
    except UnicodeEncodeError as error:
        raise FileError(str(path), f"cannot be written in UTF-8: {error.reason}") from None
    except OSError as error:
        raise not_accessible(str(path), "written", error) from None


def _replaced(path: Path) -> Iterator[IO[str]]:
    target = path.resolve()  # the file that a symbolic link leads to
    if not target.parent.is_dir():
        raise FileError(str(path), f"cannot be written: there is no folder {target.parent}")
    temporary = target.with_name(f".ddbmock-{secrets.token_hex(8)}.tmp")
    try:
        with _text_writer(temporary, path) as file:
            yield file
        if target.exists():
            shutil.copymode(target, temporary)
        temporary.replace(target)
    except BaseException:
        temporary.unlink(missing_ok=True)
        raise


@contextmanager
def _text_writer(path: Path, named: Path) -> Iterator[IO[str]]:
    kind = compression.compression_of_name(named.name)
    with path.open("wb") as raw:
        if kind == compression.NONE:
            with io.TextIOWrapper(raw, encoding="utf-8", newline="\n") as file:
                yield file
            return
        with (
            compression.compressing(raw, kind, str(named)) as compressed,
            io.TextIOWrapper(compressed, encoding="utf-8", newline="\n") as file,
        ):
            yield file
