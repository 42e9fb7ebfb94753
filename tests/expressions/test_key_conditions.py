"""How key conditions lie over the keys of tables and indexes."""

from __future__ import annotations

import pytest

from ddbmock._internal.errors import ValidationError
from ddbmock._internal.expressions.compile import compile_key_condition
from ddbmock._internal.expressions.key_conditions import KeyPlan

PARTITION = ("p1", "p2")
SORT = ("s1", "s2", "s3", "s4")


@pytest.mark.parametrize(
    ("text", "plan"),
    [
        ("pk = :p", KeyPlan((":p",))),
        (":p = pk", KeyPlan((":p",))),
        ("(pk = :p)", KeyPlan((":p",))),
        ("(pk) = (:p)", KeyPlan((":p",))),
        ("#p = :p", KeyPlan((":p",))),
        ("pk = :p AND sk = :s", KeyPlan((":p",), (":s",))),
        ("sk = :s AND pk = :p", KeyPlan((":p",), (":s",))),
        ("pk = :p AND sk < :s", KeyPlan((":p",), (), ("<", (":s",)), "sk")),
        ("pk = :p AND :s < sk", KeyPlan((":p",), (), (">", (":s",)), "sk")),
        ("pk = :p AND :s >= sk", KeyPlan((":p",), (), ("<=", (":s",)), "sk")),
        (
            "(pk = :p) AND (sk BETWEEN :a AND :b)",
            KeyPlan((":p",), (), ("BETWEEN", (":a", ":b")), "sk"),
        ),
        (
            "begins_with(sk, :s) AND pk = :p",
            KeyPlan((":p",), (), ("begins_with", (":s",)), "sk"),
        ),
    ],
)
def test_simple_key(text: str, plan: KeyPlan) -> None:
    condition = compile_key_condition(text, {"#p": "pk"})
    condition.check_shape()
    assert condition.resolve(("pk",), ("sk",)) == plan
    assert condition.resolve(("pk",), ("sk",)) is condition.resolve(("pk",), ("sk",))


@pytest.mark.parametrize(
    ("text", "plan"),
    [
        ("p1 = :1 AND p2 = :2", KeyPlan((":1", ":2"))),
        ("p2 = :2 AND p1 = :1", KeyPlan((":1", ":2"))),
        ("p1 = :1 AND p2 = :2 AND s1 = :3", KeyPlan((":1", ":2"), (":3",))),
        (
            "p1 = :1 AND s2 > :4 AND p2 = :2 AND s1 = :3",
            KeyPlan((":1", ":2"), (":3",), (">", (":4",)), "s2"),
        ),
        (
            "p1 = :1 AND p2 = :2 AND s1 = :3 AND s2 = :4 AND s3 = :5 AND s4 BETWEEN :6 AND :7",
            KeyPlan((":1", ":2"), (":3", ":4", ":5"), ("BETWEEN", (":6", ":7")), "s4"),
        ),
    ],
)
def test_multi_attribute_key(text: str, plan: KeyPlan) -> None:
    assert compile_key_condition(text).resolve(PARTITION, SORT) == plan


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("p1 = :1", "HASH key attributes p2 must have equality conditions specified in the query"),
        (
            "s1 = :2",
            "HASH key attributes p1, p2 must have equality conditions specified in the query",
        ),
        ("p1 = :1 AND p2 > :2", "Query key condition not supported"),
        (
            "p1 = :1 AND p2 = :2 AND s2 = :3",
            (
                "RANGE key attributes s1 must have equality conditions specified in the query"
                " because a condition is present on key attribute s2"
            ),
        ),
        (
            "p1 = :1 AND p2 = :2 AND s1 > :3 AND s2 = :4",
            (
                "RANGE key attributes s1 must have equality conditions specified in the query"
                " because a condition is present on key attribute s2"
            ),
        ),
    ],
)
def test_refused_over_a_multi_attribute_key(text: str, message: str) -> None:
    with pytest.raises(ValidationError) as caught:
        compile_key_condition(text).resolve(PARTITION, SORT)
    assert caught.value.message == message


def test_sort_condition_on_a_key_without_sort_key() -> None:
    with pytest.raises(ValidationError) as caught:
        compile_key_condition("pk = :p AND sk = :s").resolve(("pk",), ())
    assert caught.value.message == (
        "The number of query conditions (2) exceeds the number of key attributes defined in the"
        " schema (1)"
    )


def test_what_a_key_condition_uses() -> None:
    condition = compile_key_condition("#p = :p AND sk > :s", {"#p": "pk", "#u": "u"})
    assert condition.name_refs == {"#p"}
    assert condition.value_refs == {":p", ":s"}
