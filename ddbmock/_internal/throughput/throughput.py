"""The stage that admits accesses, and `ddb.throughput`."""

from __future__ import annotations

from collections import deque
from contextlib import contextmanager
from functools import partial
from typing import TYPE_CHECKING, Any, NamedTuple

from ddbmock._internal import arns, limits
from ddbmock._internal.access.operation import Plane
from ddbmock._internal.access.throttling import Cause, ThrottledResource, is_write, throttled
from ddbmock._internal.engine.past import PastTable
from ddbmock._internal.errors import MisuseError, ThrottledError
from ddbmock._internal.messages import faults as messages
from ddbmock._internal.operations.batches import KeysOfTable, WritesOfTable
from ddbmock._internal.stages import Phase
from ddbmock._internal.throughput.capacity import Capacity
from ddbmock._internal.throughput.demand import Demand, Throttle, key_text
from ddbmock._internal.throughput.report import report_lines

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from ddbmock._internal.access.call import Call
    from ddbmock._internal.access.door import Touch
    from ddbmock._internal.access.intent import Intent
    from ddbmock._internal.engine.keys import OrderKey
    from ddbmock._internal.engine.table import Table
    from ddbmock._internal.service import Service
    from ddbmock._internal.throughput.capacity import Direction
    from ddbmock._internal.throughput.partitions import Partition

_THROTTLES_MAX = 10_000
_CAPACITIES_MAX = 1_000


class _Use(NamedTuple):
    """The units that one access takes of a table or index."""

    capacity: Capacity
    direction: Direction
    is_write: bool
    units: float
    #: The partitions and keys, each with its share of the units.
    parts: list[tuple[Partition, OrderKey, float]]
    #: The values of the partition key.
    key: tuple[Any, ...] | None


def attach(service: Service) -> Throughput:
    """Have the tables of a service throttle, with the option `throughput`.

    Raises:
        MisuseError: The option is not set.
    """
    given = service.options.throughput
    if not given:
        raise MisuseError(messages.THROUGHPUT_IS_OFF)
    return Throughput(service, limits.BURST_CAPACITY_SECONDS if given is True else float(given))


