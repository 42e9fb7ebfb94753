"""What ddbmock says, as itself, of data files and templates."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

ONE_ITEM = "the item"
EMPTY_FILE = "the file is empty"
YAML_CONTAINS_ITSELF = "an alias stands inside of what it stands for"
YAML_MERGE = "only mappings can be merged with <<"
YAML_KEY = "a key that is no scalar"
CSV_WITHOUT_HEADER = "a CSV file begins with a header of attribute names"
RECORD_WITHOUT_ITEM = "a record of an export has an Item, or Keys with or without a NewImage"
SAVED_STATE_INTO_TABLE = "this is a saved state; load it without table="


def item_of(number: int | None, table_name: str | None) -> str:
    counted = "item" if number is None else f"item {number}"
    return counted if table_name is None else f"{counted} of {table_name}"


def the_table(name: str) -> str:
    return f"table {name}"


def model_table(number: int) -> str:
    return f"table {number} of the model"


def _short(value: object, characters_max: int = 60) -> str:
    text = repr(value)
    return text if len(text) <= characters_max else text[: characters_max - 3] + "..."


def _listed(names: Iterable[str]) -> str:
    return ", ".join(names) or "none"


def unfit_value(path: str, value: object) -> str:
    return (
        f"attribute {path}: DynamoDB has no type for {type(value).__name__}, here {_short(value)}"
    )


def attribute_name_is_no_text(name: object) -> str:
    return f"attribute names are text, not {_short(name)}; put it into quotes"


def not_finite(path: str, value: object) -> str:
    return f"attribute {path}: DynamoDB's numbers are finite, not {value}"


def float_value(path: str, value: float) -> str:
    return (
        f"attribute {path}: a float, {value!r}, is not exactly what was written; use"
        f" Decimal({str(value)!r})"
    )


def empty_set_value(path: str) -> str:
    return f"attribute {path}: DynamoDB has no empty sets"


def mixed_set(path: str) -> str:
    return f"attribute {path}: a set holds only texts, only numbers or only binaries"


def not_an_attribute_value(path: str, value: object) -> str:
    return f'attribute {path}: not an attribute value such as {{"S": "a"}}: {_short(value)}'


def not_one_type(path: str, types: list[object]) -> str:
    there = _listed(map(str, types))
    return f"attribute {path}: an attribute value has exactly one type, this one has: {there}"


def unknown_type(path: str, kind: object) -> str:
    types = "S, N, B, BOOL, NULL, L, M, SS, NS, BS"
    return f"attribute {path}: no type {kind!r}; the types are {types}"


def wrong_content(path: str, kind: str, expected: str, content: object) -> str:
    return f"attribute {path}: {kind} takes {expected}, not {_short(content)}"


def not_items(document: object) -> str:
    return f"expected items, not {_short(document)}"


def not_an_item(value: object) -> str:
    return f"an item is an object of attributes, not {_short(value)}"


def bad_json(problem: str) -> str:
    return f"not JSON: {problem}"


def bad_json_at(problem: str, column: int) -> str:
    return f"not JSON: {problem} (column {column})"


def no_json_number(name: str) -> str:
    return f"JSON has no number {name}"


def bad_yaml(problem: str) -> str:
    return f"not YAML: {problem}"


def bad_scalar(kind: str, text: str) -> str:
    return f"not YAML: no {kind}: {_short(text)}"


def unknown_yaml_tag(tag: str) -> str:
    return f"the YAML tag {tag.replace('tag:yaml.org,2002:', '!!')} means nothing here"


def bad_ion(problem: str) -> str:
    return f"not Amazon Ion: {problem}"


def bad_csv(problem: str) -> str:
    return f"not CSV: {problem}"


def needs_extra(thing: str, library: str, extra: str) -> str:
    return f"to read or write {thing}, install {library}: pip install 'ddbmock[{extra}]'"


def not_text(reason: str, position: int) -> str:
    return f"not text in UTF-8: {reason} at byte {position}"


def bad_compression(problem: str) -> str:
    return f"cannot be decompressed: {problem}"


def not_readable(reason: str) -> str:
    return f"cannot be read: {reason}"


def column_without_name(number: int) -> str:
    return f"column {number} has no attribute name"


def column_twice(cell: str) -> str:
    return f"two columns are {cell}"


def too_many_cells(cell_count: int, column_count: int) -> str:
    return f"{cell_count} cells under a header of {column_count}"


def attribute_twice(name: str) -> str:
    return f"two columns give attribute {name} a value"


def wrong_cell(name: str, kind: str, expected: str, cell: str) -> str:
    return f"attribute {name}: a cell of type {kind} holds {expected}, not {_short(cell)}"


def bad_model(problem: str) -> str:
    return f"not a table of NoSQL Workbench: {problem} is missing or wrong"


def several_exports(folders: Sequence[str]) -> str:
    return f"several exports; load one of them: {', '.join(folders)}"


def manifest_without(member: str) -> str:
    return f"the manifest has no {member}"


def unknown_export_format(name: object) -> str:
    return f"exports are in DYNAMODB_JSON or ION, not in {name}"


def data_file_missing(key: str, expected: str) -> str:
    return f"the data file {key} is missing; it should be {expected}"


def item_count_differs(expected: int, found: int) -> str:
    return f"the manifest says {expected} items, the file has {found}"


def nothing_to_load(suffixes: Iterable[str]) -> str:
    return f"no export and no file to load in this folder ({', '.join(suffixes)})"


def not_a_source(source: object) -> str:
    return (
        f"load() takes a path, or a mapping of table names to lists of items, not {_short(source)}"
    )


def which_table(stem: str, table_names: Sequence[str]) -> str:
    return (
        f"for which table? There is none called {stem!r}, as the file is; say table=..."
        f" (the tables that exist: {_listed(table_names)})"
    )


def no_table_to_load(name: str, table_names: Sequence[str]) -> str:
    return f"no table {name!r}; the tables that exist: {_listed(table_names)}"


def source_of_several_tables(first: str, second: str) -> str:
    return f"items of {first} and of {second}: table= takes a source of one table"


def dump_of_which_table(path: str, table_names: Sequence[str]) -> str:
    return (
        f"{path} takes the items of one table; say table=..., or dump into a folder, .json or .yaml"
        f" (the tables that exist: {_listed(table_names)})"
    )


def loading(source: str, record_count: int, part: float | None) -> str:
    percent = "" if part is None else f" ({part:.0%})"
    return f"ddbmock: loading {source}: {record_count:,} items{percent}"


def world_version(found: object, expected: int) -> str:
    return f"a backend of version {found}; this ddbmock reads version {expected}"


def damaged_state(problem: str) -> str:
    return f"the saved state is damaged: {problem}"


def table_is_there(name: str, region_name: str) -> str:
    return f"the table {name} is in {region_name} already; reset() first, or delete it"
