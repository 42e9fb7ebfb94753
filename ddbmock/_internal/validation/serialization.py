"""JSON types of a request: the first member of a wrong type is a SerializationException.

The members are checked in the order of the body, and only the first wrong one is reported, without
its name. What the service reads leniently is corrected in place: an explicit null is an absent
member, "true" and "false" are booleans, fractions of integers are cut off. Members that the model
does not have are ignored. Ranges of numbers and contents of strings are not checked, except that a
binary value must be base64.

The texts are those of the service since 2023 ("NUMBER_VALUE cannot be converted to String"); the
older family ("class ... can not be converted to an String") is gone.
"""

from __future__ import annotations

import re
from collections.abc import MutableMapping, MutableSequence
from decimal import Decimal
from typing import TYPE_CHECKING, Any, NamedTuple

from ddbmock._internal.errors import SerializationError
from ddbmock._internal.messages import requests as messages

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from ddbmock._internal.validation.shapes import Shape

MODEL_PACKAGE = "com.amazonaws.dynamodb.v20120810"

_JAVA_TYPES = {
    "string": "java.lang.String",
    "boolean": "java.lang.Boolean",
    "integer": "java.lang.Integer",
    "long": "java.lang.Long",
    "float": "java.lang.Float",
    "double": "java.lang.Double",
    "timestamp": "java.util.Date",
    "blob": "java.nio.ByteBuffer",
}
_CONTAINER_TYPES = {"structure", "list", "map"}
_BASE64_GROUP_CHARACTERS = 4
_NOT_BASE64 = re.compile(r"[^A-Za-z0-9+/=]|=(?=[^=])|={3,}")
#: The last character before one "=" carries 4 bits, before two 2: the others must be zero.
_NOT_CANONICAL = re.compile(r"[^AEIMQUYcgkosw048=]=$|[^AQgw]==$|^=")


class _Slot(NamedTuple):
    """A position in the request, with its shape in the model."""

    holder: Any
    key: Any
    shape: Shape
    is_member: bool  # of a structure; otherwise an element of a list or map


def check_serialization(request: Any, input_shape: Shape) -> None:
    """Raise SerializationError for the first member whose JSON type is not the model's.

    Args:
        request: The decoded body; corrected in place where the service is lenient.
        input_shape: botocore's shape of the operation's input.
    """
    waiting = [_Slot([request], 0, input_shape, is_member=True)]
    while waiting:
        slot = waiting.pop()
        children = _check_slot(slot)
        waiting.extend(reversed(list(children)))


def _check_slot(slot: _Slot) -> Iterable[_Slot]:
    value, shape = slot.holder[slot.key], slot.shape
    if shape.type_name == "structure":
        _require(isinstance(value, MutableMapping), slot, value)
        _drop_nulls(value, shape)
        return [
            _Slot(value, name, shape.members[name], is_member=True)
            for name in value
            if name in shape.members
        ]
    if value is None and (slot.is_member or shape.type_name not in _CONTAINER_TYPES):
        return ()
    if shape.type_name == "map":
        _require(isinstance(value, MutableMapping), slot, value)
        return [_Slot(value, key, shape.value, is_member=False) for key in value]
    if shape.type_name == "list":
        _require(isinstance(value, MutableSequence), slot, value)
        return [_Slot(value, at, shape.member, is_member=False) for at in range(len(value))]
    slot.holder[slot.key] = _SCALAR_READERS.get(shape.type_name, _read_text)(value, shape)
    return ()


def _drop_nulls(structure: MutableMapping[str, Any], shape: Shape) -> None:
    """Remove members that are null, except where a structure is expected."""
    members = shape.members
    for name in [name for name, value in structure.items() if value is None]:
        if name in members and members[name].type_name != "structure":
            del structure[name]


def _require(is_valid: bool, slot: _Slot, value: Any) -> None:  # noqa: FBT001
    if not is_valid:
        raise SerializationError(_container_text(slot, value))


