"""What readers hand out: one record after the other, with its place, and tables to be made."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from ddbmock.formats.problems import Place


@dataclass(frozen=True, slots=True)
class Record:
    """One item as it stands in a source, in whichever form."""

    #: The table that the source names; None where it names none.
    table_name: str | None
    content: Mapping[Any, Any]
    place: Place
    #: How much of the source lies behind, 0 to 1; None where the reader cannot tell.
    progress: float | None = None
    #: Whether an item with this key is to go.
    is_deletion: bool = False


@dataclass(frozen=True, slots=True)
class NewTable:
    """A table that a source describes: made when it is not there yet."""

    #: A CreateTable request.
    request: dict[str, Any]
    place: Place


Entry = Record | NewTable
Entries = Iterator[Entry]
