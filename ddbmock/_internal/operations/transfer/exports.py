"""ExportTableToPointInTime, DescribeExport and ListExports.

https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/S3DataExport.HowItWorks.html
"""

from __future__ import annotations

from copy import deepcopy
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, Any

from ddbmock._internal import limits
from ddbmock._internal.access.operation import Plane
from ddbmock._internal.arns import Arn, export_arn
from ddbmock._internal.engine.values import normalize_value
from ddbmock._internal.errors import ExportConflictError, ExportNotFoundError, LimitExceededError
from ddbmock._internal.formats.export_records import EXPORT_FORMATS
from ddbmock._internal.messages import transfer as messages
from ddbmock._internal.operations.registry import operation
from ddbmock._internal.operations.transfer.export_requests import (
    FULL,
    INCREMENTAL,
    ExportRequest,
    Moment,
    Period,
    find_table,
    moment_of,
    read_export,
)
from ddbmock._internal.operations.transfer.export_runs import content_of, finished
from ddbmock._internal.operations.transfer.listing import page_of
from ddbmock._internal.operations.transfer.objects import buckets_of, new_id
from ddbmock._internal.operations.transfer.records import Export
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
    from ddbmock._internal.access.intent import Intent, Request, Response
    from ddbmock._internal.engine.backend import Region
    from ddbmock._internal.engine.table import Table
    from ddbmock._internal.operations.transfer.export_runs import Content

#: The parameters that are described as they were sent.
_ECHOED = ("S3Prefix", "S3BucketOwner", "S3SseKmsKeyId")


@operation("ExportTableToPointInTime", plane=Plane.CONTROL, read=read_export)
def export_table_to_point_in_time(intent: ExportRequest, door: Door) -> Response:
    """Export the state of a table at a time, or its changes in a period.

    The status in the response is IN_PROGRESS. Without delays, the export has ended by then.

    https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_ExportTableToPointInTime.html
    """
    region, request = door.region, plain(intent.request)
    now = region.backend.clock.seconds()
    previous = sent_again(region, Export, request, now)
    if previous is not None:
        if previous.request != without_token(request):
            raise ExportConflictError(messages.EXPORT_CONFLICT)
        return {"ExportDescription": describe(previous)}
    table = find_table(region, request["TableArn"])
    scope = moment_of(intent, table, now)
    export = _new_export(region, table, request, scope)
    content = content_of(table, scope, EXPORT_FORMATS[export.format_name], intent.filter)
    _check_quota(region)
    buckets_of(region.backend).check(region.name, export.bucket)
    _start(region, export, content, door.delay_seconds)
    return {"ExportDescription": describe(export)}


def _new_export(region: Region, table: Table, request: Request, scope: Moment | Period) -> Export:
    arn = region.arns.table(table.name)
    export = Export(
        export_arn(arn, new_id(region)),
        arn,
        table.settings.table_id,
        region.backend.clock.seconds(),
        client_token(region, request),
        without_token(request),
    )
    if isinstance(scope, Moment):
        return replace(export, export_time=scope.at)
    return replace(export, from_time=scope.from_time, to_time=scope.to_time, view=scope.view)


def _check_quota(region: Region) -> None:
    exports = region.store.of(Export).records.values()
    if sum(export.ended_at is None for export in exports) >= limits.CONCURRENT_EXPORTS_MAX:
        raise LimitExceededError(messages.too_many_exports(limits.CONCURRENT_EXPORTS_MAX))


def _start(region: Region, export: Export, content: Content, delay_seconds: float) -> None:
    region.store.of(Export).put(export.arn, export)
    end = partial(_end, region, export, content, is_late=delay_seconds > 0)
    if delay_seconds > 0:
        due_at = export.started_at + delay_seconds
        region.backend.agenda.schedule((export.arn, "end"), due_at, end, is_pending=True)
    else:
        end(export.started_at)


def _end(region: Region, export: Export, content: Content, at: float, *, is_late: bool) -> None:
    at = min(at, region.backend.clock.seconds())
    ended = finished(region, export, content, at, is_late=is_late)
    region.store.of(Export).put(export.arn, ended)


# --- descriptions --------------------------------------------------------------------------------


def describe(export: Export) -> dict[str, Any]:
    """Return the description of an export.

    That of a full export has no ExportType, as observed; summaries have it.
    """
    request = export.request
    description: dict[str, Any] = {
        "ExportArn": export.arn,
        "ExportStatus": export.status,
        "StartTime": timestamp(export.started_at),
        "TableArn": export.table_arn,
        "TableId": export.table_id,
        "ClientToken": export.client_token,
        "S3Bucket": export.bucket,
        "S3SseAlgorithm": export.sse_algorithm,
        "ExportFormat": export.format_name,
        **{name: request[name] for name in _ECHOED if request.get(name) is not None},
    }
    if export.from_time is not None and export.to_time is not None:
        description["ExportType"] = INCREMENTAL
        description["IncrementalExportSpecification"] = {
            "ExportFromTime": timestamp(export.from_time),
            "ExportToTime": timestamp(export.to_time),
            "ExportViewType": export.view,
        }
    if export.export_time is not None:
        description["ExportTime"] = timestamp(export.export_time)
    if request.get("FilterSpecification") is not None:
        description["FilterSpecification"] = _filter(request["FilterSpecification"])
    if export.ended_at is not None:
        description["EndTime"] = timestamp(export.ended_at)
        description |= _outcome(export)
    return description


def _filter(specification: Mapping[str, Any]) -> dict[str, Any]:
    """Return a FilterSpecification as it was sent, with the types of the API."""
    own = deepcopy(dict(specification))
    for value in (own.get("ExpressionAttributeValues") or {}).values():
        normalize_value(value)
    return own


def _outcome(export: Export) -> dict[str, Any]:
    if export.failure_code is not None:
        return {"FailureCode": export.failure_code, "FailureMessage": export.failure_message}
    return {
        "ExportManifest": export.manifest,
        "BilledSizeBytes": export.billed_size_bytes,
        "ItemCount": export.item_count,
    }


@operation("DescribeExport", plane=Plane.CONTROL)
def describe_export(intent: Intent, door: Door) -> Response:
    """Return the description of an export.

    https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_DescribeExport.html
    """
    region, arn = door.region, intent.request["ExportArn"]
    export = find_by_arn(region, Export, arn, "export")
    if export is None:
        is_here = Arn.of(arn).region_name == region.name
        text = messages.export_not_found(arn) if is_here else messages.EXPORT_ARN_ELSEWHERE
        raise ExportNotFoundError(text)
    return {"ExportDescription": describe(export)}


@operation("ListExports", plane=Plane.CONTROL)
def list_exports(intent: Intent, door: Door) -> Response:
    """Return the exports of the region, or those of an existing table.

    https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_ListExports.html
    """
    request = intent.request
    arn = request.get("TableArn")
    table_id = None if arn is None else _table_id(door.region, arn)
    page, more = page_of(
        door.region,
        Export,
        request.get("MaxResults"),
        request.get("NextToken"),
        lambda export: arn is None or export.table_id == table_id,
    )
    return {"ExportSummaries": [_summary(export) for export in page], **more}


def _table_id(region: Region, arn: str) -> str | None:
    """Return the id of the existing table with an ARN."""
    table = region.tables.get(region.arns.table_name(arn))
    return None if table is None else table.settings.table_id


def _summary(export: Export) -> dict[str, Any]:
    return {
        "ExportArn": export.arn,
        "ExportStatus": export.status,
        "ExportType": INCREMENTAL if export.is_incremental else FULL,
    }
