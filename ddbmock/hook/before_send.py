"""The whole way: a call that botocore signs and sends, with an answer in the network's place."""

from __future__ import annotations

import re
import sys
from contextvars import ContextVar
from dataclasses import dataclass
from functools import lru_cache, partial
from io import BytesIO
from typing import TYPE_CHECKING, Any

from botocore.awsrequest import AWSResponse

from ddbmock import wire
from ddbmock.engine.backend import DEFAULT_REGION
from ddbmock.errors import ServiceError
from ddbmock.hook import target
from ddbmock.service_model import service_model

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from ddbmock.hook.target import Target

#: How the names of this event begin for DynamoDB and for its streams.
SEND_EVENTS = "before-send.dynamodb"

#: Credentials that open nothing.
ACCESS_KEY = "DDBMOCKACCESSKEY"
SECRET_KEY = "ddbmock-secret-key"  # noqa: S105


@dataclass(slots=True)
class _PassedCall:
    """What is known of a call that goes the whole way, for the handler at its end."""

    operation_name: str
    region_name: str
    input_shape: Any
    body: Any
    #: Whether an async client waits for the answer.
    awaits: bool
    #: The first attempt's outcome when the short cut already met it.
    outcome: ServiceError | None

    def take_outcome(self) -> ServiceError | None:
        outcome, self.outcome = self.outcome, None
        return outcome


_passed_call: ContextVar[_PassedCall | None] = ContextVar("_passed_call", default=None)


def defer_to_http(
    request_signer: Any, context: Any, model: Any, body: Any, outcome: ServiceError | None
) -> None:
    """Remember what the handler at the end of the whole way needs to know of a call."""
    awaits = type(request_signer).__module__.startswith("aiobotocore.")
    region_name = context["client_region"]
    call = _PassedCall(model.name, region_name, model.input_shape, body, awaits, outcome)
    _passed_call.set(call)
    if type(request_signer._credentials).__name__ not in {"AioCredentials", "Credentials"}:  # noqa: SLF001
        # None, or of a kind that would be fetched or refreshed now.
        signing = {**context.get("signing", {}), "request_credentials": credentials(awaits=awaits)}
        context["signing"] = signing


@lru_cache
def credentials(*, awaits: bool) -> Any:
    """Return credentials that open nothing."""
    module_name = "aiobotocore.credentials" if awaits else "botocore.credentials"
    kind = getattr(sys.modules[module_name], "AioCredentials" if awaits else "Credentials")
    return kind(ACCESS_KEY, SECRET_KEY)


class _Body(BytesIO):
    """A body where a connection's would be."""

    def __init__(self, answer: wire.HttpAnswer) -> None:
        super().__init__(answer.body)
        # aiobotocore before 2.15 reads the headers here.
        self.raw_headers = [(k.encode(), v.encode()) for k, v in answer.headers.items()]

    def stream(self, **_: Any) -> Iterator[bytes]:
        yield self.read()


class LateAnswer(AWSResponse):  # type: ignore[misc]
    """A response that is made when it is looked at.

    All before-send handlers run, then the first answer counts. If another handler answered, nobody
    looks at this one, and the call did not take place, just as if it had not been sent.
    """

    def __init__(self, url: str, make_answer: Callable[[], wire.HttpAnswer]) -> None:
        self.url = url
        self._make_answer = make_answer

    def __getattr__(self, name: str) -> Any:
        if name not in {"status_code", "headers", "raw", "_content"}:
            raise AttributeError(name)
        answer = self._make_answer()
        super().__init__(self.url, answer.status_code, answer.headers, _Body(answer))
        self._content = answer.body
        return self.__dict__[name]


@lru_cache(maxsize=1)
def _awaited_late_answer() -> type[LateAnswer]:
    response_class = sys.modules["aiobotocore.awsrequest"].AioAWSResponse
    return type("AioLateAnswer", (LateAnswer, response_class), {"content": response_class.content})


def answer_request(*, event_name: str, request: Any, **_: Any) -> LateAnswer | None:
    """Answer an HTTP request of botocore in place of the network."""
    if target.current is None or not event_name.startswith(SEND_EVENTS):
        return None
    call = _passed_call.get()
    return late_answer(request, awaits=call is not None and call.awaits)


def late_answer(request: Any, *, awaits: bool) -> LateAnswer | None:
    """Return what answers an HTTP request, or None for one that is not for DynamoDB."""
    answering = target.current
    named = wire.parse_target(request.headers.get(wire.TARGET_HEADER))
    if answering is None or named is None:
        return None
    service_name, operation_name = named
    call = _passed_call.get()
    if call is None or call.body is not request.body:
        # A handler changed the body, or a library sends by itself what it made by itself.
        region_name = _region_of(request) or answering.region_name or DEFAULT_REGION
        shape = _input_shape(service_name, operation_name)
        call = _PassedCall(operation_name, region_name, shape, request.body, awaits, None)
    kind = _awaited_late_answer() if awaits else LateAnswer
    return kind(request.url, partial(_answer_over_http, answering, call))


def _answer_over_http(answering: Target, call: _PassedCall) -> wire.HttpAnswer:
    outcome: dict[str, Any] | ServiceError | None = call.take_outcome()
    if outcome is None:
        try:
            outcome = answering.service.execute(
                call.region_name,
                call.operation_name,
                wire.decode_request(call.body),
                call.input_shape,
                validated=False,
                body=call.body,
            )
        except ServiceError as error:
            outcome = error
    return wire.http_answer(outcome, *answering.request_id_and_time())


_SIGNED_REGION = re.compile(r"Credential=[^/]*/\d{8}/([a-z0-9-]+)/")
_HOST_REGION = re.compile(r"//(?:[^/]*\.)?(?:dynamodb|ddb)[a-z-]*\.([a-z]{2}-[a-z0-9-]+)\.")


def _region_of(request: Any) -> str | None:
    """Return the region that a request was signed for, or else the one in its address."""
    authorization = request.headers.get("Authorization") or ""
    if isinstance(authorization, bytes):
        authorization = authorization.decode("latin-1")
    found = _SIGNED_REGION.search(authorization) or _HOST_REGION.search(request.url)
    return found.group(1) if found else None


def _input_shape(service_name: str, operation_name: str) -> Any:
    model = service_model(service_name)
    if operation_name not in model.operation_names:
        return None
    return model.operation_model(operation_name).input_shape
