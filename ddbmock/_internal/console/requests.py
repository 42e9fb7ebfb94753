"""Requests, responses and links of the console; its servers handle HTTP."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qsl, quote, unquote, urlencode

if TYPE_CHECKING:
    from collections.abc import Mapping

ROOT = "/console"
OK, SEE_OTHER, BAD_REQUEST, FORBIDDEN, NOT_FOUND = 200, 303, 400, 403, 404


@dataclass(frozen=True, slots=True)
class Request:
    """A request.

    Attributes:
        method: GET or POST.
        path: The raw path of the URL.
        query: The parameters in the URL.
        form: The fields of a form that was sent.
        headers: Names in lower case.
    """

    method: str
    path: str
    query: Mapping[str, str] = field(default_factory=dict)
    form: Mapping[str, str] = field(default_factory=dict)
    headers: Mapping[str, str] = field(default_factory=dict)

    @classmethod
    def of(
        cls, method: str, path: str, query_string: str, body: bytes, headers: Mapping[str, str]
    ) -> Request:
        """Return a request from its raw parts.

        >>> Request.of("GET", "/console/table/a%2Fb", "x=1&y=", b"", {}).query
        {'x': '1', 'y': ''}
        """
        return cls(
            method, path, _fields(query_string), _fields(body.decode("utf-8", "replace")), headers
        )

    @property
    def parts(self) -> list[str]:
        """The parts of the path below the console's root."""
        below = self.path[len(ROOT) :] if self.path.startswith(ROOT) else ""
        return [unquote(part) for part in below.split("/") if part]


def _fields(text: str) -> dict[str, str]:
    # Browsers end the lines of a text with CR and LF.
    pairs = parse_qsl(text, keep_blank_values=True)
    return {name: value.replace("\r\n", "\n") for name, value in pairs}


@dataclass(frozen=True, slots=True)
class Response:
    """A response."""

    status: int
    content_type: str
    body: bytes
    #: Further headers.
    headers: Mapping[str, str] = field(default_factory=dict)


def redirect(url: str) -> Response:
    """Return a redirection to a page after a change."""
    return Response(SEE_OTHER, "text/plain", b"", {"location": url})


def is_for_console(method: str, path: str, accept: str) -> bool:
    """Return whether a request is for the console and not a call of the service.

    >>> is_for_console("GET", "/", "text/html,*/*"), is_for_console("GET", "/", "*/*")
    (True, False)
    >>> is_for_console("POST", "/console/clock", "")
    True
    """
    if path == "/":
        return method == "GET" and "text/html" in accept
    return path == ROOT or path.startswith(f"{ROOT}/")


def url(*parts: str, **query: str | None) -> str:
    """Return the URL of a page.

    >>> url("table", "x", "eu-west-1", "orders", key='{"id": 1}')
    '/console/table/x/eu-west-1/orders?key=%7B%22id%22%3A+1%7D'
    """
    path = "/".join([ROOT, *(quote(part, safe="") for part in parts)])
    given = {name: value for name, value in query.items() if value}
    return f"{path}?{urlencode(given)}" if given else path


def json_text(value: Any) -> str:
    """Return compact JSON for a URL."""
    return json.dumps(value, separators=(",", ":"))
