"""`load`: records become items of tables, all of them or none.

Every item goes through the service's own checks and through the table's one door, so indexes,
streams and times to live follow. An error takes the whole load back.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ddbmock import limits, messages
from ddbmock.access.lookup import order_key_of, order_key_of_item
from ddbmock.data import saved_state
from ddbmock.data.progress import Progress
from ddbmock.data.requests import run
from ddbmock.engine.changes import Change
from ddbmock.engine.commit import LOAD
from ddbmock.engine.items import StoredItem
from ddbmock.engine.values import Item, normalize_item
from ddbmock.errors import MisuseError, ServiceError, ValidationError
from ddbmock.formats.documents import document_entries
from ddbmock.formats.dynamodb_json import looks_typed, typed_item
from ddbmock.formats.file_errors import FileError, Location
from ddbmock.formats.files import stem_of
from ddbmock.formats.python_values import AttributeValueError, attribute_values
from ddbmock.formats.reading import path_entries
from ddbmock.formats.records import NewTable, Origin

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ddbmock.engine.backend import Backend
    from ddbmock.engine.table import Table
    from ddbmock.formats.records import Entries, Record

Source = str | os.PathLike[str] | Mapping[str, Iterable[Mapping[str, Any]]]

_MAPPING = "the mapping"


def load(backend: Backend, region_name: str, source: Source, table_name: str | None = None) -> int:
    """Load a source into the tables of a backend and return how many items it held.

    Raises:
        FileError: The source or an item of it is wrong; nothing was changed.
    """
    with backend.atomic():
        count = load_within(backend, region_name, source, table_name)
    backend.settle()
    backend.finish_call()
    return count


def load_within(
    backend: Backend, region_name: str, source: Source, table_name: str | None = None
) -> int:
    """Load a source as a part of a block that holds the lock and is undone when it fails."""
    loader = _Loader(backend, region_name, table_name)
    if isinstance(source, Mapping):
        return loader.load(_mapping_entries(source), _MAPPING)
    if not isinstance(source, str | os.PathLike):
        raise MisuseError(messages.not_a_source(source))
    path = Path(source)
    if saved_state.is_saved_state(path):
        if table_name is not None:
            raise FileError(str(path), messages.SAVED_STATE_INTO_TABLE)
        return saved_state.load_state(backend, path)
    return loader.load(path_entries(path, loader.key_types), path.name)


def _mapping_entries(source: Mapping[str, Any]) -> Entries:
    for name, items in source.items():
        if not isinstance(items, Iterable) or isinstance(items, Mapping | str | bytes):
            raise MisuseError(messages.not_a_source(source))
        yield from document_entries({name: list(items)}, Origin(_MAPPING))


class _Loader:
    """One load on its way: where its records go."""

    def __init__(self, backend: Backend, region_name: str, table_name: str | None) -> None:
        self._backend = backend
        self._region = backend.region(region_name)
        self._given_name = table_name
        #: What the source calls the table that is loaded into the given one.
        self._name_in_source: str | None = None
        self._tables: dict[str, Table] = {}

    def load(self, entries: Entries, source: str) -> int:
        count = 0
        with Progress(source) as progress:
            for entry in entries:
                if isinstance(entry, NewTable):
                    self._make_table(entry)
                    continue
                self._load_record(entry)
                count += 1
                progress.at(count, entry.progress)
        return count

    def key_types(self, table_name: str | None) -> Mapping[str, str]:
        """Return the types that the keys of a table and of its indexes give to attributes."""
        found = self._find(self._given_name or table_name or "")
        return {} if found is None else found.settings.attribute_types

    def _make_table(self, entry: NewTable) -> None:
        request = entry.request
        if self._given_name is not None:
            self._check_one_table(request["TableName"], entry.location)
            request = {**request, "TableName": self._given_name}
        if request["TableName"] in self._region.tables:
            return
        try:
            run(self._backend, self._region.name, "CreateTable", request)
        except ServiceError as error:
            raise FileError(entry.location, error.message) from None

    def _load_record(self, record: Record) -> None:
        table = self._table_of(record)
        try:
            change = _change(record, table)
        except AttributeValueError as error:
            raise FileError(record.location, str(error)) from None
        except ServiceError as error:
            raise FileError(record.location, error.message) from None
        self._backend.commit([(table, change)], LOAD)

    def _table_of(self, record: Record) -> Table:
        name = record.table_name
        if name is None:
            name = self._name_for(record.location)
        elif self._given_name is not None:
            self._check_one_table(name, record.location)
            name = self._given_name
        found = self._tables.get(name) or self._find(name)
        if found is None:
            raise FileError(record.location, messages.no_table_to_load(name, self._table_names()))
        self._tables[name] = found
        return found

    def _name_for(self, location: Location) -> str:
        if self._given_name is not None:
            return self._given_name
        name = stem_of(Path(location.source))
        if self._find(name) is None:
            raise FileError(location.source, messages.which_table(name, self._table_names()))
        return name

    def _check_one_table(self, name: str, location: Location) -> None:
        first = self._name_in_source = self._name_in_source or name
        if first != name:
            raise FileError(location, messages.source_of_several_tables(first, name))

    def _find(self, name: str) -> Table | None:
        """Return a table of the mock's region, or of the only region that has it."""
        if name in self._region.tables:
            return self._region.tables[name]
        others = [region for region in self._backend.regions() if name in region.tables]
        return others[0].tables[name] if len(others) == 1 else None

    def _table_names(self) -> list[str]:
        return sorted({name for region in self._backend.regions() for name in region.tables})


def _change(record: Record, table: Table) -> Change:
    item, is_deletion = read_record(record, table.key_schema.names)
    size_bytes = normalize_item(item)
    if is_deletion:
        key = order_key_of(table, item)
        return Change(key, table.items.get(key), None)
    if size_bytes > limits.ITEM_BYTES_MAX:
        raise ValidationError(messages.ITEM_TOO_LARGE)
    key = order_key_of_item(table, item)
    return Change(key, table.items.get(key), StoredItem(item, size_bytes))


def read_record(record: Record, key_names: Sequence[str]) -> tuple[Item, bool]:
    """Return the item in a record, unwrapped and as attribute values, and False; or a key and True.

    Raises:
        UnfitValueError: A value in it is no attribute value.
    """
    content, is_deletion = record.content, record.is_deletion
    for wrapper, member in (("PutRequest", "Item"), ("DeleteRequest", "Key")):
        inner = content.get(wrapper)
        if len(content) == 1 and isinstance(inner, Mapping) and set(inner) == {member}:
            content, is_deletion = inner[member], wrapper == "DeleteRequest"
    if content.keys() <= {"Item", "ConsumedCapacity"} and isinstance(content.get("Item"), Mapping):
        content = content if "Item" in key_names else content["Item"]
    if not isinstance(content, Mapping):
        raise AttributeValueError(messages.not_an_item(content))
    is_typed = looks_typed(content, key_names[0])
    return (typed_item(content) if is_typed else attribute_values(content)), is_deletion
