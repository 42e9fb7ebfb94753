"""Lowering of SET and REMOVE to updates in the tree of expressions.

`set_add` and `set_delete` become ADD and DELETE.

https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/ql-reference.update.html
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from ddbmock._internal.expressions import tree as lowered
from ddbmock._internal.expressions.static_checks import appends_to_appended
from ddbmock._internal.messages import expressions as expression_messages
from ddbmock._internal.messages import partiql as partiql_messages
from ddbmock._internal.partiql.literals import constant, is_literal
from ddbmock._internal.partiql.lowering import document_path, parameter_placeholder
from ddbmock._internal.partiql.problems import StatementProblem
from ddbmock._internal.partiql.tree import (
    Action,
    Assignment,
    Call,
    Expression,
    Insertion,
    Name,
    Operation,
    Parameter,
    Path,
    Removal,
    Span,
)

if TYPE_CHECKING:
    from ddbmock._internal.partiql.lowering import Lowering

_SET_TYPES = frozenset({"SS", "NS", "BS"})
_ARITHMETIC_OPERANDS = 2
#: Every function of an update takes two operands.
_FUNCTION_OPERANDS = 2


class SetOperand(NamedTuple):
    """A parameter that must be a set, which is checked when its value is known."""

    placeholder: str
    function: str
    span: Span


class UpdateLowering:
    """The sections of one update, lowered action by action."""

    def __init__(self, lowering: Lowering) -> None:
        self._lowering = lowering
        self._sections: dict[str, list[lowered.Action]] = {
            keyword: [] for keyword in ("SET", "REMOVE", "ADD", "DELETE")
        }
        self.set_operands: list[SetOperand] = []

    def lower(self, actions: tuple[Action, ...]) -> lowered.UpdateTree:
        """Return the update of a statement's clauses."""
        for action in actions:
            if isinstance(action, Insertion):
                raise StatementProblem(partiql_messages.SEVERAL_OPERATIONS)
            if isinstance(action, Removal):
                self._sections["REMOVE"].append(lowered.Removal(self._path(action.path)))
            else:
                self._assign(action)
        return lowered.UpdateTree(
            tuple(
                lowered.Section(keyword, tuple(section))
                for keyword, section in self._sections.items()
                if section
            )
        )

    def _path(self, node: Expression) -> lowered.Path:
        document_path(node)
        assert isinstance(node, (Name, Path))  # noqa: S101 (document_path refuses the rest)
        return self._lowering.path(node)

    def _assign(self, action: Assignment) -> None:
        value = action.value
        if isinstance(value, Call) and value.function.lower() in ("set_add", "set_delete"):
            self._change_set(action, value)
        else:
            assignment = lowered.Assignment(self._path(action.path), self._operand(value))
            self._sections["SET"].append(assignment)

    def _change_set(self, action: Assignment, call: Call) -> None:
        function = call.function.upper()
        if len(call.operands) != _FUNCTION_OPERANDS:
            raise StatementProblem(partiql_messages.set_function_arguments(function), *call.span)
        target, operand = call.operands
        if target != action.path:
            raise StatementProblem(partiql_messages.set_function_target(function), *call.span)
        path = self._path(action.path)
        value = self._set_value(operand, function, target)
        if function == "SET_ADD":
            self._sections["ADD"].append(lowered.Addition(path, value))
        else:
            self._sections["DELETE"].append(lowered.Deletion(path, value))

    def _set_value(self, operand: Expression, function: str, target: Expression) -> lowered.Value:
        if isinstance(operand, Parameter):
            placeholder = parameter_placeholder(operand)
            self.set_operands.append(SetOperand(placeholder, function, target.span))
            return lowered.Value(placeholder)
        value = constant(operand) if is_literal(operand) else {}
        if _SET_TYPES.isdisjoint(value):
            raise StatementProblem(partiql_messages.set_function_operand(function), *target.span)
        return self._lowering.value(value)

    def _operand(self, node: Expression) -> lowered.Operand:
        if isinstance(node, Operation):
            return self._arithmetic(node)
        if isinstance(node, Call):
            return self._list_append(node)
        return self._lowering.operand(node)

    def _arithmetic(self, node: Operation) -> lowered.Arithmetic:
        if node.operator not in ("+", "-"):
            raise StatementProblem(partiql_messages.unsupported_update_operator(node.operator))
        if len(node.operands) < _ARITHMETIC_OPERANDS:
            raise StatementProblem(
                expression_messages.operand_count(node.operator, len(node.operands))
            )
        left, right = map(self._operand, node.operands)
        return lowered.Arithmetic(node.operator, left, right)

    def _list_append(self, call: Call) -> lowered.Call:
        if call.function.lower() != "list_append":
            text = partiql_messages.unrecognized_function(call.function)
            raise StatementProblem(text, *call.span)
        if len(call.operands) != _FUNCTION_OPERANDS:
            raise StatementProblem(
                expression_messages.operand_count("list_append", len(call.operands))
            )
        lowered_call = lowered.Call("list_append", tuple(map(self._operand, call.operands)))
        if appends_to_appended(lowered_call):
            raise StatementProblem(expression_messages.function_out_of_place("list_append"))
        return lowered_call
