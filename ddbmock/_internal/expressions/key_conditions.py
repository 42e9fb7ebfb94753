"""Key conditions: the required value of each key attribute, and one range of the sort key.

`read_terms` checks what is valid with any key; `plan_query` whether the condition fits the key of a
table or index.

https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Query.KeyConditionExpressions.html
https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/GSI.DesignPattern.MultiAttributeKeys.html
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from ddbmock._internal.errors import ValidationError
from ddbmock._internal.expressions.paths import resolve
from ddbmock._internal.expressions.problems import ExpressionProblem
from ddbmock._internal.expressions.tree import (
    MIRRORED,
    And,
    Between,
    Call,
    Comparison,
    In,
    Node,
    Not,
    Or,
    Path,
    Value,
    children,
    ungroup,
)
from ddbmock._internal.messages import expressions as messages

if TYPE_CHECKING:
    from ddbmock._internal.expressions.substitutions import Names

_OPERATORS = frozenset({"=", "<", "<=", ">", ">=", "BETWEEN", "begins_with"})


@dataclass(frozen=True, slots=True)
class KeyTerm:
    """One condition on one key attribute.

    The operator is =, <, <=, >, >=, BETWEEN or begins_with, in statements also IN.
    """

    name: str
    operator: str
    placeholders: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class KeyPlan:
    """A key condition for one key, with placeholders for values.

    `partition` has one for each partition key attribute, `sort_equal` one for each of the leading
    sort key attributes that must be equal; `sort_range` is the condition on the next one.
    """

    partition: tuple[str, ...]
    sort_equal: tuple[str, ...] = ()
    sort_range: tuple[str, tuple[str, ...]] | None = None
    sort_range_name: str | None = None


def read_terms(node: Node, names: Names) -> dict[str, KeyTerm]:
    """Return the condition on each attribute, or raise `ExpressionProblem`."""
    terms: dict[str, KeyTerm] = {}
    _read(ungroup(node), names, terms)
    return terms


def _read(node: Node, names: Names, terms: dict[str, KeyTerm]) -> None:
    if isinstance(node, And):
        for part in node.conditions:
            _read(ungroup(part), names, terms)
        return
    operator = _operator(node)
    term = _term(node, operator, names)
    if term.name in terms:
        raise ExpressionProblem(messages.KEY_CONDITION_TWICE)
    terms[term.name] = term


def _operator(node: Node) -> str:
    if isinstance(node, Comparison):
        operator = node.operator
    elif isinstance(node, Call):
        operator = node.function
    else:
        operator = {Or: "OR", Not: "NOT", In: "IN"}.get(type(node), "BETWEEN")
    if operator not in _OPERATORS:
        raise ExpressionProblem(messages.key_condition_operator(operator))
    return operator


def _term(node: Node, operator: str, names: Names) -> KeyTerm:
    operands = [ungroup(operand) for operand in children(node)]
    if operator in ("BETWEEN", "begins_with") and not isinstance(operands[0], Path):
        raise ExpressionProblem(messages.key_condition_operand_order(operator))
    paths = [operand for operand in operands if isinstance(operand, Path)]
    _check_operands(operands, paths)
    if isinstance(node, (Comparison, Between)) and not isinstance(operands[0], Path):
        operator = MIRRORED[operator]
    placeholders = tuple(operand.placeholder for operand in operands if isinstance(operand, Value))
    return KeyTerm(str(resolve(paths[0], names)[0]), operator, placeholders)


def _check_operands(operands: list[Node], paths: list[Path]) -> None:
    seen = 0
    for operand in operands:
        if isinstance(operand, Path):
            seen += 1
            if seen > 1:
                raise ExpressionProblem(messages.KEY_CONDITION_SEVERAL_NAMES)
            if len(operand.steps) > 1:
                raise ExpressionProblem(messages.KEY_CONDITION_NESTED_PATH)
        elif isinstance(operand, Call):
            raise ExpressionProblem(messages.KEY_CONDITION_NESTED_OPERATION)
    if not paths:
        raise ExpressionProblem(messages.KEY_CONDITION_WITHOUT_NAME)


def plan_query(
    terms: dict[str, KeyTerm],
    partition_key_names: tuple[str, ...],
    sort_key_names: tuple[str, ...],
) -> KeyPlan:
    """Return the plan of the terms for a key, or raise `ValidationError` if they do not fit."""
    attribute_count = len(partition_key_names) + len(sort_key_names)
    if len(terms) > attribute_count:
        raise ValidationError(messages.too_many_key_conditions(len(terms), attribute_count))
    _check_partition(terms, partition_key_names)
    conditioned = [name for name in sort_key_names if name in terms]
    unknown_count = len(terms) - len(partition_key_names) - len(conditioned)
    if unknown_count:
        _refuse_unknown(sort_key_names, conditioned)
    if any(terms[name].operator != "=" for name in partition_key_names):
        raise ValidationError(messages.KEY_CONDITION_NOT_SUPPORTED)
    partition = tuple(terms[name].placeholders[0] for name in partition_key_names)
    if not conditioned:
        return KeyPlan(partition)
    return _plan_sort(partition, terms, sort_key_names, conditioned[-1])


def _check_partition(terms: dict[str, KeyTerm], names: tuple[str, ...]) -> None:
    """Refuse terms without a condition on a partition key attribute."""
    missing = [name for name in names if name not in terms]
    if not missing:
        return
    if len(names) == 1:
        raise ValidationError(messages.key_condition_missing(missing[0]))
    raise ValidationError(messages.partition_key_equality_missing(", ".join(missing)))


def _refuse_unknown(sort_key_names: tuple[str, ...], conditioned: list[str]) -> None:
    missing = [name for name in sort_key_names if name not in conditioned]
    if missing:
        raise ValidationError(messages.key_condition_missing(missing[0]))
    raise ValidationError(messages.KEY_CONDITION_NOT_SUPPORTED)


def _plan_sort(
    partition: tuple[str, ...],
    terms: dict[str, KeyTerm],
    sort_key_names: tuple[str, ...],
    last_name: str,
) -> KeyPlan:
    leading = sort_key_names[: sort_key_names.index(last_name)]
    not_equal = [name for name in leading if name not in terms or terms[name].operator != "="]
    if not_equal:
        raise ValidationError(messages.sort_key_equality_missing(", ".join(not_equal), last_name))
    equal = tuple(terms[name].placeholders[0] for name in leading)
    last = terms[last_name]
    if last.operator == "=":
        return KeyPlan(partition, (*equal, last.placeholders[0]))
    return KeyPlan(partition, equal, (last.operator, last.placeholders), last_name)
