"""Faults by HTTP, at `/_ddbmock/faults`: for tests in other languages and other processes.

GET lists the faults, POST adds one or several as JSON, DELETE removes all. The route is off unless
the endpoint is started with it, and answers only requests of this machine, not of pages in
browsers.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ddbmock._internal import wire
from ddbmock._internal.errors import MisuseError
from ddbmock._internal.formats.files import read_text
from ddbmock._internal.hosts import is_loopback_address
from ddbmock._internal.messages import faults as messages

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ddbmock._internal.server.backends import Backends

PATH = "/_ddbmock/faults"
_BAD_REQUEST, _FORBIDDEN, _NOT_ALLOWED = 400, 403, 405

#: Arguments of `ddb.faults.add`.
Arguments = dict[str, Any]


class FaultRoute:
    """The route of one endpoint."""

    def __init__(self, backends: Backends) -> None:
        self._backends = backends

    def answer(
        self, method: str, headers: Mapping[str, str], body: bytes, client_address: str
    ) -> wire.HttpResponse:
        """Answer a request to the route.

        Args:
            method: GET, POST or DELETE.
            headers: By their names in lower case.
            body: The body of a POST.
            client_address: The address that the request comes from.
        """
        if not is_loopback_address(client_address) or "origin" in headers:
            return _json_response(_FORBIDDEN, {"message": messages.FAULT_ROUTE_FORBIDDEN})
        try:
            if method == "POST":
                self._backends.add_faults(read_faults(body.decode(), PATH))
            elif method == "DELETE":
                self._backends.clear_faults()
            elif method != "GET":
                return _json_response(_NOT_ALLOWED, {"message": messages.FAULT_ROUTE_METHODS})
        except (MisuseError, UnicodeDecodeError) as error:
            return _json_response(_BAD_REQUEST, {"message": str(error)})
        return _json_response(wire.HTTP_OK, {"faults": self._backends.describe_faults()})


def _json_response(status_code: int, content: dict[str, Any]) -> wire.HttpResponse:
    body = json.dumps(content).encode()
    headers = {"content-type": "application/json", "content-length": str(len(body))}
    return wire.HttpResponse(status_code, headers, body)


def faults_of_file(path: str) -> list[Arguments]:
    """Return the faults in a JSON file.

    Raises:
        MisuseError: The file cannot be read, or has other contents.
    """
    return read_faults(read_text(Path(path)), path)


def read_faults(text: str, place: str) -> list[Arguments]:
    """Return the faults in a JSON text: one, a list of them, or a list under `faults`.

    >>> read_faults('{"error": "InternalServerError", "times": 1}', "faults.json")
    [{'error': 'InternalServerError', 'times': 1}]

    Raises:
        MisuseError: It is something else.
    """
    try:
        content = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise MisuseError(messages.unreadable_faults(place, str(error))) from None
    if isinstance(content, dict) and content.keys() == {"faults"}:
        content = content["faults"]
    faults = content if isinstance(content, list) else [content]
    if not all(isinstance(fault, dict) for fault in faults):
        raise MisuseError(messages.unreadable_faults(place, "a fault is an object"))
    return faults
