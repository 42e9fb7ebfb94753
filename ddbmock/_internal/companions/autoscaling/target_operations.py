"""RegisterScalableTarget, DescribeScalableTargets, DeregisterScalableTarget, and tags.

https://docs.aws.amazon.com/autoscaling/application/APIReference/API_RegisterScalableTarget.html
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from ddbmock._internal.companions.autoscaling.errors import (
    ObjectNotFoundError,
    ScalingResourceNotFoundError,
    ScalingValidationError,
)
from ddbmock._internal.companions.autoscaling.pages import listed
from ddbmock._internal.companions.autoscaling.rows import PLACE, ROWS
from ddbmock._internal.companions.autoscaling.schedule_operations import remove_action
from ddbmock._internal.engine.scaling import (
    ScalableDimension,
    ScalableTarget,
    new_target,
    policies_of,
    scheduled_actions_of,
    target_of,
)
from ddbmock._internal.messages import autoscaling as messages

if TYPE_CHECKING:
    from ddbmock._internal.companions.autoscaling.scaling import AutoScaling
    from ddbmock._internal.companions.operations import Parameters, Response
    from ddbmock._internal.engine.backend import Region

_DIMENSIONS = {
    f"dynamodb:{kind}:{units}": kind
    for kind in ("table", "index")
    for units in ("ReadCapacityUnits", "WriteCapacityUnits")
}


@ROWS.operation(
    "RegisterScalableTarget",
    *PLACE,
    *("MinCapacity", "MaxCapacity", "RoleARN", "SuspendedState", "Tags"),
)
def register_scalable_target(
    scaling: AutoScaling, region: Region, parameters: Parameters
) -> Response:
    """Register a target or change its bounds; a capacity outside of them is changed at once."""
    dimension = dimension_of(parameters)
    _check_exists(region, dimension)
    now = scaling.backend.clock.seconds()
    old = target_of(region, dimension)
    if old is not None and parameters.get("Tags"):
        raise ScalingValidationError(messages.SCALING_TARGET_EXISTS)
    bounds = [
        parameters.get(name, None if old is None else getattr(old, attribute))
        for name, attribute in (("MinCapacity", "minimum"), ("MaxCapacity", "maximum"))
    ]
    if None in bounds:
        raise ScalingValidationError(messages.SCALING_CAPACITIES_MISSING)
    minimum, maximum = bounds
    if minimum < 1:
        raise ScalingValidationError(messages.SCALING_MIN_BELOW_ONE)
    if minimum > maximum:
        raise ScalingValidationError(messages.SCALING_MIN_ABOVE_MAX)
    if old is None:
        old = new_target(region, dimension, minimum, maximum)
    target = replace(
        old,
        minimum=minimum,
        maximum=maximum,
        suspended={**old.suspended, **parameters.get("SuspendedState", {})},
        tags=parameters.get("Tags", old.tags),
    )
    scaling.change_bounds(region, target, now)
    return {"ScalableTargetARN": target.arn}


def dimension_of(parameters: Parameters) -> ScalableDimension:
    """Return the scalable dimension that a request is about.

    Raises:
        ScalingValidationError: It is neither a table nor an index.
    """
    dimension = ScalableDimension(parameters["ResourceId"], parameters["ScalableDimension"])
    kind, parts = _DIMENSIONS.get(dimension.name), dimension.resource_id.split("/")
    is_table = len(parts) == 2 and parts[0] == "table"  # noqa: PLR2004
    is_index = len(parts) == 4 and (parts[0], parts[2]) == ("table", "index")  # noqa: PLR2004
    if not ((kind == "table" and is_table) or (kind == "index" and is_index)):
        raise ScalingValidationError(messages.SCALING_UNSUPPORTED_DIMENSION)
    return dimension


def _check_exists(region: Region, dimension: ScalableDimension) -> None:
    table = region.tables.get(dimension.table_name)
    if table is None:
        raise ScalingValidationError(messages.scaling_no_table(f"table/{dimension.table_name}"))
    if dimension.index_name is not None and dimension.index_name not in table.settings.indexes:
        raise ScalingValidationError(messages.scaling_no_index(dimension.resource_id))


@ROWS.operation(
    "DescribeScalableTargets",
    *("ServiceNamespace", "ResourceIds", "ScalableDimension", "MaxResults", "NextToken"),
)
def describe_scalable_targets(
    _scaling: AutoScaling, region: Region, parameters: Parameters
) -> Response:
    """Return targets, in the order of their ids."""
    wanted = parameters.get("ResourceIds")
    targets = [
        target.described()
        for target in region.store.of(ScalableTarget, in_order=True).records.values()
        if (not wanted or target.resource_id in wanted)
        and parameters.get("ScalableDimension") in {None, target.dimension}
    ]
    return listed("ScalableTargets", targets, parameters)


@ROWS.operation("DeregisterScalableTarget", *PLACE)
def deregister_scalable_target(
    scaling: AutoScaling, region: Region, parameters: Parameters
) -> Response:
    """Remove a target with its policies, their alarms, and its scheduled actions."""
    dimension = dimension_of(parameters)
    if target_of(region, dimension) is None:
        raise ObjectNotFoundError(messages.scaling_target_not_found(*dimension))
    now = scaling.backend.clock.seconds()
    for policy in policies_of(region, dimension):
        scaling.remove_policy(region, policy, now)
    for action in scheduled_actions_of(region, dimension):
        remove_action(scaling, region, action)
    region.store.of(ScalableTarget).remove(dimension.key)
    return {}


def _by_arn(region: Region, parameters: Parameters) -> ScalableTarget:
    arn = parameters["ResourceARN"]
    for target in region.store.of(ScalableTarget).records.values():
        if target.arn == arn:
            return target
    raise ScalingResourceNotFoundError(messages.scaling_no_resource(arn), ResourceName=arn)


@ROWS.operation("ListTagsForResource", "ResourceARN")
def list_tags_for_resource(
    _scaling: AutoScaling, region: Region, parameters: Parameters
) -> Response:
    """Return the tags of a target."""
    return {"Tags": dict(_by_arn(region, parameters).tags)}


@ROWS.operation("TagResource", "ResourceARN", "Tags")
def tag_resource(_scaling: AutoScaling, region: Region, parameters: Parameters) -> Response:
    """Add tags to a target."""
    target = _by_arn(region, parameters)
    changed = replace(target, tags={**target.tags, **parameters["Tags"]})
    region.store.of(ScalableTarget).put(target.scalable_dimension.key, changed)
    return {}


@ROWS.operation("UntagResource", "ResourceARN", "TagKeys")
def untag_resource(_scaling: AutoScaling, region: Region, parameters: Parameters) -> Response:
    """Remove tags from a target."""
    target = _by_arn(region, parameters)
    remaining = {
        name: value for name, value in target.tags.items() if name not in parameters["TagKeys"]
    }
    region.store.of(ScalableTarget).put(
        target.scalable_dimension.key, replace(target, tags=remaining)
    )
    return {}
