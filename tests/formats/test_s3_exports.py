"""Exports to Amazon S3: what the service wrote is read, and what is written is read again."""

from __future__ import annotations

import gzip
import hashlib
import json
import sys
from base64 import b64encode
from random import Random
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ddbmock._internal.engine.values import normalize_item
from ddbmock._internal.formats.export_records import EXPORT_FORMATS, ExportedChange
from ddbmock._internal.formats.file_errors import FileError
from ddbmock._internal.formats.items import read_record
from ddbmock._internal.formats.s3_exports import (
    ExportSummary,
    data_file,
    export_objects,
    export_records,
    find_export,
)
from tests.formats.exports import CHANGES, ION, ION_CHANGES, ITEMS, TABLE_ARN, write_export
from tests.formats.item_strategies import ITEMS as RANDOM_ITEMS

Item = dict[str, Any]

# --- reading -------------------------------------------------------------------------------------


def items_of(folder):
    """The items of an export, as the engine makes them, and the keys that it deletes."""
    items: list[Item] = []
    deleted: list[Item] = []
    for record in export_records(folder):
        assert record.table_name == "orders"
        item, is_deletion = read_record(record, ["orderId"])
        normalize_item(item)
        (deleted if is_deletion else items).append(item)
    return items, deleted


def test_dynamodb_json(tmp_path):
    assert items_of(write_export(tmp_path, ITEMS)) == (
        [
            {"orderId": {"S": "o-1"}, "total": {"N": "19.9"}, "receipt": {"B": b"hello"}},
            {"orderId": {"S": "o-2"}, "tags": {"SS": ["gift", "new"]}},
        ],
        [],
    )


def test_ion(tmp_path):
    assert items_of(write_export(tmp_path, ION, output_format="ION")) == (
        [
            {
                "orderId": {"S": "o-1"},
                "total": {"N": "12345678901234567890123456789012345.678"},
                "paid": {"BOOL": True},
            },
            {
                "orderId": {"S": "o-2"},
                "receipt": {"B": b"hello"},
                "coupon": {"NULL": True},
                "lines": {"L": [{"S": "a"}, {"M": {"n": {"N": "2"}}}]},
                "tags": {"SS": ["gift", "new"]},
                "sizes": {"NS": ["1.5", "2"]},
                "parts": {"BS": [b"a"]},
            },
        ],
        [],
    )


@pytest.mark.parametrize(
    ("lines", "output_format"), [(CHANGES, "DYNAMODB_JSON"), (ION_CHANGES, "ION")]
)
def test_incremental_exports(tmp_path, lines, output_format):
    folder = write_export(tmp_path, lines, output_format=output_format, incremental=True)
    assert items_of(folder) == (
        [{"orderId": {"S": "o-3"}, "total": {"N": "3"}}],
        [{"orderId": {"S": "o-1"}}],
    )


def test_an_export_is_found_from_above(tmp_path):
    folder = write_export(tmp_path, ITEMS)
    assert find_export(folder) == find_export(folder.parent) == find_export(tmp_path) == folder
    other = folder.parent / "other"
    other.mkdir()
    assert find_export(other) is None
    (other / "manifest-summary.json").write_text("{}")
    with pytest.raises(FileError, match="several exports; load one of them: "):
        find_export(tmp_path)


def test_data_files_that_were_copied_elsewhere(tmp_path):
    folder = write_export(tmp_path, ITEMS)
    for path in (folder / "data").iterdir():
        path.rename(folder / path.name)
    assert len(items_of(folder)[0]) == 2


# --- what is wrong -------------------------------------------------------------------------------


def problem_of(folder):
    with pytest.raises(FileError) as raised:
        items_of(folder)
    return str(raised.value).removeprefix(str(folder)).lstrip("/")


def test_a_record_without_an_item(tmp_path):
    folder = write_export(tmp_path, ['{"orderId":{"S":"o-1"}}'], item_count=1)
    assert problem_of(folder) == (
        "data/abc.json.gz:1: item of orders: a record of an export has an Item, or Keys with or"
        " without a NewImage"
    )


def test_fewer_items_than_the_manifest_says(tmp_path):
    folder = write_export(tmp_path, ITEMS, item_count=3)
    assert problem_of(folder) == "data/abc.json.gz: the manifest says 3 items, the file has 2"


def test_a_data_file_that_is_missing(tmp_path):
    folder = write_export(tmp_path, ITEMS)
    (folder / "data" / "abc.json.gz").unlink()
    assert problem_of(folder).startswith("manifest-files.json: the data file exports/AWSDynamoDB/")
    assert problem_of(folder).endswith(
        f"is missing; it should be {folder / 'data' / 'abc.json.gz'}"
    )


