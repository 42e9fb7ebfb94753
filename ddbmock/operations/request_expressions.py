"""The expressions of one request with their names and values, checked in the service's order.

Every operation and every action of a transaction that takes expressions goes through here:

1. expression parameters do not mix with the legacy ones,
2. names and values come only with expressions, are not empty, and are well formed,
3. each expression is parsed and checked against the names and values,
4. no name or value is left unused.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from ddbmock import limits, messages
from ddbmock.engine.values import AttributeValue, InvalidValueError, accept_value
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
    from collections.abc import Mapping

_PLACEHOLDER = re.compile(r"[#:][0-9a-zA-Z_.\-]+", re.ASCII)
_NO_NAMES: Mapping[str, str] = {}
_NO_VALUES: Mapping[str, AttributeValue] = {}


@dataclass(frozen=True)
class Parameters:
    """Which expression and legacy parameters an operation takes, in the order of its texts."""

    expressions: tuple[str, ...]
    #: Those of them that can use values.
    with_values: tuple[str, ...]
    legacy: tuple[str, ...]

    #: All of them, with the names and values.
    every: frozenset[str] = field(init=False)

    def __post_init__(self) -> None:
        names = ("ExpressionAttributeNames", "ExpressionAttributeValues")
        object.__setattr__(self, "every", frozenset((*self.expressions, *self.legacy, *names)))


class RequestExpressions:
    """The names and values of one request, and what its expressions have used of them."""

    __slots__ = ("_parameters", "_request", "_used_names", "_used_values", "names", "values")

    def __init__(self, request: Mapping[str, Any], parameters: Parameters) -> None:
        self._request = request
        self._parameters = parameters
        self.names: Mapping[str, str] = request.get("ExpressionAttributeNames") or _NO_NAMES
        self.values: Mapping[str, AttributeValue] = (
            request.get("ExpressionAttributeValues") or _NO_VALUES
        )
        self._used_names: set[str] = set()
        self._used_values: set[str] = set()

    @classmethod
    def of(cls, request: Mapping[str, Any], parameters: Parameters) -> RequestExpressions | None:
        """Return the expressions of a request; None when no parameter speaks of any."""
        return None if parameters.every.isdisjoint(request) else cls(request, parameters)

    def check_mix(self) -> None:
        """Refuse legacy parameters beside expressions, and names or values without any."""
        request, parameters = self._request, self._parameters
        given = [name for name in parameters.expressions if request.get(name) is not None]
        if given:
            legacy = [name for name in parameters.legacy if request.get(name) is not None]
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

    def accept_placeholders(self) -> None:
        """Check the names and values themselves and make the values canonical."""
        request = self._request
        if "ExpressionAttributeNames" in request:
            if not self.names:
                raise ValidationError(messages.NAMES_EMPTY)
            for key in self.names:
                _check_placeholder("ExpressionAttributeNames", "#", key)
        if "ExpressionAttributeValues" in request:
            if not self.values:
                raise ValidationError(messages.VALUES_EMPTY)
            for key in self.values:
                _check_placeholder("ExpressionAttributeValues", ":", key)
            self._accept_values()

    def _accept_values(self) -> None:
        size_bytes = 0
        for key, value in self.values.items():
            try:
                size_bytes += accept_value(value)
            except InvalidValueError as error:
                text = messages.invalid_expression_value(error.message, key)
                raise ValidationError(text) from None
        if size_bytes > limits.EXPRESSION_SUBSTITUTIONS_BYTES_MAX:
            raise ValidationError(messages.VALUES_TOO_LARGE)

    def condition(self, parameter: str) -> Condition | None:
        """Return the compiled condition or filter of that parameter, if the request has one."""
        text = self._request.get(parameter)
        if text is None:
            return None
        condition = compile_condition(parameter, text, self.names)
        self._use(condition.name_refs, condition.value_refs)
        condition.check(self.values)
        return condition

    def update(self) -> Update | None:
        """Return the compiled update expression, if the request has one."""
        text = self._request.get("UpdateExpression")
        if text is None:
            return None
        update = compile_update(text, self.names)
        self._use(update.name_refs, update.value_refs)
        update.check(self.values)
        return update

    def key_condition(self) -> KeyCondition | None:
        """Return the compiled key condition, if the request has one."""
        text = self._request.get("KeyConditionExpression")
        if text is None:
            return None
        condition = compile_key_condition(text, self.names)
        self._use(condition.name_refs, condition.value_refs)
        condition.check(self.values)
        return condition

    def projection(self) -> Projection | None:
        """Return the compiled projection, if the request has one."""
        text = self._request.get("ProjectionExpression")
        if text is None:
            return None
        projection = compile_projection(text, self.names)
        self._use(projection.name_refs, frozenset())
        return projection

    def _use(self, names: frozenset[str], values: frozenset[str]) -> None:
        self._used_names |= names
        self._used_values |= values

    def finish(self) -> None:
        """Refuse names and values that no expression used."""
        _check_unused("ExpressionAttributeNames", self.names, self._used_names)
        _check_unused("ExpressionAttributeValues", self.values, self._used_values)


def _check_placeholder(parameter: str, sign: str, key: str) -> None:
    if key[:1] != sign or _PLACEHOLDER.fullmatch(key) is None:
        raise ValidationError(messages.placeholder_syntax(parameter, key))


def _check_unused(parameter: str, given: Mapping[str, Any], used: set[str]) -> None:
    if given.keys() - used:
        unused = [key for key in given if key not in used]
        raise ValidationError(messages.unused_placeholders(parameter, unused))
