"""Auto scaling of global tables: what the service requires, and what it sets up.

All replicas get the same writes, so provisioned writes must be scaled in every region.

https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/globaltables-RWCU.html
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from ddbmock._internal.engine.scaling import (
    WRITE,
    ScalableDimension,
    ScalableTarget,
    ScalingPolicy,
    is_scaled,
    new_policy,
    new_target,
    policies_of,
    put_policy,
    remove_policy,
    target_of,
)
from ddbmock._internal.engine.settings import PROVISIONED
from ddbmock._internal.errors import ValidationError
from ddbmock._internal.messages import replicas as messages

if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Any

    from ddbmock._internal.engine.backend import Region
    from ddbmock._internal.engine.scaling import Scaler
    from ddbmock._internal.engine.table import Table

#: The scaling of writes that the service sets up for a new index of a global table.
_MINIMUM, _MAXIMUM, _TARGET_PERCENT = 1, 10, 70.0


def check_scaled_writes(region: Region, table: Table) -> None:
    """Raise ValidationError if provisioned writes of a table or an index are not scaled."""
    if table.settings.billing_mode != PROVISIONED:
        return
    if not is_scaled(region, ScalableDimension.of(table.name, WRITE)):
        raise ValidationError(messages.WRITES_NOT_SCALED)
    check_scaled_index_writes(region, table)


def check_scaled_index_writes(region: Region, table: Table) -> None:
    """Raise ValidationError if provisioned writes of an index are not scaled."""
    if table.settings.billing_mode != PROVISIONED:
        return
    for name in table.settings.indexes:
        if not is_scaled(region, ScalableDimension.of(table.name, WRITE, name)):
            raise ValidationError(messages.INDEX_WRITES_NOT_SCALED)


def mirror(source: Region, target: Region, table: Table) -> None:
    """Scale the writes of a new replica as those of its source."""
    for index_name in (None, *table.settings.indexes):
        dimension = ScalableDimension.of(table.name, WRITE, index_name)
        scalable = target_of(source, dimension)
        if scalable is not None:
            bounds = scalable.minimum, scalable.maximum
            for policy in policies_of(source, dimension):
                scale(target, dimension, bounds, policy.name, policy.configuration)


def scale_new_index(region: Region, table: Table, index_name: str) -> None:
    """Set up the scaling of writes for a new index of a provisioned replica."""
    if table.settings.billing_mode == PROVISIONED:
        dimension = ScalableDimension.of(table.name, WRITE, index_name)
        configuration = tracking(dimension, {"TargetValue": _TARGET_PERCENT})
        scale(
            region, dimension, (_MINIMUM, _MAXIMUM), default_policy_name(dimension), configuration
        )


def default_policy_name(dimension: ScalableDimension) -> str:
    """Return the default name of a policy.

    >>> default_policy_name(ScalableDimension.of("orders", "read"))
    'DynamoDBReadCapacityUtilization:table/orders'
    """
    return f"DynamoDB{dimension.kind.title()}CapacityUtilization:{dimension.resource_id}"


def tracking(dimension: ScalableDimension, members: Mapping[str, Any]) -> dict[str, Any]:
    """Return the configuration of a policy, with the metric of a dimension."""
    metric = f"DynamoDB{dimension.kind.title()}CapacityUtilization"
    return {"PredefinedMetricSpecification": {"PredefinedMetricType": metric}, **members}


def scale(  # noqa: PLR0913 (what is scaled, between what, and how)
    region: Region,
    dimension: ScalableDimension,
    bounds: tuple[int, int],
    policy_name: str,
    configuration: Mapping[str, Any],
    *,
    role_arn: str | None = None,
) -> None:
    """Scale a dimension between bounds by one policy, which replaces existing ones."""
    now = region.backend.clock.seconds()
    target = target_of(region, dimension) or new_target(region, dimension, *bounds, role_arn)
    target = replace(target, minimum=bounds[0], maximum=bounds[1])
    policies = policies_of(region, dimension)
    policy = next((each for each in policies if each.name == policy_name), None)
    for other in policies:
        if other is not policy:
            _remove_policy(region, other, now)
    if policy is None:
        policy = new_policy(region, dimension, policy_name, configuration)
    policy = replace(policy, configuration=configuration)
    scaler: Scaler | None = region.backend.scaler
    if scaler is None:
        region.store.of(ScalableTarget, in_order=True).put(dimension.key, target)
        put_policy(region, policy)
    else:
        scaler.change_bounds(region, target, now)
        scaler.change_policy(region, policy, now)


def stop_scaling(region: Region, dimension: ScalableDimension) -> None:
    """Remove the target of a dimension with its policies, if it has one."""
    now = region.backend.clock.seconds()
    for policy in policies_of(region, dimension):
        _remove_policy(region, policy, now)
    if target_of(region, dimension) is not None:
        region.store.of(ScalableTarget).remove(dimension.key)


def _remove_policy(region: Region, policy: ScalingPolicy, now: float) -> None:
    scaler: Scaler | None = region.backend.scaler
    if scaler is None:
        remove_policy(region, policy)
    else:
        scaler.remove_policy(region, policy, now)
