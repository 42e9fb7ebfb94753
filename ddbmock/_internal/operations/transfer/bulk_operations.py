"""StartBulkPutItems, DescribeBulkOperation, ListBulkOperations and CancelBulkOperation.

https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/BulkPutItems.html
"""

from __future__ import annotations

from copy import deepcopy
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, Any

from ddbmock._internal.access.intent import Intent
from ddbmock._internal.access.operation import Plane
from ddbmock._internal.arns import bulk_operation_arn
from ddbmock._internal.engine import lifecycle
from ddbmock._internal.errors import (
    IdempotentParameterMismatchError,
    ResourceNotFoundError,
    ValidationError,
)
from ddbmock._internal.messages import items as item_messages
from ddbmock._internal.messages import transfer as transfer_messages
from ddbmock._internal.operations.registry import operation
from ddbmock._internal.operations.replicas.groups import replica_of
from ddbmock._internal.operations.tables.states import find_updatable, in_use
from ddbmock._internal.operations.transfer.bulk_runs import finished, source_of
from ddbmock._internal.operations.transfer.listing import page_of
from ddbmock._internal.operations.transfer.objects import buckets_of, new_id
from ddbmock._internal.operations.transfer.records import IN_PROGRESS, BulkOperation
from ddbmock._internal.operations.transfer.requests import (
    client_token,
    plain,
    sent_again,
    without_token,
)
from ddbmock._internal.operations.transfer.resource_arns import find_by_arn
from ddbmock._internal.times import timestamp

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ddbmock._internal.access.door import Door
    from ddbmock._internal.access.intent import Request, Response
    from ddbmock._internal.engine.backend import Region
    from ddbmock._internal.engine.table import Table

CANCELLING, CANCELLED = "CANCELLING", "CANCELLED"


def read_bulk_put(request: Request) -> Intent:
    """Return the intent, or raise what is wrong independently of the table."""
    target = request["OutputS3Configuration"]
    if target.get("S3Bucket") is None:
        raise ValidationError(transfer_messages.BULK_OUTPUT_BUCKET_MISSING)
    if not target["OutputType"]:
        raise ValidationError(transfer_messages.BULK_OUTPUT_TYPE_MISSING)
    if target.get("S3SseKmsKeyId") is not None and target.get("S3SseAlgorithm") != "KMS":
        raise ValidationError(transfer_messages.BULK_KEY_WITHOUT_KMS)
    return Intent(request)


@operation("StartBulkPutItems", plane=Plane.CONTROL, read=read_bulk_put)
def start_bulk_put_items(intent: Intent, door: Door) -> Response:
    """Put the items of the objects of a bucket into a table.

    The status in the response is IN_PROGRESS. Without delays, the operation has ended by then.

    https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_StartBulkPutItems.html
    """
    region, request = door.region, plain(intent.request)
    previous = sent_again(region, BulkOperation, request, region.backend.clock.seconds())
    if previous is not None:
        if previous.request != without_token(request):
            raise IdempotentParameterMismatchError(item_messages.IDEMPOTENT_MISMATCH)
        return {"BulkOperationDescription": describe(previous)}
    table = find_updatable(region, request["TableName"])
    _check_not_blocked(region, table)
    source_of(request).check_installed()
    buckets_of(region.backend).check(region.name, request["InputS3Configuration"]["S3Bucket"])
    bulk = BulkOperation(
        bulk_operation_arn(region.arns.table(table.name), new_id(region)),
        table.name,
        table.settings.table_id,
        region.backend.clock.seconds(),
        client_token(region, request),
        without_token(request),
    )
    _start(region, bulk, table, door.delay_seconds)
    return {"BulkOperationDescription": describe(bulk)}


def _check_not_blocked(region: Region, table: Table) -> None:
    """Refuse a global table, and one with an index being created or that is being restored."""
    if replica_of(region, table) is not None:
        raise ValidationError(transfer_messages.BULK_PUT_ON_GLOBAL_TABLE)
    now = region.backend.clock.seconds()
    if lifecycle.active_transitions(table.settings, now, lifecycle.INDEX_CREATE):
        raise in_use(transfer_messages.BULK_BLOCKED_BY_INDEX, table)
    if lifecycle.restore_of(table.settings, now) is not None:
        raise in_use(transfer_messages.BULK_BLOCKED_BY_RESTORE, table)


