"""Signs requests, sends them, and reads the answers; knows nothing of what they are about.

It does not use botocore's own HTTP session, because an active mock answers that one.
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

from ddbmock import messages, wire
from ddbmock.errors import ServiceError
from ddbmock.remote.problems import TargetError
from ddbmock.service_model import service_model, service_name_of

#: How long an engine may take for one answer.
_TIMEOUT_SECONDS = 60
_FIRST_ERROR_STATUS = 300
_ATTEMPTS = 2


@dataclass(frozen=True, slots=True)
class Keys:
    """An access key and what belongs to it."""

    access_key: str
    secret_key: str
    session_token: str | None = None


class Endpoint:
    """Where an engine is; without a URL that is DynamoDB itself, in the region of each call."""

    def __init__(self, url: str | None, keys: Keys) -> None:
        self._url = url
        self._credentials = Credentials(keys.access_key, keys.secret_key, keys.session_token)
        self._connections = threading.local()

    def __repr__(self) -> str:
        return f"<endpoint {self}>"

    def __str__(self) -> str:
        return self._url or "DynamoDB"

    def call(self, region_name: str, operation_name: str, request: dict[str, Any]) -> Any:
        """Send a request and return the answer in Python form.

        Raises:
            ServiceError: The engine refuses it.
            TargetError: The engine does not answer.
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
        answer = self._send(url, body, dict(prepared.headers.items()))
        return _read(service_name, operation_name, answer)

    def _url_of(self, service_name: str, region_name: str) -> str:
        if self._url is not None:
            return f"{self._url}/"
        streams = "streams." if service_name == "dynamodbstreams" else ""
        return f"https://{streams}dynamodb.{region_name}.amazonaws.com/"

    def _send(self, url: str, body: bytes, headers: dict[str, str]) -> dict[str, Any]:
        parts = urlsplit(url)
        place = f"{parts.scheme}://{parts.netloc}"
        problem: Exception | None = None
        for _ in range(_ATTEMPTS):
            connection = self._connection(place)
            try:
                connection.request("POST", parts.path, body, headers)
                answer = connection.getresponse()
                content = answer.read()
            except (http.client.HTTPException, OSError) as error:
                # A connection that was kept may have been closed at the other end.
                self._connections.__dict__.pop(place)
                connection.close()
                problem = error
                continue
            return {"status_code": answer.status, "headers": answer.headers, "body": content}
        raise TargetError(messages.target_is_silent(place, problem)) from problem

    def _connection(self, place: str) -> http.client.HTTPConnection:
        """Return this thread's connection."""
        connections: dict[str, http.client.HTTPConnection] = self._connections.__dict__
        if place not in connections:
            parts = urlsplit(place)
            if parts.scheme == "https":
                connections[place] = http.client.HTTPSConnection(
                    parts.netloc, timeout=_TIMEOUT_SECONDS, context=ssl.create_default_context()
                )
            else:
                connections[place] = http.client.HTTPConnection(
                    parts.netloc, timeout=_TIMEOUT_SECONDS
                )
        return connections[place]


def _read(service_name: str, operation_name: str, answer: dict[str, Any]) -> Any:
    model = service_model(service_name)
    shape = model.operation_model(operation_name).output_shape
    parser = create_parser(model.metadata["protocol"])
    parsed = parser.parse(answer, shape)
    parsed.pop("ResponseMetadata", None)
    if answer["status_code"] < _FIRST_ERROR_STATUS:
        return parsed
    error = parsed.pop("Error", {})
    code, message = error.get("Code") or "UnknownError", error.get("Message") or ""
    modelled = model.shape_for_error_code(code)
    members: dict[str, Any] = {} if modelled is None else parser.parse(answer, modelled)
    said = {name: content for name, content in members.items() if name not in _NO_MEMBERS}
    raise _error_class(code, answer["status_code"])(message, **said)


_NO_MEMBERS = frozenset({"Error", "ResponseMetadata", "message", "Message"})


@lru_cache
def _error_class(code: str, http_status: int) -> type[ServiceError]:
    for known in _descendants(ServiceError):
        if known.code == code and known.http_status == http_status:
            return known
    return type(code, (ServiceError,), {"code": code, "http_status": http_status})


def _descendants(kind: type[ServiceError]) -> list[type[ServiceError]]:
    direct = [sub for sub in kind.__subclasses__() if "__init__" not in vars(sub)]
    return [*direct, *(deeper for sub in direct for deeper in _descendants(sub))]


@lru_cache
def _service_and_target_prefix(operation_name: str) -> tuple[str, str]:
    """Return the service that has an operation, and how its targets begin."""
    service_name = service_name_of(operation_name)
    for prefix, name in wire.SERVICES_BY_TARGET.items():
        if name == service_name:
            return name, prefix
    raise ServiceError(operation_name)
