"""The section of histories: the earlier states of tables with point-in-time recovery.

A database on disk has a row for the history of a table, and one for each item that was replaced.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from ddbmock._internal.data.saved_state.tables import (
    defined_table,
    definition_of,
    is_being_deleted,
    stored_item,
)
from ddbmock._internal.data.typed_json import from_json, to_json
from ddbmock._internal.engine.settings import TableSettings  # noqa: TC001 (types of fields are read)
from ddbmock._internal.formats.dynamodb_json import jsonable_item, typed_item
from ddbmock._internal.operations.backups.continuous import use_recovery

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from ddbmock._internal.data.saved_state.state import LoadedState
    from ddbmock._internal.engine.backend import Region
    from ddbmock._internal.engine.history import Definition, History, Replaced
    from ddbmock._internal.engine.items import StoredItem
    from ddbmock._internal.engine.keys import OrderKey
    from ddbmock._internal.engine.settings import Recovery
    from ddbmock._internal.engine.table import Table


@dataclass(frozen=True, slots=True)
class _Past:
    """The history of a table, before its lines."""

    table_name: str
    begins_at: float


@dataclass(frozen=True, slots=True)
class _Redefined:
    """The definition of the table until a time."""

    until: float
    definition: Mapping[str, Any]
    settings: TableSettings


@dataclass(frozen=True, slots=True)
class _Replaced:
    """The item that a change replaced, in DynamoDB JSON."""

    at: float
    key: Mapping[str, Any]
    old: Mapping[str, Any] | None


class _Read:
    """A history while it is read."""

    def __init__(self, table: Table, recovery: Recovery, begins_at: float) -> None:
        self.table = table
        self.recovery = recovery
        self.begins_at = begins_at
        self.definitions: list[tuple[float, Definition]] = []
        self.changes: list[tuple[float, OrderKey, StoredItem | None]] = []


# --- writing -------------------------------------------------------------------------------------


def pasts_in(region: Region) -> Mapping[str, History]:
    """Return the histories of the saved tables with point-in-time recovery, by table name."""
    return {
        name: table.history
        for name, table in region.tables.items()
        if table.settings.recovery is not None
        and table.history is not None
        and not is_being_deleted(table)
    }


def write(region: Region) -> Iterator[Mapping[str, Any]]:
    """Yield the histories of a region, each followed by its definitions and items, oldest first."""
    for name, history in pasts_in(region).items():
        table = region.tables[name]
        yield {"past": to_json(_Past(name, history.earliest))}
        yield from _redefined(table, history)
        yield from map(_line, _replaced(table, history.changes))


def lines_of(region: Region, name: str) -> Iterator[Mapping[str, Any]]:
    """Yield the first lines of a history: all except the items that were replaced."""
    history = pasts_in(region)[name]
    yield {"past": to_json(_Past(name, history.begins_at))}
    yield from _redefined(region.tables[name], history)


def _redefined(table: Table, history: History) -> Iterator[Mapping[str, Any]]:
    for until, definition in history.definitions:
        if _is_complete(definition):
            saved = definition_of(table.name, table.key_schema, definition)
            # Transitions of that time have ended, or end with the table that is loaded.
            settings = replace(definition.settings, transitions=())
            yield {"redefined": to_json(_Redefined(until, saved, settings))}


def _is_complete(definition: Definition) -> bool:
    """Return whether settings and indexes agree, which they do not within an UpdateTable."""
    names = {index.name for index in definition.indexes if index.is_global}
    return names == definition.settings.indexes.keys()


def replaced_lines(
    table: Table, changes: Sequence[Replaced]
) -> Iterator[tuple[int, Mapping[str, Any]]]:
    """Yield the numbers of the latest changes of a table, and a line for each replaced item."""
    for change, replaced in zip(changes, _replaced(table, changes), strict=True):
        yield change.number, _line(replaced)


def _line(replaced: _Replaced) -> Mapping[str, Any]:
    """Return the line for the item that a change replaced."""
    return {"replaced": to_json(replaced)}


def _replaced(table: Table, changes: Sequence[Replaced]) -> list[_Replaced]:
    """Return the items that the latest changes of a table replaced.

    The key of a new item is taken from the item after it.
    """
    found = []
    after: dict[OrderKey, StoredItem | None] = {}
    for change in reversed(changes):
        later = after.get(change.key, table.items.get(change.key))
        after[change.key] = change.old
        image = jsonable_item((change.old or later).load())  # type: ignore[union-attr]
        key = {name: image[name] for name in table.key_schema.names}
        found.append(_Replaced(change.at, key, None if change.old is None else image))
    return found[::-1]


# --- reading -------------------------------------------------------------------------------------


def _read_past(state: LoadedState, value: Any) -> None:
    saved = from_json(_Past, value, "past")
    table = state.region.tables.get(saved.table_name)
    if table is None or table.settings.recovery is None:
        raise state.error(f"no table {saved.table_name} with point-in-time recovery before it")
    past = _Read(table, table.settings.recovery, saved.begins_at)
    state.enter(past)
    state.at_start.append(lambda: _start(state, past))


def _read_redefined(state: LoadedState, value: Any) -> None:
    past = state.part(_Read, "past")
    saved = from_json(_Redefined, value, "redefined")
    table = defined_table(state, saved.definition, saved.settings)
    definition = table.definition._replace(settings=saved.settings)
    past.definitions.append((saved.until, definition))


def _read_replaced(state: LoadedState, value: Any) -> None:
    past = state.part(_Read, "past")
    saved = from_json(_Replaced, value, "replaced")
    key = past.table.key_schema.order_key(typed_item(saved.key))
    if key is None:
        raise state.error("the key is not that of the table")
    old = None
    if saved.old is not None:
        old_key, old = stored_item(past.table, saved.old)
        if old_key != key:
            raise state.error("the item has another key")
    past.changes.append((saved.at, key, old))


def _start(state: LoadedState, past: _Read) -> None:
    use_recovery(state.backend, past.table, past.recovery)
    history = past.table.history
    if history is not None:
        history.load(past.begins_at, past.changes, past.definitions)


#: The name of the section.
PAST = "past"
READERS = {PAST: _read_past, "redefined": _read_redefined, "replaced": _read_replaced}
