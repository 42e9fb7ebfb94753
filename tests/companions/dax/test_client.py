"""`ddb.dax`: what a cluster answers from its caches, and what goes to the table."""

from __future__ import annotations

import boto3
import pytest
from botocore.exceptions import ClientError, ParamValidationError

from ddbmock import MisuseError, mock_dynamodb
from tests import shared_clients
from tests.companions.conftest import MONDAY, create_orders

KEY = {"id": {"S": "1"}}


@pytest.fixture
def ddb():
    with mock_dynamodb(metrics=True) as ddb:
        ddb.clock.freeze(MONDAY)
        yield ddb


@pytest.fixture
def dax(ddb, client, orders):
    return ddb.dax(client)


def get(client, number="1", **more):
    return client.get_item(TableName="orders", Key={"id": {"S": number}}, **more).get("Item")


def put(client, number="1", **attributes):
    item = {"id": {"S": number}, **{name: {"S": value} for name, value in attributes.items()}}
    return client.put_item(TableName="orders", Item=item)


def query(client, **more):
    return client.query(
        TableName="orders",
        KeyConditionExpression="id = :id",
        ExpressionAttributeValues={":id": {"S": "1"}},
        **more,
    )


class TestItems:
    def test_the_second_read_is_a_hit(self, ddb, client, dax):
        put(client, status="new")
        item = {"id": {"S": "1"}, "status": {"S": "new"}}
        assert [get(dax), get(dax)] == [item, item]
        assert len(ddb.calls("GetItem")) == 1
        assert (dax.counts["ItemCacheHits"], dax.counts["ItemCacheMisses"]) == (1, 1)

    def test_what_is_not_there_is_cached_too(self, ddb, client, dax):
        assert get(dax) is None
        put(client)
        assert get(dax) is None
        ddb.clock.advance(minutes=5)
        assert get(dax) == KEY

    def test_writes_past_dax_are_not_seen(self, client, dax):
        put(client, status="old")
        get(dax)
        put(client, status="new")
        assert get(dax)["status"] == {"S": "old"}

    def test_expiry_counts_from_storing(self, ddb, client, dax):
        put(client, status="old")
        get(dax)
        put(client, status="new")
        ddb.clock.advance(minutes=4)
        assert get(dax)["status"] == {"S": "old"}
        ddb.clock.advance(minutes=1)
        assert get(dax)["status"] == {"S": "new"}

    def test_a_consistent_read_goes_through_and_is_not_stored(self, client, dax):
        put(client, status="old")
        get(dax)
        put(client, status="new")
        assert get(dax, ConsistentRead=True)["status"] == {"S": "new"}
        assert get(dax)["status"] == {"S": "old"}

    def test_a_projection_of_the_complete_item(self, ddb, client, dax):
        put(client, status="new", text="t")
        assert get(dax, ProjectionExpression="id, #t", ExpressionAttributeNames={"#t": "text"}) == {
            "id": {"S": "1"},
            "text": {"S": "t"},
        }
        assert get(dax, AttributesToGet=["status"]) == {"status": {"S": "new"}}
        assert len(ddb.calls("GetItem")) == 1
        with pytest.raises(ClientError, match="Invalid ProjectionExpression"):
            get(dax, ProjectionExpression="id, id.")

    def test_equal_numbers_are_one_key(self, ddb, client):
        client.create_table(
            TableName="numbers",
            KeySchema=[{"AttributeName": "n", "KeyType": "HASH"}],
            AttributeDefinitions=[{"AttributeName": "n", "AttributeType": "N"}],
            BillingMode="PAY_PER_REQUEST",
        )
        dax = ddb.dax(client)
        for text in ("1", "1.0", "10e-1"):
            dax.get_item(TableName="numbers", Key={"n": {"N": text}})
        assert len(ddb.calls("GetItem")) == 1

    def test_a_binary_key(self, ddb, client):
        client.create_table(
            TableName="binary",
            KeySchema=[{"AttributeName": "b", "KeyType": "HASH"}],
            AttributeDefinitions=[{"AttributeName": "b", "AttributeType": "B"}],
            BillingMode="PAY_PER_REQUEST",
        )
        dax, item = ddb.dax(client), {"b": {"B": b"\x00\xff"}, "s": {"BS": [b"a", b"b"]}}
        dax.put_item(TableName="binary", Item=item)
        assert dax.get_item(TableName="binary", Key={"b": item["b"]})["Item"] == item
        assert dax.counts["ItemCacheHits"] == 1

    def test_what_is_returned_is_a_copy(self, client, dax):
        put(client, status="new")
        get(dax)["status"] = {"S": "changed by the caller"}
        assert get(dax)["status"] == {"S": "new"}

    def test_a_size(self, ddb, client, orders):
        dax = ddb.dax(client, cluster="small", max_entries=2)
        for number in ("1", "2", "1", "3", "1", "2"):
            get(dax, number)
        assert dax.counts["ItemCacheHits"] == 2

    def test_for_ever(self, ddb, client, orders):
        dax = ddb.dax(client, cluster="for-ever", item_ttl=0)
        get(dax)
        ddb.clock.advance(days=100)
        get(dax)
        assert dax.counts["ItemCacheHits"] == 1


