"""`ddb.cost`: bills of what was done and of what is there."""

from __future__ import annotations

import pytest

from ddbmock import MisuseError, mock_dynamodb
from ddbmock._internal.companions.cost import price_book
from tests import shared_clients
from tests.companions.conftest import MONDAY, create_orders

MILLION = 1_000_000


@pytest.fixture
def ddb():
    with mock_dynamodb() as ddb:
        ddb.clock.freeze(MONDAY)
        yield ddb


@pytest.fixture
def on_demand(client):
    index = {
        "IndexName": "by-status",
        "KeySchema": [{"AttributeName": "status", "KeyType": "HASH"}],
        "Projection": {"ProjectionType": "ALL"},
    }
    client.create_table(
        TableName="orders",
        KeySchema=[{"AttributeName": "id", "KeyType": "HASH"}],
        AttributeDefinitions=[
            {"AttributeName": "id", "AttributeType": "S"},
            {"AttributeName": "status", "AttributeType": "S"},
        ],
        GlobalSecondaryIndexes=[index],
        BillingMode="PAY_PER_REQUEST",
        StreamSpecification={"StreamEnabled": True, "StreamViewType": "KEYS_ONLY"},
    )
    return "orders"


def put(client, number, **attributes):
    item = {name: {"S": value} for name, value in attributes.items()}
    client.put_item(TableName="orders", Item={"id": {"S": str(number)}, **item})


@pytest.mark.usefixtures("on_demand")
class TestOnDemand:
    def test_requests_of_a_table_and_its_index(self, ddb, client):
        put(client, 1, status="new")
        client.get_item(TableName="orders", Key={"id": {"S": "1"}})
        bill = ddb.cost()
        assert bill.of("write request units") == 2
        assert bill.of("write request units", "orders") == 2
        assert bill.of("read request units") == 0.5
        assert bill.requests == pytest.approx((2 * 0.625 + 0.5 * 0.125) / MILLION)
        assert [line.of for line in bill.lines if line.item == "write request units"] == [
            "orders",
            "orders/by-status",
        ]

    def test_of_some_calls(self, ddb, client):
        put(client, 1)
        with ddb.budget(at_most=10) as calls:
            put(client, 2)
        assert ddb.cost(calls).of("write request units") == 1
        assert ddb.cost(ddb.calls("Query")).requests == 0

    def test_a_month_of_it(self, ddb, client):
        put(client, 1)
        bill = ddb.cost()
        seconds = 730 * 3600
        assert bill.monthly(10) == pytest.approx(bill.standing + 10 * seconds * 0.625 / MILLION)

    def test_old_prices(self, ddb, client):
        put(client, 1)
        assert ddb.cost(at="2024-10-31").requests == pytest.approx(1.25 / MILLION)

    def test_own_prices(self, ddb, client):
        put(client, 1)
        assert ddb.cost(prices={"write request units": 0.5}).requests == 0.5

    def test_storage(self, ddb, client):
        put(client, 1, text="x" * 1000)
        ddb.clock.advance(hours=73)
        stored = ddb.tables["orders"].size_bytes + 100
        gigabytes = stored / 1024**3
        bill = ddb.cost()
        assert bill.of("storage GB-months") == pytest.approx(gigabytes / 10)
        assert bill.standing == pytest.approx(gigabytes * 0.25)

    def test_the_infrequent_access_class(self, ddb, client):
        client.update_table(TableName="orders", TableClass="STANDARD_INFREQUENT_ACCESS")
        put(client, 1)
        assert ddb.cost().requests == pytest.approx(0.78 / MILLION)

    def test_stream_reads(self, ddb, client):
        put(client, 1)
        streams = shared_clients.dynamodb_streams()
        arn = ddb.tables["orders"].stream.arn
        shards = streams.describe_stream(StreamArn=arn)["StreamDescription"]["Shards"]
        iterator = streams.get_shard_iterator(
            StreamArn=arn, ShardId=shards[0]["ShardId"], ShardIteratorType="TRIM_HORIZON"
        )
        streams.get_records(ShardIterator=iterator["ShardIterator"])
        assert ddb.cost().of("stream reads") == 1

    def test_recovery_and_backups(self, ddb, client):
        put(client, 1, text="x" * 1000)
        client.update_continuous_backups(
            TableName="orders",
            PointInTimeRecoverySpecification={"PointInTimeRecoveryEnabled": True},
        )
        client.create_backup(TableName="orders", BackupName="before")
        ddb.clock.advance(hours=730)
        gigabytes = ddb.tables["orders"].size_bytes / 1024**3
        bill = ddb.cost()
        assert bill.of("point-in-time recovery GB-months") == pytest.approx(gigabytes)
        assert bill.of("backup GB-months") == pytest.approx(gigabytes)
        assert "not confirmed: the prices of backup GB-months" in str(bill)

    def test_a_deleted_table_was_used(self, ddb, client):
        put(client, 1)
        client.delete_table(TableName="orders")
        assert ddb.cost().of("write request units") == 1

    def test_as_text(self, ddb, client):
        put(client, 1)
        assert str(ddb.cost()).splitlines() == [
            "orders (us-east-1): 1 write request units, 0.00000063 USD",
            "orders (us-east-1): 0 storage GB-months, 0 USD; 0.000000024 USD a month",
            "together 0.00000063 USD, and 0.000000024 USD a month for what is there",
            "prices as of 2024-11-01, without tax and without the free tier",
        ]


