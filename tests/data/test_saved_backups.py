"""Backups and point-in-time recovery in a saved state."""

from __future__ import annotations

import json
from datetime import datetime, timedelta, timezone

import boto3
import pytest

from ddbmock import mock_dynamodb
from ddbmock._internal.data import FileError
from tests.old_models import needs_complete_model
from tests.operations.table_helpers import ALL, an_index, definitions, new_table, provisioned

NOON = datetime(2026, 1, 31, 12, tzinfo=timezone.utc)
ON = {"PointInTimeRecoverySpecification": {"PointInTimeRecoveryEnabled": True}}


@pytest.fixture
def state(ddb, dynamodb_client, tmp_path):
    """The file of a backend with a backup of a deleted table, and one of the service."""
    client = dynamodb_client
    ddb.clock.freeze(NOON)
    new_table(
        client,
        AttributeDefinitions=definitions(pk="S", a="S"),
        GlobalSecondaryIndexes=[an_index("gsi", "a", Projection=ALL, **provisioned(2))],
        Tags=[{"Key": "a", "Value": "b"}],
        **provisioned(5),
    )
    ddb.load({"orders": [{"pk": "1", "a": "x"}, {"pk": "2"}]})
    client.create_backup(TableName="orders", BackupName="first")
    ddb.clock.advance(1)
    client.update_continuous_backups(TableName="orders", **ON)
    client.delete_table(TableName="orders")
    path = tmp_path / "state.json"
    ddb.save(path)
    return path


def everything(client):
    summaries = client.list_backups(BackupType="ALL")["BackupSummaries"]
    return [
        (summary, client.describe_backup(BackupArn=summary["BackupArn"])["BackupDescription"])
        for summary in summaries
    ]


def test_backups_are_as_they_were(state, dynamodb_client):
    before = everything(dynamodb_client)
    assert len(before) == 2
    with mock_dynamodb(isolate=True) as other:
        other.load(state)
        client = boto3.client("dynamodb", "us-east-1")
        assert everything(client) == before
        client.restore_table_from_backup(
            TargetTableName="restored", BackupArn=before[0][0]["BackupArn"]
        )
        assert [item["pk"] for item in other.tables["restored"].plain_items] == ["2", "1"]
        assert other.tables["restored"].indexes["gsi"].item_count == 1
        other.clock.advance(timedelta(days=35))
        assert len(everything(client)) == 1


def test_what_ends_at_a_time_is_there_whatever_the_time_is_now(tmp_path):
    """Reading a table must not end what is over today, but not at the time of the state."""
    path = tmp_path / "state.json"
    with mock_dynamodb(isolate=True) as ddb:
        ddb.clock.freeze(datetime(2020, 1, 1, tzinfo=timezone.utc))
        client = boto3.client("dynamodb", "eu-west-1")
        stream = {"StreamEnabled": True, "StreamViewType": "KEYS_ONLY"}
        new_table(client, StreamSpecification=stream)
        client.update_continuous_backups(TableName="orders", **ON)
        client.delete_table(TableName="orders")
        new_table(boto3.client("dynamodb", "us-east-1"))
        ddb.save(path)
    with mock_dynamodb(isolate=True) as other:
        other.load(path)
        [backup] = client.list_backups(BackupType="SYSTEM")["BackupSummaries"]
        assert backup["BackupName"] == "orders$DeletedTableBackup"
        streams = boto3.client("dynamodbstreams", "eu-west-1")
        assert len(streams.list_streams(TableName="orders")["Streams"]) == 1
        other.clock.advance(timedelta(days=35))
        assert streams.list_streams(TableName="orders")["Streams"] == []
        assert client.list_backups(BackupType="SYSTEM")["BackupSummaries"] == []


def test_it_can_be_saved_again(state, tmp_path):
    with mock_dynamodb(isolate=True) as other:
        other.load(state)
        other.save(tmp_path / "again.json")
    assert (tmp_path / "again.json").read_text() == state.read_text()


@pytest.fixture
def past(ddb, dynamodb_client, tmp_path):
    """The file of a table with point-in-time recovery, and the times of its states."""
    client = dynamodb_client
    ddb.clock.freeze(NOON)
    new_table(client, **provisioned(5))
    client.update_continuous_backups(TableName="orders", **ON)
    ddb.load({"orders": [{"pk": "1", "n": 1}, {"pk": "2"}]})
    ddb.clock.advance(60)
    client.update_table(
        TableName="orders",
        AttributeDefinitions=definitions(a="S"),
        GlobalSecondaryIndexUpdates=[{"Create": an_index("gsi", "a", **provisioned(2))}],
    )
    ddb.load({"orders": [{"pk": "1", "n": 2}, {"pk": "3", "a": "x"}]})
    ddb.clock.advance(60)
    client.delete_item(TableName="orders", Key={"pk": {"S": "2"}})
    ddb.clock.advance(hours=1)
    client.delete_item(TableName="orders", Key={"pk": {"S": "3"}})
    path = tmp_path / "state.json"
    ddb.save(path)
    return path


