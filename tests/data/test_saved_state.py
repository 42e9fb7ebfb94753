"""`ddb.save`, and `ddb.load` of what it wrote: tables with everything set on them, items, clock."""

from __future__ import annotations

import json
from datetime import datetime, timedelta, timezone

import boto3
import pytest

from ddbmock import mock_dynamodb
from ddbmock.data import FileError

NOON = datetime(2026, 1, 31, 12, tzinfo=timezone.utc)


@pytest.fixture
def rich_world(shop, dynamodb_client, tmp_path):
    """A backend with a second region, a stream, tags and a time to live, saved."""
    shop.clock.freeze(NOON)
    shop.load({"orders": [{"orderId": "o-1", "customerId": 7, "blob": b"x", "until": 1}]})
    boto3.client("dynamodb", "eu-west-1").create_table(
        TableName="events",
        KeySchema=[
            {"AttributeName": "pk", "KeyType": "HASH"},
            {"AttributeName": "sk", "KeyType": "RANGE"},
        ],
        AttributeDefinitions=[
            {"AttributeName": name, "AttributeType": kind}
            for name, kind in (("pk", "S"), ("sk", "B"), ("at", "N"))
        ],
        LocalSecondaryIndexes=[
            {
                "IndexName": "byTime",
                "KeySchema": [
                    {"AttributeName": "pk", "KeyType": "HASH"},
                    {"AttributeName": "at", "KeyType": "RANGE"},
                ],
                "Projection": {"ProjectionType": "INCLUDE", "NonKeyAttributes": ["what"]},
            }
        ],
        ProvisionedThroughput={"ReadCapacityUnits": 3, "WriteCapacityUnits": 4},
        StreamSpecification={"StreamEnabled": True, "StreamViewType": "NEW_IMAGE"},
        Tags=[{"Key": "team", "Value": "shop"}],
        DeletionProtectionEnabled=True,
    )
    shop.load({"events": [{"pk": "a", "sk": b"1", "at": 5, "what": "x"}]})
    path = tmp_path / "world.json"
    shop.save(path)
    return path


def descriptions(region, name):
    client = boto3.client("dynamodb", region)
    table = client.describe_table(TableName=name)["Table"]
    # A stream is a new one in the loaded backend.
    streams = [table.pop(member, None) for member in ("LatestStreamArn", "LatestStreamLabel")]
    tags = client.list_tags_of_resource(ResourceArn=table["TableArn"])["Tags"]
    return table, all(streams), tags


def test_a_saved_world_is_as_it_was(rich_world, shop):
    before = [descriptions("us-east-1", "orders"), descriptions("eu-west-1", "events")]
    items = [shop.tables[name].items for name in ("orders", "events")]
    with mock_dynamodb(isolate=True) as other:
        assert other.load(rich_world) == 2
        after = [descriptions("us-east-1", "orders"), descriptions("eu-west-1", "events")]
        assert after == before
        assert [other.tables[name].items for name in ("orders", "events")] == items
        assert other.tables["orders"].indexes["byCustomer"].item_count == 1
        assert other.clock.now() == NOON
        assert other.clock.is_frozen
        assert other.tables["events"].stream.records == []
        other._backend.region("eu-west-1").tables["events"]._check()


def test_a_time_to_live_goes_on(shop, dynamodb_client, tmp_path):
    shop.clock.freeze(NOON)
    dynamodb_client.update_time_to_live(
        TableName="orders",
        TimeToLiveSpecification={"AttributeName": "until", "Enabled": True},
    )
    shop.load({"orders": [{"orderId": "o-1", "until": int(NOON.timestamp()) + 60}]})
    shop.save(tmp_path / "world.json")
    with mock_dynamodb(isolate=True) as other:
        other.load(tmp_path / "world.json")
        assert other.tables["orders"].item_count == 1
        other.clock.advance(timedelta(days=3))
        assert other.tables["orders"].item_count == 0


def test_a_moved_clock_goes_on_from_where_it_was(shop, tmp_path):
    shop.clock.advance(days := timedelta(days=3))
    shop.save(tmp_path / "world.json")
    with mock_dynamodb(isolate=True) as other:
        other.load(tmp_path / "world.json")
        moved = other.clock.now() - datetime.now(timezone.utc)
        assert abs(moved - days) < timedelta(seconds=60)
        assert not other.clock.is_frozen


def test_the_clock_of_a_world_that_was_not_moved_is_left_alone(shop, tmp_path):
    shop.save(tmp_path / "world.json.gz")
    with mock_dynamodb(isolate=True) as other:
        other.clock.freeze(NOON)
        other.load(tmp_path / "world.json.gz")
        assert other.clock.now() == NOON


def test_after_a_reset_it_is_there_again(rich_world, shop):
    shop.reset()
    shop.load(rich_world)
    assert sorted(shop.tables) == ["customers", "orders"]


def test_a_table_that_is_there_already(rich_world, shop):
    with mock_dynamodb(isolate=True) as other:
        other.load(rich_world)
        with pytest.raises(FileError) as raised:
            other.load(rich_world)
    assert str(raised.value) == (
        f"{rich_world}: the table customers is in us-east-1 already; reset() first, or delete it"
    )


def test_a_damaged_world_leaves_nothing(rich_world, shop):
    document = json.loads(rich_world.read_text())
    del document["tables"][-1]["key_schema"]
    rich_world.write_text(json.dumps(document))
    with mock_dynamodb(isolate=True) as other:
        with pytest.raises(FileError) as raised:
            other.load(rich_world)
        assert not other.tables
        assert not other.clock.is_frozen
    assert raised.value.problem == "the saved state is damaged: KeyError: 'key_schema'"


def test_a_world_of_another_version(tmp_path, ddb):
    path = tmp_path / "world.json"
    path.write_text('{"ddbmock": {"version": 99}}')
    with pytest.raises(FileError, match="a backend of version 99; this ddbmock reads version 1"):
        ddb.load(path)


def test_a_world_is_not_for_one_table(rich_world, shop):
    with pytest.raises(FileError, match="this is a saved state; load it without table="):
        shop.load(rich_world, table="orders")
