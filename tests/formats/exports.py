"""Exports to Amazon S3 as the service writes them, in a folder."""

from __future__ import annotations

import gzip
import json
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

EXPORT_ID = "01693685827463-2d8752fd"
TABLE_ARN = "arn:aws:dynamodb:us-east-1:123456789012:table/orders"
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
ION_CHANGES = [
    (
        '$ion_1_0 {Record:{Keys:{orderId:"o-1"},Metadata:{WriteTimestampMicros:1684374845117899.},'
        'OldImage:{orderId:"o-1",total:1.}}}'
    ),
    (
        '$ion_1_0 {Record:{Keys:{orderId:"o-3"},Metadata:{WriteTimestampMicros:1684374845117899.},'
        'NewImage:{orderId:"o-3",total:3.}}}'
    ),
]


def write_export(
    target: Path,
    lines: list[str],
    *,
    output_format: str = "DYNAMODB_JSON",
    item_count: int = 2,
    incremental: bool = False,
) -> Path:
    """Write an export with one data file and an empty one, and return its folder."""
    folder = target / "AWSDynamoDB" / EXPORT_ID
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
    summary = {
        "version": "2020-06-30",
        "tableArn": TABLE_ARN,
        "itemCount": item_count,
        "outputFormat": output_format,
        "exportType": "INCREMENTAL_EXPORT" if incremental else "FULL_EXPORT",
    }
    (folder / "manifest-summary.json").write_text(json.dumps(summary))
    return folder
