"""Forms, which are accepted from pages of the console only.

A page of another origin can send a form here, but it cannot read the token in ours, and browsers
say where a form comes from.
"""

from __future__ import annotations

import secrets
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from ddbmock._internal.console.markup import Markup, element

if TYPE_CHECKING:
    from ddbmock._internal.console.requests import Request

_TOKEN_FIELD = "token"  # noqa: S105 (the name of a field)


class Forms:
    """The forms of one console."""

    def __init__(self) -> None:
        self._token = secrets.token_urlsafe(32)

    def form(self, action: str, *content: object, **attributes: object) -> Markup:
        """Return a form that changes something."""
        token = element("input", type="hidden", name=_TOKEN_FIELD, value=self._token)
        return element("form", token, *content, action=action, method="post", **attributes)

    def button(self, action: str, label: str, **values: str) -> Markup:
        """Return a form that consists of a button."""
        hidden = [element("input", type="hidden", name=k, value=v) for k, v in values.items()]
        return self.form(action, *hidden, element("button", label), class_="inline")

    def may_change(self, request: Request) -> bool:
        """Return whether a request comes from a page of this console."""
        token = request.form.get(_TOKEN_FIELD, "").encode()
        return secrets.compare_digest(token, self._token.encode()) and _is_same_origin(request)


def _is_same_origin(request: Request) -> bool:
    """Return whether the headers, if the browser sends them, have this origin."""
    headers = request.headers
    if headers.get("sec-fetch-site", "same-origin") not in {"same-origin", "none"}:
        return False
    origin = headers.get("origin")
    return origin is None or urlsplit(origin).netloc == headers.get("host")
