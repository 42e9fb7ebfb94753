"""Filter patterns of triggers, in the language of EventBridge.

https://docs.aws.amazon.com/lambda/latest/dg/invocation-eventfiltering.html
https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-create-pattern-operators.html

1. A pattern is compiled once into a closure. Fields of an object must all match; of a list of
   alternatives one must; of an array in the event one element must.
2. Numbers compare with numbers only. DynamoDB's numbers are text in a record (`{"N": "5"}`), so
   `numeric` never matches them; this is the service's rule.
"""

from __future__ import annotations

import json
import operator
import re
from itertools import pairwise
from typing import TYPE_CHECKING, Any

from ddbmock._internal.errors import MisuseError
from ddbmock._internal.messages import streams as messages

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    Test = Callable[[Any], bool]


class _Absent:
    """Marks a field that an event does not have."""


_ABSENT = _Absent()


def compile_filters(filters: Any) -> Test | None:
    """Return whether one of the filters matches an event; None when there are no filters.

    >>> test = compile_filters([{"eventName": ["INSERT"]}, {"eventName": [{"prefix": "REM"}]}])
    >>> [test({"eventName": name}) for name in ("INSERT", "MODIFY", "REMOVE")]
    [True, False, True]

    Args:
        filters: Patterns (dictionaries or JSON texts), or a FilterCriteria structure of Lambda.

    Raises:
        MisuseError: A pattern that the service would refuse.
    """
    if isinstance(filters, dict) and "Filters" in filters:
        filters = filters["Filters"]
    if not isinstance(filters, (list, tuple)):
        raise _refusal(filters, "filters are a list of patterns")
    tests = [_pattern_test(_pattern_of(given)) for given in filters]
    return _any_of(tests) if tests else None


def _pattern_of(given: Any) -> dict[str, Any]:
    if isinstance(given, dict) and set(given) == {"Pattern"} and isinstance(given["Pattern"], str):
        given = given["Pattern"]
    if isinstance(given, str):
        try:
            given = json.loads(given)
        except ValueError as error:
            raise _refusal(given, f"it is no JSON: {error}") from None
    if not isinstance(given, dict) or not given:
        raise _refusal(given, "a pattern is an object with at least one field")
    return given


def _refusal(pattern: Any, problem: str) -> MisuseError:
    return MisuseError(messages.filter_pattern_invalid(pattern, problem))


# --- objects -------------------------------------------------------------------------------------


def _pattern_test(pattern: Mapping[str, Any]) -> Test:
    """Return the test of an object: every field, and one of `$or`'s alternatives."""
    fields: list[tuple[str, Test]] = []
    alternatives: list[Test] = []
    for name, pattern_value in pattern.items():
        if name == "$or" and _is_or(pattern_value):
            alternatives.append(_any_of([_pattern_test(option) for option in pattern_value]))
        else:
            fields.append((name, _field_test(name, pattern_value)))

    def matches(value: Any) -> bool:
        if isinstance(value, list):
            return any(matches(element) for element in value)
        found = value if isinstance(value, dict) else {}
        return all(test(found.get(name, _ABSENT)) for name, test in fields) and all(
            test(value) for test in alternatives
        )

    return matches


def _is_or(pattern_value: Any) -> bool:
    return (
        isinstance(pattern_value, list)
        and len(pattern_value) > 1
        and all(isinstance(option, dict) for option in pattern_value)
    )


def _any_of(tests: list[Test]) -> Test:
    return lambda value: any(test(value) for test in tests)


def _field_test(name: str, pattern_value: Any) -> Test:
    if isinstance(pattern_value, dict):
        if not pattern_value:
            raise _refusal({name: pattern_value}, "empty objects are not allowed")
        return _pattern_test(pattern_value)
    if not isinstance(pattern_value, list):
        raise _refusal({name: pattern_value}, f"{name!r} must be an object or an array")
    if not pattern_value:
        raise _refusal({name: pattern_value}, "empty arrays are not allowed")
    return _leaf_test([_value_test(option) for option in pattern_value])


def _leaf_test(tests: list[Test]) -> Test:
    def matches(value: Any) -> bool:
        if isinstance(value, list) and value:
            return any(matches(element) for element in value)
        # An object is no leaf, and neither is an array without elements.
        leaf = _ABSENT if isinstance(value, (dict, list)) else value
        return any(test(leaf) for test in tests)

    return matches


# --- leaves --------------------------------------------------------------------------------------


def _value_test(pattern_value: Any) -> Test:
    if isinstance(pattern_value, dict):
        if len(pattern_value) != 1:
            raise _refusal(pattern_value, "an alternative has exactly one operator")
        ((name, operand),) = pattern_value.items()
        make = _OPERATORS.get(name)
        if make is None:
            raise _refusal(
                pattern_value, f"unknown operator {name!r}; known: {', '.join(_OPERATORS)}"
            )
        return make(operand)
    if isinstance(pattern_value, list):
        raise _refusal(pattern_value, "arrays do not nest")
    return _equals(pattern_value)


