"""Exports, imports and bulk puts with the AWS CLI, into a folder and from one."""

from __future__ import annotations

import itertools
import json
from typing import TYPE_CHECKING, Any

import pytest

import ddbmock
from tests.aws_cli.conftest import Shell
from tests.aws_cli.test_commands import done, refused

if TYPE_CHECKING:
    from pathlib import Path

CREATE = r"""
aws dynamodb create-table --table-name Music \
  --attribute-definitions AttributeName=Artist,AttributeType=S \
  --key-schema AttributeName=Artist,KeyType=HASH --billing-mode PAY_PER_REQUEST
aws dynamodb update-continuous-backups --table-name Music \
  --point-in-time-recovery-specification PointInTimeRecoveryEnabled=true
aws dynamodb put-item --table-name Music --item '{"Artist": {"S": "Blue"}, "Sold": {"N": "5"}}'
"""
ARN = "arn:aws:dynamodb:us-east-1:123456789012:table/Music"
TABLE = (
    "TableName=Copy,KeySchema=[{AttributeName=Artist,KeyType=HASH}],"
    "AttributeDefinitions=[{AttributeName=Artist,AttributeType=S}],BillingMode=PAY_PER_REQUEST"
)


@pytest.fixture
def bucket(tmp_path: Path) -> Path:
    folder = tmp_path / "s3" / "archive"
    folder.mkdir(parents=True)
    return folder


@pytest.fixture
def shell(tmp_path: Path, bucket: Path, cli_requests: Path) -> Any:
    folder = tmp_path / "shell"
    folder.mkdir()
    with ddbmock.serve(s3=bucket.parent) as url:
        yield Shell(url, cli_requests, folder, f"transfer.{next(_numbers)}")


_numbers = itertools.count()


def test_an_export_and_an_import_of_it(shell, bucket):
    *_, exported = done(
        shell,
        CREATE + f"aws dynamodb export-table-to-point-in-time --table-arn {ARN} --s3-bucket archive"
        " --s3-prefix daily --export-format DYNAMODB_JSON",
    )
    arn = exported["ExportDescription"]["ExportArn"]
    identifier = arn.rpartition("/")[2]
    _, described, listed, imported = done(
        shell,
        f"""
        aws dynamodb wait export-completed --export-arn {arn}
        aws dynamodb describe-export --export-arn {arn}
        aws dynamodb list-exports --table-arn {ARN} --max-results 1
        aws dynamodb import-table --input-format DYNAMODB_JSON --input-compression-type GZIP \
          --s3-bucket-source S3Bucket=archive,S3KeyPrefix=daily/AWSDynamoDB/{identifier}/data/ \
          --table-creation-parameters '{TABLE}'
        """,
    )
    assert described["ExportDescription"]["ExportStatus"] == "COMPLETED"
    assert len(listed["ExportSummaries"]) == 1
    summary = bucket / described["ExportDescription"]["ExportManifest"]
    assert json.loads(summary.read_text())["itemCount"] == 1
    arn = imported["ImportTableDescription"]["ImportArn"]
    _, described, listed, scanned = done(
        shell,
        f"""
        aws dynamodb wait import-completed --import-arn {arn}
        aws dynamodb describe-import --import-arn {arn}
        aws dynamodb list-imports
        aws dynamodb scan --table-name Copy
        """,
    )
    assert described["ImportTableDescription"]["ImportedItemCount"] == 1
    assert len(listed["ImportSummaryList"]) == 1
    assert scanned["Items"] == [{"Artist": {"S": "Blue"}, "Sold": {"N": "5"}}]


def test_an_import_of_csv(shell, bucket):
    (bucket / "music.csv").write_text("Artist;Sold\nBlue;5\n")
    imported, scanned = done(
        shell,
        f"""
        aws dynamodb import-table --input-format CSV --s3-bucket-source S3Bucket=archive \
          --input-format-options 'Csv={{Delimiter=";"}}' --table-creation-parameters '{TABLE}'
        aws dynamodb scan --table-name Copy
        """,
    )
    assert imported["ImportTableDescription"]["ImportStatus"] == "IN_PROGRESS"
    assert scanned["Items"] == [{"Artist": {"S": "Blue"}, "Sold": {"S": "5"}}]


def test_a_bulk_put(shell, bucket):
    (listed,) = shell.run("aws dynamodb list-bulk-operations")
    if "argument operation: " in listed.errors or "Invalid choice" in listed.errors:
        pytest.skip("this CLI does not know bulk operations yet")
    (bucket / "in").mkdir()
    (bucket / "in" / "1.json").write_text('{"Item": {"Artist": {"S": "Red"}}}\n')
    *_, started, scanned = done(
        shell,
        CREATE
        + """
        aws dynamodb start-bulk-put-items --table-name Music \
          --input-s3-configuration S3Bucket=archive,S3KeyPrefix=in/,InputFormat=DYNAMODB_JSON \
          --output-s3-configuration S3Bucket=archive,S3KeyPrefix=out,OutputType=ERROR
        aws dynamodb scan --table-name Music --select COUNT
        """,
    )
    assert scanned["Count"] == 2
    arn = started["BulkOperationDescription"]["BulkOperationArn"]
    described, listed = done(
        shell,
        f"""
        aws dynamodb describe-bulk-operation --bulk-operation-arn {arn}
        aws dynamodb list-bulk-operations
        """,
    )
    assert described["BulkOperationDescription"]["BulkOperationStatus"] == "COMPLETED"
    assert len(listed["BulkOperationsSummaryList"]) == 1
    command = f"aws dynamodb cancel-bulk-operation --bulk-operation-arn {arn}"
    assert "ValidationException" in refused(shell, command)


def test_an_endpoint_without_buckets(new_shell):
    *_, exported = new_shell().run(
        CREATE + f"aws dynamodb export-table-to-point-in-time --table-arn {ARN} --s3-bucket archive"
    )
    assert "ddbmock serve --s3 FOLDER" in exported.errors
