"""Many threads at once, for whatever comes between them; what must be true is checked at the end.

`DDBMOCK_STRESS=50 pytest tests/test_many_threads.py` does fifty times as much.
"""

from __future__ import annotations

import os
import sys
from collections import Counter
from contextlib import suppress
from random import Random
from threading import Barrier, Thread
from typing import TYPE_CHECKING, Any
from urllib.request import urlopen

import boto3
import pytest
from botocore.config import Config

import ddbmock
from ddbmock import mock_dynamodb
from ddbmock._internal import features
from ddbmock._internal.engine import packing
from ddbmock._internal.mock import activation_of
from ddbmock._internal.options import Options
from ddbmock._internal.service import Service
from tests.properties.service import REGION
from tests.switch.helpers import create_table

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

THREADS = 6
TIMES = int(os.environ.get("DDBMOCK_STRESS", "1"))
ACCOUNTS = [f"account{number}" for number in range(4)]
DEADLOCK_SECONDS = 60 + 10 * TIMES


@pytest.fixture(autouse=True)
def many_switches() -> Iterator[None]:
    """Have Python switch between threads as often as it can, where it does so at all."""
    before = sys.getswitchinterval()
    sys.setswitchinterval(1e-6)
    yield
    sys.setswitchinterval(before)


def run_all(*works: Callable[[], object]) -> None:
    """Run functions in threads that begin together, and raise the first of their errors."""
    begin = Barrier(len(works))
    errors: list[BaseException] = []

    def run(work: Callable[[], object]) -> None:
        begin.wait()
        try:
            work()
        except BaseException as error:  # noqa: BLE001 (raised below)
            errors.append(error)

    threads = [Thread(target=run, args=(work,)) for work in works]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(DEADLOCK_SECONDS)
    assert not any(thread.is_alive() for thread in threads)
    if errors:
        raise errors[0]


def check_tables(ddb: ddbmock.Controller) -> None:
    """Check that indexes, sizes and orders of all tables are those of their items."""
    service = activation_of(ddb).service  # type: ignore[arg-type]
    for table in service.backend.region(ddb.region).all_tables():
        table._check()


class Worker:
    """One thread of a program: random calls, and what they must have done all together."""

    def __init__(self, number: int, ddb: ddbmock.Controller) -> None:
        self._random = Random(number)
        self._ddb = ddb
        self._client = boto3.client("dynamodb")
        self._number = number
        self.counted = 0
        self.calls: Counter[str] = Counter()
        self.request_ids: list[str] = []
        self.written_units = 0.0

    def run(self) -> None:
        steps = (self.count, self.put, self.move, self.query, self.sum_up, self.read_state)
        for _ in range(60 * TIMES):
            self._random.choice(steps)()

    def _call(self, operation: str, method: str, **request: Any) -> Any:
        self.calls[operation] += 1
        response = getattr(self._client, method)(**request)
        self.request_ids.append(response["ResponseMetadata"]["RequestId"])
        return response

    def count(self) -> None:
        response = self._call(
            "UpdateItem",
            "update_item",
            TableName="shared",
            Key={"id": {"S": f"counter{self._random.randrange(3)}"}},
            UpdateExpression="ADD n :one",
            ExpressionAttributeValues={":one": {"N": "1"}},
            ReturnConsumedCapacity="TOTAL",
        )
        self.counted += 1
        self.written_units += response["ConsumedCapacity"]["CapacityUnits"]

    def put(self) -> None:
        table = self._random.choice(["shared", f"own{self._number}"])
        item = {
            "id": {"S": f"item{self._random.randrange(20)}"},
            "kind": {"S": self._random.choice("abc")},
            f"attribute{self._random.randrange(40)}": {"N": str(self._random.random())},
        }
        response = self._call(
            "PutItem", "put_item", TableName=table, Item=item, ReturnConsumedCapacity="TOTAL"
        )
        if table == "shared":
            self.written_units += response["ConsumedCapacity"]["CapacityUnits"]

    def move(self) -> None:
        giver, taker = self._random.sample(ACCOUNTS, 2)
        amount = {":n": {"N": str(self._random.randrange(1, 60))}}
        actions = [
            {
                "Update": {
                    "TableName": "accounts",
                    "Key": {"id": {"S": giver}},
                    "UpdateExpression": "SET balance = balance - :n",
                    "ConditionExpression": "balance >= :n",
                    "ExpressionAttributeValues": amount,
                }
            },
            {
                "Update": {
                    "TableName": "accounts",
                    "Key": {"id": {"S": taker}},
                    "UpdateExpression": "SET balance = balance + :n",
                    "ExpressionAttributeValues": amount,
                }
            },
        ]
        with suppress(self._client.exceptions.TransactionCanceledException):
            self._call("TransactWriteItems", "transact_write_items", TransactItems=actions)

    def query(self) -> None:
        kind = {"S": self._random.choice("abc")}
        response = self._call(
            "Query",
            "query",
            TableName="shared",
            IndexName="by-kind",
            KeyConditionExpression="kind = :kind",
            ExpressionAttributeValues={":kind": kind},
        )
        assert all(item["kind"] == kind for item in response["Items"])

    def sum_up(self) -> None:
        response = self._call(
            "TransactGetItems",
            "transact_get_items",
            TransactItems=[
                {"Get": {"TableName": "accounts", "Key": {"id": {"S": name}}}} for name in ACCOUNTS
            ],
        )
        balances = [int(each["Item"]["balance"]["N"]) for each in response["Responses"]]
        assert sum(balances) == 100 * len(ACCOUNTS)
        assert min(balances) >= 0

    def read_state(self) -> None:
        ddb = self._ddb
        assert len(ddb.calls) >= sum(self.calls.values())
        assert str(ddb.calls)
        assert ddb.calls.units().write >= self.written_units
        assert len(ddb.tables["shared"].items) <= 23
        assert str(ddb.tables["shared"])
        ddb.snapshot()


