"""Plain Python values to attribute values, by the rules of boto3's resource interface.

str -> S, int and Decimal -> N, bytes, bytearray and boto3's Binary -> B, bool -> BOOL,
None -> NULL, list and tuple -> L, mappings -> M, sets -> SS, NS or BS. A float is refused, because
its digits are not those that were written down; so is a number that would have to be rounded.

https://docs.aws.amazon.com/boto3/latest/reference/customizations/dynamodb.html
"""

from __future__ import annotations

import sys
from collections.abc import Mapping
from collections.abc import Set as AbstractSet
from decimal import Clamped, Context, Decimal, DecimalException, Inexact, Overflow, Rounded
from decimal import Underflow as DecimalUnderflow
from typing import TYPE_CHECKING, Any

from ddbmock._internal import limits
from ddbmock._internal.formats.file_errors import shortened

if TYPE_CHECKING:
    from collections.abc import Callable

    from ddbmock._internal.engine.values import AttributeValue, Item

#: As `boto3.dynamodb.types.DYNAMODB_CONTEXT`: what does not fit is refused, never rounded.
_NUMBERS = Context(
    prec=limits.NUMBER_DIGITS_MAX,
    Emin=-128,
    Emax=126,
    traps=[Clamped, Overflow, Inexact, Rounded, DecimalUnderflow],
)


class AttributeValueError(ValueError):
    """A value that is not an attribute value; the text names the attribute."""


class ExactNumber:
    """A number of a file, as it is written there: nothing is rounded before the service checks it.

    >>> ExactNumber("1e400")
    1e400
    """

    __slots__ = ("text",)

    def __init__(self, text: str) -> None:
        self.text: str = text

    def __repr__(self) -> str:
        return self.text

    def __eq__(self, other: object) -> bool:
        return isinstance(other, ExactNumber) and self.text == other.text

    def __hash__(self) -> int:
        return hash(self.text)


def attribute_values(item: Mapping[str, Any]) -> Item:
    """Return the attribute values of an item of plain Python values.

    >>> attribute_values({"id": "42", "total": 3, "paid": True, "tags": {"b", "a"}})
    {'id': {'S': '42'}, 'total': {'N': '3'}, 'paid': {'BOOL': True}, 'tags': {'SS': ['a', 'b']}}

    Raises:
        AttributeValueError: A value is of a type that DynamoDB does not have.
    """
    return {attribute_name(name): attribute_value(value, name) for name, value in item.items()}


def attribute_value(value: Any, path: str) -> AttributeValue:
    """Return the attribute value of one plain Python value; `path` names it in errors."""
    for types, convert in _CONVERT:
        if isinstance(value, types):
            return convert(value, path)
    if _is_binary(value):
        return {"B": _bytes(value)}
    raise AttributeValueError(
        f"attribute {path}: DynamoDB has no type for {type(value).__name__}, here"
        f" {shortened(value)}"
    )


def attribute_name(name: object) -> str:
    """Return the name of an attribute.

    Raises:
        AttributeValueError: It is not a string.
    """
    if not isinstance(name, str):
        raise AttributeValueError(f"attribute names are text, not {name!r}; put it into quotes")
    return plain_text(name)


def plain_text(text: str) -> str:
    """Return a string of a subclass, such as an enumeration, as a plain one."""
    return text if type(text) is str else str.__str__(text)


def _number_text(value: int | Decimal | ExactNumber, path: str) -> str:
    if isinstance(value, ExactNumber):
        return value.text
    try:
        number = _NUMBERS.create_decimal(value)
    except DecimalException:
        raise AttributeValueError(
            f"attribute {path}: DynamoDB's numbers have at most {limits.NUMBER_DIGITS_MAX} digits"
            f" and exponents of at most 125, unlike {shortened(value)}"
        ) from None
    if not number.is_finite():
        raise AttributeValueError(f"attribute {path}: DynamoDB's numbers are finite, not {number}")
    return str(number)


def _refuse_float(value: float, path: str) -> AttributeValue:
    raise AttributeValueError(
        f"attribute {path}: a float, {value!r}, is not exactly what was written; use"
        f" Decimal({str(value)!r})"
    )


def _list(value: list[Any] | tuple[Any, ...], path: str) -> AttributeValue:
    return {"L": [attribute_value(e, f"{path}[{at}]") for at, e in enumerate(value)]}


def _map(value: Mapping[Any, Any], path: str) -> AttributeValue:
    return {
        "M": {
            attribute_name(name): attribute_value(element, f"{path}.{name}")
            for name, element in value.items()
        }
    }


def _set(value: AbstractSet[Any], path: str) -> AttributeValue:
    if not value:
        raise AttributeValueError(f"attribute {path}: DynamoDB has no empty sets")
    for member in value:
        if isinstance(member, float):
            _refuse_float(member, path)
    # In the order of boto3, for which True is a number here.
    if all(isinstance(member, int | Decimal | ExactNumber) for member in value):
        return {"NS": sorted(_number_text(member, path) for member in value)}
    if all(isinstance(member, str) for member in value):
        return {"SS": sorted(map(plain_text, value))}
    if all(_is_binary(member) for member in value):
        return {"BS": sorted(map(_bytes, value))}
    raise AttributeValueError(
        f"attribute {path}: a set has only strings, only numbers or only binary values"
    )


def _is_binary(value: object) -> bool:
    # A Binary can only exist if its module is imported.
    module = sys.modules.get("boto3.dynamodb.types")
    is_wrapped = module is not None and isinstance(value, module.Binary)
    return is_wrapped or isinstance(value, bytes | bytearray)


def _bytes(value: Any) -> bytes:
    return bytes(value if isinstance(value, bytes | bytearray) else value.value)


#: In this order: a bool is an int too.
_CONVERT: tuple[tuple[Any, Callable[[Any, str], AttributeValue]], ...] = (
    (str, lambda value, _: {"S": plain_text(value)}),
    (bool, lambda value, _: {"BOOL": value}),
    ((int, Decimal, ExactNumber), lambda value, path: {"N": _number_text(value, path)}),
    (float, _refuse_float),
    ((bytes, bytearray), lambda value, _: {"B": _bytes(value)}),
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
