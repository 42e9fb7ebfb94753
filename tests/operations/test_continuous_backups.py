from __future__ import annotations

from datetime import datetime, timedelta, timezone

import boto3
import pytest

from ddbmock import mock_dynamodb
from tests.operations.table_helpers import new_table
from tests.refusals import refusal

NOW = datetime(2026, 11, 20, 12, tzinfo=timezone.utc)
DISABLED = {"PointInTimeRecoveryStatus": "DISABLED"}


@pytest.fixture(autouse=True)
def frozen(ddb):
    ddb.clock.freeze(NOW)


@pytest.fixture
def orders(client):
    return new_table(client)


def specification(*, enabled=True, days=None):
    period = {} if days is None else {"RecoveryPeriodInDays": days}
    return {"PointInTimeRecoveryEnabled": enabled, **period}


def update(client, *, enabled=True, days=None):
    return client.update_continuous_backups(
        TableName="orders",
        PointInTimeRecoverySpecification=specification(enabled=enabled, days=days),
    )["ContinuousBackupsDescription"]


def shown(client):
    response = client.describe_continuous_backups(TableName="orders")
    return response["ContinuousBackupsDescription"]


def recovery(client):
    return shown(client)["PointInTimeRecoveryDescription"]


def times(client):
    found = recovery(client)
    return found["EarliestRestorableDateTime"], found["LatestRestorableDateTime"]


def after(**duration):
    return NOW + timedelta(**duration)


# --- request validation --------------------------------------------------------------------------


def test_too_long_a_period(client, raw, orders):
    update(client, days=35)  # the test is skipped where the model has no period
    update(client, enabled=False)
    assert refusal(
        raw.update_continuous_backups,
        TableName="orders",
        PointInTimeRecoverySpecification=specification(days=36),
    ) == (
        "1 validation error detected: Value '36' at"
        " 'pointInTimeRecoverySpecification.recoveryPeriodInDays' failed to satisfy constraint:"
        " Member must have value less than or equal to 35"
    )


def test_a_switch_is_required(raw, orders):
    assert refusal(
        raw.update_continuous_backups, TableName="orders", PointInTimeRecoverySpecification={}
    ) == (
        "1 validation error detected: Value null at"
        " 'pointInTimeRecoverySpecification.pointInTimeRecoveryEnabled' failed to satisfy"
        " constraint: Member must not be null"
    )


@pytest.mark.parametrize("is_there", [True, False])
def test_a_period_for_nothing(client, is_there):
    if is_there:
        new_table(client)
    assert refusal(
        client.update_continuous_backups,
        TableName="orders",
        PointInTimeRecoverySpecification=specification(enabled=False, days=7),
    ) == (
        "Invalid Request: Cannot specify RecoveryPeriodInDays when disabling point-in-time"
        " recovery."
    )


# --- behaviour -----------------------------------------------------------------------------------


def test_a_table_that_never_had_it(client, orders):
    assert shown(client) == {
        "ContinuousBackupsStatus": "ENABLED",
        "PointInTimeRecoveryDescription": DISABLED,
    }
    by_arn = client.describe_continuous_backups(TableName=orders["TableArn"])
    assert by_arn["ContinuousBackupsDescription"] == shown(client)


def test_enabled(client, orders):
    assert update(client) == {
        "ContinuousBackupsStatus": "ENABLED",
        "PointInTimeRecoveryDescription": {
            "PointInTimeRecoveryStatus": "ENABLED",
            "RecoveryPeriodInDays": 35,
            "EarliestRestorableDateTime": NOW,
            "LatestRestorableDateTime": NOW,
        },
    }
    assert shown(client) == update(client)


def test_disabled(client, orders):
    assert update(client, enabled=False)["PointInTimeRecoveryDescription"] == DISABLED
    update(client)
    assert update(client, enabled=False)["PointInTimeRecoveryDescription"] == DISABLED
    assert recovery(client) == DISABLED
    assert shown(client)["ContinuousBackupsStatus"] == "ENABLED"


def test_the_latest_time_follows_five_minutes_behind(client, ddb, orders):
    update(client)
    ddb.clock.advance(minutes=5)
    assert times(client) == (NOW, NOW)
    ddb.clock.advance(90)
    assert times(client) == (NOW, after(seconds=90))


def test_the_earliest_time_follows_the_period(client, ddb, orders):
    update(client, days=2)
    ddb.clock.advance(days=2)
    assert times(client) == (NOW, after(days=2, minutes=-5))
    ddb.clock.advance(days=1)
    assert times(client)[0] == after(days=1)


def test_enabled_again(client, ddb, orders):
    update(client, days=7)
    ddb.clock.advance(hours=1)
    again = update(client)["PointInTimeRecoveryDescription"]
    assert again["EarliestRestorableDateTime"] == NOW
    assert again["RecoveryPeriodInDays"] == 7
    update(client, enabled=False)
    ddb.clock.advance(hours=1)
    update(client)
    assert times(client) == (after(hours=2), after(hours=2))
    assert recovery(client)["RecoveryPeriodInDays"] == 35


