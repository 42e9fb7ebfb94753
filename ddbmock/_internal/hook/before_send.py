"""Calls that botocore signs and sends: they are answered in place of the network."""

from __future__ import annotations

import re
import sys
from contextvars import ContextVar
from dataclasses import dataclass
from functools import lru_cache, partial
from io import BytesIO
from typing import TYPE_CHECKING, Any
from weakref import ref

from botocore.awsrequest import AWSResponse

from ddbmock._internal import wire
from ddbmock._internal.defaults import ACCESS_KEY, SECRET_KEY
from ddbmock._internal.errors import ConnectionFault, ServiceError
from ddbmock._internal.hook import accounts, active, regions
from ddbmock._internal.service_model import service_model

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from ddbmock._internal.hook.active import ActiveMock
    from ddbmock._internal.policies.callers import Caller

#: How the names of this event begin for DynamoDB and for its streams.
SEND_EVENTS = "before-send.dynamodb"


@dataclass(eq=False)
class _SentCall:
    """What is known of a call that goes over HTTP, for the handler that answers it."""

    answering: ActiveMock
    operation_name: str
    region_name: str
    input_shape: Any
    body: Any
    #: Who calls, None for the default account.
    caller: Caller | None
    #: The first attempt's outcome when before-call has met it already.
    outcome: ServiceError | ConnectionFault | None = None

    def take_outcome(self) -> ServiceError | ConnectionFault | None:
        outcome, self.outcome = self.outcome, None
        return outcome


#: The call of this thread or task that goes over HTTP. botocore's context of the call owns it, so
#: that it is gone when the call is over.
_sent_call: ContextVar[Callable[[], _SentCall | None]] = ContextVar(
    "_sent_call", default=lambda: None
)


def forget_sent_call() -> None:
    """Forget the call of this thread or task that went over HTTP, which something may keep alive.

    Otherwise a mock that begins in the middle of the next call would take it for that one.
    """
    _sent_call.set(lambda: None)


def defer_to_http(  # noqa: PLR0913, PLR0917 (what a before-call handler gets)
    answering: ActiveMock,
    request_signer: Any,
    context: Any,
    model: Any,
    body: Any,
    outcome: ServiceError | ConnectionFault | None,
) -> None:
    """Remember what the before-send handler needs to know of a call."""
    region_name = regions.region_of(context, answering)
    caller = accounts.caller_of(request_signer._credentials)  # noqa: SLF001
    call = _SentCall(answering, model.name, region_name, model.input_shape, body, caller, outcome)
    context["ddbmock"] = call
    _sent_call.set(ref(call))
    if type(request_signer._credentials).__name__ not in {"AioCredentials", "Credentials"}:  # noqa: SLF001
        # None, or of a kind that would be fetched or refreshed now.
        awaits = type(request_signer).__module__.startswith("aiobotocore.")
        signing = {**context.get("signing", {}), "request_credentials": credentials(awaits=awaits)}
        context["signing"] = signing


@lru_cache
def credentials(*, awaits: bool) -> Any:
    """Return dummy credentials, which are valid nowhere."""
    module_name = "aiobotocore.credentials" if awaits else "botocore.credentials"
    kind = getattr(sys.modules[module_name], "AioCredentials" if awaits else "Credentials")
    return kind(ACCESS_KEY, SECRET_KEY)


class _Body(BytesIO):
    """A body in place of a connection's."""

    def __init__(self, response: wire.HttpResponse) -> None:
        super().__init__(response.body)
        # aiobotocore before 2.15 reads the headers here.
        self.raw_headers = [(k.encode(), v.encode()) for k, v in response.headers.items()]

    def stream(self, **_: Any) -> Iterator[bytes]:
        yield self.read()


class LazyResponse(AWSResponse):  # type: ignore[misc]
    """A response that is created when it is read.

    All before-send handlers run, then the first response counts. If another handler answered,
    nobody reads this one, and the call did not take place, just as if it had not been sent.
    """

    def __init__(self, url: str, create_response: Callable[[], wire.HttpResponse]) -> None:
        self.url = url
        self._create_response = create_response

    def __getattr__(self, name: str) -> Any:
        if name not in {"status_code", "headers", "raw", "_content"}:
            raise AttributeError(name)
        response = self._create_response()
        super().__init__(self.url, response.status_code, response.headers, _Body(response))
        self._content = response.body
        return self.__dict__[name]


@lru_cache(maxsize=1)
def _async_lazy_response() -> type[LazyResponse]:
    response_class = sys.modules["aiobotocore.awsrequest"].AioAWSResponse
    return type(
        "AioLazyResponse", (LazyResponse, response_class), {"content": response_class.content}
    )


