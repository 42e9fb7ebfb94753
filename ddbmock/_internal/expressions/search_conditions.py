"""Search conditions: required values of attributes of a vector index.

A condition is an equality, or several joined by AND.

https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_SearchVectors.html
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ddbmock._internal.expressions.paths import resolve
from ddbmock._internal.expressions.problems import ExpressionProblem
from ddbmock._internal.expressions.tree import And, Comparison, Node, Path, Value, ungroup
from ddbmock._internal.messages import vectors as messages

if TYPE_CHECKING:
    from ddbmock._internal.expressions.compiled import Condition
    from ddbmock._internal.expressions.substitutions import Names


def search_terms(condition: Condition, names: Names) -> dict[str, str]:
    """Return the placeholder of the required value of each attribute.

    Raises:
        InvalidExpressionError: The condition contains anything else.
    """
    terms: dict[str, str] = {}
    try:
        _read(ungroup(condition.tree), names, terms)
    except ExpressionProblem as problem:
        raise problem.error("SearchConditionExpression") from None
    return terms


def _read(node: Node, names: Names, terms: dict[str, str]) -> None:
    if isinstance(node, And):
        for part in node.conditions:
            _read(ungroup(part), names, terms)
        return
    if not isinstance(node, Comparison):
        raise ExpressionProblem(messages.SEARCH_OPERATOR)
    if node.operator != "=":
        raise ExpressionProblem(messages.SEARCH_COMPARATOR)
    path, value = ungroup(node.left), ungroup(node.right)
    if isinstance(path, Value):
        path, value = value, path
    if not isinstance(path, Path) or not isinstance(value, Value):
        raise ExpressionProblem(messages.SEARCH_OPERATOR)
    if len(path.steps) > 1:
        raise ExpressionProblem(messages.SEARCH_NESTED)
    name = str(resolve(path, names)[0])
    if name in terms:
        raise ExpressionProblem(messages.SEARCH_ATTRIBUTE_TWICE)
    terms[name] = value.placeholder
