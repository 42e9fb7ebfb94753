"""`mock_dynamodb`: one object that is decorator, context manager, start and stop.

A mock is active in every thread and task of the process. On exit everything is as before. Nested
mocks share their state, see `activations`.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping, Sequence
from contextvars import ContextVar
from typing import TYPE_CHECKING, Any, TypeVar, overload

from ddbmock._internal import activations, decorators
from ddbmock._internal.calls import STORED_CALLS
from ddbmock._internal.controller import Controller
from ddbmock._internal.engine.expiry import DEFAULT_WINDOW_SECONDS
from ddbmock._internal.errors import MisuseError
from ddbmock._internal.features import CONSOLE
from ddbmock._internal.hook.active import configured_region
from ddbmock._internal.messages import misuse as messages
from ddbmock._internal.options import Options

if TYPE_CHECKING:
    import os
    from datetime import timedelta
    from types import TracebackType

    from botocore.client import BaseClient
    from typing_extensions import Self

    from ddbmock._internal.activations import Activation
    from ddbmock._internal.service import Service

_Decorated = TypeVar("_Decorated", bound=Callable[..., Any])

#: What the blocks around this point have begun, outermost first. A thread or task has its own, so
#: that two of them may use one mock, and each ends what it began.
_entered: ContextVar[tuple[Activation, ...]] = ContextVar("_entered", default=())


class DynamoDBMock(Controller):
    """A mock with its options: decorator, context manager, `start` and `stop`.

    It can be used repeatedly; each use is a separate mock. While it is active it is also the
    controller, also within the functions that it decorates.
    """

    def __init__(self, options: Options) -> None:
        self._options = options
        self._started: Activation | None = None
        self._has_begun = False

    def start(self) -> Self:
        """Begin, and return the controller, which is this object.

        Raises:
            MisuseError: It has been started already.
        """
        if self._started is not None and self._started.is_active:
            raise MisuseError(messages.STARTED_TWICE)
        self._started = self._begin()
        caller = sys._getframe(1)  # noqa: SLF001 (for whoever forgets to stop it)
        self._started.started_at = f"{caller.f_code.co_filename}:{caller.f_lineno}"
        return self

    def stop(self) -> None:
        """End what `start` began.

        Raises:
            MisuseError: The mock was not started.
        """
        if self._started is None or not self._started.is_active:
            raise MisuseError(messages.STOP_WITHOUT_START)
        self._started.end()
        self._started = None

    def __enter__(self) -> Self:
        still_active = (outer for outer in _entered.get() if outer.is_active)
        _entered.set((*still_active, self._begin()))
        return self

    def __exit__(
        self,
        exception_type: type[BaseException] | None,
        exception: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        entered = _entered.get()
        activation = self._newest(entered)
        if activation is None:  # the block ends in another task, as fixtures of pytest-asyncio do
            activation = self._newest(activations.active())
        if activation is not None:
            _entered.set(tuple(other for other in entered if other is not activation))
            activation.end()

    async def __aenter__(self) -> Self:
        return self.__enter__()

    async def __aexit__(
        self,
        exception_type: type[BaseException] | None,
        exception: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.__exit__(exception_type, exception, traceback)

    def __call__(self, target: _Decorated, /) -> _Decorated:
        """Decorate a function or a class: each call, or each test, runs inside a mock."""
        return decorators.decorate(target, self._begin)

    def _begin(self) -> Activation:
        self._has_begun = True
        return activations.begin(self._options, self)

    def _newest(self, among: Sequence[Activation]) -> Activation | None:
        own = (other for other in reversed(among) if other.owner is self and other.is_active)
        return next(own, None)

    def console(self) -> str:
        """Serve a page that shows tables, calls, the clock and faults, and return its URL.

        The page can edit items, move the clock and add faults. It is there until the mock ends,
        also while the test is stopped in a debugger: `ddb.console()` at the prompt prints the URL.
        Only this machine can reach it.

        >>> from urllib.request import urlopen
        >>> with mock_dynamodb() as ddb:
        ...     with urlopen(ddb.console()) as page:
        ...         b"No tables yet" in page.read()
        ddbmock: the console is at http://127.0.0.1:...
        True

        Raises:
            MisuseError: The tables are those of a real engine.
        """
        url = self._service.use(CONSOLE)
        sys.stdout.write(f"ddbmock: the console is at {url}\n")
        return url

    @property
    def _activation(self) -> Activation:
        activation = self._newest(_entered.get()) or self._newest(activations.active())
        if activation is None:
            raise MisuseError(messages.ENDED if self._has_begun else messages.NOT_STARTED)
        return activation

    @property
    def _service(self) -> Service:
        return self._activation.service

    @property
    def region(self) -> str:
        """The region of clients that name none, which `tables` searches first."""
        return self._activation.region_name or configured_region()

    def __repr__(self) -> str:
        is_active = self._newest(activations.active()) is not None
        return f"<mock_dynamodb, {'active' if is_active else 'not active'}>"


def activation_of(mock: DynamoDBMock) -> Activation:
    """Return the latest activation of a mock, for other parts of ddbmock.

    Raises:
        MisuseError: The mock is not active.
    """
    return mock._activation  # noqa: SLF001 (not for users, so not a name of the mock)


@overload
def mock_dynamodb(target: _Decorated, /) -> _Decorated: ...


@overload
def mock_dynamodb(
    *,
    region: str | None = None,
    isolate: bool = False,
    share_models: bool = True,
    compile_requests: bool = True,
    stream_shards: int = 1,
    delays: bool | float = False,
    lag: float | timedelta | tuple[float, float] = 0.0,
    throughput: bool | float = False,
    chaos: bool | float = False,
    limits: Mapping[str, int] | None = None,
    ttl_window: float | timedelta = DEFAULT_WINDOW_SECONDS,
    seed: int = 0,
    stored_calls: int | None = STORED_CALLS,
    store_responses: bool = False,
    s3: str | os.PathLike[str] | BaseClient | None = None,
    kinesis: list[Any] | Callable[[dict[str, Any]], object] | BaseClient | None = None,
    policy: Any = None,
    metrics: bool = False,
    autoscaling: bool = False,
    dax: bool = False,
    db: str | os.PathLike[str] | None = None,
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
        **options: `region`, the region of clients that name none (default: `AWS_DEFAULT_REGION`, or
            else us-east-1); `isolate=True`, a fresh backend even inside another mock;
            `share_models=False`, sessions of boto3 read all files of botocore for themselves;
            `compile_requests=False`, botocore itself checks and writes every request. Of an
            outermost or isolated mock also: `stream_shards`, how many shards a new stream has;
            `delays`, for how many seconds tables and indexes are CREATING, UPDATING and DELETING on
            the mock's clock (True: 5 seconds; default: none); `lag`, how many seconds eventually
            consistent reads are behind, or the least and the greatest number of them (default: 0),
            and replicas in other regions as well; `throughput=True`, to have tables and indexes
            throttle, or for how many seconds they keep unused provisioned units (True: 300
            seconds); `chaos=True`, to have calls fail at random as `seed` chooses, or with what
            probability each attempt fails (True: 0.1); `limits`, quotas below the service's, such
            as `{"tables": 3}` (see `ddbmock.Quotas`); `ttl_window`, how long items
            stay readable after their time to live (seconds or a timedelta; default: 48 hours);
            `seed`, what chances are derived from, such as those of `ddb.faults` (default: 0);
            `stored_calls`, how many of the last calls are stored (default: 1000; None: all);
            `store_responses=True`, to store their responses too; `db`, an SQLite file that the
            state is read from and written to, so that the next mock with this file continues;
            `metrics=True`, for CloudWatch with the metrics of tables; `autoscaling=True`, for
            Application Auto Scaling too; `dax=True`, for the control plane of DAX; `s3`, where
            exports go and imports come from: a folder whose folders are buckets, the URL of a
            server, or an S3 client of boto3 (default: what answers the S3 clients of this process,
            such as moto); `kinesis`, what takes the records of Kinesis destinations: a list, a
            function, or a Kinesis client of boto3 (default: as for `s3`).

    Raises:
        TypeError: An unknown option, or something that cannot be decorated.
    """
    mock = DynamoDBMock(Options.of(options))
    return mock if target is None else mock(target)
