"""Bodies of responses with items as they are stored: the same as of the items themselves."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from ddbmock._internal import wire
from ddbmock._internal.engine.items import StoredItem
from ddbmock._internal.server.response_bodies import encode
from tests.engine.test_packing import ITEMS

OTHERS = st.dictionaries(
    st.sampled_from(["Count", "ConsumedCapacity", "Ä", "LastEvaluatedKey"]),
    st.integers() | st.floats(allow_nan=False) | st.booleans() | st.none() | st.text() | ITEMS,
)


@given(OTHERS, ITEMS | st.lists(ITEMS, max_size=3), OTHERS)
def test_stored_items_are_written_as_items(before, found, after):
    if isinstance(found, list):
        name, stored = "Items", [StoredItem(item, 0) for item in found]
        response = {**before, "Items": stored, **after}
    else:
        name, stored = "Item", [StoredItem(found, 0)]
        response = {**before, "Item": stored[0], **after}
    assert encode(response) == wire.encode({**response, name: found})


@given(OTHERS, ITEMS)
def test_other_responses(others, item):
    for response in (others, {**others, "Item": item}, {**others, "Items": [item]}):
        assert encode(response) == wire.encode(response)
