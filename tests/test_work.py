"""Work is counted instead of time: what a call does must not grow with what is stored.

Every call is made on a small and on a large backend, and the function calls it takes, Python's and
C's, are counted. So nobody can bring a walk over a table, a second parse or a second copy back
unnoticed, on whatever machine.
"""

from __future__ import annotations

import sys
from collections import Counter
from typing import TYPE_CHECKING, Any

import boto3
import pytest

from ddbmock import mock_dynamodb
from ddbmock.engine.items import StoredItem
from ddbmock.expressions import compile_condition, compile_key_condition, compile_update

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from types import FrameType

Client = Any
#: A look-up in order takes a few comparisons more in a table a hundred times as large.
MORE_FOR_ORDER = 30
SMALL, LARGE = 60, 6_000


def item(number: int) -> dict[str, Any]:
    return {
        "pk": {"S": f"p{number % 3}"},
        "sk": {"N": str(number)},
        "g": {"S": f"g{number % 2}"},
        "n": {"N": str(number)},
    }


KEY = {name: item(30)[name] for name in ("pk", "sk")}
VALUES = {":p": {"S": "p0"}, ":n": {"N": "30"}}
CALLS: dict[str, Callable[[Client], object]] = {
    "get": lambda client: client.get_item(TableName="t", Key=KEY),
    "put": lambda client: client.put_item(TableName="t", Item={**item(30), "x": {"S": "new"}}),
    "put of a new item": lambda client: client.put_item(
        TableName="t", Item={**item(30), "sk": {"N": "0.5"}}
    ),
    "update": lambda client: client.update_item(
        TableName="t",
        Key=KEY,
        UpdateExpression="ADD n :one",
        ConditionExpression="attribute_exists(pk)",
        ExpressionAttributeValues={":one": {"N": "1"}},
    ),
    "delete": lambda client: client.delete_item(TableName="t", Key=KEY),
    "query of one": lambda client: client.query(
        TableName="t",
        KeyConditionExpression="pk = :p AND sk >= :n",
        ExpressionAttributeValues=VALUES,
        Limit=1,
    ),
    "query backward": lambda client: client.query(
        TableName="t",
        KeyConditionExpression="pk = :p",
        ExpressionAttributeValues={":p": {"S": "p0"}},
        ScanIndexForward=False,
        Limit=5,
    ),
    "query from a key on": lambda client: client.query(
        TableName="t",
        KeyConditionExpression="pk = :p",
        ExpressionAttributeValues={":p": {"S": "p0"}},
        ExclusiveStartKey=KEY,
        Limit=5,
    ),
    "query of an index": lambda client: client.query(
        TableName="t",
        IndexName="gsi",
        KeyConditionExpression="g = :g",
        ExpressionAttributeValues={":g": {"S": "g0"}},
        Limit=5,
    ),
    "query of a local index": lambda client: client.query(
        TableName="t",
        IndexName="lsi",
        KeyConditionExpression="pk = :p AND n > :n",
        ExpressionAttributeValues=VALUES,
        Limit=5,
    ),
    "scan of a page": lambda client: client.scan(TableName="t", Limit=5),
    "batch": lambda client: client.batch_write_item(
        RequestItems={"t": [{"PutRequest": {"Item": {**item(n), "x": {"S": "b"}}}} for n in (1, 2)]}
    ),
    "transaction": lambda client: client.transact_write_items(
        TransactItems=[
            {"Put": {"TableName": "t", "Item": {**item(7), "x": {"S": "t"}}}},
            {"Delete": {"TableName": "t", "Key": {"pk": {"S": "p1"}, "sk": {"N": "10"}}}},
        ]
    ),
    "describe": lambda client: client.describe_table(TableName="t"),
}


@pytest.fixture
def client() -> Iterator[Client]:
    with mock_dynamodb():
        yield boto3.client("dynamodb")


