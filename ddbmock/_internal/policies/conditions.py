"""Conditions of policies: operators, set operators, missing keys.

1. Several conditions of a statement must all hold. Of several values one is enough; of a negated
   operator none may match.
2. Without a value in the request a condition fails, a negated one holds, and one with `IfExists`
   holds.
3. `ForAllValues:` requires each value of the request to match one of the policy, so it holds
   without any values. `ForAnyValue:` requires one to match, so it fails without any.
4. A key with several values under an operator without these prefixes never matches, whatever the
   operator is.

https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html
https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-single-vs-multi-valued-context-keys.html
"""

from __future__ import annotations

import operator
from base64 import b64decode
from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from ipaddress import ip_address, ip_network
from typing import TYPE_CHECKING, Any, NamedTuple

from ddbmock._internal.policies.patterns import ArnPattern, Pattern, UnknownVariableError
from ddbmock._internal.times import parse_iso

if TYPE_CHECKING:
    from ddbmock._internal.policies.context import Context

#: Whether the value of a policy matches the value of a request.
_Test = Callable[[Pattern, str, "Context"], bool]
_FOR_ALL, _FOR_ANY = "forallvalues:", "foranyvalue:"
_IF_EXISTS = "ifexists"


class PolicyError(ValueError):
    """A policy document is wrong; the text says where and how."""


class _Operator(NamedTuple):
    test: _Test
    is_negated: bool = False


# --- tests ---------------------------------------------------------------------------------------


def _string_equals(pattern: Pattern, value: str, context: Context) -> bool:
    return pattern.resolved(context) == value


def _string_equals_ignoring_case(pattern: Pattern, value: str, context: Context) -> bool:
    return pattern.resolved(context).lower() == value.lower()


def _string_like(pattern: Pattern, value: str, context: Context) -> bool:
    return pattern.matches(value, context)


def _arn_like(pattern: Pattern, value: str, context: Context) -> bool:
    return ArnPattern(pattern.text).matches(value, context)


def _boolean(pattern: Pattern, value: str, context: Context) -> bool:
    return pattern.resolved(context).lower() == value.lower()


def _binary_equals(pattern: Pattern, value: str, context: Context) -> bool:
    try:
        return b64decode(pattern.resolved(context)) == b64decode(value)
    except ValueError:
        return False


def _in_network(pattern: Pattern, value: str, context: Context) -> bool:
    try:
        return ip_address(value) in ip_network(pattern.resolved(context), strict=False)
    except ValueError:
        return False


def _ordered(
    parse: Callable[[str], Any], compare: Callable[[Any, Any], bool]
) -> Callable[[Pattern, str, Context], bool]:
    """Return a test that compares two texts as numbers or times; other texts do not match."""

    def test(pattern: Pattern, value: str, context: Context) -> bool:
        try:
            return compare(parse(value), parse(pattern.resolved(context)))
        except (ValueError, InvalidOperation, OverflowError):
            return False

    return test


def _time(text: str) -> float:
    """Return a time in ISO 8601 or in epoch seconds, as epoch seconds."""
    try:
        return float(text)
    except ValueError:
        return parse_iso(text)


_COMPARISONS: dict[str, Callable[[Any, Any], bool]] = {
    "lessthan": operator.lt,
    "lessthanequals": operator.le,
    "greaterthan": operator.gt,
    "greaterthanequals": operator.ge,
}

_OPERATORS: dict[str, _Operator] = {
    "stringequals": _Operator(_string_equals),
    "stringnotequals": _Operator(_string_equals, is_negated=True),
    "stringequalsignorecase": _Operator(_string_equals_ignoring_case),
    "stringnotequalsignorecase": _Operator(_string_equals_ignoring_case, is_negated=True),
    "stringlike": _Operator(_string_like),
    "stringnotlike": _Operator(_string_like, is_negated=True),
    "arnequals": _Operator(_arn_like),
    "arnlike": _Operator(_arn_like),
    "arnnotequals": _Operator(_arn_like, is_negated=True),
    "arnnotlike": _Operator(_arn_like, is_negated=True),
    "bool": _Operator(_boolean),
    "binaryequals": _Operator(_binary_equals),
    "ipaddress": _Operator(_in_network),
    "notipaddress": _Operator(_in_network, is_negated=True),
    "numericequals": _Operator(_ordered(Decimal, operator.eq)),
    "numericnotequals": _Operator(_ordered(Decimal, operator.eq), is_negated=True),
    "dateequals": _Operator(_ordered(_time, operator.eq)),
    "datenotequals": _Operator(_ordered(_time, operator.eq), is_negated=True),
    **{
        f"numeric{name}": _Operator(_ordered(Decimal, compare))
        for name, compare in _COMPARISONS.items()
    },
    **{
        f"date{name}": _Operator(_ordered(_time, compare)) for name, compare in _COMPARISONS.items()
    },
}


# --- conditions ----------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Condition:
    """One operator with one key and its values."""

    #: The key as written in the policy.
    operator: str
    key: str
    patterns: tuple[Pattern, ...]
    #: `forallvalues:`, `foranyvalue:` or nothing.
    quantifier: str
    has_if_exists: bool
    #: The name of the operator in lower case, without prefix and suffix.
    base: str

    @classmethod
    def of(
        cls, operator_name: str, key: str, values: tuple[str, ...], *, variables: bool
    ) -> Condition:
        """Return a condition of a policy document.

        Raises:
            PolicyError: There is no such operator.
        """
        base = operator_name.lower()
        quantifier = next((each for each in (_FOR_ALL, _FOR_ANY) if base.startswith(each)), "")
        base = base.removeprefix(quantifier)
        has_if_exists = base.endswith(_IF_EXISTS)
        base = base.removesuffix(_IF_EXISTS)
        if base not in _OPERATORS and (base != "null" or has_if_exists):
            raise PolicyError(f"there is no condition operator {operator_name!r}")
        patterns = tuple(Pattern(value, variables=variables) for value in values)
        return cls(operator_name, key, patterns, quantifier, has_if_exists, base)

    @property
    def ignores_set_of(self) -> bool:
        """Return whether the set operator is missing that a key with several values needs."""
        return not self.quantifier and self.base != "null"

    def holds(self, context: Context) -> bool:
        """Return whether the condition holds for a request."""
        try:
            return self._holds(context)
        except UnknownVariableError:
            return False

    def _holds(self, context: Context) -> bool:
        value = context.get(self.key)
        if self.base == "null":
            is_missing = value is None or value == ()
            wanted = [pattern.resolved(context).lower() == "true" for pattern in self.patterns]
            return is_missing in wanted
        if self.quantifier == _FOR_ALL:
            return all(self._holds_for(each, context) for each in _as_set(value))
        if self.quantifier == _FOR_ANY:
            values = _as_set(value)
            if not values:
                return self.has_if_exists
            return any(self._holds_for(each, context) for each in values)
        if value is None:
            return self.has_if_exists or _OPERATORS[self.base].is_negated
        return isinstance(value, str) and self._holds_for(value, context)

    def _holds_for(self, value: str, context: Context) -> bool:
        test, is_negated = _OPERATORS[self.base]
        found = any(test(pattern, value, context) for pattern in self.patterns)
        return found is not is_negated


def _as_set(value: str | tuple[str, ...] | None) -> tuple[str, ...]:
    if value is None:
        return ()
    return (value,) if isinstance(value, str) else value
