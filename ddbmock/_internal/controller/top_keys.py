"""Contributor insights for tests: the keys that were accessed and throttled most."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ddbmock._internal.engine.features import CONTRIBUTOR_INSIGHTS
from ddbmock._internal.errors import MisuseError

if TYPE_CHECKING:
    from ddbmock._internal.engine.table import Table
    from ddbmock._internal.optional_stages.key_counts import KeyCounts
    from ddbmock._internal.service import Service

Ranking = list[tuple[Any, float]]


class TopKeys:
    """The keys of a table or global index that were accessed and throttled most.

    Each list has keys with their numbers, the highest first: weighted units for accesses (a read
    unit once, a write unit three times), or the number of throttles. A partition key is its value;
    an item is the tuple of its partition and sort key.
    """

    def __init__(self, service: Service, table: Table, index_name: str) -> None:
        insights = table.settings.contributor_insights.get(index_name)
        if insights is None or not insights.enabled:
            place = f"the index {index_name!r} of {table.name!r}" if index_name else table.name
            raise MisuseError(
                f"contributor insights of {place} are not enabled: call"
                " update_contributor_insights() first"
            )
        self._counts: KeyCounts = service.use(CONTRIBUTOR_INSIGHTS)
        self._source = table.settings.table_id, index_name

    @property
    def accessed_partition_keys(self) -> Ranking:
        """The partition keys that were accessed most."""
        return self._ranking("PKC")

    @property
    def accessed_items(self) -> Ranking:
        """The items that were accessed most; empty without a sort key."""
        return self._ranking("SKC")

    @property
    def throttled_partition_keys(self) -> Ranking:
        """The partition keys that were throttled most."""
        return self._ranking("PKT")

    @property
    def throttled_items(self) -> Ranking:
        """The items that were throttled most; empty without a sort key."""
        return self._ranking("SKT")

    def _ranking(self, kind: str) -> Ranking:
        ranking = self._counts.ranking(*self._source, kind)
        return [(key[0] if len(key) == 1 else key, amount) for key, amount in ranking]
