"""The second look at a tree, with names and values: is everything defined, do the types fit.

`Inspector` finds the first mistake in the service's order. Walking a tree for each request would
cost more than the rest of a small call, so `demands` is worked out once for a tree: what its values
must be for the walk to find nothing. Only when a request's values do not meet them, the walk runs.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from ddbmock import limits, messages
from ddbmock.engine.numbers import number_of
from ddbmock.engine.values import TYPE_NAMES, AttributeValue
from ddbmock.expressions.functions import (
    ACTION_TYPES,
    ANY_TYPE,
    DISTINCT_FUNCTIONS,
    LONG_TYPE_NAMES,
    OPERAND_TYPES,
    PATH_FUNCTIONS,
)
from ddbmock.expressions.paths import check_distinct, path_text, resolve
from ddbmock.expressions.problems import ExpressionProblem
from ddbmock.expressions.static_checks import check_operand_count
from ddbmock.expressions.tree import (
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
)

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from ddbmock.expressions.substitutions import Names, Values


@dataclass(slots=True)
class ValueRequirements:
    """What the values of a request must be for a tree to be right."""

    #: Every `:value` that the tree uses.
    placeholders: frozenset[str] = frozenset()
    #: Values used where only some types will do.
    types: list[tuple[str, frozenset[str]]] = field(default_factory=list)
    #: Bounds of BETWEEN: of one type, and in order.
    bounds: list[tuple[str, str]] = field(default_factory=list)
    #: Second operands of attribute_type: names of types.
    type_names: list[str] = field(default_factory=list)
    #: The tree has a mistake whatever the values are.
    impossible: bool = False

    @property
    def test(self) -> Callable[[Values], bool] | None:
        """Return `met_by`, or None when any values will do, if only none is missing."""
        if self.impossible or self.types or self.bounds or self.type_names:
            return self.met_by
        return None

    def met_by(self, values: Values) -> bool:
        """Return whether a walk over the tree would find nothing with these values."""
        if self.impossible or not self.placeholders <= values.keys():
            return False
        for placeholder, allowed in self.types:
            if allowed.isdisjoint(values[placeholder]):
                return False
        return not (self.bounds or self.type_names) or self._rest_met_by(values)

    def _rest_met_by(self, values: Values) -> bool:
        return all(
            bounds_problem(values[low], values[high]) is None for low, high in self.bounds
        ) and all(values[placeholder].get("S") in TYPE_NAMES for placeholder in self.type_names)


def condition_demands(tree: Node) -> ValueRequirements:
    """Return what a condition demands of values (whether it is impossible is not looked at)."""
    demands = ValueRequirements()
    demands.placeholders = frozenset(_collect(tree, demands))
    return demands


def update_demands(tree: UpdateTree) -> ValueRequirements:
    """Return what an update demands of values (whether it is impossible is not looked at)."""
    demands = ValueRequirements()
    placeholders: set[str] = set()
    for section in tree.sections:
        for action in section.actions:
            if isinstance(action, Assignment):
                placeholders.update(_collect(action.operand, demands))
            elif isinstance(action, (Addition, Deletion)):
                placeholders.add(action.value.placeholder)
                demands.types.append((action.value.placeholder, ACTION_TYPES[section.keyword]))
    demands.placeholders = frozenset(placeholders)
    return demands


def _collect(node: Node, demands: ValueRequirements) -> Iterator[str]:
    """Add what the node demands, and yield the placeholders in it."""
    operator = _operator(node)
    for child in children(node):
        inner = ungroup(child)
        if isinstance(inner, Value) and operator in OPERAND_TYPES:
            demands.types.append((inner.placeholder, OPERAND_TYPES[operator]))
        yield from _collect(child, demands)
    if isinstance(node, Value):
        yield node.placeholder
    elif isinstance(node, Between):
        low, high = ungroup(node.low), ungroup(node.high)
        if isinstance(low, Value) and isinstance(high, Value):
            demands.bounds.append((low.placeholder, high.placeholder))
    elif isinstance(node, Call) and operator == "attribute_type":
        # A statement's function may have any number of operands until it is inspected.
        demands.type_names += [
            inner.placeholder
            for inner in map(ungroup, node.operands[1:2])
            if isinstance(inner, Value)
        ]


def _operator(node: Node) -> str:
    if isinstance(node, (Comparison, Arithmetic)):
        return node.operator
    if isinstance(node, Call):
        return node.function
    return "BETWEEN" if isinstance(node, Between) else ""


def bounds_problem(low: AttributeValue, high: AttributeValue) -> str | None:
    """Return what is wrong with the bounds of a BETWEEN, or None."""
    low_type, high_type = kind_of(low), kind_of(high)
    if low_type != high_type:
        return messages.between_types_differ(_bound_text(low), _bound_text(high))
    left, right = low[low_type], high[high_type]
    if low_type == "N":
        left, right = number_of(left), number_of(right)
    if left > right:
        return messages.between_bounds_reversed(_bound_text(low), _bound_text(high))
    return None


def kind_of(value: AttributeValue) -> str:
    """Return the type of a value, such as "S"."""
    return next(iter(value))


def _bound_text(value: AttributeValue) -> str:
    ((kind, content),) = value.items()
    if kind == "B":
        # The service prints its own buffer object here.
        content = f"java.nio.HeapByteBuffer[pos=0 lim={len(content)} cap={len(content)}]"
    return f"{{{kind}:{content}}}"


class Inspector:
    """A walk over a tree that stops at the first mistake, with `ExpressionProblem`.

    With `values` None every value counts as defined and of the right type, so that only mistakes
    that no values can mend are found.
    """

    def __init__(self, names: Names, values: Values | None) -> None:
        self.names = names
        self.values = values

    def inspect(self, node: Node) -> None:
        """Look at the parts first, then at the node itself, in the order written."""
        if isinstance(node, Path):
            resolve(node, self.names)
            return
        if isinstance(node, Value):
            if self.values is not None and node.placeholder not in self.values:
                raise ExpressionProblem(messages.undefined_value(node.placeholder))
            return
        if isinstance(node, Call):
            check_operand_count(node)
        for child in children(node):
            self.inspect(child)
        self._inspect_operands(node)

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
        """Look at the paths that an update writes, then at what it writes there."""
        actions = [
            (section.keyword, action) for section in tree.sections for action in section.actions
        ]
        check_distinct([resolve(action.path, self.names) for _, action in actions])
        # Every name comes before any value, unlike in conditions.
        for _, action in actions:
            if isinstance(action, Assignment):
                self._inspect_names(action.operand)
        for keyword, action in actions:
            self._inspect_action(keyword, action)

    def _inspect_names(self, node: Node) -> None:
        if isinstance(node, Path):
            resolve(node, self.names)
        for child in children(node):
            self._inspect_names(child)

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
