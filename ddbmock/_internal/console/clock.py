"""The clock: time, freeze, advance, settle."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ddbmock._internal.console.layout import note, page
from ddbmock._internal.console.markup import Markup, choice, definitions, element, field
from ddbmock._internal.console.requests import BAD_REQUEST, OK, redirect, url
from ddbmock._internal.console.targets import chosen, hidden
from ddbmock._internal.errors import MisuseError

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from ddbmock._internal.console.forms import Forms
    from ddbmock._internal.console.place import Target
    from ddbmock._internal.console.requests import Request, Response

_UNITS = ("seconds", "minutes", "hours", "days", "weeks")
_AT = "%Y-%m-%dT%H:%M:%S"


def show(request: Request, targets: list[Target], forms: Forms) -> Response:
    """Return the page of the clocks, or apply a form."""
    error: str | None = None
    if request.method == "POST":
        try:
            target = chosen(request, targets)
            _ACTIONS[request.form.get("do", "")](target, request.form)
            return redirect(url("clock"))
        except KeyError:
            error = "There is no such button."
        except (MisuseError, ValueError) as problem:
            error = str(problem)
    sections = [_clock_of(target, forms, is_alone=len(targets) == 1) for target in targets]
    return page(
        "Clock",
        "" if error is None else note(error, is_error=True),
        *(sections or [element("p", "No clock yet: the first call starts it.")]),
        current="clock",
        status=OK if error is None else BAD_REQUEST,
    )


def _freeze(target: Target, form: Mapping[str, str]) -> None:
    target.controller.clock.freeze(form.get("at") or None)


def _unfreeze(target: Target, _: Mapping[str, str]) -> None:
    target.controller.clock.unfreeze()


def _advance(target: Target, form: Mapping[str, str]) -> None:
    unit = form.get("unit", "")
    if unit not in _UNITS:
        raise MisuseError(f"the clock has no {unit!r}")
    try:
        count = float(form.get("by", ""))
    except ValueError:
        raise MisuseError(f"{form.get('by', '')!r} is not a number of {unit}") from None
    target.controller.clock.advance(**{unit: count})


def _settle(target: Target, _: Mapping[str, str]) -> None:
    target.controller.settle()


def _expire(target: Target, _: Mapping[str, str]) -> None:
    target.controller.expire()


_ACTIONS: Mapping[str, Callable[[Target, Mapping[str, str]], None]] = {
    "freeze": _freeze,
    "unfreeze": _unfreeze,
    "advance": _advance,
    "settle": _settle,
    "expire": _expire,
}


def _clock_of(target: Target, forms: Forms, *, is_alone: bool) -> Markup:
    clock, action, own = target.controller.clock, url("clock"), hidden(target)
    units = [(unit, unit) for unit in _UNITS]
    at = element("input", name="at", value=f"{clock.now():{_AT}}", required=True)
    by = element("input", name="by", value="1", inputmode="decimal", required=True)
    start = (
        [forms.button(action, "Start again", do="unfreeze", of=target.name)]
        if clock.is_frozen
        else []
    )
    return element(
        "section",
        "" if is_alone else element("h2", f"Access key {target.name}"),
        definitions([("now", str(clock)), ("state", "frozen" if clock.is_frozen else "running")]),
        forms.form(
            action,
            own,
            field("Freeze at (UTC)", at),
            element("button", "Freeze", name="do", value="freeze", class_="main"),
        ),
        forms.form(
            action,
            own,
            field("Advance by", by),
            field("unit", choice("unit", units, "hours")),
            element("button", "Advance", name="do", value="advance", class_="main"),
        ),
        element(
            "div",
            *start,
            forms.button(action, "Finish what is in progress", do="settle", of=target.name),
            forms.button(action, "Delete expired items", do="expire", of=target.name),
            class_="actions",
        ),
    )
