"""The records that readers yield, with their locations, and tables to create."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Protocol

from ddbmock._internal.formats.file_errors import Location

if TYPE_CHECKING:
    from ddbmock._internal.engine.values import Item

#: The keys and positions that lead to a value of a document.
Path = tuple[str | int, ...]


@dataclass(frozen=True, slots=True)
class Origin:
    """The source of a document."""

    source: str
    #: Returns the line of the value at a path, for sources that have lines.
    line_at: Callable[[Path], int | None] | None = None

    def location(self, path: Path, detail: str = "") -> Location:
        """Return the location of the value at a path."""
        line_at = self.line_at
        return Location(self.source, None if line_at is None else lambda: line_at(path), detail)


@dataclass(frozen=True, slots=True)
class Record:
    """One item in the form of its source: DynamoDB JSON or plain values."""

    #: The table that the source names; None if it names none.
    table_name: str | None
    content: Mapping[Any, Any]
    location: Location
    #: The part of the source that has been read, 0 to 1; None if the reader cannot tell.
    progress: float | None = None
    #: Whether the item with this key is to be deleted.
    is_deletion: bool = False


@dataclass(frozen=True, slots=True)
class NewTable:
    """A table that a source describes, to be created unless it exists."""

    #: A CreateTable request.
    request: dict[str, Any]
    location: Location


class Items(Protocol):
    """Items that can be counted and iterated more than once."""

    def __len__(self) -> int: ...

    def __iter__(self) -> Iterator[Item]: ...


@dataclass(frozen=True, slots=True)
class TableItems:
    """The items of one table, to be written."""

    name: str
    key_names: tuple[str, ...]
    items: Items


Entry = Record | NewTable
Entries = Iterator[Entry]
