"""The four alarms of a target-tracking policy.

Their thresholds follow from the capacity, so all four are replaced when that has changed.
The two on the provisioned units notice changes made by others.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any
from uuid import UUID

from ddbmock._internal.companions.metrics.alarms import alarms_of, put_alarm, remove_alarm
from ddbmock._internal.companions.metrics.catalog import DYNAMODB, INDEX, TABLE
from ddbmock._internal.engine.scaling import put_policy
from ddbmock._internal.messages import autoscaling as messages

if TYPE_CHECKING:
    from collections.abc import Iterator
    from random import Random

    from ddbmock._internal.engine.backend import Region
    from ddbmock._internal.engine.scaling import ScalingPolicy

HIGH, LOW = "AlarmHigh", "AlarmLow"
PROVISIONED_HIGH, PROVISIONED_LOW = "ProvisionedCapacityHigh", "ProvisionedCapacityLow"
#: How far below its target the utilization is when the capacity is decreased, in percent.
IN_BELOW_TARGET = 20
OUT_MINUTES, IN_MINUTES = 2, 15


def new_id(random: Random) -> str:
    """Return an id like the service's."""
    return str(UUID(int=random.getrandbits(128), version=4))


def replace_alarms(region: Region, policy: ScalingPolicy, capacity: int, now: float) -> None:
    """Replace the alarms of a policy by alarms for a capacity."""
    remove_alarms(region, policy, now)
    alarms = tuple(
        (alarm.name, alarm.arn)
        for alarm in [
            put_alarm(region, configuration, now)
            for configuration in _configurations(region, policy, capacity)
        ]
    )
    put_policy(region, replace(policy, alarms=alarms))


def remove_alarms(region: Region, policy: ScalingPolicy, now: float) -> None:
    """Remove the alarms of a policy, except those that are deleted already."""
    for name, _ in policy.alarms:
        if name in alarms_of(region):
            remove_alarm(region, name, now)


def _configurations(
    region: Region, policy: ScalingPolicy, capacity: int
) -> Iterator[dict[str, Any]]:
    dimension, random = policy.scalable_dimension, region.backend.random
    dimensions = [{"Name": TABLE, "Value": dimension.table_name}]
    if dimension.index_name is not None:
        dimensions.append({"Name": INDEX, "Value": dimension.index_name})
    common = {
        "Namespace": DYNAMODB,
        "Dimensions": dimensions,
        "AlarmActions": [policy.action],
        "AlarmDescription": messages.scaling_alarm_description(policy.arn, policy.created_by),
    }
    units = f"{dimension.kind.title()}CapacityUnits"
    in_a_minute = capacity * 60 / 100
    rows = [
        (HIGH, "GreaterThanThreshold", in_a_minute * policy.target_value),
        (LOW, "LessThanThreshold", in_a_minute * (policy.target_value - IN_BELOW_TARGET)),
        (PROVISIONED_HIGH, "GreaterThanThreshold", float(capacity)),
        (PROVISIONED_LOW, "LessThanThreshold", float(capacity)),
    ]
    for kind, comparison, threshold in rows:
        if kind == LOW and policy.configuration.get("DisableScaleIn"):
            continue
        is_of_load = kind in {HIGH, LOW}
        yield {
            "AlarmName": f"TargetTracking-{dimension.resource_id}-{kind}-{new_id(random)}",
            **common,
            "MetricName": f"{'Consumed' if is_of_load else 'Provisioned'}{units}",
            "Statistic": "Sum" if is_of_load else "Average",
            "Period": 60 if is_of_load else 300,
            "EvaluationPeriods": {HIGH: OUT_MINUTES, LOW: IN_MINUTES}.get(kind, 3),
            "Threshold": round(threshold, 6),
            "ComparisonOperator": comparison,
        }


def kind_of(policy: ScalingPolicy, alarm_name: str) -> str | None:
    """Return which of the four an alarm is; None if it is no longer the policy's."""
    if all(alarm_name != name for name, _ in policy.alarms):
        return None
    rest = alarm_name.removeprefix(f"TargetTracking-{policy.resource_id}-")
    return rest.partition("-")[0]
