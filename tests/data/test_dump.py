"""`ddb.dump`: what it writes, and that `ddb.load` reads it without a loss."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import boto3
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ddbmock import mock_dynamodb
from ddbmock._internal.data import FileError
from ddbmock._internal.errors import MisuseError
from tests.formats.item_strategies import ITEMS

if TYPE_CHECKING:
    from ddbmock import Controller

FULL_SHOP = {
    "orders": [
        {"orderId": {"S": "o-1"}, "total": {"N": "19.90"}, "receipt": {"B": "aGk="}},
        {"orderId": {"S": "o-2"}, "tags": {"SS": ["new"]}, "note": {"S": ""}},
    ],
    "customers": [{"customerId": {"N": "7"}}],
}


@pytest.fixture
def full_shop(shop):
    shop.load(FULL_SHOP)
    return shop


def test_json_lines(full_shop, tmp_path):
    assert full_shop.dump(tmp_path / "customers.jsonl") == 1
    assert (tmp_path / "customers.jsonl").read_text() == '{"customerId": {"N": "7"}}\n'


def test_a_file_without_a_suffix_is_json_lines(full_shop, tmp_path):
    full_shop.dump(tmp_path / "seeds", "customers")
    assert (tmp_path / "seeds").read_text() == '{"customerId": {"N": "7"}}\n'
    assert full_shop.load(tmp_path / "seeds", "customers") == 1


def test_json_of_one_table_is_as_the_aws_cli_prints_a_scan(full_shop, dynamodb_client, tmp_path):
    full_shop.dump(tmp_path / "a.json", "customers")
    document = json.loads((tmp_path / "a.json").read_text())
    scanned = dynamodb_client.scan(TableName="customers")
    assert document == {name: scanned[name] for name in ("Items", "Count", "ScannedCount")}


def test_json_of_all_tables(full_shop, tmp_path):
    assert full_shop.dump(tmp_path / "a.json") == 3
    document = json.loads((tmp_path / "a.json").read_text())
    assert {name: len(items) for name, items in document.items()} == {"orders": 2, "customers": 1}


def test_csv_has_typed_columns_the_key_first(full_shop, tmp_path):
    full_shop.dump(tmp_path / "orders.csv")
    header, *rows = (tmp_path / "orders.csv").read_text().splitlines()
    assert header.split(",")[0] == "orderId:S"
    assert set(header.split(",")) == {"orderId:S", "total:N", "receipt:B", "tags:SS", "note:JSON"}
    assert len(rows) == 2


def test_a_folder(full_shop, tmp_path):
    full_shop.dump(tmp_path)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["customers.jsonl", "orders.jsonl"]
    before = full_shop.tables["orders"].items
    for table_name in ("orders", "customers"):
        for path in tmp_path.iterdir():
            assert full_shop.load(path, path.stem) > 0
        assert full_shop.tables[table_name].items
    assert full_shop.tables["orders"].items == before


def test_compressed_dumps_of_equal_items_are_equal(full_shop, tmp_path):
    full_shop.dump(tmp_path / "a.jsonl.gz", "orders")
    full_shop.dump(tmp_path / "b.jsonl.gz", "orders")
    content = (tmp_path / "a.jsonl.gz").read_bytes()
    assert content == (tmp_path / "b.jsonl.gz").read_bytes()
    # Both may be written in the same second: the header must not have the time.
    assert content[4:8] == bytes(4)
    assert full_shop.load(tmp_path / "a.jsonl.gz", "orders") == 2


def test_tables_that_are_not_there(full_shop, tmp_path):
    with pytest.raises(MisuseError) as raised:
        full_shop.dump(tmp_path / "a.jsonl", "bills")
    assert str(raised.value) == (
        "no table 'bills' in us-east-1; the tables that exist: customers, orders"
    )
    with pytest.raises(MisuseError) as raised:
        full_shop.dump(tmp_path / "a.csv")
    assert str(raised.value) == (
        f"{tmp_path / 'a.csv'}: a CSV file has the items of one table; say table=... (--table),"
        " or dump into a folder, .json or .yaml (the tables that exist: customers, orders)"
    )


def test_a_format_that_is_not_known(full_shop, tmp_path):
    with pytest.raises(FileError, match=r"o.xml: the format cannot be recognised by the suffix"):
        full_shop.dump(tmp_path / "o.xml", "orders")
    assert list(tmp_path.iterdir()) == []


def test_a_folder_that_is_not_there(full_shop, tmp_path):
    with pytest.raises(FileError) as raised:
        full_shop.dump(tmp_path / "none" / "orders.jsonl")
    assert raised.value.problem == f"cannot be written: there is no folder {tmp_path / 'none'}"


def test_one_table_into_a_folder(full_shop, tmp_path):
    assert full_shop.dump(tmp_path, "customers") == 1
    assert [path.name for path in tmp_path.iterdir()] == ["customers.jsonl"]


# --- round trips ---------------------------------------------------------------------------------


def table_of(mock: Controller) -> None:
    boto3.client("dynamodb", "us-east-1").create_table(
        TableName="tab",
        KeySchema=[{"AttributeName": "id", "KeyType": "HASH"}],
        AttributeDefinitions=[{"AttributeName": "id", "AttributeType": "S"}],
        BillingMode="PAY_PER_REQUEST",
    )


@given(contents=st.lists(ITEMS, min_size=1, max_size=3))
def test_nothing_is_lost(tmp_path_factory, contents):
    folder = tmp_path_factory.mktemp("round-trip", numbered=True)
    with mock_dynamodb(isolate=True) as ddb:
        table_of(ddb)
        empty = ddb.snapshot()
        ddb.load({"tab": [{**item, "id": {"S": str(at)}} for at, item in enumerate(contents)]})
        before = ddb.tables["tab"].items
        for suffix in ("jsonl", "json", "csv", "yaml", "ion", "json.gz"):
            path = folder / f"tab.{suffix}"
            ddb.dump(path)
            ddb.restore(empty)
            assert ddb.load(path) == len(before)
            assert ddb.tables["tab"].items == before
