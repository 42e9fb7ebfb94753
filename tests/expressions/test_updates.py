"""What updates make of items."""

from __future__ import annotations

from copy import deepcopy
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ddbmock._internal.engine.values import grown_bytes, item_bytes
from ddbmock._internal.errors import ValidationError
from ddbmock._internal.expressions.compile import compile_update
from ddbmock._internal.expressions.problems import InvalidExpressionError

WRONG_TYPE = "An operand in the update expression has an incorrect data type"
MISSING = "The provided expression refers to an attribute that does not exist in the item"
BAD_PATH = "The document path provided in the update expression is invalid for update"
OVERFLOW = (
    "Number overflow. Attempting to store a number with magnitude larger than supported range"
)

VALUES: dict[str, dict[str, Any]] = {
    ":one": {"N": "1"},
    ":two": {"N": "2"},
    ":s": {"S": "s"},
    ":l": {"L": [{"S": "new"}]},
    ":empty": {"L": []},
    ":m": {"M": {"x": {"N": "1"}}},
    ":ss": {"SS": ["a", "c"]},
    ":ns": {"NS": ["2", "10"]},
    ":huge": {"N": "9" * 38 + "0" * 88},
    ":tiny": {"N": "0." + "0" * 129 + "1"},
}


def item() -> dict[str, Any]:
    return {
        "n": {"N": "5"},
        "s": {"S": "old"},
        "l": {"L": [{"N": "0"}, {"N": "1"}, {"N": "2"}]},
        "m": {"M": {"a": {"N": "1"}, "l": {"L": [{"M": {"x": {"S": "y"}}}]}}},
        "ss": {"SS": ["a", "b"]},
        "ns": {"NS": ["1", "2"]},
    }


def updated(text: str, names: dict[str, str] | None = None) -> dict[str, Any]:
    """Return what an update changes of the item; None for what it removes."""
    update = compile_update(text, names)
    update.check(VALUES)
    old, new = item(), item()
    update.apply(new, VALUES)
    return {name: new.get(name) for name in {**old, **new} if old.get(name) != new.get(name)}


@pytest.mark.parametrize(
    ("text", "changes"),
    [
        ("SET x = :s", {"x": {"S": "s"}}),
        ("SET s = :s", {"s": {"S": "s"}}),
        ("SET x = n", {"x": {"N": "5"}}),
        ("SET n = s, s = n", {"n": {"S": "old"}, "s": {"N": "5"}}),
        ("SET n = n + :one, x = n", {"n": {"N": "6"}, "x": {"N": "5"}}),
        ("SET n = :one - n", {"n": {"N": "-4"}}),
        ("SET n = (n - :one)", {"n": {"N": "4"}}),
        ("SET n = n + (n - :one)", {"n": {"N": "9"}}),
        ("SET x = m.a + l[2]", {"x": {"N": "3"}}),
        ("SET x = :tiny - :tiny", {"x": {"N": "0"}}),
        ("SET n = if_not_exists(n, :one)", {}),
        ("SET x = if_not_exists(x, :one)", {"x": {"N": "1"}}),
        ("SET x = if_not_exists(x, :one) + :two", {"x": {"N": "3"}}),
        ("SET x = if_not_exists(y, if_not_exists(z, n))", {"x": {"N": "5"}}),
        ("SET x = if_not_exists(n, absent)", {"x": {"N": "5"}}),
        ("SET x = list_append(:l, :l)", {"x": {"L": [{"S": "new"}, {"S": "new"}]}}),
        (
            "SET x = list_append(if_not_exists(x, :empty), :l)",
            {"x": {"L": [{"S": "new"}]}},
        ),
        (
            "SET l = list_append(:l, l)",
            {"l": {"L": [{"S": "new"}, {"N": "0"}, {"N": "1"}, {"N": "2"}]}},
        ),
        ("SET l[1] = :s", {"l": {"L": [{"N": "0"}, {"S": "s"}, {"N": "2"}]}}),
        ("SET l[9] = :s", {"l": {"L": [{"N": "0"}, {"N": "1"}, {"N": "2"}, {"S": "s"}]}}),
        (
            "SET l[9] = :s, l[7] = :one, l[0] = :two",
            {"l": {"L": [{"N": "2"}, {"N": "1"}, {"N": "2"}, {"N": "1"}, {"S": "s"}]}},
        ),
        ("SET l[0] = l[2], l[2] = l[0]", {"l": {"L": [{"N": "2"}, {"N": "1"}, {"N": "0"}]}}),
        ("REMOVE l[0], l[1]", {"l": {"L": [{"N": "2"}]}}),
        ("REMOVE l[1] SET l[2] = :s", {"l": {"L": [{"N": "0"}, {"S": "s"}]}}),
        ("REMOVE l[0] SET l[3] = :s", {"l": {"L": [{"N": "1"}, {"N": "2"}, {"S": "s"}]}}),
        ("REMOVE l[9]", {}),
        ("REMOVE l[0], l[1], l[2]", {"l": {"L": []}}),
        ("SET m.a = :s", {"m": {"M": {"a": {"S": "s"}, "l": {"L": [{"M": {"x": {"S": "y"}}}]}}}}),
        (
            "SET m.b = :s, m.l[0].x = :one REMOVE m.a",
            {"m": {"M": {"b": {"S": "s"}, "l": {"L": [{"M": {"x": {"N": "1"}}}]}}}},
        ),
        ("REMOVE s", {"s": None}),
        ("REMOVE absent", {}),
        ("REMOVE m.absent", {}),
        ("REMOVE m.l[0].x", {"m": {"M": {"a": {"N": "1"}, "l": {"L": [{"M": {}}]}}}}),
        ("ADD n :two", {"n": {"N": "7"}}),
        ("ADD x :two", {"x": {"N": "2"}}),
        ("ADD ss :ss", {"ss": {"SS": ["a", "b", "c"]}}),
        ("ADD ns :ns", {"ns": {"NS": ["1", "2", "10"]}}),
        ("ADD x :ss", {"x": {"SS": ["a", "c"]}}),
        ("ADD m.a :two", {"m": {"M": {"a": {"N": "3"}, "l": {"L": [{"M": {"x": {"S": "y"}}}]}}}}),
        ("ADD l[1] :two", {"l": {"L": [{"N": "0"}, {"N": "3"}, {"N": "2"}]}}),
        ("DELETE ss :ss", {"ss": {"SS": ["b"]}}),
        ("DELETE ns :ns", {"ns": {"NS": ["1"]}}),
        ("DELETE x :ss", {}),
        ("DELETE m.nil :ss", {}),
        (
            "SET x = :s REMOVE s ADD n :one DELETE ss :ss",
            {
                "x": {"S": "s"},
                "s": None,
                "n": {"N": "6"},
                "ss": {"SS": ["b"]},
            },
        ),
    ],
)
def test_changes(text: str, changes: dict[str, Any]) -> None:
    assert updated(text) == changes


