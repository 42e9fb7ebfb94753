"""PutScheduledAction, DescribeScheduledActions and DeleteScheduledAction.

https://docs.aws.amazon.com/autoscaling/application/APIReference/API_PutScheduledAction.html
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
    ScheduledAction,
    action_key,
    scheduled_actions_of,
    target_of,
)
from ddbmock._internal.messages import autoscaling as messages

if TYPE_CHECKING:
    from ddbmock._internal.companions.autoscaling.scaling import AutoScaling
    from ddbmock._internal.companions.operations import Parameters, Response
    from ddbmock._internal.engine.backend import Region


@ROWS.operation(
    "PutScheduledAction",
    *("ScheduledActionName", *PLACE, "Schedule", "Timezone", "StartTime", "EndTime"),
    "ScalableTargetAction",
)
def put_scheduled_action(scaling: AutoScaling, region: Region, parameters: Parameters) -> Response:
    """Create or change a scheduled action."""
    name = parameters["ScheduledActionName"]
    dimension = ScalableDimension(parameters["ResourceId"], parameters["ScalableDimension"])
    if target_of(region, dimension) is None:
        raise ObjectNotFoundError(messages.scaling_target_not_registered(*dimension))
    now = scaling.backend.clock.seconds()
    old = region.store.of(ScheduledAction, in_order=True).records.get(action_key(dimension, name))
    if old is None:
        for member, text in (
            ("Schedule", messages.SCALING_NO_SCHEDULE),
            ("ScalableTargetAction", messages.SCALING_NO_ACTION),
        ):
            if member not in parameters:
                raise ScalingValidationError(text)
        resource = f"resource/dynamodb/{dimension.resource_id}:scheduledActionName/{name}"
        arn = region.arns.resource(f"scheduledAction:{scaling.new_id()}:{resource}", "autoscaling")
        old = ScheduledAction(name, *dimension, arn, parameters["Schedule"], "UTC", {}, now)
    action = replace(
        old,
        schedule=parameters.get("Schedule", old.schedule),
        timezone=parameters.get("Timezone", old.timezone),
        bounds=parameters.get("ScalableTargetAction", old.bounds),
        start=parameters.get("StartTime", old.start),
        end=parameters.get("EndTime", old.end),
    )
    bounds = action.bounds
    if bounds.get("MinCapacity", 0) > bounds.get("MaxCapacity", float("inf")):
        raise ScalingValidationError(messages.SCALING_MIN_ABOVE_MAX)
    scaling.schedule(region, action, now)
    region.store.of(ScheduledAction).put(action_key(dimension, name), action)
    return {}


@ROWS.operation(
    "DescribeScheduledActions",
    *("ScheduledActionNames", "ServiceNamespace", "ResourceId", "ScalableDimension"),
    *("MaxResults", "NextToken"),
)
def describe_scheduled_actions(
    _scaling: AutoScaling, region: Region, parameters: Parameters
) -> Response:
    """Return scheduled actions."""
    names = parameters.get("ScheduledActionNames")
    actions = [
        action.described()
        for action in scheduled_actions_of(region)
        if (not names or action.name in names)
        and parameters.get("ResourceId") in {None, action.resource_id}
        and parameters.get("ScalableDimension") in {None, action.dimension}
    ]
    return listed("ScheduledActions", actions, parameters)


@ROWS.operation("DeleteScheduledAction", "ScheduledActionName", *PLACE)
def delete_scheduled_action(
    scaling: AutoScaling, region: Region, parameters: Parameters
) -> Response:
    """Remove a scheduled action."""
    name = parameters["ScheduledActionName"]
    dimension = ScalableDimension(parameters["ResourceId"], parameters["ScalableDimension"])
    action = region.store.of(ScheduledAction).records.get(action_key(dimension, name))
    if action is None:
        raise ObjectNotFoundError(messages.scaling_action_not_found(*dimension, name))
    remove_action(scaling, region, action)
    return {}


def remove_action(scaling: AutoScaling, region: Region, action: ScheduledAction) -> None:
    """Remove a scheduled action."""
    scaling.unschedule(region, action.scalable_dimension, action.name)
    region.store.of(ScheduledAction).remove(action_key(action.scalable_dimension, action.name))
