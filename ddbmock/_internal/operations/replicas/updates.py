"""UpdateTable's replicas and witnesses: creation, change, deletion and disassociation.

Everything is checked before anything is changed.

https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/V2globaltables.tutorial.html
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ddbmock._internal import limits
from ddbmock._internal.engine import lifecycle
from ddbmock._internal.engine.settings import ON_DEMAND, PROVISIONED, Transition
from ddbmock._internal.errors import LimitExceededError, ValidationError
from ddbmock._internal.messages import replicas as messages
from ddbmock._internal.operations.replicas.creation import (
    begin_group,
    check_creation,
    create_replica,
    overridden,
)
from ddbmock._internal.operations.replicas.groups import (
    check_deletable,
    check_idle,
    region_of,
    replica_of,
)
from ddbmock._internal.operations.replicas.regions import STRONG_REGIONS, replica_regions
from ddbmock._internal.operations.tables.deletion import begin_deletion, finish_deletion
from ddbmock._internal.operations.tables.descriptions import describe
from ddbmock._internal.validation.replicas import STRONG, replica_actions, witness_action

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ddbmock._internal.access.door import Door
    from ddbmock._internal.access.intent import Request
    from ddbmock._internal.engine.backend import Region
    from ddbmock._internal.engine.global_tables import Replica
    from ddbmock._internal.engine.table import Table
    from ddbmock._internal.validation.replicas import ReplicaAction


Description = dict[str, Any]

#: How many further replicas and witnesses a global table with strong consistency has.
_STRONG_OTHERS = 2


def update_replicas(door: Door, table: Table, request: Request) -> Description:
    """Execute the replica actions of an UpdateTable, and return the TableDescription.

    It has the replicas before the change, which the service has only begun.
    """
    region = door.region
    actions, witness = replica_actions(request), witness_action(request)
    consistency = request.get("MultiRegionConsistency")
    _check_regions(region, actions)
    before = describe(region, table)
    if consistency == STRONG:
        _create_strong_group(door, table, actions, witness)
    else:
        if consistency is not None and replica_of(region, table) is not None:
            raise ValidationError(messages.CONSISTENCY_IS_FIXED)
        _do(door, table, actions, witness)
    after = describe(region, table)
    shown = ("Replicas", "GlobalTableWitnesses")
    return {
        **{name: value for name, value in after.items() if name not in shown},
        **_shown_before(before, after),
    }


def _shown_before(before: Description, after: Description) -> Description:
    names = ("Replicas", "GlobalTableWitnesses")
    shown: Description = {name: before[name] for name in names if name in before}
    if "Replicas" in after:
        shown.setdefault("Replicas", [])
    return shown


def _check_regions(region: Region, actions: Sequence[ReplicaAction]) -> None:
    known = replica_regions(region.name)
    for action in actions:
        if action.region_name not in known:
            text = messages.unsupported_replica_region(action.region_name, known)
            raise ValidationError(text)
        if action.kind == "Disassociate":
            continue
        if action.region_name == region.name:
            raise ValidationError(messages.REPLICA_LOCAL_REGION)


def _do(
    door: Door, table: Table, actions: Sequence[ReplicaAction], witness: ReplicaAction | None
) -> None:
    replica = replica_of(door.region, table)
    kinds = {action.kind for action in actions}
    if kinds == {"Disassociate"}:
        _disassociate(door.region, table, actions[0])
        return
    if replica is not None and replica.group.is_of_accounts:
        raise ValidationError(messages.REPLICAS_OF_ACCOUNTS)
    if replica is not None and replica.group.is_strong:
        _change_strong_group(door, replica, actions, witness)
        return
    if witness is not None:
        raise ValidationError(messages.not_a_witness(witness.region_name))
    if sum(action.kind in {"Create", "Delete"} for action in actions) > 1:
        raise ValidationError(messages.REPLICA_ACTIONS_SEVERAL)
    for action in actions:
        _check(door, table, action)
    for action in actions:
        _act(door, table, action)


def _check(door: Door, table: Table, action: ReplicaAction) -> None:
    region = door.region
    if action.kind == "Create":
        check_creation(door, table, action)
        return
    member = _member(replica_of(region, table), action)
    check_idle(region, table)
    if action.kind == "Delete":
        _check_not_protected(member)
        check_deletable(region, member)
    else:
        _check_overrides(region, member, action)


def _member(replica: Replica | None, action: ReplicaAction) -> Replica:
    """Return the replica of an action."""
    found = None if replica is None else replica.group.replica_in(action.region_name)
    if found is None:
        raise ValidationError(messages.not_a_replica(action.region_name))
    return found


def _act(door: Door, table: Table, action: ReplicaAction) -> None:
    region = door.region
    replica = replica_of(region, table)
    if action.kind == "Create":
        if replica is None:
            replica = begin_group(region, table, is_strong=False, witness=None)
        create_replica(door, replica, action)
    elif action.kind == "Delete":
        delete_replica(door, _member(replica, action))
    else:
        _override(door, _member(replica, action), action)
    _begin(door, table, lifecycle.CREATING if action.kind == "Create" else lifecycle.DELETING)


def _begin(door: Door, table: Table, witness_status: str) -> None:
    """Begin the UPDATING of the table, for as long as changes take."""
    until = door.region.backend.clock.seconds() + door.delay_seconds
    transition = Transition(lifecycle.REPLICAS, until, detail=witness_status)
    lifecycle.begin(door.region, table, table.settings, transition)


# --- Delete --------------------------------------------------------------------------------------


def _check_not_protected(replica: Replica) -> None:
    if replica.table.settings.deletion_protection:
        name = replica.table.name
        raise ValidationError(messages.replica_is_protected(name, replica.region_name))


def delete_replica(door: Door, replica: Replica) -> None:
    """Delete a replica with its table, at once or after it was DELETING."""
    region = region_of(door.region, replica)
    begin_deletion(region, replica.table)
    finish_deletion(region, replica.table, door.delay_seconds)


# --- Update --------------------------------------------------------------------------------------


def _check_overrides(region: Region, replica: Replica, action: ReplicaAction) -> None:
    members, settings = action.members, replica.table.settings
    if members.get("KMSMasterKeyId") is not None:
        raise ValidationError(messages.REPLICA_KEY_REQUIRED)
    for each in (members, *(members.get("GlobalSecondaryIndexes") or ())):
        if settings.billing_mode == ON_DEMAND and each.get("ProvisionedThroughputOverride"):
            raise ValidationError(messages.REPLICA_UNITS_FORBIDDEN)
        if settings.billing_mode == PROVISIONED and each.get("OnDemandThroughputOverride"):
            raise ValidationError(messages.REPLICA_MAXIMUM_WITHOUT_ON_DEMAND)
    wanted = members.get("TableClassOverride")
    if wanted is not None:
        since = region.backend.clock.seconds() - limits.TABLE_CLASS_CHANGES_PERIOD_SECONDS
        recent = [at for at in settings.table_class_changes if at > since]
        if len(recent) >= limits.TABLE_CLASS_CHANGES_MAX:
            text = messages.too_many_replica_class_changes(replica.region_name)
            raise LimitExceededError(text)


def _override(door: Door, replica: Replica, action: ReplicaAction) -> None:
    region = region_of(door.region, replica)
    now = region.backend.clock.seconds()
    settings = overridden(replica.table.settings, action.members, now)
    transition = Transition(lifecycle.OVERRIDES, now + door.delay_seconds)
    lifecycle.begin(region, replica.table, settings, transition)


# --- Disassociate --------------------------------------------------------------------------------


def _disassociate(region: Region, table: Table, action: ReplicaAction) -> None:
    """Make a replica an independent table, after delivering the writes of the others.

    https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_DisassociateReplicationGroupMemberAction.html
    """
    replica = replica_of(region, table)
    if replica is None:
        raise ValidationError(messages.not_a_replica(action.region_name))
    if action.region_name != region.name:
        raise ValidationError(messages.DISASSOCIATION_OF_ANOTHER_REGION)
    if replica.group.is_strong:
        raise ValidationError(messages.DISASSOCIATION_OF_STRONG)
    if table.settings.disassociation_protection is not False:
        raise ValidationError(messages.DISASSOCIATION_PROTECTED)
    check_idle(region, table)
    region.backend.replicator.finish(replica)
    region.backend.replicator.remove(replica)


# --- groups with strong consistency --------------------------------------------------------------


def _create_strong_group(
    door: Door, table: Table, actions: Sequence[ReplicaAction], witness: ReplicaAction | None
) -> None:
    """Add all replicas, and the witness, of a group at once."""
    region = door.region
    _check_strong_regions(region, actions, witness)
    if replica_of(region, table) is not None:
        raise ValidationError(messages.CONSISTENCY_IS_FIXED)
    if region.name not in STRONG_REGIONS:
        raise ValidationError(messages.unsupported_strong_regions([region.name]))
    _check_strong_table(table)
    for action in actions:
        check_creation(door, table, action)
    replica = begin_group(
        region, table, is_strong=True, witness=None if witness is None else witness.region_name
    )
    for action in actions:
        create_replica(door, replica, action)
    _begin(door, table, lifecycle.CREATING)


def _check_strong_regions(
    region: Region, actions: Sequence[ReplicaAction], witness: ReplicaAction | None
) -> None:
    """Check the regions of a new group: two others than that of the table."""
    if witness is not None and witness.kind != "Create":
        raise ValidationError(messages.not_a_witness(witness.region_name))
    names = [action.region_name for action in actions]
    if witness is not None:
        names.append(witness.region_name)
    if len(names) != _STRONG_OTHERS:
        raise ValidationError(messages.STRONG_REPLICA_COUNT)
    unsupported = [name for name in dict.fromkeys(names) if name not in STRONG_REGIONS]
    if unsupported:
        raise ValidationError(messages.unsupported_strong_regions(unsupported))
    if len(set(names)) < len(names):
        raise ValidationError(messages.REGION_TWICE)
    if witness is not None and witness.region_name == region.name:
        raise ValidationError(messages.WITNESS_IN_LOCAL_REGION)


def _check_strong_table(table: Table) -> None:
    if table.items:
        raise ValidationError(messages.STRONG_NEEDS_EMPTY_TABLE)
    if table.has_local_indexes:
        raise ValidationError(messages.STRONG_WITHOUT_LOCAL_INDEXES)
    time_to_live = table.settings.time_to_live
    if time_to_live is not None and time_to_live.enabled:
        raise ValidationError(messages.STRONG_WITHOUT_TTL)


def _change_strong_group(
    door: Door, replica: Replica, actions: Sequence[ReplicaAction], witness: ReplicaAction | None
) -> None:
    """Delete all other replicas and the witness, the only possible change of such a group."""
    region, group = door.region, replica.group
    kinds = {action.kind for action in actions}
    if "Create" in kinds:
        raise ValidationError(messages.STRONG_IS_COMPLETE)
    members = [_member(replica, action) for action in actions]
    if kinds == {"Update"}:
        for action in actions:
            _check(door, replica.table, action)
        for action, member in zip(actions, members, strict=True):
            _override(door, member, action)
        _begin(door, replica.table, lifecycle.ACTIVE)
        return
    if witness is not None and witness.region_name != group.witness:
        raise ValidationError(messages.not_a_witness(witness.region_name))
    if group.witness is not None and witness is None:
        raise ValidationError(messages.STRONG_WITNESS_STAYS)
    if {member.region_name for member in members} != {each.region_name for each in replica.others}:
        raise ValidationError(messages.STRONG_PARTIAL_DELETION)
    check_idle(region, replica.table)
    for member in members:
        _check_not_protected(member)
    for member in members:
        delete_replica(door, member)
    _begin(door, replica.table, lifecycle.DELETING)
