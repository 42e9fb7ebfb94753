from __future__ import annotations

from typing import Any

from hypothesis import given
from hypothesis import strategies as st
from sortedcontainers import SortedDict, SortedList

from ddbmock._internal.engine.order import first_from, keys_in_order, last_below

KEYS = st.tuples(st.integers(0, 5), st.integers(0, 5))
LISTS = st.lists(KEYS, unique=True, max_size=36)


def in_small_chunks(keys):
    """Return a list of many chunks, as one of thousands of entries has."""
    ordered: Any = SortedList()
    ordered._reset(4)
    for key in keys:
        ordered.add(key)
    ordered._check()
    return ordered


@given(LISTS, KEYS | st.tuples(st.integers(-1, 6)), st.integers(1, 40))
def test_the_first_from_a_key_on(keys, low, count):
    expected = [key for key in sorted(keys) if key >= low][:count]
    assert first_from(in_small_chunks(keys), low, count) == expected


@given(LISTS, KEYS | st.tuples(st.integers(-1, 6)), st.integers(1, 40))
def test_the_last_below_a_key(keys, high, count):
    expected = [key for key in sorted(keys, reverse=True) if key < high][:count]
    assert last_below(in_small_chunks(keys), high, count) == expected


@given(LISTS)
def test_what_is_found_is_the_callers_own(keys):
    ordered = in_small_chunks(keys)
    first_from(ordered, (-1,), 40).clear()
    last_below(ordered, (9,), 40).clear()
    assert list(ordered) == sorted(keys)


def test_a_dictionary_has_such_a_list():
    ordered = SortedDict({(number,): str(number) for number in range(5000)})
    del ordered[2999,]
    keys = keys_in_order(ordered)
    assert first_from(keys, (2998,), 4) == [(2998,), (3000,), (3001,), (3002,)]
    assert last_below(keys, (1002,), 3) == [(1001,), (1000,), (999,)]
    assert list(keys) == list(ordered)
