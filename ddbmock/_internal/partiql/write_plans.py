"""Plans of INSERT, UPDATE and DELETE."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ddbmock._internal.engine.values import AttributeValue, Item, copy_value
from ddbmock._internal.expressions import tree as lowered
from ddbmock._internal.expressions.compiled import Update
from ddbmock._internal.messages import partiql as messages
from ddbmock._internal.partiql.conditions import conjunction, lower_condition
from ddbmock._internal.partiql.keys import key_equalities
from ddbmock._internal.partiql.literals import constant, struct_fields
from ddbmock._internal.partiql.lowering import Lowering, parameter_placeholder
from ddbmock._internal.partiql.plan import ItemPlan, Plan, check_values, where_condition
from ddbmock._internal.partiql.problems import StatementProblem
from ddbmock._internal.partiql.sources import source_name
from ddbmock._internal.partiql.tree import (
    Bag,
    Clause,
    Delete,
    Expression,
    Insertion,
    Listing,
    Parameter,
    Path,
    Returning,
    Source,
    Struct,
)
from ddbmock._internal.partiql.tree import Update as UpdateStatement
from ddbmock._internal.partiql.updates import SetOperand, UpdateLowering

if TYPE_CHECKING:
    from ddbmock._internal.expressions.substitutions import Values

#: RETURNING -> ReturnValues.
_RETURN_VALUES = {
    "all_old": "ALL_OLD",
    "all_new": "ALL_NEW",
    "modified_old": "UPDATED_OLD",
    "modified_new": "UPDATED_NEW",
}


class InsertPlan(Plan):
    """An INSERT of one item."""

    def __init__(self, tree: Insertion, text: str, parameter_count: int) -> None:
        source = source_name(Source(tree.target))
        if source.index_name is not None:
            raise StatementProblem(messages.MANIPULATION_OF_SEVERAL_SOURCES, *_root_span(tree))
        for clause in tree.clauses:
            raise _refused_clause(clause)
        if not tree.single or not isinstance(tree.value, Struct):
            raise _not_an_item(tree.value)
        super().__init__(source, Lowering(), text, parameter_count)
        self._fields = [_field(*pair) for pair in struct_fields(tree.value).items()]

    def item(self, values: Values) -> Item:
        """Return a new item to store."""
        return {
            name: values[placeholder] if value is None else copy_value(value)
            for name, value, placeholder in self._fields
        }

    def attributes(self, values: Values) -> frozenset[str]:  # noqa: ARG002 (of parameters only)
        """Return the attributes of the item."""
        return frozenset(name for name, _, _ in self._fields)


def _root_span(tree: Insertion) -> tuple[int, int]:
    target = tree.target
    return target.root.span if isinstance(target, Path) else target.span


def _refused_clause(clause: Clause) -> StatementProblem:
    if clause.name == "AT":
        return StatementProblem(messages.INSERT_AT)
    if clause.name == "RETURNING":
        return StatementProblem(messages.INSERT_RETURNING)
    return StatementProblem(messages.unsupported_clause(clause.name))


def _not_an_item(value: Expression) -> StatementProblem:
    # Collections have no position of their own in the service's tree.
    if isinstance(value, (Bag, Listing)):
        return StatementProblem(messages.INSERT_WITHOUT_STRUCT)
    return StatementProblem(messages.INSERT_WITHOUT_STRUCT, *value.span)


def _field(name: str, node: Expression) -> tuple[str, AttributeValue | None, str]:
    if isinstance(node, Parameter):
        return name, None, parameter_placeholder(node)
    return name, constant(node), ""


class KeyedPlan(Plan):
    """An UPDATE or DELETE: a write of the item whose key is in the WHERE clause."""

    def __init__(
        self, tree: UpdateStatement | Delete, lowering: Lowering, text: str, parameter_count: int
    ) -> None:
        if tree.source is None:
            raise StatementProblem(messages.MANIPULATION_OF_SEVERAL_SOURCES)
        source = source_name(tree.source)
        if tree.where is None:
            raise StatementProblem(messages.KEY_EQUALITY_MISSING)
        self._tree = lower_condition(tree.where, lowering)
        self._lowering = lowering
        self._where = where_condition(self._tree, lowering.names)
        self._plans: dict[tuple[str, ...], ItemPlan] = {}
        #: The equivalent of ReturnValues.
        self.returned: str = _returned(tree.returning)
        super().__init__(source, lowering, text, parameter_count)

    def attributes(self, values: Values) -> frozenset[str]:  # noqa: ARG002 (of an INSERT)
        """Return the attributes of the WHERE."""
        return self._where.attributes

    def _check(self, values: Values) -> None:
        check_values(self._where, values)

    def item_plan(self, key_names: tuple[str, ...]) -> ItemPlan:
        """Return the key of the item that is written and the condition of the write."""
        plan = self._plans.get(key_names)
        if plan is None:
            found = key_equalities(self._tree, self.names, key_names)
            path = self._lowering.attribute(key_names[0])
            tree = self._guarded(path, list(found.rest))
            condition = None if tree is None else where_condition(tree, self.names)
            plan = self._plans[key_names] = ItemPlan(found.equalities, condition)
        return plan

    def _guarded(
        self, path: lowered.Path, rest: list[lowered.Condition]
    ) -> lowered.Condition | None:
        """Return the condition of the write, which also says whether the item must exist."""
        raise NotImplementedError


class UpdatePlan(KeyedPlan):
    """An UPDATE, which needs an item that exists."""

    def __init__(self, tree: UpdateStatement, text: str, parameter_count: int) -> None:
        lowering = Lowering()
        actions = UpdateLowering(lowering)
        update_tree = actions.lower(tree.actions)
        super().__init__(tree, lowering, text, parameter_count)
        self.update: Update = Update(update_tree, lowering.names)
        self._set_operands: list[SetOperand] = actions.set_operands

    def attributes(self, values: Values) -> frozenset[str]:
        """Return the attributes of the WHERE and of the assignments."""
        update = self.update
        return super().attributes(values) | update.attributes | update.read_attributes

    def _check(self, values: Values) -> None:
        super()._check(values)
        for placeholder, function, span in self._set_operands:
            if {"SS", "NS", "BS"}.isdisjoint(values[placeholder]):
                problem = StatementProblem(messages.set_function_operand(function), *span)
                raise problem.error(self.text)
        check_values(self.update, values)

    def _guarded(
        self, path: lowered.Path, rest: list[lowered.Condition]
    ) -> lowered.Condition | None:
        return conjunction([lowered.Call("attribute_exists", (path,)), *rest])


class DeletePlan(KeyedPlan):
    """A DELETE, which succeeds when there is no item, whatever its condition says."""

    def __init__(self, tree: Delete, text: str, parameter_count: int) -> None:
        super().__init__(tree, Lowering(), text, parameter_count)
        if self.returned not in ("NONE", "ALL_OLD"):
            assert tree.returning is not None  # noqa: S101 (else it returns nothing)
            mapping = tree.returning.elements[0][0].replace("_", " ").upper()
            raise StatementProblem(messages.invalid_returning(f"RETURNING {mapping} *"))

    def _guarded(
        self, path: lowered.Path, rest: list[lowered.Condition]
    ) -> lowered.Condition | None:
        if not rest:
            return None
        return lowered.Or((lowered.Call("attribute_not_exists", (path,)), conjunction(rest)))


def _returned(returning: Returning | None) -> str:
    if returning is None:
        return "NONE"
    if len(returning.elements) > 1 or returning.elements[0][1] is not None:
        raise StatementProblem(messages.unsupported_clause("RETURNING"))
    return _RETURN_VALUES[returning.elements[0][0]]
