"""Conversion of frozen records to JSON and back, checked by the types of their fields.

A saved state can be edited, so everything is checked when it is read: each value must be of the
type of its field, and the error names the field.

>>> from dataclasses import dataclass
>>> @dataclass(frozen=True)
... class Backup:
...     name: str
...     size_bytes: int
...     tags: tuple[str, ...] = ()
>>> to_json(Backup("b", 5, ("x",)))
{'name': 'b', 'size_bytes': 5, 'tags': ['x']}
>>> from_json(Backup, {"name": "b", "size_bytes": 5, "tags": ["x"]})
Backup(name='b', size_bytes=5, tags=('x',))
>>> from_json(Backup, {"name": "b", "size_bytes": "5"})
Traceback (most recent call last):
    ...
ddbmock._internal.data.typed_json.WrongTypeError: size_bytes takes a whole number, not '5'
"""

from __future__ import annotations

import types
import typing
from base64 import b64decode, b64encode
from collections.abc import Mapping
from dataclasses import MISSING, Field, fields, is_dataclass
from functools import cache
from typing import Any, TypeVar

from ddbmock._internal.formats.file_errors import shortened

T = TypeVar("T")

#: 9999-12-31T23:59:59Z, the last second of a datetime.
_LAST_SECOND = 253_402_300_799


class WrongTypeError(ValueError):
    """A value is not of the type of its field; the text names the field."""


def to_json(value: Any) -> Any:
    """Return a record, or a part of one, as JSON."""
    if is_dataclass(value) and not isinstance(value, type):
        return {field.name: to_json(getattr(value, field.name)) for field in fields(value)}
    if isinstance(value, Mapping):
        return {name: to_json(content) for name, content in value.items()}
    if isinstance(value, list | tuple):
        return [to_json(member) for member in value]
    return b64encode(value).decode() if isinstance(value, bytes) else value


def from_json(kind: type[T], value: Any, path: str = "") -> T:
    """Return the record of this class that JSON describes.

    Args:
        kind: A dataclass, or the type of one of its fields. A `float` is a time in seconds since
            the epoch, and an `int` a number of something; neither is negative.
        value: The return value of `to_json`, perhaps edited.
        path: The name of the value in errors.

    Raises:
        WrongTypeError: A value is of another type than its field, or a field is missing.
    """
    if is_dataclass(kind):
        return typing.cast("T", _record(kind, value, path))
    origin = typing.get_origin(kind)
    if origin in {typing.Union, types.UnionType}:
        return typing.cast("T", _optional(kind, value, path))
    read = _READERS[origin or kind]
    return typing.cast("T", read(typing.get_args(kind), value, path))


def _record(kind: type[Any], value: Any, path: str) -> Any:
    if not isinstance(value, Mapping):
        raise _wrong(path, "an object", value)
    known: dict[str, tuple[Field[Any], Any]] = _fields(kind)  # type: ignore[arg-type]
    for name in value:
        if name not in known:
            raise WrongTypeError(f"{_inside(path, name)} is unknown")
    members = {}
    for name, (field, field_type) in known.items():
        if name in value:
            members[name] = from_json(field_type, value[name], _inside(path, name))
        elif field.default is MISSING and field.default_factory is MISSING:
            raise WrongTypeError(f"{_inside(path, name)} is missing")
    return kind(**members)


@cache
def _fields(kind: Any) -> dict[str, tuple[Field[Any], Any]]:
    # Names that the module of the class imports for type checkers only.
    hints = typing.get_type_hints(kind, localns={"Mapping": Mapping})
    return {field.name: (field, hints[field.name]) for field in fields(kind) if field.init}


def _optional(kind: Any, value: Any, path: str) -> Any:
    kinds = [each for each in typing.get_args(kind) if each is not type(None)]
    if value is None:
        return None
    return from_json(kinds[0], value, path)


def _inside(path: str, name: object) -> str:
    return f"{path}.{name}" if path else str(name)


def _wrong(path: str, expected: str, value: object) -> WrongTypeError:
    return WrongTypeError(f"{path or 'it'} takes {expected}, not {shortened(value)}")


def _mapping(arguments: tuple[Any, ...], value: Any, path: str) -> dict[str, Any]:
    if not isinstance(value, Mapping):
        raise _wrong(path, "an object", value)
    return {
        name: from_json(arguments[1], content, _inside(path, name))
        for name, content in value.items()
    }


def _tuple(arguments: tuple[Any, ...], value: Any, path: str) -> tuple[Any, ...]:
    if not isinstance(value, list):
        raise _wrong(path, "a list", value)
    kinds = arguments if arguments[-1] is not Ellipsis else arguments[:1] * len(value)
    if len(kinds) != len(value):
        raise _wrong(path, f"{len(kinds)} elements", value)
    return tuple(
        from_json(kind, each, f"{path}[{at}]")
        for at, (kind, each) in enumerate(zip(kinds, value, strict=True))
    )


def _text(_: tuple[Any, ...], value: Any, path: str) -> str:
    if not isinstance(value, str):
        raise _wrong(path, "text", value)
    return value


def _boolean(_: tuple[Any, ...], value: Any, path: str) -> bool:
    if not isinstance(value, bool):
        raise _wrong(path, "true or false", value)
    return value


def _count(_: tuple[Any, ...], value: Any, path: str) -> int:
    if not isinstance(value, int) or isinstance(value, bool) or value < 0:
        raise _wrong(path, "a whole number", value)
    return value


def _time(_: tuple[Any, ...], value: Any, path: str) -> float:
    if not isinstance(value, int | float) or isinstance(value, bool):
        raise _wrong(path, "a time in seconds", value)
    if not 0 <= value <= _LAST_SECOND:
        raise _wrong(path, "a time between the years 1970 and 9999", value)
    return float(value)


def _binary(_: tuple[Any, ...], value: Any, path: str) -> bytes:
    try:
        return b64decode(value, validate=True)
    except (ValueError, TypeError):
        raise _wrong(path, "base64 text", value) from None


_READERS: dict[Any, Any] = {
    Mapping: _mapping,
    dict: _mapping,
    tuple: _tuple,
    str: _text,
    bool: _boolean,
    int: _count,
    float: _time,
    bytes: _binary,
    Any: lambda _, value, __: value,
}
