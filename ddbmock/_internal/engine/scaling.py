"""Application Auto Scaling: scalable targets, policies, scheduled actions and activities.

They are records of a region's store. The backend's `Scaler`, if it has one, scales by them; without
one, the records are stored and described only.
"""

from __future__ import annotations

import uuid
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, NamedTuple, Protocol

from ddbmock._internal.arns import partition_of
from ddbmock._internal.times import timestamp

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ddbmock._internal.engine.backend import Region

NAMESPACE = "dynamodb"
#: The suspension members of a target.
_SUSPENSIONS = (
    "DynamicScalingInSuspended",
    "DynamicScalingOutSuspended",
    "ScheduledScalingSuspended",
)


READ, WRITE = "read", "write"
_ROLE = (
    "role/aws-service-role/dynamodb.application-autoscaling.amazonaws.com/"
    "AWSServiceRoleForApplicationAutoScaling_DynamoDBTable"
)


class ScalableDimension(NamedTuple):
    """A scalable dimension of a resource: the reads or the writes of a table or an index."""

    #: `table/NAME` or `table/NAME/index/NAME`.
    resource_id: str
    #: Such as `dynamodb:table:ReadCapacityUnits`.
    name: str

    @classmethod
    def of(cls, table_name: str, kind: str, index_name: str | None = None) -> ScalableDimension:
        """Return the dimension of a table's or an index's reads or writes.

        >>> ScalableDimension.of("orders", "write", "by-state").resource_id
        'table/orders/index/by-state'
        """
        what, suffix = ("table", "") if index_name is None else ("index", f"/index/{index_name}")
        return cls(f"table/{table_name}{suffix}", f"dynamodb:{what}:{kind.title()}CapacityUnits")

    @property
    def key(self) -> str:
        """The key of its target."""
        return f"{self.resource_id}|{self.name}"

    @property
    def table_name(self) -> str:
        """The name of the table."""
        return self.resource_id.split("/")[1]

    @property
    def index_name(self) -> str | None:
        """The name of the index, None for the table itself."""
        return self.resource_id.partition("/index/")[2] or None

    @property
    def kind(self) -> str:
        """`read` or `write`.

        >>> ScalableDimension("table/t", "dynamodb:table:ReadCapacityUnits").kind
        'read'
        """
        return "read" if self.name.endswith("ReadCapacityUnits") else "write"

    def members(self) -> dict[str, str]:
        """Return the members that identify it in requests and responses."""
        return {
            "ServiceNamespace": NAMESPACE,
            "ResourceId": self.resource_id,
            "ScalableDimension": self.name,
        }


@dataclass(frozen=True, slots=True)
class ScalableTarget:
    """A scalable target: a resource and dimension with a minimum and a maximum capacity."""

    resource_id: str
    dimension: str
    arn: str
    role_arn: str
    minimum: int
    maximum: int
    created_at: float
    suspended: Mapping[str, bool] = field(default_factory=dict)
    tags: Mapping[str, str] = field(default_factory=dict)

    @property
    def scalable_dimension(self) -> ScalableDimension:
        """The resource and dimension."""
        return ScalableDimension(self.resource_id, self.dimension)

    def is_suspended(self, member: str) -> bool:
        """Return whether one kind of scaling is suspended."""
        return self.suspended.get(member, False)

    def clamped(self, capacity: int) -> int:
        """Return the capacity, limited to the bounds."""
        return max(self.minimum, min(self.maximum, capacity))

    def described(self) -> dict[str, Any]:
        """Return the target as DescribeScalableTargets has it."""
        return {
            **self.scalable_dimension.members(),
            "MinCapacity": self.minimum,
            "MaxCapacity": self.maximum,
            "RoleARN": self.role_arn,
            "CreationTime": timestamp(self.created_at),
            "SuspendedState": {name: self.is_suspended(name) for name in _SUSPENSIONS},
            "ScalableTargetARN": self.arn,
        }


