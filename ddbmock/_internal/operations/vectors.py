"""SearchVectors: the items whose vectors are nearest to a given one.

The service's results are approximate; here they are exact, as the service's are for a small index.

https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/VectorSearch.html
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ddbmock._internal import limits
from ddbmock._internal.access.intent import Intent
from ddbmock._internal.access.lookup import find_vector_index
from ddbmock._internal.access.operation import Capacity, Items, Plane
from ddbmock._internal.access.plans import Parameters
from ddbmock._internal.access.request_expressions import plan_for
from ddbmock._internal.engine.distances import plain_text, vector_of
from ddbmock._internal.engine.values import InvalidValueError, item_bytes, normalize_value
from ddbmock._internal.engine.vectors import content_of, float_of
from ddbmock._internal.errors import ValidationError
from ddbmock._internal.expressions.search_conditions import search_terms
from ddbmock._internal.expressions.substitutions import NO_NAMES, NO_VALUES
from ddbmock._internal.messages import vectors as messages
from ddbmock._internal.operations.registry import operation

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ddbmock._internal.access.door import Door
    from ddbmock._internal.access.intent import Request, Response
    from ddbmock._internal.engine.distances import Vector
    from ddbmock._internal.engine.values import AttributeValue, Item
    from ddbmock._internal.engine.vectors import Content, VectorEntry, VectorIndex
    from ddbmock._internal.expressions.compiled import Projection

SEARCH_PARAMETERS = Parameters(
    expressions=("SearchConditionExpression", "ProjectionExpression"),
    with_values=("SearchConditionExpression",),
)


class Search(Intent):
    """A search of a vector index; policies have no conditions on its attributes."""

    __slots__ = ("index_name", "projection", "table_name", "vector", "wanted")

    table_name: str
    index_name: str

    def __init__(
        self,
        request: Request,
        vector: Vector,
        wanted: dict[str, AttributeValue] | None,
        projection: Projection | None,
    ) -> None:
        self.request = request
        self.table_name = request["TableName"]
        self.index_name = request["IndexName"]
        self.vector: Vector = vector
        #: The values that attributes must have; None without a condition.
        self.wanted: dict[str, AttributeValue] | None = wanted
        self.projection: Projection | None = projection


def read_search(request: Request) -> Search:
    """Return the intent of a SearchVectors."""
    if request["TopK"] > limits.SEARCH_RESULTS_MAX:
        raise ValidationError(messages.top_k_out_of_range(request["TopK"]))
    vector = _read_vector(request["SearchVector"])
    expressions = plan_for(request, SEARCH_PARAMETERS)
    if expressions is None:
        return Search(request, vector, None, None)
    values = request.get("ExpressionAttributeValues") or NO_VALUES
    plan = expressions.bind(values)
    wanted = None
    if plan.search is not None:
        terms = search_terms(plan.search, request.get("ExpressionAttributeNames") or NO_NAMES)
        wanted = {name: values[placeholder] for name, placeholder in terms.items()}
    return Search(request, vector, wanted, plan.projection)


def _read_vector(components: list[AttributeValue]) -> Vector:
    numbers = []
    for component in components:
        try:
            normalize_value(component)
        except InvalidValueError:
            raise ValidationError(messages.SEARCH_VECTOR_INVALID) from None
        number = float_of(component)
        if number is None:
            raise ValidationError(messages.SEARCH_VECTOR_INVALID)
        numbers.append(number)
    return vector_of(numbers)


@operation(
    "SearchVectors",
    plane=Plane.DATA,
    read=read_search,
    capacity=Capacity.SEARCH,
    items=Items.SEARCH,
)
def search_vectors(search: Search, door: Door) -> Response:
    """Return the items with the nearest vectors and their scores, the nearest first.

    https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_SearchVectors.html
    """
    table = door.table(search.table_name)
    index = find_vector_index(door.region, table, search.index_name)
    dimensions = index.definition.dimensions
    if len(search.vector) != dimensions:
        raise ValidationError(messages.search_vector_size(len(search.vector), dimensions))
    wanted = _check_condition(index, search.wanted)
    results, returned_bytes = [], 0
    for score, entry in index.search(search.vector, search.request["TopK"], wanted):
        item = _item_of(index, entry, search.projection)
        results.append({"Item": item, "Score": score})
        returned_bytes += limits.VECTOR_SEARCH_BYTES_A_RESULT + _returned_bytes(index, item)
    response: Response = {"SearchResults": results}
    if search.request.get("ReturnConsumedCapacity", "NONE") != "NONE":
        searched_bytes = dimensions * limits.VECTOR_SEARCH_BYTES_A_DIMENSION + returned_bytes
        response["ConsumedCapacity"] = {
            "VectorSearchRequestBytes": max(searched_bytes, limits.VECTOR_SEARCH_BYTES_MIN)
        }
    return response


def _check_condition(
    index: VectorIndex, wanted: Mapping[str, AttributeValue] | None
) -> dict[str, Content]:
    """Return the values to compare with, after checking them against the search schema."""
    definition = index.definition
    hash_name = definition.hash_name
    if hash_name is not None:
        if wanted is None:
            raise ValidationError(messages.SEARCH_CONDITION_MISSING)
        if hash_name not in wanted:
            raise ValidationError(messages.SEARCH_HASH_MISSING)
    kinds = {each.name: each.kind for each in definition.search_schema}
    for name, value in (wanted or {}).items():
        if name not in kinds:
            raise ValidationError(messages.attribute_not_searched(name))
        if kinds[name] not in value:
            raise ValidationError(messages.search_value_type(name))
    return {name: content_of(value) for name, value in (wanted or {}).items()}


def _item_of(index: VectorIndex, entry: VectorEntry, projection: Projection | None) -> Item:
    """Return the projected attributes of an item, with its vector only if that is requested."""
    item, name = entry.stored.load(), index.definition.attribute_name
    item.pop(name, None)
    if projection is None:
        return item
    if name in projection.attributes:
        item[name] = {"L": [{"N": plain_text(component)} for component in entry.vector]}
    return projection.apply(item)


def _returned_bytes(index: VectorIndex, item: dict[str, Any]) -> int:
    """Return the size by which an item is charged, with its vector as 32-bit numbers."""
    name = index.definition.attribute_name
    size_bytes = item_bytes({key: value for key, value in item.items() if key != name})
    if name in item:
        size_bytes += limits.VECTOR_DIMENSION_BYTES * index.definition.dimensions
    return size_bytes
