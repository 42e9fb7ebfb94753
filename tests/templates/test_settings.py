"""Settings that need requests of their own, and skipped parts."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from typing import Any

import boto3
import pytest

from ddbmock import FileError, mock_dynamodb, tables_from
from ddbmock._internal.data import requests
from ddbmock._internal.operations import OPERATIONS
from ddbmock._internal.templates.creation import create
from tests import shared_clients
from tests.templates.helpers import requests_of, skipped_names

KEY = {
    "AttributeDefinitions": [{"AttributeName": "id", "AttributeType": "S"}],
    "KeySchema": [{"AttributeName": "id", "KeyType": "HASH"}],
}


def template(properties, kind="AWS::DynamoDB::Table", **resources):
    properties = {**KEY, "TableName": "orders", "BillingMode": "PAY_PER_REQUEST", **properties}
    return {"Resources": {"Orders": {"Type": kind, "Properties": properties}, **resources}}


STREAM = {"StreamViewType": "NEW_IMAGE", "ResourcePolicy": {"PolicyDocument": {"a": 2}}}
PROPERTIES = {
    "TimeToLiveSpecification": {"AttributeName": "ttl", "Enabled": True},
    "PointInTimeRecoverySpecification": {
        "PointInTimeRecoveryEnabled": "true",
        "RecoveryPeriodInDays": "7",
    },
    "KinesisStreamSpecification": {
        "StreamArn": {"Fn::GetAtt": ["Changes", "Arn"]},
        "ApproximateCreationDateTimePrecision": "MICROSECOND",
    },
    "ContributorInsightsSpecification": {"Enabled": True, "Mode": "THROTTLED_KEYS"},
    "ResourcePolicy": {"PolicyDocument": {"Statement": [{"Fn::GetAtt": ["Role", "Arn"]}]}},
    "StreamSpecification": STREAM,
}
NEIGHBOURS = {
    "Changes": {"Type": "AWS::Kinesis::Stream", "Properties": {"Name": "changes"}},
    "Role": {"Type": "AWS::IAM::Role"},
    "Key": {"Type": "AWS::KMS::Key"},
}


def test_settings_as_requests():
    (spec,) = tables_from(template(PROPERTIES, **NEIGHBOURS))
    requests = {setting.name: (setting.operation, setting.request) for setting in spec.settings}
    assert requests == {
        "TimeToLiveSpecification": (
            "UpdateTimeToLive",
            {"TimeToLiveSpecification": {"AttributeName": "ttl", "Enabled": True}},
        ),
        "PointInTimeRecoverySpecification": (
            "UpdateContinuousBackups",
            {
                "PointInTimeRecoverySpecification": {
                    "PointInTimeRecoveryEnabled": True,
                    "RecoveryPeriodInDays": 7,
                }
            },
        ),
        "KinesisStreamSpecification": (
            "EnableKinesisStreamingDestination",
            {
                "StreamArn": "arn:aws:kinesis:us-east-1:123456789012:stream/changes",
                "EnableKinesisStreamingConfiguration": {
                    "ApproximateCreationDateTimePrecision": "MICROSECOND"
                },
            },
        ),
        "ContributorInsightsSpecification": (
            "UpdateContributorInsights",
            {
                "ContributorInsightsAction": "ENABLE",
                "ContributorInsightsMode": "THROTTLED_KEYS",
            },
        ),
        "ResourcePolicy": (
            "PutResourcePolicy",
            {"Policy": '{"Statement": ["arn:aws:iam::123456789012:role/Role"]}'},
        ),
        "StreamSpecification.ResourcePolicy": ("PutResourcePolicy", {"Policy": '{"a": 2}'}),
    }


def test_settings_that_are_off():
    properties = {
        "TimeToLiveSpecification": {"AttributeName": "ttl", "Enabled": False},
        "PointInTimeRecoverySpecification": {"PointInTimeRecoveryEnabled": False},
        "ContributorInsightsSpecification": {"Enabled": "false"},
    }
    tables = tables_from(template(properties))
    assert tables.specs[0].settings == ()
    assert tables.skipped == []


def test_what_is_not_supported_is_left_out_with_the_reason(ddb):
    arn = {"Fn::Sub": "arn:aws:dynamodb:us-east-1:${AWS::AccountId}:table/orders"}
    allowed = {
        "Effect": "Allow",
        "Principal": {"AWS": {"Ref": "AWS::AccountId"}},
        "Action": "dynamodb:GetItem",
        "Resource": arn,
    }
    policy = {"PolicyDocument": {"Version": "2012-10-17", "Statement": [allowed]}}
    # A policy of the stream has other actions, and one of them is enough here.
    stream = {"StreamViewType": "NEW_IMAGE"}
    properties = {**PROPERTIES, "ResourcePolicy": policy, "StreamSpecification": stream}
    tables = tables_from(template(properties, **NEIGHBOURS))
    tables.create(ddb)
    expected = [
        f"{setting.name} of Orders: ddbmock does not support the operation {setting.operation} yet"
        for setting in tables.specs[0].settings
        if setting.operation not in OPERATIONS
    ]
    assert tables.skipped == expected


@pytest.fixture
def made_requests(monkeypatch):
    """Every operation is supported, and its requests are noted."""
    noted: list[Any] = []

    def run(backend, region, operation, request):
        if operation in {"CreateTable", "DescribeTable", "UpdateTimeToLive"}:
            return requests.run(backend, region, operation, request)
        noted.append((region, operation, request))
        return {}

    monkeypatch.setattr("ddbmock._internal.data.setting_up.run", run)
    monkeypatch.setattr("ddbmock._internal.templates.settings.unsupported_reason", lambda *_: None)
    return noted


def test_what_is_supported_is_applied(ddb, made_requests):
    tables = tables_from(template(PROPERTIES, **NEIGHBOURS))
    assert tables.skipped == []
    tables.create(ddb)
    table = boto3.client("dynamodb").describe_table(TableName="orders")["Table"]
    by_operation: dict[str, list[Any]] = {}
    for region, operation, request in made_requests:
        assert region == "us-east-1"
        by_operation.setdefault(operation, []).append(request)
    assert by_operation["PutResourcePolicy"][0]["ResourceArn"] == table["TableArn"]
    assert by_operation["PutResourcePolicy"][1]["ResourceArn"] == table["LatestStreamArn"]
    assert by_operation["UpdateContinuousBackups"][0]["TableName"] == "orders"


def test_a_key_that_the_template_makes_need_not_be_given(ddb):
    encryption = {"SSEEnabled": True, "SSEType": "KMS"}
    for key in ({"Fn::GetAtt": ["Key", "Arn"]}, {"Ref": "Key"}):
        properties = {"SSESpecification": {**encryption, "KMSMasterKeyId": key}}
        (request,) = tables_from(template(properties, **NEIGHBOURS)).requests
        assert "KMSMasterKeyId" in request["SSESpecification"]
    tables_from(template(properties, **NEIGHBOURS)).create(ddb)
    assert ddb.tables["orders"].item_count == 0


def test_a_setting_that_has_no_value_is_left_out():
    unknown = {"Fn::ImportValue": "stream"}
    properties = {
        "KinesisStreamSpecification": {"StreamArn": unknown},
        "ResourcePolicy": {"PolicyDocument": unknown},
        "StreamSpecification": {**STREAM, "ResourcePolicy": unknown},
        "GlobalSecondaryIndexes": [
            {
                "IndexName": "i",
                "KeySchema": KEY["KeySchema"],
                "Projection": {"ProjectionType": "ALL"},
                "ContributorInsightsSpecification": {"Enabled": unknown},
            }
        ],
    }
    assert sorted(tables_from(template(properties)).skipped) == [
        "ContributorInsightsSpecification of the index i of Orders: stream has no value here",
        "KinesisStreamSpecification of Orders: stream has no value here",
        "ResourcePolicy of Orders: stream has no value here",
        "StreamSpecification.ResourcePolicy of Orders: stream has no value here",
    ]


def test_a_setting_that_is_wrong():
    properties = {"PointInTimeRecoverySpecification": {"PointInTimeRecoveryEnabled": "maybe"}}
    with pytest.raises(FileError, match="PointInTimeRecoveryEnabled takes true or false, not 'may"):
        tables_from(template(properties))


# --- made-up identifiers -------------------------------------------------------------------------

IDENTIFIERS = [
    ({"Type": "AWS::KMS::Key"}, r"arn:aws:kms:us-east-1:123456789012:key/[0-9a-f-]{36}"),
    ({"Type": "AWS::S3::Bucket", "Properties": {"BucketName": "b"}}, "arn:aws:s3:::b"),
    ({"Type": "AWS::SQS::Queue"}, "arn:aws:sqs:us-east-1:123456789012:It"),
    ({"Type": "AWS::IAM::Role"}, "arn:aws:iam::123456789012:role/It"),
    ({"Type": "AWS::Serverless::Function"}, "arn:aws:lambda:us-east-1:123456789012:function:It"),
    ({"Type": "AWS::Events::EventBus"}, "arn:aws:events:us-east-1:123456789012:eventbus/It"),
    ({"Type": "AWS::Serverless::SimpleTable"}, "arn:aws:dynamodb:us-east-1:123456789012:table/It"),
]


@pytest.mark.parametrize(("resource", "arn"), IDENTIFIERS)
def test_the_arn_of_a_resource_in_the_template(resource, arn):
    tags = [{"Key": "of", "Value": {"Fn::GetAtt": ["It", "Arn"]}}]
    request = tables_from(template({"Tags": tags}, It=resource)).requests[0]
    (value,) = [tag["Value"] for tag in request["Tags"]]
    assert re.fullmatch(arn, value)


def test_no_arn_of_what_is_not_aws_s():
    tags = [{"Key": "of", "Value": {"Fn::GetAtt": ["It", "Arn"]}}]
    with pytest.raises(FileError, match=r"It.Arn has no value here; give it:"):
        tables_from(template({"Tags": tags}, It={"Type": "Custom::Thing"}))


# --- global tables -------------------------------------------------------------------------------

GLOBAL = "AWS::DynamoDB::GlobalTable"


def global_table(replicas, **properties):
    return template({"Replicas": replicas, **properties}, GLOBAL)


def test_replicas_as_requests():
    replicas = [
        {"Region": "us-east-1"},
        {
            "Region": "eu-west-1",
            "TableClass": "STANDARD_INFREQUENT_ACCESS",
            "SSESpecification": {"KMSMasterKeyId": "alias/eu"},
            "ReadOnDemandThroughputSettings": {"MaxReadRequestUnits": "5"},
            "DeletionProtectionEnabled": True,
            "Tags": [{"Key": "a", "Value": "b"}],
            "PointInTimeRecoverySpecification": {"PointInTimeRecoveryEnabled": True},
            "ReplicaStreamSpecification": {"ResourcePolicy": {"PolicyDocument": {"s": 1}}},
            "ResourcePolicy": {"PolicyDocument": {"t": 1}},
        },
    ]
    tables = tables_from(global_table(replicas))
    (spec,) = tables
    assert [(s.operation, s.region, s.request) for s in spec.settings] == [
        (
            "UpdateTable",
            None,
            {
                "ReplicaUpdates": [
                    {
                        "Create": {
                            "RegionName": "eu-west-1",
                            "OnDemandThroughputOverride": {"MaxReadRequestUnits": 5},
                            "KMSMasterKeyId": "alias/eu",
                            "TableClassOverride": "STANDARD_INFREQUENT_ACCESS",
                        }
                    }
                ]
            },
        ),
        ("UpdateTable", "eu-west-1", {"DeletionProtectionEnabled": True}),
        ("TagResource", "eu-west-1", {"Tags": [{"Key": "a", "Value": "b"}]}),
        (
            "UpdateContinuousBackups",
            "eu-west-1",
            {"PointInTimeRecoverySpecification": {"PointInTimeRecoveryEnabled": True}},
        ),
        ("PutResourcePolicy", "eu-west-1", {"Policy": '{"s": 1}'}),
        ("PutResourcePolicy", "eu-west-1", {"Policy": '{"t": 1}'}),
    ]
    assert spec.request["StreamSpecification"]["StreamViewType"] == "NEW_AND_OLD_IMAGES"


def test_strong_consistency_is_one_request():
    tables = tables_from(
        global_table(
            [{"Region": "us-east-1"}, {"Region": "us-east-2"}],
            MultiRegionConsistency="STRONG",
            GlobalTableWitnesses=[{"Region": "us-west-2"}],
        )
    )
    assert requests_of(tables.specs[0], "UpdateTable") == [
        {
            "ReplicaUpdates": [{"Create": {"RegionName": "us-east-2"}}],
            "MultiRegionConsistency": "STRONG",
            "GlobalTableWitnessUpdates": [{"Create": {"RegionName": "us-west-2"}}],
        }
    ]
    assert "StreamSpecification" not in tables.requests[0]


def test_requests_of_replicas_go_to_their_regions(made_requests):
    replicas = [
        {"Region": "us-east-1"},
        {"Region": "eu-west-1", "DeletionProtectionEnabled": True},
    ]
    with mock_dynamodb(region="us-east-1") as ddb:
        tables_from(global_table(replicas)).create(ddb)
    assert [(region, request) for region, _, request in made_requests] == [
        (
            "us-east-1",
            {
                "TableName": "orders",
                "ReplicaUpdates": [{"Create": {"RegionName": "eu-west-1"}}],
            },
        ),
        ("eu-west-1", {"TableName": "orders", "DeletionProtectionEnabled": True}),
    ]


def test_a_client_is_of_one_region(ddb, monkeypatch):
    monkeypatch.setattr("ddbmock._internal.templates.settings.unsupported_reason", lambda *_: None)
    replica = {"Region": "eu-west-1", "Tags": [{"Key": "a", "Value": "b"}]}
    document = global_table([replica, {"Region": "us-east-1", "Tags": replica["Tags"]}])
    (spec,) = tables_from(document, region="us-east-1")
    tags = replace(spec, settings=spec.settings[1:])
    with pytest.raises(FileError, match="a client of us-east-1 cannot set it in eu-west-1"):
        create(boto3.client("dynamodb", "us-east-1"), [tags], [], skip_existing=False)


def test_wrong_values_in_a_replica():
    with pytest.raises(FileError, match=r"unknown property of a table: Replicas.Colour"):
        tables_from(global_table([{"Region": "us-east-1", "Colour": {"a": 1}}]))
    with pytest.raises(FileError, match=r"Replicas.Region takes text, not None"):
        tables_from(global_table([{}]))


def test_replicas_that_old_releases_of_cdk_make():
    properties: dict[str, Any] = {"TableName": {"Ref": "Orders"}, "Region": "eu-west-2"}
    replica = {"Type": "Custom::DynamoDBReplica", "Properties": properties}
    tables = tables_from(template({}, OrdersReplica=replica))
    assert requests_of(tables.specs[0], "UpdateTable") == [
        {"ReplicaUpdates": [{"Create": {"RegionName": "eu-west-2"}}]}
    ]
    properties["TableName"] = "bills"
    tables = tables_from(template({}, OrdersReplica=replica))
    assert tables.skipped == ["the replica OrdersReplica: the template has no table bills"]


# --- Terraform -----------------------------------------------------------------------------------


def test_resources_next_to_a_terraform_table(files):
    spec = tables_from(files / "terraform-modules").specs[0]
    assert {setting.name: setting.operation for setting in spec.settings} == {
        "aws_dynamodb_kinesis_streaming_destination.orders": "EnableKinesisStreamingDestination",
        "aws_dynamodb_contributor_insights.orders": "UpdateContributorInsights",
        "aws_dynamodb_resource_policy.orders": "PutResourcePolicy",
        "aws_dynamodb_tag.orders": "TagResource",
    }
    (policy,) = requests_of(spec, "PutResourcePolicy")
    resources = [statement["Resource"] for statement in json.loads(policy["Policy"])["Statement"]]
    prefix = "arn:aws:dynamodb:eu-central-1:123456789012:table"
    assert resources == [f"{prefix}/orders-dev", f"{prefix}/users-prod", "*"]


REPLICAS = """
resource "aws_dynamodb_table" "orders" {
  name         = "orders"
  billing_mode = "PAY_PER_REQUEST"
  hash_key     = "id"
  attribute {
    name = "id"
    type = "S"
  }
  tags = { a = "b" }
  replica {
    region_name                 = "eu-west-1"
    consistency_mode            = "%s"
    kms_key_arn                 = "arn:aws:kms:eu-west-1:123456789012:key/a"
    point_in_time_recovery      = true
    propagate_tags              = true
    deletion_protection_enabled = true
  }
  replica {
    region_name      = "eu-west-2"
    consistency_mode = "%s"
  }
}
"""


@pytest.mark.parametrize("mode", ["EVENTUAL", "STRONG"])
def test_replicas_of_terraform(tmp_path, mode):
    path = tmp_path / "main.tf"
    path.write_text(REPLICAS % (mode, mode))
    (spec,) = tables_from(path)
    creations = [
        create["Create"]["RegionName"]
        for request in requests_of(spec, "UpdateTable")
        for create in request.get("ReplicaUpdates", [])
    ]
    assert creations == ["eu-west-1", "eu-west-2"]
    requests = [r for r in requests_of(spec, "UpdateTable") if "ReplicaUpdates" in r]
    assert len(requests) == (1 if mode == "STRONG" else 2)
    assert {setting.operation for setting in spec.settings if setting.region == "eu-west-1"} == {
        "TagResource",
        "UpdateContinuousBackups",
        "UpdateTable",
    }


OTHERS = """
resource "aws_dynamodb_table_replica" "orders" {
  global_table_arn = aws_dynamodb_table.orders.arn
  provider         = aws.other
}
resource "aws_dynamodb_table_replica" "more" {
  global_table_arn = aws_dynamodb_table.orders.arn
  region           = "eu-west-3"
}
resource "aws_dynamodb_table_export" "orders" {
  table_arn = aws_dynamodb_table.orders.arn
}
resource "aws_dynamodb_global_table" "orders" {
  name = "orders"
}
resource "aws_dynamodb_resource_policy" "orders" {
  resource_arn = aws_dynamodb_table.orders.arn
  policy       = data.aws_iam_policy_document.orders.json
}
resource "aws_dynamodb_tag" "elsewhere" {
  resource_arn = "arn:aws:dynamodb:us-east-1:123456789012:table/bills"
  key          = "a"
  value        = "b"
}
resource "aws_appautoscaling_target" "service" {
  service_namespace = "ecs"
}
"""


def test_resources_that_cannot_be_read(tmp_path):
    path = tmp_path / "main.tf"
    path.write_text(REPLICAS % ("EVENTUAL", "EVENTUAL") + OTHERS)
    tables = tables_from(path)
    assert {"RegionName": "eu-west-3"} in [
        create["Create"]
        for request in requests_of(tables.specs[0], "UpdateTable")
        for create in request.get("ReplicaUpdates", [])
    ]
    skipped = [text for text in tables.skipped if " of aws_dynamodb_table.orders" not in text]
    assert dict(text.split(": ", 1) for text in skipped) == {
        "aws_dynamodb_table_replica.orders": (
            "aws_dynamodb_table_replica.orders.region has no value here"
        ),
        "aws_dynamodb_table_export.orders": (
            "the items are in the mock; ddb.dump(...) writes them"
        ),
        "aws_dynamodb_global_table.orders": "ddbmock does not know this type",
        "aws_dynamodb_resource_policy.orders": (
            "data.aws_iam_policy_document.orders.json has no value here"
        ),
        "aws_dynamodb_tag.elsewhere": "the template has no table bills",
    }


def test_an_argument_that_is_not_known(tmp_path):
    path = tmp_path / "main.tf"
    text = (REPLICAS % ("EVENTUAL", "EVENTUAL")).replace("tags =", 'colour = "red"\n  tags =')
    path.write_text(text)
    assert "colour of aws_dynamodb_table.orders" in skipped_names(tables_from(path))


CLOUDFORMATION_RECOVERY = """
Resources:
  Orders:
    Type: AWS::DynamoDB::Table
    Properties:
      TableName: orders
      BillingMode: PAY_PER_REQUEST
      KeySchema: [{AttributeName: pk, KeyType: HASH}]
      AttributeDefinitions: [{AttributeName: pk, AttributeType: S}]
      PointInTimeRecoverySpecification:
        PointInTimeRecoveryEnabled: true
        RecoveryPeriodInDays: 7
