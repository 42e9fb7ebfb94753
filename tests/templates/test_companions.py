"""Scalable targets, scaling policies and alarms of templates."""

from __future__ import annotations

import boto3
import pytest

from ddbmock import FileError, mock_dynamodb, tables_from

TEMPLATE = """
Parameters:
  Target: {Type: Number, Default: 70}
Resources:
  Orders:
    Type: AWS::DynamoDB::Table
    Properties:
      TableName: orders
      AttributeDefinitions: [{AttributeName: id, AttributeType: S}]
      KeySchema: [{AttributeName: id, KeyType: HASH}]
      ProvisionedThroughput: {ReadCapacityUnits: 5, WriteCapacityUnits: 5}
  Writes:
    Type: AWS::ApplicationAutoScaling::ScalableTarget
    Properties:
      ServiceNamespace: dynamodb
      ResourceId: !Sub table/${Orders}
      ScalableDimension: dynamodb:table:WriteCapacityUnits
      MinCapacity: '5'
      MaxCapacity: 100
      RoleARN: !GetAtt Role.Arn
      ScheduledActions:
        - ScheduledActionName: morning
          Schedule: cron(0 8 * * ? *)
          ScalableTargetAction: {MinCapacity: 50}
  Role: {Type: AWS::IAM::Role, Properties: {}}
  WritePolicy:
    Type: AWS::ApplicationAutoScaling::ScalingPolicy
    Properties:
      PolicyName: writes
      PolicyType: TargetTrackingScaling
      ScalingTargetId: !Ref Writes
      TargetTrackingScalingPolicyConfiguration:
        TargetValue: !Ref Target
        ScaleOutCooldown: 60
        PredefinedMetricSpecification:
          PredefinedMetricType: DynamoDBWriteCapacityUtilization
  Errors:
    Type: AWS::CloudWatch::Alarm
    Properties:
      Namespace: AWS/DynamoDB
      MetricName: UserErrors
      Statistic: Sum
      Period: 60
      EvaluationPeriods: 1
      Threshold: '1'
      ComparisonOperator: GreaterThanThreshold
  Invocations:
    Type: AWS::CloudWatch::Alarm
    Properties: {Namespace: AWS/Lambda, MetricName: Errors}
  Service:
    Type: AWS::ApplicationAutoScaling::ScalableTarget
    Properties: {ServiceNamespace: ecs}
"""
TERRAFORM = """
resource "aws_dynamodb_table" "orders" {
  name           = "orders"
  hash_key       = "id"
  read_capacity  = 5
  write_capacity = 5
  attribute {
    name = "id"
    type = "S"
  }
}
resource "aws_appautoscaling_target" "writes" {
  service_namespace  = "dynamodb"
  resource_id        = "table/${aws_dynamodb_table.orders.name}"
  scalable_dimension = "dynamodb:table:WriteCapacityUnits"
  min_capacity       = 5
  max_capacity       = 100
}
resource "aws_appautoscaling_policy" "writes" {
  name               = "writes"
  policy_type        = "TargetTrackingScaling"
  service_namespace  = aws_appautoscaling_target.writes.service_namespace
  resource_id        = aws_appautoscaling_target.writes.resource_id
  scalable_dimension = aws_appautoscaling_target.writes.scalable_dimension
  target_tracking_scaling_policy_configuration {
    target_value       = 70
    scale_out_cooldown = 60
    predefined_metric_specification {
      predefined_metric_type = "DynamoDBWriteCapacityUtilization"
    }
  }
}
resource "aws_appautoscaling_scheduled_action" "morning" {
  name               = "morning"
  service_namespace  = "dynamodb"
  resource_id        = aws_appautoscaling_target.writes.resource_id
  scalable_dimension = "dynamodb:table:WriteCapacityUnits"
  schedule           = "cron(0 8 * * ? *)"
  scalable_target_action {
    min_capacity = 50
  }
}
resource "aws_cloudwatch_metric_alarm" "errors" {
  alarm_name          = "Errors"
  namespace           = "AWS/DynamoDB"
  metric_name         = "UserErrors"
  statistic           = "Sum"
  period              = 60
  evaluation_periods  = 1
  threshold           = 1
  comparison_operator = "GreaterThanThreshold"
}
resource "aws_cloudwatch_metric_alarm" "invocations" {
  namespace   = "AWS/Lambda"
  metric_name = "Errors"
}
"""
FILES = {"template.yaml": TEMPLATE, "main.tf": TERRAFORM}


@pytest.fixture(params=FILES)
def tables(request, tmp_path):
    path = tmp_path / request.param
    path.write_text(FILES[request.param])
    return tables_from(path)


