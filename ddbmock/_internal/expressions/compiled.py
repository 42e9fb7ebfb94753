"""Compiled expressions: conditions, updates, projections and key conditions.

Compiling raises the errors that do not depend on values: syntax, reserved words, functions; for a
projection all of them. `check` raises the others and must be called before anything is evaluated,
because the service's order of errors mixes names and values. Objects are shared and immutable.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any

from ddbmock._internal.errors import ValidationError
from ddbmock._internal.expressions.conditions import Binder, Test, compile_binder
from ddbmock._internal.expressions.inspector import Inspector
from ddbmock._internal.expressions.key_conditions import KeyPlan, KeyTerm, plan_query, read_terms
from ddbmock._internal.expressions.paths import ResolvedPath, check_distinct, resolve
from ddbmock._internal.expressions.problems import ExpressionProblem
from ddbmock._internal.expressions.projections import compile_selector
from ddbmock._internal.expressions.requirements import (
    ValueRequirements,
    condition_requirements,
    update_requirements,
)
from ddbmock._internal.expressions.substitutions import NO_VALUES, Names, Values
from ddbmock._internal.expressions.tree import (
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
    ungroup,
    walk,
)
from ddbmock._internal.expressions.tree import (
    Condition as ConditionTree,
)
from ddbmock._internal.expressions.updates import (
    apply_actions,
    apply_to_members,
    compile_actions,
)
from ddbmock._internal.messages import expressions as expression_messages
from ddbmock._internal.messages import legacy as legacy_messages

if TYPE_CHECKING:
    from ddbmock._internal.engine.values import Item, Written

ValuesTest = Callable[[Values], bool]
# The size of an update beyond the attributes that it writes, as observed in 2026.
_STATEMENT_BYTES = 3
_WRITE_BYTES = 19
_LIST_INDEX_BYTES = 1
_ARITHMETIC_BYTES = 50
_REMOVAL_BYTES = 2
#: A key of one partition key attribute and one sort key attribute.
_SIMPLE_KEY_ATTRIBUTES_MAX = 2


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


def _paths_in(*nodes: Node) -> Iterator[Path]:
    return (node for node in walk(*nodes) if isinstance(node, Path))


class Condition:
    """A condition or filter: `check` it against a request's values, then `test` items.

    `is_met_by` returns whether `check` finds nothing in values of which none is missing; it is None
    when that holds for all values.
    `attributes` are the top-level attributes that it reads, `nested_attributes` those of which it
    reads a part.
    """

    __slots__ = (
        "_binder",
        "_names",
        "_requirements",
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
        self.label: str = label
        self.tree: ConditionTree = tree
        self.operator_count: int = operator_count
        self.name_refs: frozenset[str] = references.name_refs
        self.attributes: frozenset[str] = references.attributes
        self.nested_attributes: frozenset[str] = references.nested_attributes
        self._names = names
        self._requirements = _prepared(condition_requirements(tree), Inspector(names, None), tree)
        self.value_refs: frozenset[str] = frozenset(self._requirements.placeholders)
        self.is_met_by: ValuesTest | None = self._requirements.test
        self._binder: Binder | None = None

    def check(self, values: Values = NO_VALUES) -> None:
        """Raise the service's error when names, values, operand counts or types do not fit."""
        if not self._requirements.met_by(values):
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
        """Return whether the condition holds for an item (`{}` when there is none)."""
        return self.bind(values)(item)


def _prepared(
    requirements: ValueRequirements, inspector: Inspector, tree: ConditionTree | UpdateTree
) -> ValueRequirements:
    """Complete the requirements: whether there is an error with any values."""
    try:
        if isinstance(tree, UpdateTree):
            inspector.inspect_update(tree)
        else:
            inspector.inspect(tree)
    except ExpressionProblem:
        requirements.impossible = True
    return requirements


class Projection:
    """A projection: `apply` it to items."""

    __slots__ = ("apply", "attributes", "name_refs", "nested_attributes", "paths")

    def __init__(
        self, paths: tuple[ResolvedPath, ...], name_refs: frozenset[str] = frozenset()
    ) -> None:
        self.paths: tuple[ResolvedPath, ...] = paths
        self.name_refs: frozenset[str] = name_refs
        self.attributes: frozenset[str] = frozenset(str(path[0]) for path in paths)
        self.nested_attributes: frozenset[str] = frozenset(
            str(path[0]) for path in paths if len(path) > 1
        )
        #: apply(item) returns a new item with the selected parts; values are shared with the old
        #: one.
        self.apply: Callable[[Item], Item] = compile_selector(paths)


def projection_of(tree: ProjectionTree, names: Names) -> Projection:
    """Return the projection for a tree, or raise `ExpressionProblem`."""
    paths = tuple([resolve(path, names) for path in tree.paths])
    check_distinct(paths)
    return Projection(paths, _References(iter(tree.paths), names).name_refs)