class Throughput:
    """The throughput of all tables of a mock: `ddb.throughput`.

    `print(ddb.throughput)` reports throttles and hot keys, with advice.
    """

    def __init__(self, service: Service, burst_seconds: float) -> None:
        self._backend = service.backend
        self._pipeline = service.pipeline
        self._burst_seconds = burst_seconds
        #: Table and index -> capacity; those of deleted tables are dropped when there are many.
        self._capacities: dict[tuple[Table, str | None], Capacity] = {}
        self._throttles: deque[Throttle] = deque(maxlen=_THROTTLES_MAX)
        self._pipeline.attach(Phase.ADMIT, self._attach)

    # --- for tests -------------------------------------------------------------------

    @property
    def throttles(self) -> Sequence[Throttle]:
        """The accesses that were throttled, oldest first."""
        with self._backend.lock:
            return tuple(self._throttles)

    def left(
        self, table: str, index: str | None = None, *, region: str | None = None
    ) -> tuple[float, float]:
        """Return how many read and write units a table or index has left; a debt is negative."""
        with self._backend.lock:
            capacity, now = self._capacity(table, index, region), self._now
            reads, writes = (capacity.directions[is_write].bucket for is_write in (False, True))
            return reads.balance(now), writes.balance(now)

    def drain(self, table: str, index: str | None = None, *, region: str | None = None) -> None:
        """Use up the burst capacity of a table or index."""
        with self._backend.lock:
            for direction in self._capacity(table, index, region).directions.values():
                for bucket in direction.buckets:
                    bucket.drain(self._now)

    def fill(self, table: str, index: str | None = None, *, region: str | None = None) -> None:
        """Refill the burst capacity of a table or index."""
        with self._backend.lock:
            for direction in self._capacity(table, index, region).directions.values():
                for bucket in direction.buckets:
                    bucket.fill(self._now)

    def partition_count(
        self, table: str, index: str | None = None, *, region: str | None = None
    ) -> int:
        """Return how many partitions a table or index has."""
        with self._backend.lock:
            return len(self._capacity(table, index, region).partitions)

    @contextmanager
    def pace(self, *, writes: float | None = None, reads: float | None = None) -> Iterator[None]:
        """Set the number of writes and reads that the program makes a second, for a `with` block.

        Only calls advance the clock: each item that is written or read advances it by a fraction of
        a second, and so do the waits of clients before retries. No real time passes.

        Args:
            writes: How many items are written a second; None if writes take no time.
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
        """Clear the demand and the throttles, but not the state of the buckets."""
        with self._backend.lock:
            self._throttles.clear()
            for capacity in self._capacities.values():
                for direction in capacity.directions.values():
                    direction.demand = Demand(capacity.partition_names)

    def report(self) -> str:
        """Return a report of throttles and hot keys, with advice."""
        with self._backend.lock:
            demands = {
                (capacity.region_name, table.name, index_name, is_write): direction.demand
                for (table, index_name), capacity in self._capacities.items()
                if capacity.region_name is not None
                for is_write, direction in capacity.directions.items()
            }
            return "\n".join(report_lines(self._throttles, demands))

    def __str__(self) -> str:
        return self.report()

    def __repr__(self) -> str:
        return f"<throughput: {len(self._throttles)} throttled>"

    # --- tables and indexes ------------------------------------------------------------------

    @property
    def _now(self) -> float:
        return self._backend.clock.seconds()

    def _capacity(self, table_name: str, index_name: str | None, region: str | None) -> Capacity:
        """Return the capacity of a table or index by name."""
        name = arns.table_name_of(table_name)
        for candidate in self._backend.regions():
            table = candidate.tables.get(name)
            if table is None or region not in {None, candidate.name}:
                continue
            if index_name is not None:
                index = table.indexes.get(index_name)
                if index is None or not index.is_global:
                    break
            return self._capacity_of(table, index_name, self._now)
        raise MisuseError(messages.no_throughput_of(name, index_name))

    def _capacity_of(self, table: Table, index_name: str | None, now: float) -> Capacity:
        capacity = self._capacities.get((table, index_name))
        if capacity is None:
            self._forget_deleted()
            quotas = self._backend.quotas
            capacity = Capacity(table, index_name, quotas, self._burst_seconds, now)
            self._capacities[table, index_name] = capacity
        capacity.follow(now)
        return capacity

    def _forget_deleted(self) -> None:
        if len(self._capacities) > _CAPACITIES_MAX:
            existing = {
                table for region in self._backend.all_regions() for table in region.tables.values()
            }
            self._capacities = {
                place: capacity
                for place, capacity in self._capacities.items()
                if place[0] in existing
            }

    # --- admission ---------------------------------------------------------------------------

    def _attach(self, call: Call) -> None:
        if call.operation.plane is Plane.DATA:
            call.door.hooks.admit(partial(self._admit, call))

    def _admit(self, call: Call, touches: Sequence[Touch]) -> None:
        """Take the units of accesses, or raise the error of the first that is not admitted."""
        now = self._now
        uses = [self._use_of(touch, now) for touch in touches]
        for _, direction, _, units, parts, key in uses:
            for partition, order_key, part_units in parts:
                partition.ask(order_key, part_units)
            direction.demand.ask(key, units, now)
        for use in uses:
            self._check(call, use, now)
        if self._backend.journal.log() is not None:
            for use in uses:
                self._record(use)
        for _, direction, _, units, parts, _ in uses:
            direction.take(units, now)
            for partition, _, part_units in parts:
                partition.buckets[direction.is_write].take(part_units, now)

    def _record(self, use: _Use) -> None:
        """Record the undo of an access, for savepoints."""
        buckets = [partition.buckets[use.is_write] for partition, _, _ in use.parts]
        for bucket in (*use.direction.buckets, *buckets):
            self._backend.journal.record(bucket.restore_state, bucket.state)

    def _use_of(self, touch: Touch, now: float) -> _Use:
        source, keys, read_units, write_units, entry_keys = touch
        table, index = source.table, source.index
        if isinstance(table, PastTable):
            table = table.present
        is_write = write_units > 0
        units = write_units or read_units
        index_name, schema = None, table.key_schema
        if index is not None and index.is_global:
            index_name, schema = index.name, index.key_schema
            if is_write:
                keys = entry_keys
        capacity = self._capacity_of(table, index_name, now)
        of, count = capacity.partitions.of, len(keys)
        if count == 1:  # most accesses: a comprehension is a frame
            parts = [(of(keys[0]), keys[0], units)]
        else:
            parts = [(of(key), key, units / count) for key in keys]
        first = keys[0][1 : 1 + len(schema.partition)] if keys else None
        return _Use(capacity, capacity.directions[is_write], is_write, units, parts, first)

    def _check(self, call: Call, use: _Use, now: float) -> None:
        capacity, direction, is_write, _, parts, _ = use
        if capacity.index_name is None or not is_write:  # the table checks writes of indexes
            cause = direction.exhausted(now)
            if cause is not None:
                raise self._refusal(call, use, capacity, cause)
        for partition, _, _ in parts:
            if not partition.buckets[is_write].has_units(now):
                if partition.note_throttle(now):
                    capacity.partitions.split_for_heat(partition, now)
                raise self._refusal(call, use, capacity, Cause.KEY_RANGE, is_of_partition=True)
        if is_write and capacity.index_name is None and capacity.table.indexes:
            self._check_indexes(call, use, now)

    def _check_indexes(self, call: Call, use: _Use, now: float) -> None:
        """Throttle a write while an index of its table is throttled, even if it is not written."""
        table = use.capacity.table
        for index in table.indexes.values():
            if index.is_global:
                capacity = self._capacity_of(table, index.name, now)
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
        capacity.region_name = call.region.name
        throttle = Throttle(
            at_seconds=self._now,
            operation=call.operation.name,
            table=capacity.table.name,
            region=call.region.name,
            index=capacity.index_name,
            is_write=use.is_write,
            cause=cause,
            is_of_partition=is_of_partition,
            key=None if use.key is None else key_text(use.capacity.partition_names, use.key),
        )
        self._throttles.append(throttle)
        resource = ThrottledResource(
            throttle.table,
            throttle.index,
            is_write=use.is_write,
            is_on_demand=capacity.is_on_demand,
        )
        is_single_write = use.is_write and not call.operation.capacity.is_list
        return throttled(call.region, resource, cause, is_single_write=is_single_write)


def _item_count(action: Intent) -> int:
    if isinstance(action, KeysOfTable):
        return len(action.key_items)
    return len(action.writes) if isinstance(action, WritesOfTable) else 1
