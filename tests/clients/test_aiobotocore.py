"""aiobotocore: asynchronous clients in the same backend as boto3's."""

from __future__ import annotations

import asyncio
import unittest
from datetime import datetime, timezone

import boto3
import pytest
from botocore.config import Config
from botocore.exceptions import ClientError, ParamValidationError, WaiterError

from ddbmock import mock_dynamodb
from ddbmock._internal.errors import ServiceError
from ddbmock._internal.hook.active import is_active
from ddbmock._internal.service import Service

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
        response = await client.get_item(TableName="jobs", Key=job(1))
        assert response["Item"] == job(1, body={"B": b"\x00\x01"})
        assert response["ResponseMetadata"]["HTTPStatusCode"] == 200


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


@mock_dynamodb
async def test_all_items_of_a_paginator_at_once():
    async with aio_client() as client:
        await create_jobs(client)
        for number in range(7):
            await client.put_item(TableName="jobs", Item=job(number))
        pages = client.get_paginator("scan").paginate(
            TableName="jobs", PaginationConfig={"PageSize": 2, "MaxItems": 5}
        )
        built = await pages.build_full_result()
        assert len(built["Items"]) == 5
        rest = client.get_paginator("scan").paginate(
            TableName="jobs", PaginationConfig={"StartingToken": built["NextToken"]}
        )
        seen = built["Items"] + [item async for page in rest for item in page["Items"]]
        assert [item["id"]["S"] for item in seen] == [f"{number:03}" for number in range(7)]
        names = client.get_paginator("list_tables").paginate().search("TableNames")
        assert [name async for name in names] == ["jobs"]


@mock_dynamodb
async def test_waiters():
    async with aio_client() as client:
        await create_jobs(client)
        waiter = client.get_waiter("table_not_exists")
        quick = {"Delay": 0, "MaxAttempts": 2}
        with pytest.raises(WaiterError, match="Max attempts exceeded"):
            await waiter.wait(TableName="jobs", WaiterConfig=quick)
        await client.delete_table(TableName="jobs")
        await waiter.wait(TableName="jobs", WaiterConfig=quick)


async def test_a_waiter_moves_a_clock_that_stands_still():
    async with mock_dynamodb(delays=30) as ddb, aio_client() as client:
        ddb.clock.freeze(datetime(2026, 1, 1, tzinfo=timezone.utc))
        await create_jobs(client)
        assert (await client.describe_table(TableName="jobs"))["Table"]["TableStatus"] == "ACTIVE"
        assert ddb.clock.now().isoformat() == "2026-01-01T00:00:40+00:00"


@mock_dynamodb
async def test_batches():
    async with aio_client() as client:
        await create_jobs(client)
        puts = [{"PutRequest": {"Item": job(number)}} for number in range(25)]
        response = await client.batch_write_item(RequestItems={"jobs": puts})
        assert response["UnprocessedItems"] == {}
        read = await client.batch_get_item(
            RequestItems={"jobs": {"Keys": [job(3), job(99), job(4)], "ConsistentRead": True}}
        )
        assert {item["id"]["S"] for item in read["Responses"]["jobs"]} == {"003", "004"}


@mock_dynamodb
async def test_statements():
    async with aio_client() as client:
        await create_jobs(client)
        for number in range(3):
            await client.execute_statement(
                Statement="INSERT INTO jobs VALUE {'queue': 'q', 'id': ?, 'pages': ?}",
                Parameters=[{"S": f"{number:03}"}, {"N": str(number)}],
            )
        response = await client.execute_statement(
            Statement="SELECT id FROM jobs WHERE queue = 'q' AND pages > 0"
        )
        assert response["Items"] == [{"id": {"S": "001"}}, {"id": {"S": "002"}}]
        with pytest.raises(client.exceptions.DuplicateItemException):
            await client.execute_statement(
                Statement="INSERT INTO jobs VALUE {'queue': 'q', 'id': '001'}"
            )
        statements = [
            {"Statement": "DELETE FROM jobs WHERE queue = 'q' AND id = '001'"},
            {"Statement": "UPDATE jobs SET pages = 9 WHERE queue = 'q' AND id = '002'"},
        ]
        await client.execute_transaction(TransactStatements=statements)
        left = await client.scan(TableName="jobs")
        assert [(item["id"]["S"], item["pages"]["N"]) for item in left["Items"]] == [
            ("000", "0"),
            ("002", "9"),
        ]


