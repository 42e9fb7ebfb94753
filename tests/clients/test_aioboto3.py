"""aioboto3: asynchronous resources and tables.

Each release wants one release of aiobotocore, mostly an old one, so it has an environment of its
own: the extra `aioboto3`, `make test-aioboto3`.
"""

from __future__ import annotations

import asyncio
import unittest
from decimal import Decimal
from typing import Any

import aioboto3
import boto3
import pytest
from boto3.dynamodb.conditions import Attr, Key
from botocore.exceptions import ClientError, WaiterError

from ddbmock import mock_dynamodb
from ddbmock._internal.hook.active import is_active
from tests.pytest_runs import run_inprocess

FILMS = {
    "TableName": "films",
    "KeySchema": [
        {"AttributeName": "director", "KeyType": "HASH"},
        {"AttributeName": "year", "KeyType": "RANGE"},
    ],
    "AttributeDefinitions": [
        {"AttributeName": "director", "AttributeType": "S"},
        {"AttributeName": "year", "AttributeType": "N"},
        {"AttributeName": "genre", "AttributeType": "S"},
    ],
    "GlobalSecondaryIndexes": [
        {
            "IndexName": "by-genre",
            "KeySchema": [{"AttributeName": "genre", "KeyType": "HASH"}],
            "Projection": {"ProjectionType": "ALL"},
        }
    ],
    "BillingMode": "PAY_PER_REQUEST",
    "StreamSpecification": {"StreamEnabled": True, "StreamViewType": "KEYS_ONLY"},
}


def film(year, **attributes):
    return {"director": "Varda", "year": year, **attributes}


@pytest.fixture
async def resource():
    async with mock_dynamodb(), aioboto3.Session().resource("dynamodb") as resource:
        await resource.create_table(**FILMS)
        yield resource


@pytest.fixture
async def films(resource):
    table = await resource.Table("films")
    await table.wait_until_exists()
    async with table.batch_writer() as batch:
        for year in range(1960, 1990):
            genre = "drama" if year % 2 else "essay"
            await batch.put_item(Item=film(year, genre=genre, stars=Decimal(year) / 1000))
    return table


async def test_python_values_come_back(films):
    item = film(
        2000, poster=b"\x89", tags={"a", "b"}, parts=[1, {"x": None}], length=Decimal("1.5")
    )
    await films.put_item(Item=item)
    response = await films.get_item(Key=film(2000))
    assert response["Item"] == item


async def test_a_batch_writer_sends_more_than_one_batch(films):
    assert (await films.scan(Select="COUNT"))["Count"] == 30
    async with films.batch_writer(overwrite_by_pkeys=["director", "year"]) as batch:
        for year in range(1960, 1990):
            await batch.put_item(Item=film(year))
            await batch.delete_item(Key=film(year))
    assert (await films.scan(Select="COUNT"))["Count"] == 0


async def test_conditions_and_pages(films):
    condition = Key("director").eq("Varda") & Key("year").between(1970, 1979)
    years: list[int] = []
    more: dict[str, Any] = {}
    while True:
        response = await films.query(
            KeyConditionExpression=condition,
            FilterExpression=Attr("genre").eq("drama"),
            Limit=3,
            **more,
        )
        years += [int(item["year"]) for item in response["Items"]]
        if "LastEvaluatedKey" not in response:
            break
        more = {"ExclusiveStartKey": response["LastEvaluatedKey"]}
    assert years == [1971, 1973, 1975, 1977, 1979]
    on_index = await films.query(
        IndexName="by-genre", KeyConditionExpression=Key("genre").eq("essay"), Select="COUNT"
    )
    assert on_index["Count"] == 15


async def test_updates_and_modelled_exceptions(films, resource):
    response = await films.update_item(
        Key=film(1962),
        UpdateExpression="SET stars = stars + :one ADD seen :one",
        ConditionExpression=Attr("seen").not_exists(),
        ExpressionAttributeValues={":one": 1},
        ReturnValues="UPDATED_NEW",
    )
    assert response["Attributes"] == {"stars": Decimal("2.962"), "seen": 1}
    exceptions = resource.meta.client.exceptions
    with pytest.raises(exceptions.ConditionalCheckFailedException) as refused:
        await films.delete_item(
            Key=film(1962),
            ConditionExpression=Attr("seen").gt(1),
            ReturnValuesOnConditionCheckFailure="ALL_OLD",
        )
    assert refused.value.response["Item"]["seen"] == {"N": "1"}
    missing = await resource.Table("missing")
    with pytest.raises(exceptions.ResourceNotFoundException):
        await missing.scan()
    with pytest.raises(ClientError, match="ValidationException"):
        await films.get_item(Key={"director": "Varda"})


async def test_attributes_and_collections(films, resource):
    assert await films.table_status == "ACTIVE"
    assert await films.key_schema == FILMS["KeySchema"]
    await films.load()
    assert [table.name async for table in resource.tables.all()] == ["films"]


async def test_batches_of_the_resource(films, resource):
    response = await resource.batch_get_item(
        RequestItems={"films": {"Keys": [film(1960), film(1961), film(1700)]}}
    )
    assert sorted(int(item["year"]) for item in response["Responses"]["films"]) == [1960, 1961]


