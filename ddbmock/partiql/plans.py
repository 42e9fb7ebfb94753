"""Statements ready to run: all that can be told from the text is told and made once.

A plan is cached by its text and shared; parameters come with each run, the key of the table is
asked for when the table is known.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from ddbmock import messages
from ddbmock.engine.values import AttributeValue, Item, copy_value
from ddbmock.errors import ValidationError
from ddbmock.expressions import Condition, InvalidExpressionError, Update
from ddbmock.expressions import tree as lowered
from ddbmock.partiql.columns import Columns, plan_columns
from ddbmock.partiql.conditions import conjunction, lower_condition
from ddbmock.partiql.keys import Decomposition, KeyTerm, pinned_key
from ddbmock.partiql.literals import constant, kind_name, struct_fields
from ddbmock.partiql.lowering import Lowering, parameter_placeholder
from ddbmock.partiql.problems import StatementProblem
from ddbmock.partiql.statements import parse_statement
from ddbmock.partiql.tree import (
    Call,
    Delete,
    Expression,
    Field,
    Insertion,
    Name,
    Parameter,
    Path,
    Returning,
    Select,
    Source,
    Struct,
)
from ddbmock.partiql.tree import Update as UpdateStatement
from ddbmock.partiql.updates import SetOperand, UpdateLowering

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    Values = Mapping[str, AttributeValue]

#: Programs have few statements; those that put values into the text must not fill the memory.
_CACHE_SIZE = 2048
#: RETURNING -> ReturnValues.
_RETURN_VALUES = {
    "all_old": "ALL_OLD",
    "all_new": "ALL_NEW",
    "modified_old": "UPDATED_OLD",
    "modified_new": "UPDATED_NEW",
}
_SOURCE_COMPONENTS_MAX = 2


@lru_cache(_CACHE_SIZE)
def compile_statement(text: str) -> Plan:
    """Return the plan of a statement.

    Raises:
        ValidationError: with the service's text, for every mistake that the text alone shows.

    >>> compile_statement('DELETE FROM "t" WHERE pk = ?').table_name
    't'
    """
    try:
        tree, parameter_count = parse_statement(text)
        return _PLANNERS.get(type(tree), _plan_nothing)(tree, text, parameter_count)
    except StatementProblem as problem:
        raise problem.error(text) from None


class Plan:
    """What every kind of statement has: its source, its constants, its parameters."""

    is_read = False

    def __init__(
        self, source: tuple[str, str | None], lowering: Lowering, text: str, parameter_count: int
    ) -> None:
        self.table_name, self.index_name = source
        self.text = text
        self.names = lowering.names
        self._constants = lowering.constants
        self._placeholders = [f":p{number}" for number in range(parameter_count)]

    def values(self, parameters: list[AttributeValue]) -> Values:
        """Return what every placeholder stands for, after checking all that values can tell."""
        if len(parameters) != len(self._placeholders):
            raise ValidationError(messages.PARAMETER_COUNT_MISMATCH)
        values = self._constants
        if parameters:
            values = {**values, **dict(zip(self._placeholders, parameters, strict=True))}
        self._check(values)
        return values

    def _check(self, values: Values) -> None:
        """Raise the service's error for values that do not fit."""


def _checked(checkable: Condition | Update, values: Values) -> None:
    try:
        checkable.check(values)
    except InvalidExpressionError as error:
        # The service says of a statement what it says of an expression, without the envelope.
        bare = error.message.removeprefix(messages.invalid_expression(error.label, ""))
        raise ValidationError(bare) from None


def _condition(tree: lowered.Condition, names: dict[str, str]) -> Condition:
    return Condition("WHERE", tree, names)


@dataclass(frozen=True, slots=True)
class ReadBranch:
    """One partition and one range of a SELECT, and what else must hold there."""

    partition: tuple[str, ...]
    sort: tuple[KeyTerm, ...]
    condition: Condition | None
    #: The attributes that the condition reads, in the order written.
    filter_names: tuple[str, ...]


class ReadPlan:
    """A SELECT over the key of one table or index."""

    def __init__(self, where: Condition | None, names: dict[str, str], key: _Key) -> None:
        self.terms: list[KeyTerm] = []
        self.branches: list[ReadBranch] = []
        #: Whether every branch has a partition; else the statement is a scan.
        self.keyed = False
        self.pins_partition = False
        self.too_many = False
        if where is not None:
            self._decompose(where, names, key)

    def _decompose(self, where: Condition, names: dict[str, str], key: _Key) -> None:
        decomposition = Decomposition(where.tree, names, *key)
        self.terms = decomposition.terms
        self.keyed = decomposition.keyed
        self.pins_partition = decomposition.pins_partition
        self.too_many = decomposition.too_many
        conditions: dict[tuple[lowered.Condition, ...], Condition | None] = {(): None}
        for branch in decomposition.branches if self.keyed else ():
            filters = branch.filters
            if filters not in conditions:
                conditions[filters] = _condition(conjunction(list(filters)), names)
            self.branches.append(
                ReadBranch(
                    branch.partition,
                    branch.sort,
                    conditions[filters],
                    _attributes(filters, names),
                )
            )

    @property
    def partition_count(self) -> int:
        """Return how many partition key conditions there are."""
        return len({branch.partition for branch in self.branches})


