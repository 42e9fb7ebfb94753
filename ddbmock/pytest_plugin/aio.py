"""The asynchronous fixtures, for tests of pytest-asyncio and of anyio.

Who runs a test must run its fixtures too, on the same event loop. So the fixture that a test asks
for is a plain one, which gets the client from a fixture of whoever runs the test.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from ddbmock import Controller

_NO_RUNNER = (
    "asynchronous fixtures need a plugin that runs them: install pytest-asyncio, or mark the test"
    " with @pytest.mark.anyio"
)


@pytest.fixture
def aio_dynamodb_session(ddb: Controller) -> Any:  # noqa: ARG001 (asked for to be active)
    """A session of aiobotocore on the mock `ddb`."""
    reason = "asynchronous clients need aiobotocore"
    return pytest.importorskip("aiobotocore.session", reason=reason).get_session()


@pytest.fixture
def aio_dynamodb_client(request: pytest.FixtureRequest, ddb: Controller) -> Any:  # noqa: ARG001
    """A client of aiobotocore on the mock `ddb`, entered and to be closed by this fixture."""
    return _of_runner(request, "client")


@pytest.fixture
def aio_dynamodb_resource(request: pytest.FixtureRequest, ddb: Controller) -> Any:  # noqa: ARG001
    """A resource of aioboto3 on the mock `ddb`, entered and to be closed by this fixture."""
    _aioboto3()
    return _of_runner(request, "resource")


def _aioboto3() -> Any:
    return pytest.importorskip("aioboto3", reason="asynchronous resources need aioboto3")


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


async def _client(aio_dynamodb_session: Any) -> AsyncIterator[Any]:
    async with aio_dynamodb_session.create_client("dynamodb") as client:
        yield client


async def _resource() -> AsyncIterator[Any]:
    async with _aioboto3().Session().resource("dynamodb") as resource:
        yield resource


anyio_client = pytest.fixture(name="_ddbmock_anyio_client")(_client)
anyio_resource = pytest.fixture(name="_ddbmock_anyio_resource")(_resource)


def fixtures_of_pytest_asyncio() -> object:
    """Return a plugin with the fixtures that pytest-asyncio runs."""
    import pytest_asyncio  # noqa: PLC0415 (it is here, for it is a plugin of this run)

    class AsyncioFixtures:
        """What needs pytest-asyncio's own decorator."""

        @pytest_asyncio.fixture(name="_ddbmock_asyncio_client")
        async def asyncio_client(self, aio_dynamodb_session: Any) -> AsyncIterator[Any]:
            async with aio_dynamodb_session.create_client("dynamodb") as client:
                yield client

        @pytest_asyncio.fixture(name="_ddbmock_asyncio_resource")
        async def asyncio_resource(self) -> AsyncIterator[Any]:
            async with _aioboto3().Session().resource("dynamodb") as resource:
                yield resource

    return AsyncioFixtures()
