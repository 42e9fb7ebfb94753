"""What Query and Scan share: a page of a table or index, its shape and its cost.

A page ends at Limit items or once more than 1 MB has been read, both counted before the filter.
https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Query.Pagination.html
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable
from dataclasses import dataclass
from itertools import accumulate, islice
from typing import TYPE_CHECKING

from ddbmock import limits, messages
from ddbmock.access.lookup import find_index, find_table, order_key_of
from ddbmock.engine.capacity import Consumed, read_units
from ddbmock.engine.values import InvalidValueError, Item, normalize_item
from ddbmock.errors import ValidationError

if TYPE_CHECKING:
    from ddbmock.access.call import Call, Request, Response
    from ddbmock.access.key_ranges import Range
    from ddbmock.engine.index import Row
    from ddbmock.engine.items import StoredItem
    from ddbmock.engine.keys import KeySchema, OrderKey
    from ddbmock.engine.table import Source, Table
    from ddbmock.expressions import Condition, Projection

Test = Callable[[Item], bool]

#: How many entries are looked at before their size is: a page of small items takes a few of these.
_CHUNK = 512
#: Up to this Limit, a page's few entries are read from one end of the range.
_FEW = 64


def find_source(call: Call) -> Source:
    """Return the table or index that a request reads."""
    request = call.request
    table: Table | None = call.region.tables.get(request["TableName"])
    if table is None or table.settings.transitions:
        table = find_table(call.region, request["TableName"])
    source = table.sources.get(request.get("IndexName"))
    if source is None or (table.settings.transitions and source.index is not None):
        if source is None and call.operation == "Scan" and _has_start(request):
            raise ValidationError(messages.START_KEY_INVALID)
        source = table.sources[find_index(table, request["IndexName"]).name]
    if source.index is not None and source.index.is_global and request.get("ConsistentRead"):
        raise ValidationError(messages.CONSISTENT_READ_ON_GLOBAL_INDEX)
    return source


def _has_start(request: Request) -> bool:
    return request.get("ExclusiveStartKey") is not None


@dataclass(slots=True)
class Page:
    """The entries that were read for one answer, in order, before any filter."""

    #: Order keys of a table, rows of an index.
    rows: list[Row]
    entries: list[StoredItem]
    scanned_bytes: int
    #: Whether Limit or the size ended the page, so that there may be more.
    was_cut: bool


def read_page(source: Source, bounds: Range, limit: int | None, *, backward: bool) -> Page:
    """Read one page, so that no more is touched than it needs."""
    if limit is None or limit > _FEW:
        return _read_many(source, bounds, limit, backward=backward)
    # Of a few entries, the other end of the range is only looked for when it is met: to find an
    # end takes a dozen comparisons, in a large table all of them with cold memory.
    low, high = bounds
    if backward:
        rows = source.last(high, limit)
        if rows and rows[-1] < low:
            rows = [row for row in rows if row >= low]
    else:
        rows = source.first(low, limit)
        if rows and rows[-1] >= high:
            rows = [row for row in rows if row < high]
    entries = list(source.entries_at(rows))
    scanned_bytes = sum([entry.size_bytes for entry in entries])
    if scanned_bytes > limits.PAGE_BYTES_MAX:
        return _cut_to_size(rows, entries)
    return Page(rows, entries, scanned_bytes, was_cut=len(rows) == limit)


def _read_many(source: Source, bounds: Range, limit: int | None, *, backward: bool) -> Page:
    """Read a page, a chunk of entries at a time."""
    order = source.between(*bounds, backward=backward)
    rows: list[Row] = []
    entries: list[StoredItem] = []
    scanned_bytes = 0
    while True:
        wanted = _CHUNK if limit is None else min(limit - len(rows), _CHUNK)
        chunk = list(islice(order, wanted))
        found = list(source.entries_at(chunk))
        scanned_bytes += sum([entry.size_bytes for entry in found])
        rows += chunk
        entries += found
        if scanned_bytes > limits.PAGE_BYTES_MAX:
            return _cut_to_size(rows, entries)
        if len(rows) == limit:
            return Page(rows, entries, scanned_bytes, was_cut=True)
        if len(chunk) < wanted:
            return Page(rows, entries, scanned_bytes, was_cut=False)


def _cut_to_size(rows: list[Row], entries: list[StoredItem]) -> Page:
    """Return the page that ends with the entry that brought it over 1 MB."""
    sizes = list(accumulate([entry.size_bytes for entry in entries]))
    count = bisect_right(sizes, limits.PAGE_BYTES_MAX) + 1
    return Page(rows[:count], entries[:count], sizes[count - 1], was_cut=True)


@dataclass(slots=True)
class Selection:
    """What is returned of each item."""

    #: COUNT: no items at all.
    count_only: bool
    projection: Projection | None
    #: A local index does not hold everything that is asked for: read the table too.
    fetch: bool = False


def check_select(call: Call) -> None:
    """Check Select against the projection parameters, before the table is looked up."""
    select = call.request.get("Select")
    problem = None if select is None else _select_problem(call.request, select)
    if problem is not None:
        # Only Query says it in the newer form.
        is_query = call.operation == "Query"
        raise ValidationError(messages.one_validation_error(problem) if is_query else problem)


def _select_problem(request: Request, select: str) -> str | None:
    given = [name for name in _PROJECTIONS if request.get(name) is not None]
    if select == "SPECIFIC_ATTRIBUTES":
        return None if given else messages.SELECT_SPECIFIC_WITHOUT_PROJECTION
    if given:
        return messages.select_conflict(_SELECT_TEXTS[select], given[0])
    if select == "ALL_PROJECTED_ATTRIBUTES" and request.get("IndexName") is None:
        return messages.SELECT_PROJECTED_WITHOUT_INDEX
    return None


_PROJECTIONS = ("ProjectionExpression", "AttributesToGet")


_SELECT_TEXTS = {
    "COUNT": "only the Count",
    "ALL_ATTRIBUTES": "ALL_ATTRIBUTES",
    "ALL_PROJECTED_ATTRIBUTES": "ALL_PROJECTED_ATTRIBUTES",
}


def check_all_attributes(request: Request, source: Source) -> None:
    """Refuse to return all attributes from a global index that does not hold them."""
    index = source.index
    if (
        index is not None
        and index.is_global
        and index.projected_names is not None
        and request.get("Select") == "ALL_ATTRIBUTES"
    ):
        raise ValidationError(messages.all_attributes_not_projected(index.name))


def check_nested(source: Source, expression: Condition | Projection | None) -> None:
    """Refuse to look inside of key attributes, of the table or any of its indexes."""
    if expression is None or not expression.nested_attributes:
        return
    table, nested = source.table, expression.nested_attributes
    for name in table.key_schema.names:
        if name in nested:
            raise ValidationError(messages.nested_key("Key", name))
    for name, _, _ in table.index_key_attributes:
        if name in nested:
            raise ValidationError(messages.nested_key("IndexKey", name))


def selection(request: Request, source: Source, projection: Projection | None) -> Selection:
    """Return what is to be returned, after checking it against the index's projection."""
    select = request.get("Select")
    index = source.index
    if index is None or index.projected_names is None:
        return Selection(select == "COUNT", projection)
    if select == "ALL_ATTRIBUTES":
        return Selection(count_only=False, projection=None, fetch=True)
    if projection is not None and not index.projects(projection.attributes):
        if index.is_global:
            missing = sorted(projection.attributes - index.projected_names)
            raise ValidationError(messages.not_projected(index.name, missing))
        return Selection(count_only=False, projection=projection, fetch=True)
    return Selection(select == "COUNT", projection)


