"""Recorded calls as lines of text, attribute values as Python writes them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from ddbmock.calls.units import units_text

if TYPE_CHECKING:
    from ddbmock.calls.recorded import RecordedCall

#: Members that a line tells in its own way, or that say nothing about what was asked for.
_TOLD_OTHERWISE = frozenset({
    "ExpressionAttributeNames",
    "ExpressionAttributeValues",
    "IndexName",
    "ReturnConsumedCapacity",
    "TableName",
})  # fmt: skip
_TYPES = frozenset({"B", "BOOL", "BS", "L", "M", "N", "NS", "NULL", "S", "SS"})
_PLACEHOLDER = re.compile(r"[#:][A-Za-z0-9_]+")

#: Where a line ends when nobody says otherwise.
LINE_CHARACTERS = 160


def shorten(text: str, characters: int) -> str:
    """Return a text, cut where it is too long.

    >>> shorten("abcdef", 4)
    'abc…'
    """
    return text if len(text) <= characters else f"{text[: characters - 1]}…"


def value_text(value: Any, characters: int = LINE_CHARACTERS) -> str:
    """Return an attribute value as Python would write it; long ones are not looked through.

    >>> value_text({"M": {"id": {"S": "a"}, "n": {"N": "1.5"}, "tags": {"SS": ["x", "y"]}}})
    "{'id': 'a', 'n': 1.5, 'tags': {'x', 'y'}}"
    """
    if _is_value(value):
        ((kind, content),) = value.items()
        return _typed_text(kind, content, characters)
    return shorten(repr(value), characters)


def _is_value(thing: Any) -> bool:
    return isinstance(thing, Mapping) and len(thing) == 1 and thing.keys() <= _TYPES


def _typed_text(kind: str, content: Any, characters: int) -> str:
    if kind == "N" and isinstance(content, str):
        return content
    if kind == "NULL":
        return "None"
    if kind == "M" and isinstance(content, Mapping):
        return item_text(content, characters)
    if kind == "L" and isinstance(content, Sequence):
        return f"[{_joined((value_text(member, characters) for member in content), characters)}]"
    if kind in {"SS", "NS", "BS"} and isinstance(content, Sequence):
        members = (member if kind == "NS" else repr(member) for member in content)
        return f"{{{_joined(members, characters)}}}"
    if isinstance(content, str | bytes):
        content = content[:characters]
    return repr(content)


def item_text(item: Mapping[str, Any], characters: int = LINE_CHARACTERS) -> str:
    """Return an item or key as Python would write it.

    >>> item_text({"id": {"S": "a"}})
    "{'id': 'a'}"
    """
    members = (f"{name!r}: {value_text(value, characters)}" for name, value in item.items())
    return f"{{{_joined(members, characters)}}}"


def _joined(parts: Iterable[str], characters: int) -> str:
    """Join parts until there are more characters than anybody will see."""
    taken, length = [], 0
    for part in parts:
        if length > characters:
            taken.append("…")
            break
        taken.append(part)
        length += len(part)
    return ", ".join(taken)


def parameters_text(request: Mapping[str, Any], characters: int = LINE_CHARACTERS) -> str:
    """Return what a request asks for, with the names and values in its expressions.

    >>> parameters_text({
    ...     "TableName": "orders",
    ...     "KeyConditionExpression": "#c = :c",
    ...     "ExpressionAttributeNames": {"#c": "customer"},
    ...     "ExpressionAttributeValues": {":c": {"S": "ada"}},
    ... })
    "KeyConditionExpression: customer = 'ada'"
    """
    said = _placeholders(request)
    parts = []
    for name, content in request.items():
        if name in _TOLD_OTHERWISE:
            continue
        if name.endswith("Expression") and isinstance(content, str):
            text = _filled(content, said)
        else:
            text = _member_text(content, characters)
        parts.append(f"{name}: {text}")
    return shorten(", ".join(parts), characters)


def filter_text(request: Mapping[str, Any]) -> str:
    """Return the filter of a Query or Scan, with the names and values in it, empty without one."""
    given = request.get("FilterExpression")
    if isinstance(given, str):
        return shorten(_filled(given, _placeholders(request)), LINE_CHARACTERS)
    older = request.get("QueryFilter") or request.get("ScanFilter")
    return shorten(_member_text(older, LINE_CHARACTERS), LINE_CHARACTERS) if older else ""


def _placeholders(request: Mapping[str, Any]) -> dict[str, str]:
    said: dict[str, str] = {}
    for member in ("ExpressionAttributeNames", "ExpressionAttributeValues"):
        given = request.get(member)
        if isinstance(given, Mapping):
            said.update((name, _said(content)) for name, content in given.items())
    return said


def _filled(expression: str, said: Mapping[str, str]) -> str:
    expression = _on_one_line(expression)
    return _PLACEHOLDER.sub(lambda found: said.get(found.group(), found.group()), expression)


def _on_one_line(text: str) -> str:
    return " ".join(text.split())


def _said(content: Any) -> str:
    return content if isinstance(content, str) else value_text(content)


def _member_text(content: Any, characters: int) -> str:
    if isinstance(content, Mapping):
        if _is_value(content):
            return value_text(content, characters)
        if content and all(map(_is_value, content.values())):
            return item_text(content, characters)
        members = (f"{name}: {_member_text(each, characters)}" for name, each in content.items())
        return f"{{{_joined(members, characters)}}}"
    if isinstance(content, list):
        return f"[{_joined((_member_text(each, characters) for each in content), characters)}]"
    return value_text(content, characters)


def call_line(call: RecordedCall, characters: int = LINE_CHARACTERS) -> str:
    """Return one call as a line: what it asked for, what it cost, how it ended."""
    head = call.operation
    if call.tables:
        head += f" {', '.join(call.tables)}"
    if call.index is not None:
        head += f"/{call.index}"
    parameters = parameters_text(call.request, characters)
    outcome = [text for text in (_count_text(call), _cost_text(call)) if text]
    line = f"{head}  {parameters}" if parameters else head
    line = shorten(line, characters)
    if outcome:
        line += f"  [{', '.join(outcome)}]"
    if call.error is not None:
        line += f"  {shorten(_on_one_line(str(call.error)), characters)}"
    return line


def _cost_text(call: RecordedCall) -> str:
    return units_text(call.read_units, call.write_units)


def _count_text(call: RecordedCall) -> str:
    count, scanned = call.item_count, call.scanned_count
    if count is None:
        return ""
    of_scanned = f" of {scanned}" if scanned != count else ""
    text = f"{count}{of_scanned} {'item' if scanned == 1 else 'items'}"
    return f"{text}, more behind" if call.has_more else text


def call_lines(calls: Sequence[RecordedCall], most: int, characters: int) -> list[str]:
    """Return the last calls as lines, after a line that tells how many were left out."""
    shown = calls[-most:]
    left_out = len(calls) - len(shown)
    lines = [f"  … {left_out} more before"] if left_out else []
    return lines + [f"  {call_line(call, characters)}" for call in shown]
