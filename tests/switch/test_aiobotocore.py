"""aiobotocore clients get the same backend through the same hook."""

from __future__ import annotations

import asyncio
from typing import Any

import boto3
import pytest

from ddbmock import mock_dynamodb
from tests.switch.helpers import KEY, create_table, table_names, table_parameters

pytest.importorskip("aiobotocore")

from aiobotocore.config import AioConfig
from aiobotocore.session import get_session
from botocore.exceptions import ClientError


@pytest.fixture(params=["short", "full"])
def path(request: pytest.FixtureRequest) -> str:
    return str(request.param)


def send_whole(client: Any, seen: list[str]) -> None:
    async def see(event_name: str, **_: Any) -> None:
        await asyncio.sleep(0)
        seen.append(event_name)

    client.meta.events.register("before-sign", see)


@mock_dynamodb
async def test_one_state_for_both(path: str) -> None:
    seen: list[str] = []
    async with get_session().create_client("dynamodb") as client:
        if path == "full":
            send_whole(client, seen)
        await client.create_table(**table_parameters())
        await client.put_item(TableName="orders", Item={**KEY, "b": {"B": b"\x00"}})
        response = await client.get_item(TableName="orders", Key=KEY)
        pages = client.get_paginator("scan").paginate(TableName="orders")
        assert [page["Count"] async for page in pages] == [1]
        await client.get_waiter("table_exists").wait(TableName="orders")
    assert response["Item"] == {**KEY, "b": {"B": b"\x00"}}
    assert response["ResponseMetadata"]["HTTPStatusCode"] == 200
    assert response["ResponseMetadata"]["HTTPHeaders"]["server"] == "Server"
    assert table_names(boto3.client("dynamodb")) == ["orders"]
    assert bool(seen) == (path == "full")


@mock_dynamodb
async def test_errors(path: str) -> None:
    async with get_session().create_client("dynamodb") as client:
        if path == "full":
            send_whole(client, [])
        with pytest.raises(client.exceptions.ResourceNotFoundException) as caught:
            await client.get_item(TableName="missing", Key=KEY)
        assert caught.value.response["message"] == caught.value.response["Error"]["Message"]


async def test_clients_sessions_and_credentials_of_before(path: str) -> None:
    session = get_session()
    async with session.create_client(
        "dynamodb",
        region_name="eu-west-1",
        aws_access_key_id="REAL",
        aws_secret_access_key="secret",
        endpoint_url="http://localhost:1",
    ) as client:
        if path == "full":
            send_whole(client, [])
        async with mock_dynamodb() as ddb:
            await client.create_table(**table_parameters())
            assert ddb.tables["orders"].region == "eu-west-1"


async def test_a_session_without_builtin_handlers() -> None:
    from aiobotocore.session import AioSession  # noqa: PLC0415

    session = AioSession(include_builtin_handlers=False)
    async with mock_dynamodb() as ddb, session.create_client("dynamodb") as client:
        await client.create_table(**table_parameters())
        assert list(ddb.tables) == ["orders"]


async def test_other_http_clients_below_it() -> None:
    httpxsession = pytest.importorskip("aiobotocore.httpxsession")
    pytest.importorskip("httpx")
    config = AioConfig(http_session_cls=httpxsession.HttpxSession)
    async with mock_dynamodb(), get_session().create_client("dynamodb", config=config) as client:
        send_whole(client, [])
        assert (await client.list_tables())["TableNames"] == []


@mock_dynamodb
async def test_many_tasks_at_once() -> None:
    async with get_session().create_client("dynamodb") as client:
        await client.create_table(**table_parameters())

        async def take(number: int) -> bool:
            try:
                await client.put_item(
                    TableName="orders",
                    Item={**KEY, "n": {"N": str(number)}},
                    ConditionExpression="attribute_not_exists(id)",
                )
            except ClientError:
                return False
            return True

        assert sum(await asyncio.gather(*[take(number) for number in range(20)])) == 1


@mock_dynamodb
async def test_a_sync_and_an_async_client_on_their_full_paths() -> None:
    sync = boto3.client("dynamodb")
    sync.meta.events.register("before-sign", lambda **_: None)
    create_table(sync)
    async with get_session().create_client("dynamodb") as client:
        send_whole(client, [])
        for _ in range(2):
            assert (await client.list_tables())["TableNames"] == table_names(sync) == ["orders"]


async def test_a_mock_that_begins_in_the_middle_of_a_call() -> None:
    """After before-call, which was not answered, and before the request is sent."""
    mock = mock_dynamodb()

    async def begin(**_: Any) -> None:
        mock.start()

    session = get_session()
    session.set_credentials("key", "secret")
    async with session.create_client("dynamodb", region_name="eu-west-1") as client:
        client.meta.events.register("before-sign", begin)
        try:
            assert (await client.list_tables())["TableNames"] == []
            [call] = mock.calls
        finally:
            mock.stop()
    assert call.region == "eu-west-1"


async def test_a_mock_that_ends_in_the_middle_of_a_call() -> None:
    """The call is that mock's, and goes nowhere else."""
    mock = mock_dynamodb()
    mock.start()
    create_table(boto3.client("dynamodb"))

    async def end(**_: Any) -> None:
        mock.stop()

    async with get_session().create_client("dynamodb") as client:
        client.meta.events.register("before-sign", end)
        assert (await client.list_tables())["TableNames"] == ["orders"]
