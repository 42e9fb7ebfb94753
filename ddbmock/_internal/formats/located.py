"""Documents whose objects and lists know on which line of their source they begin.

`json_documents.parse_json` and `yaml_documents.parse_yaml` return them, for errors with a line.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ddbmock._internal.formats.file_errors import Location

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence


class LocatedDict(dict[str, Any]):
    """An object of a document, the line on which it begins, and those of its keys if known."""

    source: str = ""
    line: int = 0
    key_lines: Mapping[str, int] = {}


class LocatedList(list[Any]):
    """A list of a document, and the line on which it begins."""

    source: str = ""
    line: int = 0


def line_of(container: object, default: int | None = None) -> int | None:
    """Return the line of an object or list that was read from a document."""
    return getattr(container, "line", None) or default


def location_of(container: object, default: Location) -> Location:
    """Return the location of an object or list of a document."""
    line = line_of(container)
    if line is None:
        return default
    return Location(getattr(container, "source", "") or default.source, line, default.detail)


def location_of_key(container: object, key: str, default: Location) -> Location:
    """Return the location of a member of an object, or the default if it is not known."""
    line = getattr(container, "key_lines", {}).get(key)
    if line is None:
        return default
    return Location(getattr(container, "source", "") or default.source, line, default.detail)


def line_at(document: Any, path: Sequence[str | int]) -> int | None:
    r"""Return the line of the value at a path of keys and positions in a located document.

    >>> from ddbmock._internal.formats.json_documents import parse_json
    >>> document = parse_json('{"orders": [\n{"id": 1},\n{"id": 2}]}', "orders.json")
    >>> line_at(document, ["orders", 1])
    3
    """
    line = line_of(document)
    for step in path:
        document = document[step]
        line = line_of(document, line)
    return line
