"""Items of a known form are read as all items are: with the same results, and the same errors."""

from __future__ import annotations

import json
from copy import deepcopy
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ddbmock._internal.engine import packing
from ddbmock._internal.engine.items import StoredItem
from ddbmock._internal.engine.values import Item, normalize_item
from ddbmock._internal.errors import ServiceError

if TYPE_CHECKING:
    from collections.abc import Callable

#: As often as this a form is read before its reader is compiled, and once more.
OFTEN = 45

TEXTS = st.sampled_from(["", "a", "b", "grün", "\ud800", "\udc00", "😀", "x" * 300, "SS"])
NUMBERS = st.sampled_from([
    *("0", "7", "12", "-3", "0.5", "1.50", "007", "1e3", "1E-3", "-0", "1" * 38, "0" * 50 + "1"),
])  # fmt: skip
BINARIES = st.sampled_from(["", "AAEC", "AQ==", "Ag=="])
#: What makes a value one that no item can hold.
WRONG: dict[str, list[Any]] = {
    "S": [None],
    "N": [None, "", "x", "1" * 39, "1e200", " 1", "\u0661"],
    "B": [None, "A"],
    "BOOL": [None],
    "NULL": [None, False],
    "SS": [None, [], ["a", "a"], ["a", None]],
    "NS": [None, [], ["1", "1.0"], ["1", "x"], [None]],
    "BS": [None, [], ["AQ==", "AQ=="], ["A"], [None]],
    "L": [None],
    "M": [None, {"": {"S": "a"}}],
}
CONTENTS: dict[str, st.SearchStrategy[Any]] = {
    "S": TEXTS,
    "N": NUMBERS,
    "B": BINARIES,
    "BOOL": st.booleans(),
    "NULL": st.just(value=True),
    "SS": st.lists(TEXTS, min_size=1, max_size=3, unique=True),
    "NS": st.lists(st.sampled_from(["1", "2.0", "-3", "10"]), min_size=1, unique=True),
    "BS": st.lists(BINARIES, min_size=1, max_size=3, unique=True),
}
SCALARS = st.sampled_from(sorted(CONTENTS)).flatmap(
    lambda kind: st.fixed_dictionaries({kind: CONTENTS[kind]})
)
NAMES = st.sampled_from(["pk", "it's", "é", "{", "\ud800"])
VALUES = st.recursive(
    SCALARS,
    lambda values: (
        st.fixed_dictionaries({"L": st.lists(values, max_size=3)})
        | st.fixed_dictionaries({"M": st.dictionaries(NAMES, values, max_size=3)})
    ),
    max_leaves=8,
)
ITEMS = st.dictionaries(NAMES, VALUES, max_size=4)
#: Attributes whose texts are shared; others have the same texts and are not.
REPEATED = ("pk", "it's", "é")


