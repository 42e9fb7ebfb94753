"""A mock is seen by every thread, and a call is one step for all of them."""

from __future__ import annotations

import sysconfig
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import boto3
import pytest

from ddbmock import mock_dynamodb
from tests.switch.helpers import KEY, create_table, run_python

THREADS = 8


@pytest.fixture
def client() -> Any:
    with mock_dynamodb():
        made = boto3.client("dynamodb")
        create_table(made)
        yield made


def run(work: Any) -> list[Any]:
    with ThreadPoolExecutor(THREADS) as pool:
        return list(pool.map(work, range(THREADS)))


def test_racing_conditional_puts_have_one_winner(client: Any) -> None:
    def take(number: int) -> int:
        try:
            client.put_item(
                TableName="orders",
                Item={**KEY, "by": {"N": str(number)}},
                ConditionExpression="attribute_not_exists(id)",
            )
        except client.exceptions.ConditionalCheckFailedException:
            return 0
        return 1

    for _ in range(20):
        assert sum(run(take)) == 1
        client.delete_item(TableName="orders", Key=KEY)


def test_no_increment_is_lost(client: Any) -> None:
    def add(_: int) -> None:
        for _ in range(1000):
            client.update_item(
                TableName="orders",
                Key=KEY,
                UpdateExpression="ADD n :one",
                ExpressionAttributeValues={":one": {"N": "1"}},
            )

    run(add)
    item = client.get_item(TableName="orders", Key=KEY)["Item"]
    assert item["n"] == {"N": str(THREADS * 1000)}


def test_clients_of_threads_of_their_own(client: Any) -> None:
    def put(number: int) -> None:
        own = boto3.session.Session().client("dynamodb")
        if number % 2:
            own.meta.events.register("before-sign", lambda **_: None)
        for _ in range(10):
            own.put_item(TableName="orders", Item={"id": {"S": str(number)}})

    run(put)
    assert client.scan(TableName="orders")["Count"] == THREADS


def test_mocks_that_start_and_stop_in_threads() -> None:
    def work(_: int) -> None:
        for _ in range(50):
            with mock_dynamodb() as ddb:
                assert ddb.region == "us-east-1"

    run(work)


@pytest.mark.skipif(
    not sysconfig.get_config_var("Py_GIL_DISABLED"), reason="this is no free-threaded Python"
)
def test_a_free_threaded_python_stays_so() -> None:
    # An extension module that is not prepared for it turns the lock of the interpreter on.
    program = (
        "import sys, boto3, ddbmock; ddbmock.mock_dynamodb().start(); print(sys._is_gil_enabled())"
    )
    done = run_python(program, "-W", "error")
    assert (done.stdout.strip(), done.stderr) == ("False", "")
