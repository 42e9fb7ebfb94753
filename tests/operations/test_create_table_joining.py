"""CreateTable's GlobalTableSourceArn: global tables of several accounts."""

from __future__ import annotations

import json
from typing import Any

import pytest

from tests import other_accounts
from tests.operations.replicas import EUROPE, LOCAL, WEST, create, items, put
from tests.operations.table_helpers import (
    INVALID,
    an_index,
    definitions,
    described,
    index_names,
    keys,
    new_table,
    update,
)
from tests.refusals import refusal

FIRST, SECOND, THIRD = "111122223333", "222233334444", "333344445555"
SOURCE = f"arn:aws:dynamodb:us-east-1:{FIRST}:table/orders"
STREAM = {"StreamEnabled": True, "StreamViewType": "NEW_AND_OLD_IMAGES"}


def client_of(account: str, region: str = LOCAL) -> Any:
    return other_accounts.client_of(account, region_name=region)


def policy(*accounts: str) -> str:
    statement = {
        "Effect": "Allow",
        "Principal": {"AWS": [f"arn:aws:iam::{account}:root" for account in accounts]},
        "Action": "dynamodb:AssociateTableReplica",
        "Resource": SOURCE,
    }
    return json.dumps({"Version": "2012-10-17", "Statement": [statement]})


@pytest.fixture
def source(ddb: Any) -> Any:
    client = client_of(FIRST)
    new_table(
        client,
        AttributeDefinitions=definitions(pk="S", state="S"),
        GlobalSecondaryIndexes=[an_index("by-state", "state")],
        StreamSpecification=STREAM,
        GlobalTableSettingsReplicationMode="ENABLED",
    )
    client.put_resource_policy(ResourceArn=SOURCE, Policy=policy(SECOND, THIRD))
    return client


def joining(**changes: Any) -> dict[str, Any]:
    request = {
        "TableName": "orders",
        "GlobalTableSourceArn": SOURCE,
        "GlobalTableSettingsReplicationMode": "ENABLED",
    }
    return {name: value for name, value in {**request, **changes}.items() if value is not None}


@pytest.fixture
def raw(source: Any) -> Any:
    """A client of the second account in another region, with whatever model botocore has."""
    return client_of(SECOND, EUROPE)


# --- behaviour ---


def test_a_replica_in_another_account(source, raw):
    put(source, "1", state="new")
    raw.create_table(**joining(TableClass="STANDARD_INFREQUENT_ACCESS"))
    assert items(raw) == {"1": {"state": "new"}}
    assert index_names(raw) == ["by-state"]
    put(raw, "2")
    assert items(source) == {"1": {"state": "new"}, "2": {}}
    put(source, "1", state="paid")
    assert items(raw)["1"] == {"state": "paid"}


def test_what_is_shown(source, raw):
    raw.create_table(**joining())
    here, there = described(source), described(raw)
    for shown in (here, there):
        assert shown["GlobalTableSettingsReplicationMode"] == "ENABLED"
        assert shown["GlobalTableVersion"] == "2019.11.21"
    [replica] = here["Replicas"]
    assert (replica["RegionName"], replica["ReplicaStatus"]) == (EUROPE, "ACTIVE")
    assert replica["ReplicaArn"] == f"arn:aws:dynamodb:eu-west-1:{SECOND}:table/orders"
    assert there["Replicas"][0]["ReplicaArn"] == SOURCE


def test_three_accounts(source, raw):
    raw.create_table(**joining())
    third = client_of(THIRD, WEST)
    third.create_table(**joining())
    put(third, "1")
    assert items(source) == items(raw) == {"1": {}}
    assert [each["RegionName"] for each in described(third)["Replicas"]] == [LOCAL, EUROPE]


def test_settings_of_all_and_of_each(source, raw):
    raw.create_table(**joining())
    update(source, OnDemandThroughput={"MaxWriteRequestUnits": 9})
    update(source, TableClass="STANDARD_INFREQUENT_ACCESS")
    there = described(raw)
    assert there["OnDemandThroughput"] == {"MaxWriteRequestUnits": 9}
    assert "TableClassSummary" not in there


def test_a_replica_is_deleted_with_its_table(source, raw):
    raw.create_table(**joining())
    raw.delete_table(TableName="orders")
    shown = described(source)
    assert "Replicas" not in shown
    put(source, "1")


def test_it_is_saved(ddb, source, raw, tmp_path):
    raw.create_table(**joining())
    path = tmp_path / "state.jsonl"
    ddb.save(path)
    ddb.reset()
    ddb.load(path)
    put(raw, "1")
    assert items(source) == {"1": {}}


# --- errors ---


def test_a_policy_is_needed(ddb, source, raw):
    ddb.clock.advance(60)  # a policy that was just put cannot be changed yet
    source.put_resource_policy(ResourceArn=SOURCE, Policy=policy(THIRD))
    text = refusal(raw.create_table, **joining())
    assert text.startswith("AccessDeniedException: User: arn:aws:sts::222233334444:assumed-role/")
    assert "dynamodb:AssociateTableReplica" in text


@pytest.mark.parametrize(
    ("changes", "text"),
    [
        (
            {"GlobalTableSourceArn": f"{SOURCE}/index/by-state"},
            "GlobalTableSourceArn must be the ARN of a table",
        ),
        (
            {"GlobalTableSettingsReplicationMode": None},
            (
                "GlobalTableSettingsReplicationMode must be ENABLED when GlobalTableSourceArn"
                " is specified"
            ),
        ),
        (
            {"TableName": "others"},
            "TableName must be the name of the table in GlobalTableSourceArn",
        ),
        (
            {"KeySchema": keys("pk"), "BillingMode": "PAY_PER_REQUEST"},
            "KeySchema, BillingMode cannot be specified with GlobalTableSourceArn",
        ),
    ],
)
def test_requests_that_are_wrong(raw, changes, text):
    assert refusal(raw.create_table, **joining(**changes)) == f"{INVALID}{text}"


def test_sources_that_are_wrong(source, raw):
    update(source, GlobalTableSettingsReplicationMode="DISABLED")
    assert refusal(raw.create_table, **joining()) == (
        f"{INVALID}GlobalTableSettingsReplicationMode of the source table must be ENABLED"
    )
    update(source, GlobalTableSettingsReplicationMode="ENABLED")
    update(source, StreamSpecification={"StreamEnabled": False})
    assert refusal(raw.create_table, **joining()) == (
        f"{INVALID}The source table must have a stream with the view type NEW_AND_OLD_IMAGES"
    )


def test_a_global_table_of_one_account(source, raw):
    update(source, ReplicaUpdates=[create(WEST)])
    assert refusal(raw.create_table, **joining()) == (
        f"{INVALID}The source table is a replica of a global table in a single account"
    )


def test_places_that_are_taken(source, raw):
    raw.create_table(**joining())
    assert refusal(client_of(THIRD, EUROPE).create_table, **joining()) == (
        f"{INVALID}The global table has a replica in the region eu-west-1 already"
    )
    assert refusal(client_of(SECOND, WEST).create_table, **joining()) == (
        f"{INVALID}The global table has a replica in the account 222233334444 already"
    )
    own = client_of(FIRST, WEST)
    assert refusal(own.create_table, **joining()) == (
        f"{INVALID}GlobalTableSourceArn must be the ARN of a table in another account"
    )


def test_replicas_are_not_updated_from_one_account(source, raw):
    raw.create_table(**joining())
    request = {"TableName": "orders", "ReplicaUpdates": [create(WEST)]}
    assert "multi-account" in refusal(source.update_table, **request)
