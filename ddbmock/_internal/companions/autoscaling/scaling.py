"""The parts of Application Auto Scaling that are about DynamoDB."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING

from ddbmock._internal.companions import metrics as cloudwatch
from ddbmock._internal.companions.autoscaling import alarms
from ddbmock._internal.companions.autoscaling.errors import ScalingValidationError
from ddbmock._internal.companions.autoscaling.rows import ROWS
from ddbmock._internal.companions.autoscaling.schedules import next_time
from ddbmock._internal.companions.autoscaling.throughput import capacity_of, is_table_changing
from ddbmock._internal.companions.autoscaling.tracking import Tracking, limit_to_bounds
from ddbmock._internal.companions.metrics.catalog import MINUTE_SECONDS
from ddbmock._internal.companions.operations import Companion
from ddbmock._internal.companions.ownership import Ownership
from ddbmock._internal.engine.scaling import (
    NAMESPACE,
    SUCCESSFUL,
    ScalableDimension,
    ScalableTarget,
    ScalingActivity,
    ScalingPolicy,
    ScheduledAction,
    action_key,
    add_activity,
    put_policy,
    remove_policy,
    target_of,
)
from ddbmock._internal.messages import autoscaling as messages
from ddbmock._internal.messages.requests import validation_errors

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ddbmock._internal.companions.metrics import Metrics
    from ddbmock._internal.companions.operations import Parameters
    from ddbmock._internal.companions.problems import Problem
    from ddbmock._internal.engine.backend import Region
    from ddbmock._internal.service import Service

_POLICY_ARNS = ("arn:aws:autoscaling:", "arn:aws-cn:autoscaling:", "arn:aws-us-gov:autoscaling:")


def attach(service: Service) -> AutoScaling:
    """Return the service's Application Auto Scaling, which adds CloudWatch too."""
    scaling = AutoScaling(service, cloudwatch.attach(service))
    scaling.attach()
    return scaling


class AutoScaling(Companion):
    """Targets and policies of all regions of a mock, based on the alarms of its CloudWatch."""

    service_name = "application-autoscaling"
    rows = ROWS

    def __init__(self, service: Service, metrics: Metrics) -> None:
        super().__init__(service)
        self.metrics = metrics
        self.tracking: Tracking = Tracking(metrics)

    def attach(self) -> None:
        """Begin to execute policies when their alarms are in ALARM."""
        self.service.companions[self.service_name] = self
        self.backend.scaler = self
        for beginning in _POLICY_ARNS:
            self.metrics.action_handlers[beginning] = self.tracking.execute

    def ownership(self, region_name: str, operation_name: str, parameters: Parameters) -> Ownership:  # noqa: ARG002
        """Return the owner of a call: targets of other services are not this companion's."""
        arn = parameters.get("ResourceARN")
        if arn is not None:
            targets = self.backend.region(region_name).store.of(ScalableTarget).records
            with self.backend.lock:
                is_own = any(each.arn == arn for each in targets.values())
            return Ownership.OWN if is_own else Ownership.UNKNOWN
        # A request without a namespace, which every service needs, is refused here.
        is_own = parameters.get("ServiceNamespace", NAMESPACE) == NAMESPACE
        return Ownership.OWN if is_own else Ownership.OTHER

    def invalid_request(self, found: Sequence[Problem]) -> ScalingValidationError:
        """Return the error for a request that breaks the model's constraints."""
        return ScalingValidationError(validation_errors([problem.text for problem in found]))

    def reason_unsupported(self, operation_name: str, parameters: Parameters) -> str:  # noqa: ARG002
        """Return why a call is not supported."""
        return messages.scaling_of_other_services(parameters["ServiceNamespace"])

    def new_id(self) -> str:
        """Return an id like the service's."""
        return alarms.new_id(self.backend.random)

    def change_bounds(self, region: Region, target: ScalableTarget, now: float) -> None:
        """Change the bounds of a target, and its capacity at once if that is outside of them."""
        region.store.of(ScalableTarget).put(target.scalable_dimension.key, target)
        self._limit(region, target, now)

    def _limit(self, region: Region, target: ScalableTarget, now: float) -> None:
        dimension = target.scalable_dimension
        key = (self, f"{region.account_id} {region.name} bounds of {dimension.key}")
        if limit_to_bounds(region, target, now):
            self.tracking.follow_capacity(region, dimension, now)
        elif is_table_changing(region, dimension):
            self.backend.agenda.schedule(
                key, now + MINUTE_SECONDS, partial(self._limit_later, region, dimension)
            )
            return
        self.backend.agenda.cancel(key)

    def _limit_later(self, region: Region, dimension: ScalableDimension, due_at: float) -> None:
        target = target_of(region, dimension)
        if target is not None:
            with self.backend.clock.showing(due_at):
                self._limit(region, target, due_at)

    def change_policy(self, region: Region, policy: ScalingPolicy, now: float) -> None:
        """Add or change a policy, and create its alarms."""
        put_policy(region, policy)
        capacity = capacity_of(region, policy.scalable_dimension)
        if capacity is not None:
            alarms.replace_alarms(region, policy, capacity, now)
            self.metrics.schedule_evaluation()

    def remove_policy(self, region: Region, policy: ScalingPolicy, now: float) -> None:
        """Remove a policy with its alarms."""
        alarms.remove_alarms(region, policy, now)
        remove_policy(region, policy)

    # --- schedules ---------------------------------------------------------------------------

    def schedule(self, region: Region, action: ScheduledAction, after: float) -> None:
        """Schedule the next run of a scheduled action."""
        anchor = action.created_at if action.start is None else action.start
        if action.start is not None:
            after = max(after, action.start - 1)
        at = next_time(action.schedule, action.timezone, after, anchor)
        key = self._task_key(region, action.scalable_dimension, action.name)
        if at is None or (action.end is not None and at > action.end):
            self.backend.agenda.cancel(key)
        else:
            run = partial(
                self._run_scheduled, region, action_key(action.scalable_dimension, action.name)
            )
            self.backend.agenda.schedule(key, at, run)

    def unschedule(self, region: Region, dimension: ScalableDimension, name: str) -> None:
        """Cancel the runs of a scheduled action."""
        self.backend.agenda.cancel(self._task_key(region, dimension, name))

    def _task_key(
        self, region: Region, dimension: ScalableDimension, name: str
    ) -> tuple[object, str]:
        return (self, f"{region.account_id} {region.name} {action_key(dimension, name)}")

    def _run_scheduled(self, region: Region, key: str, due_at: float) -> None:
        action = region.store.of(ScheduledAction).records.get(key)
        target = None if action is None else target_of(region, action.scalable_dimension)
        if action is None or target is None:
            return
        if not target.is_suspended("ScheduledScalingSuspended"):
            minimum = action.bounds.get("MinCapacity", target.minimum)
            maximum = action.bounds.get("MaxCapacity", target.maximum)
            with self.backend.clock.showing(due_at):
                self._note_scheduled(region, action, due_at)
                changed = replace(target, minimum=minimum, maximum=maximum)
                self.change_bounds(region, changed, due_at)
        self.schedule(region, action, due_at)

    def _note_scheduled(self, region: Region, action: ScheduledAction, now: float) -> None:
        what = messages.scaling_bounds(action.bounds)
        activity = ScalingActivity(
            self.new_id(), action.resource_id, action.dimension, f"Setting {what}",
            messages.scaling_cause_scheduled(action.name), now, SUCCESSFUL,
            f"Successfully set {what}", has_end=False,
        )  # fmt: skip
        add_activity(region, activity)
