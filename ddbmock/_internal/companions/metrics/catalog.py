"""The metrics of AWS/DynamoDB and AWS/DAX that ddbmock publishes.

https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/metrics-dimensions.html
https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/dax-metrics-dimensions-dax.html
"""

from __future__ import annotations

from typing import NamedTuple

DYNAMODB, DAX = "AWS/DynamoDB", "AWS/DAX"
NAMESPACES = frozenset({DYNAMODB, DAX})

TABLE, INDEX, OPERATION = "TableName", "GlobalSecondaryIndexName", "Operation"

MINUTE_SECONDS, HOUR_SECONDS, DAY_SECONDS = 60, 3_600, 86_400
#: How far apart the values of gauges are.
GAUGE_SECONDS = 300

#: A metric's dimensions, in the order of their names.
Dimensions = tuple[tuple[str, str], ...]


class SeriesId(NamedTuple):
    """What identifies the values of a metric."""

    namespace: str
    name: str
    dimensions: Dimensions

    @classmethod
    def of(cls, name: str, namespace: str = DYNAMODB, **dimensions: str) -> SeriesId:
        """Return the id of a metric with these dimensions.

        >>> SeriesId.of("ReadThrottleEvents", TableName="orders").dimensions
        (('TableName', 'orders'),)
        """
        return cls(namespace, name, tuple(sorted(dimensions.items())))

    def dimension(self, name: str) -> str | None:
        """Return the value of a dimension, None when the metric does not have it."""
        return next((value for known, value in self.dimensions if known == name), None)


CONSUMED_READ, CONSUMED_WRITE = "ConsumedReadCapacityUnits", "ConsumedWriteCapacityUnits"
PROVISIONED_READ = "ProvisionedReadCapacityUnits"
PROVISIONED_WRITE = "ProvisionedWriteCapacityUnits"

#: Metrics with a value of 0 for each minute in which nothing was consumed.
IDLE_ZEROS = frozenset({CONSUMED_READ, CONSUMED_WRITE})
#: Metrics with a value every five minutes, whatever happens.
GAUGES = frozenset({
    PROVISIONED_READ, PROVISIONED_WRITE, "OnDemandMaxReadRequestUnits",
    "OnDemandMaxWriteRequestUnits", "AccountMaxReads", "AccountMaxWrites",
    "AccountMaxTableLevelReads", "AccountMaxTableLevelWrites",
})  # fmt: skip

_CAUSES = ("ProvisionedThroughput", "KeyRangeThroughput", "MaxOnDemandThroughput", "AccountLimit")
#: Metric -> its unit, of AWS/DynamoDB.
UNITS: dict[str, str] = {
    **dict.fromkeys((*IDLE_ZEROS, *GAUGES), "Count"),
    **dict.fromkeys(
        (
            *("ReadThrottleEvents", "WriteThrottleEvents", "ThrottledRequests"),
            *(f"{kind}{cause}ThrottleEvents" for kind in ("Read", "Write") for cause in _CAUSES),
            *("ReturnedItemCount", "ReturnedRecordsCount", "ConditionalCheckFailedRequests"),
            *("TransactionConflict", "UserErrors", "SystemErrors", "TimeToLiveDeletedItemCount"),
            *("PendingReplicationCount", "FaultInjectionServiceInducedErrors"),
        ),
        "Count",
    ),
    "ReturnedBytes": "Bytes",
    "SuccessfulRequestLatency": "Milliseconds",
    "ReplicationLatency": "Milliseconds",
    "AgeOfOldestUnreplicatedRecord": "Milliseconds",
    "OnlineIndexPercentageProgress": "Count",
}
#: Metrics of AWS/DAX; all are counts.
DAX_METRICS = frozenset({
    "ItemCacheHits", "ItemCacheMisses", "QueryCacheHits", "QueryCacheMisses", "ScanCacheHits",
    "ScanCacheMisses", "TotalRequestCount", "ErrorRequestCount", "FaultRequestCount",
    "FailedRequestCount", "GetItemRequestCount", "BatchGetItemRequestCount",
    "PutItemRequestCount", "UpdateItemRequestCount", "DeleteItemRequestCount",
    "BatchWriteItemRequestCount", "QueryRequestCount", "ScanRequestCount",
    "TransactWriteItemsCount", "TransactGetItemsCount",
})  # fmt: skip


def unit_of(series: SeriesId) -> str:
    """Return the unit of a metric.

    >>> unit_of(SeriesId.of("SuccessfulRequestLatency"))
    'Milliseconds'
    """
    return "Count" if series.namespace == DAX else UNITS.get(series.name, "Count")


def is_known(name: str) -> bool:
    """Return whether there is a metric with this name."""
    return name in UNITS or name in DAX_METRICS
