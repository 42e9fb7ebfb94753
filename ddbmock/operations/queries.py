"""Query and Scan.

https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Query.html
https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Scan.html
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ddbmock import limits, messages
from ddbmock.engine.keys import (
    HASH_SPACE,
    KeyAttribute,
    OrderKey,
    after,
    partition_hash,
    sort_value,
)
from ddbmock.engine.numbers import number_of
from ddbmock.engine.values import text_bytes
from ddbmock.errors import ValidationError
from ddbmock.expressions import Condition, KeyCondition, Projection, legacy
from ddbmock.operations.reading import (
    Bounds,
    Selection,
    Source,
    accept_start_key,
    answer,
    check_all_attributes,
    check_nested,
    check_select,
    check_start_key,
    find_source,
    range_bounds,
    read_page,
    selection,
    start_order_key,
)
from ddbmock.operations.registry import Call, Request, Response, operation
from ddbmock.operations.request_expressions import Parameters, RequestExpressions

if TYPE_CHECKING:
    from ddbmock.engine.keys import KeySchema
    from ddbmock.engine.values import AttributeValue
    from ddbmock.operations.writes import Values

QUERY = Parameters(
    expressions=("ProjectionExpression", "FilterExpression", "KeyConditionExpression"),
    with_values=("FilterExpression", "KeyConditionExpression"),
    legacy=("AttributesToGet", "QueryFilter", "ConditionalOperator", "KeyConditions"),
    tells_values_bare=True,
)
SCAN = Parameters(
    expressions=("ProjectionExpression", "FilterExpression"),
    with_values=("FilterExpression",),
    legacy=("AttributesToGet", "ScanFilter", "ConditionalOperator"),
)


_NO_VALUES: Values = {}
_KEY_CONDITIONS = frozenset({"KeyConditionExpression", "KeyConditions"})
#: What only few queries have: the others need not be asked for each of them.
_UNCOMMON = frozenset(
    {"AttributesToGet", "ConditionalOperator", "ExclusiveStartKey", "QueryFilter", "Select"}
)
_ALL = Selection(count_only=False, projection=None)
#: No key shorter than this many characters can be over a size limit.
_SURELY_SHORT_CHARACTERS = limits.SORT_KEY_BYTES_MAX // 4


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
    expressions = RequestExpressions.begin(request, QUERY)
    legacy_filter = attributes = start = None
    if not _UNCOMMON.isdisjoint(request):
        check_select(call)
        legacy_filter = _read_legacy_filter(request, "QueryFilter")
        attributes = _read_attributes(request)
        start = accept_start_key(request)
    if expressions is None or _KEY_CONDITIONS.isdisjoint(request):
        raise ValidationError(messages.KEY_CONDITIONS_MISSING)
    plan, values = expressions.finish(), expressions.values
    key_condition, key_values = plan.key_condition, values
    if key_condition is None:
        key_condition, key_values = legacy.key_conditions(request["KeyConditions"])
    condition, projection = plan.filter, attributes or plan.projection
    if legacy_filter is not None:
        condition, values = legacy_filter
    source = find_source(call)
    if start is not None:
        check_start_key(source, start, source.key_schema)
    bounds = _bounds(source, key_condition, key_values)
    bounds.backward = not request.get("ScanIndexForward", True)
    if start is not None:
        start_key = start_order_key(source, start)
        _check_start(source, bounds, start_key, key_condition)
        bounds = bounds.after(start_key)
    selected = _ALL
    if condition is not None or projection is not None or "Select" in request:
        selected = _select(request, source, condition, projection)
    test = None if condition is None else condition.bind(values)
    page = read_page(source, bounds, request.get("Limit"))
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
    expressions = RequestExpressions.begin(request, SCAN)
    check_select(call)
    projection = _read_attributes(request)
    condition, values = _read_legacy_filter(request, "ScanFilter") or (None, _NO_VALUES)
    start = accept_start_key(request)
    bounds = _segment(request)
    if expressions is not None:
        plan = expressions.finish()
        projection = projection or plan.projection
        if condition is None:
            condition, values = plan.filter, expressions.values
    source = find_source(call)
    if start is not None:
        check_start_key(source, start, None if source.index is None else source.key_schema)
    check_all_attributes(request, source)
    if start is not None:
        start_key = start_order_key(source, start)
        if not bounds.low <= start_key < bounds.high:
            raise ValidationError(
                messages.start_key_outside_segment(request["Segment"], request["TotalSegments"])
            )
        bounds = bounds.after(start_key)
    check_nested(source, projection)
    check_nested(source, condition)
    selected = selection(request, source, projection)
    test = None if condition is None else condition.bind(values)
    page = read_page(source, bounds, request.get("Limit"))
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


def _bounds(source: Source, condition: KeyCondition, values: Values) -> Bounds:
    """Return the range of order keys that a key condition asks for."""
    schema = source.key_schema
    plan = condition.resolve(schema.partition_names, schema.sort_names)
    content = _key_content(schema, schema.partition[0], values[plan.partition[0]])
    prefix: OrderKey = (content,)
    if len(plan.partition) > 1:
        prefix = tuple(
            _key_content(schema, attribute, values[placeholder])
            for attribute, placeholder in zip(schema.partition, plan.partition, strict=True)
        )
    prefix = (partition_hash(*prefix), *prefix)
    if plan.sort_equal:
        prefix += tuple(
            sort_value(attribute.kind, _key_content(schema, attribute, values[placeholder]))
            for attribute, placeholder in zip(schema.sort, plan.sort_equal, strict=False)
        )
    if plan.sort_range is None:
        return Bounds(prefix, after(prefix))
    operator, placeholders = plan.sort_range
    attribute = schema.sort[len(plan.sort_equal)]
    first = _key_content(schema, attribute, values[placeholders[0]])
    last = first
    if len(placeholders) > 1:
        last = _key_content(schema, attribute, values[placeholders[1]])
    if attribute.kind == "N":
        return range_bounds(prefix, operator, number_of(str(first)), number_of(str(last)))
    return range_bounds(prefix, operator, first, last)


def _key_content(schema: KeySchema, attribute: KeyAttribute, value: AttributeValue) -> str | bytes:
    content: str | bytes | None = value.get(attribute.kind)
    if content is None:
        raise ValidationError(messages.KEY_CONDITION_TYPE)
    if not content:
        raise ValidationError(messages.empty_key(attribute.kind, attribute.name))
    if len(content) > _SURELY_SHORT_CHARACTERS:
        _check_size(schema, attribute, content)
    return content


def _check_size(schema: KeySchema, attribute: KeyAttribute, content: str | bytes) -> None:
    content_bytes = text_bytes(content) if isinstance(content, str) else len(content)
    if attribute in schema.partition:
        if content_bytes > limits.PARTITION_KEY_BYTES_MAX:
            raise ValidationError(messages.PARTITION_KEY_TOO_LARGE)
    elif content_bytes > limits.SORT_KEY_BYTES_MAX:
        raise ValidationError(messages.SORT_KEY_TOO_LARGE)


def _check_start(source: Source, bounds: Bounds, start: OrderKey, condition: KeyCondition) -> None:
    """Refuse an ExclusiveStartKey outside of what is queried."""
    if bounds.low <= start < bounds.high:
        return
    schema = source.key_schema
    width = 1 + len(schema.partition)
    moved = (*bounds.low[:width], *start[width:])
    if not bounds.low <= moved < bounds.high:
        raise ValidationError(messages.START_KEY_OUTSIDE_RANGE)
    plan = condition.resolve(schema.partition_names, schema.sort_names)
    if source.index is None and plan.sort_equal:
        raise ValidationError(messages.START_KEY_OF_ONE_ROW)
    raise ValidationError(messages.START_KEY_OUTSIDE)


def _segment(request: Request) -> Bounds:
    """Return the range of hashes of a segment: segments are equal ranges of the hash space."""
    segment, total_segments = request.get("Segment"), request.get("TotalSegments")
    if segment is None and total_segments is None:
        return Bounds((0,), (HASH_SPACE,))
    if total_segments is None:
        raise ValidationError(messages.SEGMENT_WITHOUT_TOTAL)
    if segment is None:
        raise ValidationError(messages.TOTAL_WITHOUT_SEGMENT)
    if segment >= total_segments:
        raise ValidationError(messages.segment_out_of_range(segment, total_segments))
    low, high = (-(-edge * HASH_SPACE // total_segments) for edge in (segment, segment + 1))
    return Bounds((low,), (high,))
