"""Expressions that no request has had before: parsed, and checked in the service's order.

A process whose requests have no expressions imports neither this module nor `expressions`.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from ddbmock._internal import limits
from ddbmock._internal.access.plans import Parameters, Plan, check_values
from ddbmock._internal.engine.values import InvalidValueError, check_names, text_bytes
from ddbmock._internal.errors import ValidationError
from ddbmock._internal.expressions.compile import (
    compile_condition,
    compile_key_condition,
    compile_projection,
    compile_update,
)
from ddbmock._internal.expressions.compiled import Condition, KeyCondition, Projection, Update
from ddbmock._internal.messages import items as messages

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from ddbmock._internal.expressions.substitutions import Values

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
            check_values(values, self._parameters.value_depth)

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


def _check_name(key: str, name: str) -> None:
    try:
        check_names([name])
    except InvalidValueError as error:
        text = messages.invalid_expression_name(error.message, key)
        raise ValidationError(text) from None


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
