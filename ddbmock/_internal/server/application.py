"""The application: one request in, one response out, in the service's order of checks.

1. With any path, POST with a target header is a call, GET or HEAD is a health check, OPTIONS with
   an origin is a preflight request, and everything else is unknown. The console answers below
   `/console`, and requests of browsers for a page at `/`.
2. The checks before the operation: host, size, method and content type, JSON, target, signature.
3. Unsupported requests get an error that says so (status 501, which clients do not retry), and a
   bug of ddbmock is an InternalServerError, with its traceback on standard error.

https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Programming.LowLevelAPI.html
"""

from __future__ import annotations

import zlib
from functools import lru_cache, partial
from typing import TYPE_CHECKING, Any

from ddbmock._internal import hosts, wire
from ddbmock._internal.console import Console, is_for_console
from ddbmock._internal.console import Request as ConsoleRequest
from ddbmock._internal.errors import (
    ConnectionFault,
    MisuseError,
    SerializationError,
    ServiceError,
    UnsupportedError,
)
from ddbmock._internal.hook import active
from ddbmock._internal.messages import endpoint as messages
from ddbmock._internal.server import cross_origin, response_bodies, standard_error
from ddbmock._internal.server.authorization import is_usually_signed
from ddbmock._internal.server.backends import Backends
from ddbmock._internal.server.call_heads import CallHead
from ddbmock._internal.server.companions import execute_companion
from ddbmock._internal.server.fault_route import PATH, FaultRoute
from ddbmock._internal.server.http_messages import response_bytes, success_bytes

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from ddbmock._internal.hook.active import ActiveMock
    from ddbmock._internal.server.authorization import Signer
    from ddbmock._internal.server.http_messages import Request
    from ddbmock._internal.server.known_heads import BodyAnswer
    from ddbmock._internal.service import Service

    #: What came of a call: the response's body, or an error, and who answered it.
    _Outcome = tuple[bytes, ServiceError | None, ActiveMock]

_TARGET_HEADER = wire.TARGET_HEADER.lower()
_JSON_TYPES = {wire.CONTENT_TYPE, "application/json"}
#: The content type of most services other than DynamoDB.
_COMPANION_JSON_TYPE = "application/x-amz-json-1.1"
_FORBIDDEN, _NOT_FOUND, _TOO_LARGE = 403, 404, 413
#: Error codes of tables that do not exist.
_NOT_FOUND_CODES = {"ResourceNotFoundException", "TableNotFoundException"}
#: Headers of which `Application.answer` must know.
_UNUSUAL_HEADERS = frozenset({"content-encoding", "expect", "origin"})
#: Larger requests are answered in a thread, so that other requests need not wait.
_LARGE_BODY_BYTES = 128 * 1024


class UnsupportedResponse(ServiceError):
    """The error of an unsupported request for HTTP clients."""

    code = "UnsupportedError"
    http_status = 501
    type_prefix = "ddbmock#"


class InternalServerError(ServiceError):
    """The error of a bug of ddbmock for HTTP clients."""

    code = "InternalServerError"
    http_status = 500


