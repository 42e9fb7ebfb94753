"""Kinesis data streams that get the changes of a table: enable, disable, update, describe.

A table has at most one enabled destination. The stream is checked after the call: if it cannot be
written to, the destination is ENABLE_FAILED, with a description. Former destinations stay listed.

https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/kds.html
"""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, Any

from ddbmock._internal.access.operation import Plane
from ddbmock._internal.arns import parse
from ddbmock._internal.engine import lifecycle
from ddbmock._internal.engine.features import KINESIS_DESTINATIONS
from ddbmock._internal.engine.settings import KinesisDestination
from ddbmock._internal.errors import ResourceNotFoundError, ValidationError
from ddbmock._internal.messages import kinesis as kinesis_messages
from ddbmock._internal.messages import tables as table_messages
from ddbmock._internal.operations.registry import operation
from ddbmock._internal.operations.tables.states import find_described, status_of

if TYPE_CHECKING:
    from ddbmock._internal.access.door import Door
    from ddbmock._internal.access.intent import Intent, Response
    from ddbmock._internal.engine.backend import Region
    from ddbmock._internal.engine.table import Table

ACTIVE, ENABLING, DISABLING, DISABLED = "ACTIVE", "ENABLING", "DISABLING", "DISABLED"
UPDATING, ENABLE_FAILED = "UPDATING", "ENABLE_FAILED"
_LIVE = frozenset({ENABLING, ACTIVE, UPDATING, DISABLING})
_PRECISION = "ApproximateCreationDateTimePrecision"
#: The precision of a destination for which none was set.
_DEFAULT_PRECISION = "MILLISECOND"


@operation("EnableKinesisStreamingDestination", plane=Plane.CONTROL)
def enable_kinesis_streaming_destination(intent: Intent, door: Door) -> Response:
    """Begin to send the changes of a table to a Kinesis stream.

    https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_EnableKinesisStreamingDestination.html
    """
    request, region = intent.request, door.region
    table, arn = _find(region, request["TableName"]), request["StreamArn"]
    now = region.backend.clock.seconds()
    if any(each.status_at(now) in _LIVE for each in table.settings.kinesis_destinations):
        raise ValidationError(kinesis_messages.DESTINATION_IS_ENABLED)
    region.backend.use(KINESIS_DESTINATIONS)
    configuration = request.get("EnableKinesisStreamingConfiguration") or {}
    problem = _problem(region, arn)
    destination = KinesisDestination(
        arn,
        ACTIVE if problem is None else ENABLE_FAILED,
        ENABLING,
        now + door.delay_seconds,
        configuration.get(_PRECISION),
        problem,
    )
    _set(door, table, destination)
    return {
        "TableName": table.name,
        "StreamArn": arn,
        "DestinationStatus": ENABLING,
        "EnableKinesisStreamingConfiguration": configuration,
    }


@operation("DisableKinesisStreamingDestination", plane=Plane.CONTROL)
def disable_kinesis_streaming_destination(intent: Intent, door: Door) -> Response:
    """Stop putting changes into a Kinesis stream, which stays listed.

    https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_DisableKinesisStreamingDestination.html
    """
    request, region = intent.request, door.region
    table, arn = _find(region, request["TableName"]), request["StreamArn"]
    if request.get("EnableKinesisStreamingConfiguration"):
        raise ValidationError(kinesis_messages.DESTINATION_DISABLED_WITH_CONFIGURATION)
    now = region.backend.clock.seconds()
    destination = _destination(table, arn)
    status = None if destination is None else destination.status_at(now)
    if destination is None or status not in {ACTIVE, DISABLING}:
        raise ValidationError(kinesis_messages.DESTINATION_IS_NOT_ACTIVE)
    if status == ACTIVE:
        until = now + door.delay_seconds
        disabled = replace(destination, status=DISABLED, status_before=DISABLING, settled_at=until)
        _set(door, table, disabled)
    return {
        "TableName": table.name,
        "StreamArn": arn,
        "DestinationStatus": DISABLING,
        "EnableKinesisStreamingConfiguration": {},
    }


