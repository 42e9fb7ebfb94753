"""Attribute values as they stand in files: the types of their contents, checked and copied.

What the service's readers take for granted (botocore or the JSON reader made sure of it) is not
sure in a file that somebody wrote by hand: that N holds text, that L holds a list, and so on. The
service's own checks come afterwards.
"""

from __future__ import annotations

import binascii
from base64 import b64decode
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from ddbmock import messages
from ddbmock.engine.values import TYPE_NAMES
from ddbmock.formats.python_values import AttributeValueError

if TYPE_CHECKING:
    from collections.abc import Callable

    from ddbmock.engine.values import AttributeValue, Item


def looks_typed(item: Mapping[Any, Any], key_name: str) -> bool:
    """Return whether an item is in DynamoDB JSON, `{"id": {"S": "42"}}`, and not in plain values.

    The partition key tells: it is never a map, so `{"S": "42"}` cannot be its plain value.

    >>> looks_typed({"id": {"S": "42"}}, "id"), looks_typed({"id": "42"}, "id")
    (True, False)
    """
    if key_name in item:
        return isinstance(item[key_name], Mapping)
    return bool(item) and all(_is_typed(value) for value in item.values())


def _is_typed(value: object) -> bool:
    return isinstance(value, Mapping) and len(value) == 1 and set(value) <= TYPE_NAMES


def typed_item(item: Mapping[Any, Any]) -> Item:
    """Return a copy of an item in DynamoDB JSON whose values are of the right types.

    Raises:
        UnfitValueError: A value is not; the text names the attribute.
    """
    return {_name(name): typed_value(value, str(name)) for name, value in item.items()}


def typed_value(value: Any, path: str) -> AttributeValue:
    """Return a copy of one attribute value; `path` names it in errors."""
    if not isinstance(value, Mapping):
        raise AttributeValueError(messages.not_an_attribute_value(path, value))
    if len(value) != 1:
        raise AttributeValueError(messages.not_one_type(path, list(value)))
    ((kind, content),) = value.items()
    read = _READ.get(kind)
    if read is None:
        raise AttributeValueError(messages.unknown_type(path, kind))
    return {kind: read(content, path)}


def _name(name: object) -> str:
    if not isinstance(name, str):
        raise AttributeValueError(messages.attribute_name_is_no_text(name))
    return name


def _expect(kind: str, types: Any, expected: str) -> Callable[[Any, str], Any]:
    def read(content: Any, path: str) -> Any:
        if not isinstance(content, types):
            raise AttributeValueError(messages.wrong_content(path, kind, expected, content))
        return content

    return read


def _read_binary(content: Any, path: str) -> bytes:
    if isinstance(content, bytes):
        return content
    try:
        return b64decode(content, validate=True)
    except (binascii.Error, ValueError, TypeError):
        raise AttributeValueError(
            messages.wrong_content(path, "B", "base64 text", content)
        ) from None


def _read_null(content: Any, path: str) -> Any:
    if content is not True:
        raise AttributeValueError(messages.wrong_content(path, "NULL", "true", content))
    return content


def _read_list(content: Any, path: str) -> list[AttributeValue]:
    _expect_list("L", content, path)
    return [typed_value(element, f"{path}[{at}]") for at, element in enumerate(content)]


def _read_map(content: Any, path: str) -> Item:
    if not isinstance(content, Mapping):
        raise AttributeValueError(messages.wrong_content(path, "M", "an object", content))
    return {_name(name): typed_value(e, f"{path}.{name}") for name, e in content.items()}


def _expect_list(kind: str, content: Any, path: str) -> None:
    if not isinstance(content, list):
        raise AttributeValueError(messages.wrong_content(path, kind, "a list", content))


def _members(kind: str, read: Callable[[Any, str], Any]) -> Callable[[Any, str], list[Any]]:
    def read_set(content: Any, path: str) -> list[Any]:
        _expect_list(kind, content, path)
        return [read(member, f"{path}[{at}]") for at, member in enumerate(content)]

    return read_set


_READ: dict[str, Callable[[Any, str], Any]] = {
    "S": _expect("S", str, "text"),
    "N": _expect("N", str, 'a number as text, as in {"N": "1.5"}'),
    "B": _read_binary,
    "BOOL": _expect("BOOL", bool, "true or false"),
    "NULL": _read_null,
    "L": _read_list,
    "M": _read_map,
    "SS": _members("SS", _expect("SS", str, "text")),
    "NS": _members("NS", _expect("NS", str, "numbers as text")),
    "BS": _members("BS", _read_binary),
}
