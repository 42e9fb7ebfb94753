"""A request as one line of text, with the names and values in its expressions."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from ddbmock._internal import limits
from ddbmock._internal.calls.display import (
    DEFAULT_DISPLAY,
    MASK,
    Display,
    is_value,
    item_text,
    join,
    shorten,
    value_text,
)

#: Members that a line shows elsewhere, or that have no effect on the outcome.
_NOT_SHOWN = frozenset({
    "ExpressionAttributeNames",
    "ExpressionAttributeValues",
    "IndexName",
    "ReturnConsumedCapacity",
    "TableName",
})  # fmt: skip
#: Members that map names of attributes to values or to conditions on them.
_BY_ATTRIBUTE = frozenset({
    "AttributeUpdates",
    "ExclusiveStartKey",
    "Expected",
    "Item",
    "Key",
    "KeyConditions",
    "QueryFilter",
    "ScanFilter",
})  # fmt: skip
_PLACEHOLDER = re.compile(r"[#:][A-Za-z0-9_]+")
_WORD = re.compile(r"\w+")
#: A text or a number in a statement.
_LITERAL = re.compile(r"'(?:[^']|'')*'|(?<![\w\"])-?\d[\d.]*(?:[eE][+-]?\d+)?")


def request_text(
    operation: str, request: Mapping[str, Any], display: Display = DEFAULT_DISPLAY
) -> str:
    """Return a request as text.

    >>> request_text("Query", {
    ...     "TableName": "orders",
    ...     "KeyConditionExpression": "#c = :c",
    ...     "ExpressionAttributeNames": {"#c": "customer"},
    ...     "ExpressionAttributeValues": {":c": {"S": "ada"}},
    ... })
    "KeyConditionExpression: customer = 'ada'"
    """
    try:
        text = _table_text(request) if operation == "CreateTable" else ""
    except (AttributeError, LookupError, TypeError):
        text = ""  # not as in the model, and refused for that
    return shorten(text or _members_text(request, display), display.characters)


def filter_text(request: Mapping[str, Any], display: Display) -> str:
    """Return the filter of a Query or Scan; an empty text without one."""
    expression = request.get("FilterExpression")
    if isinstance(expression, str):
        return shorten(_expression_text(expression, request, display), display.characters)
    conditions = request.get("QueryFilter") or request.get("ScanFilter")
    return (
        shorten(_by_attribute_text(conditions, display), display.characters) if conditions else ""
    )


def _members_text(request: Mapping[str, Any], display: Display, depth: int = 0) -> str:
    parts = (
        f"{name}: {_named_text(name, content, request, display, depth)}"
        for name, content in request.items()
        if name not in _NOT_SHOWN or depth
    )
    return join(parts, display.characters)


def _named_text(
    name: str, content: Any, request: Mapping[str, Any], display: Display, depth: int
) -> str:
    """Return the text of a member, with the names and values that it uses."""
    if name.endswith("Expression") and isinstance(content, str):
        return _expression_text(content, request, display)
    if name == "Statement" and isinstance(content, str):
        return _statement_text(content, display)
    if name == "Parameters" and _hides_values(str(request.get("Statement", "")), display):
        return MASK
    if name in _BY_ATTRIBUTE and isinstance(content, Mapping):
        return _by_attribute_text(content, display, depth)
    return _content_text(content, display, depth)


def _content_text(content: Any, display: Display, depth: int = 0) -> str:
    if depth > limits.NESTING_LEVELS_MAX:
        return "…"
    if isinstance(content, Mapping) and not is_value(content):
        if content and all(map(is_value, content.values())):
            return item_text(content, display)
        return f"{{{_members_text(content, display, depth + 1)}}}"
    if isinstance(content, list):
        elements = (_content_text(element, display, depth + 1) for element in content)
        return f"[{join(elements, display.characters)}]"
    return value_text(content, display)


def _by_attribute_text(content: Mapping[str, Any], display: Display, depth: int = 0) -> str:
    if content and all(map(is_value, content.values())):
        return item_text(content, display)
    parts = (
        f"{name}: {MASK if display.masks(name) else _content_text(each, display, depth + 1)}"
        for name, each in content.items()
    )
    return f"{{{join(parts, display.characters)}}}"


# --- expressions and statements ---


def _expression_text(expression: str, request: Mapping[str, Any], display: Display) -> str:
    """Return an expression with the names and values of its placeholders."""
    names, values = (
        member if isinstance(member, Mapping) else {}
        for member in (
            request.get("ExpressionAttributeNames"),
            request.get("ExpressionAttributeValues"),
        )
    )
    expression = on_one_line(expression)
    named = _PLACEHOLDER.sub(lambda found: str(names.get(found[0], found[0])), expression)
    hides = _hides_values(named, display)

    def fill(found: re.Match[str]) -> str:
        placeholder = found[0]
        if placeholder in names:
            return str(names[placeholder])
        if placeholder not in values:
            return placeholder
        return MASK if hides else value_text(values[placeholder], display)

    return _PLACEHOLDER.sub(fill, expression)


def _statement_text(statement: str, display: Display) -> str:
    statement = on_one_line(statement)
    if _hides_values(statement, display):
        statement = _LITERAL.sub(MASK, statement)
    elif not display.show_values:
        statement = _LITERAL.sub("…", statement)
    return shorten(repr(statement), display.characters)


def _hides_values(text: str, display: Display) -> bool:
    """Return whether an expression or statement names a masked attribute.

    All of its values are hidden then; which of them belongs to which attribute is not examined.
    """
    return bool(display.mask) and any(map(display.masks, _WORD.findall(text)))


def on_one_line(text: str) -> str:
    """Return a text with line breaks and indentation replaced by single spaces."""
    return " ".join(text.split())


# --- tables ---


def _table_text(request: Mapping[str, Any]) -> str:
    """Return the keys, indexes and stream of a CreateTable request.

    >>> _table_text({
    ...     "KeySchema": [{"AttributeName": "id", "KeyType": "HASH"}],
    ...     "AttributeDefinitions": [{"AttributeName": "id", "AttributeType": "S"}],
    ... })
    'key id (S)'
    """
    types = {
        definition["AttributeName"]: definition["AttributeType"]
        for definition in request["AttributeDefinitions"]
    }
    names = [element["AttributeName"] for element in request["KeySchema"]]
    parts = [f"key {', '.join(f'{name} ({types[name]})' for name in names)}"]
    indexes = [
        index["IndexName"]
        for member in ("LocalSecondaryIndexes", "GlobalSecondaryIndexes")
        for index in request.get(member) or ()
    ]
    if indexes:
        parts.append(f"{'index' if len(indexes) == 1 else 'indexes'} {', '.join(indexes)}")
    stream = request.get("StreamSpecification") or {}
    if stream.get("StreamEnabled"):
        parts.append(f"stream {stream['StreamViewType']}")
    return "; ".join(parts)
