"""The items of a table: browse, query, filter."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from ddbmock._internal.calls.display import Display, counted, value_text
from ddbmock._internal.console.layout import note, page
from ddbmock._internal.console.markup import Markup, choice, element, field, join, link, table
from ddbmock._internal.console.queries import (
    COMPARISONS,
    FILTERS,
    Selection,
    partition_field,
)
from ddbmock._internal.console.requests import BAD_REQUEST, OK, json_text
from ddbmock._internal.console.tables import about, trail
from ddbmock._internal.errors import ServiceError
from ddbmock._internal.formats.dynamodb_json import jsonable_item
from ddbmock._internal.formats.python_values import AttributeValueError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ddbmock._internal.console.forms import Forms
    from ddbmock._internal.console.place import Place
    from ddbmock._internal.console.requests import Request, Response

_COLUMN_COUNT = 10
_CELL = Display(characters=80)
_DONE = {"created": "The item was created.", "saved": "The item was saved.", "deleted": "Deleted."}


def show(request: Request, place: Place, _: Forms) -> Response:
    """Return the page with the items that the query selects."""
    selection = Selection.of(place, request.query)
    message: Markup | str = ""
    if done := _DONE.get(request.query.get("done", "")):
        message = note(done)
    content: list[object] = []
    status = OK
    try:
        content = _content(place, selection)
    except (ServiceError, AttributeValueError, ValueError) as error:
        message, status = note(str(error), is_error=True), BAD_REQUEST
    return page(
        place.table.name,
        message,
        about(place),
        _form(place, selection),
        *content,
        trail=trail(),
        status=status,
    )


def _form(place: Place, selection: Selection) -> Markup:
    """Return the form of a query; it is sent as a GET, so that its URL can be bookmarked."""
    sources = [("", "the table"), *((name, f"index {name}") for name in place.table.indexes)]
    schema = selection.source.key_schema
    controls = [field("Read", choice("index", sources, selection.index_name))]
    for at, attribute in enumerate(schema.partition):
        label = f"{attribute.name} ({attribute.kind})"
        value = selection.given.get(partition_field(at), "")
        controls.append(
            field(label, element("input", name=partition_field(at), value=value, type="search"))
        )
    if schema.sort:
        sort = schema.sort[0]
        comparison = selection.given.get("op", "")
        value, upper = selection.given.get("sk", ""), selection.given.get("to", "")
        label = f"{sort.name} ({sort.kind})"
        controls += [
            field(label, choice("op", COMPARISONS, comparison)),
            field("value", element("input", name="sk", value=value, type="search")),
            field("and, for between", element("input", name="to", value=upper, type="search")),
        ]
    filtered = selection.given.get("filter", "")
    filter_value = selection.given.get("value", "")
    controls += [
        field("Filter attribute", element("input", name="filter", value=filtered, type="search")),
        field("filter", choice("test", FILTERS, selection.given.get("test", ""))),
        field("value", element("input", name="value", value=filter_value, type="search")),
        element("button", "Show items", class_="main"),
        link("New item", place.url("item")),
    ]
    return element("form", *controls, action=place.url(), method="get", role="search")


def _content(place: Place, selection: Selection) -> list[object]:
    response = place.request(selection.operation, **selection.parameters())
    items: Sequence[dict[str, Any]] = response["Items"]
    columns = _columns(place, selection, items)
    rows = [_row(place, columns, item) for item in items]
    read = response["ScannedCount"]
    of_read = "" if read == len(items) else f" of {read:,} that were read"
    caption = f"{counted(len(items), 'item')}{of_read}, by {selection.operation}"
    parts: list[object] = [table(caption, ["", *columns], rows)]
    if "LastEvaluatedKey" in response:
        start = json_text(jsonable_item(response["LastEvaluatedKey"]))
        url = place.url(**{**selection.given, "start": start})
        parts.append(element("p", link("Next page", url, accesskey="n", rel="next")))
    return parts


def _columns(place: Place, selection: Selection, items: Sequence[dict[str, Any]]) -> list[str]:
    """Return the attributes that are shown: those of the keys first."""
    keys = [*place.table.key_schema.names, *selection.source.key_schema.names]
    names = dict.fromkeys([*keys, *(name for item in items for name in item)])
    return list(names)[:_COLUMN_COUNT]


def _row(place: Place, columns: Sequence[str], item: dict[str, Any]) -> list[object]:
    key = {name: item[name] for name in place.table.key_schema.names}
    edit = place.url("item", key=json_text(jsonable_item(key)))
    more = len(item.keys() - set(columns))
    cells: list[object] = [
        element("code", value_text(item[name], _CELL)) if name in item else "" for name in columns
    ]
    label = join(["Edit", element("span", f" (+{more})", class_="faint") if more else ""])
    return [link(label, edit, aria_label=f"Edit {json.dumps(jsonable_item(key))}"), *cells]
