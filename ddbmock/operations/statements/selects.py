"""SELECT: the queries or the scan that a statement is, page by page.

A WHERE that pins the partition key is one query for each partition and range that it names; any
other is a scan of the table or index. What is read is charged before the rest of WHERE is applied.

https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/ql-reference.select.html
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, NamedTuple

from ddbmock import limits, messages
from ddbmock.access import next_tokens
from ddbmock.access.key_ranges import EVERYTHING, RANGES, range_behind
from ddbmock.access.lookup import find_index, find_table
from ddbmock.access.next_tokens import Place
from ddbmock.access.pages import charge, fetch, read_page
from ddbmock.engine.keys import (
    KeyAttribute,
    KeySchema,
    OrderKey,
    after,
    sort_value,
)
from ddbmock.errors import ValidationError

if TYPE_CHECKING:
    from ddbmock.access.call import Call, Request, Response
    from ddbmock.access.key_ranges import Range
    from ddbmock.access.pages import Page
    from ddbmock.access.request_expressions import Values
    from ddbmock.engine.items import StoredItem
    from ddbmock.engine.table import Source
    from ddbmock.engine.values import AttributeValue, Item
    from ddbmock.expressions import Condition
    from ddbmock.partiql import ReadBranch, ReadPlan, SelectPlan

#: A statement may be as many queries (IN takes "at max 50 hash attribute values").
_READS_MAX = 50
#: A page is at most as many of them ("Results are returned in pages of up to 10 items").
#: https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/ql-operators.html
_READS_PER_PAGE = 10


class BoundBranch(NamedTuple):
    """One query of a SELECT with its values."""

    #: Where the partition comes among others.
    place: Any
    bounds: Range
    condition: Condition | None
    filter_names: tuple[str, ...]
    backward: bool = False


@dataclass(slots=True)
class Reading:
    """One SELECT on its way: what it reads, and how."""

    plan: SelectPlan
    source: Source
    values: Values
    consistent: bool
    #: The queries; None for a scan.
    branches: list[BoundBranch] | None = None
    #: The statement names one item of a table: there is no second page.
    is_point: bool = False


def select(
    call: Call, plan: SelectPlan, values: Values, request: Request, parameters: list[Any]
) -> Response:
    """Return one page of a SELECT."""
    consistent: bool = request.get("ConsistentRead", False)
    reading = Reading(plan, _find_source(call, plan, consistent=consistent), values, consistent)
    _plan_branches(reading)
    digest = next_tokens.digest_of(plan.text, parameters)
    token: str | None = request.get("NextToken")
    start = None if token is None else next_tokens.decode_place(token, digest)
    response: Response = {"Items": []}
    stopped = _read(call, reading, start, request.get("Limit"), response["Items"])
    if stopped is not None:
        response["NextToken"] = next_tokens.encode_place(stopped, digest)
        if stopped.key is not None:
            response["LastEvaluatedKey"] = stopped.key
    return response


# --- what is read ---


def _find_source(call: Call, plan: SelectPlan, *, consistent: bool) -> Source:
    table = find_table(call.region, plan.table_name)
    if plan.index_name is None:
        return table.sources[None]
    if plan.index_name not in table.indexes:
        raise ValidationError(messages.STATEMENT_INDEX_NOT_FOUND)
    index = find_index(table, plan.index_name)
    if max(len(index.key_schema.partition), len(index.key_schema.sort)) > 1:
        raise ValidationError(messages.INDEX_OF_SEVERAL_ATTRIBUTES)
    source = table.sources[index.name]
    if index.is_global:
        if consistent:
            raise ValidationError(messages.CONSISTENT_STATEMENT_ON_GLOBAL_INDEX)
        missing = _unprojected(source, plan.columns.attributes if plan.columns else ())
        if missing:
            raise ValidationError(messages.not_projected(index.name, missing))
    return source


def _unprojected(source: Source, names: tuple[str, ...]) -> list[str]:
    """Return which of these attributes the index does not hold."""
    index = source.index
    if index is None or index.projected_names is None:
        return []
    return [name for name in names if name not in index.projected_names]


# --- which queries ---


def _plan_branches(reading: Reading) -> None:
    schema = reading.source.key_schema
    (partition,) = schema.partition
    sort = schema.sort[0] if schema.sort else None
    plan = reading.plan.over(partition.name, None if sort is None else sort.name)
    _check_key_values(plan, schema, reading.values)
    _check_order(reading.plan, plan, schema)
    branches = _bind(plan, schema, reading.values) if plan.keyed else None
    if plan.pins_partition and (plan.too_many or len(branches or ()) > _READS_MAX):
        raise ValidationError(messages.TOO_MANY_READS)
    if branches is None:
        return
    branches.sort(key=_branch_order)
    _check_overlaps(branches)
    _check_filters(reading.source, branches)
    reading.branches = _ordered(branches, reading.plan.order, schema)
    reading.is_point = (
        reading.source.index is None
        and len(branches) == 1
        and [term.operator for term in plan.branches[0].sort] == ["="] * len(schema.sort)
    )


def _check_key_values(plan: ReadPlan, schema: KeySchema, values: Values) -> None:
    kinds = {attribute.name: attribute.kind for attribute in schema.attributes}
    for term in plan.terms:
        for placeholder in term.placeholders:
            check_key_value(term.name, kinds[term.name], values[placeholder])


def check_key_value(name: str, kind: str, value: AttributeValue) -> None:
    """Refuse a value that a key attribute cannot have."""
    (found,) = value
    if found not in ("S", "N", "B"):
        raise ValidationError(messages.key_value_of_no_key_type(name, found))
    if found != kind:
        raise ValidationError(messages.key_value_of_other_type(name))
    if not value[kind]:
        raise ValidationError(messages.empty_key(kind, name))


def _check_order(statement: SelectPlan, plan: ReadPlan, schema: KeySchema) -> None:
    if not statement.order:
        return
    if statement.where is None:
        raise ValidationError(messages.ORDER_WITHOUT_WHERE)
    for name in statement.order:
        if name not in schema.names:
            raise ValidationError(messages.order_by_other_attribute(name))
    if not plan.pins_partition:
        raise ValidationError(messages.ORDER_WITHOUT_PARTITION_KEY)
    if plan.partition_count > 1 and schema.partition[0].name not in statement.order:
        raise ValidationError(messages.ORDER_OF_SEVERAL_PARTITIONS)


def _bind(plan: ReadPlan, schema: KeySchema, values: Values) -> list[BoundBranch] | None:
    """Return the queries with their values, None when one asks for two partitions at once."""
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
    place = sort_value(attribute.kind, content)
    return BoundBranch(place, (low, high), branch.condition, branch.filter_names)


def _sort_content(attribute: KeyAttribute, value: AttributeValue) -> Any:
    return sort_value(attribute.kind, value[attribute.kind])


def _branch_order(branch: BoundBranch) -> tuple[Any, OrderKey]:
    return branch.place, branch.bounds[0]


def _check_overlaps(branches: list[BoundBranch]) -> None:
    """Refuse two ranges of one partition that have something in common."""
    reach: OrderKey | None = None
    place: Any = None
    for branch in branches:
        if branch.place != place:
            reach, place = None, branch.place
        low, high = branch.bounds
        if not low < high:
            continue
        if reach is not None and low < reach:
            raise ValidationError(messages.KEY_RANGES_OVERLAP)
        if reach is None or reach < high:
            reach = high


def _check_filters(source: Source, branches: list[BoundBranch]) -> None:
    """Refuse queries of an index whose filters all look at what it does not hold."""
    missing: list[str] = []
    for branch in branches:
        missing = _unprojected(source, branch.filter_names)
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
    # A sort key that ORDER BY leaves out goes backwards.
    backward = order.get(schema.sort[0].name, True) if schema.sort else False
    if order.get(schema.partition[0].name, False) != backward:
        branches = _reversed_places(branches)
    if not backward:
        return branches
    return [branch._replace(backward=True) for branch in reversed(branches)]


def _reversed_places(branches: list[BoundBranch]) -> list[BoundBranch]:
    """Return the partitions in reverse order, the ranges of each in theirs."""
    places: dict[Any, list[BoundBranch]] = {}
    for branch in branches:
        places.setdefault(branch.place, []).append(branch)
    return [branch for place in reversed(places.values()) for branch in place]


# --- reading ---


def _read(
    call: Call, reading: Reading, start: Place | None, limit: int | None, items: list[Item]
) -> Place | None:
    """Add a page of items and return where it stopped, None at the end."""
    branches = reading.branches
    if branches is None:
        call.is_scan = True
        scan = BoundBranch(None, EVERYTHING, reading.plan.where, ())
        branches = [scan]
    first, key = (0, None) if start is None else start
    left_bytes = limits.PAGE_BYTES_MAX
    for number in range(first, len(branches)):
        if number - first == _READS_PER_PAGE:
            return Place(number, None)
        branch = branches[number]
        bounds = branch.bounds
        if key is not None:
            place = _order_key(reading.source, key)
            bounds, key = range_behind(place, *bounds, backward=branch.backward), None
        page = read_page(reading.source, bounds, limit, backward=branch.backward)
        charge(call, reading.source, page, consistent=reading.consistent)
        items += _selected(call, reading, branch.condition, page)
        left_bytes -= page.scanned_bytes
        limit = None if limit is None else limit - len(page.rows)
        if page.was_cut and not reading.is_point:
            return Place(number, _last_key(reading.source, page))
        if left_bytes < 0 and number + 1 < len(branches):
            return Place(number + 1, None)
    return None


def _last_key(source: Source, page: Page) -> Item:
    last = page.entries[-1].load()
    return {name: last[name] for name in source.start_key_names}


def _order_key(source: Source, key: Item) -> OrderKey:
    table_key = source.table.key_schema.order_key(key)
    place = table_key
    if table_key is not None and source.index is not None:
        place = source.index.entry_key(key, table_key)
    if place is None:
        raise ValidationError(messages.NEXT_TOKEN_OF_ANOTHER)
    return place


def _selected(call: Call, reading: Reading, condition: Condition | None, page: Page) -> list[Item]:
    """Return what the statement returns of a page, after its conditions."""
    source, columns = reading.source, reading.plan.columns
    entries: list[StoredItem] = page.entries
    returned = entries
    if columns is not None and _unprojected(source, columns.attributes):
        # Every entry that was walked is read from the table, not only those that are returned.
        returned = fetch(call, source, page, consistent=reading.consistent)
    if condition is not None:
        test = condition.bind(reading.values)
        returned = [
            found for entry, found in zip(entries, returned, strict=True) if test(entry.load())
        ]
    items: list[Item] = [entry.load() for entry in returned]
    return items if columns is None else [columns.apply(item) for item in items]
