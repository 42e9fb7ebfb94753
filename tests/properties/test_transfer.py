"""Exports against what was written: an import gives the same table, and the past is the past."""

from __future__ import annotations

import gzip
import json
import tempfile
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ddbmock import mock_dynamodb
from ddbmock._internal.formats.dynamodb_json import typed_item
from tests.formats.item_strategies import ITEMS
from tests.random_examples import examples
from tests.shared_clients import dynamodb

ARN = "arn:aws:dynamodb:us-east-1:123456789012:table/orders"
START = 1_800_000_000
TABLE: dict[str, Any] = {
    "KeySchema": [{"AttributeName": "id", "KeyType": "HASH"}],
    "AttributeDefinitions": [
        {"AttributeName": "id", "AttributeType": "S"},
        {"AttributeName": "by", "AttributeType": "N"},
    ],
    "GlobalSecondaryIndexes": [
        {
            "IndexName": "by-by",
            "KeySchema": [{"AttributeName": "by", "KeyType": "HASH"}],
            "Projection": {"ProjectionType": "ALL"},
        }
    ],
    "BillingMode": "PAY_PER_REQUEST",
}
KEYS = st.sampled_from(["a", "b", "c"])
#: Seconds to wait, then an item to put with this number, or to delete.
STEPS = st.lists(
    st.tuples(st.sampled_from([0, 1, 59, 600]), KEYS, st.none() | st.integers(0, 3)), max_size=12
)


def create(client: Any) -> None:
    client.create_table(TableName="orders", **TABLE)
    client.update_continuous_backups(
        TableName="orders", PointInTimeRecoverySpecification={"PointInTimeRecoveryEnabled": True}
    )


def lines_of(folder: Path) -> list[Any]:
    return [
        json.loads(line)
        for path in folder.rglob("*.json.gz")
        for line in gzip.decompress(path.read_bytes()).decode().splitlines()
    ]


def state_before(at: float, states: list[tuple[float, dict[str, int]]]) -> dict[str, int]:
    """What the table was just before a time."""
    earlier = [state for when, state in states if when < at]
    return earlier[-1] if earlier else {}


def number_of(image: dict[str, Any] | None) -> int | None:
    return None if image is None else int(image["n"]["N"])


@pytest.mark.parametrize("export_format", ["DYNAMODB_JSON", "ION"])
@settings(max_examples=examples(30))
@given(
    items=st.dictionaries(
        st.text(min_size=1, max_size=6), st.tuples(ITEMS, st.none() | st.integers(0, 2))
    )
)
def test_an_import_of_an_export_is_the_same_table(export_format, items):
    with tempfile.TemporaryDirectory() as folder, mock_dynamodb(s3=folder, isolate=True) as ddb:
        (Path(folder) / "archive").mkdir()
        client = dynamodb("us-east-1")
        create(client)
        for key, (item, by) in items.items():
            own = {name: value for name, value in item.items() if name != "by"}
            more = {} if by is None else {"by": {"N": str(by)}}
            ddb.load({"orders": [{**own, **more, "id": {"S": key}}]})
        response = client.export_table_to_point_in_time(
            TableArn=ARN, S3Bucket="archive", ExportFormat=export_format
        )
        identifier = response["ExportDescription"]["ExportArn"].rpartition("/")[2]
        prefix = f"AWSDynamoDB/{identifier}/data/"
        response = client.import_table(
            S3BucketSource={"S3Bucket": "archive", "S3KeyPrefix": prefix},
            InputFormat=export_format,
            InputCompressionType="GZIP",
            TableCreationParameters={"TableName": "copy", **TABLE},
        )
        arn = response["ImportTableDescription"]["ImportArn"]
        ended = client.describe_import(ImportArn=arn)["ImportTableDescription"]
        assert ended["ImportStatus"] == "COMPLETED", ddb.import_errors(arn)
        tables = ddb._backend.region("us-east-1").tables
        original, copy = tables["orders"], tables["copy"]
        assert copy.size_bytes == original.size_bytes
        assert {key: stored.load() for key, stored in copy.items.items()} == {
            key: stored.load() for key, stored in original.items.items()
        }
        rows, copied = (
            [row[:-1] for row in table.indexes["by-by"].rows] for table in (original, copy)
        )
        assert copied == rows
        copy._check()
        assert ddb.load(Path(folder) / "archive") == len(items)
        original._check()


@settings(max_examples=examples(60))
@given(steps=STEPS, at=st.integers(0, 1500), length=st.integers(900, 3000))
def test_any_moment_and_any_period(steps, at, length):
    now = START
    states: list[tuple[float, dict[str, int]]] = [(now, {})]
    with tempfile.TemporaryDirectory() as folder, mock_dynamodb(s3=folder, isolate=True) as ddb:
        (Path(folder) / "archive").mkdir()
        ddb.clock.freeze(START)
        client = dynamodb("us-east-1")
        create(client)
        for seconds, key, number in steps:
            ddb.clock.advance(seconds=seconds)
            now += seconds
            state = dict(states[-1][1])
            if number is None:
                client.delete_item(TableName="orders", Key={"id": {"S": key}})
                state.pop(key, None)
            else:
                item = {"id": {"S": key}, "n": {"N": str(number)}}
                client.put_item(TableName="orders", Item=item)
                state[key] = number
            states.append((now, state))
        ddb.clock.freeze(max(now, START + at + length) + 301)

        client.export_table_to_point_in_time(
            TableArn=ARN, S3Bucket="archive", S3Prefix="full", ExportTime=START + at
        )
        found = [typed_item(line["Item"]) for line in lines_of(Path(folder) / "archive" / "full")]
        expected = [state for when, state in states if when <= START + at][-1]
        assert {item["id"]["S"]: number_of(item) for item in found} == expected

        client.export_table_to_point_in_time(
            TableArn=ARN,
            S3Bucket="archive",
            S3Prefix="changes",
            ExportType="INCREMENTAL_EXPORT",
            IncrementalExportSpecification={
                "ExportFromTime": START + at,
                "ExportToTime": START + at + length,
            },
        )
        before = state_before(START + at, states)
        after = state_before(START + at + length, states)
        changes = {
            line["Keys"]["id"]["S"]: (
                number_of(line.get("OldImage")),
                number_of(line.get("NewImage")),
            )
            for line in lines_of(Path(folder) / "archive" / "changes")
        }
        for key in {*before, *after, *changes}:
            expected_images = (before.get(key), after.get(key))
            if key in changes:
                assert changes[key] == expected_images
            else:
                assert expected_images[0] == expected_images[1]