class TestBatches:
    def test_only_what_is_missing_is_read(self, ddb, client, dax):
        put(client, "1", status="a")
        put(client, "2", status="b")
        get(dax, "1")
        keys = [{"id": {"S": number}} for number in ("1", "2", "3")]
        request = {"orders": {"Keys": keys}}
        for _ in range(2):
            response = dax.batch_get_item(RequestItems=request)
            found = sorted(item["id"]["S"] for item in response["Responses"]["orders"])
            assert (found, response["UnprocessedKeys"]) == (["1", "2"], {})
        (call,) = ddb.calls("BatchGetItem")
        sent = call.request["RequestItems"]["orders"]["Keys"]
        assert [key["id"]["S"] for key in sent] == ["2", "3"]

    def test_a_projection(self, client, dax):
        put(client, "1", status="a")
        request = {"orders": {"Keys": [KEY], "ProjectionExpression": "id"}}
        for _ in range(2):
            response = dax.batch_get_item(RequestItems=request)
            assert response["Responses"] == {"orders": [KEY]}
        assert get(dax)["status"] == {"S": "a"}

    def test_a_consistent_batch_goes_through(self, ddb, client, dax):
        request = {"orders": {"Keys": [KEY], "ConsistentRead": True}}
        for _ in range(2):
            dax.batch_get_item(RequestItems=request)
        assert len(ddb.calls("BatchGetItem")) == 2

    def test_writes(self, ddb, client, dax):
        put(client, "2")
        get(dax, "1")
        get(dax, "2")
        dax.batch_write_item(
            RequestItems={
                "orders": [
                    {"PutRequest": {"Item": KEY}},
                    {"DeleteRequest": {"Key": {"id": {"S": "2"}}}},
                ]
            }
        )
        assert (get(dax, "1"), get(dax, "2")) == (KEY, None)
        assert len(ddb.calls("GetItem")) == 2


class TestWrites:
    def test_through_the_item_cache(self, ddb, client, dax):
        assert put(dax, status="new") == {}
        assert get(dax)["status"] == {"S": "new"}
        dax.update_item(
            TableName="orders",
            Key=KEY,
            UpdateExpression="SET #s = :s",
            ExpressionAttributeNames={"#s": "status"},
            ExpressionAttributeValues={":s": {"S": "paid"}},
        )
        assert get(dax)["status"] == {"S": "paid"}
        dax.delete_item(TableName="orders", Key=KEY)
        assert get(dax) is None
        assert ddb.calls.count("GetItem") == 0

    def test_a_failed_write_changes_no_cache(self, client, dax):
        put(dax, status="old")
        with pytest.raises(ClientError, match="conditional request failed") as caught:
            dax.put_item(
                TableName="orders", Item=KEY, ConditionExpression="attribute_not_exists(id)"
            )
        assert get(dax)["status"] == {"S": "old"}
        error = caught.value
        assert (error.code, error.http_status) == ("ConditionalCheckFailedException", 400)
        assert error.cancellation_reasons is None

    def test_transactions(self, ddb, client, dax):
        get(dax)
        dax.transact_write_items(
            TransactItems=[{"Put": {"TableName": "orders", "Item": {**KEY, "n": {"N": "1"}}}}]
        )
        assert get(dax)["n"] == {"N": "1"}
        assert ddb.calls.count("TransactGetItems") == 1
        gets = [{"Get": {"TableName": "orders", "Key": KEY}}]
        for _ in range(2):
            dax.transact_get_items(TransactItems=gets)
        assert ddb.calls.count("TransactGetItems") == 3

    def test_a_cancelled_transaction(self, client, dax):
        put(client)
        item = {"TableName": "orders", "Item": KEY}
        condition = {"ConditionExpression": "attribute_not_exists(id)"}
        with pytest.raises(ClientError, match="TransactionCanceledException") as caught:
            dax.transact_write_items(TransactItems=[{"Put": {**item, **condition}}])
        error = caught.value
        assert [reason["Code"] for reason in error.cancellation_reasons] == [
            "ConditionalCheckFailed"
        ]
        assert "CancellationReasons" not in error.response


