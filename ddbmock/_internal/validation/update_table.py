"""The rules of an UpdateTable request that the service checks before it looks up the table.

An UpdateTable changes one aspect at a time: the rules are about which parameters may be combined.
What depends on the table (its billing mode, its indexes, changes in progress) is not checked here.

https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_UpdateTable.html
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ddbmock._internal.errors import InternalFailureError, ValidationError
from ddbmock._internal.messages import requests as request_messages
from ddbmock._internal.messages import tables as table_messages
from ddbmock._internal.messages import vectors as vector_messages
from ddbmock._internal.validation.indexes import check_global_key, check_projection
from ddbmock._internal.validation.replicas import check_replica_updates, witness_action
from ddbmock._internal.validation.settings import check_encryption, check_table_class
from ddbmock._internal.validation.throughput import ON_DEMAND, PROVISIONED, check_units

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    Request = Mapping[str, Any]
    Action = Mapping[str, Any]

_CONCERNS = (
    "ProvisionedThroughput",
    "BillingMode",
    "StreamSpecification",
    "GlobalSecondaryIndexUpdates",
    "VectorIndexUpdates",
    "SSESpecification",
    "DeletionProtectionEnabled",
    "OnDemandThroughput",
    "WarmThroughput",
    "TableClass",
    "ReplicaUpdates",
    "GlobalTableSettingsReplicationMode",
    "DisassociationProtectionEnabled",
)
#: Parameters that must be given alone, in the order in which the service names them.
_ALONE = (
    ("SSESpecification", "Server-Side Encryption"),
    ("TableClass", "TableClass"),
    ("DeletionProtectionEnabled", "DeletionProtection"),
)
_INDEX_UPDATES = {"GlobalSecondaryIndexUpdates", "VectorIndexUpdates"}
_ACTIONS = ("Update", "Create", "Delete")
_ON_DEMAND_NAMES = ("MaxReadRequestUnits", "MaxWriteRequestUnits")
#: Removes a maximum.
_UNLIMITED = -1
#: Alone, the service fails at them when they are empty; otherwise it ignores them: observed.
_IGNORED_IF_EMPTY = {"OnDemandThroughput", "WarmThroughput"}


def check_update_table(request: Request) -> None:
    """Raise ValidationError for the first rule that an UpdateTable request breaks.

    >>> check_update_table({"TableName": "orders", "TableClass": "STANDARD"})
    """
    given = _given(request)
    if not given:
        sent = [name for name, value in request.items() if value]
        raise ValidationError(table_messages.nothing_to_update(sent))
    given = [name for name in given if request[name] or name not in _IGNORED_IF_EMPTY]
    if not given:
        raise InternalFailureError("")
    if request.get("GlobalSecondaryIndexUpdates") == []:
        raise ValidationError(request_messages.empty_list("GlobalSecondaryIndexUpdates"))
    _check_warm_throughputs(request)
    if witness_action(request) is None:
        _check_alone(given)
    actions = list(index_actions(request))
    kinds = {kind for kind, _ in [*actions, *vector_index_actions(request)]}
    _check_combinations(request, given, kinds)
    _check_stream(request.get("StreamSpecification"))
    _check_billing(request)
    _check_actions(actions, request)
    check_encryption(request.get("SSESpecification"))
    check_table_class(request.get("TableClass"))
    _check_maxima(request.get("OnDemandThroughput"))
    if "ReplicaUpdates" in given:
        check_replica_updates(request)


def _given(request: Request) -> list[str]:
    """Return what a request is to change; throughput without members counts if it is alone."""
    given = [name for name in _CONCERNS if _is_given(request, name)]
    empty = {
        name
        for name in ("OnDemandThroughput", "WarmThroughput")
        if name in given and all(units is None for units in request[name].values())
    }
    return [name for name in given if name not in empty] or given


def _check_warm_throughputs(request: Request) -> None:
    """Refuse an empty warm throughput of an index, before anything else."""
    for update in request.get("GlobalSecondaryIndexUpdates") or ():
        action = update.get("Update") or {}
        warm = action.get("WarmThroughput")
        if warm is not None and all(units is None for units in warm.values()):
            text = table_messages.index_warm_throughput_empty(action["IndexName"])
            raise ValidationError(text)


def _is_given(request: Request, name: str) -> bool:
    value = request.get(name)
    return value is not None and (name not in _INDEX_UPDATES or value != [])


def index_actions(request: Request) -> Iterator[tuple[str, Action]]:
    """Yield each index action of a request with its kind: Update, Create or Delete.

    >>> list(index_actions({"GlobalSecondaryIndexUpdates": [{"Delete": {"IndexName": "old"}}]}))
    [('Delete', {'IndexName': 'old'})]

    Raises:
        ValidationError: An entry has no action or several.
    """
    for update in request.get("GlobalSecondaryIndexUpdates") or ():
        kinds = [kind for kind in _ACTIONS if update.get(kind) is not None]
        if not kinds:
            raise ValidationError(table_messages.INDEX_ACTION_MISSING)
        if len(kinds) > 1:
            raise ValidationError(table_messages.INDEX_ACTIONS_SEVERAL)
        yield kinds[0], update[kinds[0]]


def vector_index_actions(request: Request) -> Iterator[tuple[str, Action]]:
    """Yield each action on a vector index with its kind: Create or Delete.

    Raises:
        ValidationError: An entry has no action or both.
    """
    for update in request.get("VectorIndexUpdates") or ():
        kinds = [kind for kind in ("Create", "Delete") if update.get(kind) is not None]
        if not kinds:
            raise ValidationError(vector_messages.VECTOR_ACTION_MISSING)
        if len(kinds) > 1:
            raise ValidationError(vector_messages.VECTOR_ACTIONS_SEVERAL)
        yield kinds[0], update[kinds[0]]


def _check_alone(given: list[str]) -> None:
    for name, concern in _ALONE:
        if name in given and len(given) > 1:
            raise ValidationError(table_messages.alone_in_request(concern))
    if "ReplicaUpdates" in given and len(given) > 1:
        raise ValidationError(table_messages.alone_in_request("Replica"))
    for name in ("DisassociationProtectionEnabled", "GlobalTableSettingsReplicationMode"):
        if name in given and len(given) > 1:
            raise ValidationError(table_messages.alone_in_request(name))
    if "OnDemandThroughput" in given:
        allowed = {"BillingMode", "OnDemandThroughput", "GlobalSecondaryIndexUpdates"}
        if not allowed.issuperset(given):
            raise ValidationError(table_messages.ON_DEMAND_WITH_BILLING_ONLY)


def _check_combinations(request: Request, given: list[str], kinds: set[str]) -> None:
    if "WarmThroughput" in given:
        if "Create" in kinds:
            raise ValidationError(table_messages.WARM_WITHOUT_NEW_INDEX)
        if not {"WarmThroughput", "GlobalSecondaryIndexUpdates"}.issuperset(given):
            raise ValidationError(table_messages.WARM_ALONE)
    changes_units = "ProvisionedThroughput" in given
    changes_indexes = bool(kinds & {"Create", "Delete"})
    if "StreamSpecification" in given:
        if changes_units or request.get("BillingMode") == PROVISIONED:
            raise ValidationError(table_messages.STREAM_WITH_UNITS)
        if changes_indexes:
            raise ValidationError(table_messages.INDEX_WITH_STREAM)
    if changes_units and changes_indexes:
        raise ValidationError(table_messages.INDEX_WITH_UNITS)


def _check_stream(specification: Mapping[str, Any] | None) -> None:
    if specification is None:
        return
    has_view_type = specification.get("StreamViewType") is not None
    if specification["StreamEnabled"] and not has_view_type:
        raise ValidationError(table_messages.NEW_STREAM_WITHOUT_VIEW_TYPE)
    if not specification["StreamEnabled"] and has_view_type:
        raise ValidationError(table_messages.OLD_STREAM_WITH_VIEW_TYPE)


def _check_billing(request: Request) -> None:
    throughput = request.get("ProvisionedThroughput")
    billing_mode = request.get("BillingMode")
    if billing_mode == PROVISIONED and throughput is None:
        raise ValidationError(table_messages.UNITS_REQUIRED_TO_PROVISION)
    if billing_mode == ON_DEMAND and throughput is not None:
        raise ValidationError(table_messages.UNITS_FORBIDDEN_ON_DEMAND)
    if throughput is not None:
        check_units(throughput)


def _check_actions(actions: list[tuple[str, Action]], request: Request) -> None:
    seen = set()
    for kind, action in actions:
        name = action["IndexName"]
        if name in seen:
            raise ValidationError(table_messages.one_action_an_index(name))
        seen.add(name)
        if kind != "Delete":
            _check_throughputs(name, action, request)
        if kind == "Create":
            if not request.get("AttributeDefinitions"):
                raise ValidationError(table_messages.index_without_definitions(name))
            check_global_key(action["KeySchema"])
            check_projection(action["Projection"])


def _check_throughputs(index_name: str, action: Action, request: Request) -> None:
    throughput = action.get("ProvisionedThroughput")
    if throughput is not None:
        if request.get("BillingMode") == ON_DEMAND:
            raise ValidationError(table_messages.index_units_forbidden(index_name))
        check_units(throughput, index_name)
    _check_maxima(action.get("OnDemandThroughput"), index_name)


def _check_maxima(maxima: Mapping[str, int] | None, index_name: str | None = None) -> None:
    for name in _ON_DEMAND_NAMES:
        units = (maxima or {}).get(name)
        if units is not None and units < 1 and units != _UNLIMITED:
            raise ValidationError(request_messages.on_demand_out_of_range(name, index_name))
