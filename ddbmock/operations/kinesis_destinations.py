"""DescribeKinesisStreamingDestination.

https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/kds.html
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ddbmock.access.operation import Plane
from ddbmock.operations.registry import operation
from ddbmock.operations.tables.states import find_described

if TYPE_CHECKING:
    from ddbmock.access.door import Door
    from ddbmock.access.intent import Intent, Response
    from ddbmock.engine.settings import KinesisDestination


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
    if destination.problem is not None and status == destination.status:
        description["DestinationStatusDescription"] = destination.problem
    if destination.precision is not None:
        description["ApproximateCreationDateTimePrecision"] = destination.precision
    return description
