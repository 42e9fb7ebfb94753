from __future__ import annotations

from datetime import datetime, timedelta, timezone

import boto3
import pytest
import time_machine
from freezegun import freeze_time

from ddbmock import mock_dynamodb
from tests.operations.table_helpers import (
    an_index,
    definitions,
    described,
    index_description,
    new_table,
)
from tests.refusals import refusal

NOW = datetime(2026, 11, 20, 12, tzinfo=timezone.utc)
WINDOW = timedelta(hours=48)
ENABLED = {"TimeToLiveStatus": "ENABLED", "AttributeName": "ttl"}
DISABLED = {"TimeToLiveStatus": "DISABLED"}


@pytest.fixture(autouse=True)
def frozen(ddb):
    ddb.clock.freeze(NOW)


@pytest.fixture
def orders(client):
    new_table(
        client,
        AttributeDefinitions=definitions(pk="S", a="S"),
        GlobalSecondaryIndexes=[an_index("gsi1", "a")],
    )


def specification(*, enabled=True, name="ttl"):
    return {"Enabled": enabled, "AttributeName": name}


def change(client, *, enabled=True, name="ttl"):
    return client.update_time_to_live(
        TableName="orders", TimeToLiveSpecification=specification(enabled=enabled, name=name)
    )


def shown(client):
    return client.describe_time_to_live(TableName="orders")["TimeToLiveDescription"]


def update_refusal(client, *, enabled=True, name="ttl"):
    return refusal(
        client.update_time_to_live,
        TableName="orders",
        TimeToLiveSpecification=specification(enabled=enabled, name=name),
    )


def put(client, name, after=timedelta(0), **more):
    ttl = str(int((NOW + after).timestamp()))
    client.put_item(
        TableName="orders", Item={"pk": {"S": name}, "ttl": {"N": ttl}, "a": {"S": "x"}, **more}
    )


def names(client):
    return sorted(item["pk"]["S"] for item in client.scan(TableName="orders")["Items"])


class TestUpdateTimeToLive:
    def test_enabled_and_disabled(self, client, ddb, orders):
        assert shown(client) == DISABLED
        assert change(client)["TimeToLiveSpecification"] == specification()
        assert shown(client) == ENABLED
        ddb.clock.advance(timedelta(hours=1))
        assert change(client, enabled=False)["TimeToLiveSpecification"] == specification(
            enabled=False
        )
        assert shown(client) == DISABLED

    def test_on_the_partition_key(self, client, orders):
        change(client, name="pk")
        assert shown(client)["AttributeName"] == "pk"

    def test_enabled_twice(self, client, orders):
        change(client)
        assert update_refusal(client) == "TimeToLive is already enabled"

    def test_disabled_twice(self, client, orders):
        assert update_refusal(client, enabled=False) == "TimeToLive is already disabled"

    @pytest.mark.parametrize("enabled", [True, False])
    def test_another_attribute(self, client, orders, enabled):
        change(client)
        assert update_refusal(client, enabled=enabled, name="other") == (
            "TimeToLive is active on a different AttributeName: current AttributeName is ttl"
        )
        assert shown(client) == ENABLED

    def test_one_change_an_hour(self, client, ddb, orders):
        change(client)
        text = "Time to live has been modified multiple times within a fixed interval"
        assert update_refusal(client, enabled=False) == text
        ddb.clock.advance(3599)
        assert update_refusal(client, enabled=False) == text
        ddb.clock.advance(1)
        change(client, enabled=False)
        assert update_refusal(client, name="other") == text
        ddb.clock.advance(3600)
        change(client, name="other")
        assert shown(client)["AttributeName"] == "other"

    @pytest.mark.parametrize("operation", ["update_time_to_live", "describe_time_to_live"])
    def test_a_table_that_is_not_there(self, client, operation):
        more = {"TimeToLiveSpecification": specification()} if operation[0] == "u" else {}
        assert refusal(getattr(client, operation), TableName="orders", **more) == (
            "ResourceNotFoundException: Requested resource not found: Table: orders not found"
        )

    @pytest.mark.parametrize(
        ("given", "text"),
        [
            (
                {"Enabled": True},
                (
                    "1 validation error detected: Value null at"
                    " 'timeToLiveSpecification.attributeName' failed to satisfy"
                    " constraint: Member must"
                    " not be null"
                ),
            ),
            (
                {"AttributeName": "a"},
                (
                    "1 validation error detected: Value null at 'timeToLiveSpecification.enabled'"
                    " failed to satisfy constraint: Member must not be null"
                ),
            ),
            (
                {"Enabled": True, "AttributeName": "a" * 256},
                (
                    f"1 validation error detected: Value '{'a' * 256}' at"
                    " 'timeToLiveSpecification.attributeName' failed to satisfy"
                    " constraint: Member must"
                    " have length less than or equal to 255"
                ),
            ),
        ],
    )
    def test_constraints(self, raw, orders, given, text):
        told = refusal(raw.update_time_to_live, TableName="orders", TimeToLiveSpecification=given)
        assert told == text

    def test_a_rollback_takes_it_back(self, client, ddb, orders):
        put(client, "a")
        with ddb.rollback():
            change(client)
            assert ddb.expire() == 1
        assert shown(client) == DISABLED
        assert names(client) == ["a"]
        assert ddb.expire() == 0


