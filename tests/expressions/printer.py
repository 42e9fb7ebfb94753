"""Printing of trees: the text parses back to the same tree."""

from __future__ import annotations

from ddbmock._internal.expressions.tree import (
    Action,
    Addition,
    And,
    Arithmetic,
    Assignment,
    Between,
    Call,
    Comparison,
    Deletion,
    Group,
    In,
    Node,
    Not,
    Or,
    Path,
    ProjectionTree,
    UpdateTree,
    Value,
)


def print_condition(node: Node) -> str:
    """Return the text of a condition or operand.

    >>> print_condition(Not(Comparison("<", Path(("a", 0)), Value(":v"))))
    'NOT a[0] < :v'
    """
    if isinstance(node, Path):
        return print_path(node)
    if isinstance(node, Value):
        return node.placeholder
    if isinstance(node, Group):
        return f"({print_condition(node.inner)})"
    if isinstance(node, Call):
        return f"{node.function}({_join(', ', node.operands)})"
    if isinstance(node, (Comparison, Arithmetic)):
        return f" {node.operator} ".join((print_condition(node.left), print_condition(node.right)))
    return _print_logic(node)


def _print_logic(node: Between | In | Not | And | Or) -> str:
    if isinstance(node, Between):
        return f"{print_condition(node.operand)} BETWEEN {_join(' AND ', (node.low, node.high))}"
    if isinstance(node, In):
        return f"{print_condition(node.operand)} IN ({_join(', ', node.candidates)})"
    if isinstance(node, Not):
        return f"NOT {print_condition(node.condition)}"
    return _join(" AND " if isinstance(node, And) else " OR ", node.conditions)


def _join(separator: str, nodes: tuple[Node, ...]) -> str:
    return separator.join(map(print_condition, nodes))


def print_path(path: Path) -> str:
    """Return the text of a document path.

    >>> print_path(Path(("#a", "b", 3)))
    '#a.b[3]'
    """
    first, *steps = path.steps
    return str(first) + "".join(
        f"[{step}]" if isinstance(step, int) else f".{step}" for step in steps
    )


def print_update(tree: UpdateTree) -> str:
    """Return the text of an update expression."""
    return " ".join(
        f"{section.keyword} {', '.join(map(_print_action, section.actions))}"
        for section in tree.sections
    )


def _print_action(action: Action) -> str:
    path = print_path(action.path)
    if isinstance(action, Assignment):
        return f"{path} = {print_condition(action.operand)}"
    if isinstance(action, (Addition, Deletion)):
        return f"{path} {action.value.placeholder}"
    return path


def print_projection(tree: ProjectionTree) -> str:
    """Return the text of a projection expression."""
    return ", ".join(map(print_path, tree.paths))
