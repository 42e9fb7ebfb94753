"""Threads and tasks, synchronous and asynchronous clients, all at once in one backend."""

from __future__ import annotations

import asyncio
import threading
from concurrent.futures import ThreadPoolExecutor
from itertools import chain

import boto3
import pytest
from botocore.exceptions import ClientError

from ddbmock import mock_dynamodb

aiobotocore_session = pytest.importorskip("aiobotocore.session")

KEY = {"id": {"S": "the-one"}}
ADD_ONE = {
    "TableName": "things",
    "Key": KEY,
    "UpdateExpression": "ADD amount :one",
    "ExpressionAttributeValues": {":one": {"N": "1"}},
}


@pytest.fixture
def client(ddb, dynamodb_client):
    dynamodb_client.create_table(
        TableName="things",
        KeySchema=[{"AttributeName": "id", "KeyType": "HASH"}],
        AttributeDefinitions=[
            {"AttributeName": "id", "AttributeType": "S"},
            {"AttributeName": "owner", "AttributeType": "S"},
        ],
        BillingMode="PAY_PER_REQUEST",
        GlobalSecondaryIndexes=[
            {
                "IndexName": "by-owner",
                "KeySchema": [{"AttributeName": "owner", "KeyType": "HASH"}],
                "Projection": {"ProjectionType": "ALL"},
            }
        ],
        StreamSpecification={"StreamEnabled": True, "StreamViewType": "NEW_AND_OLD_IMAGES"},
    )
    return dynamodb_client


def aio_client():
    return aiobotocore_session.get_session().create_client("dynamodb", region_name="us-east-1")


def claim_parameters(owner):
    return {
        "TableName": "things",
        "Item": {**KEY, "owner": {"S": owner}},
        "ConditionExpression": "attribute_not_exists(id)",
    }


def amount(client):
    return int(client.get_item(TableName="things", Key=KEY)["Item"]["amount"]["N"])


def winners_of_tasks(name, count):
    """Race tasks of an event loop of one's own."""

    async def race():
        async with aio_client() as client:

            async def claim(owner):
                try:
                    await client.put_item(**claim_parameters(owner))
                except client.exceptions.ConditionalCheckFailedException:
                    return []
                return [owner]

            claims = [claim(f"{name}-{number}") for number in range(count)]
            return list(chain.from_iterable(await asyncio.gather(*claims)))

    return asyncio.run(race())


def winners_of_calls(client, name, count):
    won = []
    for number in range(count):
        try:
            client.put_item(**claim_parameters(f"{name}-{number}"))
        except client.exceptions.ConditionalCheckFailedException:
            continue
        won.append(f"{name}-{number}")
    return won


def test_threads_and_loops_race_and_one_wins(ddb, client):
    start = threading.Barrier(8)

    def race(number):
        start.wait()
        if number % 2:
            return winners_of_tasks(f"loop{number}", 5)
        return winners_of_calls(client, f"thread{number}", 5)

    with ThreadPoolExecutor(8) as racers:
        won = list(chain.from_iterable(racers.map(race, range(8))))
    assert len(won) == 1
    stored = {**KEY, "owner": {"S": won[0]}}
    assert ddb.tables["things"].items == [stored]
    assert ddb.tables["things"].indexes["by-owner"].items == [stored]
    (record,) = ddb.tables["things"].stream.records
    assert record["NewImage"] == stored


def test_counters_are_exact(ddb, client):
    async def add(times):
        async with aio_client() as own:
            await asyncio.gather(*(own.update_item(**ADD_ONE) for _ in range(times)))

    def work(number):
        if number % 2:
            asyncio.run(add(50))
        else:
            for _ in range(50):
                client.update_item(**ADD_ONE)

    with ThreadPoolExecutor(8) as workers:
        list(workers.map(work, range(8)))
    assert amount(client) == 400
    assert len(ddb.tables["things"].stream.records) == 400


async def test_calls_of_boto3_in_threads_beside_tasks(client):
    async with aio_client() as own:
        await asyncio.gather(
            *(own.update_item(**ADD_ONE) for _ in range(30)),
            *(asyncio.to_thread(client.update_item, **ADD_ONE) for _ in range(30)),
        )
    assert amount(client) == 60


async def test_optimistic_locking_loses_no_update(client):
    await asyncio.to_thread(
        client.put_item, TableName="things", Item={**KEY, "version": {"N": "0"}}
    )

    async def append(own, word):
        while True:
            read = (await own.get_item(TableName="things", Key=KEY))["Item"]
            await asyncio.sleep(0)
            words = read.get("words", {"L": []})["L"]
            version = int(read["version"]["N"])
            item = {
                **KEY,
                "version": {"N": str(version + 1)},
                "words": {"L": [*words, {"S": word}]},
            }
            try:
                await own.put_item(
                    TableName="things",
                    Item=item,
                    ConditionExpression="version = :seen",
                    ExpressionAttributeValues={":seen": {"N": str(version)}},
                )
            except own.exceptions.ConditionalCheckFailedException:
                continue
            return

    async with aio_client() as own:
        await asyncio.gather(*(append(own, f"w{number}") for number in range(12)))
        read = (await own.get_item(TableName="things", Key=KEY))["Item"]
    assert sorted(word["S"] for word in read["words"]["L"]) == sorted(f"w{n}" for n in range(12))
    assert read["version"] == {"N": "12"}