@mock_dynamodb
async def test_streams():
    session = aiobotocore_session.get_session()
    async with (
        aio_client() as client,
        session.create_client("dynamodbstreams", region_name="us-east-1") as streams,
    ):
        await create_jobs(client)
        updated = await client.update_table(
            TableName="jobs",
            StreamSpecification={"StreamEnabled": True, "StreamViewType": "NEW_AND_OLD_IMAGES"},
        )
        await client.put_item(TableName="jobs", Item=job(1, body={"B": b"\x00"}))
        await client.delete_item(TableName="jobs", Key=job(1))
        arn = updated["TableDescription"]["LatestStreamArn"]
        described = await streams.describe_stream(StreamArn=arn)
        (shard,) = described["StreamDescription"]["Shards"]
        iterator = await streams.get_shard_iterator(
            StreamArn=arn, ShardId=shard["ShardId"], ShardIteratorType="TRIM_HORIZON"
        )
        read = await streams.get_records(ShardIterator=iterator["ShardIterator"])
        inserted, removed = read["Records"]
        assert (inserted["eventName"], removed["eventName"]) == ("INSERT", "REMOVE")
        assert inserted["dynamodb"]["NewImage"] == job(1, body={"B": b"\x00"})
        with pytest.raises(streams.exceptions.ResourceNotFoundException):
            await streams.describe_stream(StreamArn=arn.replace("jobs", "jabs"))


@mock_dynamodb
async def test_a_failed_condition_can_show_the_item():
    async with aio_client() as client:
        await create_jobs(client)
        await client.put_item(TableName="jobs", Item=job(1, state={"S": "done"}))
        with pytest.raises(client.exceptions.ConditionalCheckFailedException) as refused:
            await client.put_item(
                TableName="jobs",
                Item=job(1),
                ConditionExpression="attribute_not_exists(id)",
                ReturnValuesOnConditionCheckFailure="ALL_OLD",
            )
        assert refused.value.response["Item"] == job(1, state={"S": "done"})
        assert refused.value.operation_name == "PutItem"
        with pytest.raises(ParamValidationError):
            await client.put_item(TableName="jobs", Item={"queue": "q", "id": "1"})


class SlowDown(ServiceError):
    code = "ProvisionedThroughputExceededException"


@pytest.mark.parametrize("mode", ["legacy", "standard", "adaptive"])
async def test_throttled_calls_are_retried_by_the_client(monkeypatch, mode):
    attempts, execute, sleep = [], Service.execute, asyncio.sleep

    def throttled(self, region, operation, *args, **kwargs):
        attempts.append(operation)
        if len(attempts) <= 2:
            raise SlowDown("slow down")
        return execute(self, region, operation, *args, **kwargs)

    async with mock_dynamodb(), aio_client(config=Config(retries={"mode": mode})) as client:
        await create_jobs(client)
        monkeypatch.setattr(asyncio, "sleep", lambda *_: sleep(0))
        monkeypatch.setattr(Service, "execute", throttled)
        response = await client.put_item(TableName="jobs", Item=job(1))
        assert response["ResponseMetadata"]["RetryAttempts"] == 2
        assert attempts == ["PutItem"] * 3
        monkeypatch.setattr(Service, "execute", execute)
        assert (await client.scan(TableName="jobs"))["Count"] == 1


