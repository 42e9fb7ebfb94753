from __future__ import annotations

from decimal import Decimal
from hashlib import md5
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ddbmock._internal.engine.keys import HIGHEST, KeyAttribute, KeySchema, after, after_prefix

if TYPE_CHECKING:
    from ddbmock._internal.engine.values import Item

CONTENTS = st.text(max_size=4) | st.binary(max_size=4) | st.integers(-5, 5).map(Decimal)


@pytest.mark.parametrize("content", ["", "\U0010ffff", b"", b"\xff" * 9, Decimal(10) ** 99, 2**64])
def test_nothing_is_higher_than_the_highest(content):
    assert content < HIGHEST
    assert content <= HIGHEST
    assert content < HIGHEST
    assert content <= HIGHEST
    assert not content > HIGHEST
    assert not content >= HIGHEST
    assert not content > HIGHEST
    assert not content >= HIGHEST


@given(CONTENTS, CONTENTS.map(lambda content: (content,)) | st.just(()))
def test_after_is_above_what_begins_so_and_below_the_rest(content, rest):
    key = (7, content, *rest)
    end = after((7, content))
    assert key < end
    assert end < (8,)
    assert (7, content) <= key


@given(st.text(max_size=3), st.text(max_size=3))
def test_after_prefix_of_texts(prefix, rest):
    end = after_prefix(prefix)
    assert prefix + rest < end
    assert (rest < end) == (rest < prefix or rest.startswith(prefix))


@given(st.binary(max_size=3), st.binary(max_size=3))
def test_after_prefix_of_binaries(prefix, rest):
    end = after_prefix(prefix)
    assert prefix + rest < end
    assert (rest < end) == (rest < prefix or rest.startswith(prefix))


def hash_order(kind, contents):
    return sorted(contents, key=KeySchema([KeyAttribute("pk", kind)], []).hash_partition)


def test_the_order_of_hashes_is_the_order_of_the_service():
    # Observed at the service.
    names = ["ann", "bob", "cyd", "dov", "eve", "fay"]
    assert hash_order("S", names) == ["bob", "dov", "eve", "fay", "cyd", "ann"]


@pytest.mark.parametrize(
    ("kind", "content", "hashed"),
    [
        ("S", "é", b"Outliers\xc3\xa9"),
        ("B", b"\x00\xff", b"Outliers\x00\xff"),
        ("N", "-12.5", b"Outliers\x3e\x59\x33\x66"),
    ],
)
def test_a_partition_key_is_hashed_with_the_salt_of_the_service(kind, content, hashed):
    expected = int.from_bytes(md5(hashed, usedforsecurity=False).digest()[:8], "big")
    schema = KeySchema([KeyAttribute("pk", kind)], [])
    assert schema.hash_partition(content) == expected
    order_key = schema.order_key({"pk": {kind: content}})
    assert order_key == (expected, content)


def test_the_hash_of_a_key_covers_the_sort_key():
    schema = KeySchema([A], [B])
    expected = md5(b"Outliersxy", usedforsecurity=False).digest()[:7]
    assert schema.hash_key(ITEM, (0,)) == int.from_bytes(expected, "big")
    assert KeySchema([A], []).hash_key(ITEM, (7, "x")) == 7


@pytest.mark.parametrize(
    ("partition", "sort"), [("é", "x"), ("a", ""), ("\ud800", "\udc00"), ("😀", "b")]
)
def test_a_key_of_texts_is_hashed_by_their_bytes(partition, sort):
    schema = KeySchema([KeyAttribute("a", "S")], [KeyAttribute("b", "S")])
    encoded = b"".join(text.encode("utf-8", "surrogatepass") for text in (partition, sort))
    expected = md5(b"Outliers" + encoded, usedforsecurity=False).digest()[:7]
    item = {"a": {"S": partition}, "b": {"S": sort}}
    assert schema.hash_key(item, ()) == int.from_bytes(expected, "big")


ITEM: Item = {"a": {"S": "x"}, "b": {"B": b"y"}, "n": {"N": "1.5"}, "m": {"N": "2"}}
A, B, N, M = (KeyAttribute("a", "S"), KeyAttribute("b", "B"), KeyAttribute("n", "N"),
              KeyAttribute("m", "N"))  # fmt: skip


@pytest.mark.parametrize(
    ("partition", "sort", "expected"),
    [
        ([A], [], ("x",)),
        ([N], [], ("1.5",)),
        ([A], [B], ("x", b"y")),
        ([A], [N], ("x", Decimal("1.5"))),
        ([A, N], [M, B], ("x", "1.5", Decimal(2), b"y")),
    ],
)
class TestOrderKey:
    def test_of_an_item(self, partition, sort, expected):
        schema = KeySchema(partition, sort)
        order_key = schema.order_key(ITEM)
        assert order_key is not None
        assert order_key[1:] == expected
        assert order_key == KeySchema(partition, sort).order_key(dict(ITEM))

    def test_of_an_item_without_the_key(self, partition, sort, expected):
        schema = KeySchema(partition, sort)
        for attribute in schema.attributes:
            for value in ({"SS": ["x"]}, None):
                item = {**ITEM, attribute.name: value} if value else dict(ITEM)
                if value is None:
                    del item[attribute.name]
                assert schema.order_key(item) is None

    def test_schemas_that_look_alike_have_one_signature(self, partition, sort, expected):
        signature = KeySchema(partition, sort).signature
        assert signature == KeySchema(list(partition), list(sort)).signature
        assert signature != KeySchema([*partition, KeyAttribute("z", "S")], sort).signature
        assert signature != KeySchema(partition, [KeyAttribute("z", "S"), *sort]).signature