def _container_text(slot: _Slot, value: Any) -> str:
    """Return the text for another type where a structure, list or map is expected."""
    kind = slot.shape.type_name
    if kind != "structure" and not slot.is_member:
        return messages.NESTED_COLLECTION_EXPECTED
    if isinstance(value, MutableMapping):
        return messages.STRUCTURE_NOT_EXPECTED
    if isinstance(value, MutableSequence):
        prefix = "class " if kind == "structure" else ""
        return messages.unrecognized_collection(prefix + java_type(slot.shape))
    return messages.UNEXPECTED_FIELD if slot.is_member else messages.UNEXPECTED_VALUE


def java_type(shape: Shape) -> str:
    """Return the service's type of a shape, as its messages name it."""
    if shape.type_name == "structure":
        return f"{MODEL_PACKAGE}.{shape.name}"
    if shape.type_name == "list":
        return f"java.util.List<{java_type(shape.member)}>"
    if shape.type_name == "map":
        return f"java.util.Map<java.lang.String, {java_type(shape.value)}>"
    return _JAVA_TYPES[shape.type_name]


def _refuse_container(value: Any, shape: Shape) -> None:
    if isinstance(value, MutableMapping):
        raise SerializationError(messages.STRUCTURE_NOT_EXPECTED)
    if isinstance(value, MutableSequence):
        text = messages.unrecognized_collection(f"class {java_type(shape)}")
        raise SerializationError(text)


def _not_convertible(value: Any, shape: Shape) -> SerializationError:
    java_name = java_type(shape).rpartition(".")[2]
    return SerializationError(messages.not_convertible(_token(value), java_name))


def _token(value: Any) -> str:
    """Return the name of a scalar's token in the service's JSON parser.

    >>> _token(True), _token(1), _token(1.5), _token("1")
    ('TRUE_VALUE', 'NUMBER_VALUE', 'DECIMAL_VALUE', 'STRING_VALUE')
    """
    if isinstance(value, bool):
        return "TRUE_VALUE" if value else "FALSE_VALUE"
    if isinstance(value, int):
        return "NUMBER_VALUE"
    return "DECIMAL_VALUE" if isinstance(value, (float, Decimal)) else "STRING_VALUE"


def _is_number(value: Any) -> bool:
    return isinstance(value, (int, float, Decimal)) and not isinstance(value, bool)


def _read_text(value: Any, shape: Shape) -> Any:
    _refuse_container(value, shape)
    if not isinstance(value, str):
        raise _not_convertible(value, shape)
    return value


def _read_number(value: Any, shape: Shape) -> Any:
    _refuse_container(value, shape)
    if not _is_number(value):
        raise _not_convertible(value, shape)
    return value


def _read_integer(value: Any, shape: Shape) -> int:
    number = _read_number(value, shape)
    try:
        return int(number)
    except (OverflowError, ValueError):  # 1e999 is infinity to a reader of JSON
        raise _not_convertible(value, shape) from None


def _read_boolean(value: Any, shape: Shape) -> bool:
    _refuse_container(value, shape)
    if isinstance(value, bool):
        return value
    if not isinstance(value, str):
        raise _not_convertible(value, shape)
    if value.lower() not in {"true", "false"}:
        raise SerializationError(messages.NOT_A_BOOLEAN)
    return value.lower() == "true"


def _read_binary(value: Any, shape: Shape) -> Any:
    _refuse_container(value, shape)
    if isinstance(value, (bytes, bytearray)):
        return value
    if not isinstance(value, str):
        raise SerializationError(messages.NOT_BASE64_TEXT)
    if len(value) % _BASE64_GROUP_CHARACTERS:
        raise SerializationError(messages.base64_length(len(value)))
    if bad := _NOT_BASE64.search(value):
        raise SerializationError(messages.base64_character(bad.group()[0]))
    if _NOT_CANONICAL.search(value):
        raise SerializationError(messages.BASE64_LAST_CHARACTER)
    return value


_SCALAR_READERS: dict[str, Callable[[Any, Shape], Any]] = {
    "boolean": _read_boolean,
    "integer": _read_integer,
    "long": _read_integer,
    "float": _read_number,
    "double": _read_number,
    "timestamp": _read_number,
    "blob": _read_binary,
}
