"""Query and Scan.

https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Query.html
https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Scan.html
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ddbmock import messages
from ddbmock.engine.keys import (
    HASH_SPACE,
    HIGHEST,
    KeyAttribute,
    OrderKey,
    after_prefix,
    partition_hash,
    sort_value,
)
from ddbmock.errors import ValidationError
from ddbmock.expressions import Condition, KeyCondition, Projection, legacy
from ddbmock.operations.reading import (
    Bounds,
    Selection,
    Source,
    accept_start_key,
    answer,
    check_select,
    find_source,
    read_page,
    selection,
    start_order_key,
)
from ddbmock.operations.registry import Call, Request, Response, operation
from ddbmock.operations.request_expressions import Parameters, RequestExpressions

if TYPE_CHECKING:
    from ddbmock.engine.values import AttributeValue
    from ddbmock.operations.writes import Values

QUERY = Parameters(
    expressions=("ProjectionExpression", "FilterExpression", "KeyConditionExpression"),
    with_values=("FilterExpression", "KeyConditionExpression"),
    legacy=("AttributesToGet", "QueryFilter", "ConditionalOperator", "KeyConditions"),
)
SCAN = Parameters(
    expressions=("ProjectionExpression", "FilterExpression"),
    with_values=("FilterExpression",),
    legacy=("AttributesToGet", "ScanFilter", "ConditionalOperator"),
)


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
    check_select(request)
    start = accept_start_key(request)
    if expressions is None:
        raise ValidationError(messages.KEY_CONDITIONS_MISSING)
    expressions.finish()
    key_condition, key_values = _read_key_condition(request, expressions)
    condition, values = _read_filter(request, expressions, "QueryFilter")
    projection = _read_projection(request, expressions)
    source = find_source(call)
    bounds = _bounds(source, key_condition, key_values)
    if condition is not None:
        _check_filter(source, condition, request)
    bounds.backward = not request.get("ScanIndexForward", True)
    selected = selection(request, source, projection)
    if start is not None:
        bounds = bounds.after(_start_in(bounds, start_order_key(source, start)))
    return _read(call, source, bounds, selected, condition, values)


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
    check_select(request)
    bounds = _segment(request)
    start = accept_start_key(request)
    condition: Condition | None = None
    values: Values = {}
    projection: Projection | None = None
    if expressions is not None:
        expressions.finish()
        condition, values = _read_filter(request, expressions, "ScanFilter")
        projection = _read_projection(request, expressions)
    source = find_source(call)
    selected = selection(request, source, projection)
    if start is not None:
        start_key = start_order_key(source, start)
        if not bounds.low <= start_key < bounds.high:
            raise ValidationError(messages.START_KEY_OUTSIDE_SEGMENT)
        bounds = bounds.after(start_key)
    return _read(call, source, bounds, selected, condition, values)


def _read(  # noqa: PLR0913 (what a read consists of)
    call: Call,
    source: Source,
    bounds: Bounds,
    selected: Selection,
    condition: Condition | None,
    values: Values,
) -> Response:
    test = None if condition is None else condition.bind(values)
    limit = call.request.get("Limit")
    page = read_page(source, bounds, limit)
    return answer(call, source, page, selected, test)


def _read_key_condition(
    request: Request, expressions: RequestExpressions
) -> tuple[KeyCondition, Values]:
    condition = expressions.key_condition
    if condition is not None:
        return condition, expressions.values
    if request.get("KeyConditions") is None:
        raise ValidationError(messages.KEY_CONDITIONS_MISSING)
    return legacy.key_conditions(request["KeyConditions"])


def _read_filter(
    request: Request, expressions: RequestExpressions, legacy_parameter: str
) -> tuple[Condition | None, Values]:
    if request.get(legacy_parameter) is not None or request.get("ConditionalOperator") is not None:
        return legacy.scan_or_query_filter(
            legacy_parameter, request.get(legacy_parameter), request.get("ConditionalOperator")
        )
    return expressions.condition("FilterExpression"), expressions.values


def _read_projection(request: Request, expressions: RequestExpressions) -> Projection | None:
    if request.get("AttributesToGet") is not None:
        return legacy.attributes_to_get(request["AttributesToGet"])
    return expressions.projection


def _check_filter(source: Source, condition: Condition, request: Request) -> None:
    for name in source.key_names:
        if name in condition.attributes:
            by_expression = request.get("FilterExpression") is not None
            parameter = "Filter Expression" if by_expression else "QueryFilter"
            raise ValidationError(messages.filter_on_key(parameter, name))


def _bounds(source: Source, condition: KeyCondition, values: Values) -> Bounds:
    """Return the range of order keys that a key condition asks for."""
    schema = (source.index or source.table).key_schema
    plan = condition.resolve(schema.partition_names, schema.sort_names)
    partition = [
        _key_content(attribute, values[placeholder])
        for attribute, placeholder in zip(schema.partition, plan.partition, strict=True)
    ]
    prefix: OrderKey = (partition_hash(*partition), *partition)
    for attribute, placeholder in zip(schema.sort, plan.sort_equal, strict=False):
        content = _key_content(attribute, values[placeholder])
        prefix = (*prefix, sort_value(attribute.kind, content))
    if plan.sort_range is None:
        return Bounds(prefix, (*prefix, HIGHEST))
    operator, placeholders = plan.sort_range
    attribute = schema.sort[len(plan.sort_equal)]
    operands = [
        sort_value(attribute.kind, _key_content(attribute, values[placeholder]))
        for placeholder in placeholders
    ]
    return _range(prefix, operator, operands[0], operands[-1])


def _range(prefix: OrderKey, operator: str, first: AttributeValue, last: AttributeValue) -> Bounds:
    everything = (*prefix, HIGHEST)
    at, behind = (*prefix, first), (*prefix, last, HIGHEST)
    if operator == "<":
        return Bounds(prefix, at)
    if operator == "<=":
        return Bounds(prefix, behind)
    if operator == ">":
        return Bounds(behind, everything)
    if operator == ">=":
        return Bounds(at, everything)
    if operator == "begins_with":
        return Bounds(at, (*prefix, after_prefix(first)))
    return Bounds(at, behind)  # "=" and BETWEEN


def _key_content(attribute: KeyAttribute, value: AttributeValue) -> str | bytes:
    content: str | bytes | None = value.get(attribute.kind)
    if content is None:
        raise ValidationError(messages.KEY_CONDITION_TYPE)
    if not content:
        raise ValidationError(messages.empty_key(attribute.kind, attribute.name))
    return content


def _start_in(bounds: Bounds, start: OrderKey) -> OrderKey:
    if bounds.low <= start < bounds.high:
        return start
    if start[:2] != bounds.low[:2]:
        raise ValidationError(messages.START_KEY_OUTSIDE)
    raise ValidationError(messages.START_KEY_OUTSIDE_RANGE)


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
