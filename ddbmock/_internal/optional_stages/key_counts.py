"""Contributor insights: which keys are accessed and throttled most, counted from calls.

1. A read unit counts once and a write unit three times, as the service weighs them. The units of a
   page are shared equally by its items.
2. Only tables and global indexes whose insights are enabled are counted, by their mode.
3. The counts are of calls, so no rollback or restore changes them.

https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/contributorinsights_HowItWorks.html
"""

from __future__ import annotations

from collections import Counter, defaultdict
from typing import TYPE_CHECKING, Any

from ddbmock._internal.errors import ThrottledError
from ddbmock._internal.locks import new_lock
from ddbmock._internal.stages import Phase

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from ddbmock._internal.access.call import Call
    from ddbmock._internal.access.door import Touch
    from ddbmock._internal.engine.keys import KeySchema, OrderKey
    from ddbmock._internal.engine.settings import ContributorInsights
    from ddbmock._internal.service import Service

_WRITE_WEIGHT = 3
_ACCESSED = "ACCESSED_AND_THROTTLED_KEYS"

#: The values of a partition key, or of a partition and sort key.
Key = tuple[Any, ...]
#: Kind of rule (`PKC`, `SKC`, `PKT`, `SKT`) -> key -> weighted units, or number of throttles.
Counts = dict[str, Counter[Key]]


def attach(service: Service) -> KeyCounts:
    """Count the accesses of calls from now on."""
    counts = KeyCounts()
    service.pipeline.attach(Phase.ADMIT, counts.watch)
    service.pipeline.attach(Phase.RECORD, counts.record)
    return counts


class KeyCounts:
    """The counts of all tables and indexes of a backend."""

    def __init__(self) -> None:
        self._counts: dict[tuple[str, str], Counts] = defaultdict(lambda: defaultdict(Counter))
        self._lock = new_lock()

    def ranking(self, table_id: str, index_name: str, kind: str) -> list[tuple[Key, float]]:
        """Return the keys of a table, or of one of its indexes, with the highest counts first."""
        with self._lock:
            counts: Counter[Key] = self._counts[table_id, index_name][kind]
            return [*counts.most_common()]

    # --- stages ---

    def watch(self, call: Call) -> None:
        """Note the accesses of a call, and count those that are throttled."""
        hooks = call.hooks
        admission = hooks.admission
        if admission is None:
            return

        def admit(touches: Sequence[Touch]) -> None:
            try:
                admission(touches)
            except ThrottledError:
                self._count_throttled(touches)
                raise

        hooks.admission = admit

    def record(self, call: Call) -> None:
        """Count what a call accessed."""
        for touch in call.hooks.touched:
            insights = _insights(touch)
            if insights is not None and insights.mode == _ACCESSED:
                keys = list(_keys(touch))
                units = touch.read_units + _WRITE_WEIGHT * touch.write_units
                for key in keys:
                    self._count(touch, key, "C", units / len(keys))

    def _count_throttled(self, touches: Sequence[Touch]) -> None:
        for touch in touches:
            if _insights(touch) is not None:
                for key in _keys(touch):
                    self._count(touch, key, "T", 1)

    def _count(self, touch: Touch, key: Key, kind: str, amount: float) -> None:
        source = touch.source
        index_name = "" if source.index is None else source.index.name
        width = len(source.key_schema.partition_names)
        with self._lock:
            counts = self._counts[source.table.settings.table_id, index_name]
            counts[f"PK{kind}"][key[:width]] += amount  # type: ignore[assignment] # units have parts
            if source.key_schema.sort_names:
                counts[f"SK{kind}"][key] += amount  # type: ignore[assignment]


def _insights(touch: Touch) -> ContributorInsights | None:
    """Return the insights of the table or index that is accessed, if they are enabled."""
    source = touch.source
    settings = source.table.settings
    insights = settings.contributor_insights.get("" if source.index is None else source.index.name)
    if insights is None or not insights.enabled or insights.has_failed:
        return None
    return insights


def _keys(touch: Touch) -> Iterator[Key]:
    """Yield the keys of the items or entries that are accessed."""
    schema: KeySchema = touch.source.key_schema
    is_write_to_index = touch.source.index is not None and touch.write_units > 0
    keys: Sequence[OrderKey] = touch.entry_keys if is_write_to_index else touch.keys
    width = len(schema.names)
    for key in keys:
        yield tuple(key[1 : 1 + width])  # the hash comes first
