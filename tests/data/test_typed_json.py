"""Frozen records to JSON and back: every field is checked by its type."""

from __future__ import annotations

from dataclasses import dataclass, field, fields
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ddbmock._internal.data.typed_json import WrongTypeError, from_json, to_json
from ddbmock._internal.engine import settings

if TYPE_CHECKING:
    from collections.abc import Mapping


@dataclass(frozen=True)
class Inner:
    name: str


@dataclass(frozen=True)
class Outer:
    at: float
    count: int
    is_on: bool
    inner: Inner | None = None
    inners: tuple[Inner, ...] = ()
    pair: tuple[str, int] = ("", 0)
    by_name: Mapping[str, Inner] = field(default_factory=dict)
    raw: bytes = b""


OUTER = Outer(
    at=1.5,
    count=2,
    is_on=True,
    inner=Inner("a"),
    inners=(Inner("b"),),
    pair=("x", 1),
    by_name={"c": Inner("d")},
    raw=b"\xff",
)


def test_back_and_forth():
    assert to_json(OUTER) == {
        "at": 1.5,
        "count": 2,
        "is_on": True,
        "inner": {"name": "a"},
        "inners": [{"name": "b"}],
        "pair": ["x", 1],
        "by_name": {"c": {"name": "d"}},
        "raw": "/w==",
    }
    assert from_json(Outer, to_json(OUTER)) == OUTER
    assert from_json(Outer, {"at": 0, "count": 0, "is_on": False}) == Outer(
        at=0.0, count=0, is_on=False
    )


@pytest.mark.parametrize(
    ("member", "value", "problem"),
    [
        ("at", "1", "at takes a time in seconds, not '1'"),
        ("at", True, "at takes a time in seconds, not True"),
        ("at", 1e300, "at takes a time between the years 1970 and 9999, not 1e+300"),
        ("at", -1, "at takes a time between the years 1970 and 9999, not -1"),
        ("at", float("nan"), "at takes a time between the years 1970 and 9999, not nan"),
        ("count", 1.5, "count takes a whole number, not 1.5"),
        ("count", -1, "count takes a whole number, not -1"),
        ("count", False, "count takes a whole number, not False"),
        ("is_on", 1, "is_on takes true or false, not 1"),
        ("inner", "a", "inner takes an object, not 'a'"),
        ("inner", {}, "inner.name is missing"),
        ("inner", {"name": "a", "()": "Inner"}, "inner.() is unknown"),
        ("inners", {}, "inners takes a list, not {}"),
        ("inners", [{"name": 5}], "inners[0].name takes text, not 5"),
        ("pair", ["x"], "pair takes 2 elements, not ['x']"),
        ("pair", [1, 1], "pair[0] takes text, not 1"),
        ("by_name", {"c": []}, "by_name.c takes an object, not []"),
        ("by_name", [], "by_name takes an object, not []"),
        ("raw", "?", "raw takes base64 text, not '?'"),
        ("raw", 5, "raw takes base64 text, not 5"),
    ],
)
def test_what_is_wrong(member, value, problem):
    with pytest.raises(WrongTypeError) as raised:
        from_json(Outer, {**to_json(OUTER), member: value})
    assert str(raised.value) == problem


def test_what_is_missing():
    with pytest.raises(WrongTypeError, match=r"^at is missing$"):
        from_json(Outer, {})
    with pytest.raises(WrongTypeError, match=r"^it takes an object, not 5$"):
        from_json(Outer, 5)


json_values = st.recursive(
    st.one_of(st.none(), st.booleans(), st.integers(-5, 5), st.floats(), st.text(max_size=3)),
    lambda inner: st.one_of(
        st.lists(inner, max_size=3),
        st.dictionaries(
            st.sampled_from([each.name for each in fields(settings.TableSettings)]), inner
        ),
    ),
)


@given(value=json_values)
def test_any_json_is_read_or_refused(value):
    for kind in (Outer, settings.TableSettings, settings.TimeToLive):
        try:
            record = from_json(kind, value)
        except WrongTypeError:
            continue
        assert from_json(kind, to_json(record)) == record
