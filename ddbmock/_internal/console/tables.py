"""The list of tables, and one table's settings, indexes and stream."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from ddbmock._internal.calls.display import Display, counted, item_text
from ddbmock._internal.console.layout import page
from ddbmock._internal.console.markup import Markup, definitions, element, join, link, table
from ddbmock._internal.console.place import key_of
from ddbmock._internal.console.requests import url
from ddbmock._internal.formats.dynamodb_json import jsonable_value
from ddbmock._internal.times import utc

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ddbmock._internal.console.forms import Forms
    from ddbmock._internal.console.place import Place, Target
    from ddbmock._internal.console.requests import Request, Response
    from ddbmock._internal.engine.backend import Region
    from ddbmock._internal.engine.keys import KeySchema

_RECORD_COUNT = 50
_IMAGE = Display(characters=200)
_NOTHING = (
    "No tables yet. A program creates them with CreateTable, and ddbmock serve --tables creates"
    " those of a template."
)


def key_text(schema: KeySchema) -> str:
    """Return a key as text: its attributes with their types."""
    return ", ".join(f"{each.name} ({each.kind})" for each in schema.attributes)


def trail(place: Place | None = None) -> list[Markup]:
    """Return the links above a page about a table."""
    above = [link("Tables", url())]
    return above if place is None else [*above, link(place.table.name, place.url())]


def about(place: Place) -> Markup:
    """Return the links between the pages about a table."""
    pages = (("Items", ""), ("Settings", "settings"), ("Stream", "stream"))
    return element(
        "p",
        join((link(label, place.url(*filter(None, [path]))) for label, path in pages), " · "),
        class_="actions",
    )


def show_tables(targets: Sequence[Target]) -> Response:
    """Return the page with all tables."""
    sections = [
        _tables_of(target, region, is_alone=len(targets) == 1)
        for target in targets
        for region in target.regions()
    ]
    return page("Tables", *(sections or [element("p", _NOTHING)]))


def _tables_of(target: Target, region: Region, *, is_alone: bool) -> Markup:
    caption = region.name if is_alone else f"{region.name}, access key {target.name}"
    if region.account_id != region.backend.account_id:
        caption = f"{caption}, account {region.account_id}"
    rows = []
    for each in region.all_tables():
        name = each.name
        page_of = ("table", target.name, key_of(region), name)
        stream = each.stream
        has_stream = stream is not None and stream.is_enabled
        rows.append(
            (
                link(name, url(*page_of)),
                key_text(each.key_schema),
                f"{len(each.items):,}",
                f"{each.size_bytes:,}",
                join((index_name for index_name in each.indexes), ", "),
                link("stream", url(*page_of, "stream")) if has_stream else "",
            )
        )
    return table(caption, ("Table", "Key", "Items", "Bytes", "Indexes", "Stream"), rows)


def show_settings(_: Request, place: Place, __: Forms) -> Response:
    """Return the page with a table's indexes and settings."""
    indexes = [
        (
            link(name, place.url(index=name)),
            "global" if index.is_global else "local",
            key_text(index.key_schema),
            index.projection.kind,
            f"{len(index.rows):,}",
            f"{index.size_bytes:,}",
        )
        for name, index in place.table.indexes.items()
    ]
    heads = ("Index", "Kind", "Key", "Projection", "Items", "Bytes")
    description = place.request("DescribeTable")["Table"]
    return page(
        "settings",
        about(place),
        definitions(
            [
                ("key", key_text(place.table.key_schema)),
                ("items", f"{len(place.table.items):,}"),
                ("bytes", f"{place.table.size_bytes:,}"),
                ("region", place.region.name),
                ("account", place.region.account_id),
            ]
        ),
        table("Indexes", heads, indexes) if indexes else element("p", "No indexes."),
        element("h2", "DescribeTable"),
        element("pre", json.dumps(description, indent=2, default=str), tabindex="0"),
        trail=trail(place),
    )


def show_stream(_: Request, place: Place, __: Forms) -> Response:
    """Return the page with a table's newest stream records."""
    stream = place.table.stream
    if stream is None:
        empty = element("p", "The table has no stream.")
        return page("stream", about(place), empty, trail=trail(place))
    with place.target.service.backend.exclusive():
        records = [
            (
                f"{utc(record.at_seconds):%Y-%m-%d %H:%M:%S}",
                stream.envelope(record)["eventName"],
                stream.body(record),
            )
            for record in stream.all_records()[: -_RECORD_COUNT - 1 : -1]
        ]
    rows = [
        (
            at,
            event,
            element("code", item_text(body["Keys"], _IMAGE)),
            _image(body.get("OldImage")),
            _image(body.get("NewImage")),
        )
        for at, event, body in records
    ]
    state = "enabled" if stream.is_enabled else "disabled"
    return page(
        "stream",
        about(place),
        definitions(
            [
                ("stream", stream.label),
                ("state", f"{state}, {stream.view_type}"),
                ("shards", str(len(stream.shards))),
            ]
        ),
        table(
            f"The newest {counted(len(rows), 'record')}, the last one first",
            ("Time (UTC)", "Event", "Keys", "Before", "After"),
            rows,
        ),
        trail=trail(place),
    )


def _image(image: object) -> Markup | str:
    if not isinstance(image, dict):
        return ""
    shown = {name: jsonable_value(value) for name, value in image.items()}
    return element("code", item_text(shown, _IMAGE))