def _start(region: Region, bulk: BulkOperation, table: Table, delay_seconds: float) -> None:
    _put(region, bulk)
    end = partial(_end, region, bulk, table, is_late=delay_seconds > 0)
    if delay_seconds > 0:
        due_at = bulk.started_at + delay_seconds
        region.backend.agenda.schedule((bulk.arn, "end"), due_at, end, is_pending=True)
    else:
        end(bulk.started_at)


def _put(region: Region, bulk: BulkOperation) -> None:
    region.store.of(BulkOperation).put(bulk.arn, bulk)


def _end(region: Region, bulk: BulkOperation, table: Table, at: float, *, is_late: bool) -> None:
    at = min(at, region.backend.clock.seconds())
    _put(region, finished(region, bulk, table, at, is_late=is_late))


@operation("CancelBulkOperation", plane=Plane.CONTROL)
def cancel_bulk_operation(intent: Intent, door: Door) -> Response:
    """Cancel a bulk operation that is in progress; items that were written stay.

    https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_CancelBulkOperation.html
    """
    region = door.region
    bulk = _find(region, intent.request["BulkOperationArn"])
    if bulk.status not in {IN_PROGRESS, CANCELLING}:
        raise ValidationError(transfer_messages.bulk_operation_ended(bulk.status))
    if bulk.status == IN_PROGRESS:
        bulk = replace(bulk, status=CANCELLING)
        _put(region, bulk)
        due_at = region.backend.clock.seconds() + door.delay_seconds
        end = partial(_end_cancelled, region, bulk)
        # This replaces the task for the end of the operation.
        region.backend.agenda.schedule((bulk.arn, "end"), due_at, end, is_pending=True)
    return {"BulkOperationArn": bulk.arn, "BulkOperationStatus": CANCELLING}


def _end_cancelled(region: Region, bulk: BulkOperation, at: float) -> None:
    at = min(at, region.backend.clock.seconds())
    _put(region, replace(bulk, status=CANCELLED, ended_at=at))


# --- descriptions --------------------------------------------------------------------------------


def describe(bulk: BulkOperation) -> dict[str, Any]:
    """Return the description of a bulk operation."""
    request = bulk.request
    description = {
        **_summary(bulk),
        "TableDetails": [{"TableName": bulk.table_name, "TableId": bulk.table_id}],
        "ClientToken": bulk.client_token,
        "InputS3Configuration": request["InputS3Configuration"],
        "OutputS3Configuration": request["OutputS3Configuration"],
        "ProcessedItemCount": bulk.processed_item_count,
        "ProcessedInputBytes": bulk.processed_bytes,
        "TotalInputBytes": bulk.total_bytes,
        "BulkOperationUsage": [_usage(bulk)],
        "FailedItemCount": bulk.failed_item_count,
        "FailureCode": bulk.failure_code,
        "FailureMessage": bulk.failure_message,
        "MaxWriteRequestUnits": request.get("MaxWriteRequestUnits"),
        "PerformanceTier": request.get("PerformanceTier") or "STANDARD",
    }
    return deepcopy({name: value for name, value in description.items() if value is not None})


def _usage(bulk: BulkOperation) -> dict[str, Any]:
    by_index = {
        "LocalSecondaryIndexes": bulk.local_index_bytes,
        "GlobalSecondaryIndexes": bulk.global_index_bytes,
    }
    total_bytes = bulk.table_bytes + sum(sum(sizes.values()) for sizes in by_index.values())
    usage: dict[str, Any] = {
        "TableName": bulk.table_name,
        "BulkPutBytes": total_bytes,
        "Table": {"BulkPutBytes": bulk.table_bytes},
    }
    for member, sizes in by_index.items():
        if sizes:
            usage[member] = _by_name("BulkPutBytes", sizes)
    if bulk.vector_index_bytes:
        usage["VectorIndexes"] = _by_name("BulkPutVectorBytes", bulk.vector_index_bytes)
    return usage


def _by_name(member: str, sizes: Mapping[str, int]) -> dict[str, dict[str, int]]:
    return {name: {member: size_bytes} for name, size_bytes in sizes.items()}


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
    bulk = _find(door.region, intent.request["BulkOperationArn"])
    return {"BulkOperationDescription": describe(bulk)}


def _find(region: Region, arn: str) -> BulkOperation:
    bulk = find_by_arn(region, BulkOperation, arn, "bulk-operation")
    if bulk is None:
        raise ResourceNotFoundError(transfer_messages.bulk_operation_not_found(arn))
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
