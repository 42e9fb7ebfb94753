"""Calls that are answered on before-call: nothing is signed, sent, retried or parsed."""

from __future__ import annotations

import sys
from functools import partial
from io import BytesIO
from itertools import chain
from types import FunctionType
from typing import TYPE_CHECKING, Any, NamedTuple

from botocore.awsrequest import AWSResponse, HeadersDict
from botocore.validate import ParamValidationDecorator

from ddbmock._internal import wire
from ddbmock._internal.errors import ConnectionFault, ServiceError
from ddbmock._internal.hook import accounts, active, before_send, guard, regions

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ddbmock._internal.hook.active import ActiveMock
    from ddbmock._internal.policies.callers import Caller

#: The events that are skipped when a call is answered on before-call. A handler there that is not
#: one of these libraries' own has botocore send the call. (moto has one on every client: see
#: `replacements`.)
_SKIPPED_EVENTS = (
    "request-created",
    "choose-signer",
    "before-sign",
    "before-send",
    "before-parse",
    "response-received",
    "needs-retry",
)
#: Powertools' handlers add its name to the header User-Agent.
_KNOWN_LIBRARIES = frozenset({
    "aiobotocore",
    "aws_lambda_powertools",
    "boto3",
    "botocore",
    "ddbmock",
    "moto",
})  # fmt: skip
#: The names that PynamoDB's handler on before-send uses.
_HEADERS_ALONE = frozenset({"_extra_headers", "add_header", "headers", "items", "update"})

#: Error codes that a client may retry: botocore's legacy and standard retry modes together.
_RETRIED_CODES = frozenset({
    "InternalServerError",
    "LimitExceededException",
    "PriorRequestNotComplete",
    "ProvisionedThroughputExceededException",
    "ReplicatedWriteConflictException",
    "RequestLimitExceeded",
    "RequestThrottled",
    "RequestThrottledException",
    "ServiceUnavailable",
    "SlowDown",
    "Throttling",
    "ThrottledException",
    "ThrottlingException",
    "TooManyRequestsException",
    "TransactionInProgressException",
})  # fmt: skip
_FIRST_SERVER_FAULT = 500

#: The key in an emitter's lookup cache for whether it has handlers of the libraries alone.
_NO_FOREIGN_HANDLERS = "ddbmock: no foreign handlers"


class UnsentResponse(AWSResponse):  # type: ignore[misc]
    """The HTTP response of a call that was not sent, for after-call handlers."""

    url = ""
    _content = None

    def __init__(self, status_code: int, parsed: dict[str, Any]) -> None:
        self.status_code = status_code
        self._parsed = parsed

    @property
    def headers(self) -> Any:
        """The headers as botocore gives them."""
        return HeadersDict(self._parsed["ResponseMetadata"]["HTTPHeaders"])

    @property
    def raw(self) -> BytesIO:
        """The body as a file."""
        return BytesIO(self.content)

    @property
    def content(self) -> bytes:
        """The body."""
        members = dict(self._parsed)
        del members["ResponseMetadata"]
        error = members.pop("Error", None)
        if error is not None:
            members = {"__type": error["Code"], "message": error["Message"], **members}
        return wire.encode(members)


def answer_call(
    *, model: Any, params: Any, request_signer: Any, context: Any, **_: Any
) -> tuple[UnsentResponse, dict[str, Any]] | None:
    """Answer a call of botocore, or return None to have botocore send it."""
    answering = active.current
    if answering is None:
        before_send.forget_sent_call()
        if guard.is_on():
            __tracebackhide__ = True
            _refuse_unmocked(model, params, request_signer, context)
        return None
    outcome: ServiceError | ConnectionFault | None = None
    try:
        route = request_signer._event_emitter._emitter._lookup_cache.get(model)  # noqa: SLF001
    except AttributeError:  # an emitter of another kind: nothing is known of its handlers
        route = _route_over_http(context)
    if route is None:
        route = _find_route(request_signer, model, context)
    if route.is_unsent:
        try:
            body = params["body"]
            response = answering.service.execute(
                context["client_region"]
                if route.names_region
                else answering.known_region or answering.read_default_region(),
                model.name,
                wire.decode_request(body),
                model.input_shape,
                validated=route.is_validated,
                body=body,
                caller=route.caller,
            )
        except ServiceError as error:
            if not _may_be_retried(error, model):
                return unsent_response(answering, error.http_status, _parsed_error(error, model))
            outcome = error
        except ConnectionFault as fault:
            outcome = fault
        else:
            return unsent_response(answering, 200, response)
    before_send.defer_to_http(answering, request_signer, context, model, params["body"], outcome)
    return None


def _refuse_unmocked(model: Any, params: Any, request_signer: Any, context: Any) -> None:
    """Refuse a call that no mock answers, unless a handler of the program may yet answer it."""
    __tracebackhide__ = True
    try:
        is_unsent = _find_route(request_signer, model, context).is_unsent
    except AttributeError:  # as above
        is_unsent = False
    if is_unsent:
        guard.refuse(model.name, params["url"])


def unsent_response(
    answering: ActiveMock, status_code: int, parsed: dict[str, Any]
) -> tuple[UnsentResponse, dict[str, Any]]:
    """Return what a before-call handler returns to answer a call."""
    request_id, epoch_seconds = answering.request_id_and_time()
    parsed["ResponseMetadata"] = {
        "RequestId": request_id,
        "HTTPStatusCode": status_code,
        "HTTPHeaders": wire.common_headers(request_id, epoch_seconds),
        "RetryAttempts": 0,
    }
    return UnsentResponse(status_code, parsed), parsed