@operation("UpdateKinesisStreamingDestination", plane=Plane.CONTROL)
def update_kinesis_streaming_destination(intent: Intent, door: Door) -> Response:
    """Change the unit of the times in the records.

    https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_UpdateKinesisStreamingDestination.html
    """
    request, region = intent.request, door.region
    table, arn = _find(region, request["TableName"]), request["StreamArn"]
    configuration = request.get("UpdateKinesisStreamingConfiguration") or {}
    precision = configuration.get(_PRECISION)
    if precision is None:
        raise ValidationError(kinesis_messages.DESTINATION_UPDATED_WITHOUT_CONFIGURATION)
    now = region.backend.clock.seconds()
    destination = _destination(table, arn)
    if destination is None:
        raise ValidationError(kinesis_messages.destination_unknown(table.name, arn))
    if destination.status_at(now) != ACTIVE:
        raise ValidationError(kinesis_messages.destination_not_updatable(table.name, arn))
    if precision == (destination.precision or _DEFAULT_PRECISION):
        text = kinesis_messages.precision_unchanged(precision, table.settings.table_id, arn)
        raise ValidationError(text)
    until = now + door.delay_seconds
    updated = replace(destination, status_before=UPDATING, settled_at=until, precision=precision)
    _set(door, table, updated)
    return {
        "TableName": table.name,
        "StreamArn": arn,
        "DestinationStatus": UPDATING,
        "UpdateKinesisStreamingConfiguration": configuration,
    }


@operation("DescribeKinesisStreamingDestination", plane=Plane.CONTROL)
def describe_kinesis_streaming_destination(intent: Intent, door: Door) -> Response:
    """Return the Kinesis streams that a table has or had as destinations.

    https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_DescribeKinesisStreamingDestination.html
    """
    table = find_described(door.region, intent.request["TableName"])
    now = door.region.backend.clock.seconds()
    return {
        "TableName": table.name,
        "KinesisDataStreamDestinations": [
            _described(destination, now) for destination in table.settings.kinesis_destinations
        ],
    }


def _described(destination: KinesisDestination, now: float) -> dict[str, Any]:
    status = destination.status_at(now)
    description = {"StreamArn": destination.stream_arn, "DestinationStatus": status}
    if destination.problem is not None and status == ENABLE_FAILED:
        description["DestinationStatusDescription"] = destination.problem
    if destination.precision is not None:
        description[_PRECISION] = destination.precision
    return description


def _find(region: Region, name: str) -> Table:
    """Return a table that is no longer being created."""
    table = find_described(region, name)
    if status_of(region, table) == lifecycle.CREATING:
        raise ResourceNotFoundError(table_messages.table_not_found(table.name))
    return table


def _destination(table: Table, arn: str) -> KinesisDestination | None:
    found = (each for each in table.settings.kinesis_destinations if each.stream_arn == arn)
    return next(found, None)


def _problem(region: Region, arn: str) -> str | None:
    """Return why a stream cannot be a destination, None if it can."""
    parts = parse(arn)
    if parts is not None and parts.service == "firehose":
        return kinesis_messages.KINESIS_STREAM_NOT_ACTIVE
    is_stream = parts is not None and parts.service == "kinesis" and parts.kind == "stream"
    if parts is None or not is_stream or parts.subresource:
        return kinesis_messages.KINESIS_STREAM_FORBIDDEN
    if parts.region_name != region.name:
        return kinesis_messages.KINESIS_STREAM_OF_OTHER_REGION
    if parts.account_id != region.account_id:
        return kinesis_messages.KINESIS_STREAM_NOT_ACTIVE
    streams = region.backend.kinesis
    return None if streams is None else streams.problem(arn)


def _set(door: Door, table: Table, destination: KinesisDestination) -> None:
    """Replace the destination with the same ARN, or add one after the others."""
    _put(table, destination)
    if door.delay_seconds:
        door.region.backend.agenda.schedule(
            (table, f"destination {destination.stream_arn}"),
            destination.settled_at,
            partial(_settle, table, destination.stream_arn),
            is_pending=True,
        )


def _put(table: Table, destination: KinesisDestination) -> None:
    by_arn = {each.stream_arn: each for each in table.settings.kinesis_destinations}
    by_arn[destination.stream_arn] = destination
    changed = tuple(by_arn.values())
    table.configure(replace(table.settings, kinesis_destinations=changed))


def _settle(table: Table, arn: str, _: float) -> None:
    destination = _destination(table, arn)
    if destination is not None:
        _put(table, replace(destination, settled_at=0.0))
