"""Reads of one item by its key, alone or as actions of a batch or transaction."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ddbmock._internal.access.intent import Intent
from ddbmock._internal.access.legacy_parameters import read_attributes_to_get
from ddbmock._internal.access.plans import Parameters
from ddbmock._internal.access.request_expressions import plan_for
from ddbmock._internal.engine.values import Item, normalize_key
from ddbmock._internal.expressions.substitutions import NO_VALUES

if TYPE_CHECKING:
    from ddbmock._internal.access.intent import Request
    from ddbmock._internal.access.new_expressions import NewExpressions
    from ddbmock._internal.access.plans import Plan
    from ddbmock._internal.engine.items import StoredItem
    from ddbmock._internal.engine.keys import KeySchema
    from ddbmock._internal.expressions.compiled import Projection

READ = Parameters(
    expressions=("ProjectionExpression",), with_values=(), legacy=("AttributesToGet",)
)
TRANSACT_READ = Parameters(READ.expressions, READ.with_values, in_transaction=True)


class Get(Intent):
    """A read of one item."""

    __slots__ = ("key_item", "projection", "table_name")

    iam_action: str | None = "GetItem"
    table_name: str

    def __init__(self, request: Request, projection: Projection | None) -> None:
        self.request = request
        self.table_name = request["TableName"]
        self.key_item: Item = request["Key"]
        self.projection: Projection | None = projection

    def keys(self, schema: KeySchema) -> list[Item]:
        """Return the key."""
        return [{name: self.key_item[name] for name in schema.names if name in self.key_item}]

    def attributes(self) -> frozenset[str]:
        """Return the attributes of the key and the projection."""
        if self.projection is None:
            return frozenset(self.key_item)
        return self.projection.attributes | self.key_item.keys()


def read_get(request: Request, parameters: Parameters = READ) -> Get:
    """Return the read of a GetItem request or of a transaction's Get."""
    if parameters.every.isdisjoint(request):
        normalize_key(request["Key"])
        return Get(request, None)
    expressions = plan_for(request, parameters)
    normalize_key(request["Key"])
    return Get(request, read_projection(request, expressions))


def read_projection(
    request: Request, expressions: Plan | NewExpressions | None
) -> Projection | None:
    """Return the projection of a read that takes no other expression."""
    if expressions is None:
        return None
    if request.get("AttributesToGet") is not None:
        return read_attributes_to_get(request)
    values = request.get("ExpressionAttributeValues") or NO_VALUES
    return expressions.bind(values).projection


def projected_names(projection: Projection | None) -> frozenset[str]:
    """Return the top-level attributes that a projection names."""
    return frozenset() if projection is None else projection.attributes


def selected(stored: StoredItem, projection: Projection | None) -> Item:
    """Return a copy of what a projection selects of an item; without one, of the complete item."""
    item = stored.load()
    return item if projection is None else projection.apply(item)
