"""Scalable targets, scaling policies, scheduled actions and alarms of Terraform.

https://registry.terraform.io/providers/hashicorp/aws/latest/docs/resources/appautoscaling_policy
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ddbmock._internal.templates.companions import (
    CLOUDWATCH,
    DYNAMODB,
    SCALING,
    CompanionRequest,
    companion_request,
    is_about_tables,
)
from ddbmock._internal.templates.shapes import mapping_of
from ddbmock._internal.templates.skipped import skipping

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from ddbmock._internal.formats.file_errors import Location
    from ddbmock._internal.templates.contents import Contents
    from ddbmock._internal.templates.terraform.resources import Resource, Values

_PLACE = {
    "service_namespace": "ServiceNamespace",
    "resource_id": "ResourceId",
    "scalable_dimension": "ScalableDimension",
}
_SUSPENSIONS = {
    "dynamic_scaling_in_suspended": "DynamicScalingInSuspended",
    "dynamic_scaling_out_suspended": "DynamicScalingOutSuspended",
    "scheduled_scaling_suspended": "ScheduledScalingSuspended",
}
_TRACKING = {
    "target_value": "TargetValue",
    "scale_in_cooldown": "ScaleInCooldown",
    "scale_out_cooldown": "ScaleOutCooldown",
    "disable_scale_in": "DisableScaleIn",
}
_ALARM = {
    "alarm_name": "AlarmName",
    "alarm_description": "AlarmDescription",
    "actions_enabled": "ActionsEnabled",
    "ok_actions": "OKActions",
    "alarm_actions": "AlarmActions",
    "insufficient_data_actions": "InsufficientDataActions",
    "metric_name": "MetricName",
    "namespace": "Namespace",
    "statistic": "Statistic",
    "extended_statistic": "ExtendedStatistic",
    "period": "Period",
    "unit": "Unit",
    "evaluation_periods": "EvaluationPeriods",
    "datapoints_to_alarm": "DatapointsToAlarm",
    "threshold": "Threshold",
    "comparison_operator": "ComparisonOperator",
    "treat_missing_data": "TreatMissingData",
}


def add_companion(resource: Resource, contents: Contents) -> None:
    """Add a resource that scales a table or is an alarm on it."""
    with skipping(contents.skipped, resource.address):
        contents.companions += list(READERS[resource.kind](resource))


def _renamed(values: Values, names: Mapping[str, str]) -> dict[str, Any]:
    return {
        member: values[name]
        for name, member in names.items()
        if values.get(name) is not None and values[name] not in ([], "")
    }


def _block(values: Values, name: str, location: Location) -> Mapping[str, Any] | None:
    found = values.get(name) or []
    blocks = found if isinstance(found, list) else [found]
    return mapping_of(blocks[0], location, name) if blocks else None


def _is_of_dynamodb(values: Values) -> bool:
    return bool(values.get("service_namespace") == DYNAMODB)


def _target(resource: Resource) -> Iterator[CompanionRequest]:
    values, location = resource.values, resource.location
    if not _is_of_dynamodb(values):
        return
    members = {
        "MinCapacity": values.get("min_capacity"),
        "MaxCapacity": values.get("max_capacity"),
        "RoleARN": values.get("role_arn") or None,
    }
    suspended = _block(values, "suspended_state", location)
    if suspended is not None:
        members["SuspendedState"] = _renamed(suspended, _SUSPENSIONS)
    request = {**_renamed(values, _PLACE), **members}
    yield companion_request(resource.address, SCALING, "RegisterScalableTarget", request, location)


def _policy(resource: Resource) -> Iterator[CompanionRequest]:
    values, location = resource.values, resource.location
    if not _is_of_dynamodb(values):
        return
    request = {
        **_renamed(values, _PLACE),
        "PolicyName": values.get("name"),
        "PolicyType": values.get("policy_type"),
    }
    tracking = _block(values, "target_tracking_scaling_policy_configuration", location)
    if tracking is not None:
        configuration = _renamed(tracking, _TRACKING)
        metric = _block(tracking, "predefined_metric_specification", location)
        if metric is not None:
            kind = metric.get("predefined_metric_type")
            configuration["PredefinedMetricSpecification"] = {"PredefinedMetricType": kind}
        if tracking.get("customized_metric_specification"):
            configuration["CustomizedMetricSpecification"] = {}
        request["TargetTrackingScalingPolicyConfiguration"] = configuration
    yield companion_request(resource.address, SCALING, "PutScalingPolicy", request, location)


def _scheduled(resource: Resource) -> Iterator[CompanionRequest]:
    values, location = resource.values, resource.location
    if not _is_of_dynamodb(values):
        return
    action = _block(values, "scalable_target_action", location) or {}
    bounds = {"min_capacity": "MinCapacity", "max_capacity": "MaxCapacity"}
    request = {
        **_renamed(values, _PLACE),
        "ScheduledActionName": values.get("name"),
        "Schedule": values.get("schedule"),
        "Timezone": values.get("timezone"),
        "StartTime": values.get("start_time"),
        "EndTime": values.get("end_time"),
        "ScalableTargetAction": _renamed(action, bounds),
    }
    yield companion_request(resource.address, SCALING, "PutScheduledAction", request, location)


def _alarm(resource: Resource) -> Iterator[CompanionRequest]:
    request = _renamed(resource.values, _ALARM)
    dimensions = resource.values.get("dimensions")
    if dimensions:
        named = mapping_of(dimensions, resource.location, "dimensions")
        request["Dimensions"] = [{"Name": name, "Value": named[name]} for name in named]
    if is_about_tables(request):
        yield companion_request(
            resource.address, CLOUDWATCH, "PutMetricAlarm", request, resource.location
        )


READERS: dict[str, Callable[[Resource], Iterator[CompanionRequest]]] = {
    "aws_appautoscaling_policy": _policy,
    "aws_appautoscaling_scheduled_action": _scheduled,
    "aws_appautoscaling_target": _target,
    "aws_cloudwatch_metric_alarm": _alarm,
}