def test_a_mock_that_has_them(tables):
    with mock_dynamodb(autoscaling=True, region="us-east-1") as ddb:
        ddb.clock.freeze("2026-03-02T00:00:00Z")
        tables.create(ddb)
        assert "Errors" in ddb.metrics.alarms
        assert sum("AlarmHigh" in name for name in ddb.metrics.alarms) == 1
        scaling = boto3.client("application-autoscaling")
        (policy,) = scaling.describe_scaling_policies(ServiceNamespace="dynamodb")[
            "ScalingPolicies"
        ]
        configuration = policy["TargetTrackingScalingPolicyConfiguration"]
        assert (configuration["TargetValue"], configuration["ScaleOutCooldown"]) == (70.0, 60)
        for _ in range(2):
            ddb.metrics.record("ConsumedWriteCapacityUnits", 420, TableName="orders")
            ddb.clock.advance(minutes=1)
        table = boto3.client("dynamodb").describe_table(TableName="orders")["Table"]
        assert table["ProvisionedThroughput"]["WriteCapacityUnits"] == 10
        ddb.clock.advance(hours=8)
        (target,) = scaling.describe_scalable_targets(ServiceNamespace="dynamodb")[
            "ScalableTargets"
        ]
        assert target["MinCapacity"] == 50
        assert len(ddb.calls("CreateTable")) == 0


def test_a_mock_with_alarms_alone(tables):
    with mock_dynamodb(metrics=True) as ddb:
        tables.create(ddb)
        assert list(ddb.metrics.alarms) == ["Errors"]


def test_a_mock_without(tables):
    with mock_dynamodb() as ddb:
        tables.create(ddb)
        assert list(ddb.tables) == ["orders"]
    reasons = {text.partition(": ")[2] for text in tables.skipped}
    assert reasons == {
        "done in a mock with autoscaling=True alone",
        "done in a mock with metrics=True alone",
    }
    assert len(tables.skipped) == 4


SERVICE = """
service: shop
provider: {name: aws, region: us-east-1, stage: test}
custom:
  capacities:
    - table: Orders
      index: [by-status]
      read: {minimum: 2, maximum: 50, usage: 0.5}
      write: {maximum: '40'}
resources:
  Resources:
    Orders:
      Type: AWS::DynamoDB::Table
      Properties:
        TableName: orders-${self:provider.stage}
        AttributeDefinitions:
          - {AttributeName: id, AttributeType: S}
          - {AttributeName: status, AttributeType: S}
        KeySchema: [{AttributeName: id, KeyType: HASH}]
        ProvisionedThroughput: {ReadCapacityUnits: 5, WriteCapacityUnits: 5}
        GlobalSecondaryIndexes:
          - IndexName: by-status
            KeySchema: [{AttributeName: status, KeyType: HASH}]
            Projection: {ProjectionType: ALL}
            ProvisionedThroughput: {ReadCapacityUnits: 5, WriteCapacityUnits: 5}
"""


def test_the_plugin_of_serverless(tmp_path):
    path = tmp_path / "serverless.yml"
    path.write_text(SERVICE)
    with mock_dynamodb(autoscaling=True, region="us-east-1") as ddb:
        tables_from(path).create(ddb)
        scaling = boto3.client("application-autoscaling")
        found = scaling.describe_scalable_targets(ServiceNamespace="dynamodb")
        bounds = {
            (target["ResourceId"], target["ScalableDimension"].split(":")[2][:4]): (
                target["MinCapacity"],
                target["MaxCapacity"],
            )
            for target in found["ScalableTargets"]
        }
        index = "table/orders-test/index/by-status"
        assert bounds == {
            ("table/orders-test", "Read"): (2, 50),
            ("table/orders-test", "Writ"): (5, 40),
            (index, "Read"): (2, 50),
            (index, "Writ"): (5, 40),
        }
        policies = scaling.describe_scaling_policies(ServiceNamespace="dynamodb")
        targets = {
            policy["TargetTrackingScalingPolicyConfiguration"]["TargetValue"]
            for policy in policies["ScalingPolicies"]
        }
        assert targets == {50.0, 75.0}


def test_a_usage_that_is_no_number(tmp_path):
    path = tmp_path / "serverless.yml"
    path.write_text(SERVICE.replace("usage: 0.5", "usage: half"))
    with pytest.raises(FileError, match="usage is a number, not 'half'"):
        tables_from(path)


def test_what_is_refused_has_its_place(tmp_path):
    path = tmp_path / "template.yaml"
    path.write_text(TEMPLATE.replace("Default: 70", "Default: 95"))
    with mock_dynamodb(autoscaling=True) as ddb:
        with pytest.raises(FileError, match=r"template.yaml:\d+.*Target value must be between 20"):
            tables_from(path).create(ddb)
        assert list(ddb.tables) == []
        assert ddb.metrics.alarms == {}


@pytest.mark.parametrize(
    ("old", "new", "problem"),
    [
        ("MaxCapacity: 100", "MaxCapacity: many", "MaxCapacity"),
        ("      ResourceId: !Sub table/${Orders}\n", "", "ResourceId is missing"),
        ("Statistic: Sum", "Statistics: Sum", "Statistics"),
    ],
)
def test_what_cannot_be_read(tmp_path, old, new, problem):
    path = tmp_path / "template.yaml"
    path.write_text(TEMPLATE.replace(old, new))
    with pytest.raises(FileError, match=problem):
        tables_from(path)