def answer_request(*, event_name: str, request: Any, **_: Any) -> LazyResponse | None:
    """Answer an HTTP request of botocore in place of the network."""
    if not event_name.startswith(SEND_EVENTS):
        other = active.other_services
        response: LazyResponse | None = None if other is None else other.answer(event_name, request)
        return response
    # The emitter that calls is aiobotocore's own for an async client, whenever the mock began.
    emitter_module = sys._getframe(1).f_globals.get("__name__", "")  # noqa: SLF001
    return lazy_response(request, awaits=emitter_module.startswith("aiobotocore."))


def note_signing(*, event_name: str, **_: Any) -> None:
    """Notify who answers other services that one of their requests is signed."""
    if active.other_services is not None and not event_name.startswith("choose-signer.dynamodb"):
        active.other_services.signs()


def lazy_response(request: Any, *, awaits: bool) -> LazyResponse | None:
    """Return what answers an HTTP request; None without a mock, or if it is not DynamoDB's."""
    named = operation_of(request)
    if named is None:
        return None
    call = _call_of(request, *named)
    if call is None:
        return None
    kind = _async_lazy_response() if awaits else LazyResponse
    response = kind(request.url, partial(_answer_over_http, call, request.url))
    if call.answering.service.answers_on_send or isinstance(call.outcome, ConnectionFault):
        # A connection breaks while a request is sent, not when its response is read.
        _ = response.status_code
    return response


def operation_of(request: Any) -> tuple[str, str] | None:
    """Return the service and operation that an HTTP request names, None if it is not DynamoDB's."""
    return wire.parse_target(request.headers.get(wire.TARGET_HEADER))


def _call_of(request: Any, service_name: str, operation_name: str) -> _SentCall | None:
    call = _sent_call.get()()
    if call is not None and call.body is request.body:
        return call  # also when its mock has ended since: it is that mock's call
    answering = active.current
    if answering is None:
        return None
    # A handler has changed the body, or a library has composed and sends the request by itself,
    # or the mock began after before-call.
    if call is not None and call.operation_name == operation_name:
        region_name = call.region_name
    else:
        region_name = _region_of(request) or answering.default_region()
    shape = _input_shape(service_name, operation_name)
    caller = _caller_of(request)
    return _SentCall(answering, operation_name, region_name, shape, request.body, caller)


def _answer_over_http(call: _SentCall, url: str) -> wire.HttpResponse:
    outcome: dict[str, Any] | ServiceError | ConnectionFault | None = call.take_outcome()
    if outcome is None:
        try:
            outcome = call.answering.service.execute(
                call.region_name,
                call.operation_name,
                wire.decode_request(call.body),
                call.input_shape,
                validated=False,
                body=call.body,
                caller=call.caller,
            )
        except (ServiceError, ConnectionFault) as error:
            outcome = error
    if isinstance(outcome, ConnectionFault):
        raise _exception_of(outcome, url)
    return wire.http_response(outcome, *call.answering.request_id_and_time())


def _exception_of(fault: ConnectionFault, url: str) -> Exception:
    """Return the exception that a client meets in place of a response."""
    if isinstance(fault.exception, Exception):
        return fault.exception
    return fault.exception(endpoint_url=url, proxy_url=url, error=str(fault))


# Compiled when the first request is sent: most tests send none.
_SIGNED_BY = r"Credential=([^/]+)/"
_SIGNED_REGION = r"Credential=[^/]*/\d{8}/([a-z0-9-]+)/"
_HOST_REGION = r"//(?:[^/]*\.)?(?:dynamodb|ddb)[a-z-]*\.([a-z]{2}-[a-z0-9-]+)\."


def _region_of(request: Any) -> str | None:
    """Return the region that a request was signed for, or else the one in its address."""
    signed = re.search(_SIGNED_REGION, _authorization(request))
    found = signed or re.search(_HOST_REGION, request.url)
    return found.group(1) if found else None


def _caller_of(request: Any) -> Caller | None:
    """Return who has signed a request, None for the default account."""
    found = re.search(_SIGNED_BY, _authorization(request))
    return None if found is None else accounts.caller_of_key(found.group(1))


def _authorization(request: Any) -> str:
    header: str | bytes = request.headers.get("Authorization") or ""
    return header.decode("latin-1") if isinstance(header, bytes) else header


def _input_shape(service_name: str, operation_name: str) -> Any:
    model = service_model(service_name)
    if operation_name not in model.operation_names:
        return None
    return model.operation_model(operation_name).input_shape
