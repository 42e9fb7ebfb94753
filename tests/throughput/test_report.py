"""The report: the hot key, and the advice."""

from __future__ import annotations

import contextlib
from typing import Any

import boto3
import pytest
from botocore.config import Config
from botocore.exceptions import ClientError

from ddbmock import mock_dynamodb
from tests.throughput.conftest import create, item, units

HELPS = (
    "provisioned units for the table, auto scaling in time, on-demand billing, or a slower program"
)


def put_many(client: Any, keys: Any, **attributes: Any) -> None:
    for key in keys:
        with contextlib.suppress(ClientError):
            client.put_item(TableName="orders", Item=item(key, **attributes))


def test_nothing(ddb: Any, client: Any) -> None:
    create(client)
    put_many(client, range(3))
    assert str(ddb.throughput) == "nothing was throttled"


def test_provisioned_units(ddb: Any, client: Any) -> None:
    create(client, table=units(5, 5), index=units(50, 50))
    put_many(client, [1, 1, 1, 1, 2, 3, 4])
    assert str(ddb.throughput).splitlines() == [
        "orders: 2 writes throttled, as the provisioned units are used up",
        "  at most 7 write units were asked for in a second, 7 in all",
        "  hottest key: id=1, 57% of the units",
        f"  what helps: 7 {HELPS}",
    ]


def test_an_index(ddb: Any, client: Any) -> None:
    create(client, table=units(50, 50), index=units(50, 1))
    put_many(client, [1, 2], customer="ann")
    assert str(ddb.throughput).splitlines()[0] == (
        "orders/by-customer: 1 write throttled, as the provisioned units are used up"
    )
    assert "  hottest key: customer=ann, 100% of the units" in str(ddb.throughput)
    assert "units for the index by-customer" in str(ddb.throughput)


@pytest.mark.usefixtures("small_partitions")
def test_a_hot_key(ddb: Any, client: Any) -> None:
    create(client, table=units(5, 80), index=units(5, 80))
    put_many(client, ["hot"] * 25)
    assert str(ddb.throughput).splitlines() == [
        "orders: 15 writes throttled, as one partition can serve no more",
        "  at most 25 write units were asked for in a second, 25 in all",
        "  hottest key: id=hot, 100% of the units",
        "  what helps: 3 partition keys or more in place of the hottest one (write sharding)",
    ]


@pytest.mark.usefixtures("small_partitions")
def test_a_hot_key_that_is_read(ddb: Any, client: Any) -> None:
    create(client, table=units(500, 5), index=units(500, 5))
    for _ in range(40):
        with contextlib.suppress(ClientError):
            client.get_item(TableName="orders", Key=item(1), ConsistentRead=True)
    assert str(ddb.throughput).splitlines()[-1] == (
        "  what helps: 2 partition keys or more in place of the hottest one"
        " (a cache, or copies of the item under several keys)"
    )


@pytest.mark.usefixtures("small_partitions")
def test_many_keys_of_one_partition(ddb: Any, client: Any) -> None:
    create(client, table=units(5, 200), index=units(5, 200))
    put_many(client, range(200))
    assert str(ddb.throughput).splitlines()[-1] == (
        "  what helps: a WarmThroughput for the table, which has it split before, or a slower"
        " program"
    )


def test_a_maximum(ddb: Any, client: Any) -> None:
    create(client, OnDemandThroughput={"MaxReadRequestUnits": 1, "MaxWriteRequestUnits": 1})
    for _ in range(4):
        with contextlib.suppress(ClientError):
            client.get_item(TableName="orders", Key=item(1), ConsistentRead=True)
    assert str(ddb.throughput).splitlines() == [
        "orders: 3 reads throttled, as the maximum on-demand throughput is used up",
        "  at most 4 read units were asked for in a second, 4 in all",
        "  hottest key: id=1, 100% of the units",
        "  what helps: a maximum of 4 units for the table, or a slower program",
    ]


def test_the_quota_of_the_account() -> None:
    with mock_dynamodb(throughput=1, limits={"table_write_units": 2}) as ddb:
        ddb.clock.freeze(1_000_000)
        client = boto3.client(
            "dynamodb", "us-east-1", config=Config(retries={"total_max_attempts": 1})
        )
        create(client)
        put_many(client, [1, 2, 3])
        assert str(ddb.throughput).splitlines() == [
            "orders: 1 write throttled, as the account's quota of a table is used up",
            "  at most 3 write units were asked for in a second, 3 in all",
            "  hottest key: id=1, 33% of the units",
            "  what helps: a quota of 3 units for a table, or a slower program",
        ]


def test_an_on_demand_table_that_grows_too_fast(ddb: Any, client: Any) -> None:
    create(client)
    ddb.throughput.drain("orders")
    put_many(client, [1])
    assert str(ddb.throughput).splitlines() == [
        "orders: 1 write throttled, as more than twice the previous peak was asked for",
        "  at most 1 write units were asked for in a second, 1 in all",
        "  hottest key: id=1, 100% of the units",
        "  what helps: a WarmThroughput of 1 units for the table, some minutes before",
    ]


def test_a_scan_has_no_key(ddb: Any, client: Any) -> None:
    create(client, table=units(1, 50), index=units(50, 50))
    for _ in range(3):
        with contextlib.suppress(ClientError):
            client.scan(TableName="orders", ConsistentRead=True)
    assert str(ddb.throughput).splitlines()[1:] == [
        "  at most 3 read units were asked for in a second, 3 in all",
        f"  what helps: 3 {HELPS}",
    ]


def test_tables_of_one_name_in_two_regions(ddb: Any, client: Any) -> None:
    create(client, table=units(5, 5), index=units(50, 50))
    other = boto3.client("dynamodb", region_name="eu-west-1", config=client.meta.config)
    create(other, table=units(5, 5), index=units(50, 50))
    put_many(client, [1, 1, 1, 1, 2, 3, 4])
    put_many(other, [1])
    assert str(ddb.throughput).splitlines()[:2] == [
        "orders: 2 writes throttled, as the provisioned units are used up",
        "  at most 7 write units were asked for in a second, 7 in all",
    ]
    put_many(other, [5] * 5)
    assert str(ddb.throughput).splitlines() == [
        "orders (us-east-1): 2 writes throttled, as the provisioned units are used up",
        "  at most 7 write units were asked for in a second, 7 in all",
        "  hottest key: id=1, 57% of the units",
        f"  what helps: 7 {HELPS}",
        "orders (eu-west-1): 1 write throttled, as the provisioned units are used up",
        "  at most 6 write units were asked for in a second, 6 in all",
        "  hottest key: id=5, 83% of the units",
        f"  what helps: 6 {HELPS}",
    ]
