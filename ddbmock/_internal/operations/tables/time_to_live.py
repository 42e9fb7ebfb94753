"""UpdateTimeToLive and DescribeTimeToLive.

Expired items stay until they are deleted (`engine.time_to_live`): when the clock is moved past the
window, at the next call when time passes by itself, or by `ddb.expire()`.

https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/TTL.html
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from ddbmock._internal import limits
from ddbmock._internal.access.operation import Plane
from ddbmock._internal.engine import lifecycle
from ddbmock._internal.engine.settings import TimeToLive
from ddbmock._internal.errors import ResourceNotFoundError, ValidationError
from ddbmock._internal.messages import streams as stream_messages
from ddbmock._internal.messages import tables as table_messages
from ddbmock._internal.operations.registry import operation
from ddbmock._internal.operations.replicas.groups import check_time_to_live, tables_of_replicas
from ddbmock._internal.operations.tables.states import find_described, in_use, status_of

if TYPE_CHECKING:
    from ddbmock._internal.access.door import Door
    from ddbmock._internal.access.intent import Intent, Response
    from ddbmock._internal.engine.backend import Region
    from ddbmock._internal.engine.table import Table


@operation("UpdateTimeToLive", plane=Plane.CONTROL)
def update_time_to_live(intent: Intent, door: Door) -> Response:
    """Enable or disable the time to live of a table's items; one change an hour.

    https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_UpdateTimeToLive.html
    """
    region, specification = door.region, intent.request["TimeToLiveSpecification"]
    table = _find_to_change(region, intent.request["TableName"])
    now = region.backend.clock.seconds()
    check_time_to_live(region, table)
    _check_change(table.settings.time_to_live, specification, now)
    name, enabled = specification["AttributeName"], specification["Enabled"]
    time_to_live = TimeToLive(name, enabled, now, now + door.delay_seconds)
    for each in (table, *tables_of_replicas(region, table)):
        each.configure(replace(each.settings, time_to_live=time_to_live))
        if enabled:
            region.backend.sweeper.enable(each, name)
        else:
            region.backend.sweeper.disable(each)
    return {"TimeToLiveSpecification": {"Enabled": enabled, "AttributeName": name}}


def _find_to_change(region: Region, name: str) -> Table:
    table = find_described(region, name)
    status = status_of(region, table)
    if status == lifecycle.CREATING:
        raise in_use(table_messages.TABLE_IS_CREATED_FOR_TTL, table)
    if status == lifecycle.DELETING:
        raise ResourceNotFoundError(table_messages.table_not_found(table.name))
    return table


def _check_change(current: TimeToLive | None, specification: dict[str, Any], now: float) -> None:
    """Raise ValidationError if nothing would change, or if it was changed within the last hour."""
    if current is not None and current.enabled:
        if specification["AttributeName"] != current.attribute_name:
            raise ValidationError(stream_messages.ttl_on_other_attribute(current.attribute_name))
        if specification["Enabled"]:
            raise ValidationError(stream_messages.TTL_ENABLED)
    elif not specification["Enabled"]:
        raise ValidationError(stream_messages.TTL_DISABLED)
    if current is not None and now < current.changed_at + limits.TIME_TO_LIVE_CHANGE_SECONDS:
        raise ValidationError(stream_messages.TTL_CHANGED_RECENTLY)


@operation("DescribeTimeToLive", plane=Plane.CONTROL)
def describe_time_to_live(intent: Intent, door: Door) -> Response:
    """Return whether a table's items have a time to live, and in which attribute.

    https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_DescribeTimeToLive.html
    """
    table = find_described(door.region, intent.request["TableName"])
    status = status_of(door.region, table)
    if status in {lifecycle.CREATING, lifecycle.DELETING}:
        raise ValidationError(stream_messages.ttl_not_described(status))
    now = door.region.backend.clock.seconds()
    return {"TimeToLiveDescription": _describe(table.settings.time_to_live, now)}


def _describe(time_to_live: TimeToLive | None, now: float) -> dict[str, str]:
    status = _status(time_to_live, now)
    if time_to_live is None or status == "DISABLED":
        return {"TimeToLiveStatus": status}
    return {"TimeToLiveStatus": status, "AttributeName": time_to_live.attribute_name}


def _status(time_to_live: TimeToLive | None, now: float) -> str:
    if time_to_live is None:
        return "DISABLED"
    is_settled = now >= time_to_live.settled_at
    if time_to_live.enabled:
        return "ENABLED" if is_settled else "ENABLING"
    return "DISABLED" if is_settled else "DISABLING"