@pytest.mark.parametrize(
    ("name", "text", "problem"),
    [
        ("files", "{}", "manifest-files.json:1: the manifest has no dataFileS3Key"),
        ("files", "[", "manifest-files.json:1: not JSON: Expecting value (column 2)"),
        ("files", "[5]", "manifest-files.json:1: an item is an object of attributes, not [5]"),
        ("summary", "{}", "manifest-summary.json: the manifest has no tableArn"),
        ("summary", '{"tableArn": 5}', "manifest-summary.json: the manifest has no tableArn"),
        ("summary", "5", "manifest-summary.json: the manifest is an object, not 5"),
        ("summary", "[" * 100_000, "manifest-summary.json: not JSON: "),
        (
            "summary",
            '{"tableArn": "x", "outputFormat": "CSV"}',
            "manifest-summary.json: exports are in DYNAMODB_JSON or ION, not in CSV",
        ),
    ],
)
def test_wrong_manifests(tmp_path, name, text, problem):
    folder = write_export(tmp_path, ITEMS)
    (folder / f"manifest-{name}.json").write_text(text)
    assert problem_of(folder).startswith(problem)


def test_data_that_is_not_ion(tmp_path):
    folder = write_export(tmp_path, ["$ion_1_0 {Item:{orderId:"], output_format="ION")
    assert problem_of(folder).startswith("data/abc.ion.gz:1: not Amazon Ion: ")


def test_ion_without_its_library(tmp_path, monkeypatch):
    monkeypatch.setitem(sys.modules, "amazon.ion", None)
    monkeypatch.setitem(sys.modules, "amazon.ion.simpleion", None)
    folder = write_export(tmp_path, ION, output_format="ION")
    assert "install amazon.ion: pip install '" in problem_of(folder)


# --- writing -------------------------------------------------------------------------------------

FULL = ExportSummary(
    export_arn=f"{TABLE_ARN}/export/01791500000123-0a1b2c3d",
    table_arn=TABLE_ARN,
    table_id="12345678-1234-1234-1234-123456789012",
    start_time=1_791_500_000.123,
    end_time=1_791_500_150,
    export_time=1_791_499_990,
    bucket="shop-exports",
    prefix="nightly",
    billed_size_bytes=2048,
)
INCREMENTAL = ExportSummary(
    export_arn=f"{TABLE_ARN}/export/01791500000123-0a1b2c3d",
    table_arn=TABLE_ARN,
    table_id="12345678-1234-1234-1234-123456789012",
    start_time=1_791_500_000.123,
    end_time=1_791_500_150,
    bucket="shop-exports",
    from_time=1_791_400_000,
    to_time=1_791_450_000,
    view="NEW_AND_OLD_IMAGES",
    format_name="ION",
    sse_algorithm="KMS",
    sse_kms_key_id="alias/shop",
)


def store(objects, target):
    """Copy objects into a folder, as `aws s3 sync` does."""
    for each in objects:
        path = target / each.key
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(each.body)
    return target


def test_the_objects_of_a_full_export():
    lines = [EXPORT_FORMATS["DYNAMODB_JSON"].item_line({"id": {"S": "é"}, "b": {"B": b"hi"}})]
    files = [data_file(FULL, lines, Random(1)), data_file(FULL, [], Random(2))]
    objects = {each.key: each.body for each in export_objects(FULL, files)}
    folder = "nightly/AWSDynamoDB/01791500000123-0a1b2c3d/"
    assert list(objects) == [
        f"{folder}_started",
        files[0].key,
        files[1].key,
        f"{folder}manifest-files.json",
        f"{folder}manifest-files.md5",
        f"{folder}manifest-summary.json",
        f"{folder}manifest-summary.md5",
    ]
    assert files[0].key.startswith(f"{folder}data/")
    name = files[0].key.removeprefix(f"{folder}data/").removesuffix(".json.gz")
    assert len(name) == 26
    assert name == name.lower()
    assert gzip.decompress(files[0].body).decode() == (
        '{"Item":{"id":{"S":"é"},"b":{"B":"aGk="}}}\n'
    )
    digest = hashlib.md5(files[0].body, usedforsecurity=False)
    listed = [json.loads(line) for line in objects[f"{folder}manifest-files.json"].splitlines()]
    assert listed[0] == {
        "itemCount": 1,
        "md5Checksum": b64encode(digest.digest()).decode(),
        "etag": f"{digest.hexdigest()}-1",
        "dataFileS3Key": files[0].key,
    }
    assert listed[1]["itemCount"] == 0
    summary = objects[f"{folder}manifest-summary.json"]
    assert objects[f"{folder}manifest-summary.md5"] == b64encode(
        hashlib.md5(summary, usedforsecurity=False).digest()
    )
    assert list(json.loads(summary).items()) == [
        ("version", "2020-06-30"),
        ("exportArn", FULL.export_arn),
        ("startTime", "2026-10-08T22:53:20.123Z"),
        ("endTime", "2026-10-08T22:55:50.000Z"),
        ("tableArn", TABLE_ARN),
        ("tableId", "12345678-1234-1234-1234-123456789012"),
        ("exportTime", "2026-10-08T22:53:10.000Z"),
        ("s3Bucket", "shop-exports"),
        ("s3Prefix", "nightly"),
        ("s3SseAlgorithm", "AES256"),
        ("s3SseKmsKeyId", None),
        ("manifestFilesS3Key", f"{folder}manifest-files.json"),
        ("billedSizeBytes", 2048),
        ("itemCount", 1),
        ("outputFormat", "DYNAMODB_JSON"),
        ("exportType", "FULL_EXPORT"),
    ]


