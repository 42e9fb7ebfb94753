"""Terraform's functions, as far as names and settings of tables are made with them."""

from __future__ import annotations

from decimal import Decimal

import pytest

from ddbmock.templates.hcl_functions import FUNCTIONS

CALLS = [
    ("coalesce", ["", None, "a"], "a"),
    ("compact", [["a", "", None, "b"]], ["a", "b"]),
    ("concat", [["a"], ["b"]], ["a", "b"]),
    ("contains", [["a"], "a"], True),
    ("distinct", [["b", "a", "b"]], ["b", "a"]),
    ("element", [["a", "b"], 3], "b"),
    ("endswith", ["orders", "s"], True),
    ("flatten", [[["a"], [["b"]], "c"]], ["a", "b", "c"]),
    ("format", ["%s-%q-%v-%5.1s%%", "a", "b", 5], 'a-"b"-5-%5.1s%'),
    ("join", ["-", ["a", 5, True]], "a-5-true"),
    ("jsondecode", ['{"a": 1}'], {"a": 1}),
    ("jsonencode", [{"a": {"b"}, "n": Decimal("1.5")}], '{"a":["b"],"n":1.5}'),
    ("keys", [{"b": 1, "a": 2}], ["a", "b"]),
    ("length", ["abc"], 3),
    ("lookup", [{"a": 1}, "a"], 1),
    ("lookup", [{"a": 1}, "b", 2], 2),
    ("lower", ["A"], "a"),
    ("max", [1, 3, 2], 3),
    ("merge", [{"a": 1, "b": 1}, None, {"b": 2}], {"a": 1, "b": 2}),
    ("min", [3, 1], 1),
    ("range", [3], [0, 1, 2]),
    ("replace", ["a.b.c", ".", "-"], "a-b-c"),
    ("replace", ["a1b2", "/([0-9])/", "<$1>"], "a<1>b<2>"),
    ("sort", [["b", "a"]], ["a", "b"]),
    ("split", [",", "a,b"], ["a", "b"]),
    ("startswith", ["orders", "or"], True),
    ("substr", ["orders", 2, -1], "ders"),
    ("title", ["my orders"], "My Orders"),
    ("tobool", ["true"], True),
    ("tobool", [False], False),
    ("tolist", [{"b", "a"}], ["a", "b"]),
    ("tomap", [{"a": 1}], {"a": 1}),
    ("tonumber", ["5"], 5),
    ("tonumber", ["1.5"], Decimal("1.5")),
    ("toset", [["a", "a"]], {"a"}),
    ("tostring", [True], "true"),
    ("trimprefix", ["a-b", "a-"], "b"),
    ("trimspace", [" a "], "a"),
    ("trimsuffix", ["a-b", "-b"], "a"),
    ("upper", ["a"], "A"),
    ("values", [{"b": 1, "a": 2}], [2, 1]),
    ("zipmap", [["a"], [1]], {"a": 1}),
]


@pytest.mark.parametrize(("name", "arguments", "expected"), CALLS)
def test_a_function(name, arguments, expected):
    result = FUNCTIONS[name](*arguments)
    assert result == expected
    assert type(result) is type(expected)


def test_all_are_tested():
    assert {name for name, _, _ in CALLS} == set(FUNCTIONS)
