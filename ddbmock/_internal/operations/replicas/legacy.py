"""Operations on global tables of version 2017.11.29, as the service answers them today.

They can no longer be created, so there is nothing to describe or to update. Global tables of
version 2019.11.21 are created by UpdateTable, and are not visible to these operations.

https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/globaltables.V1.html
https://github.com/aws-controllers-k8s/dynamodb-controller/blob/main/docs/api-quirks/table-global-tables.md
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NoReturn

from ddbmock._internal.access.intent import Intent
from ddbmock._internal.access.operation import Plane
from ddbmock._internal.errors import GlobalTableNotFoundError, InternalServerError, ValidationError
from ddbmock._internal.messages import replicas as messages
from ddbmock._internal.operations.registry import operation
from ddbmock._internal.operations.replicas.regions import LEGACY_REGIONS, replica_regions

if TYPE_CHECKING:
    from ddbmock._internal.access.door import Door
    from ddbmock._internal.access.intent import Request, Response


@operation("CreateGlobalTable", plane=Plane.CONTROL)
def create_global_table(_: Intent, door: Door) -> Response:
    """Refuse to create a global table of the legacy version.

    https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_CreateGlobalTable.html
    """
    raise _version_error(door)


def _version_error(door: Door) -> ValidationError:
    region_name = door.region.name
    if region_name in LEGACY_REGIONS:
        return ValidationError(messages.LEGACY_GLOBAL_TABLE)
    return ValidationError(messages.legacy_region(region_name, LEGACY_REGIONS))


@operation("DescribeGlobalTable", plane=Plane.CONTROL)
def describe_global_table(intent: Intent, _: Door) -> NoReturn:
    """Raise GlobalTableNotFoundException.

    https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_DescribeGlobalTable.html
    """
    name = intent.request["GlobalTableName"]
    raise GlobalTableNotFoundError(messages.no_global_table_to_describe(name))


@operation("DescribeGlobalTableSettings", plane=Plane.CONTROL)
def describe_global_table_settings(intent: Intent, _: Door) -> NoReturn:
    """Raise GlobalTableNotFoundException.

    https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_DescribeGlobalTableSettings.html
    """
    raise _not_found(intent)


@operation("UpdateGlobalTableSettings", plane=Plane.CONTROL)
def update_global_table_settings(intent: Intent, _: Door) -> NoReturn:
    """Raise GlobalTableNotFoundException.

    https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_UpdateGlobalTableSettings.html
    """
    raise _not_found(intent)


def _not_found(intent: Intent) -> GlobalTableNotFoundError:
    return GlobalTableNotFoundError(messages.no_global_table(intent.request["GlobalTableName"]))


def _read_update(request: Request) -> Intent:
    updates = request["ReplicaUpdates"]
    if not updates or not all(map(_has_action, updates)):
        raise ValidationError(messages.LEGACY_UPDATES_INVALID)
    return Intent(request)


def _has_action(update: Request) -> bool:
    return update.get("Create") is not None or update.get("Delete") is not None


@operation("UpdateGlobalTable", plane=Plane.CONTROL, read=_read_update)
def update_global_table(intent: Intent, door: Door) -> NoReturn:
    """Refuse to add replicas; otherwise raise GlobalTableNotFoundException.

    https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_UpdateGlobalTable.html
    """
    updates = intent.request["ReplicaUpdates"]
    if any(update.get("Create") is not None for update in updates):
        raise _version_error(door)
    raise _not_found(intent)


@operation("ListGlobalTables", plane=Plane.CONTROL)
def list_global_tables(intent: Intent, door: Door) -> Response:
    """Return an empty list: global tables of version 2019.11.21 are never listed.

    https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_ListGlobalTables.html
    """
    region_name = intent.request.get("RegionName")
    if region_name is not None and region_name not in replica_regions(door.region.name):
        raise InternalServerError(messages.INTERNAL_ERROR)
    return {"GlobalTables": []}
