"""The tour of `make demo`, under the decorator, and the data it runs on."""

from __future__ import annotations

from typing import TYPE_CHECKING

import boto3

from ddbmock import mock_dynamodb
from examples.shop import demo
from examples.shop import table as shop_table
from examples.shop.data import generate
from examples.shop.meter import Meter
from examples.shop.store import Store

if TYPE_CHECKING:
    import pytest


def test_the_data_file_is_what_its_script_writes() -> None:
    assert generate.FILE.read_text(encoding="utf-8") == generate.text()


@mock_dynamodb
def test_the_tour_says_what_it_did(capsys: pytest.CaptureFixture[str]) -> None:
    demo.run(boto3.resource("dynamodb"))
    told = capsys.readouterr().out
    assert "4,293 records written" in told
    assert "StaleOrderError" in told
    assert "NotEnoughCreditError: u9001 has less than 1000" in told
    assert "Rosa Lindqvist 69.50, Ivan Marino 30.50" in told
    assert "OutOfStockError: p0007" in told
    assert "shop/by-status" in told


def test_the_meter_counts_table_and_indexes() -> None:
    with mock_dynamodb():
        store = Store(shop_table.create(boto3.resource("dynamodb", region_name="us-east-1")))
        meter = Meter(store.client)
        assert store.load(demo.sample_records()) == 4293
        # 172 batches, an item of less than 1 KB each: a unit for the table and the inverted index.
        assert meter.calls == {"BatchWriteItem": 172}
        assert meter.units["shop", "write"] == 4293
        assert meter.units["shop/inverted", "write"] == 4293
        # Only the 950 orders have a status.
        assert meter.units["shop/by-status", "write"] == 950
        store.user("u0001")
        assert meter.units["shop", "read"] == 1
        assert meter.items_read == 1
