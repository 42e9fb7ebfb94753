"""Requirements of an expression on the values of a request.

`Inspector` finds the first error in the service's order. Walking a tree for each request would cost
more than the rest of a small call, so the requirements are computed once for a tree: with values
that meet them the walk finds no error (a property test asserts it). The walk runs only for values
that do not meet them.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from ddbmock._internal.engine.numbers import number_of
from ddbmock._internal.engine.values import TYPE_NAMES, AttributeValue
from ddbmock._internal.expressions.functions import ACTION_TYPES, OPERAND_TYPES
from ddbmock._internal.expressions.tree import (
    Addition,
    Arithmetic,
    Assignment,
    Between,
    Call,
    Comparison,
    Deletion,
    Node,
    UpdateTree,
    Value,
    children,
    ungroup,
    walk,
)
from ddbmock._internal.messages import expressions as messages

if TYPE_CHECKING:
    from collections.abc import Callable

    from ddbmock._internal.expressions.substitutions import Values


@dataclass(slots=True)
class ValueRequirements:
    """The requirements of a tree on the values of a request."""

    #: Every `:value` that the tree uses.
    placeholders: set[str] = field(default_factory=set)
    #: Values that must be of one of some types.
    types: list[tuple[str, frozenset[str]]] = field(default_factory=list)
    #: Bounds of BETWEEN: of one type, and in order.
    bounds: list[tuple[str, str]] = field(default_factory=list)
    #: Second operands of attribute_type: names of types.
    type_names: list[str] = field(default_factory=list)
    #: Whether the tree has an error with any values.
    impossible: bool = False

    @property
    def test(self) -> Callable[[Values], bool] | None:
        """Return `met_by` for values of which none is missing; None when all of these meet it."""
        if self.impossible or self.bounds or self.type_names or len(self.types) > 1:
            return self.met_by
        if not self.types:
            return None
        ((placeholder, allowed),) = self.types  # as of most expressions that require a type
        is_wrong = allowed.isdisjoint
        return lambda values: not is_wrong(values[placeholder])

    def met_by(self, values: Values) -> bool:
        """Return whether a walk over the tree would find no error with these values."""
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

    def add(self, tree: Node) -> None:
        """Add the requirements of a condition or operand."""
        for node in walk(tree):
            self._add_types(node)
            if isinstance(node, Value):
                self.placeholders.add(node.placeholder)
            elif isinstance(node, Between):
                self._add_bounds(node)
            elif isinstance(node, Call) and node.function == "attribute_type":
                # A call in a statement has any number of operands until it is inspected.
                self.type_names += _placeholders(node.operands[1:2])

    def _add_types(self, node: Node) -> None:
        allowed = OPERAND_TYPES.get(_operator(node))
        if allowed is not None:
            self.types += [(placeholder, allowed) for placeholder in _placeholders(children(node))]

    def _add_bounds(self, node: Between) -> None:
        bounds = _placeholders((node.low, node.high))
        if len(bounds) > 1:
            self.bounds.append((bounds[0], bounds[1]))


def condition_requirements(tree: Node) -> ValueRequirements:
    """Return the requirements of a condition; `impossible` is not computed."""
    requirements = ValueRequirements()
    requirements.add(tree)
    return requirements


def update_requirements(tree: UpdateTree) -> ValueRequirements:
    """Return the requirements of an update; `impossible` is not computed."""
    requirements = ValueRequirements()
    for section in tree.sections:
        for action in section.actions:
            if isinstance(action, Assignment):
                requirements.add(action.operand)
            elif isinstance(action, (Addition, Deletion)):
                placeholder = action.value.placeholder
                requirements.placeholders.add(placeholder)
                requirements.types.append((placeholder, ACTION_TYPES[section.keyword]))
    return requirements


def _operator(node: Node) -> str:
    if isinstance(node, (Comparison, Arithmetic)):
        return node.operator
    if isinstance(node, Call):
        return node.function
    return "BETWEEN" if isinstance(node, Between) else ""


def _placeholders(operands: tuple[Node, ...]) -> list[str]:
    """Return the placeholders of those operands that are values."""
    inner = map(ungroup, operands)
    return [operand.placeholder for operand in inner if isinstance(operand, Value)]


def bounds_problem(low: AttributeValue, high: AttributeValue) -> str | None:
    """Return what is wrong with the bounds of a BETWEEN, or None."""
    low_type, high_type = kind_of(low), kind_of(high)
    if low_type != high_type:
        return messages.between_types_differ(shown_value(low), shown_value(high))
    left, right = low[low_type], high[high_type]
    if low_type == "N":
        left, right = number_of(left), number_of(right)
    if left > right:
        return messages.between_bounds_reversed(shown_value(low), shown_value(high))
    return None


def kind_of(value: AttributeValue) -> str:
    """Return the type of a value, such as "S"."""
    return next(iter(value))


def shown_value(value: AttributeValue) -> str:
    """Return a value as the service's messages show it, such as "{S:a}"."""
    ((kind, content),) = value.items()
    if kind == "B":
        # The service prints its buffer object here.
        content = f"java.nio.HeapByteBuffer[pos=0 lim={len(content)} cap={len(content)}]"
    return f"{{{kind}:{content}}}"
