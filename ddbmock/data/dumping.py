"""`dump`: items into files that `load` reads, in DynamoDB JSON, nothing lost.

`.jsonl` (and names without a known suffix) has one item a line; `.json` is what `aws dynamodb scan`
prints for one table, and items by table for several; `.yaml` is the same in YAML; `.csv` has typed
columns. A folder gets one `.jsonl` file a table.
"""

from __future__ import annotations

import json
from base64 import b64encode
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ddbmock import messages
from ddbmock.errors import MisuseError
from ddbmock.formats.csv_files import csv_text
from ddbmock.formats.files import open_to_write, stem_of, suffix_of
from ddbmock.formats.reading import CSV, JSON, YAML
from ddbmock.formats.yaml_documents import yaml_text

if TYPE_CHECKING:
    import os
    from collections.abc import Iterable, Iterator

    from ddbmock.engine.region import Region
    from ddbmock.engine.table import Table
    from ddbmock.engine.values import Item


def dump(region: Region, target: str | os.PathLike[str], table_name: str | None = None) -> int:
    """Write the items of one table, or of all tables of a region, and return how many they are.

    Raises:
        MisuseError: No such table, or a file of one table is to take several.
    """
    path = Path(target)
    with region.backend.lock:
        tables = _tables(region, path, table_name)
        if path.is_dir():
            for table in tables:
                _write_table(table, path / f"{table.name}.jsonl")
        elif len(tables) == 1 and (table_name or suffix_of(path) not in (*JSON, *YAML)):
            _write_table(tables[0], path)
        else:
            _write_tables(tables, path)
        return sum(len(table.items) for table in tables)


def _tables(region: Region, path: Path, table_name: str | None) -> list[Table]:
    names = list(region.tables)
    if table_name is not None:
        if table_name not in region.tables:
            raise MisuseError(messages.no_such_table(table_name, [region.name], names))
        return [region.tables[table_name]]
    if path.is_dir() or suffix_of(path) in (*JSON, *YAML):
        return list(region.tables.values())
    if stem_of(path) in region.tables:
        return [region.tables[stem_of(path)]]
    if len(names) != 1:
        raise MisuseError(messages.dump_of_which_table(str(path), names))
    return list(region.tables.values())


def _items(table: Table) -> Iterator[Item]:
    for stored in table.items.values():
        yield jsonable_item(stored.load())


def jsonable_item(item: Item) -> Item:
    """Return an item with base64 text in place of bytes.

    >>> jsonable_item({"b": {"B": b"hi"}})
    {'b': {'B': 'aGk='}}
    """
    return {name: _jsonable(value) for name, value in item.items()}


def _jsonable(value: dict[str, Any]) -> dict[str, Any]:
    ((kind, content),) = value.items()
    if kind == "B":
        return {kind: b64encode(content).decode()}
    if kind == "BS":
        return {kind: [b64encode(member).decode() for member in content]}
    if kind == "L":
        return {kind: [_jsonable(element) for element in content]}
    return {kind: jsonable_item(content)} if kind == "M" else value


def json_line(document: Any) -> str:
    """Return JSON in one line, readable where Unicode allows it."""
    text = json.dumps(document, ensure_ascii=False)
    try:
        text.encode()
    except UnicodeEncodeError:  # half of a surrogate pair
        return json.dumps(document)
    return text


def _write_table(table: Table, path: Path) -> None:
    suffix = suffix_of(path)
    if suffix in CSV:
        text = csv_text(list(_items(table)), table.key_schema.names)
        _write(path, [text])
    elif suffix in JSON:
        _write(path, _scan_output(table))
    elif suffix in YAML:
        _write(path, [yaml_text(list(_items(table)))])
    else:
        _write(path, (json_line(item) + "\n" for item in _items(table)))


def _write_tables(tables: list[Table], path: Path) -> None:
    if suffix_of(path) in YAML:
        _write(path, [yaml_text({table.name: list(_items(table)) for table in tables})])
    else:
        _write(path, _items_by_table(tables))


def _write(path: Path, texts: Iterable[str]) -> None:
    with open_to_write(path) as file:
        file.writelines(texts)


def _scan_output(table: Table) -> Iterator[str]:
    yield '{\n  "Items": ['
    yield from _json_items(table)
    count = len(table.items)
    yield f'],\n  "Count": {count},\n  "ScannedCount": {count}\n}}\n'


def _items_by_table(tables: list[Table]) -> Iterator[str]:
    yield "{"
    for at, table in enumerate(tables):
        yield f"{',' if at else ''}\n  {json_line(table.name)}: ["
        yield from _json_items(table)
        yield "]"
    yield "\n}\n"


def _json_items(table: Table) -> Iterator[str]:
    for at, item in enumerate(_items(table)):
        yield f"{',' if at else ''}\n    {json_line(item)}"
    if table.items:
        yield "\n  "
