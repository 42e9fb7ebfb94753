"""Terraform's functions for names and settings of tables."""

from __future__ import annotations

from decimal import Decimal

import pytest

from ddbmock._internal.templates.terraform.functions import FUNCTIONS
from ddbmock._internal.templates.terraform.values import ConversionError

CALLS = [
    ("abs", [-5], 5),
    ("alltrue", [[True, "true"]], True),
    ("anytrue", [[False, "true"]], True),
    ("base64decode", ["YQ=="], "a"),
    ("base64encode", ["a"], "YQ=="),
    ("basename", ["infra/main.tf"], "main.tf"),
    ("ceil", [Decimal("1.2")], 2),
    ("chomp", ["a\n\n"], "a"),
    ("chunklist", [["a", "b", "c"], 2], [["a", "b"], ["c"]]),
    ("coalesce", ["", None, "a"], "a"),
    ("coalescelist", [[], ["a"]], ["a"]),
    ("compact", [["a", "", None, "b"]], ["a", "b"]),
    ("concat", [["a"], ["b"]], ["a", "b"]),
    ("contains", [["a"], "a"], True),
    ("dirname", ["infra/main.tf"], "infra"),
    ("distinct", [["b", "a", "b"]], ["b", "a"]),
    ("element", [["a", "b"], 3], "b"),
    ("endswith", ["orders", "s"], True),
    ("flatten", [[["a"], [["b"]], "c"]], ["a", "b", "c"]),
    ("floor", [Decimal("1.8")], 1),
    ("format", ["%s-%q-%v-%5.1f%%", "a", "b", 5, 2], 'a-"b"-5-  2.0%'),
    ("format", ["%v", [1]], "[1]"),
    ("formatlist", ["%s-%s", ["a", "b"], "x"], ["a-x", "b-x"]),
    ("indent", [2, "a\nb"], "a\n  b"),
    ("index", [["a", "b"], "b"], 1),
    ("join", ["-", ["a", 5, True]], "a-5-true"),
    ("jsondecode", ['{"a": 1}'], {"a": 1}),
    ("jsonencode", [{"a": {"b"}, "n": Decimal("1.5")}], '{"a":["b"],"n":1.5}'),
    ("keys", [{"b": 1, "a": 2}], ["a", "b"]),
    ("length", ["abc"], 3),
    ("length", [{"a": 1}], 1),
    ("lookup", [{"a": 1}, "a"], 1),
    ("lookup", [{"a": 1}, "b", 2], 2),
    ("lower", ["A"], "a"),
    ("max", [1, "3", 2], 3),
    ("md5", ["a"], "0cc175b9c0f1b6a831c399e269772661"),
    ("merge", [{"a": 1}, None, {"b": 2}], {"a": 1, "b": 2}),
    ("min", [3, 1], 1),
    ("nonsensitive", ["a"], "a"),
    ("one", [["a"]], "a"),
    ("one", [[]], None),
    ("parseint", ["ff", 16], 255),
    ("pow", [2, 10], 1024),
    ("range", [1, 4], [1, 2, 3]),
    ("regex", ["[a-z]+", "1ab2"], "ab"),
    ("regex", ["([a-z])([0-9])", "a1"], ["a", "1"]),
    ("regex", ["(?P<letter>[a-z])", "1a"], {"letter": "a"}),
    ("regexall", ["[a-z]", "a1b"], ["a", "b"]),
    ("replace", ["a-b", "-", "_"], "a_b"),
    ("replace", ["ab", "/(a)/", "${1}1"], "a1b"),
    ("reverse", [["a", "b"]], ["b", "a"]),
    ("sensitive", ["a"], "a"),
    ("setintersection", [["a", "b"], ["b"]], {"b"}),
    ("setproduct", [["a", "b"], [1]], [["a", 1], ["b", 1]]),
    ("setsubtract", [["a", "b"], ["b"]], {"a"}),
    ("setunion", [["a"], ["b"]], {"a", "b"}),
    ("sha1", ["a"], "86f7e437faa5a7fce15d1ddcb9eaeaea377667b8"),
    ("sha256", [""], "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"),
    ("slice", [["a", "b", "c"], 1, 3], ["b", "c"]),
    ("sort", [["b", "a"]], ["a", "b"]),
    ("split", ["-", "a-b"], ["a", "b"]),
    ("startswith", ["orders", "o"], True),
    ("strcontains", ["orders", "der"], True),
    ("strrev", ["abc"], "cba"),
    ("substr", ["orders", 0, 3], "ord"),
    ("substr", ["orders", -3, -1], "ers"),
    ("sum", [[1, "2"]], 3),
    ("title", ["the orders"], "The Orders"),
    ("tobool", ["true"], True),
    ("tolist", [{"b", "a"}], ["a", "b"]),
    ("tomap", [{"a": 1}], {"a": 1}),
    ("tonumber", ["1.5"], Decimal("1.5")),
    ("tonumber", ["2"], 2),
    ("toset", [["a", "a"]], {"a"}),
    ("tostring", [True], "true"),
    ("tostring", [None], None),
    ("transpose", [{"a": ["x", "y"], "b": ["x"]}], {"x": ["a", "b"], "y": ["a"]}),
    ("trim", ["?a?", "?"], "a"),
    ("trimprefix", ["orders", "or"], "ders"),
    ("trimspace", [" a "], "a"),
    ("trimsuffix", ["orders", "s"], "order"),
    ("upper", ["a"], "A"),
    ("urlencode", ["a b"], "a+b"),
    ("values", [{"b": 1, "a": 2}], [2, 1]),
    ("zipmap", [["a", "b"], [1, 2]], {"a": 1, "b": 2}),
]

