"""Values of Terraform: its conversions, and objects whose attributes are evaluated when needed.

Numbers are int or Decimal, lists and tuples are list, sets of texts are set, maps and objects are
mappings, null is None.

https://developer.hashicorp.com/terraform/language/expressions/types
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from decimal import Decimal
from typing import Any

from ddbmock._internal.formats.file_errors import FileError, Location
from ddbmock._internal.templates.in_progress import InProgress

#: Numbers with more digits than this are an error, and slow.
_DIGITS_MAX = 200


class ExpressionError(FileError):
    """An expression fails with the values that it has; `try` and `can` catch it."""


class ConversionError(ValueError):
    """A value is not of the type that is needed."""


class LazyValues(Mapping[str, Any]):
    """An object whose attributes are evaluated when they are first needed."""

    def __init__(
        self,
        attributes: Mapping[str, Callable[[], Any]],
        location: Location,
        resource: str | None = None,
    ) -> None:
        #: The resource whose attributes these are; others are not known before it exists.
        self.resource = resource
        self._attributes = dict(attributes)
        self._location = location
        self._values: dict[str, Any] = {}
        self._in_progress = InProgress()

    def __getitem__(self, name: str) -> Any:
        if name in self._values:
            return self._values[name]
        with self._in_progress.resolving(name, self._location):
            self._values[name] = self._attributes[name]()
        return self._values[name]

    def __contains__(self, name: object) -> bool:
        return name in self._attributes

    def __iter__(self) -> Iterator[str]:
        return iter(self._attributes)

    def __len__(self) -> int:
        return len(self._attributes)


def to_text(value: Any) -> str:
    """Return a value as text.

    >>> to_text(True), to_text(5), to_text(Decimal("1.50"))
    ('true', '5', '1.5')
    """
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, Decimal):
        return f"{value.normalize():f}" if abs(value.adjusted()) < _DIGITS_MAX else str(value)
    if isinstance(value, str | int):
        return str(value)
    raise ConversionError(f"text is needed, not {_kind(value)}")


def to_number(value: Any) -> int | Decimal:
    """Return a value as a number.

    >>> to_number("5"), to_number("0.5")
    (5, Decimal('0.5'))
    """
    if isinstance(value, bool) or not isinstance(value, str | int | Decimal):
        raise ConversionError(f"a number is needed, not {_kind(value)}")
    try:
        number = Decimal(value)
    except ArithmeticError:
        raise ConversionError(f"a number is needed, not {value!r}") from None
    return plain_number(number)


def plain_number(number: Decimal) -> int | Decimal:
    """Return a number as int where it is whole."""
    if not number.is_finite() or abs(number.adjusted()) > _DIGITS_MAX:
        raise ConversionError("a number with too many digits")
    return int(number) if number == number.to_integral_value() else number


def to_bool(value: Any) -> bool:
    """Return a value as true or false.

    >>> to_bool("true")
    True
    """
    if isinstance(value, bool):
        return value
    if value in {"true", "false"} if isinstance(value, str) else False:
        return bool(value == "true")
    raise ConversionError(f"true or false is needed, not {_kind(value)}")


def to_list(value: Any) -> list[Any]:
    """Return the elements of a list or set."""
    if isinstance(value, list | tuple):
        return list(value)
    if isinstance(value, set | frozenset):
        return sorted(value, key=str)
    raise ConversionError(f"a list is needed, not {_kind(value)}")


def to_set(values: list[Any]) -> Any:
    """Return a set of values; of objects, which have no order, a list without repetitions."""
    try:
        return set(values)
    except TypeError:
        return [value for at, value in enumerate(values) if value not in values[:at]]


def to_map(value: Any) -> Mapping[str, Any]:
    """Return a map or object."""
    if isinstance(value, Mapping):
        return value
    raise ConversionError(f"a map is needed, not {_kind(value)}")


def pairs_of(collection: Any) -> list[tuple[Any, Any]]:
    """Return the keys and values that a loop goes through; a set's members are both."""
    if isinstance(collection, Mapping):
        return [(key, collection[key]) for key in sorted(collection, key=str)]
    if isinstance(collection, set | frozenset):
        return [(member, member) for member in sorted(collection, key=str)]
    return list(enumerate(to_list(collection)))


def are_equal(left: Any, right: Any) -> bool:
    """Return whether two values are equal; values of different types are not."""
    if isinstance(left, bool) is not isinstance(right, bool):
        return False
    if isinstance(left, Mapping) and isinstance(right, Mapping):
        return left.keys() == right.keys() and all(
            are_equal(left[name], right[name]) for name in left
        )
    if isinstance(left, list) and isinstance(right, list):
        return len(left) == len(right) and all(map(are_equal, left, right))
    return bool(left == right)


def plain_value(value: Any) -> Any:
    """Return a value with everything in it evaluated, as JSON has it."""
    if isinstance(value, Mapping):
        return {str(name): plain_value(value[name]) for name in value}
    if isinstance(value, set | frozenset | list | tuple):
        return [plain_value(element) for element in to_list(value)]
    if isinstance(value, Decimal):
        return float(value)
    return value


def _kind(value: object) -> str:
    if value is None:
        return "null"
    if isinstance(value, Mapping):
        return "an object"
    if isinstance(value, list | tuple | set | frozenset):
        return "a list"
    return repr(value)
