"""The throughput: what tables and indexes have left, and what was throttled; drain and fill."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ddbmock._internal.console.layout import page
from ddbmock._internal.console.markup import Markup, element, join, table
from ddbmock._internal.console.requests import redirect, url
from ddbmock._internal.console.targets import chosen
from ddbmock._internal.features import THROUGHPUT

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ddbmock._internal.console.forms import Forms
    from ddbmock._internal.console.place import Target
    from ddbmock._internal.console.requests import Request, Response
    from ddbmock._internal.throughput import Throughput

_OFF = (
    "Tables do not throttle here. They do with mock_dynamodb(throughput=True), or ddbmock serve"
    " --throughput."
)
_HEADS = ("Table", "Index", "Region", "Read units left", "Write units left", "Partitions", "")


def show(request: Request, targets: list[Target], forms: Forms) -> Response:
    """Return the page of the throughput, or do what a form says."""
    if request.method == "POST":
        form = request.form
        service = chosen(request, targets).service
        throughput = service.use(THROUGHPUT)
        change = throughput.drain if form.get("do") == "drain" else throughput.fill
        with service.backend.exclusive():
            change(form.get("table", ""), form.get("index") or None, region=form.get("region"))
        return redirect(url("throughput"))
    sections = [_throughput_of(target, forms, is_alone=len(targets) == 1) for target in targets]
    nothing = element("p", "No access key has called yet.")
    return page("Throughput", *(sections or [nothing]), current="throughput")


def _throughput_of(target: Target, forms: Forms, *, is_alone: bool) -> Markup:
    heading = "" if is_alone else element("h2", f"Access key {target.name}")
    throughput = target.service.used(THROUGHPUT)
    if throughput is None:
        return element("section", heading, element("p", _OFF))
    with target.service.backend.exclusive():
        rows, report = list(_rows(target, throughput, forms)), throughput.report()
    return element(
        "section",
        heading,
        table("What is left", _HEADS, rows) if rows else element("p", "No tables yet."),
        element("h3" if heading else "h2", "What was throttled"),
        element("pre", report, tabindex="0"),
    )


def _rows(target: Target, throughput: Throughput, forms: Forms) -> Iterator[tuple[object, ...]]:
    for region in target.service.backend.regions():
        for each in region.all_tables():
            name = each.name
            of_table = [index.name for index in each.indexes.values() if index.is_global]
            for index in (None, *of_table):
                reads, writes = throughput.left(name, index, region=region.name)
                yield (
                    name,
                    index or "",
                    region.name,
                    f"{reads:,.0f}",
                    f"{writes:,.0f}",
                    throughput.partition_count(name, index, region=region.name),
                    join(_buttons(target, forms, region.name, name, index), " "),
                )


def _buttons(
    target: Target, forms: Forms, region: str, name: str, index: str | None
) -> Iterator[Markup]:
    values = {"of": target.name, "region": region, "table": name, "index": index or ""}
    for do, label in (("drain", "Drain"), ("fill", "Fill")):
        yield forms.button(url("throughput"), label, do=do, **values)
