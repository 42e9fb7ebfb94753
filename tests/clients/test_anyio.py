"""anyio: its runner of asynchronous tests and fixtures, on asyncio and on trio.

pytest-asyncio in its auto mode takes all asynchronous tests of a run, so these are in runs of
their own, which have anyio's plugin alone.
"""

from __future__ import annotations

import textwrap

import pytest

from ddbmock._internal.hook.active import is_active
from tests.pytest_runs import run_subprocess

pytest.importorskip("aiobotocore")
pytest.importorskip("anyio")

pytest_plugins = ["pytester"]

PRELUDE = """
import anyio, boto3, pytest
from aiobotocore.session import get_session
from ddbmock import mock_dynamodb
from tests.switch.helpers import KEY, create_table, table_names, table_parameters

pytestmark = pytest.mark.anyio

@pytest.fixture(params=["asyncio", "trio"])
def anyio_backend(request):
    return request.param

@pytest.fixture
def on_asyncio(anyio_backend):
    if anyio_backend != "asyncio":
        pytest.skip("aiobotocore runs on asyncio")
"""


@pytest.fixture
def run_pytest(pytester):
    def run(source, **outcomes):
        pytester.makepyfile(PRELUDE + textwrap.dedent(source))
        result = run_subprocess(pytester, "-rs", plugins=["anyio"])
        result.assert_outcomes(**outcomes)
        return result

    return run


def test_async_clients_run_on_asyncio(run_pytest):
    result = run_pytest(
        """
        @pytest.fixture
        async def client(on_asyncio):
            async with mock_dynamodb(), get_session().create_client("dynamodb") as client:
                await client.create_table(**table_parameters())
                yield client

        @pytest.mark.parametrize("number", [1, 2])
        async def test_a_fixture_holds_the_mock(client, number):
            await client.put_item(TableName="orders", Item={"id": {"S": str(number)}})
            assert (await client.scan(TableName="orders"))["Count"] == 1

        async def test_tasks_of_a_group(client):
            winners = []

            async def claim(number):
                try:
                    await client.put_item(
                        TableName="orders", Item=KEY,
                        ConditionExpression="attribute_not_exists(id)",
                    )
                except client.exceptions.ConditionalCheckFailedException:
                    return
                winners.append(number)

            async with anyio.create_task_group() as tasks:
                for number in range(10):
                    tasks.start_soon(claim, number)
            assert len(winners) == 1

        async def test_the_plugin_s_client(aio_dynamodb_client):
            await aio_dynamodb_client.create_table(**table_parameters())
            assert table_names(boto3.client("dynamodb")) == ["orders"]
        """,
        passed=4,
        skipped=4,
    )
    result.stdout.fnmatch_lines(["SKIPPED*aiobotocore runs on asyncio*"])


def test_synchronous_clients_run_on_either(run_pytest):
    pytest.importorskip("trio")
    run_pytest(
        """
        @mock_dynamodb
        async def test_a_decorated_test():
            client = boto3.client("dynamodb")
            create_table(client)
            await anyio.sleep(0)
            async with anyio.create_task_group() as tasks:
                for number in range(4):
                    item = {"id": {"S": str(number)}}
                    tasks.start_soon(
                        anyio.to_thread.run_sync,
                        lambda item=item: client.put_item(TableName="orders", Item=item),
                    )
            assert client.scan(TableName="orders")["Count"] == 4

        @pytest.fixture
        @mock_dynamodb
        async def table():
            create_table(boto3.client("dynamodb"))
            yield "orders"
            await anyio.sleep(0)
            assert table_names(boto3.client("dynamodb")) == ["orders"]

        async def test_a_decorated_fixture(table):
            assert table_names(boto3.client("dynamodb")) == [table]

        async def test_the_plugin_s_fixtures(ddb, dynamodb_client):
            await anyio.to_thread.run_sync(create_table, dynamodb_client)
            assert list(ddb.tables) == ["orders"]

        async def test_async_with():
            async with mock_dynamodb() as ddb:
                await anyio.to_thread.run_sync(create_table, boto3.client("dynamodb"))
                assert list(ddb.tables) == ["orders"]
        """,
        passed=8,
    )


def test_a_runner_without_pytest():
    anyio = pytest.importorskip("anyio")
    aiobotocore_session = pytest.importorskip("aiobotocore.session")

    async def main():
        from ddbmock import mock_dynamodb  # noqa: PLC0415

        async with (
            mock_dynamodb() as ddb,
            aiobotocore_session.get_session().create_client("dynamodb") as client,
        ):
            await client.list_tables()
            return len(ddb.calls)

    assert anyio.run(main) == 1
    assert not is_active()