def test_a_program_with_many_threads() -> None:
    with mock_dynamodb(stored_calls=None) as ddb:
        client = boto3.client("dynamodb")
        names = ["accounts", *(f"own{number}" for number in range(THREADS))]
        for name in names:
            create_table(client, name)
        client.create_table(
            TableName="shared",
            KeySchema=[{"AttributeName": "id", "KeyType": "HASH"}],
            AttributeDefinitions=[
                {"AttributeName": name, "AttributeType": "S"} for name in ("id", "kind")
            ],
            GlobalSecondaryIndexes=[
                {
                    "IndexName": "by-kind",
                    "KeySchema": [{"AttributeName": "kind", "KeyType": "HASH"}],
                    "Projection": {"ProjectionType": "ALL"},
                }
            ],
            BillingMode="PAY_PER_REQUEST",
            StreamSpecification={"StreamEnabled": True, "StreamViewType": "NEW_AND_OLD_IMAGES"},
        )
        for name in ACCOUNTS:
            item = {"id": {"S": name}, "balance": {"N": "100"}}
            client.put_item(TableName="accounts", Item=item)
        begin = len(ddb.calls)
        seen = list[Any]()
        ddb.on_change("shared", seen.append, deliver="immediately")
        workers = [Worker(number, ddb) for number in range(THREADS)]

        run_all(*(worker.run for worker in workers))

        check_tables(ddb)
        shared = ddb.tables["shared"].items
        counters = [item for item in shared if "n" in item]
        assert sum(int(item["n"]["N"]) for item in counters) == sum(w.counted for w in workers)
        indexed = ddb.tables["shared"].indexes["by-kind"].items
        assert sorted(item["id"]["S"] for item in indexed) == sorted(
            item["id"]["S"] for item in shared if "kind" in item
        )
        made = sum((worker.calls for worker in workers), Counter[str]())
        assert len(ddb.calls) - begin == made.total()
        assert made == Counter(call.operation for call in list(ddb.calls)[begin:])
        assert ddb.calls(table="shared").units().write == sum(w.written_units for w in workers)
        request_ids = [each for worker in workers for each in worker.request_ids]
        assert len(set(request_ids)) == len(request_ids)
        check_stream(ddb, shared, [record for event in seen for record in event["Records"]])


def check_stream(
    ddb: ddbmock.Controller, items: list[Any], delivered: list[dict[str, Any]]
) -> None:
    """Check that the records of a stream lead to the items, one after the other, and came once."""
    present: dict[str, Any] = {}
    records = ddb.tables["shared"].stream.records
    for record in records:
        key = record["Keys"]["id"]["S"]
        assert record.get("OldImage") == present.get(key)
        present[key] = record["NewImage"]
    assert sorted(present) == sorted(item["id"]["S"] for item in items)
    assert all(present[item["id"]["S"]] == item for item in items)
    numbers = [each["dynamodb"]["SequenceNumber"] for each in delivered]
    assert sorted(numbers) == sorted(record["SequenceNumber"] for record in records)


def test_rollbacks_while_others_write() -> None:
    with mock_dynamodb() as ddb:
        client = boto3.client("dynamodb")
        create_table(client)

        def write(name: str) -> None:
            for number in range(60 * TIMES):
                key = {"id": {"S": f"{name}{number % 7}"}}
                client.put_item(TableName="orders", Item={**key, "n": {"N": str(number)}})
                if not number % 3:
                    client.delete_item(TableName="orders", Key=key)

        def roll_back() -> None:
            for _ in range(60 * TIMES):
                with ddb.rollback():
                    client.put_item(TableName="orders", Item={"id": {"S": "rolled back"}})

        run_all(lambda: write("a"), lambda: write("b"), roll_back)
        check_tables(ddb)
        ids = {item["id"]["S"] for item in ddb.tables["orders"].items}
        assert "rolled back" not in ids