"""
SERVERLESS_RECOVERY = "service: shop\nprovider: {name: aws}\nresources:" + (
    CLOUDFORMATION_RECOVERY.replace("\n", "\n  ")
)
TERRAFORM_RECOVERY = """
resource "aws_dynamodb_table" "orders" {
  name         = "orders"
  billing_mode = "PAY_PER_REQUEST"
  hash_key     = "pk"
  attribute {
    name = "pk"
    type = "S"
  }
  point_in_time_recovery {
    enabled                 = true
    recovery_period_in_days = 7
  }
}
"""


@pytest.mark.parametrize(
    ("file_name", "content"),
    [
        ("template.yaml", CLOUDFORMATION_RECOVERY),
        ("serverless.yml", SERVERLESS_RECOVERY),
        ("main.tf", TERRAFORM_RECOVERY),
    ],
)
def test_point_in_time_recovery_is_on(ddb, dynamodb_client, tmp_path, file_name, content):
    (tmp_path / file_name).write_text(content)
    tables = tables_from(tmp_path / file_name)
    assert tables.skipped == []
    tables.create(ddb)
    response = dynamodb_client.describe_continuous_backups(TableName="orders")
    recovery = response["ContinuousBackupsDescription"]["PointInTimeRecoveryDescription"]
    assert recovery["PointInTimeRecoveryStatus"] == "ENABLED"
    assert recovery["RecoveryPeriodInDays"] == 7


SAM_RECOVERY = """
Transform: AWS::Serverless-2016-10-31
Resources:
  Orders:
    Type: AWS::Serverless::SimpleTable
    Properties:
      TableName: orders
      PointInTimeRecoverySpecification: {PointInTimeRecoveryEnabled: true}
