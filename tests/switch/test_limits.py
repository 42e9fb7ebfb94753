"""Quotas that a test lowers: `mock_dynamodb(limits=...)`."""

from __future__ import annotations

from typing import Any

import boto3
import pytest
from botocore.config import Config

from ddbmock import mock_dynamodb
from tests.refusals import cancellation, refusal

EXCEEDED = "LimitExceededException: Subscriber limit exceeded: "
TOO_LARGE = "ItemCollectionSizeLimitExceededException: Collection size exceeded."
HIGHER = (
    "Refer to the Amazon DynamoDB Developer Guide for current limits and how to request higher"
    " limits."
)
Item = dict[str, Any]


def new_client() -> Any:
    return boto3.client("dynamodb", "us-east-1", config=Config(retries={"total_max_attempts": 1}))


def request(name: str, **more: Any) -> Item:
    return {
        "TableName": name,
        "KeySchema": [{"AttributeName": "id", "KeyType": "HASH"}],
        "AttributeDefinitions": [{"AttributeName": "id", "AttributeType": "S"}],
        "BillingMode": "PAY_PER_REQUEST",
        **more,
    }


def provisioned(reads: int, writes: int) -> Item:
    units = {"ReadCapacityUnits": reads, "WriteCapacityUnits": writes}
    return {"BillingMode": "PROVISIONED", "ProvisionedThroughput": units}


@mock_dynamodb(limits={"tables": 2})
def test_the_number_of_tables() -> None:
    client = new_client()
    for name in ("one", "two"):
        client.create_table(**request(name))
    assert refusal(client.create_table, **request("three")) == (
        f"{EXCEEDED}There is a limit of 2 tables per subscriber"
    )
    boto3.client("dynamodb", "eu-west-1").create_table(**request("three"))
    client.delete_table(TableName="one")
    client.create_table(**request("three"))


@mock_dynamodb(limits={"table_read_units": 10, "account_write_units": 15})
def test_units() -> None:
    client = new_client()
    limits = client.describe_limits()
    assert limits["TableMaxReadCapacityUnits"] == 10
    assert limits["TableMaxWriteCapacityUnits"] == 40_000
    assert limits["AccountMaxWriteCapacityUnits"] == 15
    assert refusal(client.create_table, **request("one", **provisioned(11, 1))) == (
        "LimitExceededException: The requested ReadCapacityUnits, 11, is above the per table"
        f" maximum for the account in us-east-1. Per table maximum: 10. {HIGHER}"
    )
    client.create_table(**request("one", **provisioned(10, 10)))
    assert refusal(client.create_table, **request("two", **provisioned(1, 6))) == (
        "LimitExceededException: This request would have caused the WriteCapacityUnits limit to be"
        " exceeded for the account in us-east-1. Current WriteCapacityUnits reserved by the"
        f" account: 10. Limit: 15. Requested: 6. {HIGHER}"
    )


def test_concurrent_operations() -> None:
    with mock_dynamodb(delays=10, limits={"concurrent_operations": 2}) as ddb:
        ddb.clock.freeze(0)
        client = new_client()
        client.create_table(**request("one"))
        client.create_table(**request("two"))
        text = f"{EXCEEDED}Only 2 tables can be created, updated, or deleted simultaneously"
        assert refusal(client.create_table, **request("three")) == text
        ddb.settle()
        client.create_table(**request("three"))
        client.delete_table(TableName="one")
        assert refusal(client.delete_table, TableName="two") == text
        assert refusal(client.update_table, TableName="two", TableClass="STANDARD") == text
        ddb.clock.advance(10)
        client.delete_table(TableName="two")


def test_restores_at_one_time() -> None:
    with mock_dynamodb(delays=10, limits={"restores": 1}) as ddb:
        ddb.clock.freeze(0)
        client = new_client()
        client.create_table(**request("one"))
        ddb.settle()
        backups = [
            client.create_backup(TableName="one", BackupName=name)["BackupDetails"]["BackupArn"]
            for name in ("first", "second")
        ]
        client.restore_table_from_backup(TargetTableName="two", BackupArn=backups[0])
        restore = {"TargetTableName": "three", "BackupArn": backups[1]}
        assert refusal(client.restore_table_from_backup, **restore) == (
            f"{EXCEEDED}Only 1 restore operations can be done simultaneously"
        )
        ddb.settle()
        client.restore_table_from_backup(**restore)


# --- item collections ----------------------------------------------------------------------------


