"""The regions: their tables, and whether they are isolated."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ddbmock._internal.calls.display import counted
from ddbmock._internal.console.layout import page
from ddbmock._internal.console.markup import Markup, element, join, link, table
from ddbmock._internal.console.requests import redirect, url
from ddbmock._internal.console.targets import chosen

if TYPE_CHECKING:
    from ddbmock._internal.console.forms import Forms
    from ddbmock._internal.console.place import Target
    from ddbmock._internal.console.requests import Request, Response
    from ddbmock._internal.controller import RegionView

_ABOUT = (
    "A region that is isolated answers its calls as before, but global tables replicate nothing"
    " from it and to it until it is healed."
)


def show(request: Request, targets: list[Target], forms: Forms) -> Response:
    """Return the page of the regions, or apply a form."""
    if request.method == "POST":
        region = chosen(request, targets).controller.regions[request.form.get("region", "")]
        if request.form.get("do") == "isolate":
            region.isolate()
        else:
            region.heal()
        return redirect(url("regions"))
    sections = [_regions_of(target, forms, is_alone=len(targets) == 1) for target in targets]
    nothing = element("p", "No region yet: the first call in one starts it.")
    return page("Regions", element("p", _ABOUT), *(sections or [nothing]), current="regions")


def _regions_of(target: Target, forms: Forms, *, is_alone: bool) -> Markup:
    regions = target.controller.regions
    rows = [
        (
            name,
            join((link(each, url("table", target.name, name, each)) for each in view.tables), ", "),
            "isolated" if view.is_isolated else "connected",
            _button(target, view, forms),
        )
        for name, view in sorted(regions.items())
    ]
    caption = counted(len(rows), "region") + ("" if is_alone else f", access key {target.name}")
    return table(caption, ("Region", "Tables", "State", ""), rows)


def _button(target: Target, region: RegionView, forms: Forms) -> Markup:
    do, label = ("heal", "Heal") if region.is_isolated else ("isolate", "Isolate")
    values = {"do": do, "of": target.name, "region": region.name}
    return forms.button(url("regions"), f"{label} {region.name}", **values)
