"""DescribeImport and ListImports.

https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/S3DataImport.HowItWorks.html
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ddbmock import messages
from ddbmock.access.operation import Plane
from ddbmock.errors import ImportNotFoundError
from ddbmock.operations.registry import operation
from ddbmock.operations.transfer.listing import page_of
from ddbmock.operations.transfer.records import Import
from ddbmock.operations.transfer.resource_arns import find_by_arn
from ddbmock.times import timestamp

if TYPE_CHECKING:
    from ddbmock.access.door import Door
    from ddbmock.access.intent import Intent, Response


def describe(imported: Import) -> dict[str, Any]:
    """Return the description of an import."""
    description: dict[str, Any] = {
        **_common(imported),
        "TableId": imported.table_id,
        "ClientToken": imported.client_token,
        "ErrorCount": imported.error_count,
        "InputCompressionType": imported.compression,
        "TableCreationParameters": imported.table_parameters,
        "ProcessedSizeBytes": imported.processed_size_bytes,
        "ProcessedItemCount": imported.processed_item_count,
        "ImportedItemCount": imported.imported_item_count,
    }
    if imported.format_options:
        description["InputFormatOptions"] = imported.format_options
    if imported.failure_code is not None:
        description["FailureCode"] = imported.failure_code
        description["FailureMessage"] = imported.failure_message
    return description


def _common(imported: Import) -> dict[str, Any]:
    """Return the members that descriptions and summaries have."""
    members = {
        "ImportArn": imported.arn,
        "ImportStatus": imported.status,
        "TableArn": imported.table_arn,
        "S3BucketSource": imported.source,
        "CloudWatchLogGroupArn": imported.log_group_arn,
        "InputFormat": imported.input_format,
        "StartTime": timestamp(imported.started_at),
    }
    if imported.ended_at is not None:
        members["EndTime"] = timestamp(imported.ended_at)
    return members


@operation("DescribeImport", plane=Plane.CONTROL)
def describe_import(intent: Intent, door: Door) -> Response:
    """Return the description of an import.

    https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_DescribeImport.html
    """
    arn = intent.request["ImportArn"]
    imported = find_by_arn(door.region, Import, arn, "import")
    if imported is None:
        raise ImportNotFoundError(messages.import_not_found(arn))
    return {"ImportTableDescription": describe(imported)}


@operation("ListImports", plane=Plane.CONTROL)
def list_imports(intent: Intent, door: Door) -> Response:
    """Return the imports of the region, or those into a table, which may be gone.

    https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_ListImports.html
    """
    request = intent.request
    arn = request.get("TableArn")
    page, more = page_of(
        door.region,
        Import,
        request.get("PageSize"),
        request.get("NextToken"),
        lambda imported: arn is None or imported.table_arn == arn,
    )
    return {"ImportSummaryList": [_common(imported) for imported in page], **more}
