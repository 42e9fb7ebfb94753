"""Plain Python values: the same attribute values, and the same refusals, as with boto3."""

from __future__ import annotations

import enum
from collections import OrderedDict
from decimal import Decimal, localcontext
from types import MappingProxyType
from typing import Any

import boto3
import pytest
from boto3.dynamodb.types import Binary, TypeSerializer
from hypothesis import given
from hypothesis import strategies as st

from ddbmock import FileError, mock_dynamodb
from ddbmock._internal.formats.python_values import (
    AttributeValueError,
    attribute_value,
    attribute_values,
)

serialize = TypeSerializer().serialize


class Color(str, enum.Enum):
    RED = "red"


class Size(enum.IntEnum):
    SMALL = 1


class Text(str):
    __slots__ = ()

    def __str__(self) -> str:
        return "another text"


class Bytes(bytes):
    pass


class Money(Decimal):
    pass


def comparable(value: dict[str, Any]) -> dict[str, Any]:
    """Return an attribute value with sets sorted and boto3's numbers as ours."""
    ((kind, content),) = value.items()
    if kind in {"SS", "NS", "BS"}:
        return {kind: sorted(content)}
    if kind == "L":
        return {kind: [comparable(element) for element in content]}
    if kind == "M":
        return {kind: {name: comparable(element) for name, element in content.items()}}
    return value


EQUAL = [
    "text", "", Text("own text"), Color.RED, Size.SMALL, 5, -(10**37), True, False, None,
    Decimal("1.50"), Decimal("1E+100"), Decimal("-0"), Money("3"), b"", b"x", bytearray(b"x"),
    Bytes(b"x"), Binary(b"x"), Binary(bytearray(b"x")),
    [], [1, "a", [b"x"]], (1, ("a",)), {}, {"a": {"b": [None]}}, OrderedDict(a=1),
    MappingProxyType({"a": 1}), {Text("own"): 1},
    {"b", "a"}, frozenset({"a"}), {"a": 1}.keys(), {1, Decimal("2.5")}, {True}, {True, 2},
    {Size.SMALL},
    {b"a", Binary(b"b")}, {Binary(b"a")}, {Color.RED}, {Text("own text"), "b"},
    Decimal("1." + "1" * 37), Decimal("9.9999999999999999999999999999999999999E+125"),
]  # fmt: skip
REFUSED = [
    1.5, float("nan"), {1.5}, {1.5, 2}, [1.5], {"a": 1.5}, object(), 1j, {"a", 1}, {b"a", "a"},
    {None}, {("a",)}, memoryview(b"x"), Decimal("NaN"), Decimal("Infinity"), {Decimal("NaN")},
    Decimal("1." + "1" * 38), Decimal("1." + "0" * 38), 10**38 + 1, Decimal("1E+127"),
    Decimal("1E-170"), Decimal("0E-200"), {Decimal("1." + "1" * 38)},
]  # fmt: skip


@pytest.mark.parametrize("value", EQUAL, ids=range(len(EQUAL)))
def test_values_that_boto3_takes(value):
    ours = attribute_value(value, "a")
    assert comparable(ours) == comparable(serialize(value))
    assert_plain(ours)


def assert_plain(value):
    """No subclass of str or bytes reaches the tables."""
    ((_, content),) = value.items()
    for each in content if isinstance(content, list) else [content]:
        if not isinstance(each, dict):
            assert type(each) in {str, bytes, bool}


@pytest.mark.parametrize("value", REFUSED, ids=range(len(REFUSED)))
def test_values_that_boto3_refuses(value):
    with pytest.raises((TypeError, ArithmeticError)):
        serialize(value)
    with pytest.raises(AttributeValueError, match=r"^attribute a"):
        attribute_value(value, "a")


def test_the_decimal_context_of_the_program_has_no_say():
    with localcontext() as context:
        context.prec = 3
        context.clear_traps()
        assert attribute_value(Decimal("1.23456"), "a") == {"N": "1.23456"}
        with pytest.raises(AttributeValueError):
            attribute_value(Decimal("1." + "1" * 38), "a")


def test_what_boto3_passes_on_and_the_service_refuses():
    """An empty set, -Infinity, a signaling NaN: refused here already."""
    for value, problem in [
        (set(), "DynamoDB has no empty sets"),
        (Decimal("-Infinity"), "numbers are finite, not -Infinity"),
        (Decimal("sNaN"), "numbers are finite, not sNaN"),
    ]:
        serialize(value)
        with pytest.raises(AttributeValueError, match=problem):
            attribute_value(value, "a")


def test_names():
    assert attribute_values({Color.RED: 1}) == {"red": {"N": "1"}}
    with pytest.raises(AttributeValueError, match="attribute names are text, not 5"):
        attribute_values({"a": {5: 1}})


# --- through a table -----------------------------------------------------------------------------

texts = st.one_of(st.text(max_size=4), st.text(max_size=4).map(Text), st.just(Color.RED))
numbers = st.one_of(
    st.integers(-(10**39), 10**39),
    st.booleans(),
    st.just(Size.SMALL),
    st.decimals(),
    st.sampled_from([
        *map(Decimal, ["1E+125", "1E+126", "1E-130", "1E-131", "0E-200", "1." + "0" * 37]),
        *map(Decimal, ["1." + "0" * 38, "-0", "sNaN", "-Infinity", "9.99E+125"]),
    ]),
)  # fmt: skip
binaries = st.one_of(
    st.binary(max_size=4),
    st.binary(max_size=4).map(Bytes),
    st.binary(max_size=4).map(Binary),
)
hashable = st.one_of(texts, numbers.filter(lambda n: n == n), binaries)  # noqa: PLR0124 (no NaN)
scalars = st.one_of(
    texts,
    numbers,
    binaries,
    st.none(),
    st.floats(),
    st.binary(max_size=4).map(bytearray),
    st.sampled_from([1j, memoryview(b"x"), object()]),
    st.sets(texts, max_size=3),
    st.sets(numbers.filter(lambda n: not (isinstance(n, Decimal) and n.is_snan())), max_size=3),
    st.frozensets(binaries, max_size=3),
    st.sets(st.one_of(texts, binaries, st.floats(), st.none()), max_size=3),
)
plain_values = st.recursive(
    scalars,
    lambda inner: st.one_of(
        st.lists(inner, max_size=3),
        st.lists(inner, max_size=3).map(tuple),
        st.dictionaries(st.one_of(texts, st.integers(0, 9)), inner, max_size=3),
    ),
    max_leaves=5,
)


@pytest.fixture(scope="module")
def resource():
    with mock_dynamodb(isolate=True) as ddb:
        table = boto3.resource("dynamodb", "us-east-1").create_table(
            TableName="tab",
            KeySchema=[{"AttributeName": "id", "KeyType": "HASH"}],
            AttributeDefinitions=[{"AttributeName": "id", "AttributeType": "S"}],
            BillingMode="PAY_PER_REQUEST",
        )
        yield ddb, table


@given(value=plain_values)
def test_load_and_the_resource_interface_store_the_same_or_both_refuse(resource, value):
    ddb, table = resource
    stored = {}
    for name, put in [
        ("boto3", lambda item: table.put_item(Item=item)),
        ("load", lambda item: ddb.load({"tab": [item]})),
    ]:
        table.delete_item(Key={"id": "x"})
        try:
            put({"id": "x", "a": value})
        except Exception as error:  # noqa: BLE001 (boto3, botocore and the service each have theirs)
            assert name == "boto3" or isinstance(error, FileError)  # noqa: PT017
        stored[name] = ddb.tables["tab"].items
    assert stored["load"] == stored["boto3"]
