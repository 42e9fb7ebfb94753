"""Statuses: what is going on with a table and its indexes, told from the clock.

1. A change of a table takes effect at once; what lasts is its *transition*, which is shown as a
   status and makes the service refuse other calls. Without delays there are no transitions.
2. Nothing happens by itself. A status is computed from the transitions and the time when somebody
   asks, and what a transition leaves to do at its end (a deleted table goes) is done by `settle`,
   at the beginning of the next call or when the clock is moved.

https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/WorkingWithTables.Basics.html
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from ddbmock import limits
from ddbmock.engine.changes import Change
from ddbmock.engine.commit import TIME_TO_LIVE

if TYPE_CHECKING:
    from ddbmock.engine.region import Region
    from ddbmock.engine.settings import TableSettings, Transition
    from ddbmock.engine.table import Table

#: How long things take in a mock with delays when nobody says how long.
DEFAULT_DELAY_SECONDS = 5.0

ACTIVE, CREATING, UPDATING, DELETING = "ACTIVE", "CREATING", "UPDATING", "DELETING"

#: The kinds of transitions. Of the table:
CREATE, DELETE = "create", "delete"
UNITS, BILLING, STREAM, CLASS = "units", "billing", "stream", "class"
#: Of the table, without being seen in its status:
ENCRYPTION, WARM_THROUGHPUT = "encryption", "warmth"
#: Of one index:
INDEX_CREATE, INDEX_UPDATE, INDEX_DELETE = "index create", "index update", "index delete"
INDEX_WARMTH = "index warmth"

_UPDATING_THE_TABLE = frozenset({UNITS, BILLING, STREAM, CLASS, INDEX_DELETE})


def active_transitions(settings: TableSettings, now: float, *kinds: str) -> list[Transition]:
    """Return the transitions of these kinds (of all, when none is named) that are not over."""
    if not settings.transitions:
        return []
    return [
        transition
        for transition in settings.transitions
        if now < transition.until and (not kinds or transition.kind in kinds)
    ]


def is_backfilling(transition: Transition, now: float) -> bool:
    """Return whether an index that is being created is filled already, its place being made."""
    return now >= transition.filling_at


def table_status(settings: TableSettings, now: float) -> str:
    """Return the status of a table."""
    kinds = {transition.kind for transition in active_transitions(settings, now)}
    if DELETE in kinds:
        return DELETING
    if CREATE in kinds:
        return CREATING
    if kinds & _UPDATING_THE_TABLE or allocating_indexes(settings, now):
        return UPDATING
    return ACTIVE


def is_usable(settings: TableSettings) -> bool:
    """Return whether items can be read and written, as far as `settle` has seen."""
    return not any(each.kind in {CREATE, DELETE} for each in settings.transitions)


def is_unfilled(settings: TableSettings, index_name: str) -> bool:
    """Return whether an index cannot be read yet, as far as `settle` has seen."""
    return any(
        each.kind == INDEX_CREATE and each.index_name == index_name for each in settings.transitions
    )


def allocating_indexes(settings: TableSettings, now: float) -> list[str]:
    """Return the names of the indexes whose place is being made."""
    return [
        transition.index_name
        for transition in active_transitions(settings, now, INDEX_CREATE)
        if not is_backfilling(transition, now)
    ]


def of_index(
    settings: TableSettings, index_name: str, now: float, *kinds: str
) -> Transition | None:
    """Return the transition of one of these kinds that goes on with an index."""
    for transition in active_transitions(settings, now, *kinds):
        if transition.index_name == index_name:
            return transition
    return None


def begin(region: Region, table: Table, settings: TableSettings, *transitions: Transition) -> None:
    """Give a table new settings, and let transitions begin with them."""
    now = region.backend.clock.seconds()
    kept = [
        transition
        for transition in active_transitions(settings, now)
        if not any(_replaces(new, transition) for new in transitions)
    ]
    lasting = [transition for transition in transitions if transition.until > now]
    table.configure(replace(settings, transitions=(*kept, *lasting)))
    if lasting:
        region.pending_tables.add(table.name)


def _replaces(new: Transition, old: Transition) -> bool:
    """Return whether nothing of the old is left: it is done again, or its index goes."""
    return new.index_name == old.index_name and new.kind in {old.kind, INDEX_DELETE}


def settle(region: Region) -> None:
    """Do what is due: deleted tables go, transitions end, items whose time is over are deleted.

    Costs with the tables that have something pending, and with what is due.
    """
    now = region.backend.clock.seconds()
    swept_until = now - region.backend.ttl_window_seconds
    for table in [region.tables[name] for name in region.pending_tables if name in region.tables]:
        ended = [each for each in table.settings.transitions if now >= each.until]
        if any(transition.kind == DELETE for transition in ended):
            region.remove_table(table.name)
            continue
        if ended:
            remaining = tuple(active_transitions(table.settings, now))
            table.configure(replace(table.settings, transitions=remaining))
        if table.expiry is not None and table.expiry.earliest <= swept_until:
            sweep(region, table, swept_until, now)
        if table.expiry is None and not table.settings.transitions:
            _forget(region, table.name)


def _forget(region: Region, name: str) -> None:
    region.backend.journal.record(region.pending_tables.add, name)
    region.pending_tables.discard(name)


def sweep(region: Region, table: Table, until: float, now: float) -> int:
    """Delete the items whose time to live ended by a given time, and return how many these were.

    The index entries go with them and streams get a record, but nothing is charged.
    """
    if table.expiry is None:
        return 0
    oldest = now - limits.TIME_TO_LIVE_AGE_SECONDS_MAX
    changes = [
        (table, Change(key, table.items[key], None, by_service=True))
        for key in table.expiry.due(until, oldest)
    ]
    region.backend.commit(changes, TIME_TO_LIVE)
    return len(changes)
