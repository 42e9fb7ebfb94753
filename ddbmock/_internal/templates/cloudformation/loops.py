"""`Fn::ForEach`, the loop of the transform AWS::LanguageExtensions.

https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/intrinsic-function-reference-foreach.html
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from ddbmock._internal.formats.file_errors import FileError, Location
from ddbmock._internal.formats.located import (
    LocatedDict,
    LocatedList,
    line_of,
    location_of,
    location_of_key,
)
from ddbmock._internal.templates.shapes import list_of, mapping_of, text_of

PREFIX = "Fn::ForEach::"
#: A template has at most 500 resources; nested loops of more entries than this are an error.
_ENTRIES_MAX = 10_000

#: Resolves the collection of a loop.
Resolve = Callable[[Any, Location], Any]


def has_loops(mapping: Mapping[str, Any]) -> bool:
    """Return whether some entries of a mapping are loops."""
    return any(str(name).startswith(PREFIX) for name in mapping)


def expand(mapping: Mapping[str, Any], location: Location, resolve: Resolve) -> LocatedDict:
    """Return a mapping in which loops are replaced by the entries that they produce.

    Raises:
        FileError: A loop is malformed, or has too many entries.
    """
    expanded = LocatedDict()
    copy_location(mapping, expanded)
    lines = dict(getattr(mapping, "key_lines", {}))
    for count, (name, value, line) in enumerate(_entries(mapping, location, resolve)):
        if count > _ENTRIES_MAX:
            raise FileError(location, f"Fn::ForEach with more than {_ENTRIES_MAX:,} entries")
        expanded[name] = value
        if line is not None:
            lines[name] = line
    expanded.key_lines = lines
    return expanded


def copy_location(original: object, copy: LocatedDict | LocatedList) -> None:
    """Give a copy the location of its original."""
    copy.line = line_of(original) or 0
    copy.source = getattr(original, "source", "")
    if isinstance(copy, LocatedDict):
        copy.key_lines = getattr(original, "key_lines", {})


def _entries(
    mapping: Mapping[str, Any], location: Location, resolve: Resolve
) -> Iterator[tuple[str, Any, int | None]]:
    for name, value in mapping.items():
        entry_location = location_of_key(mapping, name, location)
        if not str(name).startswith(PREFIX):
            yield name, value, getattr(mapping, "key_lines", {}).get(name)
            continue
        for body in _bodies(name, value, entry_location, resolve):
            for inner_name, inner, _ in _entries(body, entry_location, resolve):
                yield inner_name, inner, location_of(inner, entry_location).line_number


def _bodies(
    name: str, loop: Any, location: Location, resolve: Resolve
) -> Iterator[Mapping[str, Any]]:
    parts = list_of(loop, location, name)
    if len(parts) != len(("identifier", "collection", "body")):
        raise FileError(location, f"{name} takes a name, a collection and an object")
    identifier = text_of(parts[0], location, name)
    body = mapping_of(parts[2], location, name)
    collection = resolve(parts[1], location)
    for element in list_of(collection, location, name):
        text = text_of(element, location, name)
        yield _replaced(body, identifier, text)


def _replaced(value: Any, identifier: str, text: str) -> Any:
    """Return a copy of a value in which the identifier of a loop has its value.

    >>> _replaced({"${Name}": ["&{Name}", {"Ref": "Name"}]}, "Name", "a-b")
    {'a-b': ['ab', 'a-b']}
    """
    if isinstance(value, str):
        letters_and_digits = re.sub(r"[^a-zA-Z0-9]", "", text)
        return value.replace(f"${{{identifier}}}", text).replace(
            f"&{{{identifier}}}", letters_and_digits
        )
    if isinstance(value, Mapping):
        if len(value) == 1 and value.get("Ref") == identifier:
            return text
        mapping = LocatedDict(
            (_replaced(name, identifier, text), _replaced(content, identifier, text))
            for name, content in value.items()
        )
        copy_location(value, mapping)
        return mapping
    if isinstance(value, list):
        copy = LocatedList(_replaced(element, identifier, text) for element in value)
        copy_location(value, copy)
        return copy
    return value
