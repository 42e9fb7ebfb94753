"""What conditions say of items: every operator and function, for every type."""

from __future__ import annotations

from typing import Any

import pytest

from ddbmock._internal.expressions.compile import compile_condition

ITEM: dict[str, dict[str, Any]] = {
    "s": {"S": "hello"},
    "n": {"N": "5"},
    "half": {"N": "0.5"},
    "big": {"N": "12345678901234567890123456789012345678"},
    "b": {"B": b"\x01\x02\xff"},
    "t": {"BOOL": True},
    "z": {"NULL": True},
    "l": {"L": [{"S": "x"}, {"N": "5"}, {"M": {"deep": {"S": "y"}}}]},
    "m": {"M": {"a": {"N": "1"}, "l": {"L": [{"S": "q"}]}, "hollow": {"M": {}}}},
    "ss": {"SS": ["a", "b"]},
    "ns": {"NS": ["1", "2.5"]},
    "bs": {"BS": [b"a", b"b"]},
    "s2": {"S": "hello"},
    "n2": {"N": "7"},
}
VALUES: dict[str, dict[str, Any]] = {
    ":hello": {"S": "hello"},
    ":he": {"S": "he"},
    ":a": {"S": "a"},
    ":x": {"S": "x"},
    ":z": {"S": "z"},
    ":zero": {"N": "0"},
    ":one": {"N": "1"},
    ":two": {"N": "2"},
    ":three": {"N": "3"},
    ":five": {"N": "5"},
    ":ten": {"N": "10"},
    ":half": {"N": "0.5"},
    ":bigger": {"N": "12345678901234567890123456789012345679"},
    ":b": {"B": b"\x01\x02\xff"},
    ":b0": {"B": b"\x01"},
    ":b1": {"B": b"\x02"},
    ":ba": {"B": b"a"},
    ":true": {"BOOL": True},
    ":false": {"BOOL": False},
    ":null": {"NULL": True},
    ":list": {"L": [{"S": "x"}]},
    ":deep": {"M": {"deep": {"S": "y"}}},
    ":map": {"M": {"a": {"N": "1"}, "l": {"L": [{"S": "q"}]}, "hollow": {"M": {}}}},
    ":ss": {"SS": ["a", "b"]},
    ":S": {"S": "S"},
    ":N": {"S": "N"},
    ":M": {"S": "M"},
    ":BOOL": {"S": "BOOL"},
    ":NULL": {"S": "NULL"},
}
NAMES = {"#s": "s", "#dot": "a.b"}

TRUE = """
s = :hello
#s = :hello
:hello = s
s = s2
n = :five
half = :half
b = :b
t = :true
z = :null
m = :map
ss = :ss
m.a = :one
m.l[0] <> :hello
l[1] = :five
l[2].deep <> :x
l[2] = :deep
s <> :a
s <> :five
t <> :false
absent <> :a
:a <> absent
absent <> gone
l[9] <> :a
m.nil <> :a
s < :z
s <= :hello
s >= :hello
s > :a
n < :ten
n <= :five
n >= :five
n > :one
:one < n
:ten > n
half > :zero
half < :one
big < :bigger
n < n2
n2 >= n
n >= half
b >= :b0
b <= :b
m.a < :five
n BETWEEN :one AND :ten
n BETWEEN :five AND :five
half BETWEEN :zero AND :one
s BETWEEN :a AND :z
b BETWEEN :b0 AND :b
:three BETWEEN m.a AND n
n BETWEEN m.a AND n2
size(s) BETWEEN :one AND :five
n IN (:one, :five)
s IN (:five, :hello)
s IN (n, s2)
:hello IN (n, s)
m IN (:map)
size(ss) IN (:two)
attribute_exists(s)
attribute_exists(m.a)
attribute_exists(m.hollow)
attribute_exists(l[2].deep)
attribute_exists(z)
attribute_not_exists(absent)
attribute_not_exists(m.nil)
attribute_not_exists(l[3])
attribute_not_exists(s.a)
attribute_not_exists(m[0])
attribute_not_exists(l.a)
attribute_not_exists(#dot)
attribute_type(s, :S)
attribute_type(n, :N)
attribute_type(m.hollow, :M)
attribute_type(t, :BOOL)
attribute_type(z, :NULL)
begins_with(s, :he)
begins_with(s, :hello)
begins_with(s, s2)
begins_with(:hello, :he)
begins_with(b, :b0)
contains(s, :he)
contains(ss, :a)
contains(ns, :one)
contains(bs, :ba)
contains(b, :b1)
contains(l, :x)
contains(l, :five)
contains(l, :deep)
contains(l, n)
contains(:ss, :a)
contains(:ss, m.l[0]) OR contains(m.l, m.l[0])
size(s) = :five
size(b) = :three
size(l) = :three
size(m) = :three
size(ss) = :two
size(ns) = :two
size(bs) = :two
size(m.hollow) = :zero
size(s) > size(l)
size(s) <> :one
size(s) <> :hello
size(absent) <> :one
size(n) <> :one
:five = size(s)
size(:hello) = :five
:ten > size(s)
NOT s = :a
NOT absent = :a
NOT absent < :a
NOT NOT s = :hello
s = :hello AND n = :five
s = :hello AND n = :five AND t = :true
s = :a OR n = :five
s = :a OR n = :one OR t = :true
NOT s = :a AND n = :five
NOT (s = :a OR n = :one)
s = :hello OR n = :one AND t = :false
(s = :a AND n = :one) OR t = :true
"""