class Application:
    """Answers HTTP requests as DynamoDB and DynamoDB Streams do.

    Args:
        backends: Whose tables are served; by default each access key and region has its own.
        allowed_hosts: Names beyond those of this machine that requests may address in their `Host`
            header; `"*"` allows every name.
        log: Gets a line of text for each call.
        fault_route: Whether faults can be added by HTTP, from this machine.
    """

    def __init__(
        self,
        backends: Backends | None = None,
        *,
        allowed_hosts: Iterable[str] = (),
        log: Callable[[str], object] | None = None,
        fault_route: bool = False,
    ) -> None:
        self._backends = Backends() if backends is None else backends
        allowed = frozenset(name.lower() for name in allowed_hosts)
        self._is_allowed_host = lru_cache(partial(hosts.is_allowed, allowed=allowed))
        self._log = log
        self._fault_route = FaultRoute(self._backends) if fault_route else None
        self._console = Console(self._services)
        self._warned_tables: set[str] = set()

    def takes_long(self, request: Request) -> bool:
        """Return whether a request is answered in a thread, so that others need not wait."""
        return (
            len(request.body) > _LARGE_BODY_BYTES
            or "content-encoding" in request.headers
            or self._calls_functions()
            or _is_for_console(request)
        )

    def answer(self, request: Request, client_address: str) -> wire.HttpResponse | None:
        """Answer one request; None if a fault closes the connection."""
        headers = request.headers
        try:
            if request.is_too_large:
                raise wire.TooLargeError  # noqa: TRY301
            if "content-encoding" in headers:
                body = wire.decompress(request.body, headers["content-encoding"])
                request = request._replace(body=body)
            response = self._answer(request, client_address)
        except wire.TooLargeError:
            response = wire.HttpResponse(_TOO_LARGE, {"content-length": "0"}, b"")
        except ConnectionFault:
            return None
        except (wire.UnknownEncodingError, SerializationError) as error:
            response = _http_response((b"", _encoding_problem(error), self._backends.front))
        if "origin" in headers and not _is_for_console(request):
            # Pages of other origins may make calls, as at the service, but not use the console.
            response.headers.update(cross_origin.response_headers(request.method, headers))
        if len(response.body) > wire.COMPRESSED_ABOVE_BYTES:
            response = wire.compressed(response, headers.get("accept-encoding", ""))
        return response

    def _answer(self, request: Request, client_address: str) -> wire.HttpResponse:
        method, headers = request.method, request.headers
        host = headers.get("host", "")
        if not self._is_allowed_host(host):
            return self._plain(_FORBIDDEN, hosts.refusal(host))
        if self._fault_route is not None and request.path == PATH:
            return self._fault_route.answer(method, headers, request.body, client_address)
        if _is_for_console(request):
            return self._answer_console(request)
        if cross_origin.is_preflight(method, headers):
            return wire.HttpResponse(wire.HTTP_OK, {"content-length": "0"}, b"")
        if method == "POST" and (not request.body or _is_json(request)):
            return self._answer_call(request)
        is_healthy = method in {"GET", "HEAD"}
        text = messages.HEALTHY if is_healthy else messages.UNKNOWN_OPERATION_PAGE
        return self._plain(wire.HTTP_OK if is_healthy else _NOT_FOUND, text)

    def _services(self) -> dict[str, Service]:
        return {name: target.service for name, target in self._backends.targets().items()}

    def _answer_console(self, request: Request) -> wire.HttpResponse:
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

    def _answer_call(self, request: Request) -> wire.HttpResponse:
        outcome = self._call(CallHead(request.headers, request.query_string), request.body)
        response = _http_response(outcome)
        if request.headers.get("content-type") != wire.CONTENT_TYPE:
            response.headers["content-type"] = request.content_type or "application/json"
        return response

    def body_answer(self, request: Request) -> BodyAnswer | None:
        """Return what answers further requests that differ from this one in their bodies only.

        They take less work: all that depends on the head is known. None for anything but a usual
        call of DynamoDB.
        """
        headers = request.headers
        if (
            request.method != "POST"
            or request.query_string
            or not headers.keys().isdisjoint(_UNUSUAL_HEADERS)
            or headers.get("content-type") != wire.CONTENT_TYPE
            or not is_usually_signed(headers)
            or not self._is_allowed_host(headers.get("host", ""))
            or request.path == PATH
            or _is_for_console(request)
        ):
            return None
        head = CallHead(headers, "")
        try:
            head.read()
        except ServiceError:
            return None
        if head.companion_name:
            return None
        return partial(self._answer_body, head, headers.get("accept-encoding", ""))

    def _answer_body(self, head: CallHead, accept_encoding: str, body: bytes) -> bytes | None:
        """Answer a request of which all but the body is known; see `BodyAnswer`."""
        if len(body) > _LARGE_BODY_BYTES or (active.current and self._calls_functions()):
            return None
        try:
            outcome = encoded, error, target = self._call(head, body)
        except ConnectionFault:
            return b""
        if error is None and len(encoded) <= wire.COMPRESSED_ABOVE_BYTES:
            return success_bytes(encoded, *target.request_id_and_time())
        response = wire.compressed(_http_response(outcome), accept_encoding)
        return response_bytes(response, keeps_connection=True)

    def _call(self, head: CallHead, body: bytes) -> _Outcome:
        """Make the call of a request.

        Raises:
            ConnectionFault: A fault closes the connection.
        """
        target, content, region_name = self._backends.front, None, None
        table_name: Any = ""
        encoded: bytes = b""
        error: ServiceError | None = None
        try:
            content = wire.decode_request(body)
            if not head.is_read:
                head.read()
            if not body:
                raise SerializationError("")  # noqa: TRY301
            target, region_name, caller = self._backends.target_of(head.signer)
            if head.companion_name:
                response = execute_companion(
                    target.service, region_name, head.companion_name, head.operation_name, content
                )
            else:
                table_name = content.get("TableName", "")
                response = target.service.execute(
                    region_name,
                    head.operation_name,
                    content,
                    head.shape,
                    validated=False,
                    body=body,
                    caller=caller,
                    returns_stored=True,
                )
            encoded = response_bodies.encode(response)
        except ConnectionFault as raised:
            if self._log is not None:
                self._log(f"--- {_named(head, content, region_name, table_name)} {raised.code}")
            raise
        except Exception as raised:  # noqa: BLE001 - whatever it is, the client gets a response
            error = _error_of(raised)
            if error.code in _NOT_FOUND_CODES and region_name is not None:
                self._warn_of_others(str(table_name), head.signer)
        if self._log is not None:
            status_code = wire.HTTP_OK if error is None else error.http_status
            text = "" if error is None else f" {error.code}: {error}"
            named = _named(head, content, region_name, table_name)
            self._log(f"{status_code} {named}{text}".rstrip())
        return encoded, error, target

    def _warn_of_others(self, table_name: str, signer: Signer) -> None:
        """Warn, once for each table, that another access key or region has the table."""
        if table_name in self._warned_tables:
            return
        others = self._backends.others_with(table_name, signer)
        if others:
            self._warned_tables.add(table_name)
            found = [(other.access_key, other.region_name) for other in others]
            _write_warning(messages.table_of_others(table_name, signer, found))

    def _plain(self, status_code: int, text: str) -> wire.HttpResponse:
        """Return a response that is not JSON."""
        body = text.encode()
        headers = wire.common_headers(*self._backends.front.request_id_and_time())
        headers["content-type"] = "text/plain"
        headers["content-length"] = str(len(body))
        headers["x-amz-crc32"] = str(zlib.crc32(body))
        return wire.HttpResponse(status_code, headers, body)


