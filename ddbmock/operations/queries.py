"""Query and Scan.

https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Query.html
https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Scan.html
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ddbmock import messages
from ddbmock.access.key_ranges import EVERYTHING, range_behind, range_reader
from ddbmock.access.pages import (
    Selection,
    accept_start_key,
    answer,
    check_all_attributes,
    check_nested,
    check_select,
    check_start_key,
    find_source,
    read_page,
    selection,
    start_order_key,
)
from ddbmock.access.request_expressions import NO_VALUES, Parameters, begin
from ddbmock.engine.keys import HASH_SPACE
from ddbmock.errors import ValidationError
from ddbmock.expressions import Condition, KeyCondition, Projection, legacy
from ddbmock.operations.registry import operation

if TYPE_CHECKING:
    from ddbmock.access.call import Call, Request, Response
    from ddbmock.access.key_ranges import Range
    from ddbmock.access.request_expressions import Values
    from ddbmock.engine.keys import OrderKey
    from ddbmock.engine.table import Source

QUERY = Parameters(
    expressions=("ProjectionExpression", "FilterExpression", "KeyConditionExpression"),
    with_values=("FilterExpression", "KeyConditionExpression"),
    legacy=("AttributesToGet", "QueryFilter", "ConditionalOperator", "KeyConditions"),
    omits_value_key=True,
)
SCAN = Parameters(
    expressions=("ProjectionExpression", "FilterExpression"),
    with_values=("FilterExpression",),
    legacy=("AttributesToGet", "ScanFilter", "ConditionalOperator"),
)


_KEY_CONDITIONS = frozenset({"KeyConditionExpression", "KeyConditions"})
#: What only few queries have: the others need not be asked for each of them.
_UNCOMMON = frozenset(
    {"AttributesToGet", "ConditionalOperator", "ExclusiveStartKey", "QueryFilter", "Select"}
)
_ALL = Selection(count_only=False, projection=None)


@operation(
    "Query",
    "TableName IndexName Select AttributesToGet Limit ConsistentRead KeyConditions "
    "QueryFilter ConditionalOperator ScanIndexForward ExclusiveStartKey "
    "ReturnConsumedCapacity ProjectionExpression FilterExpression KeyConditionExpression "
    "ExpressionAttributeNames ExpressionAttributeValues",
)
def query(call: Call) -> Response:
    """Return the items of one partition key in sort key order.

    https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_Query.html
    """
    request = call.request
    expressions = begin(request, QUERY)
    legacy_filter = attributes = start = None
    if not _UNCOMMON.isdisjoint(request):
        check_select(call)
        legacy_filter = _read_legacy_filter(request, "QueryFilter")
        attributes = _read_attributes(request)
        start = accept_start_key(request)
    if expressions is None or _KEY_CONDITIONS.isdisjoint(request):
        raise ValidationError(messages.KEY_CONDITIONS_MISSING)
    values: Values = request.get("ExpressionAttributeValues") or NO_VALUES
    plan = expressions.finish(values)
    key_condition, key_values = plan.key_condition, values
    if key_condition is None:
        key_condition, key_values = legacy.key_conditions(request["KeyConditions"])
    condition, projection = plan.filter, attributes or plan.projection
    if legacy_filter is not None:
        condition, values = legacy_filter
    source = find_source(call)
    if start is not None:
        check_start_key(source, start, source.key_schema)
    schema = source.key_schema
    read_range = key_condition.readers.get(schema.signature) or range_reader(schema, key_condition)
    bounds = read_range(key_values)
    backward = not request.get("ScanIndexForward", True)
    if start is not None:
        start_key = start_order_key(source, start)
        _check_start(source, bounds, start_key, key_condition)
        bounds = range_behind(start_key, *bounds, backward=backward)
    selected = _ALL
    if condition is not None or projection is not None or "Select" in request:
        selected = _select(request, source, condition, projection)
    test = None if condition is None else condition.bind(values)
    page = read_page(source, bounds, request.get("Limit"), backward=backward)
    return answer(call, source, page, selected, test)


@operation(
    "Scan",
    "TableName IndexName Select AttributesToGet Limit ConsistentRead ScanFilter "
    "ConditionalOperator ExclusiveStartKey ReturnConsumedCapacity TotalSegments Segment "
    "ProjectionExpression FilterExpression ExpressionAttributeNames "
    "ExpressionAttributeValues",
)
def scan(call: Call) -> Response:
    """Return the items of a table or index, or of one segment of it, in the order of their hash.

    https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_Scan.html
    """
    request = call.request
    expressions = begin(request, SCAN)
    check_select(call)
    projection = _read_attributes(request)
    condition, values = _read_legacy_filter(request, "ScanFilter") or (None, NO_VALUES)
    start = accept_start_key(request)
    bounds = _segment(request)
    if expressions is not None:
        given: Values = request.get("ExpressionAttributeValues") or NO_VALUES
        plan = expressions.finish(given)
        projection = projection or plan.projection
        if condition is None:
            condition, values = plan.filter, given
    source = find_source(call)
    if start is not None:
        check_start_key(source, start, None if source.index is None else source.key_schema)
    check_all_attributes(request, source)
    if start is not None:
        start_key = start_order_key(source, start)
        if not bounds[0] <= start_key < bounds[1]:
            raise ValidationError(
                messages.start_key_outside_segment(request["Segment"], request["TotalSegments"])
            )
        bounds = range_behind(start_key, *bounds, backward=False)
    check_nested(source, projection)
    check_nested(source, condition)
    selected = selection(request, source, projection)
    test = None if condition is None else condition.bind(values)
    page = read_page(source, bounds, request.get("Limit"), backward=False)
    return answer(call, source, page, selected, test)


def _select(
    request: Request, source: Source, condition: Condition | None, projection: Projection | None
) -> Selection:
    """Check what is filtered and returned against the keys and the index's projection."""
    check_nested(source, projection)
    if condition is not None:
        _check_filter(source, condition, request)
    check_all_attributes(request, source)
    check_nested(source, condition)
    selected = selection(request, source, projection)
    if condition is not None:
        _check_filter_projected(source, condition)
    return selected


