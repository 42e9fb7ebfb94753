"""The capacity of a table or index: reading it, and changing it for a policy."""

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
    from ddbmock._internal.engine.scaling import ScalableDimension
    from ddbmock._internal.engine.settings import Throughput


def capacity_of(region: Region, dimension: ScalableDimension) -> int | None:
    """Return the provisioned units of a dimension; None if it does not exist or is on demand."""
    throughput = _throughput(region, dimension)
    if throughput is None:
        return None
    return throughput.read_units if dimension.kind == "read" else throughput.write_units


def _throughput(region: Region, dimension: ScalableDimension) -> Throughput | None:
    table = region.tables.get(dimension.table_name)
    if table is None or table.settings.billing_mode != PROVISIONED:
        return None
    if dimension.index_name is None:
        return table.settings.throughput
    index = table.settings.indexes.get(dimension.index_name)
    return None if index is None else index.throughput


def is_table_changing(region: Region, dimension: ScalableDimension) -> bool:
    """Return whether the table of a dimension is being created or changed."""
    table = region.tables.get(dimension.table_name)
    now = region.backend.clock.seconds()
    return table is not None and table_status(table.settings, now) in {CREATING, UPDATING}


def changed_until(region: Region, dimension: ScalableDimension) -> float:
    """Return when a change of a dimension's units ends; 0 if there is none."""
    table = region.tables.get(dimension.table_name)
    if table is None:
        return 0.0
    kind = UNITS if dimension.index_name is None else INDEX_UPDATE
    now = region.backend.clock.seconds()
    changes = active_transitions(table.settings, now, kind)
    return max(
        (each.until for each in changes if each.index_name == (dimension.index_name or "")),
        default=0.0,
    )


def set_capacity(region: Region, dimension: ScalableDimension, capacity: int) -> None:
    """Change the provisioned units of a dimension by an UpdateTable that is not recorded.

    The caller holds the backend's lock.

    Raises:
        ServiceError: The table is being changed, has had its decreases, is on demand or is gone.
    """
    throughput = _throughput(region, dimension)
    units = {
        "ReadCapacityUnits": throughput.read_units if throughput else 1,
        "WriteCapacityUnits": throughput.write_units if throughput else 1,
        f"{dimension.kind.title()}CapacityUnits": capacity,
    }
    request: dict[str, Any] = {"TableName": dimension.table_name}
    if dimension.index_name is None:
        request["ProvisionedThroughput"] = units
    else:
        update = {"IndexName": dimension.index_name, "ProvisionedThroughput": units}
        request["GlobalSecondaryIndexUpdates"] = [{"Update": update}]
    operation = OPERATIONS.row("UpdateTable")
    shape = input_shape(operation.name)
    call = CallWithinBlock(operation, request, region, shape, is_validated=True)
    # No preparation: it would run the tasks that are due, and this is one of them.
    call.intent = operation.read(request)
    run(call)
