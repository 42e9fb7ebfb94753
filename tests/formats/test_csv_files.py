"""CSV: quoting by RFC 4180, types from the header and the keys, and what is wrong with cells."""

from __future__ import annotations

import csv
import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ddbmock._internal.formats.csv_files import read_csv, read_rows
from ddbmock._internal.formats.file_errors import FileError
from ddbmock._internal.formats.files import InputFile


def rows_of(text: str, delimiter: str = ",") -> list[list[str]]:
    return [row.cells for row in read_rows(text, "t.csv", delimiter)]


@pytest.mark.parametrize(
    ("text", "rows"),
    [
        ("", []),
        ("a", [["a"]]),
        ("a,b\r\nc,\n,\n", [["a", "b"], ["c", ""], ["", ""]]),
        ("a\rb\n\nc", [["a"], ["b"], ["c"]]),
        ('"a,""b""\nc",d', [['a,"b"\nc', "d"]]),
        ('"",x', [["", "x"]]),
        ("a\\,b", [["a\\", "b"]]),
        (" a , b ", [[" a ", " b "]]),
        ("a\0b", [["a\0b"]]),
    ],
)
def test_rows(text, rows):
    assert rows_of(text) == rows


@pytest.mark.parametrize("delimiter", [",", ";", ":", "|", "\t", " "])
def test_delimiters(delimiter):
    assert rows_of(f'a{delimiter}"{delimiter}"', delimiter) == [["a", delimiter]]


@pytest.mark.parametrize("text", ['a"b', '"a"b', '"a', 'x,"', '"a" ,b'])
def test_misplaced_quotes(text):
    with pytest.raises(FileError, match=r"^t.csv:1: not CSV: a misplaced quote$"):
        rows_of(text)


def test_a_row_is_on_the_line_where_it_begins():
    rows = list(read_rows('a\n"b\nb"\nc', "t.csv"))
    assert [(row.line_number, row.cells) for row in rows] == [(1, ["a"]), (2, ["b\nb"]), (4, ["c"])]
    assert rows[-1].progress == 1


cells = st.text(st.characters(exclude_characters="\0"), max_size=5)


@given(rows=st.lists(st.lists(cells, min_size=2, max_size=3), max_size=4))
def test_what_the_standard_library_writes_is_read(rows):
    target = io.StringIO(newline="")
    csv.writer(target).writerows(rows)
    text = target.getvalue()
    # Its writer leaves a bare carriage return unquoted before some versions of Python.
    if not any("\r" in cell for row in rows for cell in row):
        assert rows_of(text) == rows


def items_of(text: str, **key_types: str):
    return [
        record.content
        for record in read_csv(InputFile.of("t.csv", text.encode(), key_types=key_types))
    ]


def test_types_of_the_header_and_of_keys():
    assert items_of('id,n:N,k,b:B,j:JSON\nx, 5 ,7,aGk=,"{""S"":""""}"\n', k="N") == [
        {
            "id": {"S": "x"},
            "n": {"N": "5"},
            "k": {"N": "7"},
            "b": {"B": "aGk="},
            "j": {"S": ""},
        }
    ]


def test_names_with_colons():
    assert items_of("xml:lang,a:b:S\nen,x\n") == [{"xml:lang": {"S": "en"}, "a:b": {"S": "x"}}]


@pytest.mark.parametrize("cell", ["n:NN", "n:n", "n:bool", "a:STR"])
def test_a_type_that_does_not_exist(cell):
    with pytest.raises(FileError) as raised:
        items_of(f"{cell}\n1\n")
    assert str(raised.value) == (
        f"t.csv:1: column {cell}: no type {cell[2:]}; the types are S, N, B, BOOL, NULL, L, M, SS,"
        f" NS, BS, JSON; an attribute of this name is written {cell}:S"
    )
    assert items_of(f"{cell}:S\nx\n") == [{cell: {"S": "x"}}]


WRONG = [
    ("", ":1: a CSV file begins with a header of attribute names"),
    ("id,\n", ":1: column 2 has no attribute name"),
    ("id,a:N,a:N\n", ":1: two columns are a:N"),
    ("id\na,b\n", ":2: item: 2 cells under a header of 1"),
    ("id,a:N,a:S\nx,1,b\n", ":2: item: two columns give attribute a a value"),
    (
        "id,a:BOOL\nx,maybe\n",
        ":2: item: attribute a: a cell of type BOOL contains true or false, not 'maybe'",
    ),
    ("id,a:L\nx,[\n", ":2: item: attribute a: a cell of type L contains JSON, not '['"),
    (
        "id,a:JSON\nx,5\n",
        ":2: item: attribute a: a cell of type JSON contains an attribute value, not '5'",
    ),
]


@pytest.mark.parametrize(("text", "problem"), WRONG)
def test_what_is_wrong(text, problem):
    with pytest.raises(FileError) as raised:
        items_of(text)
    assert str(raised.value) == f"t.csv{problem}"
