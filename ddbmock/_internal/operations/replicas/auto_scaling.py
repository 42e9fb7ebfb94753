"""The auto scaling of a global table's replicas: Application Auto Scaling through DynamoDB.

https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/globaltables-RWCU.html
"""

from __future__ import annotations

import uuid
from operator import attrgetter
from typing import TYPE_CHECKING, Any, NamedTuple

from ddbmock._internal.access.operation import Plane
from ddbmock._internal.engine import lifecycle
from ddbmock._internal.engine.scaling import READ, WRITE, ScalableDimension, policies_of, target_of
from ddbmock._internal.engine.settings import ON_DEMAND
from ddbmock._internal.errors import ResourceNotFoundError, ValidationError
from ddbmock._internal.messages import replicas as messages
from ddbmock._internal.operations.registry import operation
from ddbmock._internal.operations.replicas.descriptions import replica_status
from ddbmock._internal.operations.replicas.groups import region_of
from ddbmock._internal.operations.replicas.scaling import (
    default_policy_name,
    scale,
    stop_scaling,
    tracking,
)

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from ddbmock._internal.access.door import Door
    from ddbmock._internal.access.intent import Intent, Request, Response
    from ddbmock._internal.engine.backend import Region
    from ddbmock._internal.engine.global_tables import Replica

#: The parameters of a request with the scaling of each dimension.
_WRITES, _READS = (
    "ProvisionedWriteCapacityAutoScalingUpdate",
    "ReplicaProvisionedReadCapacityAutoScalingUpdate",
)
_INDEX_READS = "ProvisionedReadCapacityAutoScalingUpdate"
_INDEXES, _REPLICA_INDEXES = "GlobalSecondaryIndexUpdates", "ReplicaGlobalSecondaryIndexUpdates"
#: The service's names of the parameters in its error for on-demand tables.
_OLD_WRITES = "GlobalTableProvisionedWriteCapacityAutoScalingSettingsUpdate"
_OLD_READS = "ReplicaProvisionedReadCapacityAutoScalingSettingsUpdate"
#: The members that a new dimension requires, in the order of the service's message.
_NEEDED = ("MaximumUnits", "ScalingPolicyUpdate", "MinimumUnits")
#: The bounds of a target utilization for DynamoDB's metrics, and of any target.
_PERCENT_MIN, _PERCENT_MAX = 10.0, 90.0


@operation("DescribeTableReplicaAutoScaling", plane=Plane.CONTROL)
def describe_table_replica_auto_scaling(intent: Intent, door: Door) -> Response:
    """Return the auto scaling of all replicas of a global table.

    https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_DescribeTableReplicaAutoScaling.html
    """
    return _described(door.region, _find(intent, door))


@operation("UpdateTableReplicaAutoScaling", plane=Plane.CONTROL)
def update_table_replica_auto_scaling(intent: Intent, door: Door) -> Response:
    """Change the auto scaling of replicas: the writes of all, the reads of each.

    The response has the settings before the change.

    https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_UpdateTableReplicaAutoScaling.html
    """
    region, replica = door.region, _find(intent, door)
    _check_request(intent.request, replica)
    updates = list(_updates(region, replica, intent.request))
    for update in updates:
        _check(update, replica)
    before = _described(region, replica)
    for update in updates:
        _apply(update)
    return before


def _find(intent: Intent, door: Door) -> Replica:
    name = door.region.arns.table_name(intent.request["TableName"])
    table = door.region.tables.get(name)
    replica = None if table is None else door.region.backend.replicator.replicas.get(table)
    if replica is None:
        raise ResourceNotFoundError(messages.no_global_table(name))
    return replica


# --- changes -------------------------------------------------------------------------------------


class _Update(NamedTuple):
    """A change of one dimension in one region."""

    region: Region
    dimension: ScalableDimension
    members: Mapping[str, Any]


