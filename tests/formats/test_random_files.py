"""Whatever a file holds, its reader yields records or raises FileError, nothing else."""

from __future__ import annotations

import gzip
from collections.abc import Mapping
from contextlib import suppress

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ddbmock._internal.formats.file_errors import FileError
from ddbmock._internal.formats.files import InputFile
from ddbmock._internal.formats.items import read_record
from ddbmock._internal.formats.json_documents import parse_json
from ddbmock._internal.formats.python_values import AttributeValueError
from ddbmock._internal.formats.reading import file_entries
from ddbmock._internal.formats.records import NewTable, TableItems
from ddbmock._internal.formats.registry import FORMATS, SUFFIXES
from ddbmock._internal.formats.s3_imports import ImportSource, read_object
from ddbmock._internal.formats.yaml_documents import parse_yaml
from tests.formats.item_strategies import ITEMS
from tests.random_examples import examples

#: Pieces of the formats, of which random texts are made.
PIECES = [
    *'{}[]:,"\\\n\r\t -&*!|>?#%@`~$\'();=<>',
    *("a", "id", "N", "S", "NULL", "true", "null", "5", "1e5", "1e99999999999999999999", "-0"),
    *("NaN", "Item", "Items", '"id"', '"Item":', "DataModel", '"ModelName":', '"DataModel":'),
    *("PutRequest", "&a ", "*a", "<<: *a", "!!set ", "!!binary ", "!!int ", "!!float ", "!Ref "),
    *("? ", "- ", "---\n", "$ion_1_0 ", "$dynamodb_SS::", "{{", "}}", "2020T", "'''", "/*"),
    *("\\u12", "\\UFFFFFFFF", "\ufeff", "id:N", ":S,", '""', "\0", "\x85", "é", "\u2028"),
    *("[" * 40, "{a:" * 40, '{"a":' * 1500, "[" * 2000),
]  # fmt: skip
random_texts = st.lists(st.sampled_from(PIECES), max_size=30).map("".join)
contents = st.one_of(
    st.binary(max_size=60),
    random_texts.map(lambda text: text.encode("utf-8", "surrogatepass")),
    random_texts.map(lambda text: text.encode("utf-16", "surrogatepass")),
)


@st.composite
def damaged_files(draw: st.DrawFn) -> tuple[str, bytes]:
    """A valid file of any format, some bytes of which are replaced, removed or repeated."""
    each = draw(st.sampled_from(FORMATS))
    items = draw(st.lists(ITEMS, min_size=1, max_size=2))
    table = TableItems("t", ("id",), [{**item, "id": {"S": "a"}} for item in items])
    content = "".join(each.write(table)).encode("utf-8", "surrogatepass")
    for _ in range(draw(st.integers(1, 3))):
        start = draw(st.integers(0, len(content)))
        end = min(len(content), start + draw(st.integers(0, 3)))
        content = content[:start] + draw(st.binary(max_size=3)) + content[end:]
    return each.suffixes[0], content


def read_all(file: InputFile) -> None:
    for entry in file_entries(file):
        str(entry.location)
        if not isinstance(entry, NewTable):
            with suppress(AttributeValueError):
                read_record(entry, ["id"])


@settings(max_examples=examples(300))
@given(suffix=st.sampled_from([*SUFFIXES, ""]), content=contents, packed=st.booleans())
def test_random_contents(suffix, content, packed):
    if packed:
        content = gzip.compress(content)[: len(content) + 18]
    with suppress(FileError):
        read_all(InputFile.of(f"t{suffix}", content, key_types={"id": "N"}))


@settings(max_examples=examples(200))
@given(file=damaged_files())
def test_damaged_files(file):
    suffix, content = file
    with suppress(FileError):
        read_all(InputFile.of(f"t{suffix}", content))


@settings(max_examples=examples(200))
@given(text=random_texts)
def test_random_templates(text):
    for parse in (parse_json, lambda text, name: parse_yaml(text, name, template=True)):
        with suppress(FileError):
            parse(text, "template.yaml")


@settings(max_examples=examples(300))
@given(
    format_name=st.sampled_from(["CSV", "DYNAMODB_JSON", "ION"]),
    compression=st.sampled_from(["NONE", "GZIP"]),
    content=st.one_of(contents, damaged_files().map(lambda file: file[1])),
    packed=st.booleans(),
)
def test_objects_of_imports_never_raise(format_name, compression, content, packed):
    content = gzip.compress(content) if packed else content
    source = ImportSource(format_name, compression, {"id": "N"})
    for at, each in enumerate(read_object(source, "data/a", content)):
        assert each.position == at
        assert isinstance(each.item, Mapping) != (each.problem is not None)


DEEP = {
    ".json": "[" * 100_000,
    ".jsonl": '{"a":' * 100_000,
    ".yaml": "[" * 100_000,
    ".ion": "[" * 100_000,
    ".csv": 'id,a:JSON\nx,"' + "[" * 100_000 + '"',
}


@pytest.mark.parametrize("suffix", DEEP)
def test_deep_nesting(suffix):
    with pytest.raises(FileError):
        read_all(InputFile.of(f"t{suffix}", DEEP[suffix].encode()))
