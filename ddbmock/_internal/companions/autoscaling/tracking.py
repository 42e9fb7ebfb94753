"""Executes a target-tracking policy while one of its alarms is in ALARM.

https://docs.aws.amazon.com/autoscaling/application/userguide/target-tracking-scaling-policy-overview.html
"""

from __future__ import annotations

from dataclasses import replace
from math import ceil
from typing import TYPE_CHECKING, Any

from ddbmock._internal.companions.autoscaling import alarms
from ddbmock._internal.companions.autoscaling.throughput import (
    capacity_of,
    changed_until,
    set_capacity,
)
from ddbmock._internal.companions.metrics.catalog import INDEX, MINUTE_SECONDS, TABLE, SeriesId
from ddbmock._internal.engine.scaling import (
    FAILED,
    SUCCESSFUL,
    ScalingActivity,
    add_activity,
    policies_of,
    put_policy,
    target_of,
)
from ddbmock._internal.errors import ResourceInUseError, ServiceError
from ddbmock._internal.messages import autoscaling as messages

if TYPE_CHECKING:
    from ddbmock._internal.companions.metrics import Metrics
    from ddbmock._internal.engine.backend import Region
    from ddbmock._internal.engine.scaling import ScalableDimension, ScalableTarget, ScalingPolicy


def desired_capacity(busiest_minute: float, target_percent: float) -> int:
    """Return the units at which the busiest minute would have the target utilization.

    >>> desired_capacity(600.0, 70.0)
    15
    """
    return ceil(round(busiest_minute / MINUTE_SECONDS / target_percent * 100, 6))


