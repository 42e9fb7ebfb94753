"""The stage that admits accesses, and what a test holds of it: `ddb.throughput`."""

from __future__ import annotations

from collections import deque
from contextlib import contextmanager
from functools import partial
from typing import TYPE_CHECKING, NamedTuple
from weakref import WeakKeyDictionary

from ddbmock import arns, messages
from ddbmock.access.operation import Plane
from ddbmock.access.throttling import Cause, Where, is_write, throttled
from ddbmock.engine.past import PastTable
from ddbmock.errors import MisuseError, ThrottledError
from ddbmock.operations.batches import KeysOfTable, WritesOfTable
from ddbmock.stages import Phase
from ddbmock.throughput.capacity import Capacity
from ddbmock.throughput.demand import Demand, Throttle
from ddbmock.throughput.report import report_lines

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from ddbmock.access.call import Call
    from ddbmock.access.door import Touch
    from ddbmock.access.intent import Intent
    from ddbmock.engine.backend import Backend
    from ddbmock.engine.keys import KeySchema, OrderKey
    from ddbmock.engine.table import Table
    from ddbmock.stages import Pipeline
    from ddbmock.throughput.partitions import Partition

#: For how many seconds the service keeps unused provisioned units.
BURST_SECONDS = 300.0
_THROTTLES_MAX = 10_000


class _Use(NamedTuple):
    """What one access takes of a table or index."""

    capacity: Capacity
    is_write: bool
    units: float
    #: The partitions and keys, each with its part of the units.
    parts: list[tuple[Partition, OrderKey, float]]
    key: str | None


