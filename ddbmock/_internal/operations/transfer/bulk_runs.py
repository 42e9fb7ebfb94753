"""Execution of a bulk put: it puts the items of objects into a table, each under its condition.

A record is `{"Item": ...}`, with ConditionExpression, ExpressionAttributeNames and
ExpressionAttributeValues beside it as in PutItem. These names and the layout of the report are a
guess: the guide says that there are such conditions and such a report.

    <prefix>/AWSDynamoDB/<id>/manifest.json                  counts, and the files below
    <prefix>/AWSDynamoDB/<id>/error.json                     the errors of items
    <prefix>/AWSDynamoDB/<id>/condition_check_failure.json   the item, and the existing one
"""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

from ddbmock._internal.access.writes import read_put
from ddbmock._internal.buckets.access import BucketError, Encryption
from ddbmock._internal.engine.lifecycle import is_usable
from ddbmock._internal.errors import ConditionalCheckFailedError, ServiceError, ValidationError
from ddbmock._internal.formats.compression import content_bytes
from ddbmock._internal.formats.dynamodb_json import json_line, jsonable_item, typed_item
from ddbmock._internal.formats.file_errors import FileError, Location
from ddbmock._internal.formats.ion import ion_item
from ddbmock._internal.formats.python_values import AttributeValueError
from ddbmock._internal.formats.s3_imports import ImportSource, read_object
from ddbmock._internal.messages import tables as table_messages
from ddbmock._internal.messages import transfer as transfer_messages
from ddbmock._internal.operations.transfer.objects import buckets_of, failing, failure_of

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from ddbmock._internal.engine.backend import Region
    from ddbmock._internal.engine.changes import Change
    from ddbmock._internal.engine.table import Table
    from ddbmock._internal.engine.values import Item
    from ddbmock._internal.formats.s3_imports import ImportedItem
    from ddbmock._internal.operations.transfer.records import BulkOperation

COMPLETED, WITH_ERRORS, FAILED = "COMPLETED", "COMPLETED_WITH_ERRORS", "FAILED"
#: The origin of the commits of a bulk put.
ORIGIN = "bulk put"
ERROR, CONDITION_CHECK_FAILURE = "ERROR", "CONDITION_CHECK_FAILURE"
_NAMES, _VALUES = "ExpressionAttributeNames", "ExpressionAttributeValues"


@dataclass(slots=True)
class _Tally:
    """Counts of the items so far."""

    processed: int = 0
    failed: int = 0
    table_bytes: int = 0
    local_index_bytes: Counter[str] = field(default_factory=Counter)
    global_index_bytes: Counter[str] = field(default_factory=Counter)
    vector_index_bytes: Counter[str] = field(default_factory=Counter)
    #: The lines of the report by type.
    report: dict[str, list[Mapping[str, Any]]] = field(
        default_factory=lambda: {ERROR: [], CONDITION_CHECK_FAILURE: []}
    )

    def add_written(self, change: Change) -> None:
        """Count the bytes of a change that was committed."""
        if change.new is not None:
            self.table_bytes += change.new.size_bytes
        for written in change.index_writes:
            index = written.index
            sizes = self.global_index_bytes if index.is_global else self.local_index_bytes
            sizes[index.name] += sum(written.entry_bytes)
        for vector in change.vector_writes:
            self.vector_index_bytes[vector.index.name] += vector.written_bytes


def finished(
    region: Region, bulk: BulkOperation, table: Table, at: float, *, is_late: bool
) -> BulkOperation:
    """Put the items into the table, write the report, and return the operation as it ended."""
    source = bulk.request["InputS3Configuration"]
    tally, objects = _Tally(), []
    if region.tables.get(table.name) is not table or not is_usable(table.settings):
        text = table_messages.table_not_found(table.name)
        return replace(
            bulk, ended_at=at, status=FAILED, failure_code="TableNotFound", failure_message=text
        )
    try:
        with failing(is_late=is_late):
            objects = _objects(region, source)
            _put_all(region, bulk, table, objects, tally)
            _write_report(region, bulk, tally)
    except BucketError as error:
        code, message = failure_of(region, error)
        failed = _with_counts(bulk, objects, tally)
        return replace(
            failed, ended_at=at, status=FAILED, failure_code=code, failure_message=message
        )
    status = WITH_ERRORS if tally.failed else COMPLETED
    return replace(_with_counts(bulk, objects, tally), ended_at=at, status=status)


def _objects(region: Region, source: Mapping[str, Any]) -> list[tuple[str, bytes]]:
    return list(
        buckets_of(region.backend).objects(
            region.name,
            source["S3Bucket"],
            source.get("S3KeyPrefix") or "",
            owner=source.get("S3BucketOwner"),
        )
    )


