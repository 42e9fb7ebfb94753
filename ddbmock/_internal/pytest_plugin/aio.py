"""The asynchronous fixtures, for tests of pytest-asyncio and of anyio.

The plugin that runs a test must run its fixtures too, on the same event loop. So the fixture that a
test requests is a plain one, which gets the client from a fixture of the plugin that runs the test.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from ddbmock._internal.pytest_plugin.fixtures import needed_by
from ddbmock._internal.pytest_plugin.naming import of_plugin

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from aiobotocore.session import AioSession
    from types_aiobotocore_dynamodb import DynamoDBClient, DynamoDBServiceResource

    from ddbmock import DynamoDBMock

_NO_RUNNER = (
    "asynchronous fixtures need a plugin that runs them: install pytest-asyncio, or mark the test"
    " with @pytest.mark.anyio"
)


@pytest.fixture
@of_plugin
def aio_dynamodb_session(_ddbmock_function: DynamoDBMock) -> AioSession:
    """A session of aiobotocore, with a mock that is active for one test."""
    return _new_session("aio_dynamodb_session")


def _new_session(fixture_name: str) -> Any:
    with needed_by(fixture_name, "aiobotocore"):
        from aiobotocore.session import get_session  # noqa: PLC0415 (optional)

        return get_session()


def _aioboto3() -> Any:
    with needed_by("aio_dynamodb_resource", "aioboto3"):
        import aioboto3  # noqa: PLC0415 (optional)

        return aioboto3


@pytest.fixture
@of_plugin
def aio_dynamodb_client(
    request: pytest.FixtureRequest, _ddbmock_function: DynamoDBMock
) -> DynamoDBClient:
    """An open client of aiobotocore, with a mock that is active for one test."""
    _new_session("aio_dynamodb_client")
    client: DynamoDBClient = _of_runner(request, "client")
    return client


@pytest.fixture
@of_plugin
def aio_dynamodb_resource(
    request: pytest.FixtureRequest, _ddbmock_function: DynamoDBMock
) -> DynamoDBServiceResource:
    """An open resource of aioboto3, with a mock that is active for one test."""
    _aioboto3()
    resource: DynamoDBServiceResource = _of_runner(request, "resource")
    return resource


def _of_runner(request: pytest.FixtureRequest, kind: str) -> Any:
    if "anyio_backend" in request.fixturenames:
        backend = request.getfixturevalue("anyio_backend")
        name = backend if isinstance(backend, str) else backend[0]
        if name != "asyncio":
            pytest.skip(f"aiobotocore runs on asyncio, not on {name}")
        return request.getfixturevalue(f"_ddbmock_anyio_{kind}")
    if not request.config.pluginmanager.has_plugin("ddbmock-asyncio"):
        pytest.fail(_NO_RUNNER, pytrace=False)
    return request.getfixturevalue(f"_ddbmock_asyncio_{kind}")


async def _client() -> AsyncIterator[Any]:
    async with _new_session("aio_dynamodb_client").create_client("dynamodb") as client:
        yield client


async def _resource() -> AsyncIterator[Any]:
    async with _aioboto3().Session().resource("dynamodb") as resource:
        yield resource


anyio_client: Any = pytest.fixture(name="_ddbmock_anyio_client")(of_plugin(_client))
anyio_resource: Any = pytest.fixture(name="_ddbmock_anyio_resource")(of_plugin(_resource))


def fixtures_of_pytest_asyncio() -> object:
    """Return a plugin with the fixtures that pytest-asyncio runs."""
    import pytest_asyncio  # noqa: PLC0415 (it is there, for it is a plugin of this run)

    class AsyncioFixtures:
        """Fixtures with pytest-asyncio's own decorator."""

        @pytest_asyncio.fixture(name="_ddbmock_asyncio_client")
        @of_plugin
        async def asyncio_client(self) -> AsyncIterator[Any]:
            async with _new_session("aio_dynamodb_client").create_client("dynamodb") as client:
                yield client

        @pytest_asyncio.fixture(name="_ddbmock_asyncio_resource")
        @of_plugin
        async def asyncio_resource(self) -> AsyncIterator[Any]:
            async with _aioboto3().Session().resource("dynamodb") as resource:
                yield resource

    return AsyncioFixtures()
