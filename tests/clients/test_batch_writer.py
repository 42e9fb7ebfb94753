"""boto3's batch_writer: what it gathers, sends, sends again, and what a failure leaves."""

from __future__ import annotations

from decimal import Decimal

import pytest
from botocore.exceptions import ClientError

from ddbmock._internal.service import Service


@pytest.fixture
def table(dynamodb_resource):
    return dynamodb_resource.create_table(
        TableName="readings",
        KeySchema=[
            {"AttributeName": "sensor", "KeyType": "HASH"},
            {"AttributeName": "at", "KeyType": "RANGE"},
        ],
        AttributeDefinitions=[
            {"AttributeName": "sensor", "AttributeType": "S"},
            {"AttributeName": "at", "AttributeType": "N"},
        ],
        BillingMode="PAY_PER_REQUEST",
    )


@pytest.fixture
def other_table(dynamodb_resource):
    return dynamodb_resource.create_table(
        TableName="others",
        KeySchema=[{"AttributeName": "id", "KeyType": "HASH"}],
        AttributeDefinitions=[{"AttributeName": "id", "AttributeType": "S"}],
        BillingMode="PAY_PER_REQUEST",
    )


def batches(ddb):
    """How many requests each batch had, and of what kinds."""
    sent = [call.request["RequestItems"] for call in ddb.calls("BatchWriteItem")]
    return [[next(iter(each)) for each in items["readings"]] for items in sent]


def reading(at, **attributes):
    return {"sensor": "s", "at": at, **attributes}


def test_it_sends_twenty_five_at_a_time(ddb, table):
    with table.batch_writer() as batch:
        for at in range(60):
            batch.put_item(Item=reading(at, value=Decimal("1.5"), seen={at}))
    assert [len(each) for each in batches(ddb)] == [25, 25, 10]
    assert ddb.tables["readings"].item_count == 60
    assert table.get_item(Key=reading(7))["Item"] == reading(7, value=Decimal("1.5"), seen={7})


def test_puts_and_deletes_in_one_batch(ddb, table):
    for at in range(10):
        table.put_item(Item=reading(at))
    with table.batch_writer() as batch:
        for at in range(10):
            if at % 2:
                batch.delete_item(Key=reading(at))
            else:
                batch.put_item(Item=reading(at, kept=True))
        batch.delete_item(Key=reading(99))  # was never there
    (kinds,) = batches(ddb)
    assert kinds == ["PutRequest", "DeleteRequest"] * 5 + ["DeleteRequest"]
    assert sorted(int(item["at"]) for item in table.scan()["Items"]) == [0, 2, 4, 6, 8]


def test_the_last_of_equal_keys_counts_when_asked(ddb, table):
    with table.batch_writer(overwrite_by_pkeys=["sensor", "at"]) as batch:
        batch.put_item(Item=reading(1, value=1))
        batch.put_item(Item=reading(2, value=1))
        batch.put_item(Item=reading(1, value=2))
        batch.delete_item(Key=reading(2))
    assert batches(ddb) == [["PutRequest", "DeleteRequest"]]
    assert table.scan()["Items"] == [reading(1, value=2)]


def test_equal_keys_are_refused_otherwise(ddb, table):
    def write():
        with table.batch_writer() as batch:
            batch.put_item(Item=reading(1, value=1))
            batch.put_item(Item=reading(Decimal("1.0"), value=2))

    with pytest.raises(ClientError, match="Provided list of item keys contains duplicates"):
        write()
    assert ddb.tables["readings"].item_count == 0


def test_one_wrong_item_and_nothing_of_its_batch_is_written(ddb, table):
    def write():
        with table.batch_writer() as batch:
            for at in range(30):
                batch.put_item(Item=reading(at) if at != 28 else {"sensor": "s"})

    with pytest.raises(ClientError, match="The provided key element does not match the schema"):
        write()
    # The first batch was a call of its own.
    assert ddb.tables["readings"].item_count == 25


def test_an_exception_in_the_block_sends_what_was_gathered(ddb, table):
    """boto3 does the same: the block's end sends the rest, whatever ended it."""

    def write():
        with table.batch_writer() as batch:
            batch.put_item(Item=reading(1))
            message = "in the block"
            raise KeyError(message)

    with pytest.raises(KeyError, match="in the block"):
        write()
    assert ddb.tables["readings"].item_count == 1


def test_what_was_not_processed_is_sent_again(ddb, table, monkeypatch):
    execute = Service.execute

    def half(self, region, operation, request, *args, **kwargs):
        if operation != "BatchWriteItem":
            return execute(self, region, operation, request, *args, **kwargs)
        requests = request["RequestItems"]["readings"]
        done = {**request, "RequestItems": {"readings": requests[: (len(requests) + 1) // 2]}}
        response = execute(self, region, operation, done, *args, **kwargs)
        if left := requests[(len(requests) + 1) // 2 :]:
            response["UnprocessedItems"] = {"readings": left}
        return response

    monkeypatch.setattr(Service, "execute", half)
    with table.batch_writer() as batch:
        for at in range(40):
            batch.put_item(Item=reading(at))
    assert ddb.tables["readings"].item_count == 40


def test_a_table_that_is_not_there(dynamodb_resource):
    missing = dynamodb_resource.Table("missing")

    def write():
        with missing.batch_writer() as batch:
            batch.put_item(Item=reading(1))

    with pytest.raises(dynamodb_resource.meta.client.exceptions.ResourceNotFoundException):
        write()


def test_two_writers_at_once(ddb, table, other_table):
    with table.batch_writer() as readings, other_table.batch_writer() as others:
        for at in range(26):
            readings.put_item(Item=reading(at))
            others.put_item(Item={"id": str(at)})
    assert ddb.tables["readings"].item_count == ddb.tables["others"].item_count == 26


def test_a_table_is_emptied(ddb, table):
    """The usual helper: scan the keys, delete them in batches."""
    with table.batch_writer() as batch:
        for at in range(70):
            batch.put_item(Item=reading(at, padding="x" * 1000))
    with table.batch_writer() as batch:
        parameters = {
            "ProjectionExpression": "sensor, #at",
            "ExpressionAttributeNames": {"#at": "at"},
            "Limit": 30,
        }
        while True:
            page = table.scan(**parameters)
            for key in page["Items"]:
                batch.delete_item(Key=key)
            if "LastEvaluatedKey" not in page:
                break
            parameters["ExclusiveStartKey"] = page["LastEvaluatedKey"]
    assert ddb.tables["readings"].items == []


def test_the_resource_s_own_batches_across_tables(ddb, dynamodb_resource, table, other_table):
    response = dynamodb_resource.batch_write_item(
        RequestItems={
            "readings": [{"PutRequest": {"Item": reading(1)}}],
            "others": [{"PutRequest": {"Item": {"id": "1"}}}],
        },
        ReturnConsumedCapacity="TOTAL",
    )
    assert response["UnprocessedItems"] == {}
    units = {each["TableName"]: each["CapacityUnits"] for each in response["ConsumedCapacity"]}
    assert units == {"readings": 1.0, "others": 1.0}
    read = dynamodb_resource.batch_get_item(
        RequestItems={
            "readings": {"Keys": [reading(1), reading(2)]},
            "others": {"Keys": [{"id": "1"}]},
        }
    )
    assert read["Responses"] == {"readings": [reading(1)], "others": [{"id": "1"}]}
    assert read["UnprocessedKeys"] == {}
