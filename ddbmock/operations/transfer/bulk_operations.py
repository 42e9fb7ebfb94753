"""DescribeBulkOperation and ListBulkOperations.

https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_StartBulkPutItems.html
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ddbmock import messages
from ddbmock.access.operation import Plane
from ddbmock.errors import ResourceNotFoundError
from ddbmock.operations.registry import operation
from ddbmock.operations.transfer.listing import page_of
from ddbmock.operations.transfer.records import BulkOperation
from ddbmock.operations.transfer.resource_arns import find_by_arn
from ddbmock.times import timestamp

if TYPE_CHECKING:
    from ddbmock.access.door import Door
    from ddbmock.access.intent import Intent, Response


def describe(bulk: BulkOperation) -> dict[str, Any]:
    """Return the description of a bulk operation."""
    description = {
        **_summary(bulk),
        "TableDetails": [{"TableName": bulk.table_name, "TableId": bulk.table_id}],
        "ClientToken": bulk.client_token,
        "InputS3Configuration": bulk.source,
        "OutputS3Configuration": bulk.target,
        "ProcessedItemCount": bulk.processed_item_count,
        "ProcessedInputBytes": bulk.processed_bytes,
        "TotalInputBytes": bulk.total_bytes,
        "BulkOperationUsage": [_usage(bulk)],
        "FailedItemCount": bulk.failed_item_count,
        "FailureCode": bulk.failure_code,
        "FailureMessage": bulk.failure_message,
        "MaxWriteRequestUnits": bulk.write_units_max,
        "PerformanceTier": bulk.performance_tier,
    }
    return {name: value for name, value in description.items() if value is not None}


def _usage(bulk: BulkOperation) -> dict[str, Any]:
    by_index = {
        "LocalSecondaryIndexes": bulk.local_index_bytes,
        "GlobalSecondaryIndexes": bulk.global_index_bytes,
    }
    total_bytes = bulk.table_bytes + sum(sum(sizes.values()) for sizes in by_index.values())
    return {
        "TableName": bulk.table_name,
        "BulkPutBytes": total_bytes,
        "Table": {"BulkPutBytes": bulk.table_bytes},
        **{
            member: {name: {"BulkPutBytes": size} for name, size in sizes.items()}
            for member, sizes in by_index.items()
            if sizes
        },
    }


def _summary(bulk: BulkOperation) -> dict[str, Any]:
    summary = {
        "BulkOperationArn": bulk.arn,
        "BulkOperationStatus": bulk.status,
        "StartTime": timestamp(bulk.started_at),
    }
    if bulk.ended_at is not None:
        summary["EndTime"] = timestamp(bulk.ended_at)
    return summary


@operation("DescribeBulkOperation", plane=Plane.CONTROL)
def describe_bulk_operation(intent: Intent, door: Door) -> Response:
    """Return the description of a bulk operation.

    https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_DescribeBulkOperation.html
    """
    arn = intent.request["BulkOperationArn"]
    return {"BulkOperationDescription": describe(find(door, arn))}


def find(door: Door, arn: str) -> BulkOperation:
    """Return the bulk operation with an ARN, or raise the error of the service."""
    bulk = find_by_arn(door.region, BulkOperation, arn, "bulk-operation")
    if bulk is None:
        raise ResourceNotFoundError(messages.bulk_operation_not_found(arn))
    return bulk


@operation("ListBulkOperations", plane=Plane.CONTROL)
def list_bulk_operations(intent: Intent, door: Door) -> Response:
    """Return the bulk operations of the region.

    https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_ListBulkOperations.html
    """
    request = intent.request
    page, more = page_of(
        door.region,
        BulkOperation,
        request.get("MaxResults"),
        request.get("NextToken"),
        lambda _: True,
    )
    return {"BulkOperationsSummaryList": [_summary(bulk) for bulk in page], **more}