WRONG_CALLS = [
    ("alltrue", [["x"]], "true or false is needed, not 'x'"),
    ("chunklist", [[], 0], "chunklist takes a size of at least 1"),
    ("coalesce", [None, ""], "coalesce has no value that is neither null nor empty"),
    ("coalescelist", [[]], "coalescelist has no list that is not empty"),
    ("element", [[], 0], "element of an empty list"),
    ("format", ["%s"], "format has not enough values"),
    ("indent", [-1, "a"], "no indentation: -1"),
    ("index", [["a"], "b"], "the list has no element 'b'"),
    ("keys", ["a"], "a map is needed, not 'a'"),
    ("lookup", [{}, "a"], "the map has no key 'a'"),
    ("max", [], "a number is missing"),
    ("one", [["a", "b"]], r"one\(\) takes a list of at most one element"),
    ("pow", [10, 1000], "a number with too many digits"),
    ("range", [5000], "range of more than 1,024 numbers"),
    ("regex", ["a", "b"], "no match for 'a'"),
    ("setproduct", [["a"] * 200, ["b"] * 200], "setproduct of more than 10,000 elements"),
    ("slice", [["a"], 0, 5], "a list of 1 has no elements 0 to 5"),
    ("sum", [[None]], "a number is needed, not null"),
    ("tolist", ["a"], "a list is needed, not 'a'"),
    ("tonumber", ["x"], "a number is needed, not 'x'"),
    ("tostring", [{}], "text is needed, not an object"),
    ("tostring", [[]], "text is needed, not a list"),
    ("zipmap", [["a"], []], "zipmap takes lists of the same length"),
]


@pytest.mark.parametrize(("name", "arguments", "expected"), CALLS)
def test_a_function(name, arguments, expected):
    result = FUNCTIONS[name](*arguments)
    assert result == expected
    assert type(result) is type(expected)


def test_all_are_tested():
    assert {name for name, _, _ in CALLS} == set(FUNCTIONS)


@pytest.mark.parametrize(("name", "arguments", "problem"), WRONG_CALLS)
def test_a_function_that_has_no_value(name, arguments, problem):
    with pytest.raises(ConversionError, match=rf"\A{problem}\Z"):
        FUNCTIONS[name](*arguments)
