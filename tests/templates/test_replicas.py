"""Templates bring replicas up: real tables in other regions that get each other's writes."""

from __future__ import annotations

from typing import Any

import pytest

from ddbmock import tables_from
from tests.old_models import needs_complete_model
from tests.operations.replicas import client_in, items, put
from tests.operations.table_helpers import described

TABLE = "AWS::DynamoDB::Table"
GLOBAL = "AWS::DynamoDB::GlobalTable"
ID: Any = {
    "KeySchema": [{"AttributeName": "pk", "KeyType": "HASH"}],
    "AttributeDefinitions": [{"AttributeName": "pk", "AttributeType": "S"}],
    "BillingMode": "PAY_PER_REQUEST",
}
TERRAFORM = """
resource "aws_dynamodb_table" "orders" {
  name         = "orders"
  billing_mode = "PAY_PER_REQUEST"
  hash_key     = "pk"
  attribute {
    name = "pk"
    type = "S"
  }
  tags = { team = "shop" }
%s
}
"""
BLOCKS = """
  replica {
    region_name                 = "eu-west-1"
    propagate_tags              = true
    deletion_protection_enabled = true
  }
  replica {
    region_name = "eu-west-2"
  }
"""
STRONG = """
  replica {
    region_name      = "us-east-2"
    consistency_mode = "STRONG"
  }
  replica {
    region_name      = "us-west-2"
    consistency_mode = "STRONG"
  }
"""
RESOURCE = """
resource "aws_dynamodb_table_replica" "europe" {
  global_table_arn = aws_dynamodb_table.orders.arn
  region           = "eu-west-1"
}
"""


def template(properties: dict[str, Any], kind: str, **resources: Any) -> dict[str, Any]:
    return {"Resources": {"Orders": {"Type": kind, "Properties": properties}, **resources}}


@pytest.fixture
def terraform(tmp_path: Any) -> Any:
    def path(text: str) -> Any:
        file = tmp_path / "main.tf"
        file.write_text(text)
        return file

    return path


def regions(name: str = "orders", region: str = "us-east-1") -> list[str]:
    return [each["RegionName"] for each in described(client_in(region), name)["Replicas"]]


def test_cloudformation(ddb):
    document = template(
        {
            **ID,
            "TableName": "orders",
            "Replicas": [
                {"Region": "us-east-1"},
                {
                    "Region": "eu-west-1",
                    "DeletionProtectionEnabled": True,
                    "Tags": [{"Key": "team", "Value": "shop"}],
                    "TableClass": "STANDARD_INFREQUENT_ACCESS",
                    "ReadOnDemandThroughputSettings": {"MaxReadRequestUnits": 5},
                },
                {"Region": "us-west-2"},
            ],
        },
        GLOBAL,
    )
    tables = tables_from(document)
    assert tables.skipped == []
    tables.create(ddb)
    assert regions() == ["eu-west-1", "us-west-2"]
    put(client_in("us-west-2"), "1")
    assert items(client_in("eu-west-1")) == {"1": {}}
    there = described(client_in("eu-west-1"))
    assert there["DeletionProtectionEnabled"] is True
    assert there["TableClassSummary"]["TableClass"] == "STANDARD_INFREQUENT_ACCESS"
    assert there["OnDemandThroughput"] == {"MaxReadRequestUnits": 5}
    tags = client_in("eu-west-1").list_tags_of_resource(ResourceArn=there["TableArn"])["Tags"]
    assert tags == [{"Key": "team", "Value": "shop"}]