def restored(client, ddb):
    """Each past state of the table: its items, and whether it had the index."""
    states = []
    for number, seconds in enumerate((0, 59, 60, 119, 120)):
        name = f"restored-{number}"
        client.restore_table_to_point_in_time(
            SourceTableName="orders",
            TargetTableName=name,
            RestoreDateTime=NOON + timedelta(seconds=seconds),
        )
        table = ddb.tables[name]
        states.append((sorted(map(str, table.plain_items)), list(table.indexes)))
    return states


def test_the_past_is_as_it_was(past, ddb, dynamodb_client):
    before = restored(dynamodb_client, ddb)
    assert len({str(state) for state in before}) == 3
    with mock_dynamodb(isolate=True) as other:
        other.load(past)
        client = boto3.client("dynamodb", "us-east-1")
        assert restored(client, other) == before
        # It continues from there.
        other.clock.advance(hours=1)
        client.delete_item(TableName="orders", Key={"pk": {"S": "1"}})
        response = client.describe_continuous_backups(TableName="orders")
        recovery = response["ContinuousBackupsDescription"]["PointInTimeRecoveryDescription"]
        assert recovery["EarliestRestorableDateTime"] == NOON
        client.restore_table_to_point_in_time(
            SourceTableName="orders", TargetTableName="latest", UseLatestRestorableTime=True
        )
        assert other.tables["latest"].plain_items == [{"pk": "1", "n": 2}]


def test_the_past_can_be_saved_again(past, tmp_path):
    with mock_dynamodb(isolate=True) as other:
        other.load(past)
        other.save(tmp_path / "again.json")
    assert (tmp_path / "again.json").read_text() == past.read_text()


def test_a_load_of_a_past_can_be_rolled_back(past):
    with mock_dynamodb(isolate=True) as other:
        with other.rollback():
            other.load(past)
        assert not other.tables
        other.load(past)
        assert other.tables["orders"].item_count == 1


def test_a_past_while_an_index_is_being_deleted(tmp_path):
    with mock_dynamodb(isolate=True, delays=60) as ddb:
        ddb.clock.freeze(NOON)
        client = boto3.client("dynamodb", "us-east-1")
        new_table(
            client,
            AttributeDefinitions=definitions(pk="S", a="S"),
            GlobalSecondaryIndexes=[an_index("gsi", "a", Projection=ALL)],
        )
        ddb.clock.advance(61)
        client.update_continuous_backups(TableName="orders", **ON)
        ddb.load({"orders": [{"pk": "1", "a": "x"}]})
        ddb.clock.advance(30)
        action = {"Delete": {"IndexName": "gsi"}}
        client.update_table(TableName="orders", GlobalSecondaryIndexUpdates=[action])
        ddb.clock.advance(30)
        arn = client.describe_table(TableName="orders")["Table"]["TableArn"]
        # The definition that this replaces has an index that is being deleted.
        client.tag_resource(ResourceArn=arn, Tags=[{"Key": "a", "Value": "b"}])
        ddb.save(tmp_path / "state.json")
    with mock_dynamodb(isolate=True) as other:
        other.load(tmp_path / "state.json")
        other.clock.advance(hours=1)
        for seconds, indexes in ((62, ["gsi"]), (100, []), (121, [])):
            name = f"restored-{seconds}"
            boto3.client("dynamodb", "us-east-1").restore_table_to_point_in_time(
                SourceTableName="orders",
                TargetTableName=name,
                RestoreDateTime=NOON + timedelta(seconds=seconds),
            )
            assert list(other.tables[name].indexes) == indexes


def test_a_past_while_its_table_is_being_deleted(tmp_path):
    with mock_dynamodb(isolate=True, delays=60) as ddb:
        client = boto3.client("dynamodb", "us-east-1")
        new_table(client)
        ddb.settle()
        client.update_continuous_backups(TableName="orders", **ON)
        client.delete_table(TableName="orders")
        ddb.save(tmp_path / "state.json")
    with mock_dynamodb(isolate=True) as other:
        other.load(tmp_path / "state.json")
        assert not other.tables
        client = boto3.client("dynamodb", "us-east-1")
        (summary,) = client.list_backups(BackupType="SYSTEM")["BackupSummaries"]
        assert summary["BackupName"] == "orders$DeletedTableBackup"


