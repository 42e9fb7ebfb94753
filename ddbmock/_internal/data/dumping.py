"""`dump`: it writes the items of tables to files that `load` reads, without loss."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

from ddbmock._internal.errors import MisuseError
from ddbmock._internal.formats.files import open_to_write, stem_of
from ddbmock._internal.formats.records import TableItems
from ddbmock._internal.formats.registry import JSON_LINES, format_of_output
from ddbmock._internal.messages import misuse as messages

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from ddbmock._internal.engine.backend import Region
    from ddbmock._internal.engine.table import Table
    from ddbmock._internal.engine.values import Item
    from ddbmock._internal.formats.registry import Format


def dump(region: Region, target: str | os.PathLike[str], table_name: str | None = None) -> int:
    """Write the items of one table, or of all tables of a region, and return their number.

    Args:
        region: The region of the tables.
        target: A file, whose suffix gives the format, or an existing folder, which gets one file
            of JSON lines for each table.
        table_name: The only table to write.

    Raises:
        FileError: The file cannot be written, or its format is unknown.
        MisuseError: There is no such table, or a file for one table would get several.
    """
    __tracebackhide__ = True
    try:
        with region.backend.lock:
            return _dump(region, Path(target), table_name)
    except MisuseError as error:
        raise error.with_traceback(None) from error.__cause__


def _dump(region: Region, path: Path, table_name: str | None) -> int:
    if os.path.isdir(path):  # noqa: PTH112 (never raises, whatever the path)
        tables = _named_tables(region, table_name)
        for table in tables:
            file = path / f"{table.name}{JSON_LINES.suffixes[0]}"
            _write(file, JSON_LINES.write(_table_items(table)))
    else:
        tables = _write_file(region, path, table_name)
    return sum(len(table.items) for table in tables)


def _write_file(region: Region, path: Path, table_name: str | None) -> list[Table]:
    output_format = format_of_output(path)
    if table_name is None and output_format.write_tables is not None:
        tables = list(region.tables.values())
        _write(path, output_format.write_tables([_table_items(table) for table in tables]))
        return tables
    table = _only_table(region, path, table_name, output_format)
    _write(path, output_format.write(_table_items(table)))
    return [table]


def _only_table(region: Region, path: Path, table_name: str | None, output: Format) -> Table:
    """Return the table to write: the requested one, or the one that the file is named after."""
    if table_name is not None:
        return _named_tables(region, table_name)[0]
    names = list(region.tables)
    name = names[0] if len(names) == 1 else stem_of(path)
    if name not in region.tables:
        raise MisuseError(
            f"{path}: a {output.name} file has the items of one table; say table=..."
            " (--table), or dump into a folder, .json or .yaml"
            f" (the tables that exist: {', '.join(names) or 'none'})"
        )
    return region.tables[name]


def _named_tables(region: Region, table_name: str | None) -> list[Table]:
    if table_name is None:
        return list(region.tables.values())
    if table_name not in region.tables:
        raise MisuseError(messages.no_such_table(table_name, [region.name], list(region.tables)))
    return [region.tables[table_name]]


class _StoredItems:
    """The items of a table, decoded one at a time."""

    def __init__(self, table: Table) -> None:
        self._table = table

    def __len__(self) -> int:
        return len(self._table.items)

    def __iter__(self) -> Iterator[Item]:
        return (stored.load() for stored in self._table.items.values())


def _table_items(table: Table) -> TableItems:
    return TableItems(table.name, tuple(table.key_schema.names), _StoredItems(table))


def _write(path: Path, texts: Iterable[str]) -> None:
    with open_to_write(path) as file:
        file.writelines(texts)
