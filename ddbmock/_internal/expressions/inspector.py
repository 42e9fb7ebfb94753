"""The check of a tree against names and values: definedness and types.

It finds the first error in the service's order. `requirements` makes the walk unnecessary for most
requests.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ddbmock._internal import limits
from ddbmock._internal.engine.values import TYPE_NAMES, AttributeValue
from ddbmock._internal.expressions.functions import (
    ACTION_TYPES,
    ANY_TYPE,
    DISTINCT_FUNCTIONS,
    LONG_TYPE_NAMES,
    OPERAND_TYPES,
    PATH_FUNCTIONS,
)
from ddbmock._internal.expressions.paths import check_distinct, path_text, resolve
from ddbmock._internal.expressions.problems import ExpressionProblem
from ddbmock._internal.expressions.requirements import bounds_problem, kind_of
from ddbmock._internal.expressions.static_checks import check_operand_count
from ddbmock._internal.expressions.tree import (
    Action,
    Addition,
    Arithmetic,
    Assignment,
    Between,
    Call,
    Comparison,
    Deletion,
    In,
    Node,
    Operand,
    Path,
    UpdateTree,
    Value,
    children,
    ungroup,
    walk,
)
from ddbmock._internal.messages import expressions as messages

if TYPE_CHECKING:
    from ddbmock._internal.expressions.substitutions import Names, Values


class Inspector:
    """A walk over a tree that stops at the first error, with `ExpressionProblem`.

    With `values` None every value counts as defined and of the right type, so that only errors that
    do not depend on values are found.
    """

    def __init__(self, names: Names, values: Values | None) -> None:
        self.names = names
        self.values = values

    def inspect(self, tree: Node) -> None:
        """Check the parts of every node before the node itself, in the order written."""
        # Each node, and whether its parts have been checked.
        waiting: list[tuple[Node, bool]] = [(tree, False)]
        while waiting:
            node, are_parts_checked = waiting.pop()
            if are_parts_checked:
                self._inspect_operands(node)
            elif isinstance(node, Path):
                resolve(node, self.names)
            elif isinstance(node, Value):
                self._inspect_value(node)
            else:
                if isinstance(node, Call):
                    check_operand_count(node)
                waiting.append((node, True))
                waiting += [(child, False) for child in reversed(children(node))]

    def _inspect_value(self, value: Value) -> None:
        if self.values is not None and value.placeholder not in self.values:
            raise ExpressionProblem(messages.undefined_value(value.placeholder))

    def _inspect_operands(self, node: Node) -> None:
        if isinstance(node, Call):
            self._inspect_call(node)
        elif isinstance(node, (Comparison, Arithmetic)):
            if isinstance(node, Comparison):
                self._inspect_distinct(node.operator, node.left, (node.right,))
            self._inspect_types(node.operator, (node.left, node.right))
        elif isinstance(node, Between):
            self._inspect_between(node)
        elif isinstance(node, In):
            self._inspect_in(node)

    def _inspect_in(self, node: In) -> None:
        if len(node.candidates) > limits.IN_OPERANDS_MAX:
            raise ExpressionProblem(messages.too_many_in_operands(len(node.candidates)))
        self._inspect_distinct("IN", node.operand, node.candidates)

    def _inspect_between(self, node: Between) -> None:
        self._inspect_distinct("BETWEEN", node.operand, (node.low, node.high))
        self._inspect_types("BETWEEN", (node.operand, node.low, node.high))
        low, high = self._given(node.low), self._given(node.high)
        if low is not None and high is not None:
            problem = bounds_problem(low, high)
            if problem:
                raise ExpressionProblem(problem)

    def _inspect_call(self, call: Call) -> None:
        name, operands = call.function, call.operands
        if name in PATH_FUNCTIONS and not isinstance(ungroup(operands[0]), Path):
            raise ExpressionProblem(messages.document_path_required(name))
        if name in DISTINCT_FUNCTIONS:
            self._inspect_distinct(name, operands[0], operands[1:])
        if name == "attribute_type":
            self._inspect_type_name(ungroup(operands[1]))
        else:
            self._inspect_types(name, operands)

    def _inspect_type_name(self, operand: Node) -> None:
        if not isinstance(operand, Value):
            found = "N" if isinstance(operand, Call) else ANY_TYPE
            raise ExpressionProblem(messages.operand_type("attribute_type", found))
        value = self._given(operand)
        if value is None:
            return
        if "S" not in value:
            raise ExpressionProblem(messages.operand_type("attribute_type", kind_of(value)))
        if value["S"] not in TYPE_NAMES:
            raise ExpressionProblem(messages.unknown_attribute_type(value["S"]))

    def _inspect_types(self, operator: str, operands: tuple[Operand, ...]) -> None:
        allowed = OPERAND_TYPES.get(operator)
        for operand in operands if allowed else ():
            found = self._known_type(operand)
            if found is not None and found not in allowed:  # type: ignore[operator]
                raise ExpressionProblem(messages.operand_type(operator, found))

    def _inspect_distinct(self, operator: str, first: Operand, others: tuple[Operand, ...]) -> None:
        path = ungroup(first)
        if not isinstance(path, Path):
            return
        resolved = resolve(path, self.names)
        for other in others:
            candidate = ungroup(other)
            if isinstance(candidate, Path) and resolve(candidate, self.names) == resolved:
                raise ExpressionProblem(
                    messages.operands_not_distinct(operator, path_text(resolved))
                )

    def _given(self, operand: Node) -> AttributeValue | None:
        inner = ungroup(operand)
        if isinstance(inner, Value) and self.values is not None:
            return self.values[inner.placeholder]
        return None

    def _known_type(self, operand: Operand) -> str | None:
        inner = ungroup(operand)
        if isinstance(inner, Call) and inner.function == "size":
            return "N"
        value = self._given(inner)
        return kind_of(value) if value is not None else None

    # --- updates ---

    def inspect_update(self, tree: UpdateTree) -> None:
        """Check the paths that an update writes, then the operands."""
        actions = [
            (section.keyword, action) for section in tree.sections for action in section.actions
        ]
        check_distinct([resolve(action.path, self.names) for _, action in actions])
        # Every name comes before any value, unlike in conditions.
        for _, action in actions:
            if isinstance(action, Assignment):
                for node in walk(action.operand):
                    if isinstance(node, Path):
                        resolve(node, self.names)
        for keyword, action in actions:
            self._inspect_action(keyword, action)

    def _inspect_action(self, keyword: str, action: Action) -> None:
        if isinstance(action, Assignment):
            self.inspect(action.operand)
        elif isinstance(action, (Addition, Deletion)):
            self.inspect(action.value)
            found = self._known_type(action.value)
            if found is not None and found not in ACTION_TYPES[keyword]:
                raise ExpressionProblem(
                    messages.action_operand_type(keyword, LONG_TYPE_NAMES[found])
                )
