"""The queries of a SELECT: one for each partition and range in its WHERE clause.

https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/ql-reference.select.html
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from ddbmock._internal.access.key_ranges import RANGES
from ddbmock._internal.engine.keys import (
    KeyAttribute,
    KeySchema,
    OrderKey,
    after,
    sort_value,
)
from ddbmock._internal.errors import ValidationError
from ddbmock._internal.messages import partiql as messages
from ddbmock._internal.operations.statements.statement import check_key_value

if TYPE_CHECKING:
    from collections.abc import Iterable

    from ddbmock._internal.access.key_ranges import Range
    from ddbmock._internal.engine.table import Source
    from ddbmock._internal.engine.values import AttributeValue
    from ddbmock._internal.expressions.compiled import Condition
    from ddbmock._internal.expressions.substitutions import Values
    from ddbmock._internal.partiql import ReadBranch, ReadPlan, SelectPlan

#: The maximum number of queries of a statement (IN takes "at max 50 hash attribute values").
_READS_MAX = 50


class BoundBranch(NamedTuple):
    """One query of a SELECT with its values."""

    #: The value of the partition key, in the form for sorting.
    partition: Any
    bounds: Range
    condition: Condition | None
    filter_names: tuple[str, ...]
    #: Whether the condition includes the sort key, by something that is no range, such as NOT.
    filters_sort_key: bool = False
    #: Whether the range or the condition includes the sort key.
    limits_sort_key: bool = False
    backward: bool = False

    def joined(self, other: BoundBranch, where: Condition | None) -> BoundBranch:
        """Return one query for two that overlap; each of its items is checked by the WHERE clause.

        The complete clause can be used, as no branch of another partition holds for these items.
        """
        (low, high), (_, other_high) = self.bounds, other.bounds
        return self._replace(
            bounds=(low, max(high, other_high)),
            condition=where,
            filter_names=(*self.filter_names, *other.filter_names),
            filters_sort_key=True,
            limits_sort_key=True,
        )


def branches_of(
    statement: SelectPlan, source: Source, values: Values
) -> tuple[list[BoundBranch] | None, bool]:
    """Return the queries of a SELECT, None for a scan, and whether they read one item of a table.

    Raises:
        ValidationError: The statement cannot be run over the key of the table or index.
    """
    schema = source.key_schema
    (partition,) = schema.partition
    sort = schema.sort[0] if schema.sort else None
    plan = statement.for_key(partition.name, None if sort is None else sort.name)
    _check_key_values(plan, schema, values)
    _check_order(statement, plan, schema)
    branches = _bind(plan, schema, values) if plan.keyed else None
    if plan.fixes_partition and (plan.too_many or len(branches or ()) > _READS_MAX):
        raise ValidationError(messages.TOO_MANY_READS)
    if branches is None:
        return None, False
    branches.sort(key=_branch_order)
    branches = _joined(branches, statement.where)
    _check_filters(source, branches)
    is_point = (
        source.index is None
        and len(plan.branches) == 1
        and [term.operator for term in plan.branches[0].sort] == ["="] * len(schema.sort)
    )
    return _ordered(branches, statement.order, schema), is_point


def not_projected(source: Source, names: Iterable[str]) -> list[str]:
    """Return which of these attributes the index does not project, none for a table."""
    index = source.index
    if index is None or index.projected_names is None:
        return []
    return [name for name in names if name not in index.projected_names]


def _check_key_values(plan: ReadPlan, schema: KeySchema, values: Values) -> None:
    kinds = {attribute.name: attribute.kind for attribute in schema.attributes}
    for term in plan.terms:
        for placeholder in term.placeholders:
            check_key_value(term.name, kinds[term.name], values[placeholder])


def _check_order(statement: SelectPlan, plan: ReadPlan, schema: KeySchema) -> None:
    if not statement.order:
        return
    if statement.where is None:
        raise ValidationError(messages.ORDER_WITHOUT_WHERE)
    for name in statement.order:
        if name not in schema.names:
            raise ValidationError(messages.order_by_other_attribute(name))
    if not plan.fixes_partition:
        raise ValidationError(messages.ORDER_WITHOUT_PARTITION_KEY)
    if plan.partition_count > 1 and schema.partition[0].name not in statement.order:
        raise ValidationError(messages.ORDER_OF_SEVERAL_PARTITIONS)


def _bind(plan: ReadPlan, schema: KeySchema, values: Values) -> list[BoundBranch] | None:
    """Return the queries with their values, None if one requires two partitions at once."""
    bound = []
    for branch in plan.branches:
        partitions = [values[placeholder] for placeholder in branch.partition]
        if any(partition != partitions[0] for partition in partitions):
            return None
        bound.append(_bind_branch(branch, schema, partitions[0], values))
    return bound


def _bind_branch(
    branch: ReadBranch, schema: KeySchema, partition: AttributeValue, values: Values
) -> BoundBranch:
    attribute = schema.partition[0]
    content = partition[attribute.kind]
    prefix: OrderKey = (schema.hash_partition(content), content)
    low, high = prefix, after(prefix)
    for term in branch.sort:
        operands = [_sort_content(schema.sort[0], values[name]) for name in term.placeholders]
        term_low, term_high = RANGES[term.operator](prefix, operands[0], operands[-1])
        low, high = max(low, term_low), min(high, term_high)
    order = sort_value(attribute.kind, content)
    filters_sort = bool(schema.sort) and schema.sort[0].name in branch.filter_names
    return BoundBranch(
        order,
        (low, high),
        branch.condition,
        branch.filter_names,
        filters_sort_key=filters_sort,
        limits_sort_key=filters_sort or bool(branch.sort),
    )


def _sort_content(attribute: KeyAttribute, value: AttributeValue) -> Any:
    return sort_value(attribute.kind, value[attribute.kind])


def _branch_order(branch: BoundBranch) -> tuple[Any, OrderKey]:
    return branch.partition, branch.bounds[0]


def _joined(branches: list[BoundBranch], where: Condition | None) -> list[BoundBranch]:
    """Return the queries, with overlapping ones of one partition joined.

    The service accepts a union of ranges only if one of them has a condition on the sort key that
    is no range, such as a negation, and all of them have some condition on it.
    """
    joined: list[BoundBranch] = []
    #: The position of the last query that is not empty.
    last: int | None = None
    for branch in branches:
        low, high = branch.bounds
        before = None if last is None else joined[last]
        if not low < high:
            joined.append(branch)
        elif before is None or before.partition != branch.partition or low >= before.bounds[1]:
            last = len(joined)
            joined.append(branch)
        elif last is not None and _can_join(before, branch):
            joined[last] = before.joined(branch, where)
        else:
            raise ValidationError(messages.KEY_RANGES_OVERLAP)
    return joined


def _can_join(before: BoundBranch, branch: BoundBranch) -> bool:
    return (
        before.limits_sort_key
        and branch.limits_sort_key
        and (before.filters_sort_key or branch.filters_sort_key)
    )


def _check_filters(source: Source, branches: list[BoundBranch]) -> None:
    """Refuse queries of an index whose filters all name attributes that it does not project."""
    missing: list[str] = []
    for branch in branches:
        missing = not_projected(source, branch.filter_names)
        if not missing:
            return
    if missing and source.index is not None:
        raise ValidationError(messages.filter_not_projected(source.index.name, missing))


def _ordered(
    branches: list[BoundBranch], order: dict[str, bool], schema: KeySchema
) -> list[BoundBranch]:
    """Return the queries in the order of the statement."""
    if not order:
        return branches
    # A sort key that ORDER BY omits is read backward.
    backward = order.get(schema.sort[0].name, True) if schema.sort else False
    if order.get(schema.partition[0].name, False) != backward:
        branches = _reversed_partitions(branches)
    if not backward:
        return branches
    return [branch._replace(backward=True) for branch in reversed(branches)]


def _reversed_partitions(branches: list[BoundBranch]) -> list[BoundBranch]:
    """Return the partitions in reverse order, without reversing the ranges of each."""
    by_partition: dict[Any, list[BoundBranch]] = {}
    for branch in branches:
        by_partition.setdefault(branch.partition, []).append(branch)
    return [branch for ranges in reversed(by_partition.values()) for branch in ranges]
