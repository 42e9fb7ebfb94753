"""UpdateTable's index updates, of any kind: one index created or deleted at a time.

A new index is backfilled from the existing items. It can be read when it is ACTIVE.

https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/GSI.OnlineOps.html
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from ddbmock._internal import limits
from ddbmock._internal.engine import lifecycle
from ddbmock._internal.engine.settings import ON_DEMAND, IndexSettings
from ddbmock._internal.errors import LimitExceededError, ResourceNotFoundError, ValidationError
from ddbmock._internal.messages import requests as request_messages
from ddbmock._internal.messages import tables as table_messages
from ddbmock._internal.operations.tables import quotas, states
from ddbmock._internal.operations.tables.tables import (
    attribute_types,
    index_of,
    index_settings_of,
    maxima_of,
    throughput_of,
)
from ddbmock._internal.operations.tables.throughput_changes import (
    changed_maxima,
    changed_units,
    raised_warm_throughput,
)
from ddbmock._internal.operations.tables.vector_indexes import (
    change_vector_index,
    check_vector_target,
    search_types,
)
from ddbmock._internal.validation.indexes import attribute_names
from ddbmock._internal.validation.throughput import check_warm_throughput
from ddbmock._internal.validation.update_table import index_actions, vector_index_actions

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ddbmock._internal.engine.index import Index
    from ddbmock._internal.engine.keys import KeySchema
    from ddbmock._internal.operations.tables.transitions import TableChange

    Action = Mapping[str, Any]

_ONLINE = frozenset({"Create", "Delete"})


def change_indexes(change: TableChange) -> None:
    """Apply the GlobalSecondaryIndexUpdates and VectorIndexUpdates of the request."""
    actions = list(index_actions(change.request))
    vector_actions = list(vector_index_actions(change.request))
    names = [action["IndexName"] for kind, action in actions if kind in _ONLINE]
    names += [action["IndexName"] for _, action in vector_actions]
    # The service checks the number before it looks up the indexes.
    if len(names) > limits.GLOBAL_INDEX_CHANGES_PER_UPDATE_MAX:
        raise LimitExceededError(table_messages.ONE_INDEX_AT_A_TIME)
    for kind, action in actions:
        _check_target(change, kind, action["IndexName"])
    for kind, action in vector_actions:
        check_vector_target(change, kind, action["IndexName"])
    if names:
        _check_one_at_a_time(change, names)
    for kind, action in actions:
        _HANDLERS[kind](change, action)
    for kind, action in vector_actions:
        change_vector_index(change, kind, action)
    if names:
        change.set(attribute_types=_used_types(change))


def _check_target(change: TableChange, kind: str, name: str) -> None:
    """Check that an index exists (or, to be created, does not), and that no change of it blocks."""
    table, index = change.table, change.table.indexes.get(name)
    if _is_in_progress(change, name, lifecycle.INDEX_DELETE):
        raise states.in_use(table_messages.INDEX_IS_DELETED, table, index_name=name)
    if kind == "Create":
        if _is_in_progress(change, name, lifecycle.INDEX_CREATE):
            raise states.in_use(table_messages.INDEX_IS_CREATED, table, index_name=name)
        if index is not None or name in table.vector_indexes:
            raise ValidationError(table_messages.INDEX_EXISTS)
        return
    if index is None:
        raise ResourceNotFoundError(table_messages.index_to_change_not_found(name, table.name))
    if not index.is_global:
        raise ValidationError(table_messages.not_a_global_index(kind.lower(), name))
    if name in lifecycle.allocating_indexes(table.settings, change.now):
        deletes = kind == "Delete"
        reason = (
            table_messages.INDEX_IS_ALLOCATED if deletes else table_messages.INDEX_IS_NOT_FILLED_YET
        )
        raise states.in_use(reason, table, index_name=name)
    if _is_in_progress(change, name, lifecycle.INDEX_UPDATE):
        raise states.in_use(table_messages.INDEX_IS_UPDATED, table, index_name=name)


def _is_in_progress(change: TableChange, index_name: str, kind: str) -> bool:
    return lifecycle.of_index(change.table.settings, index_name, change.now, kind) is not None


def _check_one_at_a_time(change: TableChange, names: list[str]) -> None:
    """Check that no other index is being created or deleted."""
    states.check_not_blocked(change.region, change.table, states.INDEXES)
    active_transitions = lifecycle.active_transitions(
        change.table.settings, change.now, lifecycle.INDEX_CREATE, lifecycle.INDEX_DELETE
    )
    # An index that is being backfilled may be deleted.
    busy = [
        *names,
        *(each.index_name for each in active_transitions if each.index_name not in names),
    ]
    if len(busy) > limits.GLOBAL_INDEX_CHANGES_PER_UPDATE_MAX:
        raise LimitExceededError(table_messages.ONE_INDEX_AT_A_TIME)


# --- Create --------------------------------------------------------------------------------------


def _create(change: TableChange, action: Action) -> None:
    name, table = action["IndexName"], change.table
    index_settings = _new_settings(change, action)
    types = _types_with(change, action)
    index = index_of(action, types, table.key_schema, is_global=True)
    _check_index_limits(change, index)
    change.new_indexes.append(index)
    change.set(attribute_types=types, indexes={**change.settings.indexes, name: index_settings})
    change.begin_transition(lifecycle.INDEX_CREATE, index_name=name, detail=f"Indexes: [{name}]")


def _new_settings(change: TableChange, action: Action) -> IndexSettings:
    name, units = action["IndexName"], action.get("ProvisionedThroughput")
    billing_mode = change.settings.billing_mode
    if billing_mode == ON_DEMAND:
        if units is not None:
            raise ValidationError(table_messages.index_units_forbidden(name))
    elif units is None:
        raise ValidationError(table_messages.index_units_incomplete(name))
    check_warm_throughput(action.get("WarmThroughput"), units, name)
    quotas.check_warm(change.region, action.get("WarmThroughput"), name)
    settings = index_settings_of(action, billing_mode)
    quotas.check_provisioned(change.region, settings.throughput, name)
    maxima = changed_maxima(change, {}, settings.on_demand_throughput, name)
    return replace(settings, on_demand_throughput=maxima)


def _types_with(change: TableChange, action: Action) -> dict[str, str]:
    """Return the types of the table's key attributes and of those of a new index.

    The request must define them all, including those that the table has already: observed.
    """
    known = dict(change.settings.attribute_types)
    given = attribute_types(change.request["AttributeDefinitions"])
    if not given.keys() >= set(attribute_names(action["KeySchema"])):
        raise ValidationError(request_messages.KEY_WITHOUT_DEFINITION)
    for element in action["KeySchema"]:
        name = element["AttributeName"]
        kind = given[name]
        if known.setdefault(name, kind) != kind:
            existing = f"{name}:{known[name]}:{_key_type(change, name)}"
            raise ValidationError(
                table_messages.attribute_redefined(existing, f"{name}:{kind}:{element['KeyType']}")
            )
    return known


def _key_type(change: TableChange, attribute_name: str) -> str:
    """Return the role of an attribute in an existing key, as the service's message has it."""
    partitions = (schema.partition_names for schema in _key_schemas(change))
    return "HASH" if any(attribute_name in names for names in partitions) else "RANGE"


