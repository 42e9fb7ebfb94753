"""Converts loosely typed values of templates to the types of the API.

Templates write `ReadCapacityUnits: "5"` and `Enabled: "true"`. botocore's model of a request
knows the type of each member; a member that the model does not have is an error.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from decimal import Decimal
from math import isfinite
from typing import Any

from ddbmock._internal.formats.file_errors import FileError, Location
from ddbmock._internal.formats.located import location_of, location_of_key
from ddbmock._internal.service_model import service_model

_BOOLEANS = {"true": True, "yes": True, "on": True, "false": False, "no": False, "off": False}
_SHOWN_CHARACTERS = 60


def typed_request(operation: str, members: Mapping[str, Any], location: Location) -> dict[str, Any]:
    """Return a request of loosely typed members.

    Raises:
        FileError: A member is unknown, or not of its type.
    """
    shape = service_model("dynamodb").operation_model(operation).input_shape
    return typed(members, shape, location)


def typed(members: Mapping[str, Any], shape: Any, location: Location) -> dict[str, Any]:
    """Return loosely typed members with the types of a structure of the API.

    Raises:
        FileError: A member is unknown, or not of its type.
    """
    request: dict[str, Any] = _typed(members, shape, location, "")
    return request


def is_modelled(operation: str, *members: str) -> bool:
    """Return whether the installed botocore has an operation, with these members."""
    model = service_model("dynamodb")
    if operation not in model.operation_names:
        return False
    shape: Any = model.operation_model(operation).input_shape
    return all(member in shape.members for member in members)


def _typed(value: Any, shape: Any, location: Location, path: str) -> Any:
    location = location_of(value, location)
    if shape.type_name == "structure":
        return _structure(value, shape, location, path)
    if shape.type_name == "list":
        return [
            _typed(element, shape.member, location, f"{path}[{at}]")
            for at, element in enumerate(list_of(value, location, path))
        ]
    return _SCALARS[shape.type_name](value, location, path)


def _structure(value: Any, shape: Any, location: Location, path: str) -> dict[str, Any]:
    members: dict[str, Any] = {}
    for name, content in mapping_of(value, location, path).items():
        member_path = f"{path}.{name}".lstrip(".")
        member_location = location_of_key(value, name, location)
        if name not in shape.members:
            raise unknown_property(member_location, member_path)
        if content is not None:
            members[name] = _typed(content, shape.members[name], member_location, member_path)
    return members


def unknown_property(location: Location, path: str) -> FileError:
    """Return the error for an unknown property."""
    return FileError(location, f"unknown property of a table: {path}")


def wrong_type(location: Location, path: str, expected: str, value: object) -> FileError:
    """Return the error for a value of the wrong type."""
    return FileError(location, f"{path} takes {expected}, not {shown(value)}")


def shown(value: object) -> str:
    """Return a value as messages show it, shortened if it is long."""
    text = repr(value)
    return text if len(text) <= _SHOWN_CHARACTERS else text[: _SHOWN_CHARACTERS - 3] + "..."


def mapping_of(value: Any, location: Location, path: str) -> Mapping[str, Any]:
    """Return a value that has to be an object.

    Raises:
        FileError: It has another type.
    """
    if isinstance(value, Mapping):
        return value
    raise wrong_type(location, path, "an object", value)


def list_of(value: Any, location: Location, path: str) -> list[Any]:
    """Return a value that has to be a list.

    Raises:
        FileError: It has another type.
    """
    if isinstance(value, list | tuple):
        return list(value)
    if isinstance(value, set | frozenset):
        return sorted(value, key=str)
    raise wrong_type(location, path, "a list", value)


def text_of(value: Any, location: Location, path: str) -> str:
    """Return a value that has to be text, or has a plain form as text.

    Raises:
        FileError: It has none.
    """
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, str | int | Decimal):
        return str(value)
    raise wrong_type(location, path, "text", value)


def integer_of(value: Any, location: Location, path: str) -> int:
    """Return a value that has to be a whole number.

    Raises:
        FileError: It has another type.
    """
    if isinstance(value, int) and not isinstance(value, bool):
        return value
    try:
        if isinstance(value, str | Decimal | float):
            number = Decimal(str(value).strip())
            # No number of the API has so many digits.
            if number == number.to_integral_value() and number.adjusted() < _DIGITS_MAX:
                return int(number)
    except ArithmeticError:
        pass
    raise wrong_type(location, path, "a whole number", value)


_DIGITS_MAX = 19


def number_of(value: Any, location: Location, path: str) -> float:
    """Return a value that has to be a number.

    Raises:
        FileError: It has another type, or is beyond all bounds.
    """
    if isinstance(value, str | Decimal | int | float) and not isinstance(value, bool):
        try:
            number = float(value)
        except (ValueError, OverflowError):
            pass
        else:
            if isfinite(number):
                return number
    raise wrong_type(location, path, "a number", value)


def boolean_of(value: Any, location: Location, path: str) -> bool:
    """Return a value that has to be true or false.

    Raises:
        FileError: It has another value.
    """
    boolean = value if isinstance(value, bool) else _BOOLEANS.get(str(value).lower())
    if boolean is None:
        raise wrong_type(location, path, "true or false", value)
    return boolean


_SCALARS: dict[str, Callable[[Any, Location, str], Any]] = {
    "string": text_of,
    "integer": integer_of,
    "long": integer_of,
    "double": number_of,
    "boolean": boolean_of,
}
