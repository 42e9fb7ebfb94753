"""Plans: the compiled expressions of a request, which requests with the same texts share."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from ddbmock._internal import limits
from ddbmock._internal.engine.values import (
    AttributeValue,
    InvalidValueError,
    MalformedValueError,
    normalize_value,
)
from ddbmock._internal.errors import ValidationError
from ddbmock._internal.messages import items as messages

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ddbmock._internal.expressions.compiled import Condition, KeyCondition, Projection, Update
    from ddbmock._internal.expressions.substitutions import Values


class Plan:
    """The compiled expressions of a request, without its values; None for those not given."""

    __slots__ = (
        "_checks",
        "_value_depth",
        "condition",
        "filter",
        "key_condition",
        "projection",
        "search",
        "update",
    )

    def __init__(self, compiled: Mapping[str, Any], value_depth: int = 0) -> None:
        self._value_depth = value_depth
        self.update: Update | None = compiled.get("UpdateExpression")
        self.condition: Condition | None = compiled.get("ConditionExpression")
        self.key_condition: KeyCondition | None = compiled.get("KeyConditionExpression")
        self.filter: Condition | None = compiled.get("FilterExpression")
        self.search: Condition | None = compiled.get("SearchConditionExpression")
        self.projection: Projection | None = compiled.get("ProjectionExpression")
        #: For expressions that not all values fit: a test of the values, and what raises the error.
        self._checks = tuple(
            (expression.is_met_by, expression.check)
            for parameter, expression in compiled.items()
            if parameter != "ProjectionExpression" and expression.is_met_by is not None
        )

    def bind(self, values: Values) -> Plan:
        """Check the values of a request, and return this plan."""
        size_bytes, depth = 0, self._value_depth
        try:
            for value in values.values():
                text = value.get("S")
                if text.__class__ is str and len(value) == 1 and text.isascii():
                    size_bytes += len(text)  # as in `normalize_item`
                else:
                    size_bytes += normalize_value(value, depth)
        except InvalidValueError:
            # Which one it was is searched only now: most requests have no such value.
            check_values(values, depth)
        if size_bytes > limits.EXPRESSION_SUBSTITUTIONS_BYTES_MAX:
            raise ValidationError(messages.VALUES_TOO_LARGE)
        for is_met_by, check in self._checks:
            if not is_met_by(values):
                check(values)
        return self


@dataclass(frozen=True, eq=False)
class Parameters:
    """Which expression and legacy parameters an operation takes, in the order of its messages."""

    expressions: tuple[str, ...]
    #: Those of them that can use values.
    with_values: tuple[str, ...]
    legacy: tuple[str, ...] = ()
    #: Whether this is an action of a transaction: its expressions are parsed before anything else,
    #: and its values may be one level deeper, which is checked when they are used.
    in_transaction: bool = False
    #: All of them, with the names and values.
    every: frozenset[str] = field(init=False)
    legacy_names: frozenset[str] = field(init=False)
    #: The plans of requests that were valid, by their texts, names and values' names.
    plans: dict[tuple[Any, ...], Plan] = field(init=False, default_factory=dict)

    @property
    def value_depth(self) -> int:
        """The depth that values are checked with."""
        return -1 if self.in_transaction else 0

    def __post_init__(self) -> None:
        object.__setattr__(self, "legacy_names", frozenset(self.legacy))
        names = ("ExpressionAttributeNames", "ExpressionAttributeValues")
        object.__setattr__(self, "every", frozenset((*self.expressions, *self.legacy, *names)))


def check_values(values: Values, depth: int) -> None:
    """Make the values of a request canonical, or raise what is wrong with one of them."""
    size_bytes = sum([_check_value(key, value, depth) for key, value in values.items()])
    if size_bytes > limits.EXPRESSION_SUBSTITUTIONS_BYTES_MAX:
        raise ValidationError(messages.VALUES_TOO_LARGE)


def _check_value(key: str, value: AttributeValue, depth: int) -> int:
    """Make a value canonical and return its size, or raise what is wrong with it.

    The older layer names the placeholder of the value, the current one only if it has no type.
    """
    try:
        return normalize_value(value, depth)
    except MalformedValueError as error:
        text = messages.invalid_expression_value(error.message, key)
        raise ValidationError(text) from None
    except InvalidValueError as error:
        older = messages.invalid_expression_value(error.legacy_message, key)
        raise InvalidValueError(error.message, legacy_message=older) from None