async def test_transactions(films, resource):
    client = resource.meta.client
    put = {"TableName": "films", "ConditionExpression": "attribute_not_exists(director)"}
    await client.transact_write_items(
        TransactItems=[{"Put": {**put, "Item": film(year)}} for year in (2001, 2002)]
    )
    with pytest.raises(client.exceptions.TransactionCanceledException) as refused:
        await client.transact_write_items(
            TransactItems=[{"Put": {**put, "Item": film(year)}} for year in (2003, 2001)]
        )
    reasons = refused.value.response["CancellationReasons"]
    assert [reason["Code"] for reason in reasons] == ["None", "ConditionalCheckFailed"]
    assert "Item" not in await films.get_item(Key=film(2003))


async def test_a_client_with_paginators_waiters_and_statements(films):
    async with aioboto3.Session().client("dynamodb") as client:
        pages = client.get_paginator("scan").paginate(
            TableName="films", PaginationConfig={"PageSize": 11}
        )
        assert [page["Count"] async for page in pages] == [11, 11, 8]
        response = await client.execute_statement(
            Statement="SELECT genre FROM films WHERE director = 'Varda' AND \"year\" = 1962"
        )
        assert response["Items"] == [{"genre": {"S": "essay"}}]
        with pytest.raises(WaiterError):
            await client.get_waiter("table_not_exists").wait(
                TableName="films", WaiterConfig={"Delay": 0, "MaxAttempts": 1}
            )
        await client.delete_table(TableName="films")
        await client.get_waiter("table_not_exists").wait(TableName="films")


async def test_streams(films):
    async with aioboto3.Session().client("dynamodbstreams") as streams:
        (stream,) = (await streams.list_streams(TableName="films"))["Streams"]
        described = await streams.describe_stream(StreamArn=stream["StreamArn"])
        (shard,) = described["StreamDescription"]["Shards"]
        iterator = await streams.get_shard_iterator(
            StreamArn=stream["StreamArn"],
            ShardId=shard["ShardId"],
            ShardIteratorType="TRIM_HORIZON",
        )
        records = (await streams.get_records(ShardIterator=iterator["ShardIterator"]))["Records"]
    assert len(records) == 30
    assert {"eventName", "dynamodb", "eventID"} <= records[0].keys()


async def test_one_world_with_boto3(films):
    table = boto3.resource("dynamodb").Table("films")
    table.put_item(Item=film(1))
    assert (await films.get_item(Key=film(1)))["Item"] == film(1)


async def test_many_tasks(films):
    async def count(_):
        await films.update_item(
            Key=film(1), UpdateExpression="ADD n :one", ExpressionAttributeValues={":one": 1}
        )

    await asyncio.gather(*map(count, range(40)))
    assert (await films.get_item(Key=film(1)))["Item"]["n"] == 40


@pytest.mark.parametrize(
    "parameters",
    [{}, {"endpoint_url": "http://localhost:8000"}, {"aws_access_key_id": "k"}],
    ids=["plain", "endpoint", "credentials"],
)
async def test_a_session_and_a_resource_of_before_the_mock(parameters):
    secret = {"aws_secret_access_key": "s"} if "aws_access_key_id" in parameters else {}
    session = aioboto3.Session(region_name="eu-west-1")
    async with session.resource("dynamodb", **parameters, **secret) as resource:
        for _ in range(2):
            async with mock_dynamodb() as ddb:
                await resource.create_table(**FILMS)
                assert ddb.tables["films"].region == "eu-west-1"


def test_isolated_asyncio_test_case():
    @mock_dynamodb
    class Case(unittest.IsolatedAsyncioTestCase):
        async def asyncSetUp(self):
            manager = aioboto3.Session().resource("dynamodb")
            self.resource = await manager.__aenter__()
            self.addAsyncCleanup(manager.__aexit__, None, None, None)
            await self.resource.create_table(**FILMS)

        async def test_each_has_a_world_of_its_own(self):
            table = await self.resource.Table("films")
            await table.put_item(Item=film(1))
            assert (await table.scan())["Count"] == 1

        test_again = test_each_has_a_world_of_its_own

    result = unittest.TestResult()
    unittest.defaultTestLoader.loadTestsFromTestCase(Case).run(result)
    assert [text for _, text in result.errors + result.failures] == []
    assert not is_active()


# --- the plugin's fixture --------------------------------------------------------------------


@pytest.mark.parametrize("runner", ["asyncio", "anyio"])
def test_the_plugin_s_resource(pytester, runner):
    pytester.makepyfile(f"""
        import pytest

        @pytest.fixture
        def anyio_backend():
            return "asyncio"

        @pytest.mark.{runner}
        @pytest.mark.ddbmock(tables={FILMS!r})
        async def test_resource(ddb, aio_dynamodb_resource):
            table = await aio_dynamodb_resource.Table("films")
            await table.put_item(Item={{"director": "Varda", "year": 1962}})
            assert ddb.tables["films"].item_count == 1
    """)
    options = ["-oasyncio_default_fixture_loop_scope=function"]
    result = run_inprocess(pytester, *options, plugins=["anyio", "asyncio"])
    result.assert_outcomes(passed=1)
