from __future__ import annotations

import base64
from datetime import datetime, timezone

import pytest
from botocore.exceptions import ClientError

from ddbmock import mock_dynamodb
from ddbmock._internal.engine.changes import Change
from ddbmock._internal.operations.shard_iterators import obfuscate
from tests.refusals import refusal, unchanged
from tests.stream_helpers import (
    client,
    create,
    delete,
    iterator,
    key,
    put,
    read,
    read_shard,
    shards,
    streams,
)

MOMENT = datetime(2026, 1, 2, 3, 4, 5, 678_000, tzinfo=timezone.utc)


@pytest.fixture(autouse=True)
def ddb():
    with mock_dynamodb(region="eu-west-1") as controller:
        controller.clock.freeze(MOMENT)
        yield controller


@pytest.fixture
def arn():
    return create()


def get(place, **more):
    return streams().get_records(ShardIterator=place, **more)


def get_refusal(place, **more):
    return refusal(get, place, **more)


def names(records):
    return [(record["eventName"], record["dynamodb"]["Keys"]["pk"]["S"]) for record in records]


class TestRequestValidation:
    def test_a_limit_over_a_thousand(self, arn):
        assert get_refusal(iterator(arn), Limit=1001) == (
            "1 validation error detected: Value '1001' at 'limit' failed to satisfy"
            " constraint: Member must have value less than or equal to 1000"
        )

    @pytest.mark.parametrize("place", ["x", "x|1|y", "|1|", "a|1|AAAAAAAAAAE="])
    def test_what_is_no_iterator(self, place):
        assert get_refusal(place) == "Invalid ShardIterator"

    @pytest.mark.parametrize(
        "position",
        [
            b"[" * 1_200,
            b'["shard", Infinity, 0]',
            b'["shard", 1, 1e999, 2]',
            b"[1]",
            b"{}",
            b"null",
            b"\xff",
        ],
    )
    def test_an_iterator_that_was_tampered_with(self, arn, position):
        opaque = base64.b64encode(bytes(8) + obfuscate(position)).decode()
        assert get_refusal(f"{arn}|1|{opaque}") == "Invalid ShardIterator"


class TestErrors:
    def test_an_iterator_is_good_for_a_quarter_of_an_hour(self, ddb, arn):
        place = iterator(arn)
        ddb.clock.advance(seconds=15 * 60)
        assert get(place)["Records"] == []
        ddb.clock.advance(seconds=1)
        assert get_refusal(place) == "ExpiredIteratorException: Shard iterator has expired"

    def test_the_next_iterator_has_a_quarter_of_its_own(self, ddb, arn):
        place = iterator(arn)
        for _ in range(10):
            ddb.clock.advance(seconds=10 * 60)
            place = get(place)["NextShardIterator"]

    def test_records_that_grew_too_old_meanwhile(self, ddb, arn):
        put("a")
        ddb.clock.advance(seconds=24 * 60 * 60 - 60)
        place = iterator(arn)
        ddb.clock.advance(seconds=61)
        assert get_refusal(place) == (
            "TrimmedDataAccessException: The data you are trying to access has been trimmed"
        )
        assert get(iterator(arn))["Records"] == []

    def test_a_stream_that_is_gone(self, ddb, arn):
        client().delete_table(TableName="orders")
        ddb.clock.advance(seconds=24 * 60 * 60 - 60)
        place = iterator(arn)
        ddb.clock.advance(seconds=61)
        assert get_refusal(place) == (
            f"ResourceNotFoundException: Requested resource not found: Stream: {arn} not found"
        )

    def test_the_modelled_exceptions(self, ddb, arn):
        reader = streams()
        place = iterator(arn)
        ddb.clock.advance(seconds=15 * 60 + 1)
        with pytest.raises(reader.exceptions.ExpiredIteratorException):
            reader.get_records(ShardIterator=place)


