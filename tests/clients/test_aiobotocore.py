"""aiobotocore: asynchronous clients in the same world as boto3's."""

from __future__ import annotations

import asyncio

import boto3
import pytest
from botocore.exceptions import ClientError

from ddbmock import mock_dynamodb

aiobotocore_session = pytest.importorskip("aiobotocore.session")


def aio_client(**parameters):
    return aiobotocore_session.get_session().create_client(
        "dynamodb", **{"region_name": "us-east-1"} | parameters
    )


async def create_jobs(client):
    await client.create_table(
        TableName="jobs",
        KeySchema=[
            {"AttributeName": "queue", "KeyType": "HASH"},
            {"AttributeName": "id", "KeyType": "RANGE"},
        ],
        AttributeDefinitions=[
            {"AttributeName": name, "AttributeType": "S"} for name in ("queue", "id")
        ],
        BillingMode="PAY_PER_REQUEST",
    )
    await client.get_waiter("table_exists").wait(TableName="jobs")


def job(number, **attributes):
    return {"queue": {"S": "q"}, "id": {"S": f"{number:03}"}, **attributes}


@mock_dynamodb
async def test_write_and_read():
    async with aio_client() as client:
        await create_jobs(client)
        await client.put_item(TableName="jobs", Item=job(1, body={"B": b"\x00\x01"}))
        answer = await client.get_item(TableName="jobs", Key=job(1))
        assert answer["Item"] == job(1, body={"B": b"\x00\x01"})
        assert answer["ResponseMetadata"]["HTTPStatusCode"] == 200


async def test_a_synchronous_client_sees_the_same_table():
    async with mock_dynamodb(), aio_client() as client:
        await create_jobs(client)
        await client.put_item(TableName="jobs", Item=job(1))
        table = boto3.resource("dynamodb").Table("jobs")
        assert table.scan()["Items"] == [{"queue": "q", "id": "001"}]
        table.put_item(Item={"queue": "q", "id": "002"})
        assert (await client.scan(TableName="jobs"))["Count"] == 2


async def test_many_tasks_claim_one_job(dynamodb_client):
    async with aio_client() as client:
        await create_jobs(client)
        await client.put_item(TableName="jobs", Item=job(1))

        async def claim(worker):
            try:
                await client.update_item(
                    TableName="jobs",
                    Key=job(1),
                    UpdateExpression="SET worker = :w",
                    ConditionExpression="attribute_not_exists(worker)",
                    ExpressionAttributeValues={":w": {"N": str(worker)}},
                )
            except client.exceptions.ConditionalCheckFailedException:
                return False
            return True

        claims = await asyncio.gather(*(claim(worker) for worker in range(10)))
        assert sum(claims) == 1
    stored = dynamodb_client.get_item(TableName="jobs", Key=job(1))["Item"]
    assert stored["worker"] == {"N": str(claims.index(True))}


@mock_dynamodb
async def test_paginators():
    async with aio_client() as client:
        await create_jobs(client)
        for number in range(30):
            await client.put_item(TableName="jobs", Item=job(number))
        pages = client.get_paginator("query").paginate(
            TableName="jobs",
            KeyConditionExpression="queue = :q",
            ExpressionAttributeValues={":q": {"S": "q"}},
            PaginationConfig={"PageSize": 12},
        )
        counts = [page["Count"] async for page in pages]
        assert counts == [12, 12, 6]


@mock_dynamodb
async def test_errors_are_the_client_s_own():
    async with aio_client() as client:
        with pytest.raises(client.exceptions.ResourceNotFoundException):
            await client.get_item(TableName="nowhere", Key=job(1))
        with pytest.raises(ClientError, match="ValidationException"):
            await client.create_table(
                TableName="bad",
                KeySchema=[{"AttributeName": "id", "KeyType": "HASH"}],
                AttributeDefinitions=[{"AttributeName": "other", "AttributeType": "S"}],
                BillingMode="PAY_PER_REQUEST",
            )


@mock_dynamodb
async def test_transactions():
    async with aio_client(endpoint_url="http://localhost:8000") as client:
        await create_jobs(client)
        put = {"TableName": "jobs", "ConditionExpression": "attribute_not_exists(id)"}
        actions = [{"Put": {**put, "Item": job(number)}} for number in range(3)]
        await client.transact_write_items(TransactItems=actions)
        with pytest.raises(client.exceptions.TransactionCanceledException) as refused:
            await client.transact_write_items(
                TransactItems=[{"Put": {**put, "Item": job(9)}}, actions[0]]
            )
        reasons = refused.value.response["CancellationReasons"]
        assert [reason["Code"] for reason in reasons] == ["None", "ConditionalCheckFailed"]
        assert (await client.scan(TableName="jobs"))["Count"] == 3
