from __future__ import annotations

import pytest

from tests.operations.table_helpers import (
    an_index,
    definitions,
    everything,
    new_table,
    provisioned,
    units,
    update,
)
from tests.refusals import refusal


def test_the_answer(client):
    created = new_table(
        client,
        AttributeDefinitions=definitions(pk="S", a="S"),
        GlobalSecondaryIndexes=[an_index("gsi1", "a", **provisioned(1))],
        **provisioned(5, 6),
    )
    client.put_item(TableName="orders", Item={"pk": {"S": "1"}})
    assert client.delete_table(TableName="orders")["TableDescription"] == {
        "TableName": "orders",
        "TableStatus": "DELETING",
        "ProvisionedThroughput": {"NumberOfDecreasesToday": 0, **units(5, 6)},
        "TableSizeBytes": 3,
        "ItemCount": 1,
        "TableArn": created["TableArn"],
        "TableId": created["TableId"],
        "DeletionProtectionEnabled": False,
    }


def test_the_table_is_gone(client):
    new_table(client)
    client.put_item(TableName="orders", Item={"pk": {"S": "1"}})
    client.delete_table(TableName="orders")
    assert everything(client) == {}
    new_table(client)
    assert client.scan(TableName="orders")["Items"] == []


def test_by_arn(client):
    client.delete_table(TableName=new_table(client)["TableArn"])
    assert everything(client) == {}


def test_a_table_that_is_not_there(client):
    new_table(client, "others")
    assert refusal(client.delete_table, TableName="orders") == (
        "ResourceNotFoundException: Requested resource not found: Table: orders not found"
    )


def test_a_protected_table(client):
    new_table(client, DeletionProtectionEnabled=True)
    assert refusal(client.delete_table, TableName="orders") == (
        "Resource cannot be deleted as it is currently protected against deletion."
        " Disable deletion protection first."
    )
    update(client, DeletionProtectionEnabled=False)
    client.delete_table(TableName="orders")
    assert everything(client) == {}


@pytest.mark.parametrize("restore", [True, False])
def test_a_rollback_brings_it_back(client, ddb, restore):
    new_table(client, Tags=[{"Key": "a", "Value": "b"}])
    client.put_item(TableName="orders", Item={"pk": {"S": "1"}})
    before = everything(client)
    mark = ddb.snapshot()
    client.delete_table(TableName="orders")
    if restore:
        ddb.restore(mark)
        assert everything(client) == before
    else:
        assert everything(client) == {}


def test_the_stream_is_disabled(client):
    specification = {"StreamEnabled": True, "StreamViewType": "KEYS_ONLY"}
    arn = new_table(client, StreamSpecification=specification)["LatestStreamArn"]
    client.delete_table(TableName="orders")
    assert new_table(client).get("LatestStreamArn") != arn
