"""The faults: list with counts, add, remove."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ddbmock._internal.console.layout import note, page
from ddbmock._internal.console.markup import Markup, choice, element, field, table
from ddbmock._internal.console.requests import BAD_REQUEST, OK, redirect, url
from ddbmock._internal.console.targets import chosen, hidden
from ddbmock._internal.errors import MisuseError
from ddbmock._internal.features import FAULTS

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ddbmock._internal.console.forms import Forms
    from ddbmock._internal.console.place import Target
    from ddbmock._internal.console.requests import Request, Response
    from ddbmock._internal.faults import Fault

#: Errors that most programs must handle; a test can use every other error.
_ERRORS = (
    "ProvisionedThroughputExceededException",
    "ThrottlingException",
    "InternalServerError",
    "RequestLimitExceeded",
    "TransactionConflictException",
    "ConditionalCheckFailedException",
)


def show(request: Request, targets: list[Target], forms: Forms) -> Response:
    """Return the page of the faults, or apply a form."""
    error: str | None = None
    if request.method == "POST":
        try:
            _change(chosen(request, targets), request.form)
            return redirect(url("faults"))
        except MisuseError as problem:
            error = str(problem)
    sections = [_faults_of(target, forms, is_alone=len(targets) == 1) for target in targets]
    return page(
        "Faults",
        "" if error is None else note(error, is_error=True),
        *(sections or [element("p", "No access key has called yet.")]),
        current="faults",
        status=OK if error is None else BAD_REQUEST,
    )


def _change(target: Target, form: Mapping[str, str]) -> None:
    faults = target.service.use(FAULTS)
    if form.get("do") == "clear":
        faults.clear()
    elif form.get("do") == "remove":
        for number, fault in enumerate(list(faults)):
            if str(number) == form.get("number") and str(fault.selector) == form.get("selector"):
                fault.remove()
    else:
        faults.add(
            error=form.get("error", ""),
            operation=form.get("operation") or None,
            table=form.get("table") or None,
            times=_count(form.get("times", "")),
        )


def _count(text: str) -> int | None:
    if not text:
        return None
    if not text.isascii() or not text.isdigit():
        raise MisuseError(f"{text!r} is not a number of times")
    return int(text)


def _faults_of(target: Target, forms: Forms, *, is_alone: bool) -> Markup:
    action, faults = url("faults"), target.service.used(FAULTS)
    rows = [
        (str(fault), fault.matched, fault.happened, _remove(forms, target, number, fault))
        for number, fault in enumerate(faults or ())
    ]
    names = sorted({each.name for region in target.regions() for each in region.all_tables()})
    form = forms.form(
        action,
        hidden(target),
        field("Error", choice("error", [(each, each) for each in _ERRORS], _ERRORS[0])),
        field("Operation (any)", element("input", name="operation", placeholder="PutItem")),
        field("Table", choice("table", [("", "any"), *((n, n) for n in names)], "")),
        field("Times (until removed)", element("input", name="times", inputmode="numeric")),
        element("button", "Add", name="do", value="add", class_="main"),
    )
    heads = ("Fault", "Matched", "Happened", "")
    clear = forms.button(action, "Remove all", do="clear", of=target.name)
    return element(
        "section",
        "" if is_alone else element("h2", f"Access key {target.name}"),
        element("p", "Calls fail as in production, with the service's own errors."),
        form,
        *([table("Faults", heads, rows), clear] if rows else [element("p", "No faults.")]),
    )


def _remove(forms: Forms, target: Target, number: int, fault: Fault) -> Markup:
    values = {"do": "remove", "of": target.name, "number": str(number)}
    return forms.button(url("faults"), "Remove", selector=str(fault.selector), **values)
