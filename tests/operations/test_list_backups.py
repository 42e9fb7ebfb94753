from __future__ import annotations

from datetime import datetime, timedelta, timezone

import pytest

from tests.operations.table_helpers import new_table
from tests.refusals import refusal

NOW = datetime(2026, 11, 20, 12, tzinfo=timezone.utc)


@pytest.fixture(autouse=True)
def frozen(ddb):
    ddb.clock.freeze(NOW)


@pytest.fixture
def made(client, ddb):
    """The ARNs of five backups, a second apart: three of orders, two of users."""
    new_table(client, "orders")
    new_table(client, "users")
    arns = []
    for table in ("orders", "users", "orders", "users", "orders"):
        arns.append(back_up(client, table))
        ddb.clock.advance(1)
    return arns


def back_up(client, table="orders", name="backup"):
    return client.create_backup(TableName=table, BackupName=name)["BackupDetails"]["BackupArn"]


def listed(client, **request):
    return [each["BackupArn"] for each in client.list_backups(**request)["BackupSummaries"]]


def delete_with_recovery(client, name="orders"):
    """Delete a table that has point-in-time recovery, which leaves a backup of the service."""
    client.update_continuous_backups(
        TableName=name, PointInTimeRecoverySpecification={"PointInTimeRecoveryEnabled": True}
    )
    client.delete_table(TableName=name)


# --- request validation --------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("request_", "text"),
    [
        (
            {"Limit": 101},
            (
                "Value '101' at 'limit' failed to satisfy constraint: Member must have value less"
                " than or equal to 100"
            ),
        ),
        (
            {"Limit": 0},
            (
                "Value '0' at 'limit' failed to satisfy constraint: Member must have value"
                " greater than or equal to 1"
            ),
        ),
        (
            {"BackupType": "user"},
            (
                "Value 'user' at 'backupType' failed to satisfy constraint: Member must satisfy"
                " enum value set: [USER, SYSTEM, AWS_BACKUP, ALL]"
            ),
        ),
    ],
)
def test_constraints(raw, request_, text):
    assert refusal(raw.list_backups, **request_) == f"1 validation error detected: {text}"


def test_bounds_the_wrong_way_round(client):
    assert refusal(
        client.list_backups,
        TimeRangeLowerBound=NOW,
        TimeRangeUpperBound=NOW - timedelta(seconds=1),
    ) == (
        "One or more parameter values were invalid: Time range lower bound must be less than or"
        " equal to upper bound"
    )


def test_a_cursor_of_another_region(client, made):
    arn = made[0].replace("us-east-1", "eu-west-1")
    assert refusal(client.list_backups, ExclusiveStartBackupArn=arn) == (
        "Invalid Request: The supplied ExclusiveStartBackupArn does not match the region"
    )


def test_a_table_of_another_region(client, made):
    arn = "arn:aws:dynamodb:eu-west-1:123456789012:table/orders"
    assert refusal(client.list_backups, TableName=arn) == (
        f"1 validation error detected: Invalid AWS region in '{arn}'"
    )


# --- behaviour -----------------------------------------------------------------------------------


def test_no_backups(client):
    new_table(client)
    for request in ({}, {"TableName": "orders"}, {"TableName": "nowhere"}, {"BackupType": "ALL"}):
        response = client.list_backups(**request)
        assert response["BackupSummaries"] == []
        assert "LastEvaluatedBackupArn" not in response


def test_a_summary(client):
    table = new_table(client)
    client.put_item(TableName="orders", Item={"pk": {"S": "abc"}})
    arn = back_up(client, name="first")
    assert client.list_backups()["BackupSummaries"] == [
        {
            "TableName": "orders",
            "TableId": table["TableId"],
            "TableArn": table["TableArn"],
            "BackupArn": arn,
            "BackupName": "first",
            "BackupCreationDateTime": NOW,
            "BackupStatus": "AVAILABLE",
            "BackupType": "USER",
            "BackupSizeBytes": 5,
        }
    ]


