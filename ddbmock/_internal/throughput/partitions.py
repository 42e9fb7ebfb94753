"""The partitions of a table or index: ranges of keys, each with the throughput of a partition.

A partition serves 3,000 read units and 1,000 write units a second, whatever the table's throughput.
One that stays too hot for some minutes is split for heat, down to a single item; in a table with
local indexes an item collection is never split.

https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/bp-partition-key-design.html
"""

from __future__ import annotations

from bisect import bisect_right
from itertools import pairwise
from typing import TYPE_CHECKING

from ddbmock._internal import limits
from ddbmock._internal.engine.keys import HASH_SPACE
from ddbmock._internal.throughput.bucket import TokenBucket

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ddbmock._internal.engine.keys import OrderKey
    from ddbmock._internal.throughput.demand import Use

#: How long a partition is too hot before it is split. AWS has published no number; figures of its
#: articles are around ten minutes.
SPLIT_AFTER_SECONDS = 600.0
#: For how long a partition that is not throttled counts as hot.
_COOL_AFTER_SECONDS = 60.0
#: How many keys of a partition are counted.
_KEYS_MAX = 1000


class Partition:
    """One range of keys, from its low end on."""

    def __init__(self, low: OrderKey, now: float) -> None:
        self.low = low
        self.buckets: dict[bool, TokenBucket] = {
            False: TokenBucket(limits.PARTITION_READ_UNITS_PER_SECOND, 1, now),
            True: TokenBucket(limits.PARTITION_WRITE_UNITS_PER_SECOND, 1, now),
        }
        #: Key -> requested units.
        self.heat: dict[OrderKey, float] = {}
        self._hot_since: float | None = None
        self._throttled_at = now

    def ask(self, key: OrderKey, units: float) -> None:
        """Note requested units of a key, admitted or not."""
        heat = self.heat
        heat[key] = heat.get(key, 0.0) + units
        if len(heat) > _KEYS_MAX:
            hottest = sorted(heat.items(), key=_units, reverse=True)
            self.heat = dict(hottest[: _KEYS_MAX // 2])

    def note_throttle(self, now: float) -> bool:
        """Note that it is too hot, and return whether it has been so for long."""
        if self._hot_since is None or now - self._throttled_at > _COOL_AFTER_SECONDS:
            self._hot_since = now
        self._throttled_at = now
        return now - self._hot_since >= SPLIT_AFTER_SECONDS


class Partitions:
    """The partitions of a table or index, in the order of their keys.

    Args:
        count: How many there are at first, of equal ranges of the hash.
        keeps_collections: Whether items with one partition key stay together.
        now: The time.
    """

    def __init__(self, count: int, now: float, *, keeps_collections: bool) -> None:
        self._keeps_collections = keeps_collections
        self._partitions = [
            Partition((number * HASH_SPACE // count,), now) for number in range(count)
        ]
        #: The low ends of the partitions, in their order.
        self._lows: list[OrderKey] = [partition.low for partition in self._partitions]

    def __len__(self) -> int:
        return len(self._partitions)

    def of(self, key: OrderKey) -> Partition:
        """Return the partition of a key."""
        position = bisect_right(self._lows, key) - 1
        return self._partitions[max(0, position)]

    def ask_all(self, uses: Sequence[Use]) -> None:
        """Note the units of requests, admitted or not; each key has an equal share of them."""
        partitions, lows = self._partitions, self._lows
        for _, keys, units in uses:
            for key in keys:
                partition = partitions[max(0, bisect_right(lows, key) - 1)]
                partition.ask(key, units / len(keys))

    def take_all(self, uses: Sequence[Use], *, is_write: bool) -> None:
        """Take the units of requests, in their order."""
        partitions, lows = self._partitions, self._lows
        for now, keys, units in uses:
            for key in keys:
                partition = partitions[max(0, bisect_right(lows, key) - 1)]
                partition.buckets[is_write].take(units / len(keys), now)

    def least_units(self, now: float, *, is_write: bool) -> float:
        """Return how many units are left in the emptiest partition."""
        return min([each.buckets[is_write].least_units(now) for each in self._partitions])

    def grow(self, count: int, now: float) -> None:
        """Increase the number of partitions, by halving those with the widest ranges."""
        while len(self._partitions) < count:
            widths = [
                (self._high(position)[0] - partition.low[0], -position)
                for position, partition in enumerate(self._partitions)
            ]
            width, negative = max(widths)
            if width < 2:  # noqa: PLR2004 (nothing left to halve)
                return
            partition = self._partitions[-negative]
            self._split(-negative, (partition.low[0] + width // 2,), now)

    def _high(self, position: int) -> OrderKey:
        following = self._partitions[position + 1 : position + 2]
        return following[0].low if following else (HASH_SPACE,)

    def split_for_heat(self, partition: Partition, now: float) -> bool:
        """Split a hot partition into halves of equal heat; return whether that is possible."""
        heat = self._heat_by_unit(partition)
        if len(heat) < 2:  # noqa: PLR2004 (one item, or one collection, cannot be split)
            return False
        half, passed = sum(heat.values()) / 2, 0.0
        keys = sorted(heat)
        for key, following in pairwise(keys):
            passed += heat[key]
            if passed + heat[following] / 2 > half:
                break
        self._split(self._partitions.index(partition), following, now)
        return True

    def _heat_by_unit(self, partition: Partition) -> dict[OrderKey, float]:
        """Return the heat of each item, or item collection, that cannot be split."""
        if not self._keeps_collections:
            return partition.heat
        heat: dict[OrderKey, float] = {}
        for key, units in partition.heat.items():
            heat[key[:2]] = heat.get(key[:2], 0.0) + units
        return heat

    def _split(self, position: int, low: OrderKey, now: float) -> None:
        old = self._partitions[position]
        upper, lower = Partition(low, now), Partition(old.low, now)
        self._partitions[position : position + 1] = [lower, upper]
        self._lows.insert(position + 1, low)


def _units(pair: tuple[OrderKey, float]) -> float:
    return pair[1]


def count_for(read_units: float, write_units: float, *, is_on_demand: bool) -> int:
    """Return how many partitions a throughput needs.

    The formula for provisioned units is that of an older edition of the documentation; on-demand
    tables begin with four, which have the initial throughput of a table.

    >>> count_for(12_000, 4_000, is_on_demand=True), count_for(3_000, 500, is_on_demand=False)
    (4, 2)
    """
    reads = read_units / limits.PARTITION_READ_UNITS_PER_SECOND
    writes = write_units / limits.PARTITION_WRITE_UNITS_PER_SECOND
    needed = max(reads, writes) if is_on_demand else reads + writes
    return max(1, -int(-needed // 1))