_Key = tuple[str, "str | None"]


def _attributes(filters: tuple[lowered.Condition, ...], names: dict[str, str]) -> tuple[str, ...]:
    found: dict[str, None] = {}
    waiting: list[Any] = list(reversed(filters))
    while waiting:
        node = waiting.pop()
        if isinstance(node, lowered.Path):
            name = str(node.steps[0])
            found[names.get(name, name)] = None
        waiting += reversed(lowered.children(node))
    return tuple(found)


@dataclass(frozen=True, slots=True)
class PinPlan:
    """The one item that a statement is about, and what else must hold of it."""

    #: Key attribute -> the placeholders it is said to equal.
    equalities: dict[str, tuple[str, ...]]
    condition: Condition | None


class SelectPlan(Plan):
    """A SELECT."""

    is_read = True

    def __init__(self, tree: Select, text: str, parameter_count: int) -> None:
        if len(tree.sources) > 1:
            raise StatementProblem(messages.SELECT_FROM_SEVERAL_SOURCES)
        lowering = Lowering()
        source = _source(tree.sources[0])
        for clause in tree.clauses:
            raise StatementProblem(messages.unsupported_clause(clause.name), *clause.span)
        self.columns: Columns | None = plan_columns(tree.columns)
        self.where: Condition | None = None
        if tree.where is not None:
            self.where = _condition(lower_condition(tree.where, lowering), lowering.names)
        super().__init__(source, lowering, text, parameter_count)
        #: Attribute -> whether it is ordered by backwards.
        self.order = {_order_name(term.expression): bool(term.descending) for term in tree.order}
        self._read_plans: dict[_Key, ReadPlan] = {}
        self._pin_plans: dict[tuple[str, ...], PinPlan] = {}

    def _check(self, values: Values) -> None:
        if self.where is not None:
            _checked(self.where, values)

    def over(self, partition_name: str, sort_name: str | None) -> ReadPlan:
        """Return the statement over the key of what it reads."""
        key = (partition_name, sort_name)
        plan = self._read_plans.get(key)
        if plan is None:
            plan = self._read_plans[key] = ReadPlan(self.where, self.names, key)
        return plan

    def pinned(self, key_names: tuple[str, ...]) -> PinPlan:
        """Return the one item that the statement is about, where it must be about one."""
        plan = self._pin_plans.get(key_names)
        if plan is None:
            tree = None if self.where is None else self.where.tree
            pinned = pinned_key(tree, self.names, key_names, with_lists=True)
            condition = conjunction(list(pinned.rest)) if pinned.rest else None
            plan = PinPlan(
                pinned.equalities,
                None if condition is None else _condition(condition, self.names),
            )
            self._pin_plans[key_names] = plan
        return plan


def _order_name(expression: Expression) -> str:
    if not isinstance(expression, Name):
        raise StatementProblem(messages.PATH_COMPONENT_UNEXPECTED, *expression.span)
    return expression.name


class ExistsPlan(Plan):
    """EXISTS(SELECT …): a condition check of a transaction."""

    def __init__(self, tree: Call, text: str, parameter_count: int) -> None:
        (select,) = tree.operands
        if not isinstance(select, Select):
            raise StatementProblem(messages.unrecognized_function(tree.function), *tree.span)
        self.select = SelectPlan(select, text, parameter_count)
        source = (self.select.table_name, self.select.index_name)
        super().__init__(source, Lowering(), text, parameter_count)

    def values(self, parameters: list[AttributeValue]) -> Values:
        """Return what every placeholder of the SELECT stands for."""
        return self.select.values(parameters)


class InsertPlan(Plan):
    """An INSERT of one item."""

    def __init__(self, tree: Insertion, text: str, parameter_count: int) -> None:
        table_name, index_name = _source(Source(tree.target))
        if index_name is not None:
            raise StatementProblem(messages.MANIPULATION_OF_SEVERAL_SOURCES, *_root_span(tree))
        for clause in tree.clauses:
            if clause.name == "RETURNING":
                raise StatementProblem(messages.INSERT_RETURNING)
            raise StatementProblem(messages.unsupported_clause(clause.name), *clause.span)
        if not tree.single or not isinstance(tree.value, (Struct, Parameter)):
            raise StatementProblem(messages.INSERT_WITHOUT_STRUCT)
        super().__init__((table_name, None), Lowering(), text, parameter_count)
        #: The parameter that is the whole item, if one is.
        self._whole: str | None = None
        self._fields: list[tuple[str, AttributeValue | None, str]] = []
        if isinstance(tree.value, Parameter):
            self._whole = parameter_placeholder(tree.value)
        else:
            self._fields = [_field(*pair) for pair in struct_fields(tree.value).items()]

    def item(self, values: Values) -> Item:
        """Return a new item to store."""
        if self._whole is not None:
            whole: Item | None = values[self._whole].get("M")
            if whole is None:
                raise ValidationError(messages.INSERT_WITHOUT_STRUCT)
            return whole
        return {
            name: values[placeholder] if value is None else copy_value(value)
            for name, value, placeholder in self._fields
        }


