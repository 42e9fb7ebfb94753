"""Cross-origin requests (CORS), as the service's own endpoint allows them.

A browser sends `Origin`, and before most calls a preflight request (OPTIONS). DynamoDB allows every
origin; requests without `Origin` get none of these headers.

https://developer.mozilla.org/en-US/docs/Web/HTTP/Guides/CORS
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

_PREFLIGHT_SECONDS = 172_800
_EXPOSED_HEADERS = (
    "x-amzn-RequestId,x-amzn-ErrorType,x-amz-request-id,x-amz-id-2,x-amzn-ErrorMessage,Date"
)


def is_preflight(method: str, headers: Mapping[str, str]) -> bool:
    """Return whether a request is a preflight request (header names in lower case).

    >>> is_preflight("OPTIONS", {"origin": "https://example.org"})
    True
    """
    return method == "OPTIONS" and "origin" in headers


def response_headers(method: str, headers: Mapping[str, str]) -> dict[str, str]:
    """Return the headers of a response to a cross-origin request.

    >>> response_headers("POST", {})
    {}
    """
    if is_preflight(method, headers):
        return _preflight_headers(headers)
    if "origin" not in headers:
        return {}
    return {
        "access-control-allow-origin": "*",
        "access-control-expose-headers": _EXPOSED_HEADERS,
    }


def _preflight_headers(headers: Mapping[str, str]) -> dict[str, str]:
    """Return the headers that allow everything that the page requests."""
    response = {
        "access-control-allow-origin": "*",
        "access-control-max-age": str(_PREFLIGHT_SECONDS),
    }
    for asked, allowed in (
        ("access-control-request-headers", "access-control-allow-headers"),
        ("access-control-request-method", "access-control-allow-methods"),
    ):
        if asked in headers:
            response[allowed] = headers[asked]
    return response
