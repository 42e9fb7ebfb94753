"""Lowering of operands, from the tree of statements to the tree of expressions.

Conditions and updates have the same semantics in both languages, so they share the tree and the
closures. A literal becomes a constant `:cN`, the parameter number N becomes `:pN`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ddbmock._internal import limits
from ddbmock._internal.expressions import tree as lowered
from ddbmock._internal.messages import expressions as expression_messages
from ddbmock._internal.messages import partiql as partiql_messages
from ddbmock._internal.partiql.literals import constant, is_literal, kind_name
from ddbmock._internal.partiql.problems import StatementProblem
from ddbmock._internal.partiql.tree import (
    Call,
    Element,
    Expression,
    Field,
    Literal,
    Name,
    Operation,
    Parameter,
    Path,
    Span,
    Step,
)

if TYPE_CHECKING:
    from ddbmock._internal.engine.values import AttributeValue

_INDEX_CHARACTERS_MAX = 20


class Lowering:
    """The names and constants of one statement, collected while its parts are lowered."""

    def __init__(self) -> None:
        #: Placeholder -> attribute name, for names that look like placeholders themselves.
        self.names: dict[str, str] = {}
        #: Placeholder -> value, for literals.
        self.constants: dict[str, AttributeValue] = {}

    def value(self, value: AttributeValue) -> lowered.Value:
        """Return the placeholder of a constant."""
        placeholder = f":c{len(self.constants)}"
        self.constants[placeholder] = value
        return lowered.Value(placeholder)

    def attribute(self, name: str) -> lowered.Path:
        """Return the path of a top-level attribute."""
        return lowered.Path((self._name(name),))

    def path(self, node: Name | Path) -> lowered.Path:
        """Return a document path."""
        return lowered.Path(
            tuple(
                self._name(step) if isinstance(step, str) else step for step in document_path(node)
            )
        )

    def _name(self, name: str) -> str:
        if name[0] not in "#:":
            return name
        placeholder = f"#n{len(self.names)}"
        self.names[placeholder] = name
        return placeholder

    def operand(self, node: Expression) -> lowered.Operand:
        """Return an operand of a condition: a path, a value or `size`."""
        if isinstance(node, (Name, Path)):
            return self.path(node)
        if isinstance(node, Parameter):
            return lowered.Value(parameter_placeholder(node))
        if is_literal(node):
            return self.value(constant(node))
        if isinstance(node, Call) and node.function.lower() == "size":
            return lowered.Call("size", tuple(map(self.operand, node.operands)))
        raise refusal(node)


def refusal(node: Expression) -> StatementProblem:
    """Return the error of an expression that DynamoDB does not support in this position."""
    if isinstance(node, Call):
        return StatementProblem(partiql_messages.unrecognized_function(node.function), *node.span)
    if isinstance(node, Operation):
        return StatementProblem(partiql_messages.unsupported_operator(node.operator))
    return StatementProblem(partiql_messages.unsupported_statement(kind_name(node)))


def parameter_placeholder(node: Parameter) -> str:
    """Return the placeholder of a parameter."""
    return f":p{node.number}"


def document_path(node: Expression) -> tuple[str | int, ...]:
    """Return the steps of a path through an item: names and list indexes."""
    if isinstance(node, Name):
        return (_checked_name(node.name),)
    if isinstance(node, Path) and isinstance(node.root, Name):
        return (_checked_name(node.root.name), *map(_document_step, node.steps))
    raise StatementProblem(partiql_messages.PATH_COMPONENT_UNEXPECTED, *_first_span(node))


def _first_span(node: Expression) -> Span:
    return _first_span(node.root) if isinstance(node, Path) else node.span


def _checked_name(name: str) -> str:
    if not name:
        raise StatementProblem(partiql_messages.PATH_COMPONENT_EMPTY)
    return name


def _document_step(step: Step) -> str | int:
    if isinstance(step, Field):
        return _checked_name(step.name)
    index = step.index if isinstance(step, Element) else None
    if isinstance(index, Literal):
        if index.kind == "S":
            return _checked_name(index.text)
        if index.kind == "N" and index.text.lstrip("-").isdigit():
            return _list_index(index)
    raise StatementProblem(partiql_messages.PATH_COMPONENT_UNEXPECTED, *step.span)


def _list_index(node: Literal) -> int:
    # Python converts no text of thousands of digits.
    index = int(node.text) if len(node.text) <= _INDEX_CHARACTERS_MAX else limits.LIST_INDEX_MAX + 1
    if not 0 <= index <= limits.LIST_INDEX_MAX:
        raise StatementProblem(expression_messages.list_index_out_of_range(node.text), *node.span)
    return index