class Throughput:
    """The throughput of all tables of a mock: `ddb.throughput`.

    `print(ddb.throughput)` says what was throttled, which key was hot, and what would have helped.
    """

    def __init__(self, backend: Backend, pipeline: Pipeline, burst_seconds: float) -> None:
        self._backend = backend
        self._pipeline = pipeline
        self._burst_seconds = burst_seconds
        self._capacities: WeakKeyDictionary[Table, dict[str | None, Capacity]] = WeakKeyDictionary()
        #: (Region, table, index, whether it is of writes) -> what was asked for.
        self._demands: dict[tuple[str, str, str | None, bool], Demand] = {}
        self._throttles: deque[Throttle] = deque(maxlen=_THROTTLES_MAX)
        pipeline.attach(Phase.ADMIT, self._attach)

    # --- what a test holds -------------------------------------------------------------------

    @property
    def throttles(self) -> Sequence[Throttle]:
        """The accesses that were throttled, oldest first."""
        return tuple(self._throttles)

    def left(
        self, table: str, index: str | None = None, *, region: str | None = None
    ) -> tuple[float, float]:
        """Return how many read and write units a table or index has left; a debt is negative."""
        capacity, now = self._capacity(table, index, region), self._now
        reads, writes = (capacity.directions[is_write].bucket for is_write in (False, True))
        return reads.balance(now), writes.balance(now)

    def drain(self, table: str, index: str | None = None, *, region: str | None = None) -> None:
        """Use up what a table or index has left: its burst capacity is gone."""
        for direction in self._capacity(table, index, region).directions.values():
            for bucket in direction.buckets:
                bucket.drain(self._now)

    def fill(self, table: str, index: str | None = None, *, region: str | None = None) -> None:
        """Give a table or index all the burst capacity that it can have."""
        for direction in self._capacity(table, index, region).directions.values():
            for bucket in direction.buckets:
                bucket.fill(self._now)

    def partition_count(
        self, table: str, index: str | None = None, *, region: str | None = None
    ) -> int:
        """Return how many partitions a table or index has."""
        return len(self._capacity(table, index, region).partitions)

    @contextmanager
    def pace(self, *, writes: float | None = None, reads: float | None = None) -> Iterator[None]:
        """Have the program do so many writes and reads a second, for a `with` block.

        The clock stands still but for the calls: each item that is written or read advances it by
        a part of a second, and so does what a client waits before it tries again. No real time
        passes.

        Args:
            writes: How many items are written a second; None for no time at all.
            reads: How many items, or pages, are read a second.

        Raises:
            MisuseError: Neither is given, or one is not positive.
        """
        rates = {True: writes, False: reads}
        if all(rate is None for rate in rates.values()) or not all(
            rate is None or rate > 0 for rate in rates.values()
        ):
            raise MisuseError(messages.PACE_WITHOUT_RATE)
        clock = self._backend.clock
        was_frozen = clock.is_frozen
        clock.freeze()

        def advance(call: Call) -> None:
            if call.operation.plane is Plane.DATA and call.intent is not None:
                seconds = 0.0
                for action in call.intent.actions:
                    rate = rates[is_write(action)]
                    seconds += 0 if rate is None else _item_count(action) / rate
                clock.advance(seconds)

        self._pipeline.attach(Phase.BEFORE, advance)
        try:
            yield
        finally:
            self._pipeline.detach(advance)
            if not was_frozen:
                clock.unfreeze()

    def clear(self) -> None:
        """Forget what was asked for and throttled; what is left of the buckets stays."""
        self._throttles.clear()
        self._demands.clear()

    def report(self) -> str:
        """Return what was throttled, which key was hot, and what would have helped."""
        return "\n".join(report_lines(self._throttles, self._demands))

    def __str__(self) -> str:
        return self.report()

    def __repr__(self) -> str:
        return f"<throughput: {len(self._throttles)} throttled>"

    # --- tables and indexes ------------------------------------------------------------------

    @property
    def _now(self) -> float:
        return self._backend.clock.seconds()

    def _capacity(self, table_name: str, index_name: str | None, region: str | None) -> Capacity:
        """Return the capacity of a table or index that a test names."""
        name = arns.table_name_of(table_name)
        for candidate in self._backend.regions():
            table = candidate.tables.get(name)
            if table is None or region not in {None, candidate.name}:
                continue
            if index_name is not None:
                index = table.indexes.get(index_name)
                if index is None or not index.is_global:
                    break
            return self._capacity_of(table, index_name)
        raise MisuseError(messages.no_throughput_of(name, index_name))

    def _capacity_of(self, table: Table, index_name: str | None) -> Capacity:
        by_index = self._capacities.setdefault(table, {})
        now = self._now
        capacity = by_index.get(index_name)
        if capacity is None:
            capacity = Capacity(table, index_name, self._burst_seconds, now)
            by_index[index_name] = capacity
        capacity.follow(now)
        return capacity

    # --- admission ---------------------------------------------------------------------------

    def _attach(self, call: Call) -> None:
        if call.operation.plane is Plane.DATA:
            call.door.hooks.admit(partial(self._admit, call))

    def _admit(self, call: Call, touches: Sequence[Touch]) -> None:
        """Take what accesses cost, or raise the error of the first that is not admitted."""
        uses = [self._use_of(touch) for touch in touches]
        now, region_name = self._now, call.region.name
        for use in uses:
            for partition, key, units in use.parts:
                partition.ask(key, units)
            self._demand(region_name, use).ask(use.key, use.units, now)
        for use in uses:
            self._check(call, use, now)
        journal = self._backend.journal
        for use in uses:
            direction = use.capacity.directions[use.is_write]
            for bucket in direction.buckets:
                journal.record(bucket.put_back, bucket.state)
            direction.take(use.units, now)
            for partition, _, units in use.parts:
                bucket = partition.buckets[use.is_write]
                journal.record(bucket.put_back, bucket.state)
                bucket.take(units, now)

    def _use_of(self, touch: Touch) -> _Use:
        table, index = touch.source.table, touch.source.index
        if isinstance(table, PastTable):
            table = table.present
        writes = touch.write_units > 0
        units = touch.write_units or touch.read_units
        index_name = index.name if index is not None and index.is_global else None
        capacity = self._capacity_of(table, index_name)
        keys = touch.entry_keys if writes and index_name is not None else touch.keys
        parts = [(capacity.partitions.of(key), key, units / len(keys)) for key in keys]
        schema = table.key_schema if index_name is None else touch.source.key_schema
        return _Use(capacity, writes, units, parts, _key_text(schema, keys))

    def _demand(self, region_name: str, use: _Use) -> Demand:
        capacity = use.capacity
        place = region_name, capacity.table.name, capacity.index_name, use.is_write
        demand = self._demands.get(place)
        if demand is None:
            demand = self._demands[place] = Demand()
        return demand

    def _check(self, call: Call, use: _Use, now: float) -> None:
        capacity = use.capacity
        cause = capacity.directions[use.is_write].exhausted(now)
        if cause is not None:
            raise self._refusal(call, use, capacity, cause)
        for partition, _, _ in use.parts:
            if not partition.buckets[use.is_write].has_units(now):
                if partition.note_throttle(now):
                    capacity.partitions.split_for_heat(partition, now)
                raise self._refusal(call, use, capacity, Cause.KEY_RANGE, is_of_partition=True)
        if use.is_write and capacity.index_name is None:
            self._check_indexes(call, use, now)

    def _check_indexes(self, call: Call, use: _Use, now: float) -> None:
        """Hold a write back while an index of its table is behind, also one it does not touch."""
        table = use.capacity.table
        for index in table.indexes.values():
            if index.is_global:
                capacity = self._capacity_of(table, index.name)
                cause = capacity.directions[True].exhausted(now)
                if cause is not None:
                    raise self._refusal(call, use, capacity, cause)

    def _refusal(
        self,
        call: Call,
        use: _Use,
        capacity: Capacity,
        cause: Cause,
        *,
        is_of_partition: bool = False,
    ) -> ThrottledError:
        """Note an access that is throttled, and return its error."""
        throttle = Throttle(
            at_seconds=self._now,
            operation=call.operation.name,
            table=capacity.table.name,
            index=capacity.index_name,
            is_write=use.is_write,
            cause=cause,
            is_of_partition=is_of_partition,
            key=use.key,
        )
        self._throttles.append(throttle)
        where = Where(
            throttle.table,
            throttle.index,
            is_write=use.is_write,
            is_on_demand=capacity.is_on_demand,
        )
        is_single_write = use.is_write and not call.operation.capacity.is_list
        return throttled(call.region, where, cause, is_single_write=is_single_write)


def _key_text(schema: KeySchema, keys: Sequence[OrderKey]) -> str | None:
    """Return the partition key of accesses as text, if there is one."""
    if not keys:
        return None
    values = keys[0][1 : 1 + len(schema.partition_names)]
    pairs = zip(schema.partition_names, values, strict=False)
    return ", ".join(f"{name}={value}" for name, value in pairs)


def _item_count(action: Intent) -> int:
    if isinstance(action, KeysOfTable):
        return len(action.key_items)
    return len(action.writes) if isinstance(action, WritesOfTable) else 1
