"""Statuses of tables and their indexes, computed from their transitions and the clock.

1. A change of a table takes effect at once, but its *transition* lasts: it is shown as a status and
   makes the service refuse other calls. Without delays there are no transitions.
2. A status is computed from the transitions and the time whenever it is needed. What is done at the
   end of a transition (a deleted table is removed) is a task of the agenda.

https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/WorkingWithTables.Basics.html
"""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from ddbmock._internal.engine.backend import Region
    from ddbmock._internal.engine.settings import TableSettings, Transition
    from ddbmock._internal.engine.table import Table

#: How long transitions last in a mock with `delays=True`.
DEFAULT_DELAY_SECONDS = 5.0

ACTIVE, CREATING, UPDATING, DELETING = "ACTIVE", "CREATING", "UPDATING", "DELETING"

#: The kinds of transitions. Of the table:
CREATE, DELETE, RESTORE = "create", "delete", "restore"
UNITS, BILLING, STREAM, CLASS = "units", "billing", "stream", "class"
#: Of a replica: another one is added or deleted, and its own overrides are changed.
REPLICAS, OVERRIDES = "replicas", "overrides"
#: Of the table, without an effect on its status:
ENCRYPTION, WARM_THROUGHPUT = "encryption", "warm throughput"
#: Of one index:
INDEX_CREATE, INDEX_UPDATE, INDEX_DELETE = "index create", "index update", "index delete"
INDEX_WARM_THROUGHPUT = "index warm throughput"

_UNUSABLE = frozenset({CREATE, DELETE, RESTORE})
_UPDATING_THE_TABLE = frozenset({UNITS, BILLING, STREAM, CLASS, INDEX_DELETE, REPLICAS, OVERRIDES})


def active_transitions(settings: TableSettings, now: float, *kinds: str) -> list[Transition]:
    """Return unfinished transitions, optionally only of these kinds."""
    if not settings.transitions:
        return []
    return [
        transition
        for transition in settings.transitions
        if now < transition.until and (not kinds or transition.kind in kinds)
    ]


def is_backfilling(transition: Transition, now: float) -> bool:
    """Return whether an index that is being created is allocated and being backfilled."""
    return now >= transition.backfilling_at


def table_status(settings: TableSettings, now: float) -> str:
    """Return the status of a table."""
    kinds = {transition.kind for transition in active_transitions(settings, now)}
    if DELETE in kinds:
        return DELETING
    if CREATE in kinds or RESTORE in kinds:
        return CREATING
    if kinds & _UPDATING_THE_TABLE or allocating_indexes(settings, now):
        return UPDATING
    return ACTIVE


def is_usable(settings: TableSettings) -> bool:
    """Return whether items can be read and written: the table is neither CREATING nor DELETING."""
    return not any(each.kind in _UNUSABLE for each in settings.transitions)


def restore_of(settings: TableSettings, now: float) -> Transition | None:
    """Return the transition of a table that is being restored; None for any other table."""
    restores = active_transitions(settings, now, RESTORE)
    return restores[0] if restores else None


def is_unfilled(settings: TableSettings, index_name: str) -> bool:
    """Return whether an index cannot be read yet: it is CREATING."""
    return any(
        each.kind == INDEX_CREATE and each.index_name == index_name for each in settings.transitions
    )


def allocating_indexes(settings: TableSettings, now: float) -> list[str]:
    """Return the names of the indexes that are being allocated, before they are backfilled."""
    return [
        transition.index_name
        for transition in active_transitions(settings, now, INDEX_CREATE)
        if not is_backfilling(transition, now)
    ]


def of_index(
    settings: TableSettings, index_name: str, now: float, *kinds: str
) -> Transition | None:
    """Return the unfinished transition of one of these kinds of an index, if there is one."""
    for transition in active_transitions(settings, now, *kinds):
        if transition.index_name == index_name:
            return transition
    return None


def begin(region: Region, table: Table, settings: TableSettings, *transitions: Transition) -> None:
    """Assign new settings to a table, and begin the transitions to them."""
    now = region.backend.clock.seconds()
    remaining = [
        transition
        for transition in active_transitions(settings, now)
        if not any(_replaces(new, transition) for new in transitions)
    ]
    lasting = [transition for transition in transitions if transition.until > now]
    _use(region, table, replace(settings, transitions=(*remaining, *lasting)))


def _replaces(new: Transition, old: Transition) -> bool:
    """Return whether a new transition replaces an old one: the same, or the index is deleted."""
    return new.index_name == old.index_name and new.kind in {old.kind, INDEX_DELETE}


def _use(region: Region, table: Table, settings: TableSettings) -> None:
    """Assign new settings to a table, and schedule the end of their first transition."""
    table.configure(settings)
    agenda, key = region.backend.agenda, (table, "transitions")
    if settings.transitions:
        until = min(transition.until for transition in settings.transitions)
        agenda.schedule(key, until, partial(_end_transitions, region, table), is_pending=True)
    else:
        agenda.cancel(key)


def _end_transitions(region: Region, table: Table, at: float) -> None:
    """End the transitions that are over at a time; remove the table if it was being deleted."""
    settings = table.settings
    if any(each.kind == DELETE and at >= each.until for each in settings.transitions):
        region.remove_table(table.name)
    else:
        remaining = tuple(active_transitions(settings, at))
        _use(region, table, replace(settings, transitions=remaining))
