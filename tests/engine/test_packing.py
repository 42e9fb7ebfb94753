from __future__ import annotations

from copy import deepcopy
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ddbmock._internal.engine import packing
from ddbmock._internal.engine.packing import pack, part_builder

if TYPE_CHECKING:
    from ddbmock._internal.engine.values import AttributeValue, Item

#: As often as this a form is seen before it is compiled, and once more.
OFTEN = 20

NAMES = st.text(max_size=8) | st.sampled_from(
    ["pk", "it's", 'a"b', "back\\slash", "{", "\ud800", "class"]
)
SCALARS = (
    st.fixed_dictionaries({"S": st.text(max_size=5)})
    | st.fixed_dictionaries({"N": st.integers().map(str)})
    | st.fixed_dictionaries({"B": st.binary(max_size=5)})
    | st.fixed_dictionaries({"BOOL": st.booleans()})
    | st.fixed_dictionaries({"NULL": st.just(value=True)})
)
SETS = (
    st.fixed_dictionaries({"SS": st.lists(st.text(max_size=3), min_size=1, max_size=3)})
    | st.fixed_dictionaries({"NS": st.lists(st.integers().map(str), min_size=1, max_size=3)})
    | st.fixed_dictionaries({"BS": st.lists(st.binary(max_size=3), min_size=1, max_size=3)})
)
VALUES = st.recursive(
    SCALARS | SETS,
    lambda values: (
        st.fixed_dictionaries({"L": st.lists(values, max_size=4)})
        | st.fixed_dictionaries({"M": st.dictionaries(NAMES, values, max_size=4)})
    ),
    max_leaves=12,
)
ITEMS = st.dictionaries(NAMES, VALUES, max_size=6)


@pytest.fixture(autouse=True)
def nothing_known(monkeypatch):
    monkeypatch.setattr(packing, "_forms", {})
    monkeypatch.setattr(packing, "_likely_forms", {})


def built(item):
    build, contents = pack(item)
    return build(*contents)


def is_compiled(item):
    build, _ = pack(item)
    return build.__name__ == "build"


def learn(item):
    for _ in range(OFTEN):
        pack(item)


def order_of(value):
    """Return a value with the order of all members, which `==` ignores."""
    if isinstance(value, dict):
        return [(name, order_of(member)) for name, member in value.items()]
    return [order_of(member) for member in value] if isinstance(value, list) else value


def containers(value):
    if isinstance(value, dict | list):
        yield id(value)
        for member in value.values() if isinstance(value, dict) else value:
            yield from containers(member)


@given(st.lists(ITEMS, min_size=1, max_size=4), st.data())
def test_what_was_packed_is_built_again(items, data):
    packing._forms.clear()
    packing._likely_forms.clear()
    # Items in any order and as often as needed to be compiled, so that forms meet each other.
    for _ in range(3 * OFTEN):
        item = data.draw(st.sampled_from(items))
        before = deepcopy(item)
        build, contents = pack(item)
        assert order_of(build(*contents)) == order_of(before)
        assert order_of(item) == order_of(before)


@given(ITEMS, ITEMS)
def test_what_is_built_shares_nothing_that_can_change(item, other):
    for given_item in (item, other):
        learn(given_item)
        build, contents = pack(given_item)
        first, second = build(*contents), build(*contents)
        everything = [*containers(given_item), *containers(first), *containers(second)]
        assert len(set(everything)) == len(everything)


@given(ITEMS, st.frozensets(NAMES, max_size=4))
def test_a_part_is_built_as_it_is_in_the_item(item, names):
    learn(item)
    build, contents = pack(item)
    part = part_builder(build, names)(*contents)
    assert order_of(part) == order_of({name: item[name] for name in item if name in names})
    assert not {*containers(part)} & {*containers(item)}


def test_a_part_of_a_marshalled_item_is_the_item():
    item = {"pk": {"S": "a"}, "n": {"N": "1"}}
    build, contents = pack(item)
    assert part_builder(build, frozenset({"n"}))(*contents) == item


