"""The key in a WHERE clause: the partitions and ranges that a statement reads or writes.

A SELECT is decomposed into *branches*, each with one partition and one range of it, by distributing
AND, OR and IN over the conditions on key attributes; other conditions stay with their branch as a
filter. If every branch has a partition, the statement is one query for each; otherwise it is a
scan.

https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/ql-reference.select.html
"""

from __future__ import annotations

from dataclasses import dataclass

from ddbmock._internal.expressions import tree as lowered
from ddbmock._internal.expressions.key_conditions import KeyTerm

#: A WHERE clause with more branches than this is not decomposed.
BRANCHES_MAX = 1000


@dataclass(frozen=True, slots=True)
class Branch:
    """One alternative of a WHERE clause."""

    #: Equalities of the partition key; more than one hold only if their values are equal.
    partition: tuple[str, ...] = ()
    sort: tuple[KeyTerm, ...] = ()
    filters: tuple[lowered.Condition, ...] = ()

    def joined(self, other: Branch) -> Branch:
        """Return the conjunction of this branch and another one."""
        return Branch(
            self.partition + other.partition,
            self.sort + other.sort,
            self.filters + other.filters,
        )


class TooManyBranchesError(Exception):
    """A WHERE clause has too many branches."""


class Decomposition:
    """A WHERE clause, decomposed for the key of one table or index.

    The names are the partition key's and the sort key's; the sort key's may be None.
    """

    def __init__(
        self,
        tree: lowered.Condition,
        names: dict[str, str],
        partition_name: str,
        sort_name: str | None,
    ) -> None:
        self._names = names
        self._partition_name = partition_name
        self._sort_name = sort_name
        #: Every condition on a key attribute, whose values must have the key's type.
        self.terms: list[KeyTerm] = []
        self.too_many: bool = False
        try:
            self.branches: list[Branch] = self._spread(tree)
        except TooManyBranchesError:
            self.too_many = True
            self.branches = [Branch(filters=(tree,))]
        self.fixes_partition: bool = self._fixes_partition(tree)

    @property
    def keyed(self) -> bool:
        """Return whether every branch has a partition."""
        return all(branch.partition for branch in self.branches)

    def _spread(self, node: lowered.Condition) -> list[Branch]:
        if isinstance(node, lowered.And):
            branches = [Branch()]
            for part in node.conditions:
                spread = self._spread(part)
                _check_count(len(branches) * len(spread))
                branches = [left.joined(right) for left in branches for right in spread]
            return branches
        if isinstance(node, lowered.Or) and self._names_key(node):
            branches = [branch for part in node.conditions for branch in self._spread(part)]
            _check_count(len(branches))
            return branches
        term = self._key_term(node)
        if term is None:
            return [Branch(filters=(node,))]
        self.terms.append(term)
        return self._term_branches(term)

    def _term_branches(self, term: KeyTerm) -> list[Branch]:
        if term.name == self._partition_name:
            return [Branch(partition=(placeholder,)) for placeholder in term.placeholders]
        if term.operator == "IN":
            return [
                Branch(sort=(KeyTerm(term.name, "=", (placeholder,)),))
                for placeholder in term.placeholders
            ]
        return [Branch(sort=(term,))]

    def _key_term(self, node: lowered.Condition) -> KeyTerm | None:
        term = key_term(node, self._names)
        if term is None or term.name not in (self._partition_name, self._sort_name):
            return None
        if term.name == self._partition_name and term.operator not in ("=", "IN"):
            return None
        return term

    def _names_key(self, node: lowered.Condition) -> bool:
        if isinstance(node, (lowered.And, lowered.Or)):
            return any(map(self._names_key, node.conditions))
        return self._key_term(node) is not None

    def _fixes_partition(self, node: lowered.Condition) -> bool:
        if isinstance(node, lowered.And):
            return any(map(self._fixes_partition, node.conditions))
        if isinstance(node, lowered.Or):
            return all(map(self._fixes_partition, node.conditions))
        term = self._key_term(node)
        return term is not None and term.name == self._partition_name


def _check_count(count: int) -> None:
    if count > BRANCHES_MAX:
        raise TooManyBranchesError


def key_term(node: lowered.Condition, names: dict[str, str]) -> KeyTerm | None:
    """Return the condition as one on a top-level attribute with values, None for any other.

    >>> key_term(lowered.Comparison("<", lowered.Value(":p0"), lowered.Path(("sk",))), {})
    KeyTerm(name='sk', operator='>', placeholders=(':p0',))
    """
    if isinstance(node, lowered.Comparison):
        return _comparison_term(node, names)
    if isinstance(node, lowered.Between):
        return _term(node.operand, "BETWEEN", (node.low, node.high), names)
    if isinstance(node, lowered.In):
        return _term(node.operand, "IN", node.candidates, names)
    if isinstance(node, lowered.Call) and node.function == "begins_with":
        if len(node.operands) != 2:  # noqa: PLR2004 (an error that is reported elsewhere)
            return None
        return _term(node.operands[0], "begins_with", node.operands[1:], names)
    return None


def _comparison_term(node: lowered.Comparison, names: dict[str, str]) -> KeyTerm | None:
    operator = node.operator
    if operator == "<>":
        return None
    if isinstance(node.left, lowered.Value):
        return _term(node.right, lowered.MIRRORED[operator], (node.left,), names)
    return _term(node.left, operator, (node.right,), names)


def _term(
    attribute: lowered.Operand,
    operator: str,
    operands: tuple[lowered.Operand, ...],
    names: dict[str, str],
) -> KeyTerm | None:
    if not isinstance(attribute, lowered.Path) or len(attribute.steps) > 1:
        return None
    placeholders = [
        operand.placeholder for operand in operands if isinstance(operand, lowered.Value)
    ]
    if len(placeholders) < len(operands):
        return None
    name = str(attribute.steps[0])
    return KeyTerm(names.get(name, name), operator, tuple(placeholders))


@dataclass(frozen=True, slots=True)
class KeyEqualities:
    """The WHERE clause of a statement on one item: equalities on key attributes, and the rest."""

    #: Attribute name -> every placeholder that it must equal.
    equalities: dict[str, tuple[str, ...]]
    rest: tuple[lowered.Condition, ...]


def key_equalities(
    tree: lowered.Condition | None,
    names: dict[str, str],
    key_names: tuple[str, ...],
    *,
    with_lists: bool = False,
) -> KeyEqualities:
    """Return the equalities on key attributes that are alone or joined by AND.

    `with_lists` says whether IN with one value counts as an equality.
    """
    equalities: dict[str, tuple[str, ...]] = {}
    rest: list[lowered.Condition] = []
    for part in conjuncts(tree):
        term = key_term(part, names)
        equal = term is not None and (
            term.operator == "="
            or (with_lists and term.operator == "IN" and len(term.placeholders) == 1)
        )
        if term is not None and equal and term.name in key_names:
            equalities[term.name] = (*equalities.get(term.name, ()), *term.placeholders)
        else:
            rest.append(part)
    return KeyEqualities(equalities, tuple(rest))


def conjuncts(tree: lowered.Condition | None) -> tuple[lowered.Condition, ...]:
    """Return the conditions that a WHERE clause joins by AND."""
    if tree is None:
        return ()
    return tree.conditions if isinstance(tree, lowered.And) else (tree,)