def _read_legacy_filter(request: Request, parameter: str) -> tuple[Condition | None, Values] | None:
    conditions = request.get(parameter)
    conditional_operator = request.get("ConditionalOperator")
    if conditions is None and conditional_operator is None:
        return None
    return legacy.scan_or_query_filter(parameter, conditions, conditional_operator)


def _read_attributes(request: Request) -> Projection | None:
    names = request.get("AttributesToGet")
    return None if names is None else legacy.attributes_to_get(names)


def _check_filter(source: Source, condition: Condition, request: Request) -> None:
    for name in source.key_schema.names:
        if name in condition.attributes:
            by_expression = request.get("FilterExpression") is not None
            parameter = "Filter Expression" if by_expression else "QueryFilter"
            raise ValidationError(messages.filter_on_key(parameter, name))


def _check_filter_projected(source: Source, condition: Condition) -> None:
    """Refuse a filter on what the index does not hold, even if the table could be read too.

    A Scan takes such a filter: it just never matches.
    """
    index = source.index
    if index is not None and not index.projects(condition.attributes):
        missing = sorted(condition.attributes - (index.projected_names or frozenset()))
        raise ValidationError(messages.filter_not_projected(index.name, missing))


def _check_start(source: Source, bounds: Range, start: OrderKey, condition: KeyCondition) -> None:
    """Refuse an ExclusiveStartKey outside of what is queried."""
    low, high = bounds
    if low <= start < high:
        return
    schema = source.key_schema
    width = 1 + len(schema.partition)
    moved = (*low[:width], *start[width:])
    if not low <= moved < high:
        raise ValidationError(messages.START_KEY_OUTSIDE_RANGE)
    plan = condition.resolve(schema.partition_names, schema.sort_names)
    if source.index is None and plan.sort_equal:
        raise ValidationError(messages.START_KEY_OF_ONE_ROW)
    raise ValidationError(messages.START_KEY_OUTSIDE)


def _segment(request: Request) -> Range:
    """Return the range of hashes of a segment: segments are equal ranges of the hash space."""
    segment, total_segments = request.get("Segment"), request.get("TotalSegments")
    if segment is None and total_segments is None:
        return EVERYTHING
    if total_segments is None:
        raise ValidationError(messages.SEGMENT_WITHOUT_TOTAL)
    if segment is None:
        raise ValidationError(messages.TOTAL_WITHOUT_SEGMENT)
    if segment >= total_segments:
        raise ValidationError(messages.segment_out_of_range(segment, total_segments))
    low, high = (-(-edge * HASH_SPACE // total_segments) for edge in (segment, segment + 1))
    return (low,), (high,)
