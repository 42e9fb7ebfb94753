from __future__ import annotations

from datetime import datetime, timedelta, timezone

import pytest

from tests.operations.table_helpers import (
    ON_DEMAND,
    an_index,
    definitions,
    described,
    index_names,
    new_table,
    provisioned,
    units,
    update,
)
from tests.refusals import refusal

NOW = datetime(2026, 11, 20, 12, tzinfo=timezone.utc)
TABLE_ARN = "arn:aws:dynamodb:us-east-1:123456789012:table/orders"
INVALID = "Invalid Request: "
SOURCE = {"SourceTableName": "orders"}
LATEST = {"UseLatestRestorableTime": True}
TARGET = {"TargetTableName": "restored"}


@pytest.fixture(autouse=True)
def frozen(ddb):
    ddb.clock.freeze(NOW)


def enable(client, name="orders", days=None):
    period = {} if days is None else {"RecoveryPeriodInDays": days}
    client.update_continuous_backups(
        TableName=name,
        PointInTimeRecoverySpecification={"PointInTimeRecoveryEnabled": True, **period},
    )


@pytest.fixture
def orders(client):
    new_table(client)
    enable(client)


def put(client, name, number=0):
    client.put_item(TableName="orders", Item={"pk": {"S": name}, "n": {"N": str(number)}})


def shown(client, table="restored"):
    found = client.scan(TableName=table)["Items"]
    return {item["pk"]["S"]: int(item["n"]["N"]) for item in found}


def restore(client, at=None, name="restored", **more):
    time = LATEST if at is None else {"RestoreDateTime": at}
    response = client.restore_table_to_point_in_time(
        **{**SOURCE, "TargetTableName": name, **time, **more}
    )
    return response["TableDescription"]


def after(**duration):
    return NOW + timedelta(**duration)


# --- request validation --------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("request_", "text"),
    [
        (
            {**SOURCE, **LATEST, "RestoreDateTime": NOW},
            (
                f"{INVALID}Both RestoreDateTime and UseLatestRestorableTime cannot be set for"
                " point-in-time restore request. Please specify either RestoreDateTime time or"
                " UseLatestRestorableTime"
            ),
        ),
        (
            SOURCE,
            (
                f"{INVALID}Either one of RestoreDateTime or UseLatestRestorableTime must be"
                " specified, but not both"
            ),
        ),
        (
            {**SOURCE, "UseLatestRestorableTime": False},
            (
                f"{INVALID}Either one of RestoreDateTime or UseLatestRestorableTime must be"
                " specified, but not both"
            ),
        ),
        (
            {**SOURCE, **LATEST, "SourceTableArn": TABLE_ARN},
            "Must provide exactly one of: sourceTableArn, sourceTableName",
        ),
        (LATEST, "The parameter 'TableName' is required but was not present in the request"),
        (
            {**LATEST, "SourceTableArn": "orders"},
            "One or more parameter values were invalid: ARNs must start with 'arn:': orders",
        ),
        ({**LATEST, "SourceTableArn": "arn:aws:nothing"}, "sourceTableArn is not a valid ARN"),
        (
            {**LATEST, "SourceTableArn": TABLE_ARN.replace("123456789012", "1" * 12)},
            "This action is only supported by accounts that match the resource owner’s account.",  # noqa: RUF001
        ),
        (
            {**LATEST, "SourceTableArn": TABLE_ARN.replace("us-east-1", "eu-west-1")},
            f"{INVALID}sseSpecificationOverride must be provided for cross-region restores",
        ),
        ({**SOURCE, **LATEST}, "TableNotFoundException: Table not found: orders"),
        (
            {**LATEST, "SourceTableArn": TABLE_ARN},
            "TableNotFoundException: Table not found: orders",
        ),
    ],
)
def test_requests(raw, request_, text):
    assert refusal(raw.restore_table_to_point_in_time, **TARGET, **request_) == text


def test_warm_throughput(client, orders):
    index = an_index("gsi", "a", WarmThroughput={"ReadUnitsPerSecond": 13_000})
    assert (
        refusal(
            client.restore_table_to_point_in_time,
            GlobalSecondaryIndexOverride=[index],
            **SOURCE,
            **TARGET,
            **LATEST,
        )
        == f"{INVALID}WarmThroughput cannot be overridden for indexes: [gsi]"
    )