FALSE = """
s = :a
s = :five
absent = :a
absent = gone
absent = s
s <> :hello
s <> s2
n <> :five
absent < :a
absent >= :a
:a < absent
absent < gone
s < :five
n < :hello
n > :five
l < l[0]
t > z
ss >= l
n < half
n BETWEEN :a AND :z
n BETWEEN n2 AND half
absent BETWEEN :one AND :ten
s BETWEEN absent AND s2
t BETWEEN :zero AND :one
n IN (:one, :ten)
absent IN (:one)
absent IN (gone)
attribute_exists(absent)
attribute_exists(m.nil)
attribute_exists(s.a)
attribute_exists(l[3])
attribute_exists(#dot)
attribute_not_exists(s)
attribute_not_exists(m.a)
attribute_type(s, :N)
attribute_type(absent, :S)
begins_with(s, :a)
begins_with(s, :b0)
begins_with(n, :he)
begins_with(absent, :he)
begins_with(s, absent)
begins_with(ss, :a)
contains(s, :z)
contains(s, :five)
contains(ss, :he)
contains(ss, :one)
contains(ns, :a)
contains(b, :ba)
contains(l, :z)
contains(n, :five)
contains(m, :a)
contains(absent, :a)
contains(s, absent)
size(s) = :one
size(s) = :hello
size(n) = :one
size(t) = :one
size(absent) = :one
size(absent) < :five
size(n) < :ten
size(s) < :hello
size(n) > size(absent)
NOT s = :hello
NOT s <> :a
s = :hello AND n = :one
s = :hello AND n = :five AND t = :false
s = :a OR n = :one
s = :a OR n = :one OR t = :false
NOT s = :hello OR n = :one
"""


def cases(text: str) -> list[str]:
    return text.strip().splitlines()


def holds(text: str) -> bool:
    condition = compile_condition("FilterExpression", text, NAMES)
    condition.check(VALUES)
    outcome = condition.test(ITEM, VALUES)
    assert condition.bind(VALUES)(ITEM) is outcome
    return outcome


@pytest.mark.parametrize("text", cases(TRUE))
def test_true(text: str) -> None:
    assert holds(text) is True


@pytest.mark.parametrize("text", cases(FALSE))
def test_false(text: str) -> None:
    assert holds(text) is False


def test_no_item_is_an_item_without_attributes() -> None:
    condition = compile_condition("ConditionExpression", "attribute_not_exists(pk)")
    condition.check()
    assert condition.test({})
    assert not condition.test({"pk": {"S": "a"}})


@pytest.mark.parametrize(
    ("text", "units"),
    [("", 0), ("abc", 3), ("é", 1), ("\u20ac", 1), ("\U0001f600", 2), ("a\U0001f600", 3)],
)
def test_size_of_a_string_counts_utf16_units(text: str, units: int) -> None:
    condition = compile_condition("FilterExpression", "size(s) = :n")
    assert condition.test({"s": {"S": text}}, {":n": {"N": str(units)}})


def test_strings_order_by_their_utf8_bytes() -> None:
    condition = compile_condition("FilterExpression", "s < :v")
    # By UTF-16 units the surrogates of U+1F600 would come before U+FF21.
    assert condition.test({"s": {"S": "\uff21"}}, {":v": {"S": "\U0001f600"}})


def test_values_are_bound_late() -> None:
    condition = compile_condition("FilterExpression", "n > :v")
    assert condition is compile_condition("FilterExpression", "n > :v")
    assert condition.test(ITEM, {":v": {"N": "4"}})
    assert not condition.test(ITEM, {":v": {"N": "6"}})
    assert not condition.test(ITEM, {":v": {"S": "4"}})


def test_what_a_condition_uses() -> None:
    names = {"#n": "name", "#m": "m", "#unused": "u"}
    condition = compile_condition(
        "FilterExpression", "#n = :a AND (size(#m.b[0]) > :b OR NOT contains(c, :a))", names
    )
    assert condition.name_refs == {"#n", "#m"}
    assert condition.value_refs == {":a", ":b"}
    assert condition.attributes == {"name", "m", "c"}
    assert condition.nested_attributes == {"m"}
    assert condition.operator_count == 7


def test_names_with_dots_are_one_name() -> None:
    condition = compile_condition("FilterExpression", "#dot = :v", NAMES)
    assert condition.test({"a.b": {"S": "x"}}, {":v": {"S": "x"}})
    assert not condition.test({"a": {"M": {"b": {"S": "x"}}}}, {":v": {"S": "x"}})


def test_other_names_make_another_condition() -> None:
    first = compile_condition("FilterExpression", "#x = :v", {"#x": "s"})
    second = compile_condition("FilterExpression", "#x = :v", {"#x": "n"})
    assert first.test(ITEM, {":v": {"S": "hello"}})
    assert second.test(ITEM, {":v": {"N": "5"}})