def accept_start_key(request: Request) -> Item | None:
    """Return the ExclusiveStartKey with its values checked and canonical, None without one."""
    start: Item | None = request.get("ExclusiveStartKey")
    if start is not None:
        try:
            normalize_item(start)
        except InvalidValueError as error:
            text = f"{messages.START_KEY_INVALID}: {error.message}"
            raise ValidationError(text) from None
    return start


def check_start_key(source: Source, start: Item, schema: KeySchema | None) -> None:
    """Check an ExclusiveStartKey's attributes: their number, then those of the key given.

    Query looks at the key that is queried first, Scan at the key of its index, if it has one.
    """
    if len(start) != len(source.start_key_names):
        raise ValidationError(
            messages.START_KEY_MISMATCH if schema is None else messages.START_KEY_INVALID
        )
    if schema is not None:
        for attribute in schema.attributes:
            if attribute.name not in start:
                raise ValidationError(messages.START_KEY_INVALID)
            if attribute.kind not in start[attribute.name]:
                raise ValidationError(messages.KEY_ELEMENT_MISMATCH)


def start_order_key(source: Source, start: Item) -> OrderKey:
    """Return the place of an ExclusiveStartKey, after checking the table's key in it."""
    key = {name: start[name] for name in source.table.key_schema.names if name in start}
    try:
        table_key = order_key_of(source.table, key)
    except ValidationError as error:
        raise ValidationError(f"{messages.START_KEY_INVALID}: {error.message}") from None
    place = table_key if source.index is None else source.index.entry_key(start, table_key)
    if place is None:
        raise AssertionError(start)
    return place


def answer(
    call: Call, source: Source, page: Page, selected: Selection, test: Test | None
) -> Response:
    """Return the answer for a page, and charge it; `test` is the filter."""
    consistent: bool = call.request.get("ConsistentRead", False)
    charge(call, source, page, consistent=consistent)
    read = page.entries
    if selected.fetch:
        read = fetch(call, source, page, consistent=consistent)
    count = len(read)
    response: Response = {"Count": count, "ScannedCount": count}
    last: Item | None = None
    if test is None and not selected.count_only:
        response["Items"] = items = [entry.build(*entry.contents) for entry in read]
        last = items[-1] if page.was_cut and read is page.entries else None
    elif test is not None:
        # One item after the other: what the filter drops is gone before the next is decoded.
        items = [item for entry in read if test(item := entry.build(*entry.contents))]
        response["Count"] = len(items)
        if not selected.count_only:
            response["Items"] = items
    if page.was_cut:
        if last is None:
            last = page.entries[-1].load()
        response["LastEvaluatedKey"] = start_key = {}
        for name in source.start_key_names:
            start_key[name] = last[name].copy()
    if selected.projection is not None and not selected.count_only:
        response["Items"] = [selected.projection.apply(item) for item in response["Items"]]
    return response


def charge(call: Call, source: Source, page: Page, *, consistent: bool) -> None:
    """Charge a page: rounded up once a request, not once an item."""
    name = source.table.name
    consumed = call.consumed.get(name)
    if consumed is None:
        consumed = call.consumed[name] = Consumed(name)
    units = read_units(page.scanned_bytes, consistent=consistent)
    if source.index is None:
        consumed.read_units += units
    else:
        consumed.add_index_units(
            source.index.name, is_global=source.index.is_global, read_units=units
        )


def fetch(call: Call, source: Source, page: Page, *, consistent: bool) -> list[StoredItem]:
    """Return the table's items for local index entries, each a read of the table."""
    consumed = call.consumed_of(source.table.name)
    items: list[StoredItem] = [source.table.items[source.table_key(row)] for row in page.rows]
    for item in items:
        consumed.read_units += read_units(item.size_bytes, consistent=consistent)
    return items
