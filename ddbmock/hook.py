"""The way in from botocore: events of every client, answered while a mock is active.

1. This is the only module that knows botocore's events and aiobotocore.
2. The handlers are added once and stay; without an active mock they return None at once.
3. A call takes the short cut (answered before it is signed and sent) unless somebody could see the
   difference: a program's own handlers on the events in between, or botocore's retry loop. Then it
   goes the whole way as in production, and only the network is replaced.
4. What is replaced in other libraries for the time of a mock is one table, `_REPLACEMENTS`.
"""

from __future__ import annotations

import gc
import re
import sys
import threading
from contextvars import ContextVar
from dataclasses import dataclass
from functools import lru_cache, partial
from io import BytesIO
from itertools import chain
from types import FunctionType
from typing import TYPE_CHECKING, Any, NamedTuple

import botocore.handlers
import wrapt
from botocore.awsrequest import AWSResponse, HeadersDict
from botocore.hooks import HierarchicalEmitter
from botocore.loaders import create_loader
from botocore.model import ServiceModel
from botocore.validate import ParamValidationDecorator

from ddbmock import wire
from ddbmock.engine.world import DEFAULT_ACCOUNT_ID, DEFAULT_REGION
from ddbmock.errors import ServiceError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from ddbmock.service import Service

#: Only sessions that are older than this module can lack its handlers.
_OLDER_SESSIONS_POSSIBLE = "botocore.session" in sys.modules

_SEND_EVENTS = "before-send.dynamodb"
_CLIENT_SERVICES = frozenset(wire.SERVICES_BY_TARGET.values())

#: What the short cut leaves out. A handler there that is not of these libraries makes a call take
#: the whole way. moto's one stands aside (see `_stand_aside`).
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

_DUMMY_ACCESS_KEY = "DDBMOCKACCESSKEY"
_DUMMY_SECRET_KEY = "ddbmock-secret-key"  # noqa: S105 (opens nothing)


@dataclass(frozen=True, slots=True)
class Target:
    """What answers the calls of this process: a service, and the region of clients without one."""

    service: Service
    region_name: str | None = None

    def request_id(self) -> str:
        """Return an id in the form of the service's: 52 digits and capitals."""
        return f"{self.service.world.random.getrandbits(208):052X}"

    def epoch_seconds(self) -> int:
        """Return the time that answers carry."""
        return int(self.service.world.clock.seconds())


_target: Target | None = None


# --- the short cut ---------------------------------------------------------------------------


class ShortAnswer(AWSResponse):  # type: ignore[misc]
    """The HTTP response that a short cut never had, as far as an after-call handler may look."""

    def __init__(self, status_code: int, parsed: dict[str, Any]) -> None:
        self.url = ""
        self.status_code = status_code
        self._parsed = parsed
        self._content = None

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
        return wire.encode(members)


def answer_call(
    *, model: Any, params: Any, request_signer: Any, context: Any, **_: Any
) -> tuple[ShortAnswer, dict[str, Any]] | None:
    """Answer a call of botocore, or return None to let it go the whole way."""
    target = _target
    if target is None:
        return None
    outcome: ServiceError | None = None
    way = _way_of(request_signer, model)
    if way.is_short:
        try:
            response = target.service.execute(
                context["client_region"],
                model.name,
                wire.decode_request(params["body"]),
                model.input_shape,
                validated=way.is_validated,
            )
        except ServiceError as error:
            if not _may_be_retried(error, model):
                return _short_answer(target, error.http_status, _parsed_error(error, model))
            outcome = error
        else:
            return _short_answer(target, 200, response)
    _let_pass(request_signer, context, model, outcome)
    return None


