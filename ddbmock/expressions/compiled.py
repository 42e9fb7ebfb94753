"""What compiled expressions are to their callers: conditions, updates, projections, key conditions.

Compiling raises what can be said without values: syntax, reserved words, functions, and for a
projection everything. The rest is said by `check`, which must be called before anything is run,
because the service's order of mistakes mixes names and values. Objects are shared and immutable.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any

from ddbmock import messages
from ddbmock.expressions.checks import (
    Inspector,
    ValueRequirements,
    condition_demands,
    update_demands,
)
from ddbmock.expressions.conditions import Binder, Test, compile_binder
from ddbmock.expressions.key_conditions import KeyPlan, KeyTerm, plan_query, read_terms
from ddbmock.expressions.paths import ResolvedPath, check_distinct, resolve
from ddbmock.expressions.problems import ExpressionProblem
from ddbmock.expressions.projections import compile_selector
from ddbmock.expressions.substitutions import NO_VALUES, Names, Values
from ddbmock.expressions.tree import (
    Action,
    Addition,
    Arithmetic,
    Assignment,
    Deletion,
    Node,
    Path,
    ProjectionTree,
    Removal,
    UpdateTree,
    Value,
    children,
    ungroup,
)
from ddbmock.expressions.tree import (
    Condition as ConditionTree,
)
from ddbmock.expressions.updates import apply_actions, apply_top_level, compile_actions

if TYPE_CHECKING:
    from ddbmock.engine.values import Item

ValuesTest = Callable[[Values], bool]
# What an update costs towards 400 KB besides the attributes that it writes, as measured in 2026.
_STATEMENT_BYTES = 3
_WRITE_BYTES = 19
_LIST_INDEX_BYTES = 1
_ARITHMETIC_BYTES = 50
_REMOVAL_BYTES = 2


class _References:
    """The placeholders and attributes that a tree uses."""

    def __init__(self, paths: Iterator[Path], names: Names) -> None:
        name_refs: set[str] = set()
        top_level: set[str] = set()
        nested: set[str] = set()
        for path in paths:
            name_refs.update(
                step for step in path.steps if isinstance(step, str) and step[0] == "#"
            )
            first = str(path.steps[0])
            name = names.get(first, first) if first[0] == "#" else first
            top_level.add(name)
            if len(path.steps) > 1:
                nested.add(name)
        self.name_refs = frozenset(name_refs)
        self.attributes = frozenset(top_level)
        self.nested_attributes = frozenset(nested)


def _paths_in(node: Node) -> Iterator[Path]:
    if isinstance(node, Path):
        yield node
    for child in children(node):
        yield from _paths_in(child)


def _values_in(node: Node) -> Iterator[str]:
    if isinstance(node, Value):
        yield node.placeholder
    for child in children(node):
        yield from _values_in(child)


class Condition:
    """A condition or filter: `check` it against a request's values, then `test` items.

    `is_met_by` tells at once whether `check` will find nothing in values of which none is missing;
    None stands for always.
    `attributes` are the top-level attributes it reads, `nested_attributes` those of them that it
    looks inside of.
    """

    __slots__ = (
        "_binder",
        "_demands",
        "_names",
        "attributes",
        "is_met_by",
        "label",
        "name_refs",
        "nested_attributes",
        "operator_count",
        "tree",
        "value_refs",
    )

    def __init__(
        self, label: str, tree: ConditionTree, names: Names, operator_count: int = 0
    ) -> None:
        references = _References(_paths_in(tree), names)
        self.label = label
        self.tree = tree
        self.operator_count = operator_count
        self.name_refs = references.name_refs
        self.attributes = references.attributes
        self.nested_attributes = references.nested_attributes
        self._names = names
        self._demands = _prepared(condition_demands(tree), Inspector(names, None), tree)
        self.value_refs = self._demands.placeholders
        self.is_met_by: ValuesTest | None = self._demands.test
        self._binder: Binder | None = None

    def check(self, values: Values = NO_VALUES) -> None:
        """Raise the service's error when names, values, operand counts or types do not fit."""
        if not self._demands.met_by(values):
            try:
                Inspector(self._names, values).inspect(self.tree)
            except ExpressionProblem as problem:
                raise problem.error(self.label) from None

    def bind(self, values: Values = NO_VALUES) -> Test:
        """Return the test for one request's values, to run on many items."""
        binder = self._binder
        if binder is None:
            binder = self._binder = compile_binder(self.tree, self._names)
        return binder(values)

    def test(self, item: Item, values: Values = NO_VALUES) -> bool:
        """Return whether the condition holds for the item (`{}` stands for no item)."""
        return self.bind(values)(item)


