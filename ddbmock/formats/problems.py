"""What is wrong with a file, and where: the one error of everything that is read from files."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from ddbmock import messages
from ddbmock.errors import MisuseError

if TYPE_CHECKING:
    from collections.abc import Callable


@dataclass(frozen=True, slots=True)
class Place:
    """Where something was read: a file, its line, what it is there.

    >>> str(Place("orders.json", 7, "item 2 of orders"))
    'orders.json:7: item 2 of orders'
    """

    source: str
    #: Counted from 1; a function where the line is only found when somebody asks; None for none.
    line: int | Callable[[], int | None] | None = None
    detail: str = ""

    @property
    def line_number(self) -> int | None:
        """The line, counted from 1, where there is one."""
        return self.line() if callable(self.line) else self.line

    def __str__(self) -> str:
        return messages.place(self.source, self.line_number, self.detail)


class FileError(MisuseError):
    """A file (or what was given in its place) cannot be read as what it should be.

    The text begins with the file, the line and the record where these are known.
    """

    def __init__(self, place: Place | str, problem: str) -> None:
        place = Place(place) if isinstance(place, str) else place
        super().__init__(f"{place}: {problem}")
        #: The file as it was given.
        self.source = place.source
        #: The line in it, counted from 1; None where there is none.
        self.line = place.line_number
        #: What is wrong there.
        self.problem = problem
