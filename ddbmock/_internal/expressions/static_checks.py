"""Checks of a tree before names and values are known: reserved words, indexes, function names.

The service checks the expression in the order written and stops at the first error of any of these
kinds; placeholders are looked up afterwards.
"""

from __future__ import annotations

from ddbmock._internal import limits
from ddbmock._internal.expressions.functions import (
    CONDITION_FUNCTIONS,
    OPERAND_COUNTS,
    UPDATE_FUNCTIONS,
)
from ddbmock._internal.expressions.problems import ExpressionProblem
from ddbmock._internal.expressions.reserved import is_reserved
from ddbmock._internal.expressions.tree import (
    And,
    Assignment,
    Call,
    Group,
    Node,
    Not,
    Or,
    Path,
    ProjectionTree,
    UpdateTree,
    children,
    walk,
)
from ddbmock._internal.messages import expressions as messages


def check_condition_spelling(tree: Node) -> None:
    """Raise `ExpressionProblem` for the first misspelled part of a condition."""
    # Each part, and whether it must be a condition (or else an operand).
    waiting: list[tuple[Node, bool]] = [(tree, True)]
    while waiting:
        node, as_condition = waiting.pop()
        if isinstance(node, Path):
            check_path_spelling(node)
        elif isinstance(node, Call):
            _check_condition_function(node, as_condition=as_condition)
        if not isinstance(node, Group):
            as_condition = isinstance(node, (And, Or, Not))
        waiting += [(child, as_condition) for child in reversed(children(node))]


def _check_condition_function(call: Call, *, as_condition: bool) -> None:
    name = call.function
    _check_known(name)
    if name in UPDATE_FUNCTIONS:
        raise ExpressionProblem(messages.function_not_in_condition(name))
    if as_condition != (name in CONDITION_FUNCTIONS):
        raise ExpressionProblem(messages.function_out_of_place(name))
    check_operand_count(call)


def _check_known(name: str) -> None:
    if name not in OPERAND_COUNTS:
        raise ExpressionProblem(messages.unknown_function(name))


def check_operand_count(call: Call) -> None:
    """Raise `ExpressionProblem` when the function has a wrong number of operands."""
    count = len(call.operands)
    if count != OPERAND_COUNTS[call.function]:
        raise ExpressionProblem(messages.operand_count(call.function, count))


def check_path_spelling(path: Path) -> None:
    """Raise `ExpressionProblem` for a reserved word or an index that no list can have."""
    for step in path.steps:
        if isinstance(step, int):
            if step > limits.LIST_INDEX_MAX:
                raise ExpressionProblem(messages.list_index_out_of_range(step))
        elif is_reserved(step):
            raise ExpressionProblem(messages.reserved_keyword(step))


def check_projection_spelling(tree: ProjectionTree) -> None:
    """Raise `ExpressionProblem` for the first misspelled part of a projection."""
    for path in tree.paths:
        check_path_spelling(path)


def check_update_spelling(tree: UpdateTree) -> None:
    """Raise `ExpressionProblem` for the first misspelled part of an update.

    The service checks an update by kind of section, in the order in which the kinds first appear:
    every SET, then that there is one SET only, then the next kind.
    """
    for keyword in dict.fromkeys(section.keyword for section in tree.sections):
        sections = [section for section in tree.sections if section.keyword == keyword]
        for section in sections:
            for action in section.actions:
                check_path_spelling(action.path)
                if isinstance(action, Assignment):
                    _check_assigned(action.operand)
        if len(sections) > 1:
            raise ExpressionProblem(messages.section_used_twice(keyword))


def _check_assigned(operand: Node) -> None:
    for node in walk(operand):
        if isinstance(node, Path):
            check_path_spelling(node)
        elif isinstance(node, Call):
            _check_update_function(node)


def _check_update_function(call: Call) -> None:
    _check_known(call.function)
    if call.function not in UPDATE_FUNCTIONS:
        raise ExpressionProblem(messages.function_not_in_update(call.function))
    if appends_to_appended(call):
        raise ExpressionProblem(messages.function_out_of_place(call.function))


def appends_to_appended(call: Call) -> bool:
    """Return whether a `list_append` contains another one, at any depth."""
    return call.function == "list_append" and any(
        isinstance(node, Call) and node.function == "list_append" for node in walk(*call.operands)
    )