def _is_number(value: Any) -> bool:
    return isinstance(value, (int, float)) and not isinstance(value, bool)


def _equals(pattern_value: Any) -> Test:
    if _is_number(pattern_value):
        return lambda value: _is_number(value) and value == pattern_value
    return lambda value: type(value) is type(pattern_value) and bool(value == pattern_value)


def _exists(pattern_value: Any) -> Test:
    if not isinstance(pattern_value, bool):
        raise _refusal({"exists": pattern_value}, "exists takes true or false")
    return lambda value: (value is not _ABSENT) == pattern_value


def _texts(name: str, operand: Any) -> list[str]:
    texts = operand if isinstance(operand, list) else [operand]
    if not texts or not all(isinstance(text, str) for text in texts):
        raise _refusal({name: operand}, f"{name} takes a string")
    return texts


def _on_text(test: Callable[[str], bool]) -> Test:
    return lambda value: isinstance(value, str) and test(value)


def _equals_ignore_case(operand: Any) -> Test:
    texts = {text.lower() for text in _texts("equals-ignore-case", operand)}
    return _on_text(lambda value: value.lower() in texts)


def _affix(name: str, operand: Any) -> Test:
    """Return the test of `prefix` or `suffix`."""
    ignores_case = isinstance(operand, dict) and set(operand) == {"equals-ignore-case"}
    if ignores_case:
        operand = operand["equals-ignore-case"]
    texts = tuple(_texts(name, operand))
    holds = str.startswith if name == "prefix" else str.endswith
    if ignores_case:
        lowered = tuple(text.lower() for text in texts)
        return _on_text(lambda value: holds(value.lower(), lowered))
    return _on_text(lambda value: holds(value, texts))


def _prefix(operand: Any) -> Test:
    return _affix("prefix", operand)


def _suffix(operand: Any) -> Test:
    return _affix("suffix", operand)


_WILDCARD_PIECE = re.compile(r"\\[*\\]|\*|[^*\\]+|\\")


def _wildcard(operand: Any) -> Test:
    expressions = [_wildcard_expression(text) for text in _texts("wildcard", operand)]
    return _on_text(lambda value: any(found.fullmatch(value) for found in expressions))


def _wildcard_expression(text: str) -> re.Pattern[str]:
    pieces = _WILDCARD_PIECE.findall(text)
    if "\\" in pieces:
        raise _refusal({"wildcard": text}, r"a backslash stands before * or \ only")
    if any(pair == ("*", "*") for pair in pairwise(pieces)):
        raise _refusal({"wildcard": text}, "wildcards do not follow one another")
    parts = [
        ".*" if piece == "*" else re.escape(piece[-1] if piece[0] == "\\" else piece)
        for piece in pieces
    ]
    return re.compile("".join(parts), re.DOTALL)


_COMPARISONS: dict[str, Callable[[Any, Any], bool]] = {
    "=": operator.eq,
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
}


def _numeric(operand: Any) -> Test:
    if not isinstance(operand, list) or len(operand) not in {2, 4}:
        raise _refusal({"numeric": operand}, "numeric takes one or two comparisons")
    comparisons = list(zip(operand[::2], operand[1::2], strict=True))
    for name, bound in comparisons:
        if name not in _COMPARISONS or not _is_number(bound):
            raise _refusal({"numeric": operand}, "numeric compares by =, <, <=, > or >= a number")
    return lambda value: (
        _is_number(value) and all(_COMPARISONS[name](value, bound) for name, bound in comparisons)
    )


def _anything_but(operand: Any) -> Test:
    if isinstance(operand, dict):
        if len(operand) != 1 or not _NEGATABLE.issuperset(operand):
            raise _refusal(
                {"anything-but": operand}, f"it takes one of {', '.join(sorted(_NEGATABLE))}"
            )
        ((name, inner),) = operand.items()
        forbidden = [_OPERATORS[name](inner)]
    else:
        values = operand if isinstance(operand, list) else [operand]
        if not values or not all(isinstance(v, str) or _is_number(v) for v in values):
            raise _refusal({"anything-but": operand}, "it takes strings or numbers")
        forbidden = [_equals(value) for value in values]
    return lambda value: value is not _ABSENT and not any(test(value) for test in forbidden)


_NEGATABLE = frozenset({"prefix", "suffix", "equals-ignore-case", "wildcard"})
_OPERATORS: dict[str, Callable[[Any], Test]] = {
    "anything-but": _anything_but,
    "equals-ignore-case": _equals_ignore_case,
    "exists": _exists,
    "numeric": _numeric,
    "prefix": _prefix,
    "suffix": _suffix,
    "wildcard": _wildcard,
}
