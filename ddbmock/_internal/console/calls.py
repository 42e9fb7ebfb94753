"""The recorded calls, with their units."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ddbmock._internal.calls import number_text
from ddbmock._internal.calls.display import Display, counted
from ddbmock._internal.calls.request_text import on_one_line
from ddbmock._internal.console.layout import page
from ddbmock._internal.console.markup import Markup, definitions, element, table
from ddbmock._internal.times import utc

if TYPE_CHECKING:
    from ddbmock._internal.calls import RecordedCall
    from ddbmock._internal.console.forms import Forms
    from ddbmock._internal.console.place import Target
    from ddbmock._internal.console.requests import Request, Response

_SHOWN_COUNT = 100
_LINE = Display(characters=300)


def show(_: Request, targets: list[Target], __: Forms) -> Response:
    """Return the page with the newest calls of each target."""
    sections = [_calls_of(target, is_alone=len(targets) == 1) for target in targets]
    return page("Calls", *(sections or [element("p", "No calls yet.")]), current="calls")


def _calls_of(target: Target, *, is_alone: bool) -> Markup:
    calls = target.controller.calls
    newest = list(calls[-_SHOWN_COUNT:])[::-1]
    rows = [
        (
            f"{utc(call.at_seconds):%H:%M:%S}",
            element("span", call.region, class_="nowrap"),
            element("code", call.line(_LINE)),
            _number(call.read_units),
            _number(call.write_units),
            _error(call),
        )
        for call in newest
    ]
    heading = "" if is_alone else element("h2", f"Access key {target.name}")
    return element(
        "section",
        heading,
        definitions(
            [
                ("calls", f"{len(calls):,}"),
                ("read units", number_text(sum(call.read_units for call in calls))),
                ("write units", number_text(sum(call.write_units for call in calls))),
                ("failed", f"{sum(call.error is not None for call in calls):,}"),
            ]
        ),
        table(
            f"The newest {counted(len(rows), 'call')}, the last one first",
            ("Time (UTC)", "Region", "Call", "Read units", "Write units", "Error"),
            rows,
        ),
    )


def _number(units: float) -> str:
    return number_text(units) if units else ""


def _error(call: RecordedCall) -> Markup | str:
    if call.error is None:
        return ""
    return element("span", call.error_code, class_="error", title=on_one_line(str(call.error)))