def fill(client: Client, items: int) -> None:
    client.create_table(
        TableName="t",
        KeySchema=[
            {"AttributeName": "pk", "KeyType": "HASH"},
            {"AttributeName": "sk", "KeyType": "RANGE"},
        ],
        AttributeDefinitions=[
            {"AttributeName": name, "AttributeType": kind}
            for name, kind in (("pk", "S"), ("sk", "N"), ("g", "S"), ("n", "N"))
        ],
        LocalSecondaryIndexes=[
            {
                "IndexName": "lsi",
                "KeySchema": [
                    {"AttributeName": "pk", "KeyType": "HASH"},
                    {"AttributeName": "n", "KeyType": "RANGE"},
                ],
                "Projection": {"ProjectionType": "ALL"},
            }
        ],
        GlobalSecondaryIndexes=[
            {
                "IndexName": "gsi",
                "KeySchema": [{"AttributeName": "g", "KeyType": "HASH"}],
                "Projection": {"ProjectionType": "KEYS_ONLY"},
            }
        ],
        BillingMode="PAY_PER_REQUEST",
    )
    for first in range(0, items, 25):
        requests = [{"PutRequest": {"Item": item(first + n)}} for n in range(25)]
        client.batch_write_item(RequestItems={"t": requests})


def function_calls(run: Callable[[], object]) -> int:
    """Return how many functions, Python's and C's, are called."""
    counted: Counter[str] = Counter()

    def count(_frame: FrameType, event: str, _argument: object) -> None:
        counted[event] += 1

    before = sys.getprofile()
    sys.setprofile(count)
    try:
        run()
    finally:
        sys.setprofile(before)
    return counted["call"] + counted["c_call"]


def work(call: Callable[[Client], object], items: int) -> int:
    """Return the work of a call on so many items, everything being warm."""
    with mock_dynamodb(isolate=True) as ddb:
        client = boto3.client("dynamodb")
        fill(client, items)
        with ddb.rollback():
            call(client)
        return function_calls(lambda: call(client))


@pytest.mark.parametrize("name", CALLS)
def test_the_work_of_a_call_does_not_grow_with_the_table(name: str) -> None:
    assert work(CALLS[name], LARGE) <= work(CALLS[name], SMALL) + MORE_FOR_ORDER


def test_a_rollback_costs_what_was_changed() -> None:
    def changes(client: Client) -> None:
        with client.ddb.rollback():
            for number in range(5):
                client.put_item(TableName="t", Item={**item(number), "x": {"S": "new"}})

    def rollback_work(items: int) -> int:
        with mock_dynamodb(isolate=True) as ddb:
            client = boto3.client("dynamodb")
            client.ddb = ddb
            fill(client, items)
            changes(client)
            return function_calls(lambda: changes(client))

    assert rollback_work(LARGE) <= rollback_work(SMALL) + 5 * MORE_FOR_ORDER


@pytest.mark.parametrize(
    ("name", "compiler"),
    [
        ("update", compile_update),
        ("update", compile_condition),
        ("query of one", compile_key_condition),
    ],
)
def test_nothing_is_parsed_twice(
    client: Client, monkeypatch: pytest.MonkeyPatch, name: str, compiler: Any
) -> None:
    fill(client, SMALL)
    CALLS[name](client)

    def refuse(*_: object) -> None:
        raise AssertionError("parsed again")

    monkeypatch.setattr("ddbmock.expressions.compile.parse", refuse, raising=False)
    monkeypatch.setattr(f"ddbmock.access.request_expressions.{compiler.__name__}", refuse)
    CALLS[name](client)


def test_a_query_copies_what_it_returns_and_no_more(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    fill(client, LARGE)
    built: list[StoredItem] = []
    build: Any = vars(StoredItem)["build"]

    def counting(entry: StoredItem) -> Any:
        built.append(entry)
        return build.__get__(entry)

    monkeypatch.setattr(StoredItem, "build", property(counting))
    answer = client.query(
        TableName="t",
        KeyConditionExpression="pk = :p",
        ExpressionAttributeValues={":p": {"S": "p0"}},
        Limit=7,
    )
    assert answer["ScannedCount"] == 7
    assert len(built) == 7
