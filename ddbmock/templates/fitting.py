"""What a template says, in the types that DynamoDB's model asks for.

Templates are loose with types: `ReadCapacityUnits: "5"`, `Enabled: "true"`. The model of the
request says what is meant; a member that it does not know is an error.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import Any

from ddbmock import messages
from ddbmock.formats.located import place_of, place_of_key
from ddbmock.formats.problems import FileError, Place
from ddbmock.service_model import input_shape

_BOOLEANS = {"true": True, "yes": True, "on": True, "false": False, "no": False, "off": False}


def create_table_request(members: Mapping[str, Any], place: Place) -> dict[str, Any]:
    """Return a CreateTable request of loosely typed members.

    Raises:
        FileError: A member is unknown, or not of its type.
    """
    request: dict[str, Any] = fit(members, input_shape("CreateTable"), place)
    return request


def fit(value: Any, shape: Any, place: Place, path: str = "") -> Any:
    """Return a value as a shape of botocore's model wants it."""
    place = place_of(value, place)
    if shape.type_name == "structure":
        return _structure(value, shape, place, path)
    if shape.type_name == "list":
        return _list(value, shape, place, path)
    return _SCALARS[shape.type_name](value, place, path)


def _structure(value: Any, shape: Any, place: Place, path: str) -> dict[str, Any]:
    if not isinstance(value, Mapping):
        raise FileError(place, messages.wrong_property(path, "an object", value))
    for name in value:
        if name not in shape.members:
            place = place_of_key(value, name, place)
            raise FileError(place, messages.unknown_property(f"{path}.{name}".lstrip(".")))
    return {
        name: fit(
            content,
            shape.members[name],
            place_of_key(value, name, place),
            f"{path}.{name}".lstrip("."),
        )
        for name, content in value.items()
        if content is not None
    }


def _list(value: Any, shape: Any, place: Place, path: str) -> list[Any]:
    if not isinstance(value, list | tuple | set):
        raise FileError(place, messages.wrong_property(path, "a list", value))
    return [fit(element, shape.member, place, f"{path}[{at}]") for at, element in enumerate(value)]


def _text(value: Any, place: Place, path: str) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, str | int | Decimal):
        return str(value)
    raise FileError(place, messages.wrong_property(path, "text", value))


def _integer(value: Any, place: Place, path: str) -> int:
    try:
        if isinstance(value, str | int | Decimal) and not isinstance(value, bool):
            number = Decimal(str(value).strip())
            if number == number.to_integral_value():
                return int(number)
    except ArithmeticError:
        pass
    raise FileError(place, messages.wrong_property(path, "a whole number", value))


def boolean_of(value: Any, place: Place, path: str) -> bool:
    """Return a loosely typed boolean."""
    boolean = value if isinstance(value, bool) else _BOOLEANS.get(str(value).lower())
    if boolean is None:
        raise FileError(place, messages.wrong_property(path, "true or false", value))
    return boolean


_SCALARS: dict[str, Callable[[Any, Place, str], Any]] = {
    "string": _text,
    "integer": _integer,
    "long": _integer,
    "boolean": boolean_of,
}