async def test_transactions_of_tasks_are_whole(client):
    """Each moves one from one item to another: readers never see an incomplete move."""
    for name in "ab":
        client.put_item(TableName="things", Item={"id": {"S": name}, "amount": {"N": "20"}})

    def change(name, by):
        return {
            "Update": {
                "TableName": "things",
                "Key": {"id": {"S": name}},
                "UpdateExpression": "SET amount = amount + :by",
                "ConditionExpression": "amount >= :least",
                "ExpressionAttributeValues": {":by": {"N": str(by)}, ":least": {"N": str(-by)}},
            }
        }

    async with aio_client() as own:

        async def move():
            try:
                await own.transact_write_items(TransactItems=[change("a", -1), change("b", 1)])
            except own.exceptions.TransactionCanceledException:
                return 0
            return 1

        async def look():
            gets = [{"Get": {"TableName": "things", "Key": {"id": {"S": n}}}} for n in "ab"]
            read = await own.transact_get_items(TransactItems=gets)
            return sum(int(each["Item"]["amount"]["N"]) for each in read["Responses"])

        moves, sums = await asyncio.gather(
            asyncio.gather(*(move() for _ in range(30))),
            asyncio.gather(*(look() for _ in range(30))),
        )
    assert sum(moves) == 20
    assert set(sums) == {40}


def test_a_reader_in_another_thread_never_sees_half_an_update(client):
    client.put_item(TableName="things", Item={**KEY, "a": {"N": "0"}, "b": {"N": "0"}})
    done = threading.Event()
    torn = []

    def watch():
        own = boto3.client("dynamodb")
        while not done.is_set():
            item = own.get_item(TableName="things", Key=KEY)["Item"]
            if item["a"] != item["b"]:
                torn.append(item)

    watcher = threading.Thread(target=watch)
    watcher.start()
    for number in range(100):
        client.update_item(
            TableName="things",
            Key=KEY,
            UpdateExpression="SET a = :n, b = :n",
            ExpressionAttributeValues={":n": {"N": str(number)}},
        )
    done.set()
    watcher.join()
    assert torn == []


def test_a_thread_that_is_older_than_the_mock():
    asked, answered = threading.Event(), threading.Event()
    seen = []

    def work():
        asked.wait()
        seen.extend(boto3.client("dynamodb").list_tables()["TableNames"])
        answered.set()

    worker = threading.Thread(target=work)
    worker.start()
    with mock_dynamodb(region="us-east-1"):
        boto3.client("dynamodb").create_table(
            TableName="things",
            KeySchema=[{"AttributeName": "id", "KeyType": "HASH"}],
            AttributeDefinitions=[{"AttributeName": "id", "AttributeType": "S"}],
            BillingMode="PAY_PER_REQUEST",
        )
        asked.set()
        assert answered.wait(30)
    worker.join()
    assert seen == ["things"]


def test_scans_run_while_others_write(client):
    """No reader stumbles over a table that changes under its pages."""

    def write(number):
        for step in range(20):
            key = {"id": {"S": f"{number}-{step}"}}
            client.put_item(TableName="things", Item={**key, "owner": {"S": "o"}})
            if step % 2:
                client.delete_item(TableName="things", Key=key)

    def read(_):
        for index in ({}, {"IndexName": "by-owner"}):
            pages = client.get_paginator("scan").paginate(
                TableName="things", PaginationConfig={"PageSize": 7}, **index
            )
            ids = [item["id"]["S"] for page in pages for item in page["Items"]]
            assert len(ids) == len(set(ids))

    with ThreadPoolExecutor(8) as workers:
        work = [workers.submit(write, number) for number in range(4)]
        work += [workers.submit(read, number) for number in range(4)]
    for each in work:
        each.result()
    assert client.scan(TableName="things", Select="COUNT")["Count"] == 40


def test_errors_of_one_task_are_its_own(client):
    async def main():
        async with aio_client() as own:
            return await asyncio.gather(
                own.put_item(TableName="things", Item=KEY),
                own.put_item(TableName="nowhere", Item=KEY),
                own.put_item(TableName="things", Item={}),
                own.get_item(TableName="things", Key=KEY),
                return_exceptions=True,
            )

    _, missing, invalid, read = asyncio.run(main())
    assert isinstance(missing, ClientError)
    assert isinstance(invalid, ClientError)
    assert missing.response["Error"]["Code"] == "ResourceNotFoundException"
    assert invalid.response["Error"]["Code"] == "ValidationException"
    assert read["Item"] == KEY
