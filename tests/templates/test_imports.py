"""Tables of templates that are filled from Amazon S3."""

from __future__ import annotations

import json

import pytest

import ddbmock
from ddbmock import FileError

KEYS = {
    "AttributeDefinitions": [{"AttributeName": "id", "AttributeType": "S"}],
    "KeySchema": [{"AttributeName": "id", "KeyType": "HASH"}],
    "BillingMode": "PAY_PER_REQUEST",
}
SOURCE = {
    "S3BucketSource": {"S3Bucket": {"Ref": "Data"}, "S3KeyPrefix": "orders/"},
    "InputFormat": "CSV",
    "InputFormatOptions": {"Csv": {"Delimiter": ";"}},
}
TERRAFORM = """
resource "aws_dynamodb_table" "orders" {
  name         = "orders"
  billing_mode = "PAY_PER_REQUEST"
  hash_key     = "id"
  stream_enabled   = true
  stream_view_type = "NEW_IMAGE"
  attribute {
    name = "id"
    type = "S"
  }
  import_table {
    input_format           = "CSV"
    input_compression_type = "NONE"
    input_format_options {
      csv {
        delimiter   = ";"
        header_list = ["id", "total"]
      }
    }
    s3_bucket_source {
      bucket     = "archive"
      key_prefix = "orders/"
    }
  }
}
"""


@pytest.fixture
def bucket(ddb, tmp_path):
    folder = tmp_path / "s3" / "archive" / "orders"
    folder.mkdir(parents=True)
    ddb.s3 = tmp_path / "s3"
    return folder


def template(source=None, **properties):
    source = SOURCE if source is None else source
    table = {"TableName": "orders", **KEYS, "ImportSourceSpecification": source, **properties}
    return {
        "Resources": {
            "Data": {"Type": "AWS::S3::Bucket", "Properties": {"BucketName": "archive"}},
            "Orders": {"Type": "AWS::DynamoDB::Table", "Properties": table},
        }
    }


def test_cloudformation(ddb, bucket):
    (bucket / "1.csv").write_text("id;total\no-1;5\n")
    tables = ddbmock.tables_from(
        template(
            StreamSpecification={"StreamViewType": "NEW_IMAGE"},
            Tags=[{"Key": "team", "Value": "shop"}],
            DeletionProtectionEnabled="true",
            TimeToLiveSpecification={"AttributeName": "expires", "Enabled": True},
        )
    )
    assert tables.skipped == []
    tables.create(ddb)
    table = ddb.tables["orders"]
    assert table.plain_items == [{"id": "o-1", "total": "5"}]
    assert table.stream.records == []
    with ddb.set_up() as set_up:
        response = set_up.request("DescribeTable", {"TableName": "orders"})
        assert response["Table"]["DeletionProtectionEnabled"]
        arn = response["Table"]["TableArn"]
        tags = set_up.request("ListTagsOfResource", {"ResourceArn": arn})
        assert tags["Tags"] == [{"Key": "team", "Value": "shop"}]
        ttl = set_up.request("DescribeTimeToLive", {"TableName": "orders"})
        assert ttl["TimeToLiveDescription"]["TimeToLiveStatus"] == "ENABLED"


def test_through_a_client(ddb, bucket, dynamodb_client):
    (bucket / "1.csv").write_text("id;total\no-1;5\n")
    ddbmock.tables_from(template()).create(dynamodb_client)
    assert ddb.tables["orders"].item_count == 1


def test_terraform(ddb, bucket, tmp_path):
    pytest.importorskip("hcl2")
    (bucket / "1.csv").write_text("o-1;5\n")
    path = tmp_path / "main.tf"
    path.write_text(TERRAFORM)
    ddbmock.tables_from(path).create(ddb)
    assert ddb.tables["orders"].plain_items == [{"id": "o-1", "total": "5"}]
    assert ddb.tables["orders"].stream is not None


def test_an_import_that_fails(ddb, bucket):
    (bucket / "1.csv").write_text("other;total\no-1;5\n")
    with pytest.raises(FileError, match="the import of orders failed: ItemValidationError: Some"):
        ddbmock.tables_from(template()).create(ddb)
    assert dict(ddb.tables) == {}


@pytest.mark.parametrize(
    ("source", "properties", "problem"),
    [
        ({"InputFormat": "CSV"}, {}, "S3BucketSource is missing"),
        ({**SOURCE, "Colour": "red"}, {}, "unknown property of a table: Colour"),
        (
            SOURCE,
            {
                "LocalSecondaryIndexes": [
                    {
                        "IndexName": "lsi",
                        "KeySchema": KEYS["KeySchema"],
                        "Projection": {"ProjectionType": "ALL"},
                    }
                ]
            },
            "ImportTable takes no LocalSecondaryIndexes: take one of the two out",
        ),
    ],
)
def test_what_cannot_be_imported(source, properties, problem):
    with pytest.raises(FileError, match=problem):
        ddbmock.tables_from(json.loads(json.dumps(template(source, **properties))))
