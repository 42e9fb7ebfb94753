"""Policies, insights and Kinesis destinations of templates work once the tables are created."""

from __future__ import annotations

import json
from typing import Any

import boto3
import pytest
from botocore.exceptions import ClientError

from ddbmock import tables_from
from tests.old_models import needs_complete_model

ACCOUNT = "123456789012"
STREAM = f"arn:aws:kinesis:us-east-1:{ACCOUNT}:stream/changes"
DENIAL: dict[str, Any] = {
    "Version": "2012-10-17",
    "Statement": [
        {
            "Effect": "Deny",
            "Principal": {"AWS": "*"},
            "Action": "dynamodb:DeleteItem",
            "Resource": "*",
        }
    ],
}
PROPERTIES: dict[str, Any] = {
    "TableName": "orders",
    "BillingMode": "PAY_PER_REQUEST",
    "AttributeDefinitions": [
        {"AttributeName": "id", "AttributeType": "S"},
        {"AttributeName": "day", "AttributeType": "S"},
    ],
    "KeySchema": [{"AttributeName": "id", "KeyType": "HASH"}],
    "GlobalSecondaryIndexes": [
        {
            "IndexName": "by-day",
            "KeySchema": [{"AttributeName": "day", "KeyType": "HASH"}],
            "Projection": {"ProjectionType": "ALL"},
            "ContributorInsightsSpecification": {"Enabled": True},
        }
    ],
    "ContributorInsightsSpecification": {"Enabled": True, "Mode": "THROTTLED_KEYS"},
    "KinesisStreamSpecification": {"StreamArn": {"Fn::GetAtt": ["Changes", "Arn"]}},
    "ResourcePolicy": {"PolicyDocument": DENIAL},
    "StreamSpecification": {
        "StreamViewType": "KEYS_ONLY",
        "ResourcePolicy": {
            "PolicyDocument": {
                "Version": "2012-10-17",
                "Statement": [
                    {
                        "Effect": "Allow",
                        "Principal": {"AWS": "222233334444"},
                        "Action": "dynamodb:GetRecords",
                        "Resource": "*",
                    }
                ],
            }
        },
    },
}
CHANGES = {"Type": "AWS::Kinesis::Stream", "Properties": {"Name": "changes"}}
CLOUDFORMATION = {
    "Resources": {
        "Orders": {"Type": "AWS::DynamoDB::Table", "Properties": PROPERTIES},
        "Changes": CHANGES,
    }
}
TERRAFORM = """
resource "aws_kinesis_stream" "changes" {
  name = "changes"
}
resource "aws_dynamodb_table" "orders" {
  name             = "orders"
  billing_mode     = "PAY_PER_REQUEST"
  hash_key         = "id"
  stream_enabled   = true
  stream_view_type = "KEYS_ONLY"
  attribute {
    name = "id"
    type = "S"
  }
  attribute {
    name = "day"
    type = "S"
  }
  global_secondary_index {
    name            = "by-day"
    hash_key        = "day"
    projection_type = "ALL"
  }
}
resource "aws_dynamodb_kinesis_streaming_destination" "orders" {
  stream_arn = "%(stream)s"
  table_name = aws_dynamodb_table.orders.name
}
resource "aws_dynamodb_contributor_insights" "orders" {
  table_name = aws_dynamodb_table.orders.name
  mode       = "THROTTLED_KEYS"
}
resource "aws_dynamodb_contributor_insights" "by_day" {
  table_name = aws_dynamodb_table.orders.name
  index_name = "by-day"
}
resource "aws_dynamodb_resource_policy" "orders" {
  resource_arn = aws_dynamodb_table.orders.arn
  policy       = jsonencode(%(policy)s)
}
"""


@pytest.fixture(params=["cloudformation", "serverless", "terraform"])
def tables(request: pytest.FixtureRequest, tmp_path: Any) -> Any:
    if request.param == "cloudformation":
        return tables_from(CLOUDFORMATION)
    if request.param == "serverless":
        service = {"service": "shop", "provider": {"name": "aws"}, "resources": CLOUDFORMATION}
        return tables_from(service)
    text = TERRAFORM % {"stream": STREAM, "policy": json.dumps(DENIAL)}
    (tmp_path / "main.tf").write_text(text)
    return tables_from(tmp_path)


@needs_complete_model
def test_all_of_them(tables, ddb, dynamodb_client):
    assert tables.skipped == []
    tables.create(ddb)
    client = dynamodb_client

    (destination,) = client.describe_kinesis_streaming_destination(TableName="orders")[
        "KinesisDataStreamDestinations"
    ]
    assert destination["DestinationStatus"] == "ACTIVE"
    client.put_item(TableName="orders", Item={"id": {"S": "1"}, "day": {"S": "d"}})
    assert [each["eventName"] for each in ddb.kinesis_records["changes"]] == ["INSERT"]

    summaries = client.list_contributor_insights()["ContributorInsightsSummaries"]
    assert [each["ContributorInsightsMode"] for each in summaries] == [
        "THROTTLED_KEYS",
        "ACCESSED_AND_THROTTLED_KEYS",
    ]
    assert ddb.tables["orders"].indexes["by-day"].top_keys.accessed_partition_keys == [("d", 3)]

    with pytest.raises(ClientError, match="with an explicit deny in a resource-based policy"):
        client.delete_item(TableName="orders", Key={"id": {"S": "1"}})


def test_the_policy_of_a_stream(ddb, dynamodb_client):
    tables_from(CLOUDFORMATION).create(ddb)
    arn = dynamodb_client.describe_table(TableName="orders")["Table"]["LatestStreamArn"]
    policy = json.loads(dynamodb_client.get_resource_policy(ResourceArn=arn)["Policy"])
    assert policy["Statement"][0]["Principal"] == {"AWS": "arn:aws:iam::222233334444:root"}


def test_through_a_client(ddb, dynamodb_client):
    tables_from(CLOUDFORMATION).create(dynamodb_client)
    arn = dynamodb_client.describe_table(TableName="orders")["Table"]["TableArn"]
    assert dynamodb_client.get_resource_policy(ResourceArn=arn)["RevisionId"]
    assert boto3.client("dynamodb").list_contributor_insights()["ContributorInsightsSummaries"]
