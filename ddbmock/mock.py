"""The switch: `mock_dynamodb`, one object that is decorator, context manager, start and stop.

1. The state of a mock lives as long as the outermost active mock; an inner one shares it, unless it
   is isolated. Mocks may end in any order: a backend is gone when nobody uses it any more.
2. A mock is seen by every thread and task of the process.
3. On exit everything is as before.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass, fields
from datetime import timedelta
from typing import TYPE_CHECKING, Any, TypeVar, overload

from ddbmock import decorators, messages, watching
from ddbmock.calls import KEPT_CALLS, CallLog
from ddbmock.controller import Controller
from ddbmock.engine.backend import DEFAULT_REGION
from ddbmock.engine.expiry import DEFAULT_WINDOW_SECONDS
from ddbmock.engine.lifecycle import DEFAULT_DELAY_SECONDS
from ddbmock.errors import MisuseError
from ddbmock.hook import Target, set_active
from ddbmock.locks import new_lock
from ddbmock.service import Service

if TYPE_CHECKING:
    from types import TracebackType

    from typing_extensions import Self


_Decorated = TypeVar("_Decorated", bound=Callable[..., Any])


@dataclass(frozen=True, slots=True, kw_only=True)
class Options:
    """What can be said to `mock_dynamodb`, all of it optional."""

    #: The region of clients that name none. Default: as configured, or else us-east-1.
    region: str | None = None
    #: Whether an inner mock has a backend of its own.
    isolate: bool = False
    # What follows is of the backend, so it is heeded of the outermost mock, or an isolated one.
    #: How many shards a new stream has.
    stream_shards: int = 1
    #: For how many seconds tables and indexes are CREATING, UPDATING, DELETING; True for some.
    delays: bool | float = False
    #: How long items stay readable after their time to live, in seconds. Default: 48 hours.
    ttl_window: float | timedelta = DEFAULT_WINDOW_SECONDS
    #: How many calls are kept; None for all.
    kept_calls: int | None = KEPT_CALLS
    #: Whether a copy of each answer is kept with its call.
    keep_responses: bool = False

    def __post_init__(self) -> None:
        self._expect("region", str | None, "a region's name")
        self._expect("isolate", bool, "True or False")
        self._expect("stream_shards", int, "a number of shards")
        if self.stream_shards < 1:
            raise TypeError(
                messages.wrong_option("stream_shards", "a number of shards", self.stream_shards)
            )
        self._expect("delays", int | float, "True, False or a number of seconds")
        self._expect("ttl_window", int | float | timedelta, "seconds or a timedelta")
        self._expect("kept_calls", int | None, "a number of calls, or None for all")
        self._expect("keep_responses", bool, "True or False")
        for name, seconds in (("delays", self.delay_seconds), ("ttl_window", self.window_seconds)):
            if seconds < 0:
                raise TypeError(
                    messages.wrong_option(name, "no less than nothing", getattr(self, name))
                )

    @property
    def delay_seconds(self) -> float:
        """Return how long things take."""
        return DEFAULT_DELAY_SECONDS if self.delays is True else float(self.delays)

    @property
    def window_seconds(self) -> float:
        """Return how long items stay after their time to live."""
        window = self.ttl_window
        return window.total_seconds() if isinstance(window, timedelta) else float(window)

    def new_log(self) -> CallLog:
        """Return a log of calls."""
        return CallLog(self.kept_calls, keep_responses=self.keep_responses)

    def _expect(self, name: str, kind: Any, expected: str) -> None:
        value = getattr(self, name)
        if not isinstance(value, kind) or value == "":
            raise TypeError(messages.wrong_option(name, expected, value))

    @classmethod
    def of(cls, given: Mapping[str, Any]) -> Options:
        """Return the options that were given by name.

        Raises:
            TypeError: A name or value that is none; the text names the valid ones.
        """
        valid = [field.name for field in fields(cls)]
        unknown = given.keys() - valid
        if unknown:
            raise TypeError(messages.unknown_options(unknown, valid))
        return cls(**given)


@dataclass(frozen=True, slots=True, eq=False)
class _Activation:
    """One start of one mock."""

    service: Service
    region_name: str | None
    #: Whether the service and its backend was there already, made by an outer mock.
    is_shared: bool
    #: The options that the service was made with.
    made_with: Options


def new_service(options: Options) -> Service:
    """Return a service with an empty backend."""
    service = Service()
    service.backend.stream_shards = options.stream_shards
    service.backend.delay_seconds = options.delay_seconds
    service.backend.ttl_window_seconds = options.window_seconds
    service.calls = options.new_log()
    return service


#: What makes the service of a mock that shares none.
make_service: Callable[[Options], Service] = new_service

_active: list[_Activation] = []
_lock = new_lock()


def _begin(options: Options) -> _Activation:
    with _lock:
        outer = _active[-1] if _active else None
        if outer is None or options.isolate:
            activation = _Activation(
                make_service(options), options.region, is_shared=False, made_with=options
            )
            for watcher in watching.watchers:
                watcher.began(activation.service)
        else:
            region_name = options.region or outer.region_name
            activation = _Activation(
                outer.service, region_name, is_shared=True, made_with=outer.made_with
            )
        _active.append(activation)
        _answer_from_newest()
    return activation


def _end(activation: _Activation) -> None:
    with _lock:
        _active.remove(activation)
        _answer_from_newest()
        if all(other.service is not activation.service for other in _active):
            for watcher in watching.watchers:
                watcher.ended(activation.service)


def active_services() -> list[Service]:
    """Return what answers now, and what will again when inner mocks have ended."""
    with _lock:
        return list({id(each.service): each.service for each in _active}.values())


def _answer_from_newest() -> None:
    newest = _active[-1] if _active else None
    set_active(None if newest is None else Target(newest.service, newest.region_name))


class DynamoDBMock(Controller):
    """One switch with its options: decorator, context manager, `start` and `stop`.

    It can be used again and again; each time is a mock of its own. While it is active it is also
    the controller, inside the functions that it decorates too.
    """

    def __init__(self, options: Options) -> None:
        self.options = options
        self._activations: list[_Activation] = []
        self._was_active = False

    def start(self) -> Self:
        """Let the mock answer from now on, and return the controller, which is this object."""
        self._activations.append(_begin(self.options))
        self._was_active = True
        return self

    def stop(self) -> None:
        """End what `start` began.

        Raises:
            MisuseError: The mock is not active.
        """
        if not self._activations:
            raise MisuseError(messages.STOP_WITHOUT_START)
        _end(self._activations.pop())

    @property
    def _activation(self) -> _Activation:
        if not self._activations:
            raise MisuseError(messages.ENDED if self._was_active else messages.NOT_STARTED)
        return self._activations[-1]

    @property
    def _service(self) -> Service:
        return self._activation.service

    @property
    def service(self) -> Service:
        """What answers, for other parts of ddbmock."""
        return self._activation.service

    @property
    def made_with(self) -> Options:
        """The options of the mock that made the backend."""
        return self._activation.made_with

    @property
    def shares_backend(self) -> bool:
        """Whether an outer mock made the backend, so that this one does not begin empty."""
        return self._activation.is_shared

    @property
    def region(self) -> str:
        """The region of clients that name none, where `tables` looks first."""
        configured = os.environ.get("AWS_DEFAULT_REGION")
        return self._activation.region_name or configured or DEFAULT_REGION

    def __enter__(self) -> Self:
        return self.start()

    def __exit__(
        self,
        exception_type: type[BaseException] | None,
        exception: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.stop()

    async def __aenter__(self) -> Self:
        return self.start()

    async def __aexit__(
        self,
        exception_type: type[BaseException] | None,
        exception: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.stop()

    def __call__(self, target: _Decorated, /) -> _Decorated:
        """Decorate a function or a class: each call, or each test, runs inside a mock."""
        return decorators.decorate(target, self)

    def __repr__(self) -> str:
        return f"<mock_dynamodb, {'active' if self._activations else 'not active'}>"


@overload
def mock_dynamodb(target: _Decorated, /) -> _Decorated: ...


@overload
def mock_dynamodb(
    *,
    region: str | None = None,
    isolate: bool = False,
    stream_shards: int = 1,
    delays: bool | float = False,
    ttl_window: float | timedelta = DEFAULT_WINDOW_SECONDS,
    kept_calls: int | None = KEPT_CALLS,
    keep_responses: bool = False,
) -> DynamoDBMock: ...


def mock_dynamodb(target: Any = None, /, **options: Any) -> Any:
    """Mock DynamoDB for a function, a class, a block, or from start to stop.

    >>> import boto3
    >>> with mock_dynamodb(region="eu-west-1"):
    ...     boto3.client("dynamodb").list_tables()["TableNames"]
    []

    >>> @mock_dynamodb
    ... def test_nothing_there():
    ...     assert boto3.client("dynamodb").list_tables()["TableNames"] == []
    >>> test_nothing_there()

    Args:
        target: What to decorate, when used without parentheses.
        **options: `region`, the region of clients that name none; `isolate=True`, a fresh backend
            even inside another mock. Of an outermost or isolated mock also: `stream_shards`, how
            many shards a new stream has; `delays`, for how many seconds tables and indexes are
            CREATING, UPDATING and DELETING on the mock's clock (True: 5 seconds; default: not at
            all); `ttl_window`, how long items stay readable after their time to live (seconds or
            a timedelta; default: 48 hours); `kept_calls`, how many of the last calls are kept
            (default: 1000; None: all); `keep_responses=True`, to keep their answers too.

    Raises:
        TypeError: An unknown option, or something that cannot be decorated.
    """
    switch = DynamoDBMock(Options.of(options))
    return switch if target is None else switch(target)