@mock_dynamodb
async def test_a_stubber_answers_instead_of_the_mock():
    stub = pytest.importorskip("aiobotocore.stub")
    async with aio_client() as client:
        with stub.AioStubber(client) as stubber:
            stubber.add_response("list_tables", {"TableNames": ["stubbed"]})
            assert (await client.list_tables())["TableNames"] == ["stubbed"]
        assert (await client.list_tables())["TableNames"] == []


@mock_dynamodb
async def test_a_cancelled_task_leaves_whole_writes_and_a_client_that_works():
    async with aio_client() as client:
        await create_jobs(client)

        async def write():
            for number in range(1000):
                await client.put_item(TableName="jobs", Item=job(number))
                await asyncio.sleep(0)

        task = asyncio.create_task(write())
        await asyncio.sleep(0.02)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
        written = (await client.scan(TableName="jobs"))["Items"]
        assert [item["id"]["S"] for item in written] == [f"{n:03}" for n in range(len(written))]
        await client.put_item(TableName="jobs", Item=job(999))


@pytest.fixture
async def jobs_client():
    async with mock_dynamodb(region="eu-west-1"), aio_client(region_name=None) as client:
        await create_jobs(client)
        yield client
        # The backend is there until the fixture ends.
        assert (await client.list_tables())["TableNames"] == ["jobs"]


@pytest.mark.parametrize("number", [1, 2])
async def test_an_async_fixture_holds_the_mock(jobs_client, number):
    await jobs_client.put_item(TableName="jobs", Item=job(number))
    assert (await jobs_client.scan(TableName="jobs"))["Count"] == 1
    described = await jobs_client.describe_table(TableName="jobs")
    assert ":eu-west-1:" in described["Table"]["TableArn"]


@pytest.fixture
@mock_dynamodb
async def decorated_jobs_client():
    async with aio_client() as client:
        await create_jobs(client)
        yield client


async def test_a_decorated_async_fixture_holds_the_mock(decorated_jobs_client):
    await decorated_jobs_client.put_item(TableName="jobs", Item=job(1))
    assert is_active()


async def test_beside_the_plugin_s_fixtures(ddb, dynamodb_resource, jobs_client):
    # The mock of `jobs_client` is inside that of `ddb`, so it shares its backend.
    await jobs_client.put_item(TableName="jobs", Item=job(1))
    assert ddb.tables["jobs"].item_count == 1
    assert [call.operation for call in ddb.calls][-1] == "PutItem"


async def test_a_client_outlives_the_mocks_it_met():
    async with aio_client(aws_access_key_id="key", aws_secret_access_key="secret") as client:
        for _ in range(2):
            async with mock_dynamodb() as ddb:
                await create_jobs(client)
                await client.put_item(TableName="jobs", Item=job(1))
                assert ddb.tables["jobs"].item_count == 1
    assert not is_active()


def test_isolated_asyncio_test_case():
    @mock_dynamodb
    class Case(unittest.IsolatedAsyncioTestCase):
        async def asyncSetUp(self):
            self.client = await self.enterAsync(aio_client())
            await create_jobs(self.client)
            await self.client.put_item(TableName="jobs", Item=job(1))

        async def enterAsync(self, manager):  # noqa: N802 (that of Python 3.11, for 3.10)
            entered = await manager.__aenter__()
            self.addAsyncCleanup(manager.__aexit__, None, None, None)
            return entered

        async def asyncTearDown(self):
            await self.client.describe_table(TableName="jobs")

        async def test_each_has_a_world_of_its_own(self):
            assert (await self.client.scan(TableName="jobs"))["Count"] == 1
            await self.client.put_item(TableName="jobs", Item=job(2))

        test_again = test_each_has_a_world_of_its_own

    result = unittest.TestResult()
    unittest.defaultTestLoader.loadTestsFromTestCase(Case).run(result)
    assert [text for _, text in result.errors + result.failures] == []
    assert result.testsRun == 2
    assert not is_active()
