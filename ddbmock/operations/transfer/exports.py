"""DescribeExport and ListExports.

https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/S3DataExport.HowItWorks.html
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from ddbmock import messages
from ddbmock.access.operation import Plane
from ddbmock.arns import Arn
from ddbmock.errors import ExportNotFoundError
from ddbmock.operations.registry import operation
from ddbmock.operations.transfer.listing import page_of
from ddbmock.operations.transfer.resource_arns import find_by_arn
from ddbmock.times import timestamp

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ddbmock.access.door import Door
    from ddbmock.access.intent import Intent, Response
    from ddbmock.engine.backend import Region

FULL, INCREMENTAL = "FULL_EXPORT", "INCREMENTAL_EXPORT"
IN_PROGRESS, COMPLETED, FAILED = "IN_PROGRESS", "COMPLETED", "FAILED"


@dataclass(frozen=True, slots=True)
class Export:
    """An export of a table to Amazon S3."""

    arn: str
    table_arn: str
    #: Which of the tables that had this name was exported.
    table_id: str
    started_at: float
    client_token: str
    bucket: str
    #: The other parameters as they are described: S3Prefix, S3BucketOwner, ....
    described: Mapping[str, Any]
    format_name: str
    sse_algorithm: str
    #: Of a full export.
    export_time: float | None = None
    #: Of an incremental export.
    from_time: float | None = None
    to_time: float | None = None
    view: str | None = None
    ended_at: float | None = None
    failure_code: str | None = None
    failure_message: str | None = None
    manifest: str | None = None
    item_count: int = 0
    billed_size_bytes: int = 0

    @property
    def status(self) -> str:
        """The status, as descriptions have it."""
        if self.ended_at is None:
            return IN_PROGRESS
        return COMPLETED if self.failure_code is None else FAILED

    @property
    def is_incremental(self) -> bool:
        """Whether it is of the changes in a period."""
        return self.view is not None


def describe(export: Export) -> dict[str, Any]:
    """Return the description of an export; ExportType is in summaries only, as observed."""
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
        **export.described,
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
    if export.ended_at is not None:
        description["EndTime"] = timestamp(export.ended_at)
        description |= _outcome(export)
    return description


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
    """Return the exports of the region, or those of a table that is still there.

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
    """Return the id of the table that has an ARN now."""
    table = region.tables.get(region.arns.table_name(arn))
    return None if table is None else table.settings.table_id


def _summary(export: Export) -> dict[str, Any]:
    return {
        "ExportArn": export.arn,
        "ExportStatus": export.status,
        "ExportType": INCREMENTAL if export.is_incremental else FULL,
    }
