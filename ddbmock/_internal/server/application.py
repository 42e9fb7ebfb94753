"""The ASGI application: one request in, one response out, in the service's order of checks.

1. Whatever the path is, POST with a target header is a call, GET asks how the service is, OPTIONS
   with an origin what a page of another origin may send, and all else is unknown. Below `/console`,
   and where a browser asks for a page at `/`, the console answers.
2. The checks before the operation: host, size, method and content type, JSON, target, signature.
3. What ddbmock does not do is an error that says so (status 501, which clients do not retry), and
   a bug of ddbmock is an InternalServerError, with its traceback on standard error.

https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Programming.LowLevelAPI.html
"""

from __future__ import annotations

import asyncio
import sys
import traceback
import zlib
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from ddbmock._internal import hosts, wire
from ddbmock._internal.console import Console, is_for_console
from ddbmock._internal.console import Request as ConsoleRequest
from ddbmock._internal.errors import (
    ConnectionFault,
    MisuseError,
    SerializationError,
    ServiceError,
    UnknownOperationError,
    UnsupportedError,
)
from ddbmock._internal.hook import active
from ddbmock._internal.messages import endpoint as messages
from ddbmock._internal.server import cross_origin
from ddbmock._internal.server.authorization import signer_of
from ddbmock._internal.server.backends import Backends
from ddbmock._internal.server.companions import execute_companion
from ddbmock._internal.server.fault_route import PATH, FaultRoute
from ddbmock._internal.service_model import service_model

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Iterable, MutableMapping

    from ddbmock._internal.hook.active import ActiveMock
    from ddbmock._internal.server.authorization import Signer
    from ddbmock._internal.service import Service

    Message = MutableMapping[str, Any]
    Receive = Callable[[], Awaitable[Message]]
    Send = Callable[[Message], Awaitable[None]]

_JSON_TYPES = {wire.CONTENT_TYPE, "application/json"}
#: What most services beside DynamoDB are sent.
_COMPANION_JSON_TYPE = "application/x-amz-json-1.1"
_FORBIDDEN, _NOT_FOUND, _TOO_LARGE = 403, 404, 413
#: Error codes of tables that do not exist.
_NOT_FOUND_CODES = {"ResourceNotFoundException", "TableNotFoundException"}
#: Larger requests are answered in a thread, so that the requests of others need not wait.
_LARGE_BODY_BYTES = 128 * 1024


class UnsupportedResponse(ServiceError):
    """What ddbmock does not do yet, as clients over HTTP get it."""

    code = "UnsupportedError"
    http_status = 501
    type_prefix = "ddbmock#"


class InternalServerError(ServiceError):
    """A bug of ddbmock, as clients over HTTP get it."""

    code = "InternalServerError"
    http_status = 500


@dataclass(frozen=True, slots=True)
class _Request:
    """One HTTP request."""

    method: str
    path: str
    query_string: str
    #: Names in lower case.
    headers: dict[str, str]
    #: Without its content encoding.
    body: bytes

    @property
    def content_type(self) -> str:
        return self.headers.get("content-type", "").partition(";")[0].strip().lower()

    @property
    def target_header(self) -> str | None:
        return self.headers.get(wire.TARGET_HEADER.lower())


@lru_cache
def input_shapes(service_name: str) -> dict[str, Any]:
    """Return the operations of a service with the shapes of their inputs, by botocore's model."""
    model = service_model(service_name)
    return {name: model.operation_model(name).input_shape for name in model.operation_names}