def _parsed_error(error: ServiceError, model: Any) -> dict[str, Any]:
    """Return an error as botocore's own parser would: the modelled members next to `Error`."""
    parsed: dict[str, Any] = {"Error": {"Message": error.message, "Code": error.code}}
    shape = model.service_model.shape_for_error_code(error.code)
    if shape is not None:
        members = {error.message_member: error.message, **error.members}
        modelled = (name for name in shape.members if members.get(name) is not None)
        parsed.update((name, members[name]) for name in modelled)
    return parsed


def _may_be_retried(error: ServiceError, model: Any) -> bool:
    if error.http_status >= _FIRST_SERVER_FAULT or error.code in _RETRIED_CODES:
        return True
    shape = model.service_model.shape_for_error_code(error.code)
    return shape is not None and bool(shape.metadata.get("retryable"))


class _Route(NamedTuple):
    """How the calls of one operation of one client are answered."""

    #: On before-call: no handler can notice that a call was not sent.
    is_unsent: bool
    #: botocore has checked the types of the parameters.
    is_validated: bool
    #: The client was created for a region; otherwise it is in the region of the mock.
    names_region: bool
    #: Who calls, if the credentials of the client say so.
    caller: Caller | None


def _route_over_http(context: Any) -> _Route:
    names_region = regions.is_named(context)
    return _Route(is_unsent=False, is_validated=False, names_region=names_region, caller=None)


def _find_route(request_signer: Any, model: Any, context: Any) -> _Route:
    """Return the route of an operation's calls, and store it for the next one.

    An emitter replaces its lookup cache whenever a handler is added or removed, so what is stored
    there lives exactly as long as it is true. A client has an emitter and models of its own.
    """
    emitter = request_signer._event_emitter._emitter  # noqa: SLF001
    # Before the handlers are read: when another thread adds one meanwhile, the route is not stored.
    lookup_cache = emitter._lookup_cache  # noqa: SLF001
    try:
        route = _Route(
            _may_stay_unsent(emitter, lookup_cache, model),
            _is_validated(),
            regions.is_named(context),
            accounts.caller_of(request_signer._credentials),  # noqa: SLF001
        )
    except AttributeError:  # botocore's internals have changed
        route = _route_over_http(context)
    lookup_cache[model] = route
    return route


def _is_validated() -> bool:
    """Return whether the client that is calling us validates parameters.

    No argument of a handler says so; the client is found on the stack, once for each operation.
    """
    frame = sys._getframe()  # noqa: SLF001
    while frame.f_back is not None and frame.f_code.co_name != "_make_api_call":
        frame = frame.f_back
    serializer = getattr(frame.f_locals.get("self"), "_serializer", None)
    return isinstance(serializer, ParamValidationDecorator)


def _may_stay_unsent(emitter: Any, known: Any, model: Any) -> bool:
    """Return whether no handler can notice that a call of this operation was not sent."""
    no_foreign_handlers: bool | None = known.get(_NO_FOREIGN_HANDLERS)
    if no_foreign_handlers is None:
        no_foreign_handlers = known[_NO_FOREIGN_HANDLERS] = not any(
            map(_is_foreign, _all_handlers(emitter))
        )
    return no_foreign_handlers or not _has_foreign_handlers(emitter, model)


def _all_handlers(emitter: Any) -> Iterator[Any]:
    """Yield the handlers on these events of any service; most programs have none."""
    events = emitter._handlers._root["children"]  # noqa: SLF001
    names = ("before-call", *_SKIPPED_EVENTS, "*")
    nodes = [events[name] for name in names if name in events]
    while nodes:
        node = nodes.pop()
        nodes += node["children"].values()
        yield from chain(*(node["values"] or ()))


def _is_foreign(handler: Any) -> bool:
    library = _library_of(handler)
    if library == "pynamodb":
        return not _adds_no_headers(handler)
    if library not in _KNOWN_LIBRARIES:
        return True
    # The retry mode "adaptive" counts what a client sends, and what it receives.
    return type(getattr(handler, "__self__", None)).__name__.endswith("ClientRateLimiter")


def _adds_no_headers(handler: Any) -> bool:
    """Return whether this is PynamoDB's handler that adds headers, of a connection without any.

    It must be what it was known to be: a method that touches the headers and nothing else.
    """
    code, connection = getattr(handler, "__code__", None), getattr(handler, "__self__", None)
    return (
        code is not None
        and getattr(connection, "_extra_headers", handler) is None
        and _HEADERS_ALONE.issuperset(code.co_names)
    )


def _has_foreign_handlers(emitter: Any, model: Any) -> bool:
    suffix = f"{model.service_model.service_id.hyphenize()}.{model.name}"
    search = emitter._handlers.prefix_search  # noqa: SLF001
    after_ours = list(search(f"before-call.{suffix}"))
    del after_ours[: after_ours.index(answer_call) + 1]
    in_between = [search(f"{event}.{suffix}") for event in _SKIPPED_EVENTS]
    handlers = chain(after_ours, *in_between)
    return any(map(_is_foreign, handlers))


def _library_of(handler: Any) -> str:
    if isinstance(handler, partial):
        return _library_of(handler.func)
    owner = getattr(handler, "__self__", None)
    if owner is not None:
        module_name = type(owner).__module__
    elif isinstance(handler, FunctionType):
        module_name = handler.__module__
    else:
        module_name = type(handler).__module__
    return module_name.partition(".")[0]
