"""Attribute values: validated, made canonical and sized in one pass when they are received.

A value has the API's shape, `{"S": "a"}`, with `bytes` for binary. Canonical means: number texts
as `numbers.canonical` writes them, sets sorted and without duplicates. So two canonical values are
equal exactly when `==` says so, and equal values have equal sizes.

Sizes follow
https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/CapacityUnitCalculations.html
"""

from __future__ import annotations

from base64 import b64encode
from binascii import Error as Base64Error
from binascii import a2b_base64
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from ddbmock._internal import limits
from ddbmock._internal.engine.numbers import NumberError, canonical, number_bytes, number_of
from ddbmock._internal.errors import SerializationError, ValidationError
from ddbmock._internal.messages import values as messages

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sized

AttributeValue = dict[str, Any]
Item = dict[str, AttributeValue]
#: A member of an item or map that was written: its value before and after (None where there is
#: none), what its name costs, and how many documents deep it lies.
Written = tuple[AttributeValue | None, AttributeValue | None, int, int]

#: A list or map costs three bytes, and one for each element.
DOCUMENT_BYTES = 3
ELEMENT_BYTES = 1


class InvalidValueError(ValidationError):
    """An attribute value that no item can hold."""


class MalformedValueError(InvalidValueError):
    """A value without a type or with several, which the service reports when it reads the JSON."""

    is_always_bare = True


class NestingTooDeepError(InvalidValueError):
    """Documents that are nested more than 32 levels deep."""


def normalize_item(item: Item) -> int:
    """Check a received item, make it canonical in place and return its size in bytes.

    >>> item = {"pk": {"S": "a"}, "n": {"N": "1.50"}}
    >>> normalize_item(item), item["n"]
    (7, {'N': '1.5'})
    """
    size_bytes = 0
    for value in item.values():
        text = value.get("S")
        if text.__class__ is str and len(value) == 1 and text.isascii():
            size_bytes += len(text)  # as `normalize_value` does, for what most values are
        else:
            size_bytes += normalize_value(value, 0)
    names = tuple(item)
    size_bytes += (_known_names_bytes if len(names) <= _KNOWN_NAMES_MAX else _names_bytes)(names)
    return size_bytes


def normalize_key(key: Item) -> None:
    """Check a key as it came in and make it canonical in place; its size is not needed.

    >>> key = {"pk": {"S": "a"}, "sk": {"N": "1.50"}}
    >>> normalize_key(key)
    >>> key["sk"]
    {'N': '1.5'}
    """
    for value in key.values():
        if len(value) != 1 or value.get("S").__class__ is not str:  # as most values are
            normalize_value(value, 0)
    names = tuple(key)
    (_known_names_bytes if len(names) <= _KNOWN_NAMES_MAX else check_names)(names)


def _names_bytes(names: tuple[str, ...]) -> int:
    """Return the size of attribute names; refuse those that are empty or too long."""
    check_names(names)
    return sum(map(text_bytes, names))


#: The same, cached for short names: items mostly have the names of other items.
_known_names_bytes = lru_cache(maxsize=1024)(_names_bytes)
_KNOWN_NAMES_MAX = 64


def check_names(names: Iterable[str]) -> None:
    """Refuse attribute names that are empty or too long."""
    for name in names:
        if not name:
            raise InvalidValueError(messages.ATTRIBUTE_NAME_EMPTY)
        if text_bytes(name) > limits.ATTRIBUTE_NAME_BYTES_MAX:
            raise InvalidValueError(messages.ATTRIBUTE_NAME_TOO_LONG)


def normalize_value(value: AttributeValue, depth: int = 0) -> int:
    """Check a received value, make it canonical in place and return its size in bytes."""
    try:
        ((kind, content),) = value.items()
    except ValueError:
        return _accept_known_type(value, depth)
    if kind == "S" and content is not None:
        return len(content) if content.isascii() else text_bytes(content)
    accept = _ACCEPT.get(kind)
    if accept is None or content is None:
        raise MalformedValueError(messages.VALUE_EMPTY)
    return accept(value, content, depth)


def _accept_known_type(value: AttributeValue, depth: int) -> int:
    # Types that the service does not know are ignored, and so are explicit nulls.
    known = {
        kind: content
        for kind, content in value.items()
        if kind in TYPE_NAMES and content is not None
    }
    if len(known) == 1:
        value.clear()
        value.update(known)
        return normalize_value(value, depth)
    # An error in one of the contents is reported before the number of types.
    for kind, content in known.items():
        normalize_value({kind: content}, depth)
    several = messages.VALUE_WITH_SEVERAL_TYPES if known else messages.VALUE_EMPTY
    raise MalformedValueError(several)


