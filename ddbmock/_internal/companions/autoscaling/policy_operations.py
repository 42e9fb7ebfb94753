"""PutScalingPolicy, DescribeScalingPolicies, DeleteScalingPolicy, DescribeScalingActivities.

https://docs.aws.amazon.com/autoscaling/application/APIReference/API_PutScalingPolicy.html
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from ddbmock._internal.companions.autoscaling.errors import (
    ObjectNotFoundError,
    ScalingValidationError,
)
from ddbmock._internal.companions.autoscaling.pages import listed
from ddbmock._internal.companions.autoscaling.rows import PLACE, ROWS
from ddbmock._internal.engine.scaling import (
    ScalableDimension,
    activities_of,
    new_policy,
    policies_of,
    target_of,
)
from ddbmock._internal.errors import UnsupportedError
from ddbmock._internal.messages import autoscaling as messages

if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Any

    from ddbmock._internal.companions.autoscaling.scaling import AutoScaling
    from ddbmock._internal.companions.operations import Parameters, Response
    from ddbmock._internal.engine.backend import Region

_CONFIGURATION = "TargetTrackingScalingPolicyConfiguration"
#: The bounds of a target utilization, which are narrower for DynamoDB than for other services.
_TARGET_LEAST, _TARGET_MOST = 20.0, 90.0
_TRACKING = "TargetTrackingScaling"


@ROWS.operation("PutScalingPolicy", "PolicyName", *PLACE, "PolicyType", _CONFIGURATION)
def put_scaling_policy(scaling: AutoScaling, region: Region, parameters: Parameters) -> Response:
    """Create or change a target-tracking policy, and create its alarms."""
    name = parameters["PolicyName"]
    dimension = ScalableDimension(parameters["ResourceId"], parameters["ScalableDimension"])
    if target_of(region, dimension) is None:
        raise ObjectNotFoundError(messages.scaling_target_not_registered(*dimension))
    existing = policies_of(region, dimension)
    old = next((each for each in existing if each.name == name), None)
    kind = parameters.get("PolicyType", _TRACKING if old is not None else "StepScaling")
    if kind != _TRACKING:
        raise UnsupportedError(messages.unsupported_of_scaling(f"the policy type {kind}"))
    configuration = parameters.get(_CONFIGURATION)
    if configuration is None:
        raise ScalingValidationError(messages.SCALING_NO_CONFIGURATION)
    _check(configuration, dimension)
    if old is None and existing:
        raise ScalingValidationError(messages.SCALING_ONE_POLICY_A_METRIC)
    now = scaling.backend.clock.seconds()
    policy = new_policy(region, dimension, name, configuration) if old is None else old
    scaling.change_policy(region, replace(policy, configuration=configuration), now)
    (policy,) = policies_of(region, dimension)
    return {"PolicyARN": policy.arn, "Alarms": policy.described_alarms()}


def _check(configuration: Mapping[str, Any], dimension: ScalableDimension) -> None:
    if "CustomizedMetricSpecification" in configuration:
        what = "a CustomizedMetricSpecification"
        raise UnsupportedError(messages.unsupported_of_scaling(what))
    if "PredefinedMetricSpecification" not in configuration:
        raise ScalingValidationError(messages.SCALING_NO_METRIC)
    metric = configuration["PredefinedMetricSpecification"]["PredefinedMetricType"]
    if metric != f"DynamoDB{dimension.kind.title()}CapacityUtilization":
        raise ScalingValidationError(messages.scaling_wrong_metric(metric, dimension.name))
    if not _TARGET_LEAST <= configuration["TargetValue"] <= _TARGET_MOST:
        text = messages.scaling_wrong_target_value(_TARGET_LEAST, _TARGET_MOST)
        raise ScalingValidationError(text)


@ROWS.operation(
    "DescribeScalingPolicies",
    *("PolicyNames", "ServiceNamespace", "ResourceId", "ScalableDimension", "MaxResults"),
    "NextToken",
)
def describe_scaling_policies(
    _scaling: AutoScaling, region: Region, parameters: Parameters
) -> Response:
    """Return policies with their alarms."""
    names = parameters.get("PolicyNames")
    policies = [
        policy.described()
        for policy in policies_of(region)
        if (not names or policy.name in names)
        and parameters.get("ResourceId") in {None, policy.resource_id}
        and parameters.get("ScalableDimension") in {None, policy.dimension}
    ]
    return listed("ScalingPolicies", policies, parameters)


@ROWS.operation("DeleteScalingPolicy", "PolicyName", *PLACE)
def delete_scaling_policy(scaling: AutoScaling, region: Region, parameters: Parameters) -> Response:
    """Remove a policy with its alarms."""
    name = parameters["PolicyName"]
    dimension = ScalableDimension(parameters["ResourceId"], parameters["ScalableDimension"])
    found = next((each for each in policies_of(region, dimension) if each.name == name), None)
    if found is None:
        raise ObjectNotFoundError(messages.scaling_policy_not_found(*dimension, name))
    scaling.remove_policy(region, found, scaling.backend.clock.seconds())
    return {}


@ROWS.operation(
    "DescribeScalingActivities",
    *("ServiceNamespace", "ResourceId", "ScalableDimension", "MaxResults", "NextToken"),
    "IncludeNotScaledActivities",
)
def describe_scaling_activities(
    scaling: AutoScaling, region: Region, parameters: Parameters
) -> Response:
    """Return the scaling activities, newest first."""
    now = scaling.backend.clock.seconds()
    includes_not_scaled = parameters.get("IncludeNotScaledActivities", False)
    activities = [
        activity.described(now)
        for activity in reversed(activities_of(region))
        if (includes_not_scaled or activity.not_scaled is None)
        and parameters.get("ResourceId") in {None, activity.resource_id}
        and parameters.get("ScalableDimension") in {None, activity.dimension}
    ]
    return listed("ScalingActivities", activities, parameters)
