"""Alternatives to a scan: a query of the table, of an index, or of an index to be added.

A scan whose filter requires an attribute to equal a value reads everything, but a query of a key
with that attribute would read the matching items only.

https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/bp-query-scan.html
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ddbmock._internal.expressions.compile import compile_condition
from ddbmock._internal.expressions.problems import InvalidExpressionError
from ddbmock._internal.expressions.tree import And, Comparison, Group, Path, Value

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from ddbmock._internal.calls import RecordedCall
    from ddbmock._internal.service import Service


def advice_for(call: RecordedCall, service: Service) -> str:
    """Return the alternative to a scan; an empty text if there is none."""
    region = service.backend.region(call.region, call.account_id)
    table = region.tables.get(call.table or "")
    equal = list(_equal_attributes(call.request))
    if table is None or not equal:
        return ""
    sources = [("the table", table.key_schema)]
    sources += [(f"the index {name}", index.key_schema) for name, index in table.indexes.items()]
    for name, schema in sources:
        if set(schema.partition_names) <= set(equal):
            key = ", ".join([*schema.partition_names, *_sort_names(schema, equal)])
            return f"query {name} by {key}"
    return f"a global secondary index with the partition key {equal[0]} would make it a query"


def _sort_names(schema: Any, equal: list[str]) -> list[str]:
    return [name for name in schema.names if name in equal and name not in schema.partition_names]


def _equal_attributes(request: Mapping[str, Any]) -> Iterator[str]:
    """Yield the attributes that the filter requires to equal a value."""
    expression = request.get("FilterExpression")
    if isinstance(expression, str):
        names = request.get("ExpressionAttributeNames") or {}
        try:
            tree = compile_condition("FilterExpression", expression, names).tree
        except InvalidExpressionError:
            return
        yield from _equal_in(tree, names)
    for name, condition in (request.get("ScanFilter") or {}).items():
        if condition.get("ComparisonOperator") == "EQ":
            yield name


def _equal_in(tree: Any, names: Mapping[str, str]) -> Iterator[str]:
    match tree:
        case Group(inner):
            yield from _equal_in(inner, names)
        case And(conditions):
            for condition in conditions:
                yield from _equal_in(condition, names)
        case Comparison("=", Path((str(step),)), Value()):
            yield names.get(step, step)
        case Comparison("=", Value(), Path((str(step),))):
            yield names.get(step, step)
