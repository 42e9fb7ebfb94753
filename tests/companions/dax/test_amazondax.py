"""DAX's own Python client, which an environment of its own has (`make test-dax`)."""

from __future__ import annotations

import pytest

pytest.importorskip("amazondax")

from amazondax import AmazonDaxClient
from botocore.exceptions import ClientError

from ddbmock import mock_dynamodb
from tests import shared_clients
from tests.companions.conftest import create_orders

PLACE = {
    "endpoint_url": "dax://shop.abc123.dax-clusters.us-east-1.amazonaws.com",
    "region_name": "us-east-1",
    "aws_access_key_id": "key",
    "aws_secret_access_key": "secret",
}
KEY = {"id": {"S": "1"}}


@pytest.fixture
def ddb():
    with mock_dynamodb(metrics=True, region="us-east-1") as ddb:
        create_orders(shared_clients.dynamodb())
        yield ddb


@pytest.fixture
def dax(ddb):
    with AmazonDaxClient(**PLACE) as dax:
        yield dax


def test_reads_and_writes(ddb, dax):
    item = {**KEY, "content": {"B": b"\x00"}, "total": {"N": "3"}}
    assert dax.put_item(TableName="orders", Item=item) == {}
    assert dax.get_item(TableName="orders", Key=KEY) == {"Item": item}
    response = dax.query(
        TableName="orders",
        KeyConditionExpression="id = :id",
        ExpressionAttributeValues={":id": {"S": "1"}},
    )
    assert response["Items"] == [item]
    assert ddb.calls.count("GetItem") == 0
    assert ddb.metrics.total("ItemCacheHits", ClusterId="shop") == 1


def test_batches_and_transactions(dax):
    dax.batch_write_item(RequestItems={"orders": [{"PutRequest": {"Item": KEY}}]})
    response = dax.batch_get_item(RequestItems={"orders": {"Keys": [KEY]}})
    assert response["Responses"] == {"orders": [KEY]}
    dax.transact_write_items(TransactItems=[{"Delete": {"TableName": "orders", "Key": KEY}}])
    response = dax.transact_get_items(TransactItems=[{"Get": {"TableName": "orders", "Key": KEY}}])
    assert response["Responses"] == [{}]


def test_an_error_is_tried_again_as_with_a_cluster(ddb, dax):
    dax.put_item(TableName="orders", Item=KEY)
    with pytest.raises(ClientError, match="conditional request failed") as caught:
        dax.put_item(TableName="orders", Item=KEY, ConditionExpression="attribute_not_exists(id)")
    assert type(caught.value).__name__ == "DaxServiceError"
    assert caught.value.code == "ConditionalCheckFailedException"
    assert ddb.calls.count("PutItem") == 1 + 3


def test_reasons_of_a_cancelled_transaction(dax):
    dax.put_item(TableName="orders", Item=KEY)
    put = {"TableName": "orders", "Item": KEY, "ConditionExpression": "attribute_not_exists(id)"}
    with pytest.raises(ClientError, match="TransactionCanceledException") as caught:
        dax.transact_write_items(TransactItems=[{"Put": put}])
    reasons = caught.value.cancellation_reasons
    assert [reason["Code"] for reason in reasons] == ["ConditionalCheckFailed"]


def test_a_resource(ddb):
    with AmazonDaxClient.resource(**PLACE) as resource:
        table = resource.Table("orders")
        with table.batch_writer() as writer:
            writer.put_item(Item={"id": "1", "total": 3})
        assert table.get_item(Key={"id": "1"})["Item"] == {"id": "1", "total": 3}


def test_it_shares_caches_with_the_mocks_own_client(ddb, dax):
    own = ddb.dax(shared_clients.dynamodb(), cluster="shop")
    own.get_item(TableName="orders", Key=KEY)
    assert dax.get_item(TableName="orders", Key=KEY) == {}
    assert own.counts["ItemCacheHits"] == 1
