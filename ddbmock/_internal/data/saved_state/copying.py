"""Copies of backends in memory, like a loaded saved state, but with shared items.

Stored items never change, so a copy costs its indexes only.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ddbmock._internal.data.saved_state.reading import read_line, set_clock
from ddbmock._internal.data.saved_state.sections import SECTIONS
from ddbmock._internal.data.saved_state.state import LoadedState
from ddbmock._internal.data.saved_state.streams import record_line
from ddbmock._internal.data.saved_state.writing import check_kinds, region_line, saved_clock
from ddbmock._internal.engine.backups import Backup, add_backup
from ddbmock._internal.engine.changes import Change
from ddbmock._internal.engine.commit import LOAD
from ddbmock._internal.engine.streams import Stream
from ddbmock._internal.engine.table import Table
from ddbmock._internal.formats.file_errors import Location

if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Any

    from ddbmock._internal.data.saved_state.sections import Section
    from ddbmock._internal.engine.backend import Backend, Region

_SOURCE = Location("the backend that is copied")
_BATCH_COUNT = 1000


def copy_backend(source: Backend, target: Backend) -> None:
    """Copy everything that a saved state contains into an empty backend."""
    state = LoadedState(target, _SOURCE)
    with target.atomic():
        for region in source.all_regions():
            check_kinds(region)
            _read(state, region_line(region.account_id, region.name))
            for section in SECTIONS:
                _copy_section(state, section, region)
        state.finish()
        set_clock(target.clock, saved_clock(source.clock), state)
        state.start()


def copy_tables(source: Region, target: Region) -> None:
    """Copy tables with their items and streams into a region; into tables that exist, their items.

    The regions may be of different backends and have different names.
    """
    state = LoadedState(target.backend, _SOURCE)
    with target.backend.atomic():
        state.enter_region(target)
        existing = set(target.tables)
        for name, table in source.tables.items():
            if name in existing:
                _put_items(target.backend, table, target.tables[name])
            else:
                _copy_table(state, source, table)
        for arn, stream in source.streams.items():
            if stream.table_name not in existing and stream.table_name in target.tables:
                _copy_stream(state, source, arn)
        state.finish()
        state.start()


def _read(state: LoadedState, line: Mapping[str, Any]) -> None:
    ((kind, value),) = line.items()
    read_line(state, kind, value)


def _copy_section(state: LoadedState, section: Section, region: Region) -> None:
    if section.kind is Table:
        for table in region.tables.values():
            _copy_table(state, region, table)
    elif section.kind is Backup:
        # A backup never changes, so the copy has the same one.
        for backup in section.resources(region).values():
            add_backup(state.region, backup)
    else:
        for line in section.write(region):
            _read(state, line)


def _copy_table(state: LoadedState, region: Region, table: Table) -> None:
    for line in _section_of(Table).lines_of(region, table.name):
        _read(state, line)
        state.table.fill(table.items)


def _copy_stream(state: LoadedState, region: Region, arn: str) -> None:
    for line in _section_of(Stream).lines_of(region, arn):
        _read(state, line)
    for shard in region.streams[arn].shards.values():
        for record in shard.records:
            _read(state, record_line(shard, record))


def _section_of(kind: type[Any]) -> Section:
    return next(section for section in SECTIONS if section.kind is kind)


def _put_items(backend: Backend, source: Table, target: Table) -> None:
    """Put items into an existing table, as a load does."""
    if not (target.items or target.recorders or backend.journal.end_callbacks):
        target.fill(source.items)  # the copy of single items is not reported
        return
    changes = [
        (target, Change(key, target.items.get(key), stored)) for key, stored in source.items.items()
    ]
    for start in range(0, len(changes), _BATCH_COUNT):
        backend.commit(changes[start : start + _BATCH_COUNT], LOAD)
