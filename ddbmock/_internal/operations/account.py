"""DescribeLimits and DescribeEndpoints: the quotas of an account, and its endpoint."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ddbmock._internal.access.operation import Plane
from ddbmock._internal.arns import partition_of
from ddbmock._internal.operations.registry import operation

if TYPE_CHECKING:
    from ddbmock._internal.access.door import Door
    from ddbmock._internal.access.intent import Intent, Response

_CACHE_MINUTES = 24 * 60


@operation("DescribeLimits", plane=Plane.CONTROL)
def describe_limits(_: Intent, door: Door) -> Response:
    """Return the quotas of throughput, of the account and of one table.

    https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_DescribeLimits.html
    """
    quotas = door.region.backend.quotas
    return {
        "AccountMaxReadCapacityUnits": quotas.account_read_units,
        "AccountMaxWriteCapacityUnits": quotas.account_write_units,
        "TableMaxReadCapacityUnits": quotas.table_read_units,
        "TableMaxWriteCapacityUnits": quotas.table_write_units,
    }


@operation("DescribeEndpoints", plane=Plane.CONTROL)
def describe_endpoints(__: Intent, door: Door) -> Response:
    """Return the endpoint of the region.

    https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_DescribeEndpoints.html
    """
    _, domain = partition_of(door.region.name)
    address = f"dynamodb.{door.region.name}.{domain}"
    return {"Endpoints": [{"Address": address, "CachePeriodInMinutes": _CACHE_MINUTES}]}
