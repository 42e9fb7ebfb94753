"""`mock_aws`: mocks DynamoDB with ddbmock and every other service with moto."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeVar, overload

from ddbmock._internal.beside.lazy_moto import LazyMoto
from ddbmock._internal.calls import STORED_CALLS
from ddbmock._internal.engine.expiry import DEFAULT_WINDOW_SECONDS
from ddbmock._internal.mock import DynamoDBMock
from ddbmock._internal.options import Options

if TYPE_CHECKING:
    import os
    from collections.abc import Callable, Mapping
    from datetime import timedelta

    from botocore.client import BaseClient

    from ddbmock._internal.activations import Activation

    _Decorated = TypeVar("_Decorated", bound=Callable[..., Any])


class AWSMock(DynamoDBMock):
    """A mock of DynamoDB that starts and stops together with a mock of moto."""

    def __init__(self, config: Any, options: Options) -> None:
        super().__init__(options)
        self._config = config

    def _begin(self) -> Activation:
        activation = super()._begin()
        try:
            moto = LazyMoto(self._config, activation)
            moto.begin()
        except BaseException:
            activation.end()
            raise
        activation.on_end(moto.end)
        return activation

    def __repr__(self) -> str:
        return f"<mock_aws of DynamoDB by ddbmock, of other services by moto: {super().__repr__()}>"


@overload
def mock_aws(target: _Decorated, /) -> _Decorated: ...


@overload
def mock_aws(
    *,
    config: Mapping[str, Any] | None = None,
    region: str | None = None,
    isolate: bool = False,
    share_models: bool = True,
    compile_requests: bool = True,
    stream_shards: int = 1,
    delays: bool | float = False,
    ttl_window: float | timedelta = DEFAULT_WINDOW_SECONDS,
    lag: float | timedelta | tuple[float, float] = 0.0,
    stored_calls: int | None = STORED_CALLS,
    store_responses: bool = False,
    s3: str | os.PathLike[str] | BaseClient | None = None,
    metrics: bool = False,
    autoscaling: bool = False,
    dax: bool = False,
    db: str | os.PathLike[str] | None = None,
) -> AWSMock: ...


def mock_aws(target: Any = None, /, *, config: Any = None, **options: Any) -> Any:
    """Mock DynamoDB with ddbmock and every other service with moto.

    It takes the place of moto's `mock_aws`: a decorator of functions, coroutines and classes, a
    context manager, `start` and `stop`. moto itself is started by the first use of another service,
    so a test that uses DynamoDB alone does not pay for it.

    >>> import boto3
    >>> with mock_aws(region="eu-west-1") as ddb:
    ...     boto3.client("s3").list_buckets()["Buckets"], len(ddb.tables)
    ([], 0)

    Args:
        target: What to decorate, when used without parentheses.
        config: moto's configuration, as its `mock_aws` takes it.
        **options: The options of `mock_dynamodb`.

    Raises:
        ModuleNotFoundError: moto is not installed.
        TypeError: An unknown option, or something that cannot be decorated.
    """
    mock = AWSMock(config, Options.of(options))
    return mock if target is None else mock(target)
