"""Lowering of WHERE clauses to conditions in the tree of expressions.

https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/ql-operators.html
https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/ql-functions.html
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ddbmock._internal.expressions import tree as lowered
from ddbmock._internal.messages import expressions as expression_messages
from ddbmock._internal.messages import partiql as partiql_messages
from ddbmock._internal.partiql.literals import kind_name
from ddbmock._internal.partiql.lowering import refusal
from ddbmock._internal.partiql.problems import StatementProblem
from ddbmock._internal.partiql.tree import (
    Bag,
    Call,
    Expression,
    Listing,
    Literal,
    Operation,
    TypeTest,
)

if TYPE_CHECKING:
    from collections.abc import Callable

    from ddbmock._internal.partiql.lowering import Lowering

#: Functions that are conditions, by their names in expressions.
_PREDICATES = frozenset(
    {"attribute_exists", "attribute_not_exists", "attribute_type", "begins_with", "contains"}
)
_COMPARISONS = frozenset({"=", "<>", "<", "<=", ">", ">="})
_CONDITION_OPERATORS = _COMPARISONS | {"and", "or", "not", "between", "in"}
_NUMBER_TYPES = (
    "smallint",
    "integer4",
    "integer8",
    "integer",
    "float",
    "real",
    "double_precision",
    "decimal",
    "numeric",
)
#: Type names after IS -> types of attribute values.
_TYPES = {
    "null": ("NULL",),
    "boolean": ("BOOL",),
    **dict.fromkeys(_NUMBER_TYPES, ("N",)),
    **dict.fromkeys(("string", "symbol", "clob", "character", "character_varying"), ("S",)),
    "blob": ("B",),
    "list": ("L",),
    "struct": ("M",),
    "tuple": ("M",),
    "bag": ("SS", "NS", "BS"),
}


def lower_condition(node: Expression, lowering: Lowering) -> lowered.Condition:
    """Return the condition of an expression, or raise `StatementProblem`."""
    if isinstance(node, Operation) and node.operator in _LOWERERS:
        return _LOWERERS[node.operator](node, lowering)
    if isinstance(node, TypeTest):
        return _type_test(node, lowering)
    if isinstance(node, Call):
        return _predicate(node, lowering)
    raise refusal(node)


def _predicate(node: Call, lowering: Lowering) -> lowered.Condition:
    function = node.function.lower()
    if function not in _PREDICATES:
        raise StatementProblem(partiql_messages.unrecognized_function(node.function), *node.span)
    return lowered.Call(function, tuple(map(lowering.operand, node.operands)))


def _and(node: Operation, lowering: Lowering) -> lowered.Condition:
    return conjunction([lower_condition(part, lowering) for part in node.operands])


def conjunction(parts: list[lowered.Condition]) -> lowered.Condition:
    """Return the condition that holds when all parts do."""
    flat: list[lowered.Condition] = []
    for part in parts:
        flat += part.conditions if isinstance(part, lowered.And) else (part,)
    return flat[0] if len(flat) == 1 else lowered.And(tuple(flat))


def _or(node: Operation, lowering: Lowering) -> lowered.Condition:
    return lowered.Or(tuple(lower_condition(part, lowering) for part in node.operands))


def _not(node: Operation, lowering: Lowering) -> lowered.Condition:
    return lowered.Not(lower_condition(node.operands[0], lowering))


def _is_condition(node: Expression) -> bool:
    if isinstance(node, Operation):
        return node.operator in _CONDITION_OPERATORS
    if isinstance(node, Call):
        return node.function.lower() in _PREDICATES
    return isinstance(node, TypeTest)


def _is_missing(node: Expression) -> bool:
    return isinstance(node, Literal) and node.kind == "MISSING"


def _comparison(node: Operation, lowering: Lowering) -> lowered.Condition:
    left, right = node.operands
    if _is_condition(left):
        return _truth(node.operator, left, right, lowering)
    if _is_condition(right):
        return _truth(node.operator, right, left, lowering)
    if node.operator in ("=", "<>"):
        for missing, other in ((left, right), (right, left)):
            if _is_missing(missing):
                function = "attribute_not_exists" if node.operator == "=" else "attribute_exists"
                return lowered.Call(function, (lowering.operand(other),))
    return lowered.Comparison(node.operator, lowering.operand(left), lowering.operand(right))


def _truth(
    operator: str, node: Expression, other: Expression, lowering: Lowering
) -> lowered.Condition:
    """Return `condition = something`: a condition has a boolean as its value."""
    if operator not in ("=", "<>"):
        raise StatementProblem(expression_messages.operand_type(operator, "BOOL"))
    condition = lower_condition(node, lowering)
    if isinstance(other, Literal) and other.kind == "BOOL":
        equal = condition if other.text == "true" else lowered.Not(condition)
    else:
        is_true, is_false = _truths(other, lowering)
        equal = lowered.Or(
            (
                lowered.And((condition, is_true)),
                lowered.And((lowered.Not(condition), is_false)),
            )
        )
    return equal if operator == "=" else lowered.Not(equal)


def _truths(node: Expression, lowering: Lowering) -> tuple[lowered.Condition, lowered.Condition]:
    """Return the conditions under which an expression is true, and under which it is false."""
    if _is_condition(node):
        condition = lower_condition(node, lowering)
        return condition, lowered.Not(condition)
    operand = lowering.operand(node)
    true, false = lowering.value({"BOOL": True}), lowering.value({"BOOL": False})
    return lowered.Comparison("=", operand, true), lowered.Comparison("=", operand, false)


def _between(node: Operation, lowering: Lowering) -> lowered.Condition:
    if any(map(_is_condition, node.operands)):
        raise StatementProblem(expression_messages.operand_type("BETWEEN", "BOOL"))
    return lowered.Between(*map(lowering.operand, node.operands))


def _in(node: Operation, lowering: Lowering) -> lowered.Condition:
    operand, candidates = node.operands
    if not isinstance(candidates, (Listing, Bag)):
        raise StatementProblem(partiql_messages.unsupported_operator("in"))
    if _is_condition(operand):
        equals = [
            lower_condition(Operation("=", (operand, candidate)), lowering)
            for candidate in candidates.items
        ]
        return lowered.Or(tuple(equals))
    return lowered.In(lowering.operand(operand), tuple(map(lowering.operand, candidates.items)))


def _type_test(node: TypeTest, lowering: Lowering) -> lowered.Condition:
    operand = lowering.operand(node.operand)
    if node.type_name in ("missing", "any"):
        function = "attribute_not_exists" if node.type_name == "missing" else "attribute_exists"
        return lowered.Call(function, (operand,))
    if node.type_name not in _TYPES:
        raise StatementProblem(partiql_messages.unsupported_statement(kind_name(node)))
    tests: list[lowered.Condition] = [
        lowered.Call("attribute_type", (operand, lowering.value({"S": name})))
        for name in _TYPES[node.type_name]
    ]
    return tests[0] if len(tests) == 1 else lowered.Or(tuple(tests))


_LOWERERS: dict[str, Callable[[Operation, Lowering], lowered.Condition]] = {
    "and": _and,
    "or": _or,
    "not": _not,
    **dict.fromkeys(_COMPARISONS, _comparison),
    "between": _between,
    "in": _in,
}
