"""The syntax tree of expressions: the text as written, before any placeholder is resolved.

Nodes are immutable and compare by content. Parentheses are nodes too, so that a printed tree is the
expression that was parsed.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Union

if TYPE_CHECKING:
    from collections.abc import Iterator

# The unions are strings inside Union: Python 3.10 evaluates aliases, and classes come later.


@dataclass(frozen=True, slots=True)
class Path:
    """A document path. A step is a name as written (`a`, `#a`) or a list index."""

    steps: tuple[str | int, ...]


@dataclass(frozen=True, slots=True)
class Value:
    """A `:value` placeholder, colon included."""

    placeholder: str


@dataclass(frozen=True, slots=True)
class Call:
    """A function and its operands: as an operand (`size`) or as a condition (`contains`)."""

    function: str
    operands: tuple[Operand, ...]


@dataclass(frozen=True, slots=True)
class Arithmetic:
    """`left + right` or `left - right` in a SET."""

    operator: str
    left: Operand
    right: Operand


@dataclass(frozen=True, slots=True)
class Group:
    """An expression in parentheses."""

    inner: Condition | Operand


@dataclass(frozen=True, slots=True)
class Comparison:
    """`left operator right`, the operator one of = <> < <= > >=."""

    operator: str
    left: Operand
    right: Operand


@dataclass(frozen=True, slots=True)
class Between:
    """`operand BETWEEN low AND high`, both bounds included."""

    operand: Operand
    low: Operand
    high: Operand


@dataclass(frozen=True, slots=True)
class In:
    """`operand IN (candidate, …)`."""

    operand: Operand
    candidates: tuple[Operand, ...]


@dataclass(frozen=True, slots=True)
class Not:
    """`NOT condition`."""

    condition: Condition


@dataclass(frozen=True, slots=True)
class And:
    """Conditions joined by AND, in the order written."""

    conditions: tuple[Condition, ...]


@dataclass(frozen=True, slots=True)
class Or:
    """Conditions joined by OR, in the order written."""

    conditions: tuple[Condition, ...]


@dataclass(frozen=True, slots=True)
class Assignment:
    """One SET action: `path = operand`."""

    path: Path
    operand: Operand


@dataclass(frozen=True, slots=True)
class Removal:
    """One REMOVE action."""

    path: Path


@dataclass(frozen=True, slots=True)
class Addition:
    """One ADD action: `path :value`."""

    path: Path
    value: Value


@dataclass(frozen=True, slots=True)
class Deletion:
    """One DELETE action: `path :value`, the members to remove from a set."""

    path: Path
    value: Value


@dataclass(frozen=True, slots=True)
class Section:
    """A keyword of an update and its actions; a keyword used twice makes two sections."""

    keyword: str
    actions: tuple[Action, ...]


@dataclass(frozen=True, slots=True)
class UpdateTree:
    """A complete update expression."""

    sections: tuple[Section, ...]


@dataclass(frozen=True, slots=True)
class ProjectionTree:
    """A complete projection expression."""

    paths: tuple[Path, ...]


Operand = Union["Path", "Value", "Call", "Arithmetic", "Group"]
Condition = Union["Comparison", "Between", "In", "Call", "Not", "And", "Or", "Group"]
Action = Union["Assignment", "Removal", "Addition", "Deletion"]
Node = Union["Operand", "Condition"]

#: Nodes that are operands and never conditions (a `Call` or `Group` can be either).
OPERANDS = (Path, Value, Arithmetic)
#: The operator of a comparison -> the same comparison with its operands exchanged.
MIRRORED = {"=": "=", "<>": "<>", "<": ">", "<=": ">=", ">": "<", ">=": "<="}


def ungroup(node: Node) -> Node:
    """Return the node in the parentheses, if there are any.

    >>> ungroup(Group(Value(":v")))
    Value(placeholder=':v')
    """
    while isinstance(node, Group):
        node = node.inner
    return node


def children(node: Node) -> tuple[Node, ...]:  # noqa: PLR0911 (one a kind of node)
    """Return the direct parts of a condition or operand, in the order written."""
    if isinstance(node, (And, Or)):
        return node.conditions
    if isinstance(node, (Comparison, Arithmetic)):
        return node.left, node.right
    if isinstance(node, Call):
        return node.operands
    if isinstance(node, Between):
        return node.operand, node.low, node.high
    if isinstance(node, In):
        return node.operand, *node.candidates
    if isinstance(node, Group):
        return (node.inner,)
    return (node.condition,) if isinstance(node, Not) else ()


def walk(*nodes: Node) -> Iterator[Node]:
    """Yield nodes and all their descendants, in the order written, at any depth.

    >>> list(walk(Comparison("=", Path(("a",)), Value(":v"))))[1:]
    [Path(steps=('a',)), Value(placeholder=':v')]
    """
    waiting = list(reversed(nodes))
    while waiting:
        node = waiting.pop()
        yield node
        waiting.extend(reversed(children(node)))