def _root_span(tree: Insertion) -> tuple[int, int]:
    target = tree.target
    return target.root.span if isinstance(target, Path) else target.span


def _field(name: str, node: Expression) -> tuple[str, AttributeValue | None, str]:
    if isinstance(node, Parameter):
        return name, None, parameter_placeholder(node)
    return name, constant(node), ""


class KeyedPlan(Plan):
    """An UPDATE or DELETE: a write of the one item that WHERE pins."""

    def __init__(
        self, tree: UpdateStatement | Delete, lowering: Lowering, text: str, parameter_count: int
    ) -> None:
        if tree.source is None:
            raise StatementProblem(messages.MANIPULATION_OF_SEVERAL_SOURCES)
        source = _source(tree.source)
        if tree.where is None:
            raise StatementProblem(messages.KEY_EQUALITY_MISSING)
        self._tree = lower_condition(tree.where, lowering)
        self._lowering = lowering
        self._where = _condition(self._tree, lowering.names)
        self._plans: dict[tuple[str, ...], PinPlan] = {}
        #: As ReturnValues has it.
        self.returned = _returned(tree.returning)
        super().__init__(source, lowering, text, parameter_count)

    def _check(self, values: Values) -> None:
        _checked(self._where, values)

    def pinned(self, key_names: tuple[str, ...]) -> PinPlan:
        """Return the item that is written and the condition of the write."""
        plan = self._plans.get(key_names)
        if plan is None:
            pinned = pinned_key(self._tree, self.names, key_names)
            path = self._lowering.attribute(key_names[0])
            tree = self._guarded(path, list(pinned.rest))
            condition = None if tree is None else _condition(tree, self.names)
            plan = self._plans[key_names] = PinPlan(pinned.equalities, condition)
        return plan

    def _guarded(
        self, path: lowered.Path, rest: list[lowered.Condition]
    ) -> lowered.Condition | None:
        """Return the condition with what an item that is not there means to it."""
        raise NotImplementedError


class UpdatePlan(KeyedPlan):
    """An UPDATE: of an item that is there, it makes none."""

    def __init__(self, tree: UpdateStatement, text: str, parameter_count: int) -> None:
        lowering = Lowering()
        actions = UpdateLowering(lowering)
        update_tree = actions.lower(tree.actions)
        super().__init__(tree, lowering, text, parameter_count)
        self.update = Update(update_tree, lowering.names)
        self._set_operands: list[SetOperand] = actions.set_operands

    def _check(self, values: Values) -> None:
        super()._check(values)
        for placeholder, function, span in self._set_operands:
            if {"SS", "NS", "BS"}.isdisjoint(values[placeholder]):
                problem = StatementProblem(messages.set_function_operand(function), *span)
                raise problem.error(self.text)
        _checked(self.update, values)

    def _guarded(
        self, path: lowered.Path, rest: list[lowered.Condition]
    ) -> lowered.Condition | None:
        return conjunction([lowered.Call("attribute_exists", (path,)), *rest])


class DeletePlan(KeyedPlan):
    """A DELETE; deleting what is not there is done too, whatever else is asked for."""

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


def _source(source: Source) -> tuple[str, str | None]:
    """Return the table's name and the index's."""
    if source.alias is not None:
        raise StatementProblem(messages.ALIASES_NOT_SUPPORTED)
    components = _components(source.expression)
    if not all(components):
        raise StatementProblem(messages.PATH_COMPONENT_EMPTY)
    if len(components) > _SOURCE_COMPONENTS_MAX:
        raise StatementProblem(messages.SOURCE_TOO_LONG)
    return components[0], components[1] if len(components) > 1 else None


def _components(node: Expression) -> list[str]:
    if isinstance(node, Name):
        return [node.name]
    if isinstance(node, Path) and isinstance(node.root, Name):
        names = [step.name for step in node.steps if isinstance(step, Field)]
        if len(names) == len(node.steps):
            return [node.root.name, *names]
    raise StatementProblem(messages.SOURCE_UNEXPECTED)


def _plan_call(tree: Call, text: str, parameter_count: int) -> Plan:
    if tree.function.lower() != "exists" or len(tree.operands) != 1:
        raise StatementProblem(messages.unsupported_statement(kind_name(tree)))
    return ExistsPlan(tree, text, parameter_count)


def _plan_nothing(tree: Expression, _text: str, _parameter_count: int) -> Plan:
    raise StatementProblem(messages.unsupported_statement(kind_name(tree)))


_PLANNERS: dict[type, Callable[[Any, str, int], Plan]] = {
    Select: SelectPlan,
    Insertion: InsertPlan,
    UpdateStatement: UpdatePlan,
    Delete: DeletePlan,
    Call: _plan_call,
}
