"""Plans of SELECT, and of EXISTS, the SELECT that is a condition of a transaction."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from ddbmock._internal.expressions import tree as lowered
from ddbmock._internal.messages import partiql as messages
from ddbmock._internal.partiql.columns import Columns, plan_columns
from ddbmock._internal.partiql.conditions import conjunction, lower_condition
from ddbmock._internal.partiql.keys import Branch, Decomposition, conjuncts, key_term
from ddbmock._internal.partiql.lowering import Lowering
from ddbmock._internal.partiql.plan import ItemPlan, Plan, check_values, item_plan, where_condition
from ddbmock._internal.partiql.problems import StatementProblem
from ddbmock._internal.partiql.sources import SourceName, source_name
from ddbmock._internal.partiql.tree import Call, Expression, Name, Select

if TYPE_CHECKING:
    from ddbmock._internal.engine.values import AttributeValue
    from ddbmock._internal.errors import ValidationError
    from ddbmock._internal.expressions.compiled import Condition
    from ddbmock._internal.expressions.key_conditions import KeyTerm
    from ddbmock._internal.expressions.substitutions import Values

_Key = tuple[str, "str | None"]


@dataclass(frozen=True, slots=True)
class ReadBranch:
    """One partition and one range of a SELECT, with the condition on its items."""

    partition: tuple[str, ...]
    sort: tuple[KeyTerm, ...]
    condition: Condition | None
    #: The attributes that the condition reads, in the order written.
    filter_names: tuple[str, ...]


class ReadPlan:
    """A SELECT, planned for the key of one table or index."""

    def __init__(self, where: Condition | None, names: dict[str, str], key: _Key) -> None:
        self.terms: list[KeyTerm] = []
        self.branches: list[ReadBranch] = []
        #: Whether every branch has a partition; else the statement is a scan.
        self.keyed: bool = False
        self.fixes_partition: bool = False
        self.too_many: bool = False
        if where is not None:
            self._decompose(where, names, key)

    def _decompose(self, where: Condition, names: dict[str, str], key: _Key) -> None:
        decomposition = Decomposition(where.tree, names, *key)
        self.terms = decomposition.terms
        self.keyed = decomposition.keyed
        self.fixes_partition = decomposition.fixes_partition
        self.too_many = decomposition.too_many
        conditions: dict[tuple[lowered.Condition, ...], Condition | None] = {(): None}
        for branch in decomposition.branches if self.keyed else ():
            if branch.filters not in conditions:
                tree = conjunction(list(branch.filters))
                conditions[branch.filters] = where_condition(tree, names)
            self.branches.append(_read_branch(branch, conditions[branch.filters], names))

    @property
    def partition_count(self) -> int:
        """Return how many partition key conditions there are."""
        return len({branch.partition for branch in self.branches})


def _read_branch(branch: Branch, condition: Condition | None, names: dict[str, str]) -> ReadBranch:
    filter_names = _attributes(branch.filters, names)
    return ReadBranch(branch.partition, branch.sort, condition, filter_names)


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


class SelectPlan(Plan):
    """A SELECT.

    Errors of the columns or conditions of a SELECT from an index are deferred, as the service
    checks the index first.
    """

    is_read = True

    def __init__(self, tree: Select, text: str, parameter_count: int) -> None:
        if len(tree.sources) > 1:
            raise StatementProblem(messages.SELECT_FROM_SEVERAL_SOURCES)
        lowering = Lowering()
        source = source_name(tree.sources[0])
        self.columns: Columns | None = None
        self.where: Condition | None = None
        #: Attribute of ORDER BY -> whether the order is descending.
        self.order: dict[str, bool] = {}
        self._error: ValidationError | None = None
        self._read_plans: dict[_Key, ReadPlan] = {}
        self._item_plans: dict[tuple[str, ...], ItemPlan] = {}
        super().__init__(source, lowering, text, parameter_count)
        try:
            self._read(tree, lowering)
        except StatementProblem as problem:
            if source.index_name is None:
                raise
            self._error = problem.error(text)

    def _read(self, tree: Select, lowering: Lowering) -> None:
        for clause in tree.clauses:
            if clause.name == "DISTINCT":
                raise StatementProblem(messages.unsupported_token(clause.name))
            raise StatementProblem(messages.unsupported_clause(clause.name), *clause.span)
        self.columns = plan_columns(tree.columns)
        if tree.where is not None:
            self.where = where_condition(lower_condition(tree.where, lowering), lowering.names)
        self.order = {_order_name(term.expression): bool(term.descending) for term in tree.order}

    def values(self, parameters: list[AttributeValue]) -> Values:
        """Return the value of every placeholder, after the checks that need no table."""
        if self._error is not None:
            raise self._error.with_traceback(None)
        return super().values(parameters)

    def range_count(self, name: str) -> int:
        """Return how many comparisons other than equality the WHERE clause joins by AND."""
        if self.where is None:
            return 0
        terms = [key_term(part, self.names) for part in conjuncts(self.where.tree)]
        return sum(
            term is not None and term.name == name and term.operator in {"<", "<=", ">", ">="}
            for term in terms
        )

    def attributes(self, values: Values) -> frozenset[str]:  # noqa: ARG002 (of an INSERT)
        """Return the attributes of the columns, the WHERE and the order."""
        named = frozenset(self.order)
        if self.columns is not None:
            named |= frozenset(self.columns.attributes)
        return named if self.where is None else named | self.where.attributes

    def _check(self, values: Values) -> None:
        if self.where is not None:
            check_values(self.where, values)

    def for_key(self, partition_name: str, sort_name: str | None) -> ReadPlan:
        """Return the plan for the key of the table or index that is read."""
        key = (partition_name, sort_name)
        plan = self._read_plans.get(key)
        if plan is None:
            plan = self._read_plans[key] = ReadPlan(self.where, self.names, key)
        return plan

    def item_plan(self, key_names: tuple[str, ...]) -> ItemPlan:
        """Return the key of the item of a statement that must select one."""
        plan = self._item_plans.get(key_names)
        if plan is None:
            tree = None if self.where is None else self.where.tree
            plan = item_plan(tree, self.names, key_names, with_lists=True)
            self._item_plans[key_names] = plan
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
        self.select: SelectPlan = SelectPlan(select, text, parameter_count)
        source = SourceName(self.select.table_name, self.select.index_name)
        super().__init__(source, Lowering(), text, parameter_count)

    def values(self, parameters: list[AttributeValue]) -> Values:
        """Return the value of every placeholder of the SELECT."""
        return self.select.values(parameters)

    def attributes(self, values: Values) -> frozenset[str]:
        """Return the attributes of the SELECT."""
        return self.select.attributes(values)
