"""Requests that no ordinary client of boto3 sends: it would refuse them itself."""

from __future__ import annotations

from functools import cache
from typing import Any

import boto3
import pytest
from botocore.config import Config

from ddbmock import mock_dynamodb
from ddbmock._internal.service_model import service_model
from tests.refusals import refusal

NOT_NULL = "failed to satisfy constraint: Member must not be null"
ALARM = {
    "AlarmName": "errors",
    "Namespace": "AWS/DynamoDB",
    "MetricName": "UserErrors",
    "Statistic": "Sum",
    "Period": 60,
    "EvaluationPeriods": 1,
    "Threshold": 1.0,
    "ComparisonOperator": "GreaterThanThreshold",
}
#: Newer models of botocore have more of them.
ALARM_TYPES = service_model("cloudwatch").shape_for("AlarmType").enum
PLACE = {
    "ServiceNamespace": "dynamodb",
    "ResourceId": "table/orders",
    "ScalableDimension": "dynamodb:table:ReadCapacityUnits",
}
CLUSTER = {
    "ClusterName": "cache",
    "NodeType": "dax.r5.large",
    "ReplicationFactor": 1,
    "IamRoleArn": "arn:aws:iam::123456789012:role/dax",
}


@pytest.fixture(autouse=True)
def mock() -> Any:
    with mock_dynamodb(metrics=True, autoscaling=True, dax=True, region="us-east-1") as ddb:
        yield ddb


@cache
def unchecked(service_name: str) -> Any:
    """Return a client that sends whatever it is given."""
    config = Config(parameter_validation=False)
    return boto3.client(service_name, region_name="us-east-1", config=config)


def without(request: dict[str, Any], name: str) -> dict[str, Any]:
    return {key: value for key, value in request.items() if key != name}


@pytest.mark.parametrize(
    ("service", "operation", "request_", "text"),
    [
        (
            "cloudwatch",
            "put_metric_alarm",
            without(ALARM, "AlarmName"),
            "MissingParameter: The parameter AlarmName is required.",
        ),
        (
            "cloudwatch",
            "put_metric_alarm",
            {**ALARM, "AlarmName": ""},
            (
                "ValidationError: 1 validation error detected: Value '' at 'alarmName' failed to"
                " satisfy constraint: Member must have length greater than or equal to 1"
            ),
        ),
        (
            "cloudwatch",
            "put_metric_alarm",
            {**ALARM, "AlarmName": "x" * 256, "EvaluationPeriods": 0},
            (
                f"ValidationError: 2 validation errors detected: Value '{'x' * 256}' at 'alarmName'"
                " failed to satisfy constraint: Member must have length less than or equal to 255;"
                " Value '0' at 'evaluationPeriods' failed to satisfy constraint: Member must have"
                " value greater than or equal to 1"
            ),
        ),
        (
            "cloudwatch",
            "put_metric_alarm",
            {**ALARM, "Dimensions": [{"Name": "TableName"}]},
            "MissingParameter: The parameter Value is required.",
        ),
        (
            "cloudwatch",
            "put_metric_alarm",
            {**ALARM, "AlarmActions": list("abcdef")},
            (
                "ValidationError: 1 validation error detected: Value '[a, b, c, d, e, f]' at"
                " 'alarmActions' failed to satisfy constraint: Member must have length less than"
                " or equal to 5"
            ),
        ),
        (
            "cloudwatch",
            "put_metric_alarm",
            {**ALARM, "Dimensions": [{"Name": "a", "Value": "b"}] * 31},
            (
                "ValidationError: 1 validation error detected: Value"
                f" '[{', '.join(['{Name=a, Value=b}'] * 31)}]' at 'dimensions' failed to satisfy"
                " constraint: Member must have length less than or equal to 30"
            ),
        ),
        (
            "cloudwatch",
            "describe_alarms",
            {"AlarmTypes": ["MetricAlarm", "Bell"]},
            (
                "ValidationError: 1 validation error detected: Value '[MetricAlarm, Bell]' at"
                " 'alarmTypes' failed to satisfy constraint: Member must satisfy constraint:"
                f" [Member must satisfy enum value set: [{', '.join(ALARM_TYPES)}]]"
            ),
        ),
        (
            "application-autoscaling",
            "put_scaling_policy",
            PLACE,
            f"1 validation error detected: Value null at 'policyName' {NOT_NULL}",
        ),
        (
            "application-autoscaling",
            "describe_scalable_targets",
            {},
            f"1 validation error detected: Value null at 'serviceNamespace' {NOT_NULL}",
        ),
        (
            "dax",
            "create_cluster",
            without(CLUSTER, "ClusterName"),
            (
                "InvalidParameterValueException: 1 validation error detected: Value null at"
                f" 'clusterName' {NOT_NULL}"
            ),
        ),
    ],
)
def test_what_the_model_does_not_allow(
    service: str, operation: str, request_: dict[str, Any], text: str
) -> None:
    assert refusal(getattr(unchecked(service), operation), **request_) == text


@pytest.mark.parametrize("number", [0, -1])
def test_the_least_capacity(number: int) -> None:
    boto3.client("dynamodb").create_table(
        TableName="orders",
        KeySchema=[{"AttributeName": "id", "KeyType": "HASH"}],
        AttributeDefinitions=[{"AttributeName": "id", "AttributeType": "S"}],
        ProvisionedThroughput={"ReadCapacityUnits": 1, "WriteCapacityUnits": 1},
    )
    scaling = boto3.client("application-autoscaling")
    request = {**PLACE, "MinCapacity": number, "MaxCapacity": 5}
    assert refusal(scaling.register_scalable_target, **request) == (
        "Minimum capacity cannot be less than 1"
    )


def test_a_cluster_without_nodes() -> None:
    request = {**CLUSTER, "ReplicationFactor": 0}
    assert refusal(boto3.client("dax").create_cluster, **request) == (
        "InvalidParameterValueException: Invalid replication factor: 0. A cluster has a node at"
        " least"
    )


def test_statistics_of_both_kinds() -> None:
    request = {
        **{name: ALARM[name] for name in ("Namespace", "MetricName", "Period")},
        "StartTime": 0,
        "EndTime": 60,
        "Statistics": ["Sum"],
        "ExtendedStatistics": ["p50"],
    }
    assert refusal(boto3.client("cloudwatch").get_metric_statistics, **request) == (
        "InvalidParameterCombination: Either Statistics or ExtendedStatistics must be specified,"
        " not both"
    )


def test_the_id_of_a_query() -> None:
    query = {"Id": "Errors", "Expression": "1"}
    request = {"MetricDataQueries": [query], "StartTime": 0, "EndTime": 60}
    assert refusal(boto3.client("cloudwatch").get_metric_data, **request) == (
        "ValidationError: The value Errors for parameter MetricDataQueries.member.1.Id is not"
        " matching the expected pattern ^[a-z][a-zA-Z0-9_]*$."
    )