class Application:
    """An ASGI application that answers as DynamoDB and DynamoDB Streams do.

    Args:
        backends: Whose tables are served; by default each access key and region has its own.
        allowed_hosts: Names beyond those of this machine that requests may address in their `Host`
            header; `"*"` allows every name.
        log: Gets a line of text for each call.
        fault_route: Whether faults can be added by HTTP, from this machine.
        warn: Gets a line of text, once for each table, when a table is not found that another
            access key or region has; by default it goes to standard error.
    """

    def __init__(
        self,
        backends: Backends | None = None,
        *,
        allowed_hosts: Iterable[str] = (),
        log: Callable[[str], object] | None = None,
        fault_route: bool = False,
        warn: Callable[[str], object] | None = None,
    ) -> None:
        self._backends = Backends() if backends is None else backends
        self._allowed_hosts = frozenset(name.lower() for name in allowed_hosts)
        self._log = log
        self._fault_route = FaultRoute(self._backends) if fault_route else None
        self._console = Console(self._services)
        self._warn = _print_error if warn is None else warn
        self._warned_tables: set[str] = set()

    async def __call__(self, scope: Message, receive: Receive, send: Send) -> None:
        """Answer one request."""
        if scope["type"] != "http":
            raise UnsupportedError(scope["type"])
        headers = {
            name.decode("latin-1"): value.decode("latin-1") for name, value in scope["headers"]
        }
        try:
            body = wire.decompress(await _body(receive), headers.get("content-encoding", ""))
            query_string = scope["query_string"].decode("latin-1")
            request = _Request(scope["method"], _path(scope), query_string, headers, body)
            if self._fault_route is not None and request.path == PATH:
                response = self._answer_fault(request, self._fault_route, scope)
            else:
                response = await self._answer(request)
        except wire.TooLargeError:
            response = wire.HttpResponse(_TOO_LARGE, {"content-length": "0"}, b"")
        except ConnectionFault:
            await _drop_connection(send)
            return
        except (wire.UnknownEncodingError, SerializationError) as error:
            response = _http_response(self._backends.front, _encoding_problem(error))
        if not _is_for_console(scope["method"], _path(scope), headers):
            # Pages of other origins may make calls, as at the service, but not use the console.
            response.headers.update(cross_origin.response_headers(scope["method"], headers))
        response = wire.compressed(response, headers.get("accept-encoding", ""))
        await _send(send, response)

    def _answer_fault(
        self, request: _Request, route: FaultRoute, scope: Message
    ) -> wire.HttpResponse:
        host = request.headers.get("host", "")
        if not hosts.is_allowed(host, self._allowed_hosts):
            return self._plain(_FORBIDDEN, hosts.refusal(host))
        address = (scope.get("client") or ("",))[0]
        return route.answer(request.method, request.headers, request.body, address)

    async def _answer(self, request: _Request) -> wire.HttpResponse:
        host = request.headers.get("host", "")
        if not hosts.is_allowed(host, self._allowed_hosts):
            return self._plain(_FORBIDDEN, hosts.refusal(host))
        if _is_for_console(request.method, request.path, request.headers):
            return await asyncio.to_thread(self._answer_console, request)
        if cross_origin.is_preflight(request.method, request.headers):
            return wire.HttpResponse(wire.HTTP_OK, {"content-length": "0"}, b"")
        is_json = request.content_type in _JSON_TYPES or (
            request.content_type == _COMPANION_JSON_TYPE
            and wire.parse_companion_target(request.target_header) is not None
        )
        if request.method != "POST" or (request.body and not is_json):
            is_get = request.method == "GET"
            text = messages.HEALTHY if is_get else messages.UNKNOWN_OPERATION_PAGE
            return self._plain(wire.HTTP_OK if is_get else _NOT_FOUND, text)
        if len(request.body) > _LARGE_BODY_BYTES or self._calls_functions():
            return await asyncio.to_thread(self._answer_call, request)
        return self._answer_call(request)

    def _services(self) -> dict[str, Service]:
        return {name: target.service for name, target in self._backends.targets().items()}

    def _answer_console(self, request: _Request) -> wire.HttpResponse:
        response = self._console.answer(
            ConsoleRequest.of(
                request.method, request.path, request.query_string, request.body, request.headers
            )
        )
        headers = {
            **response.headers,
            "content-type": response.content_type,
            "content-length": str(len(response.body)),
        }
        return wire.HttpResponse(response.status, headers, response.body)

    def _calls_functions(self) -> bool:
        """Return whether functions of the program may run, which may call this endpoint."""
        mock = active.current
        return mock is not None and bool(mock.service.backend.after_call)

    def _answer_call(self, request: _Request) -> wire.HttpResponse:
        target, named, signer, table_name = self._backends.front, "?", None, ""
        try:
            content = wire.decode_request(request.body)
            target_header = request.target_header
            companion = wire.parse_companion_target(target_header)
            operation_name, shape = companion or _operation(target_header)
            named = operation_name
            signer = signer_of(request.headers, request.query_string)
            if not request.body:
                raise SerializationError("")  # noqa: TRY301
            target, region_name, caller = self._backends.target_of(signer)
            if companion is not None:
                named = f"{region_name} {' '.join(companion)}"
                response = execute_companion(target.service, region_name, *companion, content)
            else:
                table_name = str(content.get("TableName", ""))
                named = f"{region_name} {operation_name} {table_name}".rstrip()
                response = target.service.execute(
                    region_name, operation_name, content, shape, validated=False, caller=caller
                )
            http_response = self._logged(named, target, response)
        except ServiceError as error:
            http_response = self._logged(named, target, error)
            if signer is not None and error.code in _NOT_FOUND_CODES:
                self._warn_of_others(table_name, signer)
        except (UnsupportedError, MisuseError) as error:
            http_response = self._logged(named, target, UnsupportedResponse(str(error)))
        except ConnectionFault as error:
            if self._log is not None:
                self._log(f"--- {named} {error.code}")
            raise
        except Exception as error:  # noqa: BLE001 - whatever it is, the client gets a response
            traceback.print_exception(error, file=sys.stderr)
            http_response = self._logged(named, target, InternalServerError(messages.bug(error)))
        if request.content_type != wire.CONTENT_TYPE:
            http_response.headers["content-type"] = request.content_type or "application/json"
        return http_response

    def _warn_of_others(self, table_name: str, signer: Signer) -> None:
        """Warn, once for each table, that another access key or region has the table."""
        if table_name in self._warned_tables:
            return
        others = self._backends.others_with(table_name, signer)
        if others:
            self._warned_tables.add(table_name)
            found = [(other.access_key, other.region_name) for other in others]
            self._warn(messages.table_of_others(table_name, signer, found))

    def _logged(
        self, named: str, target: ActiveMock, outcome: dict[str, Any] | ServiceError
    ) -> wire.HttpResponse:
        response = wire.http_response(outcome, *target.request_id_and_time())
        if self._log is not None:
            error = f" {outcome.code}: {outcome}" if isinstance(outcome, ServiceError) else ""
            self._log(f"{response.status_code} {named}{error}".rstrip())
        return response

    def _plain(self, status_code: int, text: str) -> wire.HttpResponse:
        """Return a response that is not JSON."""
        body = text.encode()
        headers = wire.common_headers(*self._backends.front.request_id_and_time())
        headers["content-type"] = "text/plain"
        headers["content-length"] = str(len(body))
        headers["x-amz-crc32"] = str(zlib.crc32(body))
        return wire.HttpResponse(status_code, headers, body)


