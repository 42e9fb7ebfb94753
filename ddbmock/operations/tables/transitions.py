"""What an UpdateTable is going to do, put together before anything is done."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

from ddbmock.engine import lifecycle
from ddbmock.engine.settings import TableSettings, Transition

if TYPE_CHECKING:
    from ddbmock.access.door import Door
    from ddbmock.access.intent import Request
    from ddbmock.engine.backend import Region
    from ddbmock.engine.index import Index
    from ddbmock.engine.table import Table


@dataclass(slots=True)
class TableChange:
    """A request, the table it is for, and what is to be of the table."""

    region: Region
    table: Table
    request: Request
    now: float
    #: How long what is changed takes.
    delay_seconds: float
    #: As they are to be.
    settings: TableSettings
    new_indexes: list[Index] = field(default_factory=list)
    removed_indexes: list[str] = field(default_factory=list)
    transitions: list[Transition] = field(default_factory=list)

    @classmethod
    def of(cls, door: Door, table: Table, request: Request) -> TableChange:
        """Return a change that changes nothing yet."""
        region = door.region
        now = region.backend.clock.seconds()
        return cls(region, table, request, now, door.delay_seconds, table.settings)

    def set(self, **settings: Any) -> None:
        """Let some settings be others."""
        self.settings = replace(self.settings, **settings)

    def lasts(
        self, kind: str, *, index_name: str = "", detail: str = "", before: Any = None
    ) -> None:
        """Say that something is going on from now on, for as long as things take in this backend.

        An index is made in two halves: first its place, then its entries.
        """
        self.transitions.append(
            Transition(
                kind,
                until=self.now + self.delay_seconds,
                index_name=index_name,
                detail=detail,
                before=before,
                filling_at=self.now + self.delay_seconds / 2,
            )
        )

    def finish(self) -> None:
        """Do it all."""
        for index in self.new_indexes:
            self.table.add_index(index)
        for name in self.removed_indexes:
            self.table.remove_index(name)
        lifecycle.begin(self.region, self.table, self.settings, *self.transitions)
