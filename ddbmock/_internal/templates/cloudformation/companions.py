"""Scalable targets, scaling policies and alarms among the resources of a stack.

https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/AWS_ApplicationAutoScaling.html
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ddbmock._internal.templates.cloudformation.identifiers import TARGET
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
    from collections.abc import Callable, Iterator

    from ddbmock._internal.templates.cloudformation.resources import Resource
    from ddbmock._internal.templates.cloudformation.stacks import Stack
    from ddbmock._internal.templates.contents import Contents

_POLICY, _ALARM = "AWS::ApplicationAutoScaling::ScalingPolicy", "AWS::CloudWatch::Alarm"
_TRACKING = "TargetTrackingScalingPolicyConfiguration"


def add_companions(stack: Stack, contents: Contents) -> None:
    """Add the requests that scale tables of a stack and create alarms on them."""
    for name, resource in stack.resources.items():
        read = _READERS.get(resource.kind)
        if read is not None and resource.exists:
            with skipping(contents.skipped, f"{resource.kind} {name}"):
                contents.companions += list(read(resource))


def _values(resource: Resource, *names: str) -> dict[str, Any]:
    return {name: resource.value(name) for name in names if name in resource.properties}


def _target(resource: Resource) -> Iterator[CompanionRequest]:
    place = _values(resource, "ServiceNamespace")
    if place.get("ServiceNamespace") != DYNAMODB:
        return
    place |= _values(resource, "ResourceId", "ScalableDimension")
    members = _values(resource, "MinCapacity", "MaxCapacity", "RoleARN", "SuspendedState")
    label, location = f"{resource.kind} {resource.logical_name}", resource.location
    request = {**place, **members}
    yield companion_request(label, SCALING, "RegisterScalableTarget", request, location)
    for at, action in enumerate(resource.elements("ScheduledActions")):
        resolved = mapping_of(resource.resolve(action, "ScheduledActions"), location, label)
        request = {**place, **resolved}
        name = f"{label}, ScheduledActions[{at}]"
        yield companion_request(name, SCALING, "PutScheduledAction", request, location)


def _policy(resource: Resource) -> Iterator[CompanionRequest]:
    place = _values(resource, "ServiceNamespace", "ResourceId", "ScalableDimension")
    if "ScalingTargetId" in resource.properties:
        # `Ref` of a target returns its id, its dimension and its namespace.
        parts = str(resource.value("ScalingTargetId")).split("|")
        names = ("ResourceId", "ScalableDimension", "ServiceNamespace")
        place |= dict(zip(names, parts, strict=False))
    if place.get("ServiceNamespace") != DYNAMODB:
        return
    members = _values(resource, "PolicyName", "PolicyType", _TRACKING)
    for name in ("StepScalingPolicyConfiguration", "PredictiveScalingPolicyConfiguration"):
        members |= _values(resource, name)
    label = f"{resource.kind} {resource.logical_name}"
    request = {**place, **members}
    yield companion_request(label, SCALING, "PutScalingPolicy", request, resource.location)


def _alarm(resource: Resource) -> Iterator[CompanionRequest]:
    namespace = resource.properties.get("Namespace")
    if namespace is None and "Metrics" not in resource.properties:
        return
    members = _values(resource, *resource.properties)
    members.setdefault("AlarmName", resource.logical_name)
    members["Tags"] = None
    if is_about_tables(members):
        label = f"{resource.kind} {resource.logical_name}"
        yield companion_request(label, CLOUDWATCH, "PutMetricAlarm", members, resource.location)


_READERS: dict[str, Callable[[Resource], Iterator[CompanionRequest]]] = {
    TARGET: _target,
    _POLICY: _policy,
    _ALARM: _alarm,
}