class TestRecords:
    def test_a_whole_record(self, arn):
        put("a", 7, data={"B": b"\x00\xff"}, tags={"SS": ["y", "x"]})
        (record,) = read(arn)
        assert len(record.pop("eventID")) == 32
        assert len(record["dynamodb"].pop("SequenceNumber")) >= 21
        assert record == {
            "eventName": "INSERT",
            "eventVersion": "1.1",
            "eventSource": "aws:dynamodb",
            "awsRegion": "eu-west-1",
            "dynamodb": {
                "ApproximateCreationDateTime": MOMENT.replace(microsecond=0),
                "Keys": {"pk": {"S": "a"}, "sk": {"N": "7"}},
                "NewImage": {
                    **key("a", 7),
                    "data": {"B": b"\x00\xff"},
                    "tags": {"SS": ["x", "y"]},
                },
                "SizeBytes": 7 + 7 + 6 + 6,
                "StreamViewType": "NEW_AND_OLD_IMAGES",
            },
        }

    def test_what_the_documentation_says_of_sizes(self):
        """The three records of Lambda's documented event have 26, 59 and 38 bytes."""
        client().create_table(
            TableName="documented",
            KeySchema=[{"AttributeName": "Id", "KeyType": "HASH"}],
            AttributeDefinitions=[{"AttributeName": "Id", "AttributeType": "N"}],
            BillingMode="PAY_PER_REQUEST",
            StreamSpecification={"StreamEnabled": True, "StreamViewType": "NEW_AND_OLD_IMAGES"},
        )
        item_key = {"Id": {"N": "101"}}
        for text in ("New item!", "This item has changed"):
            item = {**item_key, "Message": {"S": text}}
            client().put_item(TableName="documented", Item=item)
        client().delete_item(TableName="documented", Key=item_key)
        arn = streams().list_streams(TableName="documented")["Streams"][0]["StreamArn"]
        assert [record["dynamodb"]["SizeBytes"] for record in read(arn)] == [26, 59, 38]

    def test_insert_modify_remove(self, arn):
        put("a")
        put("a", x={"S": "1"})
        client().update_item(
            TableName="orders",
            Key=key("a"),
            UpdateExpression="SET x = :x",
            ExpressionAttributeValues={":x": {"S": "2"}},
        )
        delete("a")
        records = read(arn)
        assert names(records) == [
            ("INSERT", "a"), ("MODIFY", "a"), ("MODIFY", "a"), ("REMOVE", "a")
        ]  # fmt: skip
        assert records[2]["dynamodb"]["OldImage"]["x"] == {"S": "1"}
        assert records[2]["dynamodb"]["NewImage"]["x"] == {"S": "2"}
        assert "NewImage" not in records[3]["dynamodb"]
        assert records[3]["dynamodb"]["OldImage"]["x"] == {"S": "2"}

    @pytest.mark.parametrize("view_type", ["KEYS_ONLY", "NEW_IMAGE", "OLD_IMAGE"])
    def test_view_types(self, view_type):
        arn = create(view_type=view_type)
        put("a")
        put("a", x={"S": "1"})
        delete("a")
        images = [{"NewImage", "OldImage"} & record["dynamodb"].keys() for record in read(arn)]
        new = {"NewImage"} if view_type == "NEW_IMAGE" else set()
        old = {"OldImage"} if view_type == "OLD_IMAGE" else set()
        assert images == [new, new | old, old]
        assert {r["dynamodb"]["StreamViewType"] for r in read(arn)} == {view_type}

    def test_what_changes_nothing_leaves_no_record(self, arn):
        put("a", x={"N": "1"})
        put("a", x={"N": "1.0"})
        delete("b")
        client().update_item(
            TableName="orders",
            Key=key("a"),
            UpdateExpression="SET x = :x REMOVE y",
            ExpressionAttributeValues={":x": {"N": "1"}},
        )
        with unchanged(), pytest.raises(ClientError):
            client().put_item(
                TableName="orders", Item=key("c"), ConditionExpression="attribute_exists(pk)"
            )
        assert names(read(arn)) == [("INSERT", "a")]

    def test_one_record_an_item_of_a_batch_or_transaction(self, arn):
        items = [key(pk) for pk in "abc"]
        client().batch_write_item(
            RequestItems={"orders": [{"PutRequest": {"Item": item}} for item in items]}
        )
        client().transact_write_items(
            TransactItems=[
                {"Delete": {"TableName": "orders", "Key": key("a")}},
                {"Put": {"TableName": "orders", "Item": {**key("b"), "x": {"S": "x"}}}},
                {
                    "ConditionCheck": {
                        "TableName": "orders",
                        "Key": key("c"),
                        "ConditionExpression": "attribute_exists(pk)",
                    }
                },
            ]
        )
        assert names(read(arn)) == [
            ("INSERT", "a"), ("INSERT", "b"), ("INSERT", "c"), ("REMOVE", "a"), ("MODIFY", "b")
        ]  # fmt: skip

    def test_a_cancelled_transaction_leaves_no_record(self, arn):
        with unchanged(), pytest.raises(ClientError):
            client().transact_write_items(
                TransactItems=[
                    {"Put": {"TableName": "orders", "Item": key("a")}},
                    {
                        "ConditionCheck": {
                            "TableName": "orders",
                            "Key": key("b"),
                            "ConditionExpression": "attribute_exists(pk)",
                        }
                    },
                ]
            )
        assert read(arn) == []

    def test_the_service_is_named_where_it_deleted(self, ddb, arn):
        put("a")
        backend = ddb._backend
        table = backend.region("eu-west-1").tables["orders"]
        (place,) = table.items
        backend.commit([(table, Change(place, table.items[place], None, by_service=True))])
        insert, remove = read(arn)
        assert "userIdentity" not in insert
        assert remove["userIdentity"] == {
            "PrincipalId": "dynamodb.amazonaws.com",
            "Type": "Service",
        }