def test_by_table_the_oldest_first(client, made):
    orders, users = made[::2], made[1::2]
    assert listed(client) == orders + users
    assert listed(client, TableName="orders") == orders
    assert listed(client, TableName="arn:aws:dynamodb:us-east-1:123456789012:table/users") == users


def test_a_name_that_begins_as_another_one(client):
    for name in ("order", "orders", "orders-2"):
        new_table(client, name)
        back_up(client, name)
    assert [each.split("/")[1] for each in listed(client, TableName="orders")] == ["orders"]


def test_backups_at_one_time_are_in_their_order(client):
    new_table(client)
    made = [back_up(client) for _ in range(20)]
    assert listed(client) == made
    assert len(set(made)) == 20


def test_pages(client, made):
    orders = made[::2]
    first = client.list_backups(TableName="orders", Limit=2)
    assert [each["BackupArn"] for each in first["BackupSummaries"]] == orders[:2]
    assert first["LastEvaluatedBackupArn"] == orders[1]
    start = first["LastEvaluatedBackupArn"]
    assert listed(client, TableName="orders", ExclusiveStartBackupArn=start) == orders[2:]


def test_a_page_with_exactly_what_is_there_is_the_last(client, made):
    assert "LastEvaluatedBackupArn" not in client.list_backups(Limit=5)
    assert client.list_backups(Limit=4)["LastEvaluatedBackupArn"] == made[1]


def test_the_paginator(client, made):
    pages = client.get_paginator("list_backups").paginate(PaginationConfig={"PageSize": 2})
    found = [each["BackupArn"] for page in pages for each in page["BackupSummaries"]]
    assert sorted(found) == sorted(made)


def test_a_cursor_is_a_position(client, made):
    orders, users = made[::2], made[1::2]
    client.delete_backup(BackupArn=orders[1])
    assert listed(client, ExclusiveStartBackupArn=orders[1]) == [orders[2], *users]
    never = orders[0].rpartition("/")[0] + "/00000000000000-00000000"
    assert listed(client, ExclusiveStartBackupArn=never) == [orders[0], orders[2], *users]
    assert listed(client, TableName="users", ExclusiveStartBackupArn=orders[0]) == users
    assert listed(client, TableName="orders", ExclusiveStartBackupArn=users[0]) == []


@pytest.mark.parametrize(
    ("lower", "upper", "numbers"),
    [
        (0, None, [0, 2, 4]),
        (2, None, [2, 4]),
        (3, 4, []),
        (2, 4, [2]),
        (None, 4, [0, 2]),
        (None, 0, []),
        (4, 4, []),
        (-1_000_000, 1_000_000, [0, 2, 4]),
    ],
)
def test_the_lower_bound_belongs_to_the_range(client, made, lower, upper, numbers):
    bounds = {
        name: NOW + timedelta(seconds=seconds)
        for name, seconds in (("TimeRangeLowerBound", lower), ("TimeRangeUpperBound", upper))
        if seconds is not None
    }
    assert listed(client, TableName="orders", **bounds) == [made[number] for number in numbers]


def test_the_kinds(client, made):
    delete_with_recovery(client)
    (system,) = client.list_backups(BackupType="SYSTEM")["BackupSummaries"]
    assert system["BackupName"] == "orders$DeletedTableBackup"
    assert listed(client, TableName="orders") == made[::2]
    assert listed(client, TableName="orders", BackupType="USER") == made[::2]
    assert listed(client, TableName="orders", BackupType="AWS_BACKUP") == []
    everything = [*made[::2], system["BackupArn"]]
    assert listed(client, TableName="orders", BackupType="ALL") == everything


def test_several_tables_of_one_name(client, made):
    first = client.list_backups(TableName="orders")["BackupSummaries"][0]
    client.delete_table(TableName="orders")
    assert listed(client, TableName="orders") == made[::2]
    second = new_table(client)
    newer = back_up(client)
    assert listed(client, TableName="orders") == [*made[::2], newer]
    last = client.list_backups(TableName="orders")["BackupSummaries"][-1]
    assert last["TableArn"] == first["TableArn"]
    assert last["TableId"] == second["TableId"] != first["TableId"]


def test_regions_are_apart(client, elsewhere, made):
    assert listed(elsewhere) == []
