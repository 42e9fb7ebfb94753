"""The table of formats: what every row of it must do, and how a file finds its row."""

from __future__ import annotations

import gzip
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ddbmock._internal.engine.values import normalize_item
from ddbmock._internal.formats.dynamodb_json import typed_item
from ddbmock._internal.formats.file_errors import FileError
from ddbmock._internal.formats.files import InputFile
from ddbmock._internal.formats.items import read_record
from ddbmock._internal.formats.records import Record, TableItems
from ddbmock._internal.formats.registry import (
    FORMATS,
    SUFFIXES,
    format_of_input,
    format_of_output,
    has_known_suffix,
)
from tests.formats.item_strategies import ITEMS

BY_NAME = {each.name: each for each in FORMATS}


def read(each, text: str):
    """The items of a text, sets sorted and numbers canonical as the engine makes them."""
    file = InputFile.of(f"t{each.suffixes[0]}", text.encode("utf-8", "surrogatepass"))
    records = list(each.read(file))
    assert all(isinstance(record, Record) for record in records)
    return [(record.table_name, read_record(record, ["id"])[0]) for record in records]


def comparable(item):
    copy = typed_item(item)
    normalize_item(copy)
    return copy


@pytest.mark.parametrize("name", BY_NAME)
@given(items=st.lists(ITEMS, min_size=1, max_size=3))
def test_what_is_written_is_read_again(name, items):
    each = BY_NAME[name]
    items = [{**item, "id": {"S": str(at)}} for at, item in enumerate(items)]
    text = "".join(each.write(TableItems("t", ("id",), items)))
    assert [comparable(item) for _, item in read(each, text)] == [*map(comparable, items)]


@pytest.mark.parametrize("name", [each.name for each in FORMATS if each.write_tables])
def test_several_tables_in_one_file(name):
    each = BY_NAME[name]
    assert each.write_tables is not None
    tables = [
        TableItems(table, ("id",), [{"id": {"S": table}}, {"id": {"N": "5"}}])
        for table in ("a", "b.c")
    ] + [TableItems("empty", ("id",), [])]
    text = "".join(each.write_tables(tables))
    assert read(each, text) == [
        ("a", {"id": {"S": "a"}}),
        ("a", {"id": {"N": "5"}}),
        ("b.c", {"id": {"S": "b.c"}}),
        ("b.c", {"id": {"N": "5"}}),
    ]


@pytest.mark.parametrize("name", BY_NAME)
def test_a_table_without_items(name):
    each = BY_NAME[name]
    assert read(each, "".join(each.write(TableItems("t", ("id",), [])))) == []


def test_no_suffix_is_of_two_formats():
    assert len(SUFFIXES) == len(set(SUFFIXES))
    assert SUFFIXES == (".jsonl", ".ndjson", ".json", ".yaml", ".yml", ".csv", ".ion")


@pytest.mark.parametrize(
    ("name", "content", "expected"),
    [
        ("t.CSV", b"", "CSV"),
        ("t.yml.gz", b"", "YAML"),
        ("t.out", b'  {"a": 1}', "JSON"),
        ("t", "\ufeff[]".encode("utf-16"), "JSON"),
        ("t", gzip.compress(b"[]", mtime=0), "JSON"),
        ("t.txt", b"$ion_1_0 {}", "Amazon Ion"),
    ],
)
def test_the_format_of_an_input(name, content, expected):
    assert format_of_input(InputFile.of(name, content)).name == expected


def test_an_input_of_no_known_format():
    with pytest.raises(FileError) as raised:
        format_of_input(InputFile.of("t.txt", b"id,total\n"))
    assert str(raised.value) == (
        "t.txt: the format cannot be recognised by the suffix '.txt'; the suffixes are "
        f"{', '.join(SUFFIXES)}, followed by .gz or .zst if compressed"
    )


def test_the_format_of_an_output():
    assert format_of_output(Path("a.json.gz")).name == "JSON"
    assert format_of_output(Path("seeds")).name == "JSON lines"
    with pytest.raises(FileError, match=r"o.xml: the format cannot be recognised by the suffix"):
        format_of_output(Path("o.xml"))
    assert not has_known_suffix(Path("readme.md"))
