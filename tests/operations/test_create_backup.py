from __future__ import annotations

import re
from datetime import datetime, timezone

import boto3
import pytest

from ddbmock import mock_dynamodb
from tests.operations.table_helpers import new_table, provisioned, units, update
from tests.refusals import refusal

NOW = datetime(2026, 11, 20, 12, 0, 0, 123_000, tzinfo=timezone.utc)
NOT_FOUND = "TableNotFoundException: Table not found: orders"


@pytest.fixture(autouse=True)
def frozen(ddb):
    ddb.clock.freeze(NOW)


def back_up(client, table="orders", name="backup"):
    return client.create_backup(TableName=table, BackupName=name)["BackupDetails"]


# --- request validation --------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("request_", "texts"),
    [
        (
            {"TableName": "orders"},
            ["Value null at 'backupName' failed to satisfy constraint: Member must not be null"],
        ),
        (
            {"TableName": "orders", "BackupName": "ab"},
            [
                (
                    "Value 'ab' at 'backupName' failed to satisfy constraint: Member must have"
                    " length greater than or equal to 3"
                )
            ],
        ),
        (
            {"TableName": "orders", "BackupName": "a backup"},
            [
                (
                    "Value 'a backup' at 'backupName' failed to satisfy constraint: Member must"
                    " satisfy regular expression pattern: [a-zA-Z0-9_.-]+"
                )
            ],
        ),
        (
            {"BackupName": "backup"},
            ["Value null at 'tableName' failed to satisfy constraint: Member must not be null"],
        ),
    ],
)
def test_constraints(raw, request_, texts):
    text = f"{len(texts)} validation error detected: {'; '.join(texts)}"
    assert refusal(raw.create_backup, **request_) == text


# --- behaviour -----------------------------------------------------------------------------------


def test_the_answer(client):
    new_table(client)
    client.put_item(TableName="orders", Item={"pk": {"S": "abc"}})
    details = back_up(client, name="first")
    arn = details.pop("BackupArn")
    assert details == {
        "BackupName": "first",
        "BackupSizeBytes": 5,
        "BackupStatus": "CREATING",
        "BackupType": "USER",
        "BackupCreationDateTime": NOW,
    }
    milliseconds = f"{int(NOW.timestamp()) * 1000 + 123:014}"
    pattern = rf"arn:aws:dynamodb:us-east-1:123456789012:table/orders/backup/{milliseconds}-\w{{8}}"
    assert re.fullmatch(pattern, arn)
    assert client.describe_backup(BackupArn=arn)["BackupDescription"]["BackupDetails"] == {
        **details,
        "BackupArn": arn,
        "BackupStatus": "AVAILABLE",
    }


def test_by_arn(client):
    arn = new_table(client)["TableArn"]
    assert back_up(client, arn)["BackupArn"].startswith(f"{arn}/backup/")


def test_one_name_for_several_backups(client):
    new_table(client)
    assert len({back_up(client)["BackupArn"] for _ in range(60)}) == 60


def test_items_are_shared_with_the_table(client, ddb):
    new_table(client)
    client.put_item(TableName="orders", Item={"pk": {"S": "a"}})
    arn = back_up(client)["BackupArn"]
    (stored,) = ddb.tables["orders"]._table.items.values()
    region = ddb._backend.region("us-east-1")
    (backup,) = [
        record for records in region.store for key, record in records.records.items() if key == arn
    ]
    assert list(backup.items.values()) == [stored]
    assert next(iter(backup.items.values())) is stored


def test_a_rollback_takes_it_back(client, ddb):
    new_table(client)
    with ddb.rollback():
        back_up(client)
    assert client.list_backups()["BackupSummaries"] == []


# --- errors --------------------------------------------------------------------------------------


def test_no_table(client):
    assert refusal(client.create_backup, TableName="orders", BackupName="backup") == NOT_FOUND


def test_by_the_status_of_the_table():
    with mock_dynamodb(delays=10, isolate=True) as ddb:
        ddb.clock.freeze(NOW)
        client = boto3.client("dynamodb", "us-east-1")
        new_table(client, **provisioned(5))
        assert refusal(client.create_backup, TableName="orders", BackupName="new") == NOT_FOUND
        ddb.clock.advance(10)
        update(client, ProvisionedThroughput=units(6))
        back_up(client, name="updating")
        ddb.clock.advance(10)
        client.delete_table(TableName="orders")
        assert refusal(client.create_backup, TableName="orders", BackupName="old") == NOT_FOUND
        (summary,) = client.list_backups()["BackupSummaries"]
        assert summary["BackupName"] == "updating"
