"""The capacity of a table or an index for reads and writes: its buckets, by its settings.

Provisioned units are refilled every second and accumulated for some minutes. An on-demand table
serves twice its previous peak at once, and at least its warm throughput; more than that half an
hour later, and never more than the account's quota of a table. The maximum of an on-demand table is
a separate bucket.

https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/on-demand-capacity-mode.html
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ddbmock._internal import limits
from ddbmock._internal.access.throttling import Cause
from ddbmock._internal.engine.settings import ON_DEMAND
from ddbmock._internal.throughput.bucket import TokenBucket
from ddbmock._internal.throughput.demand import Demand
from ddbmock._internal.throughput.partitions import Partitions, count_for

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from ddbmock._internal.engine.quotas import Quotas
    from ddbmock._internal.engine.settings import IndexSettings, TableSettings
    from ddbmock._internal.engine.table import Table
    from ddbmock._internal.throughput.demand import Use

#: In how many seconds an on-demand table may double its traffic.
DOUBLING_SECONDS = 30 * 60
#: Unchanged settings are read again after so many seconds, as a previous peak counts gradually.
_FOLLOWED_SECONDS = 60.0
#: The burst of capacity that is not provisioned; the service publishes no figure.
_ON_DEMAND_SECONDS = 1.0


class PreviousPeak:
    """The previous peak of an on-demand table, and the throughput that follows from it.

    >>> peak = PreviousPeak(now=0.0)
    >>> peak.use_all([(0.0, (), 3000)])
    >>> peak.units_per_second(4000, 60.0), peak.units_per_second(4000, DOUBLING_SECONDS)
    (4000, 6000.0)
    """

    __slots__ = ("_began_at", "_peak", "_second", "_units", "_window_peak")

    def __init__(self, now: float) -> None:
        self._began_at = now
        self._second = int(now)
        self._units = 0.0
        self._window_peak = 0.0
        self._peak = 0.0

    def use_all(self, uses: Sequence[Use]) -> None:
        """Note the units of requests, in their order."""
        for now, _, units in uses:
            second = int(now)
            if second != self._second:
                self._second, self._units = second, 0.0
            self._units += units
            self._window_peak = max(self._window_peak, self._units)

    def units_per_second(self, at_least: float, now: float) -> float:
        """Return the available throughput: twice the peak that was reached half an hour ago."""
        if now - self._began_at >= DOUBLING_SECONDS:
            self._peak = max(self._peak, self._window_peak)
            self._window_peak, self._began_at = 0.0, now
        return max(at_least, 2 * self._peak)


class Direction:
    """Reads or writes of a table or index."""

    def __init__(self, names: Sequence[str], now: float, *, is_write: bool) -> None:
        self.is_write = is_write
        self.bucket: TokenBucket = TokenBucket(0, 0, now)
        self.maximum: TokenBucket | None = None
        #: The buckets of each request.
        self.buckets: list[TokenBucket] = []
        #: The requested units.
        self.demand: Demand = Demand(names)
        self._peak = PreviousPeak(now)
        self._is_on_demand: bool | None = None
        #: The limit that is exceeded when the bucket is empty.
        self._cause: Cause = Cause.PROVISIONED

    def follow(
        self,
        settings: TableSettings,
        index: IndexSettings | None,
        quotas: Quotas,
        burst_seconds: float,
        now: float,
    ) -> None:
        """Apply the present settings."""
        own = settings if index is None else index
        is_on_demand = settings.billing_mode == ON_DEMAND
        units = own.warm_throughput if is_on_demand else own.throughput
        rate: float = units.write_units if self.is_write else units.read_units
        if is_on_demand:
            rate = self._peak.units_per_second(max(rate, self._least_on_demand), now)
            quota = quotas.table_write_units if self.is_write else quotas.table_read_units
            self._cause = Cause.ACCOUNT if rate > quota else Cause.KEY_RANGE
            rate = min(rate, quota)
        else:
            self._cause = Cause.PROVISIONED
        if is_on_demand is not self._is_on_demand:
            self._is_on_demand = is_on_demand
            seconds = _ON_DEMAND_SECONDS if is_on_demand else burst_seconds
            self.bucket = TokenBucket(rate, seconds, now)
        changed_at = max(own.throughput.increased_at or 0, own.throughput.decreased_at or 0)
        self.bucket.use_rate(rate, min(changed_at, now) if changed_at else now)
        name = "MaxWriteRequestUnits" if self.is_write else "MaxReadRequestUnits"
        maximum = own.on_demand_throughput.get(name) if is_on_demand else None
        if maximum is None or maximum < 0:
            self.maximum = None
        elif self.maximum is None:
            self.maximum = TokenBucket(maximum, _ON_DEMAND_SECONDS, now)
        else:
            self.maximum.use_rate(maximum, now)
        self.buckets = [each for each in (self.bucket, self.maximum) if each is not None]

    @property
    def _least_on_demand(self) -> int:
        if self.is_write:
            return limits.INITIAL_WRITE_UNITS_PER_SECOND
        return limits.INITIAL_READ_UNITS_PER_SECOND

    def exhausted(self, now: float) -> Cause | None:
        """Return the exceeded limit, None if a request is admitted."""
        if self.maximum is not None and not self.maximum.has_units(now):
            return Cause.MAXIMUM
        if not self.bucket.has_units(now):
            return self._cause
        return None

    def take_all(self, uses: Sequence[Use]) -> None:
        """Take what requests cost, in their order."""
        for bucket in self.buckets:
            bucket.take_all(uses)
        self.note_peak(uses)

    def note_peak(self, uses: Sequence[Use]) -> None:
        """Note the units of requests for the previous peak."""
        self._peak.use_all(uses)


class Capacity:
    """The capacity of a table, or of one of its global indexes.

    Args:
        table: The table.
        index_name: The index; None for the table with its local indexes.
        quotas: The quotas of a table or index.
        burst_seconds: For how many seconds unused provisioned units are accumulated.
        now: The time.
    """

    def __init__(
        self, table: Table, index_name: str | None, quotas: Quotas, burst_seconds: float, now: float
    ) -> None:
        self.table = table
        self.index_name = index_name
        #: The region of the table, once something was throttled.
        self.region_name: str | None = None
        self._quotas = quotas
        self._burst_seconds = burst_seconds
        key_schema = table.sources[index_name].key_schema
        #: The attributes of the partition key.
        self.partition_names: tuple[str, ...] = key_schema.partition_names
        self._followed: TableSettings | None = None
        #: Until when unchanged settings are current.
        self.current_until: float = 0.0
        self.directions: dict[bool, Direction] = {
            is_write: Direction(self.partition_names, now, is_write=is_write)
            for is_write in (False, True)
        }
        self.partitions: Partitions = Partitions(
            1, now, keeps_collections=index_name is None and table.has_local_indexes
        )

    @property
    def is_on_demand(self) -> bool:
        """Whether the table has on-demand billing."""
        return self.table.settings.billing_mode == ON_DEMAND

    def refilled(self, uses: Iterable[Use], *, is_write: bool) -> Iterable[TokenBucket]:
        """Return the buckets of requests, each refilled until the first request that needs it."""
        of, found = self.partitions.of, dict[TokenBucket, float]()
        for now, keys, _ in uses:
            of_keys = [of(key).buckets[is_write] for key in keys]
            for bucket in (*self.directions[is_write].buckets, *of_keys):
                if bucket not in found:
                    found[bucket] = bucket.balance(now)
        return found

    def take_all(self, uses: Sequence[Use], *, is_write: bool) -> None:
        """Take the units of requests that are admitted, in their order."""
        self.directions[is_write].take_all(uses)
        self.partitions.take_all(uses, is_write=is_write)

    def is_current(self, now: float) -> bool:
        """Return whether the table's present settings were applied, and recently enough."""
        return self.table.settings is self._followed and now < self.current_until

    def least_units(self, now: float, *, is_write: bool) -> float:
        """Return how many units are left in the emptiest bucket of any access."""
        of_all = [bucket.least_units(now) for bucket in self.directions[is_write].buckets]
        return min(*of_all, self.partitions.least_units(now, is_write=is_write))

    def follow(self, now: float) -> None:
        """Apply the table's present settings."""
        settings = self.table.settings
        if settings is self._followed and now < self.current_until:
            return
        self._followed, self.current_until = settings, now + _FOLLOWED_SECONDS
        index = None if self.index_name is None else settings.indexes.get(self.index_name)
        for direction in self.directions.values():
            direction.follow(settings, index, self._quotas, self._burst_seconds, now)
        own = settings if index is None else index
        warm = own.warm_throughput
        needed = count_for(
            max(warm.read_units, self.directions[False].bucket.rate),
            max(warm.write_units, self.directions[True].bucket.rate),
            is_on_demand=self.is_on_demand,
        )
        if needed > len(self.partitions):
            self.partitions.grow(needed, now)
