"""The expressions of one request with their names and values, checked in the service's order.

Every operation and every action of a transaction that takes expressions goes through here:

1. expression parameters do not mix with the legacy ones,
2. names and values come only with expressions, are not empty, and are well formed,
3. each expression is parsed and checked against the names and values,
4. no name or value is left unused.

All of that but the values themselves depends on nothing but texts, so requests that say the same
with other values share one *plan*: once it has been found good, only the values are looked at.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from ddbmock import limits, messages
from ddbmock.engine.values import (
    AttributeValue,
    InvalidValueError,
    MalformedValueError,
    accept_value,
    check_names,
    text_bytes,
)
from ddbmock.errors import ValidationError
from ddbmock.expressions import (
    Condition,
    KeyCondition,
    Projection,
    Update,
    compile_condition,
    compile_key_condition,
    compile_projection,
    compile_update,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

_PLACEHOLDER = re.compile(r"[#:][0-9a-zA-Z_]+")
_NO_NAMES: Mapping[str, str] = {}
_NO_VALUES: Mapping[str, AttributeValue] = {}
#: The order in which the service parses the expressions of a request.
_PARSED_IN_ORDER = (
    "UpdateExpression",
    "ConditionExpression",
    "KeyConditionExpression",
    "FilterExpression",
    "ProjectionExpression",
)
_PLANS_MAX = 4096

Compiled = Condition | KeyCondition | Projection | Update


@dataclass(frozen=True, eq=False)
class Parameters:
    """Which expression and legacy parameters an operation takes, in the order of its texts."""

    expressions: tuple[str, ...]
    #: Those of them that can use values.
    with_values: tuple[str, ...]
    legacy: tuple[str, ...]
    #: Whether a bad number or set among the values is told without saying which value it is.
    tells_values_bare: bool = False
    #: All of them, with the names and values.
    every: frozenset[str] = field(init=False)
    legacy_names: frozenset[str] = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "legacy_names", frozenset(self.legacy))
        names = ("ExpressionAttributeNames", "ExpressionAttributeValues")
        object.__setattr__(self, "every", frozenset((*self.expressions, *self.legacy, *names)))


class Plan:
    """What the expressions of a request come to, whatever its values are; None: not given."""

    __slots__ = ("checks", "condition", "filter", "key_condition", "projection", "update")

    def __init__(self, compiled: Mapping[str, Any]) -> None:
        self.update: Update | None = compiled.get("UpdateExpression")
        self.condition: Condition | None = compiled.get("ConditionExpression")
        self.key_condition: KeyCondition | None = compiled.get("KeyConditionExpression")
        self.filter: Condition | None = compiled.get("FilterExpression")
        self.projection: Projection | None = compiled.get("ProjectionExpression")
        #: What looks at the values before the table is looked up.
        self.checks = tuple(
            found.check for found in compiled.values() if not isinstance(found, Projection)
        )


_plans: dict[tuple[Any, ...], Plan] = {}


class RequestExpressions:
    """The expressions of one request: `begin`, let the operation look at the rest, `finish`."""

    __slots__ = ("_key", "_parameters", "_plan", "_request", "names", "values")

    def __init__(self, request: Mapping[str, Any], parameters: Parameters) -> None:
        self._request = request
        self._parameters = parameters
        self.names: Mapping[str, str] = request.get("ExpressionAttributeNames") or _NO_NAMES
        self.values: Mapping[str, AttributeValue] = (
            request.get("ExpressionAttributeValues") or _NO_VALUES
        )
        self._key = (
            parameters,
            *map(request.get, parameters.expressions),
            *self.names.items(),
            *self.values,
        )
        self._plan: Plan | None = None

    @classmethod
    def begin(cls, request: Mapping[str, Any], parameters: Parameters) -> RequestExpressions | None:
        """Return the expressions of a request; None when no parameter speaks of any.

        Raises:
            ValidationError: Legacy parameters stand beside expressions, or names or values
                without any.
        """
        if parameters.every.isdisjoint(request):
            return None
        expressions = cls(request, parameters)
        if parameters.legacy_names.isdisjoint(request):
            expressions._plan = _plans.get(expressions._key)
        if expressions._plan is None:
            expressions._check_mix()
        return expressions

    def finish(self) -> Plan:
        """Check everything against the names and values, and return what it comes to."""
        plan = self._plan
        if plan is not None:
            values = self.values
            if values:
                self._accept_values()
            for check in plan.checks:
                check(values)
            return plan
        self._accept_placeholders()
        compiled = dict(self._compile())
        self._check_unused(compiled.values())
        plan = Plan(compiled)
        if plan.key_condition is not None:
            plan.key_condition.check_shape()
        if len(_plans) >= _PLANS_MAX:
            _plans.clear()
        _plans[self._key] = plan
        return plan

    def _check_mix(self) -> None:
        request, parameters = self._request, self._parameters
        given = [name for name in parameters.expressions if request.get(name) is not None]
        if given:
            legacy = [
                name
                for name in parameters.legacy
                # KeyConditions may stand beside expressions for other things.
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
            text = messages.values_without_expression(list(parameters.with_values))
            raise ValidationError(text)

    def _accept_placeholders(self) -> None:
        if self._request.get("ExpressionAttributeNames") is not None:
            if not self.names:
                raise ValidationError(messages.NAMES_EMPTY)
            for key in self.names:
                _check_placeholder("ExpressionAttributeNames", "#", key)
            for key, name in self.names.items():
                _accept_name(key, name)
        if self._request.get("ExpressionAttributeValues") is not None:
            if not self.values:
                raise ValidationError(messages.VALUES_EMPTY)
            for key in self.values:
                _check_placeholder("ExpressionAttributeValues", ":", key)
            self._accept_values()

    def _accept_values(self) -> None:
        try:
            size_bytes = sum(map(accept_value, self.values.values()))
        except InvalidValueError:
            # Which one it was is found out only now: most requests have no such value.
            bare = self._parameters.tells_values_bare
            size_bytes = sum(
                _accept_value(key, value, bare=bare) for key, value in self.values.items()
            )
        if size_bytes > limits.EXPRESSION_SUBSTITUTIONS_BYTES_MAX:
            raise ValidationError(messages.VALUES_TOO_LARGE)

    def _compile(self) -> Iterator[tuple[str, Compiled]]:
        for parameter in _PARSED_IN_ORDER:
            text = self._request.get(parameter)
            if text is not None and parameter in self._parameters.expressions:
                compiled = _compile(parameter, text, self.names)
                if not isinstance(compiled, Projection):
                    compiled.check(self.values)
                yield parameter, compiled

    def _check_unused(self, compiled: Iterable[Compiled]) -> None:
        names: set[str] = set()
        values: set[str] = set()
        for found in compiled:
            names |= found.name_refs
            values |= getattr(found, "value_refs", frozenset())
        _check_unused("ExpressionAttributeNames", self.names, names)
        _check_unused("ExpressionAttributeValues", self.values, values)


def _accept_name(key: str, name: str) -> None:
    try:
        check_names([name])
    except InvalidValueError as error:
        text = messages.invalid_expression_name(error.message, key)
        raise ValidationError(text) from None


def _accept_value(key: str, value: AttributeValue, *, bare: bool) -> int:
    try:
        return accept_value(value)
    except InvalidValueError as error:
        if bare and not isinstance(error, MalformedValueError):
            raise
        text = messages.invalid_expression_value(error.message, key)
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