def test_calls_while_another_thread_enters_and_leaves_mocks() -> None:
    with mock_dynamodb(region=REGION):
        client = boto3.client("dynamodb", REGION)
        create_table(client)
        not_there = client.exceptions.ResourceNotFoundException

        def call() -> None:
            for _ in range(60 * TIMES):
                with suppress(not_there):  # in another mock
                    client.put_item(TableName="orders", Item={"id": {"S": "1"}})

        def enter() -> None:
            for number in range(60 * TIMES):
                with mock_dynamodb(isolate=bool(number % 2), chaos=number % 3 == 0):
                    pass

        run_all(call, call, enter, enter)
        assert client.scan(TableName="orders")["Count"] == 1


def test_the_caches_are_full(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(packing, "_FORMS_MAX", 8)
    monkeypatch.setattr(packing, "_PARTS_MAX", 2)
    monkeypatch.setattr(packing, "_SEEN_BEFORE_COMPILED", 1)
    monkeypatch.setattr(packing, "_READ_BEFORE_COMPILED", 2)
    with mock_dynamodb():
        client = boto3.client("dynamodb")
        create_table(client)

        def work(number: int) -> None:
            random = Random(number)
            for step in range(60 * TIMES):
                key = {"id": {"S": f"{number}"}}
                name = f"attribute{random.randrange(12)}"
                item = {**key, name: {"N": str(step)}, "list": {"L": [{"S": "x"}] * (step % 3)}}
                client.put_item(TableName="orders", Item=item)
                found = client.get_item(
                    TableName="orders",
                    Key=key,
                    ProjectionExpression=f"{name}, other{random.randrange(12)}",
                )
                assert found["Item"] == {name: {"N": str(step)}}
                client.update_item(
                    TableName="orders",
                    Key=key,
                    UpdateExpression=f"SET step{step % 400} = :n",
                    ExpressionAttributeValues={":n": {"N": str(step)}},
                )

        run_all(*(lambda number=number: work(number) for number in range(THREADS)))


def test_retries_that_chaos_needs() -> None:
    with mock_dynamodb(chaos=0.2, lag=1, throughput=True, metrics=True) as ddb:
        client = boto3.client("dynamodb", config=Config(retries={"mode": "standard"}))
        create_table(client)

        def work(number: int) -> None:
            for step in range(20 * TIMES):
                item = {"id": {"S": f"{number} {step}"}, "n": {"N": str(step)}}
                client.put_item(TableName="orders", Item=item)
                key = {"id": item["id"]}
                found = client.get_item(TableName="orders", Key=key, ConsistentRead=True)
                assert found["Item"] == item
                ddb.throughput.report()
                ddb.metrics.total("ConsumedWriteCapacityUnits", TableName="orders")

        run_all(*(lambda number=number: work(number) for number in range(THREADS)))
        check_tables(ddb)
        assert len(ddb.tables["orders"].items) == THREADS * 20 * TIMES
        writes = ddb.calls(table="orders").units().write
        assert ddb.metrics.total("ConsumedWriteCapacityUnits", TableName="orders") == writes


def test_a_feature_is_used_for_the_first_time_by_several_threads() -> None:
    for _ in range(10 * TIMES):
        service = Service(Options(throughput=True, metrics=True, autoscaling=True, dax=True))
        for feature in features.FEATURES:
            if feature not in {features.CONSOLE, features.DATABASE}:
                found = list[Any]()

                def use(feature: Any = feature, found: Any = found) -> None:
                    found.append(service.use(feature))  # noqa: B023 (run before the next one)

                run_all(*[use] * 4)
                assert len({id(each) for each in found}) == 1, feature


def test_the_endpoint() -> None:
    with ddbmock.serve() as url:
        client = boto3.client(
            "dynamodb",
            REGION,
            endpoint_url=url,
            aws_access_key_id="key",
            aws_secret_access_key="secret",
        )
        create_table(client)

        def count() -> None:
            for _ in range(20 * TIMES):
                client.update_item(
                    TableName="orders",
                    Key={"id": {"S": "1"}},
                    UpdateExpression="ADD n :one",
                    ExpressionAttributeValues={":one": {"N": "1"}},
                )

        def ask() -> None:
            for _ in range(20 * TIMES):
                with urlopen(url) as response:  # noqa: S310 (our own)
                    assert response.read().startswith(b"healthy")

        run_all(ask, *[count] * THREADS)
        (item,) = client.scan(TableName="orders")["Items"]
        assert item["n"] == {"N": str(THREADS * 20 * TIMES)}