def _prepared(
    demands: ValueRequirements, inspector: Inspector, tree: ConditionTree | UpdateTree
) -> ValueRequirements:
    """Complete the demands: whether there is a mistake that no values can mend."""
    try:
        if isinstance(tree, UpdateTree):
            inspector.inspect_update(tree)
        else:
            inspector.inspect(tree)
    except ExpressionProblem:
        demands.impossible = True
    return demands


class Projection:
    """A projection: `apply` it to items."""

    __slots__ = ("apply", "attributes", "name_refs", "nested_attributes", "paths")

    def __init__(
        self, paths: tuple[ResolvedPath, ...], name_refs: frozenset[str] = frozenset()
    ) -> None:
        self.paths = paths
        self.name_refs = name_refs
        self.attributes = frozenset(str(path[0]) for path in paths)
        self.nested_attributes = frozenset(str(path[0]) for path in paths if len(path) > 1)
        #: apply(item) gives a new item with what is selected; values are shared with the old one.
        self.apply = compile_selector(paths)


def projection_of(tree: ProjectionTree, names: Names) -> Projection:
    """Return the projection for a tree, or raise `ExpressionProblem`."""
    paths = tuple([resolve(path, names) for path in tree.paths])
    check_distinct(paths)
    return Projection(paths, _References(iter(tree.paths), names).name_refs)


class Update:
    """An update: `check` it against a request's values, then `apply` it to a private item.

    `attributes` are the top-level attributes it writes, `nested_attributes` those that it looks
    inside of, written or read.
    `overhead_bytes` is what the service adds to what is written when it judges the size.
    """

    __slots__ = (
        "_actions",
        "_demands",
        "_names",
        "_project",
        "_project_written",
        "_top_level",
        "_type_problem",
        "attributes",
        "is_met_by",
        "label",
        "name_refs",
        "nested_attributes",
        "operator_count",
        "overhead_bytes",
        "paths",
        "tree",
        "value_refs",
    )

    def __init__(
        self,
        tree: UpdateTree,
        names: Names,
        operator_count: int = 0,
        type_problem: str = messages.UPDATE_OPERAND_TYPE,
    ) -> None:
        self.label = "UpdateExpression"
        self.tree = tree
        self.operator_count = operator_count
        self._names = names
        self._type_problem = type_problem
        actions = [action for section in tree.sections for action in section.actions]
        operands = [action.operand for action in actions if isinstance(action, Assignment)]
        written = _References((action.path for action in actions), names)
        read = _References((path for node in operands for path in _paths_in(node)), names)
        self.name_refs = written.name_refs | read.name_refs
        self.attributes = written.attributes
        self.nested_attributes = written.nested_attributes | read.nested_attributes
        self.overhead_bytes = _STATEMENT_BYTES + sum(map(_action_bytes, actions))
        self._demands = _prepared(update_demands(tree), Inspector(names, None), tree)
        self.value_refs = self._demands.placeholders
        self.is_met_by: ValuesTest | None = self._demands.test
        if not self._demands.impossible:
            self._compile()

    def _compile(self) -> None:
        self._actions = compile_actions(self.tree, self._names, type_problem=self._type_problem)
        self.paths = tuple(action.path for action in self._actions)
        self._top_level = all(len(path) == 1 for path in self.paths)
        self._project = self._project_written = compile_selector(self.paths)
        if any(isinstance(step, int) for path in self.paths for step in path):
            # Where an element was removed, another may lie now.
            removed = _paths_removed(self.tree, self._names)
            self._project_written = compile_selector(p for p in self.paths if p not in removed)

    def check(self, values: Values = NO_VALUES) -> None:
        """Raise the service's error when names, values, paths or types do not fit."""
        if not self._demands.met_by(values):
            try:
                Inspector(self._names, values).inspect_update(self.tree)
            except ExpressionProblem as problem:
                raise problem.error(self.label) from None

    def apply(self, item: Item, values: Values = NO_VALUES) -> None:
        """Change the item in place: everything, or nothing and a `ValidationError`."""
        if self._top_level:
            apply_top_level(self._actions, item, values)
        else:
            apply_actions(self._actions, item, values)

    def project_updated(self, item: Item) -> Item:
        """Return the parts of an item (old or new) at the paths that the update writes."""
        return self._project(item)

    def project_written(self, new_item: Item) -> Item:
        """Return the parts of the new item at the paths that got a value.

        An element that a SET past the end of its list appended lies elsewhere than its path says,
        and is not returned.
        """
        return self._project_written(new_item)


