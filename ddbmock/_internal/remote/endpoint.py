"""The endpoint of an engine: requests are signed and sent, responses parsed.

botocore's own HTTP session is not used, because an active mock answers it.
"""

from __future__ import annotations

import http.client
import json
import ssl
import threading
from dataclasses import dataclass
from functools import lru_cache
from typing import Any
from urllib.parse import urlsplit

from botocore.auth import SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials
from botocore.parsers import create_parser

from ddbmock._internal import wire
from ddbmock._internal.errors import ServiceError
from ddbmock._internal.remote.errors import TargetError
from ddbmock._internal.service_model import service_model, service_name_of

#: The timeout of the engine's responses.
_TIMEOUT_SECONDS = 60
_FIRST_ERROR_STATUS = 300
_ATTEMPTS = 2
#: Members of an error that are not among its modelled ones.
_COMMON_ERROR_MEMBERS = frozenset({"Error", "ResponseMetadata", "message", "Message"})


@dataclass(frozen=True, slots=True)
class AccessKey:
    """An access key, its secret and, for temporary credentials, the session token."""

    key_id: str
    secret: str
    session_token: str | None = None


class Endpoint:
    """The endpoint of an engine; without a URL that of DynamoDB in the region of each call."""

    def __init__(self, url: str | None, key: AccessKey) -> None:
        self._url = url
        self._credentials = Credentials(key.key_id, key.secret, key.session_token)
        self._connections = threading.local()

    def __repr__(self) -> str:
        return f"<endpoint {self}>"

    def __str__(self) -> str:
        return self._url or "DynamoDB"

    def call(self, region_name: str, operation_name: str, request: dict[str, Any]) -> Any:
        """Send a request and return the response in Python form.

        Raises:
            ServiceError: The engine refuses the request.
            TargetError: The engine does not respond.
        """
        service_name, prefix = _service_and_target_prefix(operation_name)
        url = self._url_of(service_name, region_name)
        body = json.dumps(request).encode()
        headers = {
            "Content-Type": wire.CONTENT_TYPE,
            wire.TARGET_HEADER: f"{prefix}.{operation_name}",
        }
        prepared = AWSRequest("POST", url, headers, body)
        SigV4Auth(self._credentials, "dynamodb", region_name).add_auth(prepared)
        response = self._send(url, body, dict(prepared.headers.items()))
        return _parsed(service_name, operation_name, response)

    def _url_of(self, service_name: str, region_name: str) -> str:
        if self._url is not None:
            return f"{self._url}/"
        streams = "streams." if service_name == "dynamodbstreams" else ""
        return f"https://{streams}dynamodb.{region_name}.amazonaws.com/"

    def _send(self, url: str, body: bytes, headers: dict[str, str]) -> dict[str, Any]:
        parts = urlsplit(url)
        origin = f"{parts.scheme}://{parts.netloc}"
        problem: Exception | None = None
        for _ in range(_ATTEMPTS):
            connection = self._connection(origin)
            try:
                connection.request("POST", parts.path, body, headers)
                response = connection.getresponse()
                content = response.read()
            except (http.client.HTTPException, OSError) as error:
                # The engine may have closed an idle connection.
                self._connections.__dict__.pop(origin)
                connection.close()
                problem = error
                continue
            return {"status_code": response.status, "headers": response.headers, "body": content}
        raise TargetError(f"no response from {origin}: {problem}") from problem

    def _connection(self, origin: str) -> http.client.HTTPConnection:
        """Return this thread's connection."""
        connections: dict[str, http.client.HTTPConnection] = self._connections.__dict__
        if origin not in connections:
            connections[origin] = _new_connection(origin)
        return connections[origin]


def _new_connection(origin: str) -> http.client.HTTPConnection:
    parts = urlsplit(origin)
    if parts.scheme == "https":
        context = ssl.create_default_context()
        return http.client.HTTPSConnection(parts.netloc, timeout=_TIMEOUT_SECONDS, context=context)
    return http.client.HTTPConnection(parts.netloc, timeout=_TIMEOUT_SECONDS)


def _parsed(service_name: str, operation_name: str, response: dict[str, Any]) -> Any:
    """Return a parsed response, or raise its error."""
    model = service_model(service_name)
    shape = model.operation_model(operation_name).output_shape
    parser = create_parser(model.metadata["protocol"])
    parsed = parser.parse(response, shape)
    parsed.pop("ResponseMetadata", None)
    if response["status_code"] < _FIRST_ERROR_STATUS:
        return parsed
    error = parsed.pop("Error", {})
    code, message = error.get("Code") or "UnknownError", error.get("Message") or ""
    error_shape = model.shape_for_error_code(code)
    members: dict[str, Any] = {} if error_shape is None else parser.parse(response, error_shape)
    own = {name: value for name, value in members.items() if name not in _COMMON_ERROR_MEMBERS}
    raise _error_class(code, response["status_code"])(message, **own)


@lru_cache
def _error_class(code: str, http_status: int) -> type[ServiceError]:
    for known in _subclasses(ServiceError):
        if known.code == code and known.http_status == http_status:
            return known
    return type(code, (ServiceError,), {"code": code, "http_status": http_status})


def _subclasses(parent: type[ServiceError]) -> list[type[ServiceError]]:
    direct = [child for child in parent.__subclasses__() if "__init__" not in vars(child)]
    return [*direct, *(deeper for child in direct for deeper in _subclasses(child))]


@lru_cache
def _service_and_target_prefix(operation_name: str) -> tuple[str, str]:
    """Return the service that has an operation, and the beginning of its target headers."""
    service_name = service_name_of(operation_name)
    for prefix, name in wire.SERVICES_BY_TARGET.items():
        if name == service_name:
            return name, prefix
    raise ServiceError(operation_name)
