"""What a template says, in the types that DynamoDB's model asks for.

Templates are loose with types: `ReadCapacityUnits: "5"`, `Enabled: "true"`. The model of the
request says what is meant; a member that it does not know is an error.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import Any

from ddbmock import messages
from ddbmock.formats.file_errors import FileError, Location
from ddbmock.formats.located import location_of, location_of_key
from ddbmock.service_model import input_shape

_BOOLEANS = {"true": True, "yes": True, "on": True, "false": False, "no": False, "off": False}


def create_table_request(members: Mapping[str, Any], location: Location) -> dict[str, Any]:
    """Return a CreateTable request of loosely typed members.

    Raises:
        FileError: A member is unknown, or not of its type.
    """
    request: dict[str, Any] = fit(members, input_shape("CreateTable"), location)
    return request


def fit(value: Any, shape: Any, location: Location, path: str = "") -> Any:
    """Return a value as a shape of botocore's model wants it."""
    location = location_of(value, location)
    if shape.type_name == "structure":
        return _structure(value, shape, location, path)
    if shape.type_name == "list":
        return _list(value, shape, location, path)
    return _SCALARS[shape.type_name](value, location, path)


def _structure(value: Any, shape: Any, location: Location, path: str) -> dict[str, Any]:
    if not isinstance(value, Mapping):
        raise FileError(location, messages.wrong_property(path, "an object", value))
    for name in value:
        if name not in shape.members:
            location = location_of_key(value, name, location)
            raise FileError(location, messages.unknown_property(f"{path}.{name}".lstrip(".")))
    return {
        name: fit(
            content,
            shape.members[name],
            location_of_key(value, name, location),
            f"{path}.{name}".lstrip("."),
        )
        for name, content in value.items()
        if content is not None
    }


def _list(value: Any, shape: Any, location: Location, path: str) -> list[Any]:
    if not isinstance(value, list | tuple | set):
        raise FileError(location, messages.wrong_property(path, "a list", value))
    return [
        fit(element, shape.member, location, f"{path}[{at}]") for at, element in enumerate(value)
    ]


def _text(value: Any, location: Location, path: str) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, str | int | Decimal):
        return str(value)
    raise FileError(location, messages.wrong_property(path, "text", value))


def _integer(value: Any, location: Location, path: str) -> int:
    try:
        if isinstance(value, str | int | Decimal) and not isinstance(value, bool):
            number = Decimal(str(value).strip())
            if number == number.to_integral_value():
                return int(number)
    except ArithmeticError:
        pass
    raise FileError(location, messages.wrong_property(path, "a whole number", value))


def boolean_of(value: Any, location: Location, path: str) -> bool:
    """Return a loosely typed boolean."""
    boolean = value if isinstance(value, bool) else _BOOLEANS.get(str(value).lower())
    if boolean is None:
        raise FileError(location, messages.wrong_property(path, "true or false", value))
    return boolean


_SCALARS: dict[str, Callable[[Any, Location, str], Any]] = {
    "string": _text,
    "integer": _integer,
    "long": _integer,
    "boolean": boolean_of,
}
