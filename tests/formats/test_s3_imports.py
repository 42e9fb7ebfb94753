"""Objects of imports from Amazon S3: items, and what is wrong with single ones."""

from __future__ import annotations

import gzip

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ddbmock._internal.formats.s3_imports import ImportSource, read_object
from tests.random_examples import examples


def read(source, text, *, packed=False):
    body = text.encode() if isinstance(text, str) else text
    body = gzip.compress(body) if packed else body
    return [(each.position, each.item or each.problem) for each in read_object(source, "a", body)]


JSON = ImportSource("DYNAMODB_JSON")
ION = ImportSource("ION")


def test_dynamodb_json():
    text = '{"Item": {"id": {"S": "a"}, "b": {"B": "aGk="}}}\n\n{"Item":{"id":{"S":"b"}}}'
    expected = [(0, {"id": {"S": "a"}, "b": {"B": b"hi"}}), (1, {"id": {"S": "b"}})]
    assert read(JSON, text) == expected
    assert read(ImportSource("DYNAMODB_JSON", "GZIP"), text, packed=True) == expected


def test_an_item_that_is_wrong_is_passed_over():
    lines = ['{"Item":{"id":{"S":5}}}', '{"id":{"S":"a"}}', '{"Item":{"id":{"S":"b"}}}']
    assert read(JSON, "\n".join(lines)) == [
        (0, "attribute id: S takes text, not 5"),
        (1, "a record has an Item"),
        (2, {"id": {"S": "b"}}),
    ]


def test_text_that_cannot_be_parsed_ends_its_object():
    text = '{"Item":{"id":{"S":"a"}}}\n{"Item":\n{"Item":{"id":{"S":"b"}}}'
    assert read(JSON, text) == [
        (0, {"id": {"S": "a"}}),
        (1, "not JSON: Expecting value (column 9)"),
    ]


def test_members_beside_the_item():
    body = b'{"Item":{"id":{"S":"a"}},"ConditionExpression":"attribute_not_exists(id)"}'
    (each,) = read_object(JSON, "a", body)
    assert each.members == {"ConditionExpression": "attribute_not_exists(id)"}


def test_compression_is_what_was_named():
    """As observed: the wrong one is one error an object, and an empty object none."""
    packed = ImportSource("DYNAMODB_JSON", "GZIP")
    assert read(packed, '{"Item":{}}') == [
        (0, "cannot be decompressed: Not a gzipped file (b'{\"')")
    ]
    assert len(read(JSON, '{"Item":{}}', packed=True)) == 1
    assert read(packed, b"") == read(JSON, b"") == read(ION, b"") == []


@pytest.mark.parametrize(
    "text",
    [
        '$ion_1_0 [{Item:{id:"a",n:1.50}},{Item:{id:"b"}}]',
        '$ion_1_0\n[\n  {Item:{id:"a",n:1.50}},\n  {Item:{id:"b"}}\n]',
        '$ion_1_0 {Item:{id:"a",n:1.50}}\n$ion_1_0 {Item:{id:"b"}}',
    ],
)
def test_ion(text):
    assert read(ION, text) == [
        (0, {"id": {"S": "a"}, "n": {"N": "1.50"}}),
        (1, {"id": {"S": "b"}}),
    ]


def test_ion_that_is_wrong():
    assert read(ION, '$ion_1_0 {Item:{id:2020T}}\n$ion_1_0 {Item:{id:"b"}}\n$ion_1_0 {')[1:] == [
        (1, {"id": {"S": "b"}}),
        (2, "not Amazon Ion: IERR_INVALID_FIELDNAME "),
    ]
    assert read(ION, "5 {a:1}") == [(0, "a record is a struct, not 5"), (1, "a record has an Item")]


CSV = ImportSource("CSV", key_types={"id": "N"})


def test_csv():
    assert read(CSV, 'id,total,note\n1,5,"a, b"\n2,,\n') == [
        (0, {"id": {"N": "1"}, "total": {"S": "5"}, "note": {"S": "a, b"}}),
        (1, {"id": {"N": "2"}}),
    ]


def test_csv_without_a_header_and_with_another_delimiter():
    source = ImportSource("CSV", key_types={"id": "N"}, delimiter=";", header=("id", "a:N"))
    assert read(source, "1;x\n2;y\n") == [
        (0, {"id": {"N": "1"}, "a:N": {"S": "x"}}),
        (1, {"id": {"N": "2"}, "a:N": {"S": "y"}}),
    ]


def test_csv_that_is_wrong():
    assert read(CSV, 'id,a\n1,x,y\n2,x\n3,a"b\n4,x\n') == [
        (0, "3 cells under a header of 2"),
        (1, {"id": {"N": "2"}, "a": {"S": "x"}}),
        (2, "not CSV: a misplaced quote"),
    ]
    assert read(CSV, b"id\n\xff\n") == [(0, "not text in UTF-8: invalid start byte at byte 3")]


#: What formats and compressions begin with, and pieces of records.
PIECES = st.sampled_from([
    *(b"", b"\n", b"\x1f\x8b", b"\x28\xb5\x2f\xfd", b"$ion_1_0 ", b"\xef\xbb\xbf", b"\xff\xfe"),
    *(b'{"Item":', b'{"id":', b'{"S":"a"}', b"}", b"[", b"{Item:", b"{id:1.}", b'"', b",", b"id"),
    *(b"id,n\n", b'a,"b""c"\n', b'{"N":"1e999"}', b"null", b"1e99999999999999", b"{{", b"::"),
])  # fmt: skip


@settings(max_examples=examples(300))
@given(
    format_name=st.sampled_from(["CSV", "DYNAMODB_JSON", "ION"]),
    compression=st.sampled_from(["NONE", "GZIP", "ZSTD"]),
    body=st.one_of(st.binary(max_size=40), st.lists(PIECES, max_size=12).map(b"".join)),
    is_packed=st.booleans(),
)
def test_whatever_an_object_has_is_items_or_problems(format_name, compression, body, is_packed):
    if is_packed:
        body = gzip.compress(body)
    source = ImportSource(format_name, compression, {"id": "N"})
    for position, each in enumerate(read_object(source, "key", body)):
        assert each.position == position
        assert (each.item is None) == bool(each.problem)