def _key_schemas(change: TableChange) -> list[KeySchema]:
    """Return the key schemas of the table and of its indexes after the change."""
    indexes = [
        *(i for i in change.table.indexes.values() if i.name not in change.removed_indexes),
        *change.new_indexes,
    ]
    return [change.table.key_schema, *(index.key_schema for index in indexes)]


def _check_index_limits(change: TableChange, new: Index) -> None:
    indexes = list(change.table.indexes.values())
    if sum(index.is_global for index in indexes) >= limits.GLOBAL_INDEXES_MAX:
        raise LimitExceededError(table_messages.too_many_online_indexes(limits.GLOBAL_INDEXES_MAX))
    projected = sum(len(index.projection.non_key_attributes) for index in [*indexes, new])
    if projected > limits.PROJECTED_NON_KEY_ATTRIBUTES_MAX:
        raise ValidationError(request_messages.TOO_MANY_PROJECTED_ATTRIBUTES)


def _used_types(change: TableChange) -> dict[str, str]:
    used = {name for schema in _key_schemas(change) for name in schema.names}
    vector_indexes = [
        *(
            index
            for name, index in change.table.vector_indexes.items()
            if name not in change.removed_vector_indexes
        ),
        *change.new_vector_indexes,
    ]
    used |= search_types(vector_indexes).keys()
    return {name: kind for name, kind in change.settings.attribute_types.items() if name in used}


# --- Delete and Update ---------------------------------------------------------------------------


def _delete(change: TableChange, action: Action) -> None:
    name = action["IndexName"]
    indexes = dict(change.settings.indexes)
    before = (change.table.indexes[name], indexes.pop(name, IndexSettings()))
    change.removed_indexes.append(name)
    change.set(indexes=indexes)
    detail = f"Indexes: [{name}]"
    change.begin_transition(lifecycle.INDEX_DELETE, index_name=name, detail=detail, before=before)


def _update(change: TableChange, action: Action) -> None:
    name = action["IndexName"]
    before = change.settings.indexes.get(name, IndexSettings())
    after = _updated_settings(change, action, before)
    change.set(indexes={**change.settings.indexes, name: after})
    has_units = action.get("ProvisionedThroughput") is not None
    if has_units or action.get("OnDemandThroughput") is not None:
        change.begin_transition(lifecycle.INDEX_UPDATE, index_name=name, before=before.throughput)
    if action.get("WarmThroughput") is not None:
        change.begin_transition(
            lifecycle.INDEX_WARM_THROUGHPUT, index_name=name, before=before.warm_throughput
        )


def _updated_settings(
    change: TableChange, action: Action, settings: IndexSettings
) -> IndexSettings:
    name, warm = action["IndexName"], action.get("WarmThroughput")
    if action.get("ProvisionedThroughput") is not None:
        if change.settings.billing_mode == ON_DEMAND:
            raise ValidationError(table_messages.index_is_on_demand(name))
        units = changed_units(change, settings.throughput, throughput_of(action), name)
        raised = settings.warm_throughput.raised_to(units.read_units, units.write_units)
        settings = replace(settings, throughput=units, warm_throughput=raised)
    elif not maxima_of(action) and warm is None:
        if change.settings.billing_mode == ON_DEMAND:
            raise ValidationError(table_messages.index_is_on_demand(name))
        raise ValidationError(table_messages.index_units_incomplete(name))
    if action.get("OnDemandThroughput") is not None:
        wanted = action["OnDemandThroughput"]
        maxima = changed_maxima(change, settings.on_demand_throughput, wanted, name)
        settings = replace(settings, on_demand_throughput=maxima)
    if warm is not None:
        raised = raised_warm_throughput(change, settings.warm_throughput, warm, name)
        settings = replace(settings, warm_throughput=raised)
    return settings


_HANDLERS = {"Create": _create, "Delete": _delete, "Update": _update}
