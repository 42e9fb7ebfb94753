"""FilterSpecification: which items of a table are exported, and which of their attributes.

https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_FilterSpecification.html
"""

from __future__ import annotations

from contextlib import contextmanager
from copy import deepcopy
from typing import TYPE_CHECKING, Any

from ddbmock._internal.access.key_ranges import range_reader
from ddbmock._internal.access.plans import Parameters
from ddbmock._internal.access.request_expressions import plan_for
from ddbmock._internal.errors import ValidationError
from ddbmock._internal.expressions.substitutions import NO_VALUES
from ddbmock._internal.messages import items as item_messages
from ddbmock._internal.messages import transfer as transfer_messages
from ddbmock._internal.operations.transfer.requests import plain

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from ddbmock._internal.access.key_ranges import Range
    from ddbmock._internal.access.plans import Plan
    from ddbmock._internal.engine.keys import KeySchema, OrderKey
    from ddbmock._internal.engine.values import Item
    from ddbmock._internal.expressions.compiled import Condition
    from ddbmock._internal.expressions.substitutions import Values

_PARAMETERS = Parameters(
    expressions=("ProjectionExpression", "FilterExpression", "KeyConditionExpression"),
    with_values=("FilterExpression", "KeyConditionExpression"),
)


class ExportFilter:
    """The expressions of a FilterSpecification with their values."""

    __slots__ = ("_plan", "_values", "test")

    #: Returns whether an item passes the filter.
    test: Callable[[Item], bool]

    def __init__(self, plan: Plan, values: Values) -> None:
        self._plan = plan
        self._values = values
        self.test = _accept if plan.filter is None else plan.filter.bind(values)

    def range_of(self, schema: KeySchema) -> Range | None:
        """Return the range of keys to be exported; None for all.

        Raises:
            ValidationError: The key condition does not fit the key of the table, or the filter
                has attributes of the key too.
        """
        plan = self._plan
        if plan.key_condition is None:
            return None
        with _worded():
            if plan.filter is not None:
                _check_no_key(plan.filter, schema)
            return range_reader(schema, plan.key_condition)(self._values)

    def project(self, item: Item) -> Item:
        """Return the part of an item that is exported."""
        projection = self._plan.projection
        return item if projection is None else projection.apply(item)


def _accept(_: Item) -> bool:
    return True


def _check_no_key(condition: Condition, schema: KeySchema) -> None:
    for name in schema.names:
        if name in condition.attributes:
            raise ValidationError(item_messages.filter_on_key("Filter Expression", name))


def is_in(bounds: Range | None, key: OrderKey) -> bool:
    """Return whether a key is in a range."""
    return bounds is None or bounds[0] <= key < bounds[1]


def read_filter(specification: Mapping[str, Any]) -> ExportFilter:
    """Return the filter of a request.

    Raises:
        ValidationError: It is empty, or one of its expressions is wrong.
    """
    # A copy: values are made canonical in place, but the request is described as it was sent.
    own = deepcopy(plain(specification))
    values: Values = own.get("ExpressionAttributeValues") or NO_VALUES
    with _worded():
        expressions = plan_for(own, _PARAMETERS)
    if expressions is None:
        raise ValidationError(transfer_messages.FILTER_SPECIFICATION_EMPTY)
    with _worded():
        return ExportFilter(expressions.bind(values), values)


@contextmanager
def _worded() -> Iterator[None]:
    """Raise errors of expressions in the wording of exports."""
    try:
        yield
    except ValidationError as error:
        raise ValidationError(
            transfer_messages.invalid_filter_specification(error.message)
        ) from None
