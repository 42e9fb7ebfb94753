"""DynamoDB JSON: attribute values with their types, `{"id": {"S": "42"}}`; read and written.

The types in a request are checked by botocore or by the service's JSON reader. Nothing has checked
those in a file that was written by hand, so the reader here checks that N is a string, that L is a
list, and so on. The service's own checks come afterwards.

https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Programming.LowLevelAPI.html
"""

from __future__ import annotations

import binascii
import json
from base64 import b64decode, b64encode
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from ddbmock._internal.engine.values import TYPE_NAMES
from ddbmock._internal.formats.file_errors import shortened
from ddbmock._internal.formats.python_values import AttributeValueError, attribute_name, plain_text

if TYPE_CHECKING:
    from collections.abc import Callable

    from ddbmock._internal.engine.values import AttributeValue, Item


def is_typed(item: Mapping[Any, Any], key_name: str) -> bool:
    """Return whether an item is in DynamoDB JSON rather than in plain values.

    The partition key decides: it is never a map, so `{"S": "42"}` cannot be its plain value.

    >>> is_typed({"id": {"S": "42"}}, "id"), is_typed({"id": "42"}, "id")
    (True, False)
    """
    if key_name in item:
        return isinstance(item[key_name], Mapping)
    return bool(item) and all(_is_typed_value(value) for value in item.values())


def _is_typed_value(value: object) -> bool:
    return isinstance(value, Mapping) and len(value) == 1 and set(value) <= TYPE_NAMES


#: The types whose content is a text.
_TEXTS = frozenset({"S", "N"})

# --- reading -------------------------------------------------------------------------------------


def typed_item(item: Mapping[Any, Any]) -> Item:
    """Return a copy of an item in DynamoDB JSON with checked types.

    >>> typed_item({"raw": {"B": "aGk="}})
    {'raw': {'B': b'hi'}}

    Raises:
        AttributeValueError: A value is of the wrong type; the text names the attribute.
    """
    return {
        name if name.__class__ is str else attribute_name(name): typed_value(value, str(name))
        for name, value in item.items()
    }


def typed_value(value: Any, path: str) -> AttributeValue:
    """Return a copy of one attribute value; `path` names it in errors."""
    if (value.__class__ is dict or isinstance(value, Mapping)) and len(value) == 1:
        ((kind, content),) = value.items()
        if content.__class__ is str and kind in _TEXTS:  # as most values are
            return {kind: content}
        read = _READERS.get(kind)
        if read is not None:
            return {kind: read(content, path)}
    raise _not_an_attribute_value(value, path)


def _not_an_attribute_value(value: Any, path: str) -> AttributeValueError:
    if not isinstance(value, Mapping):
        problem = f'not an attribute value such as {{"S": "a"}}: {shortened(value)}'
    elif len(value) != 1:
        types = ", ".join(map(str, value)) or "none"
        problem = f"an attribute value has exactly one type, this one has: {types}"
    else:
        (kind,) = value
        problem = f"no type {kind!r}; the types are {', '.join(_READERS)}"
    return AttributeValueError(f"attribute {path}: {problem}")


def _wrong(path: str, kind: str, expected: str, content: object) -> AttributeValueError:
    return AttributeValueError(
        f"attribute {path}: {kind} takes {expected}, not {shortened(content)}"
    )


def _text_reader(kind: str, expected: str) -> Callable[[Any, str], str]:
    def read(content: Any, path: str) -> str:
        if not isinstance(content, str):
            raise _wrong(path, kind, expected, content)
        return plain_text(content)

    return read


def _read_binary(content: Any, path: str) -> bytes:
    if isinstance(content, bytes | bytearray):
        return bytes(content)
    try:
        return b64decode(content, validate=True)
    except (binascii.Error, ValueError, TypeError):
        raise _wrong(path, "B", "base64 text", content) from None


def _read_boolean(content: Any, path: str) -> bool:
    if not isinstance(content, bool):
        raise _wrong(path, "BOOL", "true or false", content)
    return content


def _read_null(content: Any, path: str) -> bool:
    if content is not True:
        raise _wrong(path, "NULL", "true", content)
    return content


def _read_list(content: Any, path: str) -> list[AttributeValue]:
    _check_list("L", content, path)
    return [typed_value(element, f"{path}[{at}]") for at, element in enumerate(content)]


def _read_map(content: Any, path: str) -> Item:
    if not isinstance(content, Mapping):
        raise _wrong(path, "M", "an object", content)
    return {
        attribute_name(name): typed_value(element, f"{path}.{name}")
        for name, element in content.items()
    }


def _check_list(kind: str, content: Any, path: str) -> None:
    if not isinstance(content, list | tuple):
        raise _wrong(path, kind, "a list", content)


def _set_reader(kind: str, read: Callable[[Any, str], Any]) -> Callable[[Any, str], list[Any]]:
    def read_set(content: Any, path: str) -> list[Any]:
        _check_list(kind, content, path)
        return [read(member, f"{path}[{at}]") for at, member in enumerate(content)]

    return read_set


_READERS: dict[str, Callable[[Any, str], Any]] = {
    "S": _text_reader("S", "text"),
    "N": _text_reader("N", 'a number as text, as in {"N": "1.5"}'),
    "B": _read_binary,
    "BOOL": _read_boolean,
    "NULL": _read_null,
    "L": _read_list,
    "M": _read_map,
    "SS": _set_reader("SS", _text_reader("SS", "text")),
    "NS": _set_reader("NS", _text_reader("NS", "numbers as text")),
    "BS": _set_reader("BS", _read_binary),
}

# --- writing -------------------------------------------------------------------------------------


def jsonable_item(item: Item) -> Item:
    """Return an item with base64 text in place of bytes.

    >>> jsonable_item({"b": {"B": b"hi"}})
    {'b': {'B': 'aGk='}}
    """
    return {name: jsonable_value(value) for name, value in item.items()}


def jsonable_value(value: AttributeValue) -> AttributeValue:
    """Return an attribute value with base64 text in place of bytes."""
    ((kind, content),) = value.items()
    if kind == "B":
        return {kind: b64encode(content).decode()}
    if kind == "BS":
        return {kind: [b64encode(member).decode() for member in content]}
    if kind == "L":
        return {kind: [jsonable_value(element) for element in content]}
    return {kind: jsonable_item(content)} if kind == "M" else value


def json_line(document: Any) -> str:
    """Return JSON in one line, with characters beyond ASCII as they are.

    >>> json_line({"name": "Zoë"})
    '{"name": "Zoë"}'
    """
    text = json.dumps(document, ensure_ascii=False)
    try:
        text.encode()
    except UnicodeEncodeError:  # half of a surrogate pair
        return json.dumps(document)
    return text