class TestQueries:
    def test_results_are_stale_after_a_write_through_dax(self, ddb, client, dax):
        put(dax, status="old")
        assert query(dax)["Items"][0]["status"] == {"S": "old"}
        put(dax, status="new")
        assert query(dax)["Items"][0]["status"] == {"S": "old"}
        assert query(dax, ConsistentRead=True)["Items"][0]["status"] == {"S": "new"}
        ddb.clock.advance(minutes=5)
        assert query(dax)["Items"][0]["status"] == {"S": "new"}
        assert (dax.counts["QueryCacheHits"], dax.counts["QueryCacheMisses"]) == (1, 2)

    def test_other_parameters_are_another_query(self, dax):
        query(dax)
        query(dax, Limit=1)
        query(dax, ScanIndexForward=False)
        query(dax, ConsistentRead=False, ReturnConsumedCapacity="TOTAL")
        assert (dax.counts["QueryCacheHits"], dax.counts["QueryCacheMisses"]) == (1, 3)

    def test_empty_results_are_cached(self, client, dax):
        assert query(dax)["Count"] == 0
        put(client)
        assert query(dax)["Count"] == 0

    def test_scans_are_counted_apart(self, dax):
        for segment in (0, 1, 0):
            dax.scan(TableName="orders", Segment=segment, TotalSegments=2)
        assert (dax.counts["ScanCacheHits"], dax.counts["ScanCacheMisses"]) == (1, 2)

    def test_not_at_all(self, ddb, client, orders):
        dax = ddb.dax(client, cluster="no-queries", query_ttl=0)
        query(dax)
        put(client)
        assert query(dax)["Count"] == 1
        assert dax.counts["QueryCacheMisses"] == 0


class TestClients:
    def test_of_one_cluster_share_its_caches(self, ddb, client, dax):
        get(dax)
        assert get(ddb.dax(client)) is None
        assert dax.counts["ItemCacheHits"] == 1
        assert ddb.dax(client, cluster="other").counts == {}
        dax.clear()
        get(dax)
        assert dax.counts["ItemCacheMisses"] == 2

    def test_a_resource(self, ddb, client, orders):
        resource = ddb.dax(boto3.resource("dynamodb", region_name="us-east-1"))
        table = resource.Table("orders")
        with table.batch_writer() as writer:
            writer.put_item(Item={"id": "1", "total": 3})
        assert table.get_item(Key={"id": "1"})["Item"] == {"id": "1", "total": 3}
        assert ddb.calls.count("GetItem") == 0
        with pytest.raises(NotImplementedError, match="Table operations are not supported on DAX"):
            table.load()

    async def test_an_asynchronous_client(self, ddb, client, orders):
        get_session = pytest.importorskip("aiobotocore.session").get_session
        create = get_session().create_client
        async with create("dynamodb", region_name="us-east-1") as aio, ddb.dax(aio) as dax:
            for _ in range(2):
                await dax.get_item(TableName="orders", Key=KEY)
            with pytest.raises(ClientError, match="ResourceNotFound"):
                await dax.get_item(TableName="other", Key=KEY)
            assert dax.counts["ItemCacheHits"] == 1

    def test_no_client(self, ddb):
        with pytest.raises(MisuseError, match="takes a DynamoDB client or resource"):
            ddb.dax("orders")

    def test_what_dax_does_not_have(self, dax):
        with dax:
            text = (
                "Table operations are not supported on DAX. Use the boto DynamoDB client instead."
            )
            with pytest.raises(NotImplementedError) as caught:
                dax.describe_table(TableName="orders")
            assert str(caught.value) == text
            with pytest.raises(NotImplementedError) as caught:
                dax.get_paginator("scan")
            assert str(caught.value) == ""
        for name in ("execute_statement", "exceptions"):
            assert not hasattr(dax, name)
        with pytest.raises(ParamValidationError, match="Missing required parameter"):
            dax.get_item(TableName="orders")


class TestErrors:
    @pytest.mark.parametrize(
        ("code", "of_dax"),
        [
            ("InternalServerError", "InternalServerErrorException"),
            ("RequestLimitExceeded", "RequestLimitExceededException"),
            (
                "ProvisionedThroughputExceededException",
                "ProvisionedThroughputExceededException",
            ),
        ],
    )
    def test_codes(self, ddb, dax, code, of_dax):
        with ddb.faults.add(error=code), pytest.raises(ClientError) as caught:
            get(dax)
        assert caught.value.response["Error"]["Code"] == of_dax

    def test_are_counted(self, ddb, dax):
        with pytest.raises(ClientError):
            dax.get_item(TableName="other", Key=KEY)
        assert dax.counts["ErrorRequestCount"] == dax.counts["FailedRequestCount"] == 1
        assert get(dax) is None


def test_metrics(ddb, dax):
    get(dax)
    get(dax)
    assert ddb.metrics.total("ItemCacheHits") == 1
    assert ddb.metrics.total("ItemCacheMisses", ClusterId="dax") == 1
    assert ddb.metrics.total("GetItemRequestCount") == 2


def test_a_client_of_another_region():
    with mock_dynamodb(region="eu-west-1") as ddb:
        client = shared_clients.dynamodb("eu-west-1")
        create_orders(client)
        put(client)
        assert get(ddb.dax(client)) == KEY
