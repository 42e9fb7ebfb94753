"""Failures at random: what a program may meet, that a seed repeats it, and when it ends."""

from __future__ import annotations

from collections import Counter
from typing import Any

import boto3
import pytest
from botocore.exceptions import BotoCoreError, ClientError

from ddbmock import mock_dynamodb
from tests.faults.conftest import create_orders, item, new_client


def work(client: Any, count: int = 60) -> None:
    """Write and read items, as a program should."""
    for number in range(count):
        client.put_item(TableName="orders", Item=item(number))
        client.get_item(TableName="orders", Key=item(number), ConsistentRead=True)


def errors_of(seed: int, **options: Any) -> list[tuple[str, str | None]]:
    """The calls of a program under a seed, with their errors."""
    with mock_dynamodb(chaos=True, seed=seed, **options) as ddb:
        client = new_client()
        create_orders(client)
        work(client)
        return [(call.operation, call.error_code) for call in ddb.calls]


def test_a_seed_repeats_itself() -> None:
    assert errors_of(1) == errors_of(1)
    assert errors_of(1) != errors_of(2)


def test_what_a_program_meets_and_survives() -> None:
    met = Counter(code for seed in range(6) for _, code in errors_of(seed))
    assert met.keys() == {
        None,
        "ThrottlingException",
        "InternalServerError",
        "ConnectTimeoutError",
        "ReadTimeoutError",
    }
    affected = sum(met.values()) - met[None]
    assert 0.05 < affected / sum(met.values()) < 0.15


@pytest.mark.parametrize("mode", ["legacy", "standard", "adaptive"])
def test_never_more_in_a_row_than_a_client_repeats(mode: str) -> None:
    with mock_dynamodb(chaos=1.0, seed=3) as ddb:
        client = new_client(mode, total_max_attempts=3)
        create_orders(client)
        work(client, 20)
        codes = [call.error_code for call in ddb.calls if call.operation != "CreateTable"]
        assert [code is None for code in codes] == [False, False, True] * 40


def test_a_lost_answer_was_done() -> None:
    with mock_dynamodb(chaos=1.0, seed=1) as ddb:
        client = new_client()
        create_orders(client)
        client.put_item(TableName="orders", Item={**item(1), "n": {"N": "0"}})
        before = len(ddb.calls)
        client.update_item(
            TableName="orders",
            Key=item(1),
            UpdateExpression="ADD n :one",
            ExpressionAttributeValues={":one": {"N": "1"}},
        )
        lost = [call for call in list(ddb.calls)[before:] if call.error_code == "ReadTimeoutError"]
        assert ddb.tables["orders"].items == [{**item(1), "n": {"N": str(1 + len(lost))}}]
        assert str(ddb.faults).startswith("chaos with seed 1: ")


def test_batches_are_done_in_part() -> None:
    left = Counter[bool]()
    with mock_dynamodb(chaos=True, seed=5):
        client = new_client()
        create_orders(client)
        requests = [{"PutRequest": {"Item": item(number)}} for number in range(10)]
        keys = {"Keys": [item(number) for number in range(10)]}
        for _ in range(30):
            response = client.batch_write_item(RequestItems={"orders": requests})
            left[bool(response["UnprocessedItems"])] += 1
            response = client.batch_get_item(RequestItems={"orders": keys})
            left[bool(response["UnprocessedKeys"])] += 1
    assert left[True] > 5
    assert left[False] > 5


def test_reads_miss_the_last_changes_now_and_then() -> None:
    with mock_dynamodb(chaos=0.001, seed=5) as ddb:
        client = new_client()
        create_orders(client)
        seen = Counter[bool]()
        for number in range(40):
            client.put_item(TableName="orders", Item=item(number))
            seen["Item" in client.get_item(TableName="orders", Key=item(number))] += 1
            consistent = client.get_item(TableName="orders", Key=item(number), ConsistentRead=True)
            assert "Item" in consistent
        assert min(seen.values()) > 5
        ddb.clock.advance(3)
        assert client.scan(TableName="orders")["Count"] == 40
        client.put_item(TableName="orders", Item=item(99))
        ddb.settle()
        assert all(client.scan(TableName="orders")["Count"] == 41 for _ in range(20))


def test_what_is_left_alone() -> None:
    with mock_dynamodb(chaos=1.0) as ddb:
        client = new_client(total_max_attempts=1)
        create_orders(client)
        client.describe_table(TableName="orders")
        with ddb.faults.paused():
            client.put_item(TableName="orders", Item=item(1))
            assert client.scan(TableName="orders")["Count"] == 1
        ddb.load({"orders": [{"id": "2"}]})
        with pytest.raises((ClientError, BotoCoreError)):
            work(client, 9)


def test_it_can_be_started_and_stopped(ddb: Any, client: Any) -> None:
    ddb.faults.start_chaos(7, rate=1.0)
    with pytest.raises((ClientError, BotoCoreError)):
        work(client)
    ddb.faults.stop_chaos()
    ddb.faults.stop_chaos()
    work(client)
    assert len(ddb.faults) == 0


async def test_tasks_of_an_asynchronous_program() -> None:
    session = pytest.importorskip("aiobotocore.session").get_session()
    with mock_dynamodb(chaos=1.0, seed=2):
        create_orders(boto3.client("dynamodb", "us-east-1"))
        async with session.create_client("dynamodb", "us-east-1") as client:
            for number in range(10):
                await client.put_item(TableName="orders", Item=item(number))


@pytest.mark.parametrize("chaos", [-1, 2, "yes"])
def test_wrong_options(chaos: Any) -> None:
    with pytest.raises(TypeError, match="chaos"):
        mock_dynamodb(chaos=chaos)
