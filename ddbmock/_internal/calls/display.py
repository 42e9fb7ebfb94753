"""The display of attribute values: as Python literals, shortened, masked or omitted.

>>> value_text({"M": {"id": {"S": "a"}, "n": {"N": "1.5"}, "tags": {"SS": ["x", "y"]}}})
"{'id': 'a', 'n': 1.5, 'tags': {'x', 'y'}}"
>>> item_text({"id": {"S": "a"}, "Password": {"S": "secret"}}, Display(mask=("pass*",)))
"{'id': 'a', 'Password': ***}"
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from fnmatch import fnmatchcase
from typing import Any

from ddbmock._internal import limits

MASK = "***"
_ELLIPSIS = "…"
_TYPES = frozenset({"B", "BOOL", "BS", "L", "M", "N", "NS", "NULL", "S", "SS"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Display:
    """Options of the texts about calls and items."""

    #: Patterns of attribute names whose values are masked, as in `fnmatch`, in any case.
    mask: tuple[str, ...] = ()
    #: Whether attribute values are shown; otherwise only the names of attributes are.
    show_values: bool = True
    #: How many calls a text lists: the last ones.
    shown_calls: int = 10
    #: How many items of each table a text lists: the first ones of a Scan.
    shown_items: int = 4
    #: How many characters of a request or an item a line has.
    characters: int = 160

    def masks(self, name: str) -> bool:
        """Return whether the values of an attribute are masked."""
        if not self.mask:
            return False
        folded = name.casefold()
        return any(fnmatchcase(folded, pattern.casefold()) for pattern in self.mask)


DEFAULT_DISPLAY = Display()


def shorten(text: str, characters: int) -> str:
    """Return a text, shortened if it is too long.

    >>> shorten("abcdef", 4)
    'abc…'
    """
    return text if len(text) <= characters else f"{text[: characters - 1]}{_ELLIPSIS}"


def counted(count: int, noun: str) -> str:
    """Return a number with a noun, in the singular or plural.

    >>> counted(1, "call"), counted(2, "call")
    ('1 call', '2 calls')
    """
    return f"{count} {noun}" if count == 1 else f"{count} {noun}s"


def is_value(value: object) -> bool:
    """Return whether this looks like one attribute value, such as `{"S": "a"}`."""
    return isinstance(value, Mapping) and len(value) == 1 and value.keys() <= _TYPES


def value_text(value: Any, display: Display = DEFAULT_DISPLAY, depth: int = 0) -> str:
    """Return an attribute value, or any other value, as a Python literal."""
    if not is_value(value):
        return shorten(repr(value), display.characters)
    if not display.show_values or depth > limits.NESTING_LEVELS_MAX:
        return _ELLIPSIS
    ((kind, content),) = value.items()
    return _content_text(kind, content, display, depth)


def _content_text(kind: str, content: Any, display: Display, depth: int) -> str:
    if kind == "N" and isinstance(content, str):
        return content
    if kind == "NULL":
        return "None"
    if kind == "M" and isinstance(content, Mapping):
        return item_text(content, display, depth + 1)
    if kind == "L" and isinstance(content, Sequence):
        elements = (value_text(element, display, depth + 1) for element in content)
        return f"[{join(elements, display.characters)}]"
    if kind in {"SS", "NS", "BS"} and isinstance(content, Sequence):
        members = (member if kind == "NS" else repr(member) for member in content)
        return f"{{{join(members, display.characters)}}}"
    if isinstance(content, str | bytes):
        content = content[: display.characters]
    return repr(content)


def item_text(item: Mapping[str, Any], display: Display = DEFAULT_DISPLAY, depth: int = 0) -> str:
    """Return an item or key as a Python literal."""
    members = (
        f"{name!r}: {MASK if display.masks(name) else value_text(value, display, depth)}"
        for name, value in item.items()
    )
    return f"{{{join(members, display.characters)}}}"


def join(parts: Iterable[str], characters: int) -> str:
    """Join parts up to the number of characters that are shown."""
    taken: list[str] = []
    length = 0
    for part in parts:
        if length > characters:
            taken.append(_ELLIPSIS)
            break
        taken.append(part)
        length += len(part)
    return ", ".join(taken)