def _path(scope: Message) -> str:
    """Return the path as it was sent, if the server says so."""
    raw: bytes | None = scope.get("raw_path")
    path: str = scope["path"] if raw is None else raw.decode("latin-1")
    return path.partition("?")[0]


def _is_for_console(method: str, path: str, headers: dict[str, str]) -> bool:
    return is_for_console(method, path, headers.get("accept", ""))


async def _body(receive: Receive) -> bytes:
    """Return the body of a request; one that is too large is read to its end and refused."""
    parts, size_bytes, goes_on = [], 0, True
    while goes_on:
        message = await receive()
        part = message.get("body", b"")
        size_bytes += len(part)
        if size_bytes <= wire.MAX_REQUEST_BYTES:
            parts.append(part)
        goes_on = message.get("more_body", False)
    if size_bytes > wire.MAX_REQUEST_BYTES:
        raise wire.TooLargeError
    return b"".join(parts)


def _operation(target_header: str | None) -> tuple[str, Any]:
    """Return the name of the operation that a target header names, and the shape of its input."""
    named = wire.parse_target(target_header)
    if named is not None:
        service_name, operation_name = named
        shapes = input_shapes(service_name)
        if operation_name in shapes:
            return operation_name, shapes[operation_name]
    raise UnknownOperationError("")


def _encoding_problem(error: Exception) -> ServiceError:
    if isinstance(error, ServiceError):
        return error
    return UnsupportedResponse(messages.unsupported_encoding(str(error)))


def _http_response(target: ActiveMock, outcome: dict[str, Any] | ServiceError) -> wire.HttpResponse:
    return wire.http_response(outcome, *target.request_id_and_time())


async def _drop_connection(send: Send) -> None:
    """Begin a response and never end it, so that the server closes the connection."""
    headers = [(b"content-length", b"1")]
    await send({"type": "http.response.start", "status": wire.HTTP_OK, "headers": headers})


async def _send(send: Send, response: wire.HttpResponse) -> None:
    headers = [
        (name.encode("latin-1"), value.encode("latin-1"))
        for name, value in response.headers.items()
    ]
    await send({"type": "http.response.start", "status": response.status_code, "headers": headers})
    await send({"type": "http.response.body", "body": response.body})


def _print_error(line: str) -> None:
    sys.stderr.write(f"ddbmock: {line}\n")
