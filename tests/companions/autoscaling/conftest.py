"""A table with auto scaling, whose load is added to its metrics."""

from __future__ import annotations

from typing import Any

import pytest

from ddbmock import mock_dynamodb
from tests import shared_clients
from tests.companions.conftest import MONDAY

WRITES = {
    "ServiceNamespace": "dynamodb",
    "ResourceId": "table/orders",
    "ScalableDimension": "dynamodb:table:WriteCapacityUnits",
}


@pytest.fixture
def ddb():
    with mock_dynamodb(autoscaling=True) as ddb:
        ddb.clock.freeze(MONDAY)
        yield ddb


@pytest.fixture
def scaling(ddb) -> Any:
    return shared_clients.of_service("application-autoscaling", "us-east-1")


def tracking(target: float = 70.0, **more: Any) -> dict[str, Any]:
    metric = {"PredefinedMetricType": "DynamoDBWriteCapacityUtilization"}
    return {
        "PolicyName": "writes",
        "PolicyType": "TargetTrackingScaling",
        "TargetTrackingScalingPolicyConfiguration": {
            "TargetValue": target,
            "PredefinedMetricSpecification": metric,
            **more,
        },
    }


@pytest.fixture
def tracked(scaling, orders) -> Any:
    """The writes of the table, between 5 and 100 units, at 70 percent."""
    scaling.register_scalable_target(**WRITES, MinCapacity=5, MaxCapacity=100)
    scaling.put_scaling_policy(**WRITES, **tracking())
    return orders


def load(ddb, units_per_second: float, minutes: int = 1) -> None:
    """Consume write units for some minutes."""
    for _ in range(minutes):
        total = units_per_second * 60
        ddb.metrics.record("ConsumedWriteCapacityUnits", total, TableName="orders")
        ddb.clock.advance(minutes=1)


def write_units(client) -> int:
    described = client.describe_table(TableName="orders")["Table"]
    units: int = described["ProvisionedThroughput"]["WriteCapacityUnits"]
    return units


def activities(scaling, **more: Any) -> list[dict[str, Any]]:
    response = scaling.describe_scaling_activities(ServiceNamespace="dynamodb", **more)
    found: list[dict[str, Any]] = response["ScalingActivities"]
    return found