class TestProvisioned:
    def test_hours_that_have_begun(self, ddb, client):
        create_orders(client)
        ddb.clock.advance(minutes=90)
        put(client, 1)
        bill = ddb.cost()
        assert bill.of("write request units") == 0
        assert bill.of("write unit-hours") == 2 * (5 + 5)
        assert bill.of("read unit-hours", "orders") == 2 * (10 + 10)
        assert bill.requests == 0
        monthly = 730 * (20 * 0.00013 + 10 * 0.00065)
        assert bill.standing == pytest.approx(monthly, rel=1e-6)


def test_replicas_pay_replicated_units(ddb, client, on_demand):
    client.update_table(
        TableName=on_demand, ReplicaUpdates=[{"Create": {"RegionName": "eu-west-1"}}]
    )
    put(client, 1)
    bill = ddb.cost()
    assert bill.of("replicated write request units") == 2
    assert bill.of("write request units") == 0
    assert "some prices of eu-west-1 are those of us-east-1" in str(bill)


def test_a_transaction_costs_double_where_it_is_called(ddb, client, on_demand):
    client.update_table(
        TableName=on_demand, ReplicaUpdates=[{"Create": {"RegionName": "eu-west-1"}}]
    )
    writes = [{"Put": {"TableName": on_demand, "Item": {"id": {"S": key}}}} for key in ("1", "2")]
    with ddb.rollback():
        client.transact_write_items(TransactItems=writes)
    client.transact_write_items(TransactItems=writes)
    units = [
        ddb.regions[region].tables[on_demand].replicated_write_units
        for region in ("us-east-1", "eu-west-1")
    ]
    assert units == [4, 2]
    assert ddb.cost().of("replicated write request units") == 6


class TestPrices:
    def test_a_region_of_its_own(self):
        book = price_book()
        assert book.price("write request units", "ap-southeast-2").per_unit == 0.71 / MILLION

    def test_an_unknown_item(self, ddb):
        with pytest.raises(MisuseError, match="there is no price of 'writes'; prices are of read"):
            ddb.cost(prices={"writes": 1.0})

    def test_no_number(self, ddb):
        with pytest.raises(MisuseError, match="is a number of dollars for one unit, not 'much'"):
            ddb.cost(prices={"write request units": "much"})

    def test_a_day_before_all_prices(self, ddb, client, on_demand):
        put(client, 1)
        with pytest.raises(MisuseError, match="no price of read request units on 2010-01-01"):
            ddb.cost(at="2010-01-01")