def _paths_removed(tree: UpdateTree, names: Names) -> set[ResolvedPath]:
    return {
        resolve(action.path, names)
        for section in tree.sections
        if section.keyword == "REMOVE"
        for action in section.actions
    }


def _action_bytes(action: Action) -> int:
    if isinstance(action, Removal | Deletion):
        return _REMOVAL_BYTES
    if isinstance(action, Addition):
        return _WRITE_BYTES
    through_index = any(isinstance(step, int) for step in action.path.steps)
    arithmetic = isinstance(ungroup(action.operand), Arithmetic)
    return _WRITE_BYTES + through_index * _LIST_INDEX_BYTES + arithmetic * _ARITHMETIC_BYTES


class KeyCondition:
    """A Query's key condition: `check` it, `check_shape` it, then `resolve` it over a key."""

    __slots__ = (
        "_condition",
        "_plans",
        "_problem",
        "is_met_by",
        "name_refs",
        "readers",
        "terms",
        "value_refs",
    )

    def __init__(
        self,
        terms: dict[str, KeyTerm],
        condition: Condition | None = None,
        problem: ExpressionProblem | None = None,
    ) -> None:
        self.terms = terms
        self._condition = condition
        self._problem = problem
        self._plans: dict[Any, KeyPlan] = {}
        #: What its user makes of it for each key, to be kept as long as this is.
        self.readers: dict[Any, Any] = {}
        self.name_refs: frozenset[str] = condition.name_refs if condition else frozenset()
        self.value_refs: frozenset[str] = condition.value_refs if condition else frozenset()
        self.is_met_by: ValuesTest | None = condition.is_met_by if condition else None

    def check(self, values: Values = NO_VALUES) -> None:
        """Raise the service's error when names, values, operand counts or types do not fit."""
        if self._condition is not None:
            self._condition.check(values)

    def check_shape(self) -> None:
        """Raise the service's error for what no key condition can be, whatever the key is.

        The service does this after it has looked for unused names and values, before it looks for
        the table.
        """
        if self._problem is not None:
            raise self._problem.error("KeyConditionExpression")

    def resolve(
        self, partition_key_names: tuple[str, ...], sort_key_names: tuple[str, ...]
    ) -> KeyPlan:
        """Return how the condition lies over a key, or raise the service's error."""
        key = (partition_key_names, sort_key_names)
        plan = self._plans.get(key)
        if plan is None:
            self.check_shape()
            plan = plan_query(self.terms, partition_key_names, sort_key_names)
            self._plans[key] = plan
        return plan


def key_condition_of(condition: Condition, names: Names) -> KeyCondition:
    """Return the key condition that a condition is, with its problem if it cannot be one."""
    try:
        terms = read_terms(condition.tree, names)
    except ExpressionProblem as problem:
        return KeyCondition({}, condition, problem.with_traceback(None))
    return KeyCondition(terms, condition)