@dataclass(frozen=True, slots=True)
class ScalingPolicy:
    """A target-tracking policy, with its alarms and last activities."""

    name: str
    resource_id: str
    dimension: str
    arn: str
    #: The id that the actions of its alarms have.
    created_by: str
    configuration: Mapping[str, Any]
    created_at: float
    #: The names and ARNs of its alarms.
    alarms: tuple[tuple[str, str], ...] = ()
    #: The last scale-out since the last scale-in: its time and capacity, or None.
    scaled_out_at: float | None = None
    scaled_out_to: int = 0
    scaled_in_at: float | None = None

    @property
    def scalable_dimension(self) -> ScalableDimension:
        """The resource and dimension."""
        return ScalableDimension(self.resource_id, self.dimension)

    @property
    def target_value(self) -> float:
        """The target utilization, in percent."""
        return float(self.configuration["TargetValue"])

    @property
    def action(self) -> str:
        """The ARN that its alarms execute."""
        return f"{self.arn}:createdBy/{self.created_by}"

    def cooldown(self, direction: str) -> float:
        """Return the `ScaleOut` or `ScaleIn` cooldown in seconds; none by default for DynamoDB."""
        return float(self.configuration.get(f"{direction}Cooldown", 0))

    def described(self) -> dict[str, Any]:
        """Return the policy as DescribeScalingPolicies has it."""
        return {
            "PolicyARN": self.arn,
            "PolicyName": self.name,
            **self.scalable_dimension.members(),
            "PolicyType": "TargetTrackingScaling",
            "TargetTrackingScalingPolicyConfiguration": dict(self.configuration),
            "Alarms": self.described_alarms(),
            "CreationTime": timestamp(self.created_at),
        }

    def described_alarms(self) -> list[dict[str, str]]:
        """Return its alarms as responses have them."""
        return [{"AlarmName": name, "AlarmARN": arn} for name, arn in self.alarms]


@dataclass(frozen=True, slots=True)
class ScheduledAction:
    """A scheduled action: new bounds of a target at certain times."""

    name: str
    resource_id: str
    dimension: str
    arn: str
    schedule: str
    timezone: str
    #: `MinCapacity` and `MaxCapacity`, or one of them.
    bounds: Mapping[str, int]
    created_at: float
    start: float | None = None
    end: float | None = None

    @property
    def scalable_dimension(self) -> ScalableDimension:
        """The resource and dimension."""
        return ScalableDimension(self.resource_id, self.dimension)

    def described(self) -> dict[str, Any]:
        """Return the action as DescribeScheduledActions has it."""
        described = {
            "ScheduledActionName": self.name,
            "ScheduledActionARN": self.arn,
            "ServiceNamespace": NAMESPACE,
            "Schedule": self.schedule,
            "Timezone": self.timezone,
            "ResourceId": self.resource_id,
            "ScalableDimension": self.dimension,
            "ScalableTargetAction": dict(self.bounds),
            "CreationTime": timestamp(self.created_at),
        }
        for name, at in (("StartTime", self.start), ("EndTime", self.end)):
            if at is not None:
                described[name] = timestamp(at)
        return described


#: The statuses of activities.
SUCCESSFUL, FAILED, IN_PROGRESS = "Successful", "Failed", "InProgress"


@dataclass(frozen=True, slots=True)
class ScalingActivity:
    """A scaling activity, or an attempt at one."""

    activity_id: str
    resource_id: str
    dimension: str
    description: str
    cause: str
    at: float
    #: `Successful` or `Failed`.
    status: str
    message: str
    not_scaled: Mapping[str, Any] | None = None
    #: Until when it is in progress, with the message until then.
    until: float = 0.0
    waiting: str = ""
    has_end: bool = True

    def described(self, now: float) -> dict[str, Any]:
        """Return the activity as DescribeScalingActivities has it."""
        is_waiting = now < self.until
        described: dict[str, Any] = {
            "ActivityId": self.activity_id,
            **ScalableDimension(self.resource_id, self.dimension).members(),
            "Description": self.description,
            "Cause": self.cause,
            "StartTime": timestamp(self.at),
            "StatusCode": IN_PROGRESS if is_waiting else self.status,
        }
        if self.has_end and not is_waiting:
            described["EndTime"] = timestamp(max(self.at, self.until))
        if self.message:
            described["StatusMessage"] = self.waiting if is_waiting else self.message
        if self.not_scaled is not None:
            described["NotScaledReasons"] = [dict(self.not_scaled)]
        return described


