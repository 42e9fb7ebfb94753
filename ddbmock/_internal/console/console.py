"""Routing of requests to pages, and the protection of forms."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ddbmock._internal.console import (
    calls,
    clock,
    faults,
    item,
    items,
    regions,
    tables,
    throughput,
)
from ddbmock._internal.console.forms import Forms
from ddbmock._internal.console.layout import note, page, style
from ddbmock._internal.console.place import Place, Target, key_of
from ddbmock._internal.console.requests import BAD_REQUEST, FORBIDDEN, NOT_FOUND
from ddbmock._internal.errors import MisuseError, ServiceError, UnsupportedError

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from ddbmock._internal.console.requests import Request, Response
    from ddbmock._internal.service import Service

    Page = Callable[[Request, list[Target], Forms], Response]

#: The pages about a target, by the first part of the path.
_PAGES: Mapping[str, Page] = {
    "calls": calls.show,
    "clock": clock.show,
    "faults": faults.show,
    "regions": regions.show,
    "throughput": throughput.show,
}
#: The pages about a table, by the part of the path after its name.
_TABLE_PAGES: Mapping[str, Callable[[Request, Place, Forms], Response]] = {
    "": items.show,
    "item": item.show,
    "settings": tables.show_settings,
    "stream": tables.show_stream,
}


class Console:
    """The pages about services, which are looked up for each request.

    Args:
        services: Returns the services by name: one for each access key, or that of a mock.
    """

    def __init__(self, services: Callable[[], Mapping[str, Service]]) -> None:
        self._services = services
        self._forms = Forms()

    def answer(self, request: Request) -> Response:
        """Answer a request."""
        if request.method not in {"GET", "HEAD", "POST"}:
            return _problem("This page can be read, or sent a form.", BAD_REQUEST)
        if request.method == "POST" and not self._forms.may_change(request):
            return _problem(
                "This form does not come from this console, or ddbmock was started again since."
                " Open the page again.",
                FORBIDDEN,
            )
        targets = [Target(name, service) for name, service in self._services().items()]
        try:
            return self._page(request, targets)
        except (ServiceError, MisuseError, UnsupportedError) as error:
            return _problem(str(error), BAD_REQUEST)

    def _page(self, request: Request, targets: list[Target]) -> Response:
        match request.parts:
            case []:
                return tables.show_tables(targets)
            case ["style.css"]:
                return style()
            case [str(name)] if name in _PAGES:
                return _PAGES[name](request, targets, self._forms)
            case ["table", str(target), str(region), str(name), *rest] if len(rest) <= 1:
                place = _place(targets, target, region, name)
                show = _TABLE_PAGES.get("".join(rest))
                if place is None:
                    return _problem(f"There is no table {name} in {region}.", NOT_FOUND)
                if show is not None:
                    return show(request, place, self._forms)
        return _problem("There is no such page.", NOT_FOUND)


def _place(targets: list[Target], target: str, region: str, name: str) -> Place | None:
    for each in targets:
        for found in each.regions():
            if (each.name, key_of(found)) == (target, region) and name in found.tables:
                return Place(each, found, found.tables[name])
    return None


def _problem(message: str, status: int) -> Response:
    return page("That did not work", note(message, is_error=True), current="none", status=status)
