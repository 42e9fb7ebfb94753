"""The changes of an UpdateTable, collected before any of them is applied."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

from ddbmock._internal.engine import lifecycle
from ddbmock._internal.engine.settings import TableSettings, Transition

if TYPE_CHECKING:
    from ddbmock._internal.access.door import Door
    from ddbmock._internal.access.intent import Request
    from ddbmock._internal.engine.backend import Region
    from ddbmock._internal.engine.index import Index
    from ddbmock._internal.engine.table import Table
    from ddbmock._internal.engine.vectors import VectorIndex


@dataclass(slots=True)
class TableChange:
    """An UpdateTable request, its table, and the changes to the table."""

    region: Region
    table: Table
    request: Request
    now: float
    #: How long the transitions last.
    delay_seconds: float
    #: The settings after the change.
    settings: TableSettings
    new_indexes: list[Index] = field(default_factory=list)
    removed_indexes: list[str] = field(default_factory=list)
    new_vector_indexes: list[VectorIndex] = field(default_factory=list)
    removed_vector_indexes: list[str] = field(default_factory=list)
    transitions: list[Transition] = field(default_factory=list)

    @classmethod
    def of(cls, door: Door, table: Table, request: Request) -> TableChange:
        """Return a change without any effects yet."""
        region = door.region
        now = region.backend.clock.seconds()
        return cls(region, table, request, now, door.delay_seconds, table.settings)

    def set(self, **settings: Any) -> None:
        """Change some settings."""
        self.settings = replace(self.settings, **settings)

    def begin_transition(
        self, kind: str, *, index_name: str = "", detail: str = "", before: Any = None
    ) -> None:
        """Add a transition that begins now and lasts as long as the mock's delays.

        An index is allocated in the first half of that time, and backfilled in the second.
        """
        self.transitions.append(
            Transition(
                kind,
                until=self.now + self.delay_seconds,
                index_name=index_name,
                detail=detail,
                before=before,
                backfilling_at=self.now + self.delay_seconds / 2,
            )
        )

    def finish(self) -> None:
        """Apply all changes."""
        for index in self.new_indexes:
            self.table.add_index(index)
        for vector_index in self.new_vector_indexes:
            self.table.add_vector_index(vector_index)
        for name in self.removed_vector_indexes:
            self.table.remove_vector_index(name)
        for name in self.removed_indexes:
            self.table.remove_index(name)
            insights = dict(self.settings.contributor_insights)
            if insights.pop(name, None) is not None:
                self.set(contributor_insights=insights)
        lifecycle.begin(self.region, self.table, self.settings, *self.transitions)