@pytest.fixture
def client() -> Any:
    with mock_dynamodb(limits={"collection_bytes": 3000}):
        client = new_client()
        client.create_table(
            **request(
                "orders",
                KeySchema=[
                    {"AttributeName": "id", "KeyType": "HASH"},
                    {"AttributeName": "line", "KeyType": "RANGE"},
                ],
                AttributeDefinitions=[
                    {"AttributeName": name, "AttributeType": "S"} for name in ("id", "line", "at")
                ],
                LocalSecondaryIndexes=[
                    {
                        "IndexName": "by-time",
                        "KeySchema": [
                            {"AttributeName": "id", "KeyType": "HASH"},
                            {"AttributeName": "at", "KeyType": "RANGE"},
                        ],
                        "Projection": {"ProjectionType": "ALL"},
                    }
                ],
            )
        )
        client.put_item(TableName="orders", Item=item("a", "1", 1000))
        client.put_item(TableName="orders", Item=item("a", "2", 1000))
        yield client


def item(pk: str, sk: str, size: int, at: str | None = None) -> Item:
    made = {"id": {"S": pk}, "line": {"S": sk}, "data": {"S": "x" * size}}
    return made if at is None else {**made, "at": {"S": at}}


def test_a_collection_that_would_grow_beyond_its_limit(client: Any) -> None:
    assert refusal(client.put_item, TableName="orders", Item=item("a", "3", 1000)) == TOO_LARGE
    # Its entry in the index counts too.
    assert refusal(client.put_item, TableName="orders", Item=item("a", "1", 1000, "0")) == TOO_LARGE
    assert (
        refusal(
            client.update_item,
            TableName="orders",
            Key={"id": {"S": "a"}, "line": {"S": "1"}},
            UpdateExpression="SET more = :more",
            ExpressionAttributeValues={":more": {"S": "x" * 1000}},
        )
        == TOO_LARGE
    )
    statement = f"INSERT INTO orders VALUE {{'id': 'a', 'line': '3', 'data': '{'x' * 1000}'}}"
    assert refusal(client.execute_statement, Statement=statement) == TOO_LARGE
    client.put_item(TableName="orders", Item=item("b", "3", 1000))
    client.put_item(TableName="orders", Item=item("a", "3", 500))


def test_writes_that_do_not_let_it_grow(client: Any) -> None:
    client.put_item(TableName="orders", Item=item("a", "1", 900))
    client.delete_item(TableName="orders", Key={"id": {"S": "a"}, "line": {"S": "2"}})
    client.put_item(TableName="orders", Item=item("a", "3", 1000))


def test_a_transaction_is_cancelled(client: Any) -> None:
    puts = [{"Put": {"TableName": "orders", "Item": item("a", str(n), 600)}} for n in (3, 4)]
    assert cancellation(client.transact_write_items, TransactItems=puts) == [
        {"Code": "None"},
        {"Code": "ItemCollectionSizeLimitExceeded", "Message": "Collection size exceeded."},
    ]
    statement = f"INSERT INTO orders VALUE {{'id': 'a', 'line': '3', 'data': '{'x' * 1000}'}}"
    reasons = cancellation(
        client.execute_transaction, TransactStatements=[{"Statement": statement}]
    )
    assert reasons[0]["Code"] == "ItemCollectionSizeLimitExceeded"


def test_a_batch_leaves_it(client: Any) -> None:
    requests = [
        {"PutRequest": {"Item": item("a", "3", 1000)}},
        {"PutRequest": {"Item": item("b", "1", 1000)}},
    ]
    response = client.batch_write_item(RequestItems={"orders": requests})
    assert response["UnprocessedItems"] == {"orders": requests[:1]}
    assert refusal(client.batch_write_item, RequestItems={"orders": requests[:1]}) == TOO_LARGE


def test_a_table_without_local_indexes_has_no_such_limit() -> None:
    with mock_dynamodb(limits={"collection_bytes": 10}):
        client = new_client()
        client.create_table(**request("orders"))
        client.put_item(TableName="orders", Item={"id": {"S": "x" * 1000}})


# --- options -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("limits", "text"),
    [
        ({"tabels": 3}, "limits has no tabels; there are tables, table_read_units"),
        ({"tables": "3"}, "limits"),
        ({"tables": -1}, "limits"),
        (3, "limits"),
    ],
)
def test_wrong_limits(limits: Any, text: str) -> None:
    with pytest.raises(TypeError, match=text):
        mock_dynamodb(limits=limits)
