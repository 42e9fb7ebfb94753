"""`load`: it writes records as items into tables, all of them or none.

Every item is checked as the service checks it and committed, so indexes, streams and times to live
are updated.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ddbmock._internal import limits
from ddbmock._internal.access.item_keys import order_key_of, order_key_of_item
from ddbmock._internal.data import saved_state
from ddbmock._internal.data.destinations import Destinations
from ddbmock._internal.data.progress import Progress
from ddbmock._internal.data.requests import run
from ddbmock._internal.engine.changes import Change
from ddbmock._internal.engine.commit import LOAD
from ddbmock._internal.engine.items import StoredItem
from ddbmock._internal.engine.values import normalize_item
from ddbmock._internal.errors import MisuseError, ServiceError, ValidationError
from ddbmock._internal.formats.documents import listed_records
from ddbmock._internal.formats.file_errors import FileError, shortened
from ddbmock._internal.formats.items import read_record
from ddbmock._internal.formats.python_values import AttributeValueError
from ddbmock._internal.formats.reading import path_entries
from ddbmock._internal.formats.records import NewTable, Origin
from ddbmock._internal.garbage_collection import paused_collection
from ddbmock._internal.messages import items as messages

if TYPE_CHECKING:
    from ddbmock._internal.engine.backend import Backend
    from ddbmock._internal.engine.table import Table
    from ddbmock._internal.formats.records import Entries, Record

PathLike = str | os.PathLike[str]
#: A file or folder; or a mapping of table names to items, or to files or folders.
Source = PathLike | Mapping[str, Iterable[Mapping[str, Any]] | PathLike]

_MAPPING = "the mapping"


def load(backend: Backend, region_name: str, source: Source, table_name: str | None = None) -> int:
    """Load a source into the tables of a backend and return the number of its items.

    Raises:
        FileError: The source or an item of it is wrong; nothing was changed.
        MisuseError: The source is neither a path nor a mapping of table names.
    """
    __tracebackhide__ = True
    try:
        with backend.atomic():
            count = load_within(backend, region_name, source, table_name)
    except MisuseError as error:
        # The traceback of the reader does not help the user of the file.
        raise error.with_traceback(None) from error.__cause__
    backend.catch_up()
    backend.finish_call()
    return count


def load_within(
    backend: Backend, region_name: str, source: Source, table_name: str | None = None
) -> int:
    """Load a source within a block that holds the lock and is rolled back when it fails."""
    if isinstance(source, Mapping):
        return _load_mapping(backend, region_name, source, table_name)
    if isinstance(source, str | os.PathLike):
        return _load_path(backend, region_name, source, table_name)
    raise _not_a_source(source)


def _load_mapping(
    backend: Backend, region_name: str, source: Mapping[str, Any], table_name: str | None
) -> int:
    destinations = Destinations(backend, region_name, table_name)
    count = 0
    for name, items in source.items():
        if isinstance(items, str | os.PathLike):
            count += _load_path(backend, region_name, items, table_name or name)
        elif isinstance(items, Iterable) and not isinstance(items, Mapping | bytes):
            records = listed_records(items, name, Origin(_MAPPING))
            count += _Loader(backend, region_name, destinations).load(records, _MAPPING)
        else:
            raise _not_a_source(source)
    return count


def _not_a_source(source: object) -> MisuseError:
    return MisuseError(
        "load() takes a path, or a mapping of table names to lists of items or paths, not"
        f" {shortened(source)}"
    )


def _load_path(backend: Backend, region_name: str, source: PathLike, table_name: str | None) -> int:
    path = Path(source)
    if saved_state.is_saved_state(path):
        if table_name is not None:
            raise FileError(str(path), "this is a saved state; load it without table=")
        return saved_state.load_state(backend, path)
    destinations = Destinations(backend, region_name, table_name)
    entries = path_entries(path, destinations.key_types)
    with paused_collection(all_stays=True):
        return _Loader(backend, region_name, destinations).load(entries, path.name)


class _Loader:
    """Loads the entries of one source into tables."""

    def __init__(self, backend: Backend, region_name: str, destinations: Destinations) -> None:
        self._backend = backend
        self._region = backend.region(region_name)
        self._destinations = destinations

    def load(self, entries: Entries, source: str) -> int:
        count = 0
        with Progress(source) as progress:
            for entry in entries:
                if isinstance(entry, NewTable):
                    self._create_table(entry)
                    continue
                self._load_record(entry, self._destinations.table_of(entry))
                count += 1
                progress.update(count, entry.progress)
        return count

    def _create_table(self, entry: NewTable) -> None:
        name = self._destinations.renamed(entry.request["TableName"], entry.location)
        if name in self._region.tables:
            return
        request = {**entry.request, "TableName": name}
        try:
            run(self._backend, self._region.name, "CreateTable", request)
        except ServiceError as error:
            raise FileError(entry.location, error.message) from None

    def _load_record(self, record: Record, table: Table) -> None:
        try:
            change = _change(record, table)
        except AttributeValueError as error:
            raise FileError(record.location, str(error)) from None
        except ServiceError as error:
            raise FileError(record.location, error.message) from None
        self._backend.commit([(table, change)], LOAD)


def _change(record: Record, table: Table) -> Change:
    item, is_deletion = read_record(record, table.key_schema.names)
    if is_deletion:
        normalize_item(item)
        key = order_key_of(table, item)
        return Change(key, table.items.get(key), None)
    stored = StoredItem.read(item)
    if stored.size_bytes > limits.ITEM_BYTES_MAX:
        raise ValidationError(messages.ITEM_TOO_LARGE)
    key = order_key_of_item(table, item)
    return Change(key, table.items.get(key), stored, new_item=item)
