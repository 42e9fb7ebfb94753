"""The rules of UpdateTable's replicas and witnesses that need no table.

https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_UpdateTable.html
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from ddbmock._internal.errors import ValidationError
from ddbmock._internal.messages import replicas as messages

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    Request = Mapping[str, Any]

STRONG = "STRONG"
#: The members that are about replicas.
OF_REPLICAS = frozenset({"ReplicaUpdates", "GlobalTableWitnessUpdates", "MultiRegionConsistency"})
_KINDS = ("Create", "Update", "Delete", "Disassociate")
#: The members of an action, apart from names, that override settings of a replica or its index.
_OVERRIDES = (
    "KMSMasterKeyId",
    "ProvisionedThroughputOverride",
    "OnDemandThroughputOverride",
    "GlobalSecondaryIndexes",
    "TableClassOverride",
)


class ReplicaAction(NamedTuple):
    """An action on the replica in a region: Create, Update, Delete or Disassociate."""

    kind: str
    region_name: str
    members: Mapping[str, Any]


def check_replica_updates(request: Request) -> None:
    """Raise ValidationError for the first rule that the replicas of an UpdateTable break.

    >>> check_replica_updates({"ReplicaUpdates": [{"Create": {"RegionName": "eu-west-1"}}]})
    """
    actions = replica_actions(request)
    witness = witness_action(request)
    if witness is not None:
        _check_alone_with_witness(request)
        if request.get("MultiRegionConsistency") != STRONG and witness.kind == "Create":
            raise ValidationError(messages.WITNESS_NEEDS_STRONG)
    if not is_for_strong_group(request):
        _check_one(actions)
    is_about_consistency = request.get("MultiRegionConsistency") is not None
    if is_about_consistency and any(action.kind != "Create" for action in actions):
        raise ValidationError(messages.STRONG_CREATES_ONLY)
    if any(action.kind == "Disassociate" for action in actions) and len(actions) > 1:
        raise ValidationError(messages.DISASSOCIATION_ALONE)


def is_for_strong_group(request: Request) -> bool:
    """Return whether a request changes a complete group, with several actions at once."""
    return (
        request.get("MultiRegionConsistency") == STRONG
        or witness_action(request) is not None
        or _deletes_several(request)
    )


def _deletes_several(request: Request) -> bool:
    actions = replica_actions(request)
    return len(actions) > 1 and all(action.kind == "Delete" for action in actions)


def replica_actions(request: Request) -> list[ReplicaAction]:
    """Return the replica actions of a request, of equal ones the first.

    >>> replica_actions({"ReplicaUpdates": [{"Delete": {"RegionName": "eu-west-1"}}]})[0].kind
    'Delete'

    Raises:
        ValidationError: An entry has no action, several, or an empty one.
    """
    found: list[ReplicaAction] = []
    for update in request.get("ReplicaUpdates") or ():
        kinds = [kind for kind in _KINDS if update.get(kind) is not None]
        if len(kinds) > 1:
            raise ValidationError(messages.REPLICA_ACTIONS_OF_SEVERAL_KINDS)
        if not kinds or (kinds == ["Update"] and not _has_overrides(update["Update"])):
            raise ValidationError(messages.REPLICA_ACTION_MISSING)
        members = update[kinds[0]]
        if members.get("RegionName") is None:
            raise ValidationError(messages.REPLICA_WITHOUT_REGION)
        action = ReplicaAction(kinds[0], members["RegionName"], members)
        if action not in found:
            found.append(action)
    return found


def _has_overrides(members: Mapping[str, Any]) -> bool:
    if not any(members.get(name) is not None for name in _OVERRIDES):
        return False
    return all(
        any(index.get(name) is not None for name in _OVERRIDES)
        for index in members.get("GlobalSecondaryIndexes") or ()
    )


def witness_action(request: Request) -> ReplicaAction | None:
    """Return the action on a witness; None for none, or for one without a region."""
    return next(_witness_actions(request), None)


def _witness_actions(request: Request) -> Iterator[ReplicaAction]:
    for update in request.get("GlobalTableWitnessUpdates") or ():
        for kind in ("Create", "Delete"):
            members = update.get(kind)
            if members is not None and members.get("RegionName"):
                yield ReplicaAction(kind, members["RegionName"], members)


def _check_one(actions: list[ReplicaAction]) -> None:
    if sum(action.kind in {"Create", "Delete"} for action in actions) > 1:
        raise ValidationError(messages.REPLICA_ACTIONS_SEVERAL)


def _check_alone_with_witness(request: Request) -> None:
    others = request.keys() - OF_REPLICAS - {"TableName"}
    if any(request[name] is not None for name in others):
        raise ValidationError(messages.REPLICAS_WITH_OTHER_FIELDS)
