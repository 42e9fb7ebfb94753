from __future__ import annotations

from datetime import datetime, timezone

import pytest

from ddbmock import mock_dynamodb
from tests.refusals import refusal
from tests.stream_helpers import client, create, knows, put, shards, streams

MOMENT = datetime(2026, 1, 2, 3, 4, 5, 678_000, tzinfo=timezone.utc)
WITH_FILTER = pytest.mark.skipif(
    not knows("DescribeStream", "ShardFilter"), reason="this botocore knows no ShardFilter"
)
ARN = "arn:aws:dynamodb:eu-west-1:123456789012:table/orders/stream/2026-01-02T03:04:05.678"


@pytest.fixture(autouse=True)
def ddb():
    with mock_dynamodb(region="eu-west-1") as controller:
        controller.clock.freeze(MOMENT)
        yield controller


def describe(arn=ARN, **more):
    return streams().describe_stream(StreamArn=arn, **more)["StreamDescription"]


def update(**specification):
    response = client().update_table(TableName="orders", StreamSpecification=specification)
    return response["TableDescription"]


class TestRequestValidation:
    @pytest.mark.parametrize(
        "arn",
        [
            "arn:aws:dynamodb:eu-west-1:123456789012:table/orders",
            "arn:aws:s3:eu-west-1:123456789012:table/orders/stream/2026",
            "orders" * 10,
        ],
    )
    def test_what_is_no_arn_of_a_stream(self, arn):
        assert refusal(describe, arn=arn) == "Invalid StreamArn"

    def test_a_limit_over_a_hundred(self):
        create()
        assert refusal(describe, Limit=101) == (
            "1 validation error detected: Value '101' at 'limit' failed to satisfy"
            " constraint: Member must have value less than or equal to 100"
        )

    @WITH_FILTER
    def test_half_a_filter(self):
        create()
        assert refusal(describe, ShardFilter={"Type": "CHILD_SHARDS"}) == (
            "One or more parameter values were invalid: "
            "Both Type and ShardId must be specified in ShardFilter"
        )


class TestErrors:
    def test_no_such_stream(self):
        assert refusal(describe) == (
            f"ResourceNotFoundException: Requested resource not found: Stream: {ARN} not found"
        )

    def test_a_stream_is_gone_a_day_after_its_table(self, ddb):
        create()
        client().delete_table(TableName="orders")
        ddb.clock.advance(seconds=24 * 60 * 60)
        assert describe()["StreamStatus"] == "DISABLED"
        ddb.clock.advance(seconds=1)
        assert refusal(describe).startswith("ResourceNotFoundException: ")


