"""Execution of an import: it creates a table with the items of objects."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING

from ddbmock._internal import limits
from ddbmock._internal.buckets.access import BucketError
from ddbmock._internal.engine import lifecycle
from ddbmock._internal.engine.changes import Change
from ddbmock._internal.engine.commit import LOAD
from ddbmock._internal.engine.settings import Transition
from ddbmock._internal.formats.compression import content_bytes
from ddbmock._internal.formats.s3_imports import ImportSource
from ddbmock._internal.garbage_collection import paused_collection
from ddbmock._internal.messages import tables as table_messages
from ddbmock._internal.messages import transfer as transfer_messages
from ddbmock._internal.operations.tables.tables import attribute_types, table_of
from ddbmock._internal.operations.transfer.import_errors import log_errors
from ddbmock._internal.operations.transfer.objects import buckets_of, failing, failure_of
from ddbmock._internal.operations.transfer.records import Import, ItemError
from ddbmock._internal.operations.transfer.source_items import valid_items

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from typing import Any

    from ddbmock._internal.engine.backend import Region
    from ddbmock._internal.engine.keys import OrderKey
    from ddbmock._internal.engine.table import Table
    from ddbmock._internal.operations.transfer.source_items import S3Object

#: The part of the duration of an import before the table is created (roughly, observed).
_BEFORE_TABLE = 0.3
_BATCH_COUNT = 1000


def source_of(request: Mapping[str, Any]) -> ImportSource:
    """Return the source of an ImportTable request: how its objects are read."""
    csv = (request.get("InputFormatOptions") or {}).get("Csv") or {}
    definitions = request["TableCreationParameters"]["AttributeDefinitions"]
    return ImportSource(
        request["InputFormat"],
        request.get("InputCompressionType") or "NONE",
        attribute_types(definitions),
        csv.get("Delimiter") or ",",
        tuple(csv.get("HeaderList") or ()),
    )


def start(region: Region, record: Import, delay_seconds: float) -> None:
    """Begin an import: the table is created after a while, and filled at the end."""
    region.store.of(Import).put(record.arn, record)
    is_late = delay_seconds > 0
    until = record.started_at + delay_seconds
    begin = partial(_create_table, region, record, until, is_late=is_late)
    if is_late:
        due_at = record.started_at + delay_seconds * _BEFORE_TABLE
        region.backend.agenda.schedule((record.arn, "table"), due_at, begin, is_pending=True)
    else:
        begin(record.started_at)


def _create_table(
    region: Region, record: Import, until: float, at: float, *, is_late: bool
) -> None:
    """Create the table, unless there are no objects to read or the table exists already."""
    backend, source = region.backend, record.request["S3BucketSource"]
    at = min(at, backend.clock.seconds())
    bucket, prefix = source["S3Bucket"], source.get("S3KeyPrefix") or ""
    try:
        with failing(is_late=is_late):
            objects = list(
                buckets_of(backend).objects(
                    region.name, bucket, prefix, owner=source.get("S3BucketOwner")
                )
            )
    except BucketError as error:
        _fail(region, record, at, *failure_of(region, error))
        return
    if record.table_name in region.tables:
        text = table_messages.table_exists(record.table_name)
        _fail(region, record, at, "TableAlreadyExists", text)
        return
    table = table_of(region, record.table_name, dict(record.request["TableCreationParameters"]))
    settings = replace(table.settings, table_id=record.table_id, created_at=at)
    region.add_table(table)
    lifecycle.begin(region, table, settings, Transition(lifecycle.CREATE, until))
    fill = partial(_fill, region, record, table, objects)
    if until > at:
        backend.agenda.schedule((record.arn, "items"), until, fill, is_pending=True)
    else:
        fill(at)


def _fail(region: Region, record: Import, at: float, code: str, message: str) -> None:
    failed = replace(record, ended_at=at, failure_code=code, failure_message=message)
    region.store.of(Import).put(record.arn, failed)


def _fill(
    region: Region, record: Import, table: Table, objects: Sequence[S3Object], at: float
) -> None:
    """Put the items of objects into the table, and end the import."""
    at = min(at, region.backend.clock.seconds())
    source = source_of(record.request)
    changes: dict[OrderKey, Change] = {}
    errors: list[ItemError] = []
    imported = 0
    with paused_collection(all_stays=True):
        for found, place in valid_items(table, source, objects):
            if found is None:
                errors.append(place)
            else:
                imported += 1
                changes[found.key] = Change(found.key, None, found.stored)
        _commit(region, table, list(changes.values()))
    ended = replace(
        record,
        ended_at=at,
        error_count=len(errors),
        processed_size_bytes=sum(content_bytes(body, source.compression) for _, body in objects),
        processed_item_count=imported + len(errors),
        imported_item_count=imported,
        errors=tuple(errors[: limits.IMPORT_ERRORS_LOGGED_MAX]),
        failure_code="ItemValidationError" if errors else None,
        failure_message=transfer_messages.ITEMS_NOT_VALID if errors else None,
    )
    region.store.of(Import).put(record.arn, ended)
    log_errors(region, ended)


def _commit(region: Region, table: Table, changes: Sequence[Change]) -> None:
    for first in range(0, len(changes), _BATCH_COUNT):
        batch = [(table, change) for change in changes[first : first + _BATCH_COUNT]]
        region.backend.commit(batch, LOAD)
