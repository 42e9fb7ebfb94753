"""The capacity of a table or index: what it is, and how ddbmock itself changes it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ddbmock._internal.access.call import CallWithinBlock
from ddbmock._internal.engine.lifecycle import (
    CREATING,
    INDEX_UPDATE,
    UNITS,
    UPDATING,
    active_transitions,
    table_status,
)
from ddbmock._internal.engine.settings import PROVISIONED
from ddbmock._internal.operations import OPERATIONS
from ddbmock._internal.service_model import input_shape
from ddbmock._internal.stages import run

if TYPE_CHECKING:
    from ddbmock._internal.engine.backend import Region
    from ddbmock._internal.engine.scaling import Place
    from ddbmock._internal.engine.settings import Throughput


def capacity_of(region: Region, place: Place) -> int | None:
    """Return the provisioned units of a place; None where there is no such thing, or on demand."""
    throughput = _throughput(region, place)
    if throughput is None:
        return None
    return throughput.read_units if place.kind == "read" else throughput.write_units


def _throughput(region: Region, place: Place) -> Throughput | None:
    table = region.tables.get(place.table_name)
    if table is None or table.settings.billing_mode != PROVISIONED:
        return None
    if place.index_name is None:
        return table.settings.throughput
    index = table.settings.indexes.get(place.index_name)
    return None if index is None else index.throughput


def is_table_changing(region: Region, place: Place) -> bool:
    """Return whether a place has a table that is being created or changed."""
    table = region.tables.get(place.table_name)
    now = region.backend.clock.seconds()
    return table is not None and table_status(table.settings, now) in {CREATING, UPDATING}


def changed_until(region: Region, place: Place) -> float:
    """Return when the units of a place are those that they are changed to; 0 where they are."""
    table = region.tables.get(place.table_name)
    if table is None:
        return 0.0
    kind = UNITS if place.index_name is None else INDEX_UPDATE
    now = region.backend.clock.seconds()
    changes = active_transitions(table.settings, now, kind)
    return max(
        (each.until for each in changes if each.index_name == (place.index_name or "")),
        default=0.0,
    )


def set_capacity(region: Region, place: Place, capacity: int) -> None:
    """Change the provisioned units of a place, as an UpdateTable that is not recorded.

    The caller holds the backend's lock.

    Raises:
        ServiceError: The table is being changed, has had its decreases, is on demand or is gone.
    """
    throughput = _throughput(region, place)
    units = {
        "ReadCapacityUnits": throughput.read_units if throughput else 1,
        "WriteCapacityUnits": throughput.write_units if throughput else 1,
        f"{place.kind.title()}CapacityUnits": capacity,
    }
    request: dict[str, Any] = {"TableName": place.table_name}
    if place.index_name is None:
        request["ProvisionedThroughput"] = units
    else:
        update = {"IndexName": place.index_name, "ProvisionedThroughput": units}
        request["GlobalSecondaryIndexUpdates"] = [{"Update": update}]
    operation = OPERATIONS.row("UpdateTable")
    shape = input_shape(operation.name)
    call = CallWithinBlock(operation, request, region, shape, is_validated=True)
    # It is not prepared: that would run what is due, and this is a part of it.
    call.intent = operation.read(request)
    run(call)
