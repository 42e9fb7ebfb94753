"""DescribeContinuousBackups and UpdateContinuousBackups: point-in-time recovery on and off.

A table that has it keeps a history of its changes (`engine.history`); others pay nothing. The
status of continuous backups is always ENABLED.

https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Point-in-time-recovery.html
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from ddbmock._internal import limits
from ddbmock._internal.access.intent import Intent
from ddbmock._internal.access.operation import Plane
from ddbmock._internal.engine import lifecycle
from ddbmock._internal.engine.settings import Recovery
from ddbmock._internal.errors import ContinuousBackupsUnavailableError, ValidationError
from ddbmock._internal.messages import backups as messages
from ddbmock._internal.operations.backups.tables import find_table
from ddbmock._internal.operations.registry import operation
from ddbmock._internal.operations.tables.states import status_of
from ddbmock._internal.times import timestamp

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ddbmock._internal.access.door import Door
    from ddbmock._internal.access.intent import Request, Response
    from ddbmock._internal.engine.backend import Backend, Region
    from ddbmock._internal.engine.table import Table

#: The purpose of the history of a table.
PURPOSE = "point-in-time recovery"


@operation("DescribeContinuousBackups", plane=Plane.CONTROL)
def describe_continuous_backups(intent: Intent, door: Door) -> Response:
    """Return whether a table has point-in-time recovery, and the times it can be restored to.

    https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_DescribeContinuousBackups.html
    """
    table = find_table(door.region, intent.request["TableName"])
    return _description(door.region, table)


def _description(region: Region, table: Table) -> Response:
    is_created = status_of(region, table) == lifecycle.CREATING
    recovery = _recovery(table.settings.recovery, region.backend.clock.seconds())
    return {
        "ContinuousBackupsDescription": {
            "ContinuousBackupsStatus": "DISABLED" if is_created else "ENABLED",
            "PointInTimeRecoveryDescription": recovery,
        }
    }


def _recovery(recovery: Recovery | None, now: float) -> dict[str, Any]:
    if recovery is None:
        return {"PointInTimeRecoveryStatus": "DISABLED"}
    return {
        "PointInTimeRecoveryStatus": "ENABLED",
        "RecoveryPeriodInDays": recovery.period_days,
        # A table is restored to a second.
        "EarliestRestorableDateTime": timestamp(int(recovery.earliest(now))),
        "LatestRestorableDateTime": timestamp(int(recovery.latest(now))),
    }


def read_update(request: Request) -> Intent:
    """Read a request of UpdateContinuousBackups."""
    specification = request["PointInTimeRecoverySpecification"]
    has_period = specification.get("RecoveryPeriodInDays") is not None
    if has_period and not specification["PointInTimeRecoveryEnabled"]:
        raise ValidationError(messages.PERIOD_WITHOUT_RECOVERY)
    return Intent(request)


@operation("UpdateContinuousBackups", plane=Plane.CONTROL, read=read_update)
def update_continuous_backups(intent: Intent, door: Door) -> Response:
    """Enable or disable point-in-time recovery, or change its period.

    https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_UpdateContinuousBackups.html
    """
    region, request = door.region, intent.request
    table = find_table(region, request["TableName"])
    if status_of(region, table) == lifecycle.CREATING:
        raise ContinuousBackupsUnavailableError(messages.backups_not_ready(table.name))
    current = table.settings.recovery
    wanted = _changed(
        current, request["PointInTimeRecoverySpecification"], region.backend.clock.seconds()
    )
    if wanted != current:
        use_recovery(region.backend, table, wanted)
    return _description(region, table)


def _changed(
    current: Recovery | None, specification: Mapping[str, Any], now: float
) -> Recovery | None:
    if not specification["PointInTimeRecoveryEnabled"]:
        return None
    days = specification.get("RecoveryPeriodInDays")
    if current is None:
        return Recovery(now, days or limits.RECOVERY_PERIOD_DAYS_MAX)
    if days is None or days == current.period_days:
        return current
    # Changes that a short period has dropped do not come back with a longer one.
    return Recovery(current.earliest(now), days)


def use_recovery(backend: Backend, table: Table, recovery: Recovery | None) -> None:
    """Enable point-in-time recovery of a table, change it, or disable it."""
    table.configure(replace(table.settings, recovery=recovery))
    if recovery is None:
        table.forget(PURPOSE)
    else:
        table.remember(PURPOSE, recovery.period_seconds, backend.clock)


def start_recovery(backend: Backend, table: Table) -> None:
    """Start the history of a table whose settings have point-in-time recovery."""
    recovery = table.settings.recovery
    if recovery is not None:
        use_recovery(backend, table, replace(recovery, since=backend.clock.seconds()))