def test_the_objects_of_an_incremental_export(tmp_path):
    changes = [
        ExportedChange(
            {"orderId": {"S": "a"}}, 1_684_374_845_117_899, None, {"orderId": {"S": "a"}}
        ),
        ExportedChange({"orderId": {"S": "b"}}, 1, {"orderId": {"S": "b"}}, None),
    ]
    lines = [EXPORT_FORMATS["ION"].change_line(change) for change in changes]
    assert lines[0] == (
        '$ion_1_0 {Record:{Keys:{orderId:"a"},Metadata:{WriteTimestampMicros:1684374845117899.},'
        'NewImage:{orderId:"a"}}}\n'
    )
    file = data_file(INCREMENTAL, lines, Random(1))
    assert file.key.startswith("AWSDynamoDB/data/")
    assert file.key.endswith(".ion.gz")
    store(export_objects(INCREMENTAL, [file]), tmp_path)
    assert items_of(find_export(tmp_path)) == ([{"orderId": {"S": "a"}}], [{"orderId": {"S": "b"}}])
    text = next(tmp_path.rglob("manifest-summary.json")).read_text()
    assert list(json.loads(text)) == [
        *("version", "exportArn", "startTime", "endTime", "tableArn", "tableId"),
        *("exportFromTime", "exportToTime", "s3Bucket", "s3Prefix", "s3SseAlgorithm"),
        *("s3SseKmsKeyId", "manifestFilesS3Key", "billedSizeBytes", "itemCount", "outputFormat"),
        *("outputView", "exportType"),
    ]


def test_a_change_in_dynamodb_json():
    change = ExportedChange(
        {"id": {"S": "a"}},
        1_680_109_764_000_000,
        {"id": {"S": "a"}},
        {"id": {"S": "a"}, "n": {"N": "1"}},
    )
    assert EXPORT_FORMATS["DYNAMODB_JSON"].change_line(change) == (
        '{"Metadata":{"WriteTimestampMicros":{"N":"1680109764000000"}},"Keys":{"id":{"S":"a"}},'
        '"NewImage":{"id":{"S":"a"},"n":{"N":"1"}},"OldImage":{"id":{"S":"a"}}}\n'
    )


@pytest.mark.parametrize(
    ("prefix", "root"),
    [(None, "AWSDynamoDB/"), ("a/b", "a/b/AWSDynamoDB/"), ("a/", "a/AWSDynamoDB/")],
)
def test_prefixes(prefix, root):
    summary = ExportSummary("arn/id", TABLE_ARN, "", 0, 0, "bucket", prefix)
    assert (summary.root, summary.folder) == (root, f"{root}id/")


@pytest.mark.parametrize("format_name", EXPORT_FORMATS)
@given(items=st.lists(RANDOM_ITEMS, max_size=3))
def test_what_is_written_is_read_again(tmp_path_factory, format_name, items):
    folder = tmp_path_factory.mktemp("export")
    items = [{**item, "orderId": {"S": str(at)}} for at, item in enumerate(items)]
    summary = ExportSummary(
        f"{TABLE_ARN}/export/1-a", TABLE_ARN, "", 0, 0, "b", export_time=0, format_name=format_name
    )
    lines = [EXPORT_FORMATS[format_name].item_line(item) for item in items]
    store(export_objects(summary, [data_file(summary, lines, Random(1))]), folder)
    for item in items:
        normalize_item(item)
    assert items_of(find_export(folder)) == (items, [])