@pytest.fixture(autouse=True)
def nothing_known(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(packing, "_forms", {})
    monkeypatch.setattr(packing, "_likely_forms", {})
    monkeypatch.setattr(packing, "_repeated_names", set(REPEATED))


def learn(item: Item) -> None:
    item = deepcopy(item)
    normalize_item(item)
    for _ in range(OFTEN):
        StoredItem.read(item)
    assert packing._likely_forms[tuple(item)].read is not None


def like(value: dict[str, Any], data: st.DataObject, *, is_wrong: bool) -> dict[str, Any]:
    """Return another value, mostly of the same form; a wrong one may be one that is refused."""
    ((kind, content),) = value.items()
    if is_wrong and data.draw(st.integers(0, 3)) == 0:
        return {kind: data.draw(st.sampled_from(WRONG[kind]))}
    if is_wrong and data.draw(st.integers(0, 9)) == 0:
        return {**value, **data.draw(VALUES)}
    if kind == "M":
        members = {name: like(member, data, is_wrong=is_wrong) for name, member in content.items()}
        if data.draw(st.integers(0, 4)) == 0:
            members |= data.draw(st.dictionaries(NAMES, VALUES, max_size=1))
        return {"M": members}
    if kind == "L":
        elements = [like(element, data, is_wrong=is_wrong) for element in content]
        return {"L": elements + data.draw(st.lists(VALUES, max_size=1))}
    return {kind: data.draw(CONTENTS[kind])}


def outcome(read: Callable[[Item], StoredItem], item: Item) -> object:
    """Return all that can be seen of how an item was read."""
    try:
        stored = read(item)
    except ServiceError as error:
        return type(error), error.message, getattr(error, "legacy_message", None)
    return stored.size_bytes, stored.load(), item


def read_the_long_way(item: Item) -> StoredItem:
    size_bytes = normalize_item(item)
    return StoredItem(item, size_bytes)


@given(ITEMS, st.booleans(), st.data())
def test_items_are_read_as_without_their_form(
    known: Item,
    is_wrong: bool,  # noqa: FBT001 (drawn)
    data: st.DataObject,
) -> None:
    packing._forms.clear()
    packing._likely_forms.clear()
    learn(known)
    item = {name: like(value, data, is_wrong=is_wrong) for name, value in known.items()}
    expected = outcome(read_the_long_way, deepcopy(item))
    assert outcome(StoredItem.read, deepcopy(item)) == expected


@given(ITEMS)
def test_an_item_of_a_known_form_is_read_by_its_reader(item: Item) -> None:
    packing._forms.clear()
    packing._likely_forms.clear()
    learn(item)
    read = packing._likely_forms[tuple(item)].read
    assert read is not None
    expected = deepcopy(item)
    size_bytes = normalize_item(expected)
    if any("0" * 50 in text for text in str(item).split("'")):
        return  # such a number is read the long way
    assert read(item)[0] == size_bytes
    assert item == expected


def test_a_document_that_is_marshalled_is_read_too() -> None:
    known: Item = {"pk": {"S": "a"}, "m": {"M": {"a": {"N": "1"}}}}
    learn(known)
    learn({"pk": {"S": "a"}, "m": {"M": {"b": {"N": "1"}}}})  # documents differ
    item: Item = {"pk": {"S": "b"}, "m": {"M": {"c": {"L": [{"N": "1.0"}]}}}}
    stored = StoredItem.read(item)
    assert stored.build.__name__ == "build"
    assert stored.load() == item == {"pk": {"S": "b"}, "m": {"M": {"c": {"L": [{"N": "1"}]}}}}


def test_what_is_stored_shares_nothing_with_what_came_in() -> None:
    item: Item = {"pk": {"S": "a"}, "l": {"L": [{"SS": ["b", "a"]}]}}
    learn(item)
    stored = StoredItem.read(item)
    item["l"]["L"][0]["SS"].append("c")
    assert stored.load()["l"] == {"L": [{"SS": ["a", "b"]}]}


def test_texts_that_repeat_are_stored_once() -> None:
    learn({"pk": {"S": "user#0"}, "sk": {"S": "order#0"}})

    def read() -> tuple[Item, StoredItem]:
        item: Item = json.loads('{"pk": {"S": "user#1"}, "sk": {"S": "order#1"}}')
        return item, StoredItem.read(item)

    (item, first), (other, second) = read(), read()
    assert first.contents == second.contents
    assert first.contents[0] is second.contents[0]
    assert first.contents[1] is not second.contents[1]
    # The order key is taken from the item that was read.
    assert item["pk"]["S"] is other["pk"]["S"] is first.contents[0]
    assert first.size_bytes is second.size_bytes


def test_long_texts_are_not_shared() -> None:
    learn({"pk": {"S": "a"}})
    first, second = (StoredItem.read({"pk": {"S": "x" * (99 + n - n)}}) for n in range(2))
    assert first.contents == second.contents
    assert first.contents[0] is not second.contents[0]


def test_a_size_that_is_not_small_is_its_own() -> None:
    first, second = (StoredItem.read({"pk": {"S": "x" * 5000}}) for _ in range(2))
    assert first.size_bytes == second.size_bytes == 5002