"""
GLOBAL_RECOVERY = """
Resources:
  Orders:
    Type: AWS::DynamoDB::GlobalTable
    Properties:
      TableName: orders
      BillingMode: PAY_PER_REQUEST
      KeySchema: [{AttributeName: pk, KeyType: HASH}]
      AttributeDefinitions: [{AttributeName: pk, AttributeType: S}]
      StreamSpecification: {StreamViewType: NEW_AND_OLD_IMAGES}
      Replicas:
        - Region: us-east-1
        - Region: eu-west-1
          PointInTimeRecoverySpecification: {PointInTimeRecoveryEnabled: true}
"""


def recovery_status(client):
    response = client.describe_continuous_backups(TableName="orders")
    recovery = response["ContinuousBackupsDescription"]["PointInTimeRecoveryDescription"]
    return recovery["PointInTimeRecoveryStatus"]


def test_point_in_time_recovery_of_a_simple_table(ddb, dynamodb_client, tmp_path):
    (tmp_path / "template.yaml").write_text(SAM_RECOVERY)
    tables_from(tmp_path / "template.yaml").create(ddb)
    assert recovery_status(dynamodb_client) == "ENABLED"


def test_each_replica_has_its_own_point_in_time_recovery(ddb, dynamodb_client, tmp_path):
    (tmp_path / "template.yaml").write_text(GLOBAL_RECOVERY)
    tables = tables_from(tmp_path / "template.yaml")
    assert tables.skipped == []
    tables.create(ddb)
    assert recovery_status(dynamodb_client) == "DISABLED"
    assert recovery_status(shared_clients.dynamodb("eu-west-1")) == "ENABLED"