class TestSweeps:
    def test_expired_items_stay_readable(self, client, ddb, orders):
        change(client)
        put(client, "a")
        ddb.clock.advance(timedelta(hours=1))
        assert names(client) == ["a"]
        found = client.get_item(TableName="orders", Key={"pk": {"S": "a"}})
        assert "Item" in found

    def test_expire_sweeps_now(self, client, ddb, orders):
        change(client)
        put(client, "over")
        put(client, "later", timedelta(seconds=1))
        client.put_item(TableName="orders", Item={"pk": {"S": "never"}})
        assert ddb.expire() == 1
        assert names(client) == ["later", "never"]
        assert ddb.expire() == 0

    def test_items_that_were_there_before(self, client, ddb, orders):
        put(client, "a")
        assert ddb.expire() == 0
        change(client)
        assert ddb.expire() == 1

    def test_not_when_it_is_disabled_again(self, client, ddb, orders):
        put(client, "a")
        change(client)
        ddb.clock.advance(3600)
        change(client, enabled=False)
        assert ddb.expire() == 0
        ddb.clock.advance(timedelta(days=10))
        assert names(client) == ["a"]

    def test_a_changed_time_counts(self, client, ddb, orders):
        change(client)
        put(client, "a")
        put(client, "a", timedelta(days=1))
        assert ddb.expire() == 0
        client.update_item(
            TableName="orders", Key={"pk": {"S": "a"}}, UpdateExpression="REMOVE #t",
            ExpressionAttributeNames={"#t": "ttl"},
        )  # fmt: skip
        ddb.clock.advance(timedelta(days=30))
        assert names(client) == ["a"]

    def test_advance_sweeps_behind_the_window(self, client, ddb, orders):
        change(client)
        put(client, "a")
        put(client, "b", timedelta(seconds=1))
        ddb.clock.advance(WINDOW - timedelta(seconds=1))
        assert ddb.tables["orders"].item_count == 2
        ddb.clock.advance(1)
        assert ddb.tables["orders"].item_count == 1
        ddb.clock.advance(1)
        assert ddb.tables["orders"].item_count == 0

    def test_the_index_entry_goes_too(self, client, ddb, orders):
        change(client)
        put(client, "a")
        ddb.expire()
        assert index_description(client, "gsi1")["ItemCount"] == 0
        assert described(client)["TableSizeBytes"] == 0
        ddb.tables["orders"]._table._check()

    def test_nothing_is_charged(self, client, ddb, orders):
        change(client)
        put(client, "a")
        calls = len(ddb.calls)
        ddb.expire()
        assert len(ddb.calls) == calls

    def test_the_stream_tells_who_did_it(self, client, ddb):
        stream = {"StreamEnabled": True, "StreamViewType": "OLD_IMAGE"}
        arn = new_table(client, StreamSpecification=stream)["LatestStreamArn"]
        change(client)
        put(client, "a")
        ddb.expire()
        streams = boto3.client("dynamodbstreams")
        shard = streams.describe_stream(StreamArn=arn)["StreamDescription"]["Shards"][0]
        iterator = streams.get_shard_iterator(
            StreamArn=arn, ShardId=shard["ShardId"], ShardIteratorType="TRIM_HORIZON"
        )["ShardIterator"]
        insert, remove = streams.get_records(ShardIterator=iterator)["Records"]
        assert "userIdentity" not in insert
        assert remove["eventName"] == "REMOVE"
        assert remove["userIdentity"] == {
            "Type": "Service",
            "PrincipalId": "dynamodb.amazonaws.com",
        }
        assert remove["dynamodb"]["OldImage"]["pk"] == {"S": "a"}

    def test_all_regions_are_swept(self, ddb):
        for region in ("us-east-1", "eu-west-1"):
            client = boto3.client("dynamodb", region)
            new_table(client)
            change(client)
            put(client, "a")
        assert ddb.expire() == 2

    def test_a_rollback_brings_swept_items_back(self, client, ddb, orders):
        change(client)
        put(client, "a")
        with ddb.rollback():
            assert ddb.expire() == 1
        assert names(client) == ["a"]
        assert ddb.expire() == 1


class TestWindow:
    @pytest.mark.parametrize("window", [60, 60.0, timedelta(minutes=1)])
    def test_another_window(self, window):
        with mock_dynamodb(ttl_window=window, isolate=True) as ddb:
            ddb.clock.freeze(NOW)
            client = boto3.client("dynamodb", "us-east-1")
            new_table(client)
            change(client)
            put(client, "a")
            ddb.clock.advance(59)
            assert names(client) == ["a"]
            ddb.clock.advance(1)
            assert names(client) == []

    def test_no_window(self):
        with mock_dynamodb(ttl_window=0, isolate=True) as ddb:
            ddb.clock.freeze(NOW)
            client = boto3.client("dynamodb", "us-east-1")
            new_table(client)
            change(client)
            put(client, "a", timedelta(seconds=1))
            assert names(client) == ["a"]
            ddb.clock.advance(1)
            assert names(client) == []

    @pytest.mark.parametrize("window", [-1, "1", None, timedelta(-1)])
    def test_a_wrong_window(self, window):
        with pytest.raises(TypeError, match="the option ttl_window of mock_dynamodb"):
            mock_dynamodb(ttl_window=window)


class TestOtherClocks:
    def test_freezegun(self):
        with freeze_time(NOW) as moment, mock_dynamodb(isolate=True):
            client = boto3.client("dynamodb", "us-east-1")
            new_table(client)
            change(client)
            put(client, "a")
            assert names(client) == ["a"]
            moment.tick(WINDOW)
            assert names(client) == []

    def test_time_machine(self):
        with time_machine.travel(NOW, tick=False) as traveller, mock_dynamodb(isolate=True) as ddb:
            client = boto3.client("dynamodb", "us-east-1")
            new_table(client)
            change(client)
            put(client, "a")
            assert names(client) == ["a"]
            traveller.shift(WINDOW)
            assert ddb.tables["orders"].item_count == 0