def _check_request(request: Request, replica: Replica) -> None:
    """Check that the request is not empty, and that its regions and indexes exist."""
    name = replica.table.name
    if not _says_any(request, _WRITES, _INDEXES, "ReplicaUpdates"):
        raise ValidationError(messages.scaling_without_update(name))
    regions: list[str] = []
    for update in request.get("ReplicaUpdates") or ():
        region_name = update["RegionName"]
        if region_name in regions:
            raise ValidationError(messages.scaling_of_regions_twice(name, [region_name]))
        regions.append(region_name)
        if not _says_any(update, _READS, _REPLICA_INDEXES):
            raise ValidationError(messages.scaling_without_update_in(name, region_name))
    foreign = [each for each in regions if each not in replica.group.region_names]
    if foreign:
        raise ResourceNotFoundError(messages.scaling_of_foreign_regions(name, foreign))
    _check_indexes(request, replica)


def _says_any(members: Mapping[str, Any], *names: str) -> bool:
    return any(members.get(name) is not None for name in names)


def _check_indexes(request: Request, replica: Replica) -> None:
    settings, now = replica.table.settings, replica.now
    known = [
        name
        for name in settings.indexes
        if lifecycle.of_index(settings, name, now, lifecycle.INDEX_CREATE) is None
    ]
    wanted = [update.get("IndexName") for update in request.get(_INDEXES) or ()]
    missing = [name for name in wanted if name not in known]
    if missing:
        text = messages.scaling_of_unknown_indexes(replica.table.name, missing)
        raise ResourceNotFoundError(text)
    for update in request.get("ReplicaUpdates") or ():
        for index in update.get(_REPLICA_INDEXES) or ():
            if index.get("IndexName") not in known:
                text = messages.scaling_of_unknown_index(
                    replica.table.name, index.get("IndexName"), update["RegionName"]
                )
                raise ResourceNotFoundError(text)


def _updates(region: Region, replica: Replica, request: Request) -> Iterator[_Update]:
    name = replica.table.name
    for member in replica.group.replicas:
        there = region_of(region, member)
        if request.get(_WRITES) is not None:
            yield _Update(there, ScalableDimension.of(name, WRITE), request[_WRITES])
        for index in request.get(_INDEXES) or ():
            if index.get(_WRITES) is not None:
                yield _Update(
                    there, ScalableDimension.of(name, WRITE, index["IndexName"]), index[_WRITES]
                )
    for update in request.get("ReplicaUpdates") or ():
        there = region.backend.region(update["RegionName"], region.account_id)
        if update.get(_READS) is not None:
            yield _Update(there, ScalableDimension.of(name, READ), update[_READS])
        for index in update.get(_REPLICA_INDEXES) or ():
            if index.get(_INDEX_READS) is not None:
                yield _Update(
                    there, ScalableDimension.of(name, READ, index["IndexName"]), index[_INDEX_READS]
                )


def _check(update: _Update, replica: Replica) -> None:
    """Check a change, first as DynamoDB does and then as Application Auto Scaling does."""
    table, members = replica.table, update.members
    if members.get("AutoScalingDisabled"):
        more = [name for name in (*_NEEDED, "AutoScalingRoleArn") if members.get(name) is not None]
        if more:
            raise ValidationError(messages.scaling_disabled_with_more(table.name, more))
        return
    policy = members.get("ScalingPolicyUpdate")
    given = {
        "MinimumUnits": members.get("MinimumUnits"),
        "MaximumUnits": members.get("MaximumUnits"),
        "ScalingPolicyUpdate": policy,
    }
    if target_of(update.region, update.dimension) is None:
        missing = [name for name in _NEEDED if given[name] is None]
        if missing:
            raise ValidationError(messages.scaling_incomplete(table.name, missing))
    if table.settings.billing_mode == ON_DEMAND:
        regions = sorted(name.upper() for name in replica.group.region_names)
        old_name = _OLD_WRITES if update.dimension.kind == WRITE else _OLD_READS
        raise ValidationError(messages.scaling_on_demand(table.name, regions, old_name))
    _check_values(update, policy)


def _check_values(update: _Update, policy: Mapping[str, Any] | None) -> None:
    minimum, maximum = _bounds(update)
    if minimum > maximum:
        raise _passed_through(update.region, messages.SCALING_BOUNDS_SWAPPED)
    if policy is None:
        return
    value = float(policy["TargetTrackingScalingPolicyConfiguration"]["TargetValue"])
    if value <= 0:
        raise _passed_through(update.region, messages.scaling_target_of_nothing(value))
    if not _PERCENT_MIN <= value <= _PERCENT_MAX:
        metric = f"DynamoDB{update.dimension.kind.title()}CapacityUtilization"
        raise _passed_through(update.region, messages.scaling_target_out_of_range(metric, value))