def test_another_period(client, ddb, orders):
    update(client, days=10)
    ddb.clock.advance(days=8)
    update(client, days=3)
    assert times(client)[0] == after(days=5)
    update(client, days=35)
    assert times(client)[0] == after(days=5)
    ddb.clock.advance(days=30)
    assert times(client)[0] == after(days=5)
    ddb.clock.advance(days=3)
    assert times(client)[0] == after(days=6)


def test_a_time_is_whole_seconds(client, ddb, orders):
    ddb.clock.advance(0.9)
    update(client)
    assert times(client) == (NOW, NOW)


def test_a_rollback_takes_it_back(client, ddb, orders):
    with ddb.rollback():
        update(client)
    assert recovery(client) == DISABLED
    update(client)
    with ddb.rollback():
        update(client, enabled=False)
    ddb.clock.advance(600)
    assert times(client) == (NOW, after(minutes=5))


def test_a_new_table_of_the_name_has_none(client, orders):
    update(client)
    client.delete_table(TableName="orders")
    new_table(client)
    assert recovery(client) == DISABLED


def test_no_history_without_it(client, ddb, orders):
    table = ddb.tables["orders"]._table
    assert table.history is None
    assert table.recorders == ()
    update(client)
    assert len(table.recorders) == 1
    update(client, enabled=False)
    assert table.history is None
    assert table.recorders == ()


# --- errors --------------------------------------------------------------------------------------


def refusals(client, name):
    return {
        refusal(client.describe_continuous_backups, TableName=name),
        refusal(
            client.update_continuous_backups,
            TableName=name,
            PointInTimeRecoverySpecification=specification(),
        ),
    }


def test_no_table(client):
    text = "TableNotFoundException: Table not found: orders"
    assert refusals(client, "orders") == {text}
    assert refusals(client, "arn:aws:dynamodb:us-east-1:123456789012:table/orders") == {text}


def test_a_table_of_another_region(client, orders):
    arn = orders["TableArn"].replace("us-east-1", "eu-west-1")
    text = f"1 validation error detected: Invalid AWS region in '{arn}'"
    assert refusals(client, arn) == {text}


def test_while_a_table_is_created_and_deleted():
    with mock_dynamodb(delays=10, isolate=True) as ddb:
        ddb.clock.freeze(NOW)
        client = boto3.client("dynamodb", "us-east-1")
        new_table(client)
        assert shown(client) == {
            "ContinuousBackupsStatus": "DISABLED",
            "PointInTimeRecoveryDescription": DISABLED,
        }
        assert refusal(
            client.update_continuous_backups,
            TableName="orders",
            PointInTimeRecoverySpecification=specification(),
        ) == (
            "ContinuousBackupsUnavailableException: Backups are being enabled for the table:"
            " orders. Please retry later"
        )
        ddb.clock.advance(10)
        assert shown(client)["ContinuousBackupsStatus"] == "ENABLED"
        client.delete_table(TableName="orders")
        text = "TableNotFoundException: Table not found: orders"
        assert refusals(client, "orders") == {text}


# --- the backup of a deleted table ---------------------------------------------------------------


def test_a_deleted_table_leaves_a_backup(client, ddb, orders):
    client.put_item(TableName="orders", Item={"pk": {"S": "a"}})
    update(client)
    ddb.clock.advance(1)
    client.delete_table(TableName="orders")
    (summary,) = client.list_backups(BackupType="SYSTEM")["BackupSummaries"]
    assert summary["BackupName"] == "orders$DeletedTableBackup"
    assert summary["BackupType"] == "SYSTEM"
    assert summary["BackupStatus"] == "AVAILABLE"
    assert summary["BackupArn"].endswith("-00000000")
    assert summary["BackupCreationDateTime"] == after(seconds=1)
    assert summary["BackupExpiryDateTime"] == after(days=35, seconds=1)
    description = client.describe_backup(BackupArn=summary["BackupArn"])["BackupDescription"]
    assert description["SourceTableFeatureDetails"] == {}
    assert description["SourceTableDetails"]["ItemCount"] == 1


def test_it_expires(client, ddb, orders):
    update(client)
    client.delete_table(TableName="orders")
    ddb.clock.advance(timedelta(days=35, seconds=-1))
    assert len(client.list_backups(BackupType="ALL")["BackupSummaries"]) == 1
    ddb.clock.advance(1)
    assert client.list_backups(BackupType="ALL")["BackupSummaries"] == []


def test_without_recovery_there_is_none(client, orders):
    update(client)
    update(client, enabled=False)
    client.delete_table(TableName="orders")
    assert client.list_backups(BackupType="ALL")["BackupSummaries"] == []


def test_two_at_one_time(client):
    for _ in range(2):
        new_table(client)
        update(client)
        client.delete_table(TableName="orders")
    arns = [
        each["BackupArn"] for each in client.list_backups(BackupType="SYSTEM")["BackupSummaries"]
    ]
    assert len(set(arns)) == 2
