"""`FileError`: the error for everything that is read from or written to files."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from ddbmock._internal.distribution import install_command
from ddbmock._internal.errors import MisuseError

if TYPE_CHECKING:
    from collections.abc import Callable


@dataclass(frozen=True, slots=True)
class Location:
    """The location of a value: the file, the line, and a description.

    >>> str(Location("orders.json", 7, "item 2 of orders"))
    'orders.json:7: item 2 of orders'
    """

    source: str
    #: Counted from 1; a function when finding the line takes time; None when there is none.
    line: int | Callable[[], int | None] | None = None
    detail: str = ""

    @property
    def line_number(self) -> int | None:
        """The line, counted from 1, or None."""
        return self.line() if callable(self.line) else self.line

    def __str__(self) -> str:
        line = self.line_number
        where = self.source if line is None else f"{self.source}:{line}"
        return f"{where}: {self.detail}" if self.detail else where


class FileError(MisuseError):
    """A file, or an object that was passed instead of a file, cannot be read or written.

    The text begins with the file, the line and the record where these are known.

    >>> error = FileError("orders.csv", "no header", hint="add one")
    >>> str(error), error.source
    ('orders.csv: no header; add one', 'orders.csv')
    """

    __module__ = "ddbmock"  # as `MisuseError`

    def __init__(self, location: Location | str, problem: str, *, hint: str = "") -> None:
        location = Location(location) if isinstance(location, str) else location
        super().__init__(f"{location}: {problem}" + (f"; {hint}" if hint else ""))
        #: The file, as it was passed.
        self.source: str = location.source
        #: The line of the file, counted from 1; None when there is none.
        self.line: int | None = location.line_number
        #: The description of the error.
        self.problem = problem
        #: A hint about how to fix it; may be empty.
        self.hint = hint


def missing_library(
    location: Location | str, format_name: str, library: str, extra: str
) -> FileError:
    """Return the error for a format whose optional library is not installed."""
    return FileError(
        location,
        f"to read or write {format_name}, install {library}: {install_command(extra)}",
    )


def shortened(value: object, characters_max: int = 60) -> str:
    """Return the `repr` of a value, shortened if it is long, for the text of an error.

    >>> shortened("x" * 100, 20)
    "'xxxxxxxxxxxxxxxx..."
    """
    text = repr(value)
    return text if len(text) <= characters_max else text[: characters_max - 3] + "..."