def _error_of(raised: Exception) -> ServiceError:
    if isinstance(raised, ServiceError):
        return raised
    if isinstance(raised, UnsupportedError | MisuseError):
        return UnsupportedResponse(str(raised))
    standard_error.write_traceback(raised)
    return InternalServerError(messages.bug(raised))


def _named(head: CallHead, content: object, region_name: str | None, table_name: object) -> str:
    """Return what a line about a call names: as much as is known of it."""
    if content is None or not head.operation_name:
        return "?"
    if region_name is None:
        return head.operation_name
    if head.companion_name:
        return f"{region_name} {head.companion_name} {head.operation_name}"
    return f"{region_name} {head.operation_name} {table_name}".rstrip()


def _is_json(request: Request) -> bool:
    """Return whether a request has a body of its service's content type."""
    if request.headers.get("content-type") == wire.CONTENT_TYPE:
        return True
    return request.content_type in _JSON_TYPES or (
        request.content_type == _COMPANION_JSON_TYPE
        and wire.parse_companion_target(request.headers.get(_TARGET_HEADER)) is not None
    )


def _is_for_console(request: Request) -> bool:
    return is_for_console(request.method, request.path, request.headers.get("accept", ""))


def _encoding_problem(error: Exception) -> ServiceError:
    if isinstance(error, ServiceError):
        return error
    return UnsupportedResponse(messages.unsupported_encoding(str(error)))


def _http_response(outcome: _Outcome) -> wire.HttpResponse:
    encoded, error, target = outcome
    if error is not None:
        return wire.http_response(error, *target.request_id_and_time())
    return wire.response_with(encoded, *target.request_id_and_time())


def _write_warning(line: str) -> None:
    standard_error.write_line(f"ddbmock: {line}")