def test_the_builders_of_many_parts_are_dropped():
    item = {f"a{number}": {"S": "x"} for number in range(packing._PARTS_MAX + 5)}
    learn(item)
    build, contents = pack(item)
    for name in item:
        assert part_builder(build, frozenset({name}))(*contents) == {name: {"S": "x"}}
    assert len(packing._likely_forms[tuple(item)]._part_builders) <= packing._PARTS_MAX


class TestForms:
    def test_an_item_seen_a_few_times_is_marshalled(self):
        item = {"pk": {"S": "a"}}
        assert not is_compiled(item)
        learn(item)
        assert is_compiled(item)

    def test_another_type_is_another_form(self):
        learn({"pk": {"S": "a"}})
        assert built({"pk": {"N": "1"}}) == {"pk": {"N": "1"}}
        learn({"pk": {"N": "1"}})
        assert is_compiled({"pk": {"N": "1"}})
        assert is_compiled({"pk": {"S": "a"}})

    def test_another_order_of_attributes_is_preserved(self):
        learn({"a": {"S": "1"}, "b": {"S": "2"}})
        assert list(built({"b": {"S": "2"}, "a": {"S": "1"}})) == ["b", "a"]

    def test_documents_are_taken_apart(self):
        item = {"m": {"M": {"x": {"S": "a"}, "l": {"L": [{"N": "1"}, {"BOOL": True}]}}}}
        learn(item)
        assert pack(item)[1] == ("a", "1", True)

    @pytest.mark.parametrize(
        "other",
        [
            {"M": {"x": {"S": "a"}}},
            {"M": {"x": {"S": "a"}, "y": {"N": "1"}}},
            {"M": {"y": {"S": "b"}, "x": {"S": "a"}}},
            {"M": {"x": {"S": "a"}, "y": {"S": "b"}, "z": {"S": "c"}}},
            {"M": {}},
        ],
    )
    def test_documents_that_differ_are_not_packed_and_the_others_are_not(self, other):
        same: AttributeValue = {"L": [{"S": "kept"}]}
        item: Item = {"m": {"M": {"x": {"S": "a"}, "y": {"S": "b"}}}, "same": same}
        learn(item)
        changed = {"m": other, "same": same}
        before = pack(item)
        assert order_of(built(changed)) == order_of(changed)
        assert pack(changed)[1][1:] == ("kept",)
        assert isinstance(pack(changed)[1][0], bytes)
        # What was packed earlier is what it was, and what comes later is built by the new form.
        assert before[0](*before[1]) == built(item) == item
        assert is_compiled(item)

    def test_a_list_that_grows_is_not_packed(self):
        learn({"l": {"L": [{"S": "a"}]}})
        for length in range(5):
            item = {"l": {"L": [{"S": "a"}] * length}}
            assert built(item) == item
        assert isinstance(pack({"l": {"L": []}})[1][0], bytes)

    def test_a_complicated_document_is_not_packed(self):
        item = {"l": {"L": [{"S": str(number)} for number in range(1000)]}}
        learn(item)
        assert len(pack(item)[1]) == 1
        assert built(item) == item

    def test_forms_are_forgotten_when_there_are_too_many(self, monkeypatch):
        monkeypatch.setattr(packing, "_FORMS_MAX", 10)
        learn({"pk": {"S": "a"}})
        early = pack({"pk": {"S": "a"}})
        for number in range(25):
            pack({f"a{number}": {"S": "x"}})
        assert len(packing._forms) <= 10
        assert not is_compiled({"pk": {"S": "a"}})
        assert early[0](*early[1]) == {"pk": {"S": "a"}}

    def test_names_are_literals_and_never_code(self):
        names = ["');raise SystemExit#", "\n", "__import__", "\ud800", "c0", "item", "{}"]
        item: Item = {name: {"S": "a"} for name in names}
        item["m"] = {"M": {name: {"S": "b"} for name in names}}
        learn(item)
        assert is_compiled(item)
        assert order_of(built(item)) == order_of(item)
