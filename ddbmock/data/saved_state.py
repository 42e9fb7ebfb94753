"""A whole backend in a file: tables with all their settings, items, and the clock.

Not in it: the records of streams (a table that has a stream starts a new one), backups, and tokens
of transactions. What goes on with a table (its transitions) is over when it is loaded.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import fields, is_dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ddbmock.engine import settings as settings_module
from ddbmock.engine.changes import Change
from ddbmock.engine.clock import Clock
from ddbmock.engine.commit import LOAD
from ddbmock.engine.items import StoredItem
from ddbmock.engine.table import Table
from ddbmock.engine.values import normalize_item
from ddbmock.formats.dynamodb_json import json_line, jsonable_item
from ddbmock.formats.file_errors import FileError
from ddbmock.formats.files import InputFile, open_to_write, read_text
from ddbmock.operations.streams import start_stream
from ddbmock.operations.tables.descriptions import key_elements
from ddbmock.operations.tables.tables import index_of, key_schema

if TYPE_CHECKING:
    import os
    from collections.abc import Iterator

    from ddbmock.engine.backend import Backend, Region
    from ddbmock.engine.index import Index
    from ddbmock.engine.settings import TableSettings

VERSION = 1
_BEGINNING = '{"ddbmock": '
#: What an object in the file is an instance of, where it is one.
_CLASS = "()"


def is_saved_state(path: Path) -> bool:
    """Return whether a file was written by `save_state`."""
    beginning = _BEGINNING.encode()
    try:
        return InputFile.at(path).beginning(len(beginning)) == beginning
    except FileError:
        return False


# --- saving --------------------------------------------------------------------------------------


def save_state(backend: Backend, target: str | os.PathLike[str]) -> None:
    """Write a backend into a file, readable JSON with one item a line."""
    __tracebackhide__ = True
    try:
        with backend.lock, open_to_write(Path(target)) as file:
            file.writelines(_world_text(backend))
    except FileError as error:
        raise error.with_traceback(None) from error.__cause__


def _world_text(backend: Backend) -> Iterator[str]:
    head = {"version": VERSION, "clock": _clock(backend.clock)}
    yield f'{_BEGINNING}{json.dumps(head)},\n "tables": ['
    separator = ""
    for region in backend.regions():
        for table in region.tables.values():
            yield f"{separator}\n  "
            yield from _table_text(region, table)
            separator = ","
    yield "\n]}\n"


def _clock(clock: Clock) -> dict[str, Any]:
    if clock.is_frozen:
        return {"frozen_at": clock.seconds()}
    # A new clock tells the real time.
    return {"moved_seconds": round(clock.seconds() - Clock().seconds(), 2) + 0.0}


def _table_text(region: Region, table: Table) -> Iterator[str]:
    definition = {
        "name": table.name,
        "region": region.name,
        "key_schema": key_elements(table.key_schema),
        "indexes": [_index(index) for index in table.indexes.values()],
        "settings": encode(replace(table.settings, transitions=())),
    }
    yield json_line(definition)[:-1] + ', "items": ['
    for at, stored in enumerate(table.items.values()):
        yield f"{',' if at else ''}\n    {json_line(jsonable_item(stored.load()))}"
    yield "]}"


def _index(index: Index) -> dict[str, Any]:
    return {
        "IndexName": index.name,
        "KeySchema": key_elements(index.key_schema),
        "Projection": {
            "ProjectionType": index.projection.kind,
            "NonKeyAttributes": list(index.projection.non_key_attributes),
        },
        "is_global": index.is_global,
    }


def encode(value: Any) -> Any:
    """Return settings as JSON; dataclasses keep the names of their classes.

    >>> encode(settings_module.TimeToLive("ttl", True, 0.0, 0.0))
    {'()': 'TimeToLive', 'attribute_name': 'ttl', 'enabled': True, 'changed_at': 0.0, \
'settled_at': 0.0}
    """
    if is_dataclass(value) and not isinstance(value, type):
        content = {field.name: encode(getattr(value, field.name)) for field in fields(value)}
        return {_CLASS: type(value).__name__, **content}
    if isinstance(value, Mapping):
        return {name: encode(content) for name, content in value.items()}
    return [encode(member) for member in value] if isinstance(value, list | tuple) else value


# --- loading -------------------------------------------------------------------------------------


def load_state(backend: Backend, path: Path) -> int:
    """Add the tables of a saved state to this one, set its clock, and return the item count.

    Raises:
        FileError: A table of it is there already, or the file is damaged or of another version.
    """
    source = str(path)
    try:
        document = json.loads(read_text(path))
        head = document["ddbmock"]
        if head["version"] != VERSION:
            raise FileError(
                source,
                f"a backend of version {head['version']}; this ddbmock reads version {VERSION}",
            )
        count = sum(_load_table(backend, table, source) for table in document["tables"])
        _set_clock(backend.clock, head["clock"])
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        problem = f"the saved state is damaged: {type(error).__name__}: {error}"
        raise FileError(source, problem) from None
    return count


def _load_table(backend: Backend, saved: Mapping[str, Any], source: str) -> int:
    region, name = backend.region(saved["region"]), saved["name"]
    if name in region.tables:
        raise FileError(
            source, f"the table {name} is in {region.name} already; reset() first, or delete it"
        )
    settings: TableSettings = decode(saved["settings"])
    table = _empty_table(saved, settings, backend)
    region.add_table(table)
    for item in saved["items"]:
        size_bytes = normalize_item(item)
        key = table.key_schema.order_key(item)
        if key is None:
            raise KeyError(name)
        backend.commit([(table, Change(key, None, StoredItem(item, size_bytes)))], LOAD)
    # After the items: a stream begins with what changes from now on.
    start_stream(region, table)
    if settings.time_to_live is not None and settings.time_to_live.enabled:
        backend.sweeper.enable(table, settings.time_to_live.attribute_name)
    return len(table.items)


def _empty_table(saved: Mapping[str, Any], settings: TableSettings, backend: Backend) -> Table:
    types = settings.attribute_types
    schema = key_schema(saved["key_schema"], types)
    indexes = [
        index_of(index, types, schema, is_global=index["is_global"]) for index in saved["indexes"]
    ]
    return Table(saved["name"], schema, settings, backend.journal, indexes)


def decode(value: Any) -> Any:
    """Return what `encode` made JSON of; every list comes back as a tuple.

    >>> decode(encode(settings_module.WarmThroughput(1, 2)))
    WarmThroughput(read_units=1, write_units=2)
    """
    if isinstance(value, dict):
        content = {name: decode(member) for name, member in value.items() if name != _CLASS}
        if _CLASS not in value:
            return content
        return getattr(settings_module, value[_CLASS])(**content)
    return tuple(map(decode, value)) if isinstance(value, list) else value


def _set_clock(clock: Clock, saved: Mapping[str, Any]) -> None:
    if "frozen_at" in saved:
        clock.freeze(saved["frozen_at"])
    elif saved["moved_seconds"]:
        clock.freeze(Clock().seconds() + saved["moved_seconds"])
        clock.unfreeze()
