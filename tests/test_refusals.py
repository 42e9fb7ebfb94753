"""The check that a refused call changed nothing sees every kind of change."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from tests.operations.table_helpers import an_index, definitions, new_table
from tests.refusals import refusal, unchanged

if TYPE_CHECKING:
    from collections.abc import Callable

ITEM = {"pk": {"S": "a"}, "by": {"S": "b"}}
STREAM = {"StreamEnabled": True, "StreamViewType": "NEW_IMAGE"}


@pytest.fixture
def client(dynamodb_client):
    new_table(
        dynamodb_client,
        AttributeDefinitions=definitions(pk="S", by="S"),
        GlobalSecondaryIndexes=[an_index("gsi", "by")],
    )
    dynamodb_client.put_item(TableName="orders", Item=ITEM)
    return dynamodb_client


def arn(client):
    return client.describe_table(TableName="orders")["Table"]["TableArn"]


CHANGES: dict[str, Callable[[Any], object]] = {
    "an item more": lambda client: client.put_item(TableName="orders", Item={"pk": {"S": "b"}}),
    "an item less": lambda client: client.delete_item(TableName="orders", Key={"pk": {"S": "a"}}),
    "an item's attribute": lambda client: client.update_item(
        TableName="orders", Key={"pk": {"S": "a"}}, UpdateExpression="SET x = pk"
    ),
    "a tag": lambda client: client.tag_resource(
        ResourceArn=arn(client), Tags=[{"Key": "k", "Value": "v"}]
    ),
    "a stream": lambda client: client.update_table(TableName="orders", StreamSpecification=STREAM),
    "a time to live": lambda client: client.update_time_to_live(
        TableName="orders", TimeToLiveSpecification={"Enabled": True, "AttributeName": "ttl"}
    ),
    "a table more": lambda client: new_table(client, "others"),
    "a table less": lambda client: client.delete_table(TableName="orders"),
    "a token": lambda client: client.transact_write_items(
        TransactItems=[
            {
                "ConditionCheck": {
                    "TableName": "orders",
                    "Key": {"pk": {"S": "a"}},
                    "ConditionExpression": "attribute_exists(pk)",
                }
            }
        ],
        ClientRequestToken="token",
    ),
}


def write_again(client):
    client.delete_item(TableName="orders", Key={"pk": {"S": "a"}})
    client.put_item(TableName="orders", Item=ITEM)


@pytest.mark.parametrize("change", CHANGES)
def test_a_change_is_seen(client, change):
    with pytest.raises(AssertionError), unchanged():
        CHANGES[change](client)


def test_an_item_that_was_written_and_restored_is_a_change(client):
    with pytest.raises(AssertionError), unchanged():
        write_again(client)


def test_a_stream_record_is_a_change(client):
    client.update_table(TableName="orders", StreamSpecification=STREAM)
    before = client.scan(TableName="orders")["Items"]
    with pytest.raises(AssertionError, match="records"), unchanged():
        write_again(client)
    assert client.scan(TableName="orders")["Items"] == before


def test_reading_changes_nothing(client):
    with unchanged():
        client.scan(TableName="orders")


def test_a_call_that_succeeds_is_no_refusal(client):
    with pytest.raises(pytest.fail.Exception):
        refusal(client.scan, TableName="orders")


def test_a_validation_error_is_its_text_and_another_begins_with_its_code(client):
    assert refusal(client.scan, TableName="orders", IndexName="nope") == (
        "The table does not have the specified index: nope"
    )
    assert refusal(client.scan, TableName="nowhere") == (
        "ResourceNotFoundException: Requested resource not found"
    )