# --- behaviour -----------------------------------------------------------------------------------


def test_each_second_can_be_restored(client, ddb, orders):
    states = {}
    steps = [
        lambda: put(client, "a", 1),
        lambda: put(client, "b", 1),
        lambda: put(client, "a", 2),
        lambda: client.delete_item(TableName="orders", Key={"pk": {"S": "b"}}),
        lambda: put(client, "b", 3),
        lambda: client.delete_item(TableName="orders", Key={"pk": {"S": "a"}}),
    ]
    for step in steps:
        step()
        states[ddb.clock.now()] = shown(client, "orders")
        ddb.clock.advance(1)
    ddb.clock.advance(hours=1)
    for number, (at, state) in enumerate(states.items()):
        restore(client, at, f"restored-{number}")
        assert shown(client, f"restored-{number}") == state
    assert shown(client, "orders") == {"b": 3}


def test_a_second_is_complete(client, ddb, orders):
    ddb.clock.advance(0.25)
    put(client, "a")
    ddb.clock.advance(0.5)
    put(client, "b")
    ddb.clock.advance(0.5)
    put(client, "c")
    ddb.clock.advance(hours=1)
    restore(client, NOW)
    assert shown(client) == {"a": 0, "b": 0}


def test_the_latest_time_is_some_minutes_ago(client, ddb, orders):
    put(client, "a")
    ddb.clock.advance(minutes=4)
    put(client, "b")
    ddb.clock.advance(minutes=4)
    response = restore(client)
    assert response["RestoreSummary"]["RestoreDateTime"] == after(minutes=3)
    assert shown(client) == {"a": 0}


def test_the_latest_time_is_there_at_once(client, ddb):
    new_table(client)
    put(client, "a")
    enable(client)
    ddb.clock.advance(1)
    put(client, "b")
    restore(client)
    assert shown(client) == {"a": 0}


def test_the_answer(client, ddb, orders):
    ddb.clock.advance(hours=1)
    response = restore(client, NOW)
    assert response["TableStatus"] == "ACTIVE"
    assert response["RestoreSummary"] == {
        "SourceTableArn": TABLE_ARN,
        "RestoreDateTime": NOW,
        "RestoreInProgress": False,
    }
    assert described(client, "restored")["CreationDateTime"] == after(hours=1)


def test_by_arn(client, orders):
    put(client, "a")
    client.restore_table_to_point_in_time(SourceTableArn=TABLE_ARN, **TARGET, **LATEST)
    assert shown(client) == {"a": 0}


def test_from_another_region(client, elsewhere, orders):
    put(client, "a")
    elsewhere.restore_table_to_point_in_time(
        SourceTableArn=TABLE_ARN, SSESpecificationOverride={}, **TARGET, **LATEST
    )
    assert shown(elsewhere) == {"a": 0}
    assert client.list_tables()["TableNames"] == ["orders"]


def test_indexes_and_settings_of_that_time(client, ddb):
    new_table(client, **provisioned(5))
    enable(client)
    ddb.clock.advance(60)
    create = {"Create": an_index("gsi", "a", **provisioned(2))}
    update(
        client,
        AttributeDefinitions=definitions(a="S"),
        GlobalSecondaryIndexUpdates=[create],
    )
    ddb.clock.advance(60)
    client.put_item(TableName="orders", Item={"pk": {"S": "a"}, "n": {"N": "1"}, "a": {"S": "a"}})
    update(client, ProvisionedThroughput=units(7))
    ddb.clock.advance(60)
    update(client, GlobalSecondaryIndexUpdates=[{"Delete": {"IndexName": "gsi"}}])
    ddb.clock.advance(hours=1)
    found = []
    for number, seconds in enumerate((0, 90, 130, 200)):
        name = f"restored-{number}"
        restore(client, after(seconds=seconds), name)
        table = described(client, name)
        read_units = table["ProvisionedThroughput"]["ReadCapacityUnits"]
        found.append((index_names(client, name), read_units, table["ItemCount"]))
        ddb.tables[name]._table._check()
    assert found == [([], 5, 0), (["gsi"], 5, 0), (["gsi"], 7, 1), ([], 7, 1)]


