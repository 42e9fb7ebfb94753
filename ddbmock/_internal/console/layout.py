"""The common parts of the console's pages: head, navigation, style."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from ddbmock._internal.console.markup import Markup, element, join, link
from ddbmock._internal.console.requests import OK, Response, url

if TYPE_CHECKING:
    from collections.abc import Iterable

STYLE = Path(__file__).with_name("style.css").read_bytes()
#: Path, label and access key of the pages in the navigation.
_PAGES = (
    ("", "Tables", "t"),
    ("calls", "Calls", "c"),
    ("clock", "Clock", "k"),
    ("faults", "Faults", "f"),
    ("throughput", "Throughput", "p"),
    ("regions", "Regions", "r"),
)
#: No external content, no scripts, no framing.
_POLICY = (
    "default-src 'none'; style-src 'self'; form-action 'self'; base-uri 'none';"
    " frame-ancestors 'none'"
)
_HEADERS = {
    "cache-control": "no-store",
    "content-security-policy": _POLICY,
    "referrer-policy": "same-origin",
    "x-content-type-options": "nosniff",
}


def page(
    title: str, *content: object, current: str = "", trail: Iterable[Markup] = (), status: int = OK
) -> Response:
    """Return a page.

    Args:
        title: Its title.
        *content: Its content.
        current: Its page in the navigation.
        trail: Links to the pages above it.
        status: The status of the response.
    """
    links = [
        element(
            "li",
            link(
                label,
                url(path) if path else url(),
                accesskey=key,
                aria_current="page" if path == current else None,
            ),
        )
        for path, label, key in _PAGES
    ]
    above = [join([each, " / "]) for each in trail]
    document = element(
        "html",
        element(
            "head",
            element("meta", charset="utf-8"),
            element("meta", name="viewport", content="width=device-width, initial-scale=1"),
            element("title", f"{title}: ddbmock"),
            element("link", rel="stylesheet", href=url("style.css")),
        ),
        element(
            "body",
            link("Skip to the content", "#content", class_="skip"),
            element(
                "header",
                element("strong", "ddbmock"),
                element("nav", element("ul", *links), aria_label="Console"),
            ),
            element("main", element("h1", *above, title), *content, id="content", tabindex="-1"),
        ),
        lang="en",
    )
    body = f"<!doctype html>\n{document}\n".encode("utf-8", "backslashreplace")
    return Response(status, "text/html; charset=utf-8", body, _HEADERS)


def note(message: object, *, is_error: bool = False) -> Markup:
    """Return a message about the result of a form."""
    role, kind = ("alert", "note error") if is_error else ("status", "note")
    return element("p", message, role=role, class_=kind)


def style() -> Response:
    """Return the style sheet."""
    return Response(OK, "text/css; charset=utf-8", STYLE, {"cache-control": "no-cache"})
