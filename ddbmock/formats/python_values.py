"""Plain Python values to attribute values, by the rules of boto3's resource interface.

str -> S, int and Decimal -> N, bytes -> B, bool -> BOOL, None -> NULL, list and tuple -> L,
mappings -> M, sets -> SS, NS or BS. A float is refused: it is not what was written down.

https://docs.aws.amazon.com/boto3/latest/reference/customizations/dynamodb.html
"""

from __future__ import annotations

from collections.abc import Mapping
from collections.abc import Set as AbstractSet
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from ddbmock import messages

if TYPE_CHECKING:
    from collections.abc import Callable

    from ddbmock.engine.values import AttributeValue, Item


class AttributeValueError(ValueError):
    """A value that stands for no attribute value; the text names the attribute."""


def attribute_values(item: Mapping[str, Any]) -> Item:
    """Return the attribute values of an item of plain Python values.

    >>> attribute_values({"id": "42", "total": 3, "paid": True, "tags": {"b", "a"}})
    {'id': {'S': '42'}, 'total': {'N': '3'}, 'paid': {'BOOL': True}, 'tags': {'SS': ['a', 'b']}}

    Raises:
        UnfitValueError: A value of a type that DynamoDB has not.
    """
    return {_name(name): attribute_value(value, name) for name, value in item.items()}


def attribute_value(value: Any, path: str) -> AttributeValue:
    """Return the attribute value of one plain Python value; `path` names it in errors."""
    for types, convert in _CONVERT:
        if isinstance(value, types):
            return convert(value, path)
    raise AttributeValueError(messages.unfit_value(path, value))


def _name(name: object) -> str:
    if not isinstance(name, str):
        raise AttributeValueError(messages.attribute_name_is_no_text(name))
    return name


def _number(value: int | Decimal, path: str) -> AttributeValue:
    return {"N": _number_text(value, path)}


def _number_text(value: int | Decimal, path: str) -> str:
    if isinstance(value, Decimal) and not value.is_finite():
        raise AttributeValueError(messages.not_finite(path, value))
    return str(value)


def _refuse_float(value: float, path: str) -> AttributeValue:
    raise AttributeValueError(messages.float_value(path, value))


def _list(value: list[Any] | tuple[Any, ...], path: str) -> AttributeValue:
    return {"L": [attribute_value(e, f"{path}[{at}]") for at, e in enumerate(value)]}


def _map(value: Mapping[Any, Any], path: str) -> AttributeValue:
    return {
        "M": {
            _name(name): attribute_value(element, f"{path}.{name}")
            for name, element in value.items()
        }
    }


def _set(value: AbstractSet[Any], path: str) -> AttributeValue:
    if not value:
        raise AttributeValueError(messages.empty_set_value(path))
    if all(isinstance(member, str) for member in value):
        return {"SS": sorted(value)}
    if all(_is_number(member) for member in value):
        return {"NS": [_number_text(member, path) for member in sorted(value)]}
    if all(isinstance(member, bytes | bytearray) for member in value):
        return {"BS": sorted(map(bytes, value))}
    raise AttributeValueError(messages.mixed_set(path))


def _is_number(member: object) -> bool:
    return isinstance(member, int | Decimal) and not isinstance(member, bool)


#: In this order: a bool is an int too.
_CONVERT: tuple[tuple[Any, Callable[[Any, str], AttributeValue]], ...] = (
    (str, lambda value, _: {"S": value}),
    (bool, lambda value, _: {"BOOL": value}),
    ((int, Decimal), _number),
    (float, _refuse_float),
    (bytes | bytearray | memoryview, lambda value, _: {"B": bytes(value)}),
    (type(None), lambda _, __: {"NULL": True}),
    ((list, tuple), _list),
    (Mapping, _map),
    (AbstractSet, _set),
)


# --- attribute values to plain Python values ---


def python_values(item: Item) -> dict[str, Any]:
    """Return the plain Python values of an item: whole numbers as int, others as Decimal.

    >>> python_values({"id": {"S": "42"}, "n": {"N": "3"}, "tags": {"SS": ["a"]}})
    {'id': '42', 'n': 3, 'tags': {'a'}}
    """
    return {name: python_value(value) for name, value in item.items()}


def python_value(value: AttributeValue) -> Any:
    """Return the plain Python value of an attribute value."""
    ((kind, content),) = value.items()
    convert = _TO_PYTHON.get(kind)
    return content if convert is None else convert(content)


def _python_number(text: str) -> int | Decimal:
    number = Decimal(text)
    return int(number) if number == number.to_integral_value() else number


#: The other types have their Python values already.
_TO_PYTHON: dict[str, Callable[[Any], Any]] = {
    "N": _python_number,
    "NULL": lambda _: None,
    "L": lambda content: [python_value(element) for element in content],
    "M": python_values,
    "SS": set,
    "NS": lambda content: {_python_number(text) for text in content},
    "BS": set,
}