class Scaler(Protocol):
    """Executes targets, policies and scheduled actions."""

    def change_bounds(self, region: Region, target: ScalableTarget, now: float) -> None:
        """Add a target or change its bounds."""

    def change_policy(self, region: Region, policy: ScalingPolicy, now: float) -> None:
        """Add a policy, or change the one of its name."""

    def remove_policy(self, region: Region, policy: ScalingPolicy, now: float) -> None:
        """Remove a policy."""

    def schedule(self, region: Region, action: ScheduledAction, after: float) -> None:
        """Schedule the next execution of a scheduled action."""


def new_target(
    region: Region,
    dimension: ScalableDimension,
    minimum: int,
    maximum: int,
    role_arn: str | None = None,
) -> ScalableTarget:
    """Return a new target, not yet registered; by default with the service-linked role."""
    backend = region.backend
    random_part = f"{backend.random.getrandbits(128):032x}"
    arn = region.arns.resource(f"scalable-target/0ec5{random_part}", "application-autoscaling")
    if role_arn is None:
        role_arn = f"arn:{partition_of(region.name)[0]}:iam::{region.account_id}:{_ROLE}"
    return ScalableTarget(*dimension, arn, role_arn, minimum, maximum, backend.clock.seconds())


def new_policy(
    region: Region, dimension: ScalableDimension, name: str, configuration: Mapping[str, Any]
) -> ScalingPolicy:
    """Return a new policy, not yet put."""
    backend = region.backend
    policy_id, created_by = (
        str(uuid.UUID(int=backend.random.getrandbits(128), version=4)) for _ in range(2)
    )
    resource = f"resource/dynamodb/{dimension.resource_id}:policyName/{name}"
    arn = region.arns.resource(f"scalingPolicy:{policy_id}:{resource}", "autoscaling")
    now = backend.clock.seconds()
    return ScalingPolicy(name, *dimension, arn, created_by, configuration, now)


def is_scaled(region: Region, dimension: ScalableDimension) -> bool:
    """Return whether a dimension has a target with a policy."""
    return target_of(region, dimension) is not None and bool(policies_of(region, dimension))


def target_of(region: Region, dimension: ScalableDimension) -> ScalableTarget | None:
    """Return the target of a dimension, None when none is registered."""
    return region.store.of(ScalableTarget, in_order=True).records.get(dimension.key)


def policies_of(region: Region, dimension: ScalableDimension | None = None) -> list[ScalingPolicy]:
    """Return the policies of a dimension, or of all."""
    policies = region.store.of(ScalingPolicy, in_order=True).records.values()
    return [policy for policy in policies if dimension in {None, policy.scalable_dimension}]


def put_policy(region: Region, policy: ScalingPolicy) -> None:
    """Add or replace a policy."""
    region.store.of(ScalingPolicy).put(f"{policy.scalable_dimension.key}|{policy.name}", policy)


def remove_policy(region: Region, policy: ScalingPolicy) -> None:
    """Remove a policy."""
    region.store.of(ScalingPolicy).remove(f"{policy.scalable_dimension.key}|{policy.name}")


def scheduled_actions_of(
    region: Region, dimension: ScalableDimension | None = None
) -> list[ScheduledAction]:
    """Return the scheduled actions of a dimension, or of all."""
    actions = region.store.of(ScheduledAction, in_order=True).records.values()
    return [action for action in actions if dimension in {None, action.scalable_dimension}]


def action_key(dimension: ScalableDimension, name: str) -> str:
    """Return the key of a scheduled action."""
    return f"{dimension.key}|{name}"


def activities_of(region: Region) -> list[ScalingActivity]:
    """Return the activities, the oldest first."""
    return list(region.store.of(ScalingActivity).records.values())


def add_activity(region: Region, activity: ScalingActivity) -> None:
    """Add an activity, unless it repeats the last one of its dimension that failed."""
    activities = region.store.of(ScalingActivity)
    dimension = activity.resource_id, activity.dimension
    last = next(
        (
            each
            for each in reversed(activities.records.values())  # type: ignore[call-overload]
            if (each.resource_id, each.dimension) == dimension
        ),
        None,
    )
    if last is not None and (activity.status == "Failed" or activity.not_scaled is not None):
        said = last.status, last.message, last.not_scaled, last.description
        if said == (activity.status, activity.message, activity.not_scaled, activity.description):
            return
    activities.put(f"{len(activities.records):012}", activity)