def _with_counts(
    bulk: BulkOperation, objects: Sequence[tuple[str, bytes]], tally: _Tally
) -> BulkOperation:
    size_bytes = sum(content_bytes(body, bulk.compression) for _, body in objects)
    return replace(
        bulk,
        processed_item_count=tally.processed,
        failed_item_count=tally.failed,
        processed_bytes=size_bytes,
        total_bytes=size_bytes,
        table_bytes=tally.table_bytes,
        local_index_bytes=dict(tally.local_index_bytes),
        global_index_bytes=dict(tally.global_index_bytes),
        vector_index_bytes=dict(tally.vector_index_bytes),
    )


# --- items ---------------------------------------------------------------------------------------


def source_of(request: Mapping[str, Any]) -> ImportSource:
    """Return the source of a StartBulkPutItems request: how its objects are read."""
    source = request["InputS3Configuration"]
    return ImportSource(source["InputFormat"], source.get("InputCompressionType") or "NONE")


def _put_all(
    region: Region,
    bulk: BulkOperation,
    table: Table,
    objects: Sequence[tuple[str, bytes]],
    tally: _Tally,
) -> None:
    source = source_of(bulk.request)
    bucket = bulk.request["InputS3Configuration"]["S3Bucket"]
    for key, body in objects:
        for read in read_object(source, key, body):
            tally.processed += 1
            pointer = {"bucket": bucket, "key": key, "itemIndex": read.position}
            try:
                change = _put(region, table, source, read)
            except ConditionalCheckFailedError as error:
                failure: dict[str, Any] = {"itemS3Pointer": pointer}
                failure["Item"] = jsonable_item(read.item or {})
                if error.members:
                    failure["ExistingItem"] = jsonable_item(error.members["Item"])
                tally.report[CONDITION_CHECK_FAILURE].append(failure)
            except ServiceError as error:
                tally.failed += 1
                tally.report[ERROR].append(
                    {"itemS3Pointer": pointer, "errorMessages": [error.message]}
                )
            else:
                tally.add_written(change)


def _put(region: Region, table: Table, source: ImportSource, read: ImportedItem) -> Change:
    """Put one item, or raise what is wrong with it."""
    if read.item is None:
        raise ValidationError(read.problem or "")
    request = {
        "TableName": table.name,
        "Item": read.item,
        "ReturnValuesOnConditionCheckFailure": "ALL_OLD",
        **_condition(source, read.members),
    }
    put = read_put(request)
    key = put.locate(table)
    change = put.evaluate(table, key, table.items.get(key))
    region.backend.commit([(table, change)], ORIGIN)
    return change


def _condition(source: ImportSource, members: Mapping[str, Any]) -> dict[str, Any]:
    """Return the parameters of PutItem that a record has in addition to its item."""
    unknown = members.keys() - {"ConditionExpression", _NAMES, _VALUES}
    if unknown:
        raise ValidationError(transfer_messages.bulk_member_unknown(min(unknown)))
    parameters: dict[str, Any] = {}
    if "ConditionExpression" in members:
        parameters["ConditionExpression"] = str(members["ConditionExpression"])
    if _NAMES in members:
        names = members[_NAMES]
        parameters[_NAMES] = {str(name): str(value) for name, value in names.items()}
    if _VALUES in members:
        parameters[_VALUES] = _values(source, members[_VALUES])
    return parameters


def _values(source: ImportSource, values: Any) -> Item:
    try:
        if source.format_name == "ION":
            return ion_item(values, Location(""))
        return typed_item(values)
    except (AttributeValueError, FileError) as error:
        raise ValidationError(str(error)) from None


# --- the report ----------------------------------------------------------------------------------


def _write_report(region: Region, bulk: BulkOperation, tally: _Tally) -> None:
    target = bulk.request["OutputS3Configuration"]
    prefix = target.get("S3KeyPrefix") or ""
    slash = "/" if prefix and not prefix.endswith("/") else ""
    folder = f"{prefix}{slash}AWSDynamoDB/{bulk.arn.rpartition('/')[2]}/"
    files = {}
    for kind in target["OutputType"]:
        lines = tally.report[kind]
        if lines:
            key = f"{folder}{kind.lower()}.json"
            _store(region, target, key, "".join(json_line(line) + "\n" for line in lines))
            files[kind] = {"key": key, "itemCount": len(lines)}
    manifest = {
        "bulkOperationArn": bulk.arn,
        "processedItemCount": tally.processed,
        "failedItemCount": tally.failed,
        "conditionCheckFailureCount": len(tally.report[CONDITION_CHECK_FAILURE]),
        "files": files,
    }
    _store(region, target, f"{folder}manifest.json", json.dumps(manifest))


def _store(region: Region, target: Mapping[str, Any], key: str, text: str) -> None:
    algorithm = target.get("S3SseAlgorithm")
    encryption = None
    if algorithm is not None:
        encryption = Encryption(algorithm, target.get("S3SseKmsKeyId"))
    buckets_of(region.backend).put(
        region.name,
        target["S3Bucket"],
        key,
        text.encode(),
        owner=target.get("S3BucketOwner"),
        encryption=encryption,
    )
