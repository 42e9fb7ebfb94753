"""Projections of items."""

from __future__ import annotations

from typing import Any

import pytest

from ddbmock._internal.expressions.compile import compile_projection

ITEM: dict[str, Any] = {
    "a": {"S": "x"},
    "l": {"L": [{"N": "0"}, {"M": {"k": {"N": "1"}, "j": {"N": "2"}}}, {"N": "3"}]},
    "m": {"M": {"x": {"N": "1"}, "y": {"M": {"z": {"S": "deep"}}}, "hollow": {"M": {}}}},
}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("a", {"a": {"S": "x"}}),
        ("a, absent", {"a": {"S": "x"}}),
        ("absent", {}),
        ("m.x", {"m": {"M": {"x": {"N": "1"}}}}),
        ("m.y.z, m.x", {"m": {"M": {"y": {"M": {"z": {"S": "deep"}}}, "x": {"N": "1"}}}}),
        ("m.hollow", {"m": {"M": {"hollow": {"M": {}}}}}),
        ("m.absent", {}),
        ("m.y.absent, a", {"a": {"S": "x"}}),
        ("m[0]", {}),
        ("a.b", {}),
        ("l[2], l[0]", {"l": {"L": [{"N": "0"}, {"N": "3"}]}}),
        ("l[7]", {}),
        ("l[1].j", {"l": {"L": [{"M": {"j": {"N": "2"}}}]}}),
        ("l[1].j, l[0]", {"l": {"L": [{"N": "0"}, {"M": {"j": {"N": "2"}}}]}}),
        ("l.k", {}),
        ("#a, #m.#x", {"a": {"S": "x"}, "m": {"M": {"x": {"N": "1"}}}}),
    ],
)
def test_selection(text: str, expected: dict[str, Any]) -> None:
    projection = compile_projection(text, {"#a": "a", "#m": "m", "#x": "x"})
    assert projection.apply(ITEM) == expected


def test_what_a_projection_uses() -> None:
    projection = compile_projection("#a, m.#x[0], b", {"#a": "aa", "#x": "xx", "#u": "u"})
    assert projection.name_refs == {"#a", "#x"}
    assert projection.attributes == {"aa", "m", "b"}
    assert projection.nested_attributes == {"m"}
    assert projection.paths == (("aa",), ("m", "xx", 0), ("b",))
