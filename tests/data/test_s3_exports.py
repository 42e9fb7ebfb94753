"""Folders of DynamoDB's export to Amazon S3: full and incremental, DynamoDB JSON and Ion."""

from __future__ import annotations

import gzip
import json
import sys

import pytest

from ddbmock.data import FileError

EXPORT_ID = "01693685827463-2d8752fd"
ITEMS = [
    '{"Item":{"orderId":{"S":"o-1"},"total":{"N":"19.90"},"receipt":{"B":"aGVsbG8="}}}',
    '{"Item":{"orderId":{"S":"o-2"},"tags":{"SS":["gift","new"]}}}',
]
ION = [
    '$ion_1_0 {Item:{orderId:"o-1",total:12345678901234567890123456789012345.678,paid:true}}',
    (
        '$ion_1_0 {Item:{orderId:"o-2",receipt:{{aGVsbG8=}},coupon:null,lines:["a",{n:2.}],'
        'tags:$dynamodb_SS::["new","gift"],sizes:$dynamodb_NS::[2.,1.5],parts:$dynamodb_BS::[{{YQ==}}]}}'
    ),
]
CHANGES = [
    (
        '{"Metadata":{"WriteTimestampMicros":{"N":"1680109764000000"}},'
        '"Keys":{"orderId":{"S":"o-1"}},"OldImage":{"orderId":{"S":"o-1"},"total":{"N":"1"}}}'
    ),
    (
        '{"Metadata":{"WriteTimestampMicros":{"N":"1680109764000000"}},'
        '"Keys":{"orderId":{"S":"o-3"}},"NewImage":{"orderId":{"S":"o-3"},"total":{"N":"3"}}}'
    ),
]


@pytest.fixture
def export(tmp_path):
    """Write an export with one data file, and return its folder."""

    def write(lines, *, output_format="DYNAMODB_JSON", item_count=2, **summary):
        folder = tmp_path / "AWSDynamoDB" / EXPORT_ID
        incremental = summary.get("exportType") == "INCREMENTAL_EXPORT"
        data = (folder.parent if incremental else folder) / "data"
        data.mkdir(parents=True)
        folder.mkdir(exist_ok=True)
        suffix = "json" if output_format == "DYNAMODB_JSON" else "ion"
        (data / f"abc.{suffix}.gz").write_bytes(gzip.compress("\n".join(lines).encode() + b"\n"))
        (data / f"empty.{suffix}.gz").write_bytes(gzip.compress(b""))
        key = f"exports/AWSDynamoDB/{EXPORT_ID}/data/"
        manifest = [
            {"itemCount": item_count, "md5Checksum": "", "dataFileS3Key": f"{key}abc.{suffix}.gz"},
            {"itemCount": 0, "md5Checksum": "", "dataFileS3Key": f"{key}empty.{suffix}.gz"},
        ]
        (folder / "manifest-files.json").write_text("\n".join(map(json.dumps, manifest)))
        arn = "arn:aws:dynamodb:us-east-1:123456789012:table/orders"
        summary = {"version": "2020-06-30", "tableArn": arn, "itemCount": 2} | summary
        summary["outputFormat"] = output_format
        (folder / "manifest-summary.json").write_text(json.dumps(summary))
        return folder

    return write


def test_dynamodb_json(shop, export, by_key):
    assert shop.load(export(ITEMS)) == 2
    assert by_key(shop, "orders") == {
        "o-1": {"orderId": {"S": "o-1"}, "total": {"N": "19.9"}, "receipt": {"B": b"hello"}},
        "o-2": {"orderId": {"S": "o-2"}, "tags": {"SS": ["gift", "new"]}},
    }


def test_the_folders_above_and_the_manifest(shop, export, tmp_path):
    folder = export(ITEMS)
    for path in (tmp_path, folder.parent, folder / "manifest-summary.json"):
        assert shop.load(path) == 2


def test_into_another_table(shop, export, dynamodb_client):
    dynamodb_client.create_table(
        TableName="copy",
        KeySchema=[{"AttributeName": "orderId", "KeyType": "HASH"}],
        AttributeDefinitions=[{"AttributeName": "orderId", "AttributeType": "S"}],
        BillingMode="PAY_PER_REQUEST",
    )
    shop.load(export(ITEMS), table="copy")
    assert (shop.tables["copy"].item_count, shop.tables["orders"].item_count) == (2, 0)