def _passed_through(region: Region, text: str) -> ValidationError:
    """Return an error of Application Auto Scaling as DynamoDB returns it."""
    request_id = str(uuid.UUID(int=region.backend.random.getrandbits(128), version=4))
    return ValidationError(messages.of_auto_scaling(text, request_id))


def _bounds(update: _Update) -> tuple[int, int]:
    """Return the minimum and maximum units after a change; by default those before it."""
    target = target_of(update.region, update.dimension)
    least, greatest = (0, 0) if target is None else (target.minimum, target.maximum)
    minimum, maximum = (update.members.get(name) for name in ("MinimumUnits", "MaximumUnits"))
    return (
        least if minimum is None else minimum,
        greatest if maximum is None else maximum,
    )


def _apply(update: _Update) -> None:
    region, dimension, members = update.region, update.dimension, update.members
    if members.get("AutoScalingDisabled"):
        stop_scaling(region, dimension)
        return
    given = members.get("ScalingPolicyUpdate")
    existing = policies_of(region, dimension)
    if given is None and existing:
        name, configuration = existing[0].name, existing[0].configuration
    elif given is None:
        name, configuration = (
            default_policy_name(dimension),
            tracking(dimension, {"TargetValue": 70.0}),
        )
    else:
        name = given.get("PolicyName") or default_policy_name(dimension)
        wanted = given["TargetTrackingScalingPolicyConfiguration"]
        configuration = tracking(
            dimension, {each: value for each, value in wanted.items() if value is not None}
        )
    role_arn = members.get("AutoScalingRoleArn")
    scale(region, dimension, _bounds(update), name, configuration, role_arn=role_arn)


# --- descriptions --------------------------------------------------------------------------------


def _described(region: Region, replica: Replica) -> Response:
    settings = replica.table.settings
    replicas = sorted(replica.group.replicas, key=attrgetter("region_name"))
    return {
        "TableAutoScalingDescription": {
            "TableName": replica.table.name,
            "TableStatus": lifecycle.table_status(settings, replica.now),
            "Replicas": [_replica(region_of(region, each), each) for each in replicas],
        }
    }


def _replica(region: Region, replica: Replica) -> Response:
    table, now = replica.table, replica.now
    return {
        "RegionName": replica.region_name,
        "GlobalSecondaryIndexes": list(_indexes(region, replica)),
        "ReplicaProvisionedReadCapacityAutoScalingSettings": _settings(region, replica, READ),
        "ReplicaProvisionedWriteCapacityAutoScalingSettings": _settings(region, replica, WRITE),
        "ReplicaStatus": replica_status(table.settings, now),
    }


def _indexes(region: Region, replica: Replica) -> Iterator[Response]:
    settings, now = replica.table.settings, replica.now
    for name in settings.indexes:
        if lifecycle.of_index(settings, name, now, lifecycle.INDEX_CREATE) is None:
            yield {
                "IndexName": name,
                "IndexStatus": lifecycle.ACTIVE,
                "ProvisionedReadCapacityAutoScalingSettings": _settings(
                    region, replica, READ, name
                ),
                "ProvisionedWriteCapacityAutoScalingSettings": _settings(
                    region, replica, WRITE, name
                ),
            }


def _settings(
    region: Region, replica: Replica, kind: str, index_name: str | None = None
) -> Response:
    dimension = ScalableDimension.of(replica.table.name, kind, index_name)
    target, policies = target_of(region, dimension), policies_of(region, dimension)
    if target is None or not policies:
        return {"AutoScalingDisabled": True, "ScalingPolicies": []}
    described: Response = {
        "MinimumUnits": target.minimum,
        "MaximumUnits": target.maximum,
        "AutoScalingRoleArn": target.role_arn,
        "ScalingPolicies": _policies(policies),
    }
    if replica.table.settings.billing_mode == ON_DEMAND:
        described["AutoScalingDisabled"] = True
    return described


def _policies(policies: Sequence[Any]) -> list[Response]:
    return [
        {
            "PolicyName": policy.name,
            "TargetTrackingScalingPolicyConfiguration": {
                name: value
                for name, value in policy.configuration.items()
                if name != "PredefinedMetricSpecification"
            },
        }
        for policy in policies
    ]
