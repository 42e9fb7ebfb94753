"""ImportTable, DescribeImport and ListImports.

https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/S3DataImport.HowItWorks.html
"""

from __future__ import annotations

import uuid
from copy import deepcopy
from typing import TYPE_CHECKING, Any

from ddbmock._internal import limits
from ddbmock._internal.access.intent import Intent
from ddbmock._internal.access.operation import Plane
from ddbmock._internal.arns import import_arn
from ddbmock._internal.engine import lifecycle
from ddbmock._internal.engine.settings import ON_DEMAND
from ddbmock._internal.errors import (
    ImportConflictError,
    ImportNotFoundError,
    LimitExceededError,
    ResourceInUseError,
    ValidationError,
)
from ddbmock._internal.messages import tables as table_messages
from ddbmock._internal.messages import transfer as transfer_messages
from ddbmock._internal.operations.registry import operation
from ddbmock._internal.operations.tables.states import status_of
from ddbmock._internal.operations.tables.tables import define_table
from ddbmock._internal.operations.transfer.import_errors import LOG_GROUP
from ddbmock._internal.operations.transfer.import_runs import source_of, start
from ddbmock._internal.operations.transfer.listing import page_of
from ddbmock._internal.operations.transfer.objects import buckets_of, new_id
from ddbmock._internal.operations.transfer.records import IN_PROGRESS, Import, is_being_imported
from ddbmock._internal.operations.transfer.requests import (
    client_token,
    plain,
    sent_again,
    without_token,
)
from ddbmock._internal.operations.transfer.resource_arns import find_by_arn
from ddbmock._internal.times import timestamp
from ddbmock._internal.validation.tables import check_create_table

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ddbmock._internal.access.door import Door
    from ddbmock._internal.access.intent import Request, Response
    from ddbmock._internal.engine.backend import Region

_MAXIMA = ("MaxReadRequestUnits", "MaxWriteRequestUnits")


class ImportRequest(Intent):
    """A request to import a table."""

    __slots__ = ()

    @property
    def table_name(self) -> str:
        """The name of the new table."""
        name: str = self.request["TableCreationParameters"]["TableName"]
        return name


def read_import(request: Request) -> ImportRequest:
    """Return the intent, or raise what is wrong independently of the tables."""
    if request.get("InputFormatOptions") and request["InputFormat"] != "CSV":
        raise ValidationError(transfer_messages.import_options_unsupported(request["InputFormat"]))
    parameters = request["TableCreationParameters"]
    _check_maxima(parameters)
    check_create_table(parameters)
    return ImportRequest(request)


def _check_maxima(parameters: Mapping[str, Any]) -> None:
    maxima = parameters.get("OnDemandThroughput") or {}
    if parameters.get("BillingMode") != ON_DEMAND and parameters.get("ProvisionedThroughput"):
        for name in reversed(_MAXIMA):
            if maxima.get(name) is not None:
                raise ValidationError(transfer_messages.import_maximum_without_on_demand(name))


@operation("ImportTable", plane=Plane.CONTROL, read=read_import)
def import_table(intent: ImportRequest, door: Door) -> Response:
    """Import the objects of a bucket into a new table.

    The status in the response is IN_PROGRESS. Without delays, the import has ended by then.

    https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_ImportTable.html
    """
    region, request, name = door.region, plain(intent.request), intent.table_name
    previous = sent_again(region, Import, request, region.backend.clock.seconds())
    if previous is not None:
        if previous.table_name != name:
            raise ImportConflictError(transfer_messages.IMPORT_CONFLICT)
        if previous.status == IN_PROGRESS or name not in region.tables:
            return {"ImportTableDescription": describe(previous)}
    _check_name_is_free(region, name)
    define_table(region, name, request["TableCreationParameters"])
    _check_quota(region)
    source_of(request).check_installed()
    buckets_of(region.backend).check(region.name, request["S3BucketSource"]["S3Bucket"])
    record = _new_import(region, name, request)
    start(region, record, door.delay_seconds)
    return {"ImportTableDescription": describe(record)}


def _check_name_is_free(region: Region, name: str) -> None:
    """Refuse the name of a table, except of one that another import creates: one of them fails."""
    table = region.tables.get(name)
    if table is None:
        return
    if status_of(region, table) == lifecycle.CREATING and is_being_imported(region, name):
        return
    raise ResourceInUseError(table_messages.table_exists(name))


def _check_quota(region: Region) -> None:
    imports = region.store.of(Import).records.values()
    if sum(each.ended_at is None for each in imports) >= limits.CONCURRENT_IMPORTS_MAX:
        raise LimitExceededError(transfer_messages.too_many_imports(limits.CONCURRENT_IMPORTS_MAX))


def _new_import(region: Region, name: str, request: Request) -> Import:
    table_arn = region.arns.table(name)
    return Import(
        import_arn(table_arn, new_id(region)),
        table_arn,
        str(uuid.UUID(int=region.backend.random.getrandbits(128), version=4)),
        region.backend.clock.seconds(),
        client_token(region, request),
        without_token(request),
        region.arns.log_group(LOG_GROUP),
        region.account_id,
    )


# --- descriptions --------------------------------------------------------------------------------


def describe(record: Import) -> dict[str, Any]:
    """Return the description of an import."""
    request = record.request
    description: dict[str, Any] = {
        **_common(record),
        "TableId": record.table_id,
        "ClientToken": record.client_token,
        "ErrorCount": record.error_count,
        "InputCompressionType": record.compression,
        "TableCreationParameters": request["TableCreationParameters"],
        "ProcessedSizeBytes": record.processed_size_bytes,
        "ProcessedItemCount": record.processed_item_count,
        "ImportedItemCount": record.imported_item_count,
    }
    if request.get("InputFormatOptions"):
        description["InputFormatOptions"] = request["InputFormatOptions"]
    if record.failure_code is not None:
        description["FailureCode"] = record.failure_code
        description["FailureMessage"] = record.failure_message
    return deepcopy(description)


def _common(record: Import) -> dict[str, Any]:
    """Return the members that descriptions and summaries have."""
    members = {
        "ImportArn": record.arn,
        "ImportStatus": record.status,
        "TableArn": record.table_arn,
        "S3BucketSource": record.bucket_source,
        "CloudWatchLogGroupArn": record.log_group_arn,
        "InputFormat": record.request["InputFormat"],
        "StartTime": timestamp(record.started_at),
    }
    if record.ended_at is not None:
        members["EndTime"] = timestamp(record.ended_at)
    return members


@operation("DescribeImport", plane=Plane.CONTROL)
def describe_import(intent: Intent, door: Door) -> Response:
    """Return the description of an import.

    https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_DescribeImport.html
    """
    arn = intent.request["ImportArn"]
    record = find_by_arn(door.region, Import, arn, "import")
    if record is None:
        raise ImportNotFoundError(transfer_messages.import_not_found(arn))
    return {"ImportTableDescription": describe(record)}


@operation("ListImports", plane=Plane.CONTROL)
def list_imports(intent: Intent, door: Door) -> Response:
    """Return the imports of the region, or those into a table, which may have been deleted.

    https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_ListImports.html
    """
    request = intent.request
    arn = request.get("TableArn")
    page, more = page_of(
        door.region,
        Import,
        request.get("PageSize"),
        request.get("NextToken"),
        lambda record: arn is None or record.table_arn == arn,
    )
    return {"ImportSummaryList": [_common(record) for record in page], **more}
