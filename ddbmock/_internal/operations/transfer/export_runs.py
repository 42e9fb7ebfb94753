"""Execution of an export: it writes the state of the table as objects into the bucket."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, NamedTuple

from ddbmock._internal import limits
from ddbmock._internal.buckets.access import BucketError, Encryption
from ddbmock._internal.engine.keys import HASH_SPACE
from ddbmock._internal.formats.export_records import ExportedChange
from ddbmock._internal.formats.s3_exports import SUMMARY, ExportSummary, data_file, export_objects
from ddbmock._internal.operations.transfer.export_filters import is_in
from ddbmock._internal.operations.transfer.export_requests import Moment
from ddbmock._internal.operations.transfer.objects import buckets_of, failing, failure_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from ddbmock._internal.engine.backend import Region
    from ddbmock._internal.engine.history import Changed
    from ddbmock._internal.engine.items import StoredItem
    from ddbmock._internal.engine.keys import OrderKey
    from ddbmock._internal.engine.table import Table
    from ddbmock._internal.engine.values import Item
    from ddbmock._internal.formats.export_records import ExportFormat
    from ddbmock._internal.operations.transfer.export_filters import ExportFilter
    from ddbmock._internal.operations.transfer.export_requests import Period
    from ddbmock._internal.operations.transfer.records import Export

_MICROSECONDS = 1_000_000
#: A guess: small full exports were seen to have a billed size of zero.
_BILLED_STEP_BYTES = 1_000_000


class Content(NamedTuple):
    """The content of an export: lines by order key, and the bytes of the items read for them."""

    lines: Mapping[OrderKey, str]
    read_bytes: int


def content_of(
    table: Table, scope: Moment | Period, export_format: ExportFormat, wanted: ExportFilter | None
) -> Content:
    """Return the lines of an export.

    Raises:
        ValidationError: The filter does not fit the table.
    """
    bounds = None if wanted is None else wanted.range_of(table.key_schema)
    history = table.history
    earliest = 0.0 if history is None else history.earliest
    if isinstance(scope, Moment):
        items = {
            key: stored
            for key, stored in table.items_at(max(scope.state_at, earliest)).items()
            if is_in(bounds, key)
        }
        read_bytes = sum(stored.size_bytes for stored in items.values())
        return Content(dict(_item_lines(items, export_format, wanted)), read_bytes)
    changes = {
        key: changed
        for key, changed in table.changed_in(max(scope.from_time, earliest), scope.to_time).items()
        if is_in(bounds, key)
    }
    read_bytes = sum(
        0 if stored is None else stored.size_bytes
        for changed in changes.values()
        for stored in (changed.before, changed.after)
    )
    lines = _change_lines(changes, scope.view, table.key_schema.names, export_format, wanted)
    return Content(dict(lines), read_bytes)


def _item_lines(
    items: Mapping[OrderKey, StoredItem], export_format: ExportFormat, wanted: ExportFilter | None
) -> Iterator[tuple[OrderKey, str]]:
    for key in sorted(items):
        item = items[key].load()
        if wanted is not None:
            if not wanted.test(item):
                continue
            item = wanted.project(item)
        yield key, export_format.item_line(item)


def _change_lines(
    changes: Mapping[OrderKey, Changed],
    view: str,
    key_names: tuple[str, ...],
    export_format: ExportFormat,
    wanted: ExportFilter | None,
) -> Iterator[tuple[OrderKey, str]]:
    for key in sorted(changes):
        changed = changes[key]
        before, after = (_loaded(each) for each in (changed.before, changed.after))
        newest = before if after is None else after
        # An item that was created and deleted within the period is omitted.
        if newest is None or (wanted is not None and not wanted.test(newest)):
            continue
        yield (
            key,
            export_format.change_line(
                ExportedChange(
                    {name: newest[name] for name in key_names},
                    round(changed.at * _MICROSECONDS),
                    _image(before if view == "NEW_AND_OLD_IMAGES" else None, wanted),
                    _image(after, wanted),
                )
            ),
        )


def _loaded(stored: StoredItem | None) -> Item | None:
    return None if stored is None else stored.load()


def _image(item: Item | None, wanted: ExportFilter | None) -> Item | None:
    return item if item is None or wanted is None else wanted.project(item)


def finished(
    region: Region, export: Export, content: Content, at: float, *, is_late: bool
) -> Export:
    """Write an export into its bucket, and return its finished record."""
    summary = ExportSummary(
        export_arn=export.arn,
        table_arn=export.table_arn,
        table_id=export.table_id,
        start_time=export.started_at,
        end_time=at,
        bucket=export.bucket,
        prefix=export.prefix,
        export_time=export.export_time,
        from_time=export.from_time,
        to_time=export.to_time,
        view=export.view,
        format_name=export.format_name,
        billed_size_bytes=_billed_bytes(export, content),
        sse_algorithm=export.sse_algorithm,
        sse_kms_key_id=export.request.get("S3SseKmsKeyId"),
    )
    try:
        with failing(is_late=is_late):
            _write(region, export, summary, content)
    except BucketError as error:
        code, message = failure_of(region, error)
        return replace(export, ended_at=at, failure_code=code, failure_message=message)
    return replace(
        export,
        ended_at=at,
        manifest=summary.folder + SUMMARY,
        item_count=len(content.lines),
        billed_size_bytes=summary.billed_size_bytes,
    )


def _billed_bytes(export: Export, content: Content) -> int:
    if export.is_incremental:
        return max(content.read_bytes, limits.INCREMENTAL_EXPORT_BYTES_MIN)
    return content.read_bytes // _BILLED_STEP_BYTES * _BILLED_STEP_BYTES


def _write(region: Region, export: Export, summary: ExportSummary, content: Content) -> None:
    by_partition: list[list[str]] = [[] for _ in range(limits.NEW_TABLE_PARTITIONS)]
    for key, line in content.lines.items():
        by_partition[key[0] * limits.NEW_TABLE_PARTITIONS // HASH_SPACE].append(line)
    random = region.backend.random
    files = [data_file(summary, lines, random) for lines in by_partition]
    buckets = buckets_of(region.backend)
    asked = export.request.get("S3SseAlgorithm")
    # AES256 is the default of buckets; not every server in place of S3 accepts it.
    encryption = None if asked is None else Encryption(asked, summary.sse_kms_key_id)
    owner = export.request.get("S3BucketOwner")
    for each in export_objects(summary, files):
        buckets.put(
            region.name, export.bucket, each.key, each.body, owner=owner, encryption=encryption
        )
