"""The section of backups, each followed by its items."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from ddbmock._internal.arns import backup_arn
from ddbmock._internal.data.saved_state.tables import defined_table, definition_of, stored_item
from ddbmock._internal.data.typed_json import from_json, to_json
from ddbmock._internal.engine.backups import SYSTEM, USER, Backup, add_backup, backups_of
from ddbmock._internal.engine.settings import TableSettings  # noqa: TC001 (types of fields are read)
from ddbmock._internal.formats.dynamodb_json import jsonable_item

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from ddbmock._internal.data.saved_state.state import LoadedState
    from ddbmock._internal.engine.backend import Region
    from ddbmock._internal.engine.items import StoredItem
    from ddbmock._internal.engine.keys import OrderKey
    from ddbmock._internal.engine.table import Table


@dataclass(frozen=True, slots=True)
class _Backup:
    """A backup, without its items."""

    backup_id: str
    name: str
    kind: str
    created_at: float
    expires_at: float | None
    size_bytes: int
    definition: Mapping[str, Any]
    settings: TableSettings


@dataclass(frozen=True, slots=True)
class _Items:
    """The items of a backup, while they are read."""

    #: A table with the key of the backup, in no region.
    table: Table
    items: dict[OrderKey, StoredItem]


# --- writing -------------------------------------------------------------------------------------


def write(region: Region) -> Iterator[Mapping[str, Any]]:
    """Yield the backups of a region, each followed by its items."""
    for arn in backups_of(region).records:
        yield from lines_of(region, arn)


def lines_of(region: Region, arn: str) -> Iterator[Mapping[str, Any]]:
    """Yield one backup, followed by its items."""
    backup = backups_of(region).records[arn]
    saved = _Backup(
        backup.arn.rpartition("/")[2],
        backup.name,
        backup.kind,
        backup.created_at,
        backup.expires_at,
        backup.size_bytes,
        definition_of(backup.table_name, backup.key_schema, backup.definition),
        backup.definition.settings,
    )
    yield {"backup": to_json(saved)}
    for stored in backup.items.values():
        yield {"backup_item": jsonable_item(stored.load())}


# --- reading -------------------------------------------------------------------------------------


def _read_backup(state: LoadedState, value: Any) -> None:
    saved = from_json(_Backup, value, "backup")
    table, region = defined_table(state, saved.definition, saved.settings), state.region
    arn = backup_arn(region.arns.table(table.name), saved.backup_id)
    if saved.kind not in {USER, SYSTEM} or not saved.backup_id or "/" in saved.backup_id:
        raise state.error("no such backup can be")
    if arn in backups_of(region).records:
        raise state.error(f"the backup {arn} exists already")
    part = _Items(table, {})
    state.enter(part)
    backup = Backup(
        arn,
        saved.name,
        saved.kind,
        saved.created_at,
        saved.expires_at,
        table.name,
        table.key_schema,
        table.definition._replace(settings=saved.settings),
        part.items,
        saved.size_bytes,
    )
    add_backup(region, backup)


def _read_item(state: LoadedState, value: Any) -> None:
    part = state.part(_Items, "backup")
    key, stored = stored_item(part.table, value)
    if key in part.items:
        raise state.error("the backup has an item with this key already")
    part.items[key] = stored


READERS = {"backup": _read_backup, "backup_item": _read_item}