def test_provisioned_capacity_that_is_scaled(ddb):
    scaling = {"MinCapacity": 5, "MaxCapacity": 50, "SeedCapacity": 7}
    target = {"TargetTrackingScalingPolicyConfiguration": {"TargetValue": 70}}
    write = {"WriteCapacityAutoScalingSettings": {**scaling, **target}}
    document = template(
        {
            **ID,
            "BillingMode": "PROVISIONED",
            "TableName": "orders",
            "WriteProvisionedThroughputSettings": write,
            "Replicas": [
                {
                    "Region": "us-east-1",
                    "ReadProvisionedThroughputSettings": {"ReadCapacityUnits": 5},
                },
                {
                    "Region": "eu-west-1",
                    "ReadProvisionedThroughputSettings": {"ReadCapacityUnits": 9},
                },
            ],
        },
        GLOBAL,
    )
    tables = tables_from(document)
    assert tables.skipped == []
    tables.create(ddb)
    response = client_in("eu-west-1").describe_table_replica_auto_scaling(TableName="orders")
    for scaled in response["TableAutoScalingDescription"]["Replicas"]:
        writes = scaled["ReplicaProvisionedWriteCapacityAutoScalingSettings"]
        assert (writes["MinimumUnits"], writes["MaximumUnits"]) == (5, 50)
    [replica] = described(client_in("us-east-1"))["Replicas"]
    assert replica["ProvisionedThroughputOverride"] == {"ReadCapacityUnits": 9}
    there = described(client_in("eu-west-1"))["ProvisionedThroughput"]
    assert (there["ReadCapacityUnits"], there["WriteCapacityUnits"]) == (9, 7)


@needs_complete_model
def test_strong_consistency_of_cloudformation(ddb):
    document = template(
        {
            **ID,
            "TableName": "orders",
            "MultiRegionConsistency": "STRONG",
            "GlobalTableWitnesses": [{"Region": "us-west-2"}],
            "Replicas": [{"Region": "us-east-1"}, {"Region": "us-east-2"}],
        },
        GLOBAL,
    )
    tables_from(document).create(ddb)
    shown = described(client_in("us-east-2"))
    assert shown["MultiRegionConsistency"] == "STRONG"
    assert shown["GlobalTableWitnesses"] == [{"RegionName": "us-west-2", "WitnessStatus": "ACTIVE"}]


def test_replicas_of_old_releases_of_cdk(ddb):
    replica = {
        "Type": "Custom::DynamoDBReplica",
        "Properties": {"TableName": {"Ref": "Orders"}, "Region": "eu-west-2"},
    }
    tables_from(template({**ID, "TableName": "orders"}, TABLE, OrdersReplica=replica)).create(ddb)
    assert regions() == ["eu-west-2"]


def test_blocks_of_terraform(ddb, terraform):
    tables = tables_from(terraform(TERRAFORM % BLOCKS))
    assert tables.skipped == []
    tables.create(ddb)
    assert regions() == ["eu-west-1", "eu-west-2"]
    there = described(client_in("eu-west-1"))
    assert there["DeletionProtectionEnabled"] is True
    tags = client_in("eu-west-1").list_tags_of_resource(ResourceArn=there["TableArn"])["Tags"]
    assert tags == [{"Key": "team", "Value": "shop"}]
    put(client_in("eu-west-2"), "1")
    assert items(client_in("us-east-1")) == {"1": {}}


@needs_complete_model
def test_strong_consistency_of_terraform(ddb, terraform):
    tables_from(terraform(TERRAFORM % STRONG)).create(ddb)
    assert regions() == ["us-east-2", "us-west-2"]
    assert described(client_in("us-east-1"))["MultiRegionConsistency"] == "STRONG"


def test_a_resource_of_terraform(ddb, terraform):
    tables = tables_from(terraform(TERRAFORM % "" + RESOURCE))
    assert tables.skipped == []
    tables.create(ddb)
    assert regions() == ["eu-west-1"]


def test_seeds_are_in_all_regions(ddb, terraform):
    item = """
resource "aws_dynamodb_table_item" "first" {
  table_name = aws_dynamodb_table.orders.name
  hash_key   = "pk"
  item       = jsonencode({ pk = { S = "1" } })
}
"""
    tables_from(terraform(TERRAFORM % BLOCKS + item)).create(ddb)
    assert items(client_in("eu-west-2")) == {"1": {}}


def test_through_a_client(dynamodb_client, terraform):
    text = TERRAFORM % BLOCKS.replace("propagate_tags", "# ").replace("deletion_prot", "# ")
    tables_from(terraform(text)).create(dynamodb_client)
    assert regions() == ["eu-west-1", "eu-west-2"]