class Update:
    """An update: `check` it against a request's values, then `apply` it to a private item.

    `attributes` are the top-level attributes that it writes, `read_attributes` those that it reads,
    `nested_attributes` those of which it writes or reads a part.
    `overhead_bytes` is what the service adds to the size of what is written.
    """

    __slots__ = (
        "_actions",
        "_names",
        "_project",
        "_requirements",
        "_type_problem",
        "_writes_elements",
        "attributes",
        "is_met_by",
        "label",
        "name_refs",
        "nested_attributes",
        "only_removes",
        "operator_count",
        "overhead_bytes",
        "paths",
        "read_attributes",
        "tree",
        "value_refs",
    )

    def __init__(
        self,
        tree: UpdateTree,
        names: Names,
        operator_count: int = 0,
        type_problem: str = expression_messages.UPDATE_OPERAND_TYPE,
    ) -> None:
        self.label: str = "UpdateExpression"
        self.tree: UpdateTree = tree
        self.operator_count: int = operator_count
        self._names = names
        self._type_problem = type_problem
        actions = [action for section in tree.sections for action in section.actions]
        operands = [action.operand for action in actions if isinstance(action, Assignment)]
        written = _References((action.path for action in actions), names)
        read = _References(_paths_in(*operands), names)
        self.name_refs: frozenset[str] = written.name_refs | read.name_refs
        self.attributes: frozenset[str] = written.attributes
        self.read_attributes: frozenset[str] = read.attributes
        self.nested_attributes: frozenset[str] = written.nested_attributes | read.nested_attributes
        #: Whether the update has no action that could create an item.
        self.only_removes: bool = bool(actions) and all(
            isinstance(action, (Removal, Deletion)) for action in actions
        )
        self.overhead_bytes: int = _STATEMENT_BYTES + sum(map(_action_bytes, actions))
        self._requirements = _prepared(update_requirements(tree), Inspector(names, None), tree)
        self.value_refs: frozenset[str] = frozenset(self._requirements.placeholders)
        self.is_met_by: ValuesTest | None = self._requirements.test
        if not self._requirements.impossible:
            self._compile()

    def _compile(self) -> None:
        self._actions = compile_actions(self.tree, self._names, type_problem=self._type_problem)
        self.paths: tuple[ResolvedPath, ...] = tuple(action.path for action in self._actions)
        self._writes_elements = any(isinstance(path[-1], int) for path in self.paths)
        self._project = compile_selector(self.paths)

    def check(self, values: Values = NO_VALUES) -> None:
        """Raise the service's error when names, values, paths or types do not fit."""
        if not self._requirements.met_by(values):
            try:
                Inspector(self._names, values).inspect_update(self.tree)
            except ExpressionProblem as problem:
                raise problem.error(self.label) from None

    def apply(self, item: Item, values: Values = NO_VALUES) -> list[Written] | None:
        """Change the item in place: everything, or nothing and a `ValidationError`.

        Returns what was written, for `grown_bytes`; None if an element of a list may be in it.
        """
        if self._writes_elements:
            apply_actions(self._actions, item, values)
            return None
        return apply_to_members(self._actions, item, values)

    def project(self, item: Item) -> Item:
        """Return the parts of an item, old or new, at the paths of the update.

        An element that was appended by a SET past the end of its list is not at its path; at the
        path of a removed element is the one that moved there.
        """
        return self._project(item)


def _action_bytes(action: Action) -> int:
    if isinstance(action, Removal | Deletion):
        return _REMOVAL_BYTES
    if isinstance(action, Addition):
        return _WRITE_BYTES
    through_index = any(isinstance(step, int) for step in action.path.steps)
    arithmetic = isinstance(ungroup(action.operand), Arithmetic)
    return _WRITE_BYTES + through_index * _LIST_INDEX_BYTES + arithmetic * _ARITHMETIC_BYTES


class KeyCondition:
    """The key condition of a Query: `check` it, `check_shape` it, then `resolve` it for a key."""

    __slots__ = (
        "_condition",
        "_plans",
        "_problem",
        "is_legacy",
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
        *,
        is_legacy: bool = False,
    ) -> None:
        self.terms: dict[str, KeyTerm] = terms
        #: Whether it was given as KeyConditions.
        self.is_legacy: bool = is_legacy
        self._condition = condition
        self._problem = problem
        self._plans: dict[Any, KeyPlan] = {}
        #: The readers that `access.key_ranges` has compiled for each key.
        self.readers: dict[Any, Any] = {}
        self.name_refs: frozenset[str] = condition.name_refs if condition else frozenset()
        self.value_refs: frozenset[str] = condition.value_refs if condition else frozenset()
        self.is_met_by: ValuesTest | None = condition.is_met_by if condition else None

    def check(self, values: Values = NO_VALUES) -> None:
        """Raise the service's error when names, values, operand counts or types do not fit."""
        if self._condition is not None:
            self._condition.check(values)

    def check_shape(self) -> None:
        """Raise the service's error for a condition that is not valid with any key.

        The service checks this after unused names and values, before it looks up the table.
        """
        if self._problem is not None:
            raise self._problem.error("KeyConditionExpression")

    def _check_count(self, attribute_count: int) -> None:
        """Refuse more KeyConditions than keys of two attributes allow."""
        if len(self.terms) > _SIMPLE_KEY_ATTRIBUTES_MAX >= attribute_count:
            raise ValidationError(legacy_messages.LEGACY_KEY_CONDITION_COUNT)

    def resolve(
        self, partition_key_names: tuple[str, ...], sort_key_names: tuple[str, ...]
    ) -> KeyPlan:
        """Return the values and ranges of a key, or raise the service's error."""
        key = (partition_key_names, sort_key_names)
        plan = self._plans.get(key)
        if plan is None:
            self.check_shape()
            if self.is_legacy:
                self._check_count(len(partition_key_names) + len(sort_key_names))
            plan = plan_query(self.terms, partition_key_names, sort_key_names)
            self._plans[key] = plan
        return plan


def key_condition_of(condition: Condition, names: Names) -> KeyCondition:
    """Return a condition as a key condition, with its error if it is invalid."""
    try:
        terms = read_terms(condition.tree, names)
    except ExpressionProblem as problem:
        return KeyCondition({}, condition, problem.with_traceback(None))
    return KeyCondition(terms, condition)
