"""Compilation of a request's texts and names into expressions, with bounded caches."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

from ddbmock._internal.expressions.compiled import (
    Condition,
    KeyCondition,
    Projection,
    Update,
    key_condition_of,
    projection_of,
)
from ddbmock._internal.expressions.grammar import parse_condition, parse_projection, parse_update
from ddbmock._internal.expressions.problems import ExpressionProblem
from ddbmock._internal.expressions.static_checks import (
    check_condition_spelling,
    check_projection_spelling,
    check_update_spelling,
)

if TYPE_CHECKING:
    from ddbmock._internal.expressions.substitutions import Names

_NameItems = tuple[tuple[str, str], ...]

#: Programs have few expressions, except those that put values into the text.
_CACHE_SIZE = 2048


def compile_condition(label: str, text: str, names: Names | None = None) -> Condition:
    """Return the condition of a text; `label` is the request parameter that holds it.

    >>> condition = compile_condition("ConditionExpression", "#n < :limit", {"#n": "n"})
    >>> condition.check({":limit": {"N": "10"}})
    >>> condition.test({"n": {"N": "9.5"}}, {":limit": {"N": "10"}})
    True

    Raises:
        InvalidExpressionError: with the service's text, for errors that do not depend on values.
    """
    return _condition(label, text, tuple(names.items()) if names else ())


@lru_cache(_CACHE_SIZE)
def _condition(label: str, text: str, names: _NameItems) -> Condition:
    try:
        tree, operator_count = parse_condition(text)
        check_condition_spelling(tree)
    except ExpressionProblem as problem:
        raise problem.error(label) from None
    return Condition(label, tree, dict(names), operator_count)


def compile_key_condition(text: str, names: Names | None = None) -> KeyCondition:
    """Return the key condition of a text.

    Raises:
        InvalidExpressionError: with the service's text, for errors that do not depend on values.
    """
    return _key_condition(text, tuple(names.items()) if names else ())


@lru_cache(_CACHE_SIZE)
def _key_condition(text: str, names: _NameItems) -> KeyCondition:
    return key_condition_of(_condition("KeyConditionExpression", text, names), dict(names))


def compile_projection(text: str, names: Names | None = None) -> Projection:
    """Return the projection of a text.

    Raises:
        InvalidExpressionError: with the service's text, for every error.
    """
    return _projection(text, tuple(names.items()) if names else ())


@lru_cache(_CACHE_SIZE)
def _projection(text: str, names: _NameItems) -> Projection:
    try:
        tree = parse_projection(text)
        check_projection_spelling(tree)
        return projection_of(tree, dict(names))
    except ExpressionProblem as problem:
        raise problem.error("ProjectionExpression") from None


def compile_update(text: str, names: Names | None = None) -> Update:
    """Return the update of a text.

    Raises:
        InvalidExpressionError: with the service's text, for errors that do not depend on values.
    """
    return _update(text, tuple(names.items()) if names else ())


@lru_cache(_CACHE_SIZE)
def _update(text: str, names: _NameItems) -> Update:
    try:
        tree, operator_count = parse_update(text)
        check_update_spelling(tree)
    except ExpressionProblem as problem:
        # Of an update that is too long, the older layer reports no more than the current one.
        raise ExpressionProblem(problem.text).error("UpdateExpression") from None
    return Update(tree, dict(names), operator_count)