def test_the_last_member_takes_its_set_along() -> None:
    update = compile_update("DELETE s :all, m.s :all")
    values = {":all": {"SS": ["a", "b"]}}
    changed: dict[str, Any] = {"s": {"SS": ["a"]}, "m": {"M": {"s": {"SS": ["b"]}}}}
    update.check(values)
    update.apply(changed, values)
    assert changed == {"m": {"M": {}}}


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("SET x = absent", MISSING),
        ("SET x = absent + :one", MISSING),
        ("SET x = l[9]", MISSING),
        ("SET x = list_append(absent, :l)", MISSING),
        ("SET x = if_not_exists(y, absent)", MISSING),
        ("SET x = s + :one", WRONG_TYPE),
        ("SET x = :one - s", WRONG_TYPE),
        ("SET x = list_append(n, :l)", WRONG_TYPE),
        ("SET x = list_append(:l, s)", WRONG_TYPE),
        ("ADD s :one", WRONG_TYPE),
        ("ADD ss :ns", WRONG_TYPE),
        ("ADD n :ss", WRONG_TYPE),
        ("DELETE ss :ns", WRONG_TYPE),
        ("DELETE n :ss", WRONG_TYPE),
        ("SET absent.a = :s", BAD_PATH),
        ("SET absent[0] = :s", BAD_PATH),
        ("SET s.a = :s", BAD_PATH),
        ("SET m[0] = :s", BAD_PATH),
        ("SET l.a = :s", BAD_PATH),
        ("SET m.nil.a = :s", BAD_PATH),
        ("SET l[9].a = :s", BAD_PATH),
        ("REMOVE absent.a", BAD_PATH),
        ("REMOVE s.a", BAD_PATH),
        ("ADD absent.a :one", BAD_PATH),
        ("DELETE absent.a :ss", BAD_PATH),
        ("SET x = :huge + :huge", OVERFLOW),
        ("SET n = :huge, x = :huge + :huge", OVERFLOW),
    ],
)
def test_refusals_change_nothing(text: str, message: str) -> None:
    update = compile_update(text)
    update.check(VALUES)
    changed = item()
    with pytest.raises(ValidationError) as caught:
        update.apply(changed, VALUES)
    assert caught.value.message == message
    assert not isinstance(caught.value, InvalidExpressionError)
    assert changed == item()


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("SET x = absent, s.a = :s", BAD_PATH),  # a value in the way comes first
        ("SET x = absent, y = s + :one", WRONG_TYPE),  # then types
        ("SET absent.a = :s, x = s + :one", WRONG_TYPE),
        ("SET x = absent, nil.a = :s", BAD_PATH),  # in one section paths come before attributes
        ("SET x = absent REMOVE nil.a", BAD_PATH),  # the last section comes first
        ("REMOVE nil.a SET x = absent", MISSING),
        ("SET x = :huge + :huge, y = absent", MISSING),  # numbers come last
    ],
)
def test_which_of_two_errors_is_reported(text: str, message: str) -> None:
    update = compile_update(text)
    update.check(VALUES)
    with pytest.raises(ValidationError) as caught:
        update.apply(item(), VALUES)
    assert caught.value.message == message


