"""The state of reading a saved state."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeVar

from ddbmock._internal.engine.commit import LOAD
from ddbmock._internal.formats.file_errors import FileError
from ddbmock._internal.operations.backups.continuous import start_recovery

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from ddbmock._internal.engine.backend import Backend, Region
    from ddbmock._internal.engine.changes import Change
    from ddbmock._internal.engine.keys import OrderKey
    from ddbmock._internal.engine.streams import Stream
    from ddbmock._internal.engine.table import Table
    from ddbmock._internal.formats.file_errors import Location

P = TypeVar("P")

#: How many items are committed together.
_BATCH_COUNT = 1000


class LoadedState:
    """The backend that a saved state is loaded into, and the context of the present line."""

    def __init__(self, backend: Backend, location: Location) -> None:
        self.backend = backend
        #: The present line.
        self.location = location
        self._region: Region | None = None
        self._table: Table | None = None
        self._stream: Stream | None = None
        self._part: object = None
        self._tables: list[Table] = []
        self.item_count: int = 0
        #: Called when the clock has been set.
        self.at_start: list[Callable[[], None]] = []
        self._uncommitted: dict[OrderKey, tuple[Table, Change]] = {}
        #: The replicas of each global table: region, table, and what was saved.
        self.replicas: dict[str, list[tuple[Region, Table, Any]]] = {}

    def error(self, problem: str) -> FileError:
        """Return the error for the present line."""
        return FileError(self.location, f"damaged: {problem}")

    # --- the context of lines ------------------------------------------------------------

    @property
    def region(self) -> Region:
        """The region of the present line."""
        if self._region is None:
            raise self.error("no region before it")
        return self._region

    @property
    def table(self) -> Table:
        """The table of the present line."""
        if self._table is None:
            raise self.error("no table before it")
        return self._table

    @property
    def stream(self) -> Stream:
        """The stream of the present line."""
        if self._stream is None:
            raise self.error("no stream before it")
        return self._stream

    def enter_region(self, region: Region) -> None:
        """Begin with the resources of a region."""
        self._leave()
        self._region = region

    def enter_table(self, table: Table) -> None:
        """Begin with the items of a table."""
        self._leave()
        self._table = table
        self._tables.append(table)

    def enter(self, part: object) -> None:
        """Begin with an object that the following lines add to, such as a backup."""
        self._leave()
        self._part = part

    def part(self, kind: type[P], name: str) -> P:
        """Return the object that the present line adds to; `name` is for the error without one."""
        if not isinstance(self._part, kind):
            raise self.error(f"no {name} before it")
        return self._part

    def enter_stream(self, stream: Stream) -> None:
        """Begin with the records of a stream."""
        self._leave()
        self._stream = stream

    def _leave(self) -> None:
        self.commit()
        self._table = self._stream = self._part = None

    # --- items -------------------------------------------------------------------------------

    def add(self, change: Change) -> None:
        """Add an item to the present table."""
        if change.key in self._uncommitted or change.key in self.table.items:
            raise self.error("the table has an item with this key already")
        self._uncommitted[change.key] = (self.table, change)
        self.item_count += 1
        if len(self._uncommitted) >= _BATCH_COUNT:
            self.commit()

    def finish(self) -> None:
        """End the last resource, and make the checks that need the complete file.

        Raises:
            FileError: The stream of a table is missing, or does not match its settings.
        """
        self._leave()
        for table in self._tables:
            stream = table.stream
            view_type = stream.view_type if stream is not None and stream.is_enabled else None
            if table.settings.stream != _specification(view_type):
                raise self.error(f"the table {table.name} has another stream than its settings say")

    def start(self) -> None:
        """Start times to live and histories, which depend on the clock."""
        for table in self._tables:
            start_recovery(self.backend, table)
            time_to_live = table.settings.time_to_live
            if time_to_live is not None and time_to_live.enabled:
                self.backend.sweeper.enable(table, time_to_live.attribute_name)
        for begin in self.at_start:
            begin()

    def commit(self) -> None:
        """Write the items that were added."""
        if self._uncommitted:
            self.backend.commit(list(self._uncommitted.values()), LOAD)
            self._uncommitted = {}


def _specification(view_type: str | None) -> Mapping[str, Any]:
    """Return the StreamSpecification of an enabled stream, or of none."""
    return {"StreamEnabled": True, "StreamViewType": view_type} if view_type else {}
