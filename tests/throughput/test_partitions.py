"""Partitions: which one a key is in, how they grow, and how heat splits them."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from ddbmock._internal.engine.keys import HASH_SPACE
from ddbmock._internal.throughput.partitions import SPLIT_AFTER_SECONDS, Partitions, count_for

HALF = HASH_SPACE // 2


def test_equal_ranges_of_the_hash() -> None:
    partitions = Partitions(4, 0.0, keeps_collections=False)
    found = [partitions.of((hash_of, "a")).low for hash_of in (0, HALF - 1, HALF, HASH_SPACE - 1)]
    assert found == [(0,), (HASH_SPACE // 4,), (HALF,), (HASH_SPACE // 4 * 3,)]


@given(st.integers(1, 9), st.integers(1, 30))
def test_growing_keeps_the_order(first: int, grown: int) -> None:
    partitions = Partitions(first, 0.0, keeps_collections=False)
    partitions.grow(grown, 0.0)
    assert len(partitions) == max(first, grown)
    keys = [(number * HASH_SPACE // 50, "a") for number in range(50)]
    lows = [partitions.of(key).low for key in keys]
    assert lows == sorted(lows)
    assert all(low <= key for low, key in zip(lows, keys, strict=True))


def heat(partitions: Partitions, *keys: tuple[object, ...]) -> None:
    for key in keys:
        partitions.of(key).ask(key, 10.0)


def split(partitions: Partitions, key: tuple[object, ...]) -> bool:
    return partitions.split_for_heat(partitions.of(key), 0.0)


def test_two_hot_items_come_apart() -> None:
    partitions = Partitions(1, 0.0, keeps_collections=False)
    one, other = (5, "a", "1"), (5, "a", "2")
    heat(partitions, one, other)
    assert split(partitions, one)
    assert partitions.of(one) is not partitions.of(other)
    heat(partitions, one)
    assert not split(partitions, one)


def test_a_hot_item_is_isolated_from_both_sides() -> None:
    partitions = Partitions(1, 0.0, keeps_collections=False)
    cold, hot, behind = (1, "a"), (5, "b"), (9, "c")
    for _ in range(2):
        heat(partitions, cold, *[hot] * 8, behind)
        assert split(partitions, hot)
    assert len({id(partitions.of(key)) for key in (cold, hot, behind)}) == 3


def test_a_collection_stays_together_in_a_table_with_local_indexes() -> None:
    partitions = Partitions(1, 0.0, keeps_collections=True)
    heat(partitions, (5, "a", "1"), (5, "a", "2"))
    assert not split(partitions, (5, "a", "1"))
    heat(partitions, (7, "b", "1"), (7, "b", "1"))
    assert split(partitions, (5, "a", "1"))
    assert partitions.of((5, "a", "1")) is partitions.of((5, "a", "2"))
    assert partitions.of((5, "a", "1")) is not partitions.of((7, "b", "1"))


def test_only_lasting_heat_counts() -> None:
    partition = Partitions(1, 0.0, keeps_collections=False).of((0,))
    times = [0.0, 50.0, 200.0, *[200.0 + n * 30 for n in range(1, 21)]]
    assert [partition.note_throttle(now) for now in times] == [False] * 22 + [True]
    assert times[-1] - 200.0 == SPLIT_AFTER_SECONDS


def test_how_many_partitions_a_throughput_needs() -> None:
    assert count_for(1, 1, is_on_demand=False) == 1
    assert count_for(3000, 1000, is_on_demand=False) == 2
    assert count_for(3000, 1001, is_on_demand=False) == 3
    assert count_for(12_000, 4_000, is_on_demand=True) == 4
    assert count_for(12_000, 40_000, is_on_demand=True) == 40
    assert count_for(0, 0, is_on_demand=True) == 1


def test_the_keys_of_a_partition_are_bounded() -> None:
    partition = Partitions(1, 0.0, keeps_collections=False).of((0,))
    for number in range(5000):
        partition.ask((number,), 1.0)
        partition.ask((0,), 1.0)
    assert len(partition.heat) <= 1000
    assert partition.heat[0,] == 5001
