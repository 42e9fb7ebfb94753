"""Query and Scan.

https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Query.html
https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Scan.html
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ddbmock._internal.access.gets import projected_names
from ddbmock._internal.access.intent import Intent
from ddbmock._internal.access.key_ranges import EVERYTHING, range_after, range_reader
from ddbmock._internal.access.legacy_parameters import (
    read_attributes_to_get,
    read_filter,
    read_key_conditions,
)
from ddbmock._internal.access.lookup import find_index
from ddbmock._internal.access.operation import Capacity, Items, Plane
from ddbmock._internal.access.plans import Parameters
from ddbmock._internal.access.request_expressions import plan_for
from ddbmock._internal.access.selections import (
    Selection,
    build_response,
    check_all_attributes,
    check_nested,
    check_select,
    selection,
)
from ddbmock._internal.access.start_keys import (
    check_can_restart,
    check_start_key,
    read_start_key,
    start_order_key,
)
from ddbmock._internal.engine.keys import HASH_SPACE
from ddbmock._internal.errors import ValidationError
from ddbmock._internal.expressions.substitutions import NO_VALUES
from ddbmock._internal.messages import items as item_messages
from ddbmock._internal.messages import partiql as partiql_messages
from ddbmock._internal.operations.registry import operation
from ddbmock._internal.validation.wording import CURRENT

if TYPE_CHECKING:
    from ddbmock._internal.access.door import Door
    from ddbmock._internal.access.intent import Request, Response
    from ddbmock._internal.access.key_ranges import Range
    from ddbmock._internal.engine.keys import KeySchema, OrderKey
    from ddbmock._internal.engine.table import Source
    from ddbmock._internal.engine.values import Item
    from ddbmock._internal.expressions.compiled import Condition, KeyCondition, Projection
    from ddbmock._internal.expressions.substitutions import Values

QUERY_PARAMETERS = Parameters(
    expressions=("ProjectionExpression", "FilterExpression", "KeyConditionExpression"),
    with_values=("FilterExpression", "KeyConditionExpression"),
    legacy=("AttributesToGet", "QueryFilter", "ConditionalOperator", "KeyConditions"),
)
SCAN_PARAMETERS = Parameters(
    expressions=("ProjectionExpression", "FilterExpression"),
    with_values=("FilterExpression",),
    legacy=("AttributesToGet", "ScanFilter", "ConditionalOperator"),
)


_KEY_CONDITIONS = frozenset({"KeyConditionExpression", "KeyConditions"})
#: Parameters of few queries: one test finds that a query has none of them.
_UNCOMMON = frozenset(
    {"AttributesToGet", "ConditionalOperator", "ExclusiveStartKey", "QueryFilter", "Select"}
)
_ALL = Selection(count_only=False, projection=None)


class Read(Intent):
    """A read of a table or index in its order."""

    __slots__ = ("condition", "index_name", "projection", "start", "table_name", "values")

    table_name: str
    index_name: str | None

    def __init__(
        self,
        request: Request,
        condition: Condition | None,
        values: Values,
        projection: Projection | None,
        start: Item | None,
    ) -> None:
        self.request = request
        self.table_name = request["TableName"]
        self.index_name = request.get("IndexName")
        #: The filter, with its values.
        self.condition: Condition | None = condition
        self.values: Values = values
        self.projection: Projection | None = projection
        #: The ExclusiveStartKey.
        self.start: Item | None = start

    def attributes(self) -> frozenset[str]:
        """Return the attributes of the filter and the projection."""
        filtered = frozenset[str]() if self.condition is None else self.condition.attributes
        return filtered | projected_names(self.projection)


class Query(Read):
    """A Query."""

    __slots__ = ("key_condition", "key_values")

    iam_action: str | None = "Query"
    key_condition: KeyCondition
    key_values: Values

    def keys(self, schema: KeySchema) -> list[Item]:
        """Return the key values that the key condition requires to be equal."""
        plan = self.key_condition.resolve(schema.partition_names, schema.sort_names)
        placeholders = zip(schema.names, (*plan.partition, *plan.sort_equal), strict=False)
        return [{name: self.key_values[placeholder] for name, placeholder in placeholders}]

    def attributes(self) -> frozenset[str]:
        """Return the attributes of the conditions and the projection."""
        named = frozenset(self.key_condition.terms)
        if self.condition is not None:
            named |= self.condition.attributes
        return named if self.projection is None else named | self.projection.attributes


def read_query(request: Request) -> Query:
    """Return the intent of a Query."""
    expressions = plan_for(request, QUERY_PARAMETERS)
    legacy_filter = attributes = start = None
    if not _UNCOMMON.isdisjoint(request):
        check_select(request)
        legacy_filter = read_filter(request, "QueryFilter")
        attributes = read_attributes_to_get(request)
        start = read_start_key(request)
    if expressions is None or _KEY_CONDITIONS.isdisjoint(request):
        raise ValidationError(item_messages.KEY_CONDITIONS_MISSING)
    values: Values = request.get("ExpressionAttributeValues") or NO_VALUES
    plan = expressions.bind(values)
    key_condition, key_values = plan.key_condition, values
    if key_condition is None:
        key_condition, key_values = read_key_conditions(request)
    condition = plan.filter
    if legacy_filter is not None:
        condition, values = legacy_filter
    intent = Query(request, condition, values, attributes or plan.projection, start)
    intent.key_condition = key_condition
    intent.key_values = key_values
    return intent


@operation(
    "Query",
    plane=Plane.DATA,
    read=read_query,
    wording=CURRENT,
    capacity=Capacity.READ,
    items=Items.PAGE,
)
def query(intent: Query, door: Door) -> Response:
    """Return the items of one partition key in sort key order.

    https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_Query.html
    """
    request = intent.request
    condition, start = intent.condition, intent.start
    source = _find_source(intent, door)
    if start is not None:
        check_start_key(source, start, source.key_schema)
    schema, key_condition = source.key_schema, intent.key_condition
    read_range = key_condition.readers.get(schema.signature) or range_reader(schema, key_condition)
    bounds = read_range(intent.key_values)
    backward = not request.get("ScanIndexForward", True)
    if start is not None:
        start_key = start_order_key(source, start)
        check_can_restart(source, start)
        _check_start(source, bounds, start_key, key_condition)
        bounds = range_after(start_key, *bounds, backward=backward)
    selected = _ALL
    if condition is not None or intent.projection is not None or "Select" in request:
        selected = _select(intent, source)
    consistent: bool = request.get("ConsistentRead", False)
    page = door.page(source, bounds, request.get("Limit"), backward=backward, consistent=consistent)
    filtering = None if condition is None else (condition, intent.values)
    return build_response(door, page, selected, filtering, consistent=consistent)


class Scan(Read):
    """A Scan."""

    __slots__ = ("bounds",)

    iam_action: str | None = "Scan"
    #: The range of hashes of the segment.
    bounds: Range


def read_scan(request: Request) -> Scan:
    """Return the intent of a Scan."""
    expressions = plan_for(request, SCAN_PARAMETERS)
    check_select(request)
    projection = read_attributes_to_get(request)
    condition, values = read_filter(request, "ScanFilter") or (None, NO_VALUES)
    start = read_start_key(request)
    bounds = _segment(request)
    if expressions is not None:
        given: Values = request.get("ExpressionAttributeValues") or NO_VALUES
        plan = expressions.bind(given)
        projection = projection or plan.projection
        if condition is None:
            condition, values = plan.filter, given
    intent = Scan(request, condition, values, projection, start)
    intent.bounds = bounds
    return intent


@operation(
    "Scan",
    plane=Plane.DATA,
    read=read_scan,
    capacity=Capacity.READ,
    items=Items.PAGE,
)
def scan(intent: Scan, door: Door) -> Response:
    """Return the items of a table or index, or of one segment of it, in the order of their hash.

    https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_Scan.html
    """
    request = intent.request
    condition, start, bounds = intent.condition, intent.start, intent.bounds
    door.is_scan = True
    source = _find_source(intent, door)
    if start is not None:
        check_start_key(source, start, None if source.index is None else source.key_schema)
    check_all_attributes(request, source)
    if start is not None:
        start_key = start_order_key(source, start)
        if not bounds[0] <= start_key < bounds[1]:
            raise ValidationError(
                item_messages.start_key_outside_segment(
                    request["Segment"], request["TotalSegments"]
                )
            )
        bounds = range_after(start_key, *bounds, backward=False)
    check_nested(source, intent.projection)
    check_nested(source, condition)
    selected = selection(request, source, intent.projection)
    consistent: bool = request.get("ConsistentRead", False)
    page = door.page(source, bounds, request.get("Limit"), backward=False, consistent=consistent)
    filtering = None if condition is None else (condition, intent.values)
    return build_response(door, page, selected, filtering, consistent=consistent)


# --- the table or index ---


def _find_source(intent: Read, door: Door) -> Source:
    """Return the table or index that is read."""
    table = door.table(intent.table_name)
    source = table.sources.get(intent.index_name)
    if source is None or (table.settings.transitions and source.index is not None):
        if source is None and intent.start is not None and isinstance(intent, Scan):
            raise ValidationError(item_messages.START_KEY_INVALID)
        operation_name = "Scan" if isinstance(intent, Scan) else "Query"
        index = find_index(table, intent.request["IndexName"], operation_name)
        source = table.sources[index.name]
    if source.index is not None and source.index.is_global and intent.is_consistent:
        raise ValidationError(item_messages.CONSISTENT_READ_ON_GLOBAL_INDEX)
    return source


def _segment(request: Request) -> Range:
    """Return the range of hashes of a segment: segments are equal ranges of the hash space."""
    segment, total_segments = request.get("Segment"), request.get("TotalSegments")
    if segment is None and total_segments is None:
        return EVERYTHING
    if total_segments is None:
        raise ValidationError(item_messages.SEGMENT_WITHOUT_TOTAL)
    if segment is None:
        raise ValidationError(item_messages.TOTAL_WITHOUT_SEGMENT)
    if segment >= total_segments:
        raise ValidationError(item_messages.segment_out_of_range(segment, total_segments))
    low, high = (-(-edge * HASH_SPACE // total_segments) for edge in (segment, segment + 1))
    return (low,), (high,)


def _check_start(source: Source, bounds: Range, start: OrderKey, condition: KeyCondition) -> None:
    """Refuse an ExclusiveStartKey outside of the range that is queried."""
    low, high = bounds
    if low <= start < high:
        return
    schema = source.key_schema
    width = 1 + len(schema.partition)
    moved = (*low[:width], *start[width:])
    if not low <= moved < high:
        raise ValidationError(item_messages.START_KEY_OUTSIDE_RANGE)
    plan = condition.resolve(schema.partition_names, schema.sort_names)
    if source.index is None and plan.sort_equal:
        raise ValidationError(item_messages.START_KEY_OF_ONE_ROW)
    raise ValidationError(item_messages.START_KEY_OUTSIDE)


# --- the response ---


def _select(intent: Query, source: Source) -> Selection:
    """Return the selection, after checking it and the filter against keys and projection."""
    request, condition = intent.request, intent.condition
    check_nested(source, intent.projection)
    if condition is not None:
        _check_filter(source, condition, request)
    check_all_attributes(request, source)
    check_nested(source, condition)
    selected = selection(request, source, intent.projection)
    if condition is not None:
        _check_filter_projected(source, condition)
    return selected


def _check_filter(source: Source, condition: Condition, request: Request) -> None:
    for name in source.key_schema.names:
        if name in condition.attributes:
            by_expression = request.get("FilterExpression") is not None
            parameter = "Filter Expression" if by_expression else "QueryFilter"
            raise ValidationError(item_messages.filter_on_key(parameter, name))


def _check_filter_projected(source: Source, condition: Condition) -> None:
    """Refuse a filter on attributes that the index does not project, even if the table is read too.

    A Scan accepts such a filter, which matches nothing.
    """
    index = source.index
    if index is not None and not index.projects(condition.attributes):
        missing = sorted(condition.attributes - (index.projected_names or frozenset()))
        raise ValidationError(partiql_messages.filter_not_projected(index.name, missing))