def text_bytes(text: str) -> int:
    """Return the length of a text in UTF-8 bytes."""
    # "surrogatepass": a lone surrogate is possible in JSON and costs its three bytes.
    return len(text) if text.isascii() else len(text.encode("utf-8", "surrogatepass"))


def _accept_string(value: AttributeValue, content: str, depth: int) -> int:
    return text_bytes(content)


def _accept_number(value: AttributeValue, content: str, depth: int) -> int:
    try:
        value["N"] = text = canonical(content)
    except NumberError as error:
        raise _invalid_number(error) from None
    return number_bytes(text)


def _canonical(content: str) -> str:
    try:
        return canonical(content)
    except NumberError as error:
        raise _invalid_number(error) from None


def _invalid_number(error: NumberError) -> InvalidValueError:
    return InvalidValueError(str(error), legacy_message=error.legacy_message)


def _accept_binary(value: AttributeValue, content: str | bytes, depth: int) -> int:
    value["B"] = decoded = decode_binary(content)
    return len(decoded)


def decode_binary(content: str | bytes) -> bytes:
    """Return the bytes of a base64 text (bytes pass as they are)."""
    if isinstance(content, str):
        try:
            return a2b_base64(content)
        except (Base64Error, ValueError):
            raise SerializationError(messages.INVALID_BASE64) from None
    return bytes(content)


def _accept_boolean(value: AttributeValue, content: bool, depth: int) -> int:
    return 1


def _accept_null(value: AttributeValue, content: bool, depth: int) -> int:
    if content is not True:
        raise InvalidValueError(messages.NULL_MUST_BE_TRUE)
    return 1


def _accept_list(value: AttributeValue, content: list[AttributeValue], depth: int) -> int:
    depth += 1
    if depth >= limits.NESTING_LEVELS_MAX:
        _refuse_too_deep(content)
    size_bytes = DOCUMENT_BYTES
    for element in content:
        size_bytes += normalize_value(element, depth) + ELEMENT_BYTES
    return size_bytes


def _accept_map(value: AttributeValue, content: Item, depth: int) -> int:
    depth += 1
    if depth >= limits.NESTING_LEVELS_MAX:
        _refuse_too_deep(content)
    size_bytes = DOCUMENT_BYTES
    for name, element in content.items():
        size_bytes += len(name) if name.isascii() else text_bytes(name)
        size_bytes += normalize_value(element, depth) + ELEMENT_BYTES
    if "" in content or size_bytes > limits.ATTRIBUTE_NAME_BYTES_MAX:
        check_names(content)
    return size_bytes


def _refuse_too_deep(content: Sized) -> None:
    # An attribute's value is level 1, so what is `depth` documents deep is one level more; an empty
    # document is allowed on the last level, as a scalar is.
    if content:
        raise NestingTooDeepError(messages.NESTING_TOO_DEEP)


def _accept_string_set(value: AttributeValue, content: list[str], depth: int) -> int:
    _refuse_null("SS", content)
    value["SS"] = members = _distinct("SS", content)
    return text_bytes("".join(members))


def _accept_number_set(value: AttributeValue, content: list[str], depth: int) -> int:
    _refuse_null("NS", content)
    value["NS"] = members = _distinct("NS", [_canonical(member) for member in content])
    return sum(map(number_bytes, members))


def _accept_binary_set(value: AttributeValue, content: list[str | bytes], depth: int) -> int:
    _refuse_null("BS", content)
    value["BS"] = members = _distinct("BS", [decode_binary(member) for member in content])
    return sum(map(len, members))


def _refuse_null(kind: str, members: list[Any]) -> None:
    if None in members:
        raise InvalidValueError(messages.SET_WITH_NULL[kind])


def _distinct(kind: str, members: list[Any]) -> list[Any]:
    """Return the members of a set in canonical order."""
    if not members:
        raise InvalidValueError(messages.SET_EMPTY[kind])
    if len(set(members)) < len(members):
        raise _duplicates(kind, members)
    return sort_set(kind, members)


def _duplicates(kind: str, members: list[Any]) -> InvalidValueError:
    """Return the error for a set that has a member twice.

    Both layers read up to the first repeated member. The current one shows what it has read,
    sorted, then the repeated member, and the rest as it was sent; the older one shows what it has
    read.
    """
    seen: set[Any] = set()
    at = 0
    while members[at] not in seen:
        seen.add(members[at])
        at += 1
    read, rest = members[: at + 1], members[at:]
    current = [*sort_set(kind, list(seen)), *rest]
    if kind == "BS":
        current, read = _in_base64(current), _in_base64(read)
    return InvalidValueError(
        messages.duplicates_in_set(kind, current),
        legacy_message=messages.older_duplicates_in_set(kind, read),
    )