class Tracking:
    """Executes the policies of alarms."""

    def __init__(self, metrics: Metrics) -> None:
        self._metrics = metrics

    def execute(self, region: Region, alarm_name: str, action: str, now: float) -> bool:
        """Execute a policy; return whether to repeat it while the state lasts."""
        policy = next((each for each in policies_of(region) if each.action == action), None)
        if policy is None:
            return False
        kind, target = (
            alarms.kind_of(policy, alarm_name),
            target_of(region, policy.scalable_dimension),
        )
        capacity = capacity_of(region, policy.scalable_dimension)
        if kind is None or target is None or capacity is None:
            return False
        if kind in {alarms.PROVISIONED_HIGH, alarms.PROVISIONED_LOW}:
            alarms.replace_alarms(region, policy, capacity, now)
            return True
        if kind == alarms.HIGH:
            return self._scale_out(region, target, policy, alarm_name, now)
        return self._scale_in(region, target, policy, alarm_name, now)

    def _busiest_minute(
        self, region: Region, dimension: ScalableDimension, minutes: int, now: float
    ) -> float:
        """Return the units consumed in the busiest of the last minutes."""
        dimensions = {TABLE: dimension.table_name}
        if dimension.index_name is not None:
            dimensions[INDEX] = dimension.index_name
        name = f"Consumed{dimension.kind.title()}CapacityUnits"
        samples_at = self._metrics.of(region).samples_of(SeriesId.of(name, **dimensions))
        last = int(now // MINUTE_SECONDS)
        found = [samples_at(minute) for minute in range(last - minutes, last)]
        return max((samples.sum for samples in found if samples is not None), default=0.0)

    def _scale_out(
        self,
        region: Region,
        target: ScalableTarget,
        policy: ScalingPolicy,
        alarm_name: str,
        now: float,
    ) -> bool:
        if target.is_suspended("DynamicScalingOutSuspended"):
            return False
        busiest = self._busiest_minute(region, policy.scalable_dimension, alarms.OUT_MINUTES, now)
        desired = desired_capacity(busiest, policy.target_value)
        capacity = capacity_of(region, policy.scalable_dimension) or 0
        wanted = target.clamped(desired)
        if policy.scaled_out_at is not None:
            is_cooling = now < policy.scaled_out_at + policy.cooldown("ScaleOut")
            if is_cooling and wanted <= policy.scaled_out_to:
                return True
        if wanted <= capacity:
            code = "AlreadyAtMaxCapacity" if desired > capacity else "AlreadyAtDesiredCapacity"
            self._not_scaled(region, target, policy, alarm_name, code, capacity, now)
            return False
        is_done = self._set(region, policy, alarm_name, wanted, now)
        if is_done:
            changed = replace(policy, scaled_out_at=now, scaled_out_to=wanted, scaled_in_at=None)
            put_policy(region, changed)
            self.follow_capacity(region, policy.scalable_dimension, now)
        return True

    def _scale_in(
        self,
        region: Region,
        target: ScalableTarget,
        policy: ScalingPolicy,
        alarm_name: str,
        now: float,
    ) -> bool:
        if target.is_suspended("DynamicScalingInSuspended"):
            return False
        busiest = self._busiest_minute(region, policy.scalable_dimension, alarms.IN_MINUTES, now)
        capacity = capacity_of(region, policy.scalable_dimension) or 0
        wanted = target.clamped(desired_capacity(busiest, policy.target_value))
        if wanted >= capacity:
            at_minimum = capacity <= target.minimum
            code = "AlreadyAtMinCapacity" if at_minimum else "AlreadyAtDesiredCapacity"
            self._not_scaled(region, target, policy, alarm_name, code, capacity, now)
            return False
        scaled_in_at = policy.scaled_in_at
        if scaled_in_at is not None and now < scaled_in_at + policy.cooldown("ScaleIn"):
            return True
        if self._set(region, policy, alarm_name, wanted, now):
            put_policy(region, replace(policy, scaled_in_at=now))
            self.follow_capacity(region, policy.scalable_dimension, now)
        return True

    def _set(
        self, region: Region, policy: ScalingPolicy, alarm_name: str, capacity: int, now: float
    ) -> bool:
        cause = messages.scaling_cause_alarm(alarm_name, policy.name)
        return change_capacity(region, policy.scalable_dimension, capacity, cause, now)

    def follow_capacity(self, region: Region, dimension: ScalableDimension, now: float) -> None:
        """Replace the alarms of a dimension's policies by alarms for its current capacity."""
        capacity = capacity_of(region, dimension)
        if capacity is not None:
            for policy in policies_of(region, dimension):
                alarms.replace_alarms(region, policy, capacity, now)
            self._metrics.schedule_evaluation()

    def _not_scaled(  # noqa: PLR0913, PLR0917 (what an activity says)
        self,
        region: Region,
        target: ScalableTarget,
        policy: ScalingPolicy,
        alarm_name: str,
        code: str,
        capacity: int,
        now: float,
    ) -> None:
        reason: dict[str, Any] = {"Code": code}
        if code == "AlreadyAtMaxCapacity":
            reason["MaxCapacity"] = target.maximum
        elif code == "AlreadyAtMinCapacity":
            reason["MinCapacity"] = target.minimum
        else:
            reason["CurrentCapacity"] = capacity
        status = SUCCESSFUL if code == "AlreadyAtDesiredCapacity" else FAILED
        cause = messages.scaling_cause_alarm(alarm_name, policy.name)
        activity = ScalingActivity(
            alarms.new_id(region.backend.random), policy.resource_id, policy.dimension,
            messages.SCALING_ATTEMPT, cause, now, status, "", reason,
        )  # fmt: skip
        add_activity(region, activity)


def change_capacity(
    region: Region, dimension: ScalableDimension, capacity: int, cause: str, now: float
) -> bool:
    """Change a capacity and record the activity; return whether it succeeded."""
    status, message = SUCCESSFUL, messages.scaling_done(dimension.kind, capacity)
    try:
        set_capacity(region, dimension, capacity)
    except ResourceInUseError:
        return False  # the table is being changed: tried again in a minute
    except ServiceError as error:
        status = FAILED
        message = messages.scaling_failed(dimension.kind, capacity, error.message)
    activity = ScalingActivity(
        alarms.new_id(region.backend.random), dimension.resource_id, dimension.name,
        messages.scaling_description(dimension.kind, capacity), cause, now, status, message,
        until=0.0 if status == FAILED else changed_until(region, dimension),
        waiting=messages.scaling_waits(dimension.kind, capacity),
    )  # fmt: skip
    add_activity(region, activity)
    return status == SUCCESSFUL


def limit_to_bounds(region: Region, target: ScalableTarget, now: float) -> bool:
    """Change a capacity that is outside of its target's bounds to the nearer bound."""
    capacity = capacity_of(region, target.scalable_dimension)
    if capacity is None or target.minimum <= capacity <= target.maximum:
        return False
    is_below = capacity < target.minimum
    wanted = target.minimum if is_below else target.maximum
    cause = messages.scaling_cause_bound("minimum" if is_below else "maximum", wanted)
    return change_capacity(region, target.scalable_dimension, wanted, cause, now)
