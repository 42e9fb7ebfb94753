"""What `print` and `repr` show of a controller and its views."""

from __future__ import annotations

import re

import boto3
import pytest

from ddbmock import mock_dynamodb
from ddbmock._internal.calls import Display
from tests.switch.helpers import create_table


@pytest.fixture
def shop(ddb, client):
    shop = ddb.tables["shop"]
    shop.put(PK="a", SK=1, status="open", total=5)
    shop.put(PK="a", SK=2, tags={"x"}, raw=b"y")
    client.get_item(TableName="shop", Key={"PK": {"S": "a"}, "SK": {"N": "1"}})
    return shop


def test_a_controller(ddb, shop):
    assert str(ddb) == (
        "1 call in us-east-1, 0.5 RCU:\n"
        "  GetItem shop  Key: {'PK': 'a', 'SK': 1}  [1 item, 0.5 RCU]\n"
        "tables:\n"
        "  shop (us-east-1): 2 items, 40 bytes\n"
        "    {'PK': 'a', 'SK': 1, 'status': 'open', 'total': 5}\n"
        "    {'PK': 'a', 'SK': 2, 'tags': {'x'}, 'raw': b'y'}"
    )


def test_a_controller_of_an_empty_mock(ddb):
    assert str(ddb) == "no calls, no tables"


def test_a_controller_of_several_regions(ddb, shop):
    create_table(boto3.client("dynamodb", region_name="eu-west-1"))
    lines = str(ddb).splitlines()
    assert lines[:3] == [
        "2 calls in eu-west-1 and us-east-1, 0.5 RCU:",
        "  GetItem shop (us-east-1)  Key: {'PK': 'a', 'SK': 1}  [1 item, 0.5 RCU]",
        "  CreateTable orders (eu-west-1)  key id (S)",
    ]
    assert "  orders (eu-west-1): 0 items, 0 bytes" in lines


def test_a_controller_that_is_not_active():
    mock = mock_dynamodb()
    assert str(mock) == repr(mock) == "<mock_dynamodb, not active>"


def test_a_table(ddb, shop):
    assert str(shop) == (
        "shop (us-east-1): 2 items, 40 bytes\n"
        "  {'PK': 'a', 'SK': 1, 'status': 'open', 'total': 5}\n"
        "  {'PK': 'a', 'SK': 2, 'tags': {'x'}, 'raw': b'y'}"
    )
    assert repr(shop) == "<table shop in us-east-1: 2 items>"
    ddb.calls.display = Display(shown_items=1, mask=("PK",))
    assert str(shop).splitlines()[1:] == [
        "  {'PK': ***, 'SK': 1, 'status': 'open', 'total': 5}",
        "  … 1 more",
    ]


def test_an_index_and_a_stream(shop):
    index = shop.indexes["by-status"]
    assert str(index) == (
        "shop/by-status (us-east-1): 1 item, 24 bytes\n"
        "  {'PK': 'a', 'SK': 1, 'status': 'open', 'total': 5}"
    )
    assert repr(index) == "<index by-status: 1 item>"
    assert re.fullmatch(r"<stream arn:aws:dynamodb:us-east-1:\d+:table/shop/stream/[^>]+>",
                        repr(shop.stream))  # fmt: skip


def test_a_clock(ddb):
    assert re.fullmatch(r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d UTC", str(ddb.clock))
    ddb.clock.advance(hours(2))
    assert str(ddb.clock).endswith(" UTC, 2:00:00 ahead")
    ddb.clock.freeze("2026-05-01T12:00:00Z")
    assert str(ddb.clock) == "2026-05-01 12:00:00 UTC, frozen"
    assert repr(ddb.clock) == "<clock: 2026-05-01 12:00:00 UTC, frozen>"
    ddb.clock.unfreeze()
    assert str(ddb.clock).endswith((" ahead", " behind"))


def hours(count: int) -> int:
    return count * 3600


def test_what_a_call_consumed(ddb, shop):
    assert repr(ddb.calls[0].consumed) == "{'shop': <shop: 0.5 read and 0 write units>}"


def test_no_addresses(ddb, shop):
    for thing in (
        ddb, ddb.calls, ddb.calls[0], ddb.calls("GetItem"), ddb.clock, ddb.regions, ddb.tables,
        shop, shop.indexes, shop.stream, ddb.calls.units(), ddb.calls.totals(),
        ddb.faults, ddb.snapshot(), ddb.budget(scans=0), ddb.accounts,
    ):  # fmt: skip
        assert " object at 0x" not in repr(thing) + str(thing)