def _in_base64(members: list[bytes]) -> list[str]:
    return [b64encode(member).decode() for member in members]


def sort_set(kind: str, members: list[Any]) -> list[Any]:
    """Return the members of a set in canonical order.

    Strings go by UTF-8 bytes (which is the order of code points, Python's own), numbers by value,
    binaries by bytes.

    >>> sort_set("NS", ["10", "9", "-1"])
    ['-1', '9', '10']
    """
    return sorted(members, key=number_of) if kind == "NS" else sorted(members)


_ACCEPT: dict[str, Callable[[AttributeValue, Any, int], int]] = {
    "S": _accept_string,
    "N": _accept_number,
    "B": _accept_binary,
    "BOOL": _accept_boolean,
    "NULL": _accept_null,
    "L": _accept_list,
    "M": _accept_map,
    "SS": _accept_string_set,
    "NS": _accept_number_set,
    "BS": _accept_binary_set,
}
TYPE_NAMES = frozenset(_ACCEPT)


def accept_content(kind: str) -> Callable[[AttributeValue, Any, int], int]:
    """Return what checks the content of a value of this type, makes it canonical and measures it.

    It takes the value, its content, and how many documents deep it lies.
    """
    return _ACCEPT[kind]


def value_bytes(value: AttributeValue, depth: int = 0) -> int:
    """Return the size in bytes of a canonical value that is `depth` documents deep.

    >>> value_bytes({"L": [{"S": "ab"}, {"BOOL": True}]})
    8

    Raises:
        InvalidValueError: Documents are nested deeper than 32 levels.
    """
    ((kind, content),) = value.items()
    if kind == "S":
        return len(content) if content.isascii() else text_bytes(content)
    if kind == "N":
        return number_bytes(content)
    return _SIZE[kind](content, depth)


def item_bytes(item: Item) -> int:
    """Return the size in bytes of a canonical item, names included.

    >>> item_bytes({"pk": {"S": "a"}, "n": {"N": "15"}})
    6
    """
    return attributes_bytes(item, item)


def attributes_bytes(item: Item, names: Iterable[str]) -> int:
    """Return the size in bytes of those of the named attributes that the item has."""
    size_bytes = 0
    for name in names:
        value = item.get(name)
        if value is not None:
            size_bytes += len(name) if name.isascii() else text_bytes(name)
            size_bytes += value_bytes(value)
    return size_bytes


def grown_bytes(written: Iterable[Written]) -> int:
    """Return by how many bytes an item has grown.

    >>> grown_bytes([({"S": "a"}, {"S": "abc"}, 1, 0), (None, {"N": "1"}, 4, 1)])
    8

    Raises:
        InvalidValueError: Documents are nested deeper than 32 levels.
    """
    grown = 0
    for before, after, name_bytes, depth in written:
        if before is None:
            grown += name_bytes
        else:
            grown -= value_bytes(before, depth)
        if after is None:
            grown -= name_bytes
        else:
            grown += value_bytes(after, depth)
    return grown


def _map_bytes(content: Item, depth: int) -> int:
    depth += 1
    if depth >= limits.NESTING_LEVELS_MAX:
        _refuse_too_deep(content)
    size_bytes = DOCUMENT_BYTES + ELEMENT_BYTES * len(content)
    for name, value in content.items():
        size_bytes += len(name) if name.isascii() else text_bytes(name)
        size_bytes += value_bytes(value, depth)
    return size_bytes


def _list_bytes(content: list[AttributeValue], depth: int) -> int:
    depth += 1
    if depth >= limits.NESTING_LEVELS_MAX:
        _refuse_too_deep(content)
    size_bytes = DOCUMENT_BYTES + ELEMENT_BYTES * len(content)
    for value in content:
        size_bytes += value_bytes(value, depth)
    return size_bytes


_SIZE: dict[str, Callable[[Any, int], int]] = {
    "B": lambda content, _: len(content),
    "BOOL": lambda _, __: 1,
    "NULL": lambda _, __: 1,
    "L": _list_bytes,
    "M": _map_bytes,
    "SS": lambda members, _: text_bytes("".join(members)),
    "NS": lambda members, _: sum(map(number_bytes, members)),
    "BS": lambda members, _: sum(map(len, members)),
}


def copy_value(value: AttributeValue) -> AttributeValue:
    """Return a copy that shares nothing mutable with the value."""
    ((kind, content),) = value.items()
    if kind == "M":
        return {"M": {name: copy_value(element) for name, element in content.items()}}
    if kind == "L":
        return {"L": [copy_value(element) for element in content]}
    return {kind: list(content) if isinstance(content, list) else content}
