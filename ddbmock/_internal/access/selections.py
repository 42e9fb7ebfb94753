"""What Query and Scan return of the entries that they read: Select, projection and filter.

https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_Query.html#DDB-Query-request-Select
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from ddbmock._internal.engine.packing import part_builder
from ddbmock._internal.engine.values import Item
from ddbmock._internal.errors import ValidationError
from ddbmock._internal.garbage_collection import paused_collection
from ddbmock._internal.messages import items as item_messages
from ddbmock._internal.messages import values as value_messages

if TYPE_CHECKING:
    from ddbmock._internal.access.door import Door
    from ddbmock._internal.access.intent import Request, Response
    from ddbmock._internal.access.pages import Page
    from ddbmock._internal.engine.items import StoredItem
    from ddbmock._internal.engine.table import Source
    from ddbmock._internal.expressions.compiled import Condition, Projection
    from ddbmock._internal.expressions.substitutions import Values

Test = Callable[[Item], bool]
#: From this number of entries on, a filter may get only the attributes that it reads. To compile
#: the function that builds these takes as long as building some hundred items.
_MANY = 256
#: The number of entries that show whether most of them pass a filter.
_FEW = 32

_PROJECTIONS = ("ProjectionExpression", "AttributesToGet")
_SELECT_TEXTS = {
    "COUNT": "only the Count",
    "ALL_ATTRIBUTES": "ALL_ATTRIBUTES",
    "ALL_PROJECTED_ATTRIBUTES": "ALL_PROJECTED_ATTRIBUTES",
}


@dataclass(slots=True)
class Selection:
    """What is returned of each entry."""

    #: COUNT: no items at all.
    count_only: bool
    projection: Projection | None
    #: Whether the table is read too, as a local index does not hold everything that is selected.
    fetch: bool = False


def check_select(request: Request) -> None:
    """Check Select against the projection parameters; the current layer has an envelope for it."""
    select = request.get("Select")
    problem = None if select is None else _select_problem(request, select)
    if problem is not None:
        text = value_messages.one_validation_error(problem)
        raise ValidationError(text, legacy_message=problem)


def _select_problem(request: Request, select: str) -> str | None:
    given = [name for name in _PROJECTIONS if request.get(name) is not None]
    if select == "SPECIFIC_ATTRIBUTES":
        return None if given else item_messages.SELECT_SPECIFIC_WITHOUT_PROJECTION
    if given:
        return item_messages.select_conflict(_SELECT_TEXTS[select], given[0])
    if select == "ALL_PROJECTED_ATTRIBUTES" and request.get("IndexName") is None:
        return item_messages.SELECT_PROJECTED_WITHOUT_INDEX
    return None


def check_all_attributes(request: Request, source: Source) -> None:
    """Refuse to return all attributes from a global index that does not hold them."""
    index = source.index
    if (
        index is not None
        and index.is_global
        and index.projected_names is not None
        and request.get("Select") == "ALL_ATTRIBUTES"
    ):
        raise ValidationError(item_messages.all_attributes_not_projected(index.name))


def check_nested(source: Source, expression: Condition | Projection | None) -> None:
    """Refuse paths into key attributes, of the table or any of its indexes."""
    if expression is None or not expression.nested_attributes:
        return
    table, nested = source.table, expression.nested_attributes
    for name in table.key_schema.names:
        if name in nested:
            raise ValidationError(item_messages.nested_key("Key", name))
    for name, _, _ in table.index_key_attributes:
        if name in nested:
            raise ValidationError(item_messages.nested_key("IndexKey", name))


def selection(request: Request, source: Source, projection: Projection | None) -> Selection:
    """Return the selection of a request, after checking it against the index's projection."""
    select = request.get("Select")
    index = source.index
    if index is None or index.projected_names is None:
        return Selection(select == "COUNT", projection)
    if select == "ALL_ATTRIBUTES":
        return Selection(count_only=False, projection=None, fetch=True)
    if projection is not None and not index.projects(projection.attributes):
        if index.is_global:
            missing = sorted(projection.attributes - index.projected_names)
            raise ValidationError(item_messages.not_projected(index.name, missing))
        return Selection(count_only=False, projection=projection, fetch=True)
    return Selection(select == "COUNT", projection)


def build_response(
    door: Door,
    page: Page,
    selected: Selection,
    filtering: tuple[Condition, Values] | None,
    *,
    consistent: bool,
) -> Response:
    """Return the response for a page; `filtering` is the filter with its values."""
    read = page.entries
    if selected.fetch:
        read = door.fetch(page, consistent=consistent)
    count = len(read)
    response: Response = {"Count": count, "ScannedCount": count}
    last: Item | None = None
    if door.returns_stored and selected.projection is None and not selected.count_only:
        response["Items"] = stored = _stored(read, filtering)
        response["Count"] = len(stored)
    elif filtering is not None:
        condition, values = filtering
        items = _filtered(read, condition.bind(values), condition.attributes)
        response["Count"] = len(items)
        if not selected.count_only:
            response["Items"] = items
    elif not selected.count_only:
        response["Items"] = items = (
            [entry.build(*entry.contents) for entry in read] if count < _MANY else _build_all(read)
        )
        if items:
            last = items[-1]
    if page.was_cut:
        response["LastEvaluatedKey"] = page.last_key(last)
    if selected.projection is not None and not selected.count_only:
        response["Items"] = [selected.projection.apply(item) for item in response["Items"]]
    return response


def _stored(
    entries: list[StoredItem], filtering: tuple[Condition, Values] | None
) -> list[StoredItem]:
    """Return the entries that pass the filter, as they are stored."""
    if filtering is None:
        return entries
    condition, values = filtering
    test = condition.bind(values)
    if len(entries) < _MANY:
        return [entry for entry in entries if test(entry.build(*entry.contents))]
    builders = {entry.build for entry in entries}
    parts = {build: part_builder(build, condition.attributes) for build in builders}
    return [entry for entry in entries if test(parts[entry.build](*entry.contents))]


def _build_all(entries: Sequence[StoredItem]) -> list[Item]:
    """Return many items, whose objects the garbage collector sees once they are complete."""
    with paused_collection():
        return [entry.build(*entry.contents) for entry in entries]


def _filtered(entries: Sequence[StoredItem], test: Test, names: frozenset[str]) -> list[Item]:
    """Return the items that pass the test, which reads no other attributes than these."""
    first, rest = (entries, ()) if len(entries) < _MANY else (entries[:_FEW], entries[_FEW:])
    # One item after the other: what the filter drops is freed before the next is decoded.
    items = [item for entry in first if test(item := entry.build(*entry.contents))]
    if not rest:
        return items
    with paused_collection():
        if len(items) > _FEW // 2:  # most pass, so that most would be built twice
            return items + [item for entry in rest if test(item := entry.build(*entry.contents))]
        parts = {build: part_builder(build, names) for build in {entry.build for entry in rest}}
        return items + [
            entry.build(*entry.contents)
            for entry in rest
            if test(parts[entry.build](*entry.contents))
        ]