class TestBehaviour:
    def test_all_that_is_known(self):
        assert create() == ARN
        description = describe()
        (shard,) = description.pop("Shards")
        assert description == {
            "StreamArn": ARN,
            "StreamLabel": "2026-01-02T03:04:05.678",
            "StreamStatus": "ENABLED",
            "StreamViewType": "NEW_AND_OLD_IMAGES",
            "CreationRequestDateTime": MOMENT,
            "TableName": "orders",
            "KeySchema": [
                {"AttributeName": "pk", "KeyType": "HASH"},
                {"AttributeName": "sk", "KeyType": "RANGE"},
            ],
        }
        assert shard["ShardId"].startswith("shardId-00000001767323045678-")
        assert len(shard["ShardId"]) == 37
        assert shard.keys() == {"ShardId", "SequenceNumberRange"}
        assert shard["SequenceNumberRange"].keys() == {"StartingSequenceNumber"}

    def test_the_table_tells_of_its_stream(self):
        create()
        table = client().describe_table(TableName="orders")["Table"]
        assert table["StreamSpecification"] == {
            "StreamEnabled": True,
            "StreamViewType": "NEW_AND_OLD_IMAGES",
        }
        assert table["LatestStreamArn"] == ARN
        assert table["LatestStreamLabel"] == "2026-01-02T03:04:05.678"

    def test_a_table_without_stream_tells_of_none(self):
        create(view_type=None)
        table = client().describe_table(TableName="orders")["Table"]
        assert not {"StreamSpecification", "LatestStreamArn", "LatestStreamLabel"} & table.keys()

    def test_a_disabled_stream(self):
        create()
        put()
        description = update(StreamEnabled=False)
        assert "StreamSpecification" not in description
        assert description["LatestStreamArn"] == ARN
        description = describe()
        assert description["StreamStatus"] == "DISABLED"
        (shard,) = description["Shards"]
        numbers = shard["SequenceNumberRange"]
        assert int(numbers["StartingSequenceNumber"]) < int(numbers["EndingSequenceNumber"])

    def test_several_shards_and_pages(self):
        with mock_dynamodb(isolate=True, stream_shards=5, region="eu-west-1"):
            arn = create()
            ids = [shard["ShardId"] for shard in describe(arn)["Shards"]]
            first = describe(arn, Limit=2)
            assert [shard["ShardId"] for shard in first["Shards"]] == ids[:2]
            assert first["LastEvaluatedShardId"] == ids[1]
            second = describe(arn, ExclusiveStartShardId=ids[1])
            assert [shard["ShardId"] for shard in second["Shards"]] == ids[2:]
            assert "LastEvaluatedShardId" not in second

    def test_after_a_shard_that_is_not_there_comes_nothing(self):
        create()
        assert describe(ExclusiveStartShardId="shardId-0000000000000000000-none")["Shards"] == []

    def test_a_split(self, ddb):
        create()
        (parent,) = shards(ARN)
        children = ddb.tables["orders"].stream.split()
        old, *new = shards(ARN)
        assert old["ShardId"] == parent["ShardId"]
        assert "EndingSequenceNumber" in old["SequenceNumberRange"]
        assert [shard["ShardId"] for shard in new] == children
        assert {shard["ParentShardId"] for shard in new} == {parent["ShardId"]}
        assert ddb.tables["orders"].stream.shard_ids == children

    @WITH_FILTER
    def test_the_children_of_one_shard(self, ddb):
        create()
        stream = ddb.tables["orders"].stream
        (parent,) = stream.shard_ids
        children = stream.split()
        grandchildren = stream.split(children[0])
        asked = {"Type": "CHILD_SHARDS", "ShardId": children[0]}
        found = describe(ShardFilter=asked)["Shards"]
        assert [shard["ShardId"] for shard in found] == grandchildren
        found = describe(ShardFilter={"Type": "CHILD_SHARDS", "ShardId": parent})["Shards"]
        assert [shard["ShardId"] for shard in found] == children


class TestStatus:
    def test_it_lasts_where_everything_does(self, ddb):
        ddb._backend.delay_seconds = 10
        create()
        assert describe()["StreamStatus"] == "ENABLING"
        ddb.clock.advance(seconds=10)
        assert describe()["StreamStatus"] == "ENABLED"
        update(StreamEnabled=False)
        assert describe()["StreamStatus"] == "DISABLING"
        ddb.clock.advance(seconds=10)
        assert describe()["StreamStatus"] == "DISABLED"
        update(StreamEnabled=True, StreamViewType="KEYS_ONLY")
        assert describe()["StreamStatus"] == "DISABLED"


class TestUpdateTable:
    def test_a_stream_that_is_enabled_later(self, ddb):
        create(view_type=None)
        ddb.clock.advance(seconds=1)
        description = update(StreamEnabled=True, StreamViewType="KEYS_ONLY")
        assert description["StreamSpecification"] == {
            "StreamEnabled": True,
            "StreamViewType": "KEYS_ONLY",
        }
        assert description["LatestStreamLabel"] == "2026-01-02T03:04:06.678"
        assert describe(description["LatestStreamArn"])["StreamViewType"] == "KEYS_ONLY"

    def test_an_enabled_stream_cannot_be_changed(self):
        create()
        asked = {"StreamEnabled": True, "StreamViewType": "OLD_IMAGE"}
        assert refusal(update, **asked) == (
            "Table already has an enabled stream: TableName: orders"
        )
        assert describe()["StreamViewType"] == "NEW_AND_OLD_IMAGES"

    def test_no_stream_to_disable(self):
        create(view_type=None)
        assert refusal(update, StreamEnabled=False) == (
            "Table has no stream to disable: TableName: orders"
        )

    def test_a_view_type_for_a_stream_that_ends(self):
        create()
        asked = {"StreamEnabled": False, "StreamViewType": "NEW_AND_OLD_IMAGES"}
        assert refusal(update, **asked) == (
            "One or more parameter values were invalid: If stream is being disabled,"
            " then UpdateViewType must not be specified"
        )
        assert describe()["StreamStatus"] == "ENABLED"
