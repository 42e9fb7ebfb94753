"""Copies of backends in memory: everything is there, and the copy is independent."""

from __future__ import annotations

import boto3
import pytest

from ddbmock import mock_dynamodb
from ddbmock._internal.data.saved_state import copy_backend, copy_tables
from ddbmock._internal.engine.backups import backups_of


@pytest.fixture
def source(shop, dynamodb_client):
    """The backend of the shop, with a stream, an expiring item and a frozen clock."""
    shop.clock.freeze("2026-01-31T12:00:00Z")
    dynamodb_client.update_table(
        TableName="orders",
        StreamSpecification={"StreamEnabled": True, "StreamViewType": "NEW_AND_OLD_IMAGES"},
    )
    dynamodb_client.update_time_to_live(
        TableName="customers",
        TimeToLiveSpecification={"Enabled": True, "AttributeName": "until"},
    )
    shop.load({"orders": [{"orderId": "a", "customerId": 7}, {"orderId": "b", "customerId": 8}]})
    shop.load({"customers": [{"customerId": 7, "until": 1769860860}]})
    return shop._backend


def state(ddb, region="us-east-1"):
    views = ddb.regions[region].tables
    return [
        (name, view.items, {each: index.items for each, index in view.indexes.items()})
        for name, view in views.items()
    ]


def test_a_complete_backend(source, shop):
    with mock_dynamodb(isolate=True) as other:
        copy_backend(source, other._backend)
        assert state(other) == state(shop)
        assert other.clock.now() == shop.clock.now()
        records = other.tables["orders"].stream.records
        assert records == shop.tables["orders"].stream.records
        assert len(records) == 2
        for table in other._backend.region("us-east-1").tables.values():
            table._check()
        other.clock.advance(days=3)
        assert other.tables["customers"].item_count == 0
    assert shop.tables["customers"].item_count == 1


def test_backups_and_the_past(source, shop, dynamodb_client):
    recovery = {"PointInTimeRecoverySpecification": {"PointInTimeRecoveryEnabled": True}}
    dynamodb_client.update_continuous_backups(TableName="orders", **recovery)
    details = dynamodb_client.create_backup(TableName="orders", BackupName="backup")
    arn = details["BackupDetails"]["BackupArn"]
    began_at = shop.clock.now()
    shop.clock.advance(60)
    dynamodb_client.delete_item(TableName="orders", Key={"orderId": {"S": "a"}})
    shop.clock.advance(hours=1)
    with mock_dynamodb(isolate=True) as other:
        copy_backend(source, other._backend)
        client = boto3.client("dynamodb", "us-east-1")
        client.restore_table_from_backup(TargetTableName="from-backup", BackupArn=arn)
        client.restore_table_to_point_in_time(
            SourceTableName="orders", TargetTableName="then", RestoreDateTime=began_at
        )
        assert other.tables["orders"].item_count == 1
        assert other.tables["from-backup"].items == other.tables["then"].items
        assert other.tables["then"].item_count == 2
        (stored,) = {id(each) for each in _items(source, arn)} & {
            id(each) for each in other._backend.region("us-east-1").tables["orders"].items.values()
        }
        assert stored
        client.delete_backup(BackupArn=arn)
    assert dynamodb_client.list_backups()["BackupSummaries"] != []


def _items(backend, arn):
    return backups_of(backend.region("us-east-1")).records[arn].items.values()


def test_tables_into_another_region(source, shop):
    with mock_dynamodb(isolate=True) as other:
        other.clock.freeze("2026-01-31T12:00:00Z")
        copy_tables(source.region("us-east-1"), other._backend.region("eu-west-1"))
        assert state(other, "eu-west-1") == state(shop)
        stream = other.tables["orders"].stream
        assert ":eu-west-1:" in stream.arn
        assert len(stream.records) == 2
        client = boto3.client("dynamodb", "eu-west-1")
        client.put_item(TableName="orders", Item={"orderId": {"S": "c"}})
        assert len(stream.records) == 3
    assert shop.tables["orders"].item_count == 2


def test_items_into_tables_that_exist(source, shop):
    with mock_dynamodb(isolate=True) as other:
        client = boto3.client("dynamodb", "us-east-1")
        client.create_table(
            TableName="orders",
            KeySchema=[{"AttributeName": "orderId", "KeyType": "HASH"}],
            AttributeDefinitions=[{"AttributeName": "orderId", "AttributeType": "S"}],
            BillingMode="PAY_PER_REQUEST",
        )
        client.put_item(TableName="orders", Item={"orderId": {"S": "own"}})
        copy_tables(source.region("us-east-1"), other._backend.region("us-east-1"))
        assert {item["orderId"]["S"] for item in other.tables["orders"].items} == {"a", "b", "own"}
        assert other.tables["orders"].indexes == {}
        assert sorted(other.tables) == ["customers", "orders"]
    assert shop.tables["orders"].item_count == 2


def test_a_copy_that_fails_leaves_nothing(source, monkeypatch):
    with mock_dynamodb(isolate=True) as other:
        boto3.client("dynamodb", "us-east-1").create_table(
            TableName="orders",
            KeySchema=[{"AttributeName": "orderId", "KeyType": "HASH"}],
            AttributeDefinitions=[{"AttributeName": "orderId", "AttributeType": "S"}],
            BillingMode="PAY_PER_REQUEST",
        )

        def fail(_):
            raise ZeroDivisionError

        monkeypatch.setattr("ddbmock._internal.data.saved_state.copying.LoadedState.finish", fail)
        with pytest.raises(ZeroDivisionError):
            copy_tables(source.region("us-east-1"), other._backend.region("us-east-1"))
        assert list(other.tables) == ["orders"]
        assert other.tables["orders"].items == []
        other._backend.region("us-east-1").tables["orders"]._check()
