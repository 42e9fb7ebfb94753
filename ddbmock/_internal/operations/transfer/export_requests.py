"""Requests of ExportTableToPointInTime, checked first alone and then against the table.

https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/S3DataExport_Requesting.html
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime
from math import nextafter
from typing import TYPE_CHECKING, Any

from ddbmock._internal import limits
from ddbmock._internal.access.intent import Intent
from ddbmock._internal.arns import is_arn, parse
from ddbmock._internal.errors import (
    AccessDeniedError,
    InvalidExportTimeError,
    PointInTimeRecoveryUnavailableError,
    TableNotFoundError,
    ValidationError,
)
from ddbmock._internal.messages import transfer as messages
from ddbmock._internal.operations.transfer.export_filters import ExportFilter, read_filter
from ddbmock._internal.times import iso_seconds

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ddbmock._internal.access.intent import Request
    from ddbmock._internal.engine.backend import Region
    from ddbmock._internal.engine.settings import Recovery
    from ddbmock._internal.engine.table import Table

FULL, INCREMENTAL = "FULL_EXPORT", "INCREMENTAL_EXPORT"
#: The pattern in the service's message was cut off where it was seen.
_KEY_ID = re.compile(r"[a-zA-Z0-9:/_-]+")
_DEFAULT_VIEW = "NEW_AND_OLD_IMAGES"


class ExportRequest(Intent):
    """A request to export a table."""

    __slots__ = ("filter",)

    filter: ExportFilter | None

    @property
    def table_name(self) -> str:
        """The ARN of the table."""
        arn: str = self.request["TableArn"]
        return arn

    @property
    def specification(self) -> Mapping[str, Any] | None:
        """The IncrementalExportSpecification; None for a full export."""
        return self.request.get("IncrementalExportSpecification")


@dataclass(frozen=True, slots=True)
class Moment:
    """The time of a full export."""

    #: The time in descriptions.
    at: float
    #: The time whose state is exported.
    state_at: float


@dataclass(frozen=True, slots=True)
class Period:
    """The period of an incremental export: its start (inclusive) and end (exclusive)."""

    from_time: float
    to_time: float
    view: str


def read_export(request: Request) -> ExportRequest:
    """Return the intent, or raise what is wrong independently of the table."""
    intent = ExportRequest(request)
    _check_table_arn(request["TableArn"])
    _check_type(request)
    _check_key(request.get("S3SseKmsKeyId"), request.get("S3SseAlgorithm"))
    specification = request.get("FilterSpecification")
    intent.filter = None if specification is None else read_filter(specification)
    return intent


def _check_table_arn(arn: str) -> None:
    if not arn:
        raise ValidationError(messages.EXPORT_TABLE_ARN_EMPTY)
    if not is_arn(arn):
        raise ValidationError(messages.EXPORT_TABLE_NO_ARN)
    parts = parse(arn)
    is_of_table = parts is not None and parts.service == "dynamodb" and parts.kind == "table"
    if parts is None or not is_of_table or not parts.name or parts.subresource:
        raise ValidationError(messages.EXPORT_TABLE_ARN_INVALID)


def _check_key(key_id: str | None, algorithm: str | None) -> None:
    if key_id is None:
        return
    if algorithm != "KMS":
        raise ValidationError(messages.EXPORT_KEY_WITHOUT_KMS)
    if not _KEY_ID.fullmatch(key_id):
        raise ValidationError(messages.export_key_malformed(key_id, _KEY_ID.pattern))


def _check_type(request: Request) -> None:
    specification, kind = request.get("IncrementalExportSpecification"), request.get("ExportType")
    if specification is None:
        if kind == INCREMENTAL:
            raise ValidationError(messages.INCREMENTAL_WITHOUT_SPECIFICATION)
        return
    if kind is None:
        raise ValidationError(messages.SPECIFICATION_WITHOUT_TYPE)
    if kind == FULL:
        raise ValidationError(messages.SPECIFICATION_OF_FULL_EXPORT)
    if specification.get("ExportFromTime") is None:
        raise ValidationError(messages.EXPORT_FROM_TIME_MISSING)


def find_table(region: Region, arn: str) -> Table:
    """Return the table with an ARN.

    Raises:
        ServiceError: There is none in this region and account.
    """
    parts = parse(arn)
    if parts is not None and parts.account_id != region.account_id:
        raise AccessDeniedError(messages.ACCESS_IS_DENIED)
    table = region.tables.get(region.arns.table_name(arn))
    if table is None:
        raise TableNotFoundError(messages.export_table_not_found(arn))
    return table


def moment_of(intent: ExportRequest, table: Table, now: float) -> Moment | Period:
    """Return the time or the period that is exported.

    Raises:
        ServiceError: The state of the table at that time is not known.
    """
    specification = intent.specification
    if specification is None:
        recovery = _recovery_of(table)
        return _export_time(intent.request.get("ExportTime"), recovery, now)
    from_time = epoch_seconds(specification["ExportFromTime"])
    if from_time < int(table.settings.created_at):
        text = messages.export_from_before_creation(iso_seconds(from_time))
        raise InvalidExportTimeError(text)
    recovery = _recovery_of(table)
    to_time = epoch_seconds(specification.get("ExportToTime") or now)
    _check_period(from_time, to_time, recovery, now)
    view = specification.get("ExportViewType") or _DEFAULT_VIEW
    return Period(from_time, to_time, view)


def _recovery_of(table: Table) -> Recovery:
    recovery = table.settings.recovery
    if recovery is None:
        raise PointInTimeRecoveryUnavailableError(messages.recovery_is_off(table.name))
    return recovery


def _export_time(given: Any, recovery: Recovery, now: float) -> Moment:
    """Return the time of a full export: the end of the given second, or now."""
    if given is None:
        return Moment(now, now)
    at = epoch_seconds(given)
    # The earliest time is described to the second.
    if at > now or at < int(recovery.earliest(now)):
        raise InvalidExportTimeError(messages.EXPORT_TIME_INVALID)
    if at > recovery.latest(now):
        raise InvalidExportTimeError(messages.EXPORT_TIME_NOT_AVAILABLE)
    return Moment(at, min(nextafter(int(at) + 1, 0), now))


def _check_period(from_time: float, to_time: float, recovery: Recovery, now: float) -> None:
    if to_time > now:
        raise InvalidExportTimeError(messages.export_to_in_future(iso_seconds(to_time)))
    if to_time - from_time < limits.EXPORT_PERIOD_SECONDS_MIN:
        raise InvalidExportTimeError(messages.EXPORT_PERIOD_TOO_SHORT)
    if to_time - from_time > limits.EXPORT_PERIOD_SECONDS_MAX:
        raise InvalidExportTimeError(messages.EXPORT_PERIOD_TOO_LONG)
    if from_time < int(recovery.earliest(now)):
        raise InvalidExportTimeError(messages.EXPORT_TIME_INVALID)


def epoch_seconds(value: Any) -> float:
    """Return a time of a request, which is a number in JSON, as seconds since the epoch."""
    return value.timestamp() if isinstance(value, datetime) else float(value)
