"""DescribeLimits and DescribeEndpoints: what an account may use, and where it is served."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ddbmock import limits
from ddbmock.access.operation import Plane
from ddbmock.arns import partition_of
from ddbmock.operations.registry import operation

if TYPE_CHECKING:
    from ddbmock.access.door import Door
    from ddbmock.access.intent import Intent, Response

_CACHE_MINUTES = 24 * 60


@operation("DescribeLimits", plane=Plane.CONTROL)
def describe_limits(_: Intent, __: Door) -> Response:
    """Return the default quotas of throughput, of the account and of one table.

    https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_DescribeLimits.html
    """
    return {
        "AccountMaxReadCapacityUnits": limits.ACCOUNT_READ_UNITS_QUOTA,
        "AccountMaxWriteCapacityUnits": limits.ACCOUNT_WRITE_UNITS_QUOTA,
        "TableMaxReadCapacityUnits": limits.TABLE_READ_UNITS_QUOTA,
        "TableMaxWriteCapacityUnits": limits.TABLE_WRITE_UNITS_QUOTA,
    }


@operation("DescribeEndpoints", plane=Plane.CONTROL)
def describe_endpoints(__: Intent, door: Door) -> Response:
    """Return the endpoint of the region.

    https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_DescribeEndpoints.html
    """
    _, domain = partition_of(door.region.name)
    address = f"dynamodb.{door.region.name}.{domain}"
    return {"Endpoints": [{"Address": address, "CachePeriodInMinutes": _CACHE_MINUTES}]}
