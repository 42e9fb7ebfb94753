"""Backups: the items and settings of a table at one moment. A backup outlives its table.

A backup shares the stored items with its table, as these never change: it costs one reference for
each item.

https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Backup-and-Restore.html
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import partial
from typing import TYPE_CHECKING, cast

from ddbmock._internal import limits
from ddbmock._internal.arns import backup_arn
from ddbmock._internal.times import milliseconds

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sortedcontainers import SortedDict

    from ddbmock._internal.engine.backend import Region
    from ddbmock._internal.engine.history import Definition
    from ddbmock._internal.engine.items import StoredItem
    from ddbmock._internal.engine.keys import KeySchema, OrderKey
    from ddbmock._internal.engine.store import Collection
    from ddbmock._internal.engine.table import Table

USER, SYSTEM = "USER", "SYSTEM"


# eq=False: a backup is compared by identity, its items are many.
@dataclass(frozen=True, slots=True, eq=False)
class Backup:
    """One backup of a table."""

    arn: str
    name: str
    #: `USER` or `SYSTEM`.
    kind: str
    created_at: float
    #: When the service deletes it; None for a backup that stays until it is deleted.
    expires_at: float | None
    table_name: str
    key_schema: KeySchema
    #: The settings and the indexes of the table.
    definition: Definition
    items: Mapping[OrderKey, StoredItem]
    size_bytes: int


def backups_of(region: Region) -> Collection[Backup]:
    """Return the backups of a region by ARN and in its order: by table, the oldest first."""
    return region.store.of(Backup, in_order=True)


def backups_in_order(region: Region) -> SortedDict[str, Backup]:
    """Return the same backups as a mapping, for reading."""
    return cast("SortedDict[str, Backup]", backups_of(region).records)


def back_up(region: Region, table: Table, name: str) -> Backup:
    """Create an on-demand backup."""
    digits = f"{region.backend.random.getrandbits(32):08x}"
    return _make(region, table, name, USER, digits)


def back_up_deleted(region: Region, table: Table) -> Backup:
    """Create the system backup of a table that is deleted while point-in-time recovery is on."""
    return _make(region, table, f"{table.name}$DeletedTableBackup", SYSTEM, "00000000")


def _make(region: Region, table: Table, name: str, kind: str, digits: str) -> Backup:
    now = region.backend.clock.seconds()
    definition = table.definition
    backup = Backup(
        backup_arn(region.arns.table(table.name), f"{_free_number(region, table, now)}-{digits}"),
        name,
        kind,
        now,
        now + limits.SYSTEM_BACKUP_SECONDS if kind == SYSTEM else None,
        table.name,
        table.key_schema,
        definition._replace(settings=replace(definition.settings, transitions=())),
        dict(table.items.items()),
        table.size_bytes,
    )
    add_backup(region, backup)
    return backup


def _free_number(region: Region, table: Table, now: float) -> str:
    """Return the number of a new backup: the time in milliseconds, later if that is taken."""
    made_at = milliseconds(now)
    backups = backups_in_order(region)
    while True:
        number = f"{made_at:014}"
        beginning = backup_arn(region.arns.table(table.name), number)
        at = backups.bisect_left(beginning)
        if at == len(backups) or not backups.peekitem(at)[0].startswith(beginning):
            return number
        made_at += 1


def add_backup(region: Region, backup: Backup) -> None:
    """Add a backup, which is removed when it expires."""
    backups_of(region).put(backup.arn, backup)
    if backup.expires_at is not None:
        expire = partial(_expire, region, backup)
        region.backend.agenda.schedule((backup, "expiry"), backup.expires_at, expire)


def _expire(region: Region, backup: Backup, _: float) -> None:
    backups_of(region).remove(backup.arn)


def remove_backup(region: Region, backup: Backup) -> None:
    """Remove a backup."""
    backups_of(region).remove(backup.arn)
    region.backend.agenda.cancel_all_of(backup)
