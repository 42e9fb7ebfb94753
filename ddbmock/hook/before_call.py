"""The short cut: a call answered on before-call, with nothing signed, sent, retried or parsed."""

from __future__ import annotations

import sys
from functools import partial
from io import BytesIO
from itertools import chain
from types import FunctionType
from typing import TYPE_CHECKING, Any, NamedTuple

from botocore.awsrequest import AWSResponse, HeadersDict
from botocore.validate import ParamValidationDecorator

from ddbmock import wire
from ddbmock.errors import ServiceError
from ddbmock.hook import before_send, target

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ddbmock.hook.target import Target

#: What the short cut leaves out. A handler there that is not of these libraries makes a call take
#: the whole way. (moto's one is there with every client, and stands aside: see `replacements`.)
_EVENTS_IN_BETWEEN = (
    "request-created",
    "choose-signer",
    "before-sign",
    "before-send",
    "before-parse",
    "response-received",
    "needs-retry",
)
_KNOWN_LIBRARIES = frozenset({"aiobotocore", "boto3", "botocore", "ddbmock", "moto"})

#: Error codes that a client may try again: botocore's legacy and standard retry modes together.
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

#: Where an emitter's look-up cache says that there are no handlers but the libraries' own at all.
_NO_FOREIGN_HANDLERS = "ddbmock: nobody looks"


class ShortAnswer(AWSResponse):  # type: ignore[misc]
    """The HTTP response that a short cut never had, as far as an after-call handler may look."""

    url = ""
    _content = None

    def __init__(self, status_code: int, parsed: dict[str, Any]) -> None:
        self.status_code = status_code
        self._parsed = parsed

    @property
    def headers(self) -> Any:
        """Return the headers as botocore gives them."""
        return HeadersDict(self._parsed["ResponseMetadata"]["HTTPHeaders"])

    @property
    def raw(self) -> BytesIO:
        """Return the body as a file."""
        return BytesIO(self.content)

    @property
    def content(self) -> bytes:
        """Return the body."""
        members = dict(self._parsed)
        del members["ResponseMetadata"]
        error = members.pop("Error", None)
        if error is not None:
            members = {"__type": error["Code"], "message": error["Message"], **members}
        return wire.encode(members)


def answer_call(
    *, model: Any, params: Any, request_signer: Any, context: Any, **_: Any
) -> tuple[ShortAnswer, dict[str, Any]] | None:
    """Answer a call of botocore, or return None to let it go the whole way."""
    answering = target.current
    if answering is None:
        return None
    outcome: ServiceError | None = None
    try:
        way = request_signer._event_emitter._emitter._lookup_cache.get(model)  # noqa: SLF001
    except AttributeError:  # an emitter of another kind: take the way that needs to know nothing
        way = _LONG_WAY
    if way is None:
        way = _find_way(request_signer._event_emitter._emitter, model)  # noqa: SLF001
    if way.is_short:
        try:
            body = params["body"]
            response = answering.service.execute(
                context["client_region"],
                model.name,
                wire.decode_request(body),
                model.input_shape,
                validated=way.is_validated,
                body=body,
            )
        except ServiceError as error:
            if not _may_be_retried(error, model):
                return _short_answer(answering, error.http_status, _parsed_error(error, model))
            outcome = error
        else:
            return _short_answer(answering, 200, response)
    before_send.defer_to_http(request_signer, context, model, params["body"], outcome)
    return None


def _short_answer(
    answering: Target, status_code: int, parsed: dict[str, Any]
) -> tuple[ShortAnswer, dict[str, Any]]:
    request_id, epoch_seconds = answering.request_id_and_time()
    parsed["ResponseMetadata"] = {
        "RequestId": request_id,
        "HTTPStatusCode": status_code,
        "HTTPHeaders": wire.common_headers(request_id, epoch_seconds),
        "RetryAttempts": 0,
    }
    return ShortAnswer(status_code, parsed), parsed


def _parsed_error(error: ServiceError, model: Any) -> dict[str, Any]:
    """Return an error as botocore's own parser would: the modelled members beside `Error`."""
    parsed: dict[str, Any] = {"Error": {"Message": error.message, "Code": error.code}}
    shape = model.service_model.shape_for_error_code(error.code)
    if shape is not None:
        said = {error.message_member: error.message, **error.members}
        parsed.update((name, said[name]) for name in shape.members if said.get(name) is not None)
    return parsed


def _may_be_retried(error: ServiceError, model: Any) -> bool:
    if error.http_status >= _FIRST_SERVER_FAULT or error.code in _RETRIED_CODES:
        return True
    shape = model.service_model.shape_for_error_code(error.code)
    return shape is not None and bool(shape.metadata.get("retryable"))


class _Route(NamedTuple):
    """How the calls of one operation of one client go."""

    #: Nobody could see that a call was not sent.
    is_short: bool
    #: botocore has checked the types of the parameters.
    is_validated: bool


_LONG_WAY = _Route(is_short=False, is_validated=False)


def _find_way(emitter: Any, model: Any) -> _Route:
    """Return how the calls of an operation go, and keep it for the next one.

    An emitter replaces its look-up cache whenever a handler is added or removed, so what is kept in
    the cache lives exactly as long as it is true. A client has an emitter and models of its own.
    """
    try:
        way = _Route(_is_short(emitter, model), _is_validated())
    except AttributeError:  # its insides are not what they were
        way = _LONG_WAY
    emitter._lookup_cache[model] = way  # noqa: SLF001
    return way


def _is_validated() -> bool:
    """Return whether the client that is calling us validates parameters.

    Nothing that a handler is given tells, so look up the stack (once a client and operation).
    """
    frame = sys._getframe()  # noqa: SLF001
    while frame.f_back is not None and frame.f_code.co_name != "_make_api_call":
        frame = frame.f_back
    serializer = getattr(frame.f_locals.get("self"), "_serializer", None)
    return isinstance(serializer, ParamValidationDecorator)


def _is_short(emitter: Any, model: Any) -> bool:
    """Return whether nobody could see that a call of this operation was not sent."""
    known = emitter._lookup_cache  # noqa: SLF001
    nobody_looks: bool | None = known.get(_NO_FOREIGN_HANDLERS)
    if nobody_looks is None:
        nobody_looks = known[_NO_FOREIGN_HANDLERS] = not any(
            map(_is_foreign, _all_handlers(emitter))
        )
    return nobody_looks or not _has_foreign_handlers(emitter, model)


def _all_handlers(emitter: Any) -> Iterator[Any]:
    """Yield the handlers on these events of any service, which most programs have none of."""
    events = emitter._handlers._root["children"]  # noqa: SLF001
    names = ("before-call", *_EVENTS_IN_BETWEEN, "*")
    nodes = [events[name] for name in names if name in events]
    while nodes:
        node = nodes.pop()
        nodes += node["children"].values()
        yield from chain(*(node["values"] or ()))


def _is_foreign(handler: Any) -> bool:
    return _library_of(handler) not in _KNOWN_LIBRARIES


def _has_foreign_handlers(emitter: Any, model: Any) -> bool:
    suffix = f"{model.service_model.service_id.hyphenize()}.{model.name}"
    search = emitter._handlers.prefix_search  # noqa: SLF001
    after_ours = list(search(f"before-call.{suffix}"))
    del after_ours[: after_ours.index(answer_call) + 1]
    in_between = [search(f"{event}.{suffix}") for event in _EVENTS_IN_BETWEEN]
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