def _short_answer(
    target: Target, status_code: int, parsed: dict[str, Any]
) -> tuple[ShortAnswer, dict[str, Any]]:
    request_id = target.request_id()
    parsed["ResponseMetadata"] = {
        "RequestId": request_id,
        "HTTPStatusCode": status_code,
        "HTTPHeaders": wire.common_headers(request_id, target.epoch_seconds()),
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


class _Way(NamedTuple):
    """How the calls of one operation of one client go."""

    #: Nobody could see that a call was not sent.
    is_short: bool
    #: botocore has checked the types of the parameters.
    is_validated: bool


def _way_of(request_signer: Any, model: Any) -> _Way:
    """Return how a call goes.

    An emitter replaces its look-up cache whenever a handler is added or removed, so what is kept in
    the cache lives exactly as long as it is true. A client has an emitter and models of its own.
    """
    try:
        emitter = request_signer._event_emitter._emitter  # noqa: SLF001
        known = emitter._lookup_cache  # noqa: SLF001
        way: _Way | None = known.get(model)
        if way is None:
            way = known[model] = _Way(not _has_foreign_handlers(emitter, model), _is_validated())
    except AttributeError:  # an emitter of another kind: take the way that needs to know nothing
        return _Way(is_short=False, is_validated=False)
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


def _has_foreign_handlers(emitter: Any, model: Any) -> bool:
    suffix = f"{model.service_model.service_id.hyphenize()}.{model.name}"
    search = emitter._handlers.prefix_search  # noqa: SLF001
    after_ours = list(search(f"before-call.{suffix}"))
    del after_ours[: after_ours.index(answer_call) + 1]
    in_between = [search(f"{event}.{suffix}") for event in _EVENTS_IN_BETWEEN]
    handlers = chain(after_ours, *in_between)
    return any(_library_of(handler) not in _KNOWN_LIBRARIES for handler in handlers)


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


# --- the whole way ---------------------------------------------------------------------------


@dataclass(slots=True)
class _PassedCall:
    """What is known of a call that goes the whole way, for the handler at its end."""

    operation_name: str
    region_name: str
    input_shape: Any
    #: Whether an async client waits for the answer.
    awaits: bool
    #: The first attempt's outcome when the short cut already met it.
    outcome: ServiceError | None

    def take_outcome(self) -> ServiceError | None:
        outcome, self.outcome = self.outcome, None
        return outcome


_passed_call: ContextVar[_PassedCall | None] = ContextVar("_passed_call", default=None)


def _let_pass(request_signer: Any, context: Any, model: Any, outcome: ServiceError | None) -> None:
    awaits = _library_of(request_signer.sign) == "aiobotocore"
    region_name = context["client_region"]
    _passed_call.set(_PassedCall(model.name, region_name, model.input_shape, awaits, outcome))
    if type(request_signer._credentials).__name__ not in {"AioCredentials", "Credentials"}:  # noqa: SLF001
        # None, or of a kind that would be fetched or refreshed now.
        signing = {**context.get("signing", {}), "request_credentials": _credentials(awaits)}
        context["signing"] = signing


@lru_cache
def _credentials(awaits: bool) -> Any:  # noqa: FBT001
    module_name = "aiobotocore.credentials" if awaits else "botocore.credentials"
    kind = getattr(sys.modules[module_name], "AioCredentials" if awaits else "Credentials")
    return kind(_DUMMY_ACCESS_KEY, _DUMMY_SECRET_KEY)


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
    if _target is None or not event_name.startswith(_SEND_EVENTS):
        return None
    passed = _passed_call.get()
    return _late_answer(request, awaits=passed is not None and passed.awaits)


def _late_answer(request: Any, *, awaits: bool) -> LateAnswer | None:
    target = _target
    named = wire.parse_target(request.headers.get(wire.TARGET_HEADER))
    if target is None or named is None:
        return None
    service_name, operation_name = named
    passed = _passed_call.get()
    if passed is None or passed.operation_name != operation_name:
        region_name = _region_of(request) or target.region_name or DEFAULT_REGION
        shape = _input_shape(service_name, operation_name)
        passed = _PassedCall(operation_name, region_name, shape, awaits, None)
    kind = _awaited_late_answer() if awaits else LateAnswer
    return kind(request.url, partial(_answer_over_http, target, passed, request.body))


def _answer_over_http(target: Target, call: _PassedCall, body: Any) -> wire.HttpAnswer:
    outcome: dict[str, Any] | ServiceError | None = call.take_outcome()
    if outcome is None:
        try:
            outcome = target.service.execute(
                call.region_name,
                call.operation_name,
                wire.decode_request(body),
                call.input_shape,
                validated=False,
            )
        except ServiceError as error:
            outcome = error
    return wire.http_answer(outcome, target.request_id(), target.epoch_seconds())


_SIGNED_REGION = re.compile(r"Credential=[^/]*/\d{8}/([a-z0-9-]+)/")
_HOST_REGION = re.compile(r"//(?:[^/]*\.)?(?:dynamodb|ddb)[a-z-]*\.([a-z]{2}-[a-z0-9-]+)\.")


def _region_of(request: Any) -> str | None:
    """Return the region that a request was signed for, or else the one in its address."""
    authorization = request.headers.get("Authorization") or ""
    if isinstance(authorization, bytes):
        authorization = authorization.decode("latin-1")
    found = _SIGNED_REGION.search(authorization) or _HOST_REGION.search(request.url)
    return found.group(1) if found else None


@lru_cache
def _service_model(service_name: str) -> Any:
    return ServiceModel(create_loader().load_service_model(service_name, "service-2"))


def _input_shape(service_name: str, operation_name: str) -> Any:
    model = _service_model(service_name)
    if operation_name not in model.operation_names:
        return None
    return model.operation_model(operation_name).input_shape


# --- clients without credentials and region --------------------------------------------------


def forget_account(*, builtins: dict[str, Any], **_: Any) -> None:
    """Keep a client from asking its credentials, which may be real, for an account id."""
    if _target is not None and callable(builtins.get("AWS::Auth::AccountId")):
        required = builtins.get("AWS::Auth::AccountIdEndpointMode") == "required"
        builtins["AWS::Auth::AccountId"] = DEFAULT_ACCOUNT_ID if required else None


_CREATE_CLIENT_PARAMETERS = (
    "service_name",
    "region_name",
    "api_version",
    "use_ssl",
    "verify",
    "endpoint_url",
    "aws_access_key_id",
    "aws_secret_access_key",
    "aws_session_token",
    "config",
    "aws_account_id",
)


def _create_client(wrapped: Any, session: Any, args: Any, kwargs: dict[str, Any]) -> Any:
    """Create a client; one of ours gets what the program did not give: credentials, a region."""
    given = {**dict(zip(_CREATE_CLIENT_PARAMETERS, args, strict=False)), **kwargs}
    target = _target
    if target is None or given.get("service_name") not in _CLIENT_SERVICES:
        return wrapped(*args, **kwargs)
    if session._credentials is None and not (  # noqa: SLF001
        given.get("aws_access_key_id") or given.get("aws_secret_access_key")
    ):
        given["aws_access_key_id"] = _DUMMY_ACCESS_KEY
        given["aws_secret_access_key"] = _DUMMY_SECRET_KEY
    if given.get("region_name") is None:
        given["region_name"] = _region_for(session, given.get("config"), target)
    return wrapped(**given)


def _region_for(session: Any, config: Any, target: Target) -> str:
    on_config = None if config is None else config.region_name
    on_session = session.instance_variables().get("region")
    return (
        on_config
        or on_session
        or target.region_name
        or session.get_config_variable("region")
        or DEFAULT_REGION
    )


# --- what is replaced while a mock is active -------------------------------------------------


def _send(wrapped: Any, _session: Any, args: Any, kwargs: Any) -> Any:
    """Send a request: the last guard, for clients that were made without botocore's handlers."""
    request = args[0] if args else kwargs["request"]
    answer = _late_answer(request, awaits=False)
    return wrapped(*args, **kwargs) if answer is None else answer


async def _send_async(wrapped: Any, _session: Any, args: Any, kwargs: Any) -> Any:
    request = args[0] if args else kwargs["request"]
    answer = _late_answer(request, awaits=True)
    return await wrapped(*args, **kwargs) if answer is None else answer


def _stand_aside(wrapped: Any, _stubber: Any, args: Any, kwargs: Any) -> Any:
    """Let moto's mock of everything answer everything but DynamoDB."""
    event_name = args[0] if args else kwargs["event_name"]
    if _target is not None and event_name.startswith(_SEND_EVENTS):
        return None
    return wrapped(*args, **kwargs)


#: Module, class, method, what stands in its place.
_REPLACEMENTS: tuple[tuple[str, str, str, Callable[..., Any]], ...] = (
    ("botocore.session", "Session", "create_client", _create_client),
    ("botocore.httpsession", "URLLib3Session", "send", _send),
    ("aiobotocore.session", "AioSession", "create_client", _create_client),
    ("aiobotocore.httpsession", "AIOHTTPSession", "send", _send_async),
    ("aiobotocore.httpxsession", "HttpxSession", "send", _send_async),
    ("moto.core.botocore_stubber", "BotocoreStubber", "__call__", _stand_aside),
)


class _Replacements:
    """Puts the replacements in, in every module that is or becomes loaded, and takes them out."""

    def __init__(self) -> None:
        self._undo: list[tuple[type, str, Any, Any]] = []
        self._watching = False

    def put_in(self) -> None:
        for module_name in dict.fromkeys(row[0] for row in _REPLACEMENTS):
            if module_name in sys.modules:
                self._replace_in(sys.modules[module_name])
            elif not self._watching:
                wrapt.register_post_import_hook(self._loaded_later, module_name)
        self._watching = True

    def take_out(self) -> None:
        while self._undo:
            owner, name, original, replacement = self._undo.pop()
            # Somebody may have put theirs over ours: theirs stays, ours passes everything on.
            if vars(owner).get(name) is replacement:
                setattr(owner, name, original)

    def _loaded_later(self, module: Any) -> None:
        with _lock:
            if _target is not None:
                self._replace_in(module)

    def _replace_in(self, module: Any) -> None:
        for module_name, class_name, name, wrapper in _REPLACEMENTS:
            owner = getattr(module, class_name, None)
            if module.__name__ == module_name and owner is not None and name in vars(owner):
                original = vars(owner)[name]
                replacement = wrapt.FunctionWrapper(original, wrapper)
                setattr(owner, name, replacement)
                self._undo.append((owner, name, original, replacement))


_lock = threading.RLock()
_replacements = _Replacements()
_older_emitters_found = not _OLDER_SESSIONS_POSSIBLE


def answer_from(target: Target | None) -> None:
    """Let a target answer every DynamoDB call of this process from now on; None: let them go."""
    global _target, _older_emitters_found  # noqa: PLW0603 (one mock a process is the point)
    with _lock:
        was_active = _target is not None
        if target is not None and not was_active:
            if not _older_emitters_found:
                _older_emitters_found = True
                _add_handlers_to_older_emitters()
            _target = target
            _replacements.put_in()
        elif target is None and was_active:
            _replacements.take_out()
        _target = target


def is_active() -> bool:
    """Return whether calls are answered."""
    return _target is not None


# --- registration ----------------------------------------------------------------------------

#: Each is registered last. before-send is taken at its root, behind everybody: the first answer to
#: it counts. A call that handlers of a program behind `answer_call` must see goes the whole way.
_HANDLERS: tuple[tuple[str, Callable[..., Any]], ...] = (
    ("before-call.dynamodb", answer_call),
    ("before-call.dynamodb-streams", answer_call),
    ("before-send", answer_request),
    ("before-endpoint-resolution.dynamodb", forget_account),
    ("before-endpoint-resolution.dynamodb-streams", forget_account),
)


def _add_handlers_to_older_emitters() -> None:
    """Find the sessions and clients that were made before this module, by their emitters."""
    kinds = {HierarchicalEmitter, *HierarchicalEmitter.__subclasses__()}
    for emitter in [thing for thing in gc.get_objects() if type(thing) in kinds]:
        for event_name, handler in _HANDLERS:
            if handler not in emitter._handlers.prefix_search(event_name):  # noqa: SLF001
                emitter.register_last(event_name, handler)


botocore.handlers.BUILTIN_HANDLERS.extend(
    (event_name, handler, botocore.handlers.REGISTER_LAST) for event_name, handler in _HANDLERS
)
