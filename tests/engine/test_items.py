from __future__ import annotations

from hypothesis import given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from ddbmock._internal.engine.items import StoredItem
from ddbmock._internal.engine.values import item_bytes

TEXTS = st.sampled_from(["", "a", "b"])
LEAVES = st.one_of(
    st.builds(lambda text: {"S": text}, TEXTS),
    st.builds(lambda number: {"N": number}, st.sampled_from(["1", "2"])),
    st.builds(lambda text: {"B": text.encode()}, TEXTS),
    st.builds(lambda flag: {"BOOL": flag}, st.booleans()),
    st.just({"NULL": True}),
    st.builds(lambda members: {"SS": sorted(members)}, st.sets(TEXTS, min_size=1)),
)
NAMES = st.sampled_from(["x", "y", "z"])
VALUES = st.recursive(
    LEAVES,
    lambda inner: st.one_of(
        st.builds(lambda members: {"M": members}, st.dictionaries(NAMES, inner, max_size=2)),
        st.builds(lambda elements: {"L": elements}, st.lists(inner, max_size=2)),
    ),
    max_leaves=4,
)
ITEMS = st.dictionaries(NAMES, VALUES, min_size=1, max_size=3)


def stored(item):
    return StoredItem(item, item_bytes(item))


@given(st.lists(ITEMS, min_size=2, max_size=40))
@hypothesis_settings(deadline=None)
def test_two_stored_items_are_equal_when_what_they_hold_is(items):
    # Often enough the same form, so that forms are compiled.
    records = [stored(item) for item in [*items, *items]]
    for left in records[: len(items)]:
        for right in records:
            assert left.equals(right) == (left.load() == right.load())


def test_the_order_of_attributes_does_not_matter():
    item = {"pk": {"S": "a"}, "m": {"M": {"x": {"N": "1"}, "y": {"N": "2"}}}}
    turned = {"m": {"M": {"y": {"N": "2"}, "x": {"N": "1"}}}, "pk": {"S": "a"}}
    assert stored(item).equals(stored(turned))
