"""The expressions of one request with their names and values, checked in the service's order.

Every operation and every action of a transaction that takes expressions goes through here:

1. expression parameters do not mix with the legacy ones,
2. names and values come only with expressions, are not empty, and are well formed,
3. each expression is parsed and checked against the names and values,
4. no name or value is left unused.

All of that except the values depends on the texts alone, so requests that differ only in values
share one *plan*: once it has been checked, only the values are checked.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from ddbmock._internal import limits
from ddbmock._internal.engine.values import (
    AttributeValue,
    InvalidValueError,
    MalformedValueError,
    check_names,
    normalize_value,
    text_bytes,
)
from ddbmock._internal.errors import ValidationError
from ddbmock._internal.expressions import (
    NO_NAMES,
    NO_VALUES,
    Condition,
    KeyCondition,
    Projection,
    Update,
    Values,
    compile_condition,
    compile_key_condition,
    compile_projection,
    compile_update,
)
from ddbmock._internal.messages import items as messages

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

_PLACEHOLDER = re.compile(r"[#:][0-9a-zA-Z_]+")
#: The order in which the service parses the expressions of a request.
_PARSED_IN_ORDER = (
    "UpdateExpression",
    "ConditionExpression",
    "KeyConditionExpression",
    "FilterExpression",
    "SearchConditionExpression",
    "ProjectionExpression",
)
_PLANS_MAX = 4096

Compiled = Condition | KeyCondition | Projection | Update


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
            for expression in compiled.values()
            if not isinstance(expression, Projection) and expression.is_met_by is not None
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
            _check_values(values, depth)
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


def plan_for(request: Mapping[str, Any], parameters: Parameters) -> Plan | NewExpressions | None:
    """Return the expressions of a request, to be bound to its values; None when it has none.

    Raises:
        ValidationError: Legacy parameters are combined with expressions, or names or values are
            given without any.
    """
    if parameters.every.isdisjoint(request):
        return None
    given_names = request.get("ExpressionAttributeNames")
    given_values = request.get("ExpressionAttributeValues")
    names, values = given_names or NO_NAMES, given_values or NO_VALUES
    key = (
        # Names or values that are given and empty are refused, those that are not given are not.
        given_names is None,
        given_values is None,
        *map(request.get, parameters.expressions),
        *names.items(),
        *values,
    )
    if parameters.legacy_names.isdisjoint(request):
        plan = parameters.plans.get(key)
        if plan is not None:
            return plan
    expressions = NewExpressions(request, parameters, names, key)
    expressions.check_mix()
    if parameters.in_transaction:
        expressions.check_syntax()
    return expressions


class NewExpressions:
    """The expressions of a request that has not been seen before, apart from its values."""

    __slots__ = ("_key", "_names", "_parameters", "_request")

    def __init__(
        self,
        request: Mapping[str, Any],
        parameters: Parameters,
        names: Mapping[str, str],
        key: tuple[Any, ...],
    ) -> None:
        self._request = request
        self._parameters = parameters
        self._names = names
        self._key = key

    def bind(self, values: Values) -> Plan:
        """Check everything against the names and values, and return the plan."""
        self._check_placeholders(values)
        compiled = dict(self._compile(values))
        self._check_unused(compiled.values(), values)
        plans = self._parameters.plans
        plan = Plan(compiled, self._parameters.value_depth)
        if plan.key_condition is not None:
            plan.key_condition.check_shape()
        if len(plans) >= _PLANS_MAX:
            plans.clear()
        plans[self._key] = plan
        return plan

    def check_syntax(self) -> None:
        """Parse the expressions, whose syntax errors come first in a transaction."""
        for parameter in _PARSED_IN_ORDER:
            text = self._request.get(parameter)
            if text is not None and parameter in self._parameters.expressions:
                _compile(parameter, text, self._names)

    def check_mix(self) -> None:
        """Refuse parameters that cannot be combined, before anything is read."""
        request, parameters = self._request, self._parameters
        given = [name for name in parameters.expressions if request.get(name) is not None]
        if given:
            legacy = [
                name
                for name in parameters.legacy
                # KeyConditions may be combined with expressions for other purposes.
                if request.get(name) is not None
                and (name != "KeyConditions" or "KeyConditionExpression" in given)
            ]
            if legacy:
                text = messages.mixed_parameters(", ".join(legacy), ", ".join(given))
                raise ValidationError(text)
        elif request.get("ExpressionAttributeNames") is not None:
            raise ValidationError(messages.NAMES_WITHOUT_EXPRESSION)
        if request.get("ExpressionAttributeValues") is not None and not any(
            name in parameters.with_values for name in given
        ):
            raise ValidationError(
                messages.VALUES_WITHOUT_EXPRESSION,
                legacy_message=messages.older_values_without_expression(parameters.with_values),
            )

    def _check_placeholders(self, values: Values) -> None:
        if self._request.get("ExpressionAttributeNames") is not None:
            if not self._names:
                raise ValidationError(messages.NAMES_EMPTY)
            for key in self._names:
                _check_placeholder("ExpressionAttributeNames", "#", key)
            for key, name in self._names.items():
                _check_name(key, name)
        if self._request.get("ExpressionAttributeValues") is not None:
            if not values:
                raise ValidationError(messages.VALUES_EMPTY)
            for key in values:
                _check_placeholder("ExpressionAttributeValues", ":", key)
            _check_values(values, self._parameters.value_depth)

    def _compile(self, values: Values) -> Iterator[tuple[str, Compiled]]:
        for parameter in _PARSED_IN_ORDER:
            text = self._request.get(parameter)
            if text is not None and parameter in self._parameters.expressions:
                compiled = _compile(parameter, text, self._names)
                if not isinstance(compiled, Projection):
                    compiled.check(values)
                yield parameter, compiled

    def _check_unused(self, compiled: Iterable[Compiled], given_values: Values) -> None:
        names: set[str] = set()
        values: set[str] = set()
        for expression in compiled:
            names |= expression.name_refs
            values |= getattr(expression, "value_refs", frozenset())
        _check_unused("ExpressionAttributeNames", self._names, names)
        _check_unused("ExpressionAttributeValues", given_values, values)


def _check_values(values: Values, depth: int) -> None:
    size_bytes = sum([_check_value(key, value, depth) for key, value in values.items()])
    if size_bytes > limits.EXPRESSION_SUBSTITUTIONS_BYTES_MAX:
        raise ValidationError(messages.VALUES_TOO_LARGE)


def _check_name(key: str, name: str) -> None:
    try:
        check_names([name])
    except InvalidValueError as error:
        text = messages.invalid_expression_name(error.message, key)
        raise ValidationError(text) from None


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


def _compile(parameter: str, text: str, names: Mapping[str, str]) -> Compiled:
    if parameter == "UpdateExpression":
        return compile_update(text, names)
    if parameter == "KeyConditionExpression":
        return compile_key_condition(text, names)
    if parameter == "ProjectionExpression":
        return compile_projection(text, names)
    return compile_condition(parameter, text, names)


def _check_placeholder(parameter: str, sign: str, key: str) -> None:
    size_bytes = text_bytes(key)
    if size_bytes > limits.PLACEHOLDER_BYTES_MAX:
        raise ValidationError(messages.placeholder_too_long(parameter, size_bytes))
    if key[:1] != sign or _PLACEHOLDER.fullmatch(key) is None:
        raise ValidationError(messages.placeholder_syntax(parameter, key))


def _check_unused(parameter: str, given: Mapping[str, Any], used: set[str]) -> None:
    if given.keys() - used:
        unused = [key for key in given if key not in used]
        raise ValidationError(messages.unused_placeholders(parameter, unused))