WRONG_PASTS = [
    ("past", "table_name", "users", "no table users with point-in-time recovery before it"),
    ("past", "begins_at", "x", "past.begins_at takes a time in seconds, not 'x'"),
    ("replaced", "key", {"x": {"S": "1"}}, "the key is not that of the table"),
    ("replaced", "key", {"pk": {"N": "1"}}, "the key is not that of the table"),
    ("replaced", "old", {"pk": {"S": "other"}}, "the item has another key"),
    ("redefined", "settings", {}, "redefined.settings.table_id is missing"),
    pytest.param(
        *("redefined", "definition", {"TableName": "orders"}, "Value null at 'keySchema' failed"),
        marks=needs_complete_model,
    ),
]


@pytest.mark.parametrize(("kind", "member", "value", "problem"), WRONG_PASTS)
def test_a_damaged_past(past, kind, member, value, problem):
    lines = past.read_text().splitlines()
    number = next(at for at, line in enumerate(lines) if line.startswith(f'{{"{kind}"'))
    lines[number] = changed(lines[number], f"{kind}.{member}", value)
    past.write_text("\n".join(lines))
    with mock_dynamodb(isolate=True) as other:
        with pytest.raises(FileError) as raised:
            other.load(past)
        assert problem in raised.value.problem
        assert not other.tables


def test_a_database(tmp_path):
    path = tmp_path / "shop.sqlite"
    with mock_dynamodb(isolate=True, db=path) as ddb:
        client = boto3.client("dynamodb", "us-east-1")
        new_table(client)
        ddb.load({"orders": [{"pk": "1"}, {"pk": "2"}]})
        details = client.create_backup(TableName="orders", BackupName="first")["BackupDetails"]
        client.restore_table_from_backup(TargetTableName="restored", BackupArn=details["BackupArn"])
        client.update_continuous_backups(TableName="restored", **ON)
        client.delete_table(TableName="orders")
        before = everything(client)
    with mock_dynamodb(isolate=True, db=path) as ddb:
        client = boto3.client("dynamodb", "us-east-1")
        assert everything(client) == before
        assert ddb.tables["restored"].item_count == 2
        client.restore_table_from_backup(TargetTableName="orders", BackupArn=details["BackupArn"])
        client.restore_table_to_point_in_time(
            SourceTableName="restored", TargetTableName="again", UseLatestRestorableTime=True
        )
        client.delete_backup(BackupArn=details["BackupArn"])
    with mock_dynamodb(isolate=True, db=path) as ddb:
        assert everything(boto3.client("dynamodb", "us-east-1")) == []
        assert {table.item_count for table in ddb.tables.values()} == {2}


WRONG = [
    (2, "backup.kind", "OTHER", "no such backup can be"),
    (2, "backup.backup_id", "", "no such backup can be"),
    (2, "backup.backup_id", "a/b", "no such backup can be"),
    (2, "backup.size_bytes", "x", "backup.size_bytes takes a whole number, not 'x'"),
    (2, "backup.settings.table_id", 5, "backup.settings.table_id takes text, not 5"),
    (2, "backup.settings.indexes", {}, "settings.indexes are not those of the definition"),
    (3, "backup_item.pk", {"N": "1"}, "One or more parameter values were invalid: Type mismatch"),
    (4, "backup_item.pk", {"S": "2"}, "the backup has an item with this key already"),
]


def changed(line, path, value):
    line = json.loads(line)
    *steps, last = path.split(".")
    inner = line
    for step in steps:
        inner = inner[step]
    inner[last] = value
    return json.dumps(line)


@pytest.mark.parametrize(("number", "path", "value", "problem"), WRONG)
def test_a_damaged_backup(state, number, path, value, problem):
    lines = state.read_text().splitlines()
    lines[number] = changed(lines[number], path, value)
    state.write_text("\n".join(lines))
    with mock_dynamodb(isolate=True) as other:
        with pytest.raises(FileError) as raised:
            other.load(state)
        assert raised.value.problem.startswith(f"damaged: {problem}")
        assert everything(boto3.client("dynamodb", "us-east-1")) == []


def test_an_item_without_its_backup(state):
    lines = state.read_text().splitlines()
    state.write_text("\n".join([*lines[:2], *lines[3:]]))
    with mock_dynamodb(isolate=True) as other, pytest.raises(FileError, match="no backup before"):
        other.load(state)


def test_a_backup_that_exists_already(state):
    with mock_dynamodb(isolate=True) as other:
        other.load(state)
        with pytest.raises(FileError, match=r"the backup arn:aws:dynamodb:.* exists already"):
            other.load(state)