def test_ion(shop, export, by_key):
    assert shop.load(export(ION, output_format="ION")) == 2
    assert by_key(shop, "orders") == {
        "o-1": {
            "orderId": {"S": "o-1"},
            "total": {"N": "12345678901234567890123456789012345.678"},
            "paid": {"BOOL": True},
        },
        "o-2": {
            "orderId": {"S": "o-2"},
            "receipt": {"B": b"hello"},
            "coupon": {"NULL": True},
            "lines": {"L": [{"S": "a"}, {"M": {"n": {"N": "2"}}}]},
            "tags": {"SS": ["gift", "new"]},
            "sizes": {"NS": ["1.5", "2"]},
            "parts": {"BS": [b"a"]},
        },
    }


def test_an_incremental_export_deletes_too(shop, export, by_key):
    shop.load({"orders": [{"orderId": "o-1", "total": 1}, {"orderId": "o-2"}]})
    assert shop.load(export(CHANGES, exportType="INCREMENTAL_EXPORT")) == 2
    assert sorted(by_key(shop, "orders")) == ["o-2", "o-3"]


# --- what is wrong -------------------------------------------------------------------------------


def test_a_wrong_item(shop, export):
    folder = export([ITEMS[0], '{"Item":{"id":{"S":"o-2"}}}'])
    with pytest.raises(FileError) as raised:
        shop.load(folder)
    assert str(raised.value) == (
        f"{folder / 'data' / 'abc.json.gz'}:2: item of orders: One or more parameter values were"
        " invalid: Missing the key orderId in the item"
    )
    assert shop.tables["orders"].items == []


def test_a_record_without_an_item(shop, export):
    with pytest.raises(
        FileError, match=r"abc.json.gz:1: item of orders: a record of an export has"
    ):
        shop.load(export(['{"orderId":{"S":"o-1"}}'], item_count=1))


def test_fewer_items_than_the_manifest_says(shop, export):
    with pytest.raises(FileError, match=r"abc.json.gz: the manifest says 3 items, the file has 2"):
        shop.load(export(ITEMS, item_count=3))
    assert shop.tables["orders"].items == []


def test_a_data_file_that_is_missing(shop, export):
    folder = export(ITEMS)
    (folder / "data" / "abc.json.gz").unlink()
    with pytest.raises(FileError) as raised:
        shop.load(folder)
    assert raised.value.problem == (
        f"the data file exports/AWSDynamoDB/{EXPORT_ID}/data/abc.json.gz is missing; it should be"
        f" {folder / 'data' / 'abc.json.gz'}"
    )


def test_a_manifest_without_its_members(shop, export):
    folder = export(ITEMS)
    (folder / "manifest-files.json").write_text("{}")
    with pytest.raises(FileError, match=r"files.json:1: the manifest has no dataFileS3Key"):
        shop.load(folder)
    (folder / "manifest-summary.json").write_text("{}")
    with pytest.raises(FileError, match=r"summary.json: the manifest has no tableArn"):
        shop.load(folder)


def test_another_format(shop, export):
    with pytest.raises(FileError, match="exports are in DYNAMODB_JSON or ION, not in CSV"):
        shop.load(export(ITEMS, output_format="CSV"))


def test_ion_that_is_none(shop, export):
    with pytest.raises(FileError, match=r"abc.ion.gz: not Amazon Ion: "):
        shop.load(export(["{Item:{orderId:"], output_format="ION"))


def test_ion_without_its_library(shop, export, monkeypatch):
    monkeypatch.setitem(sys.modules, "amazon.ion", None)
    monkeypatch.setitem(sys.modules, "amazon.ion.simpleion", None)
    with pytest.raises(FileError, match=r"install amazon.ion: pip install 'ddbmock\[ion\]'"):
        shop.load(export(ION, output_format="ION"))


def test_several_exports(shop, export, tmp_path):
    folder = export(ITEMS)
    other = folder.parent / "other"
    other.mkdir()
    (other / "manifest-summary.json").write_text("{}")
    with pytest.raises(FileError, match="several exports; load one of them: "):
        shop.load(tmp_path)