def test_overrides(client, ddb):
    new_table(
        client,
        AttributeDefinitions=definitions(pk="S", a="S"),
        GlobalSecondaryIndexes=[an_index("gsi", "a", **provisioned(2))],
        **provisioned(5),
    )
    enable(client)
    restore(client, BillingModeOverride="PAY_PER_REQUEST", GlobalSecondaryIndexOverride=[])
    table = described(client, "restored")
    assert table["BillingModeSummary"]["BillingMode"] == ON_DEMAND["BillingMode"]
    assert "GlobalSecondaryIndexes" not in table


def test_expired_items_come_back(client, ddb, orders):
    client.update_time_to_live(
        TableName="orders", TimeToLiveSpecification={"Enabled": True, "AttributeName": "n"}
    )
    put(client, "a", int(NOW.timestamp()) + 60)
    ddb.clock.advance(days=5)
    assert shown(client, "orders") == {}
    restore(client, after(hours=1))
    assert list(shown(client)) == ["a"]


def test_loaded_items_are_part_of_the_past(client, ddb, orders):
    ddb.load({"orders": [{"pk": "a", "n": 1}]})
    ddb.clock.advance(60)
    ddb.load({"orders": [{"pk": "a", "n": 2}]})
    ddb.clock.advance(hours=1)
    restore(client, NOW)
    assert shown(client) == {"a": 1}


def test_a_rollback_takes_the_past_back(client, ddb, orders):
    put(client, "a", 1)
    with ddb.rollback():
        put(client, "a", 2)
        restore(client)
        assert shown(client) == {"a": 2}
    assert client.list_tables()["TableNames"] == ["orders"]
    restore(client)
    assert shown(client) == {"a": 1}


# --- errors --------------------------------------------------------------------------------------


def test_recovery_is_off(client):
    new_table(client)
    assert refusal(client.restore_table_to_point_in_time, **SOURCE, **TARGET, **LATEST) == (
        "PointInTimeRecoveryUnavailableException: Point in time recovery is not enabled for table"
        " 'orders'"
    )


@pytest.mark.parametrize("seconds", [-1, 3301])
def test_a_time_outside(client, ddb, orders, seconds):
    ddb.clock.advance(hours=1)
    at = after(seconds=seconds)
    told = refusal(client.restore_table_to_point_in_time, **SOURCE, **TARGET, RestoreDateTime=at)
    assert told == (
        f"InvalidRestoreTimeException: RestoreDateTime '{at:%Y-%m-%dT%H:%M:%SZ}' must be within"
        " EarliestRestorableDateTime '2026-11-20T12:00:00Z' and LatestRestorableDateTime"
        " '2026-11-20T12:55:00Z'"
    )
    restore(client, after(seconds=min(max(seconds, 0), 3300)))


def test_the_period_is_over(client, ddb):
    new_table(client)
    enable(client, days=1)
    put(client, "a", 1)
    ddb.clock.advance(days=3)
    put(client, "a", 2)
    assert refusal(
        client.restore_table_to_point_in_time, **SOURCE, **TARGET, RestoreDateTime=NOW
    ).startswith("InvalidRestoreTimeException: RestoreDateTime '2026-11-20T12:00:00Z' must be")
    restore(client, after(days=2))
    assert shown(client) == {"a": 1}


def test_disabling_forgets(client, ddb, orders):
    put(client, "a", 1)
    ddb.clock.advance(hours=1)
    client.update_continuous_backups(
        TableName="orders", PointInTimeRecoverySpecification={"PointInTimeRecoveryEnabled": False}
    )
    enable(client)
    assert refusal(
        client.restore_table_to_point_in_time, **SOURCE, **TARGET, RestoreDateTime=NOW
    ).startswith("InvalidRestoreTimeException")
    restore(client)
    assert shown(client) == {"a": 1}


@pytest.mark.parametrize("name", ["orders", "others"])
def test_a_target_that_is_there(client, orders, name):
    if name != "orders":
        new_table(client, name)
    assert (
        refusal(client.restore_table_to_point_in_time, **SOURCE, **LATEST, TargetTableName=name)
        == f"TableAlreadyExistsException: Table already exists: {name}"
    )


def test_a_missing_source_wins_over_a_target_that_is_there(client):
    new_table(client, "restored")
    assert refusal(client.restore_table_to_point_in_time, **SOURCE, **TARGET, **LATEST) == (
        "TableNotFoundException: Table not found: orders"
    )