def test_nothing_is_shared_inside_the_item() -> None:
    update = compile_update("SET x = m, y = m, z = :m, w = :m, l2 = list_append(l, l)")
    values = deepcopy(VALUES)
    changed = item()
    changed["l"]["L"].append({"M": {"k": {"S": "v"}}})
    update.check(values)
    update.apply(changed, values)
    documents = [changed["m"], changed["x"], changed["y"], changed["z"], changed["w"], values[":m"]]
    assert len({id(document["M"]) for document in documents}) == len(documents)
    assert len({id(document["M"]["l"]["L"]) for document in documents[:3]}) == 3


def test_what_an_update_uses() -> None:
    update = compile_update(
        "SET #a = b.c + :one, d = :two REMOVE e[0] ADD f :one DELETE g :ss", {"#a": "aa"}
    )
    assert update.name_refs == {"#a"}
    assert update.value_refs == {":one", ":two", ":ss"}
    assert update.attributes == {"aa", "d", "e", "f", "g"}
    assert update.nested_attributes == {"b", "e"}
    assert update.paths == (("aa",), ("d",), ("e", 0), ("f",), ("g",))
    assert update.overhead_bytes == 3 + 3 * 19 + 50 + 2 * 2
    assert update.operator_count == 1


def test_project_gives_the_parts_at_the_paths() -> None:
    update = compile_update("SET m.a = :one, l[1] = :two, x = :s REMOVE s")
    assert update.project(item()) == {
        "m": {"M": {"a": {"N": "1"}}},
        "l": {"L": [{"N": "1"}]},
        "s": {"S": "old"},
    }


class Member(str):
    """A member of a set that counts how often members are compared."""

    __slots__ = ()
    comparisons = 0
    __hash__ = str.__hash__

    def __eq__(self, other: object) -> bool:
        Member.comparisons += 1
        return str.__eq__(self, other)


@pytest.mark.parametrize("keyword", ["ADD", "DELETE"])
def test_the_work_on_sets_grows_with_their_sizes_not_with_the_product(keyword: str) -> None:
    members = [Member(f"{number:04}") for number in range(1000)]
    update = compile_update(f"{keyword} a :v")
    item = {"a": {"SS": list(members)}}
    Member.comparisons = 0
    update.apply(item, {":v": {"SS": [Member(member) for member in members[500:]]}})
    assert len(item["a"]["SS"]) == (1000 if keyword == "ADD" else 500)
    assert Member.comparisons < 10_000


#: Attribute -> clauses that write it or a part of it.
CLAUSES = {
    "n": ["SET n = n + :one", "SET n = :m", "REMOVE n", "ADD n :two", "SET n = m"],
    "s": ["SET s = :l", "REMOVE s", "SET s = if_not_exists(s, :s)"],
    "m": ["SET m.a = m.a + :one", "SET m.#e = :s, m.l = :empty", "REMOVE m.a, m.gone", "SET m = l"],
    "ss": ["ADD ss :ss", "DELETE ss :ss", "SET ss = :ss"],
    "u": ["SET #u = :m", "ADD #u :one", "REMOVE #u"],
}


@given(st.lists(st.sampled_from(sorted(CLAUSES)), unique=True, min_size=1), st.data())
def test_the_growth_of_what_was_written_is_that_of_the_item(
    names: list[str], data: st.DataObject
) -> None:
    sections: dict[str, list[str]] = {}
    for name in names:
        keyword, _, action = data.draw(st.sampled_from(CLAUSES[name])).partition(" ")
        sections.setdefault(keyword, []).append(action)
    text = " ".join(f"{keyword} {', '.join(actions)}" for keyword, actions in sections.items())
    changed = item()
    written = compile_update(text, {"#u": "ü", "#e": "é"}).apply(changed, VALUES)
    assert written is not None
    assert grown_bytes(written) == item_bytes(changed) - item_bytes(item())


def test_the_growth_is_not_known_where_elements_of_lists_are_written() -> None:
    assert compile_update("SET l[0] = :s, n = :one").apply(item(), VALUES) is None
