"""Texts of Application Auto Scaling.

https://docs.aws.amazon.com/autoscaling/application/APIReference/. Reported by users are those of a
table or target that is not there (terraform-aws-dynamodb-table#15, ansible#40237) and of what is
not a dimension (pulumi-policy-aws#11); activities are documented, and were seen.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

SCALING_UNSUPPORTED_DIMENSION = "Unsupported service namespace, resource type or scalable dimension"
SCALING_ONE_POLICY_A_METRIC = (
    "Only one TargetTrackingScaling policy for a given metric specification is allowed."
)
SCALING_TARGET_EXISTS = (
    "The scalable target that you tried to tag already exists. To update tags on an existing"
    " scalable target, use the TagResource API."
)
SCALING_CAPACITIES_MISSING = (
    "MinCapacity and MaxCapacity must be provided to register a new scalable target"
)
SCALING_MIN_BELOW_ONE = "Minimum capacity cannot be less than 1"
SCALING_MIN_ABOVE_MAX = "Maximum capacity cannot be less than minimum capacity"
SCALING_NO_CONFIGURATION = (
    "TargetTrackingScalingPolicyConfiguration must be provided for TargetTrackingScaling policies"
)
SCALING_NO_METRIC = (
    "Either PredefinedMetricSpecification or CustomizedMetricSpecification must be provided"
)
SCALING_ATTEMPT = "Attempting to scale due to alarm triggered"
SCALING_INVALID_TOKEN = "Invalid token"  # noqa: S105
SCALING_NO_SCHEDULE = "Schedule must be provided to create a scheduled action"
SCALING_NO_ACTION = "ScalableTargetAction must be provided to create a scheduled action"


def scaling_no_table(resource_id: str) -> str:
    return f"DynamoDB table does not exist: {resource_id}"


def scaling_no_index(resource_id: str) -> str:
    return f"DynamoDB index does not exist: {resource_id}"


def scaling_place(resource_id: str, dimension: str) -> str:
    return (
        f"for service namespace: dynamodb, resource ID: {resource_id}, scalable dimension:"
        f" {dimension}"
    )


def scaling_target_not_registered(resource_id: str, dimension: str) -> str:
    return f"No scalable target registered {scaling_place(resource_id, dimension)}"


def scaling_target_not_found(resource_id: str, dimension: str) -> str:
    return f"No scalable target found {scaling_place(resource_id, dimension)}"


def scaling_policy_not_found(resource_id: str, dimension: str, name: str) -> str:
    return f"No scaling policy found {scaling_place(resource_id, dimension)}, policy name: {name}"


def scaling_action_not_found(resource_id: str, dimension: str, name: str) -> str:
    place = scaling_place(resource_id, dimension)
    return f"No scheduled action found {place}, scheduled action name: {name}"


def scaling_wrong_target_value(least: float, most: float) -> str:
    return f"Target value must be between {least:g} and {most:g} for this metric"


def scaling_wrong_metric(metric: str, dimension: str) -> str:
    return f"Predefined metric type {metric} is not supported for scalable dimension {dimension}"


def scaling_wrong_schedule(schedule: str) -> str:
    return f"Invalid schedule expression: {schedule}"


def scaling_wrong_timezone(name: str) -> str:
    return f"Invalid timezone: {name}"


def scaling_alarm_description(policy_arn: str, created_by: str) -> str:
    return (
        f"DO NOT EDIT OR DELETE. For TargetTrackingScaling policy {policy_arn}:createdBy/"
        f"{created_by}."
    )


# --- activities ---


def scaling_description(kind: str, capacity: int) -> str:
    return f"Setting {kind} capacity units to {capacity}."


def scaling_cause_alarm(alarm: str, policy: str) -> str:
    return f"monitor alarm {alarm} in state ALARM triggered policy {policy}"


def scaling_cause_bound(bound: str, capacity: int) -> str:
    return f"{bound} capacity was set to {capacity}"


def scaling_done(kind: str, capacity: int) -> str:
    return (
        f"Successfully set {kind} capacity units to {capacity}. Change successfully fulfilled by"
        " dynamodb."
    )


def scaling_waits(kind: str, capacity: int) -> str:
    return (
        f"Successfully set {kind} capacity units to {capacity}. Waiting for change to be fulfilled"
        " by dynamodb."
    )


def scaling_bounds(bounds: Mapping[str, int]) -> str:
    """Return what is said of new bounds: `min capacity to 15 and max capacity to 20`."""
    names = {"MinCapacity": "min", "MaxCapacity": "max"}
    parts = [
        f"{short} capacity to {bounds[name]}" for name, short in names.items() if name in bounds
    ]
    return " and ".join(parts)


def scaling_cause_scheduled(name: str) -> str:
    return f"scheduled action name {name} was triggered"


def scaling_failed(kind: str, capacity: int, reason: str) -> str:
    return f"Failed to set {kind} capacity units to {capacity}. Reason: {reason}"


# --- ddbmock's own texts ---


def scaling_of_other_services(namespace: str) -> str:
    return (
        f"ddbmock does not support the service namespace {namespace} of Application Auto Scaling:"
        " it scales tables and indexes of DynamoDB. With ddbmock.beside.mock_aws, moto answers for"
        " the others"
    )


def unsupported_of_scaling(what: str) -> str:
    return f"ddbmock does not support {what} of Application Auto Scaling yet"


def scaling_no_resource(arn: str) -> str:
    return f"No resource found for resource ARN: {arn}"
