"""A backend attached to a database: read when it is attached, and written whenever it changes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ddbmock._internal.data.database.resources import is_as_written, resources_in
from ddbmock._internal.data.database.rows import Rows
from ddbmock._internal.data.saved_state.reading import load_lines
from ddbmock._internal.data.saved_state.sections import SECTIONS
from ddbmock._internal.data.saved_state.writing import check_kinds, first_line
from ddbmock._internal.engine.journal import Ended
from ddbmock._internal.formats.dynamodb_json import json_line

if TYPE_CHECKING:
    from ddbmock._internal.data.database.file import DatabaseFile
    from ddbmock._internal.engine.backend import Backend
    from ddbmock._internal.engine.commit import Committed
    from ddbmock._internal.engine.keys import OrderKey
    from ddbmock._internal.engine.table import Table


class AttachedBackend:
    """A backend and its rows in a database.

    Args:
        file: The database.
        name: The backend's name in it. If the database has this name, the backend is read from
            there; otherwise it is written there as it is.
        backend: The backend, which is empty if the database has the name.
        replaces: Whether the backend replaces the one that the database has.

    Raises:
        FileError: The database cannot be read or written, or is damaged.
    """

    def __init__(
        self, file: DatabaseFile, name: str, backend: Backend, *, replaces: bool = False
    ) -> None:
        self._backend = backend
        self._rows = Rows(file, name)
        #: Items that have changed since the last transaction.
        self._changed: dict[Table, dict[OrderKey, None]] = {}
        #: Whether the rows may differ from what this object has recorded of them.
        self._is_stale = True
        is_read = self._rows.are_there and not replaces
        if is_read:
            with backend.atomic():
                load_lines(backend, str(file.path), self._rows.lines())
        with backend.exclusive():
            if is_read:
                self._rows.adopt(backend)
                self._is_stale = False
            else:
                self._write(Ended.RESTORE)
            backend.add_persister(self._note, self._write)
        backend.clock.on_move.append(self._write_clock)

    def detach(self) -> None:
        """Stop writing changes."""
        self._backend.clock.on_move.remove(self._write_clock)
        self._backend.remove_persister(self._note, self._write)

    def _note(self, committed: Committed) -> None:
        """Note the changes of a commit; a participant of commits."""
        for table, change in committed.changes:
            if not change.is_noop:
                self._changed.setdefault(table, {})[change.key] = None

    def _write(self, ended: Ended) -> None:
        """Write the changes of a commit or block; after a failure, write everything next time."""
        is_stale, self._is_stale = self._is_stale or ended is Ended.RESTORE, True
        with self._rows.transaction():
            if is_stale:
                self._rows.clear()
            if is_stale or ended is Ended.BLOCK or not self._rows.have_tables(self._changed):
                self._write_resources()
            for table, keys in self._changed.items():
                self._rows.put_items(table, keys)
                if table in self._backend.replicator.replicas:
                    self._rows.put_replica(table)
            self._rows.put_head(json_line(first_line(self._backend)))
        self._changed = {}
        self._is_stale = False

    def _write_resources(self) -> None:
        """Compare all resources with their rows, and write those that differ."""
        present = set()
        for region in self._backend.all_regions():
            check_kinds(region)
            for section in SECTIONS:
                for resource in resources_in(region, section):
                    row = self._rows.find(resource.address)
                    if row is not None and is_as_written(row.written, resource):
                        present.add(resource.address)
                    elif text := resource.text():
                        self._rows.put(resource, text)
                        present.add(resource.address)
        self._rows.delete_others(present)

    def _write_clock(self) -> None:
        # A block in progress, such as a load that sets the clock, does this at its own end.
        if not self._backend.is_locked_here():
            with self._backend.exclusive(), self._rows.transaction():
                self._rows.put_head(json_line(first_line(self._backend)))