class TestPages:
    def test_a_limit(self, arn):
        for pk in "abcde":
            put(pk)
        first = get(iterator(arn), Limit=2)
        second = get(first["NextShardIterator"])
        assert [pk for _, pk in names(first["Records"])] == ["a", "b"]
        assert [pk for _, pk in names(second["Records"])] == ["c", "d", "e"]
        assert get(second["NextShardIterator"])["Records"] == []

    def test_an_iterator_can_be_used_again(self, arn):
        put("a")
        place = iterator(arn)
        assert get(place)["Records"] == get(place)["Records"] != []

    def test_at_most_a_thousand(self, arn):
        for start in range(0, 1010, 10):
            client().batch_write_item(
                RequestItems={
                    "orders": [
                        {"PutRequest": {"Item": key("a", sk)}} for sk in range(start, start + 10)
                    ]
                }
            )
        first = get(iterator(arn))
        assert len(first["Records"]) == 1000
        assert len(get(first["NextShardIterator"])["Records"]) == 10

    def test_at_most_a_megabyte(self, arn):
        for sk in range(5):
            put("a", sk, x={"S": "x" * 300_000})
        first = get(iterator(arn))
        assert len(first["Records"]) == 3
        assert len(get(first["NextShardIterator"])["Records"]) == 2

    def test_a_closed_shard_has_an_end(self, ddb, arn):
        put("a")
        put("b")
        ddb.tables["orders"].stream.split()
        parent = shards(arn)[0]["ShardId"]
        first = get(iterator(arn, parent), Limit=1)
        assert names(first["Records"]) == [("INSERT", "a")]
        last = get(first["NextShardIterator"], Limit=1)
        assert names(last["Records"]) == [("INSERT", "b")]
        assert "NextShardIterator" not in last

    def test_a_stream_outlives_its_table(self, arn):
        put("a")
        client().delete_table(TableName="orders")
        assert names(read(arn)) == [("INSERT", "a")]
        second = create()
        put("b")
        assert (names(read(arn)), names(read(second))) == ([("INSERT", "a")], [("INSERT", "b")])


class TestShards:
    def test_an_item_stays_in_its_shard(self):
        with mock_dynamodb(isolate=True, stream_shards=4, region="eu-west-1"):
            arn = create()
            for number in range(40):
                for value in "xy":
                    put(f"item {number}", x={"S": value})
            found = [read_shard(arn, shard["ShardId"]) for shard in shards(arn)]
            assert sum(map(len, found)) == 80
            assert all(found)
            homes: dict[str, int] = {}
            for place, records in enumerate(found):
                for event_name, pk in names(records):
                    assert homes.setdefault(pk, place) == place
                    assert event_name in {"INSERT", "MODIFY"}

    def test_who_reads_one_shard_only_misses_changes_after_a_split(self, ddb, arn):
        put("a")
        (only,) = shards(arn)
        ddb.tables["orders"].stream.split()
        put("b")
        assert names(read_shard(arn, only["ShardId"])) == [("INSERT", "a")]
        assert names(read(arn)) == [("INSERT", "a"), ("INSERT", "b")]

    def test_the_view_shows_what_is_in_the_stream(self, ddb, arn):
        put("a")
        stream = ddb.tables["orders"].stream
        assert stream.arn == arn
        assert stream.is_enabled
        assert [record["NewImage"] for record in stream.records] == [key("a")]
