"""The stage that admits accesses, and `ddb.throughput`."""

from __future__ import annotations

from collections import defaultdict, deque
from contextlib import contextmanager
from functools import partial
from typing import TYPE_CHECKING, NamedTuple

from ddbmock._internal import arns, limits
from ddbmock._internal.access.operation import Plane
from ddbmock._internal.access.throttling import Cause, ThrottledResource, is_write, throttled
from ddbmock._internal.engine.past import PastTable
from ddbmock._internal.errors import MisuseError, ThrottledError
from ddbmock._internal.messages import faults as messages
from ddbmock._internal.operations.batches import KeysOfTable, WritesOfTable
from ddbmock._internal.stages import Phase
from ddbmock._internal.throughput.capacity import Capacity
from ddbmock._internal.throughput.credit import credits_of
from ddbmock._internal.throughput.demand import Demand, Throttle, key_text
from ddbmock._internal.throughput.report import report_lines

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from ddbmock._internal.access.call import Call
    from ddbmock._internal.access.door import Touch
    from ddbmock._internal.access.intent import Intent
    from ddbmock._internal.access.operation import Operation
    from ddbmock._internal.engine.backend import Region
    from ddbmock._internal.engine.keys import OrderKey
    from ddbmock._internal.engine.table import Source, Table
    from ddbmock._internal.service import Service
    from ddbmock._internal.throughput.credit import Credit
    from ddbmock._internal.throughput.demand import Use

_THROTTLES_MAX = 10_000
_CAPACITIES_MAX = 1_000
#: How many calls are admitted on credit before their units are taken.
_ON_CREDIT_MAX = 256


class _Use(NamedTuple):
    """The units that one access takes of a table or index."""

    capacity: Capacity
    is_write: bool
    #: The keys of the items or entries, each with an equal share of the units.
    keys: Sequence[OrderKey]
    units: float


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
        #: The credit of tables and indexes that have plenty of units.
        self._credits: dict[Source, Credit] = {}
        #: How many accesses of a table are looked at before it gets credit again.
        self._uncredited: dict[Table, int] = {}
        #: The accesses that were admitted on credit and take their units later, with their times.
        self._on_credit: list[tuple[float, Sequence[Touch]]] = []
        self._pipeline.attach(Phase.ADMIT, self._attach)
        service.backend.journal.before_savepoint += (self._settle,)

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
            self._settle()
            self._throttles.clear()
            for capacity in self._capacities.values():
                for direction in capacity.directions.values():
                    direction.demand = Demand(capacity.partition_names)

    def report(self) -> str:
        """Return a report of throttles and hot keys, with advice."""
        with self._backend.lock:
            self._settle()
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
        """Return the capacity of a table or index by name, which may be changed."""
        self._settle()
        self._credits.clear()
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
            self._settle()
            self._credits.clear()
            self._uncredited.clear()
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
            # Not of the call, which would refer to itself by its hooks.
            hooks, admission = call.hooks, partial(self._admit, call.operation, call.region)
            if hooks.admission is None:
                hooks.admission = admission
            else:
                hooks.admit(admission)

    def _admit(self, operation: Operation, region: Region, touches: Sequence[Touch]) -> None:
        """Take the units of accesses, or raise the error of the first that is not admitted."""
        # Most calls end here, so there is one frame for all of it.
        now, credits_by_source = self._backend.clock.seconds(), self._credits
        for source, _, read_units, write_units, _ in touches:
            credit = credits_by_source.get(source)
            if (
                credit is None
                or credit.settings is not source.table.settings
                or not credit.since <= now < credit.until
            ):
                break
            if write_units:
                if write_units >= credit.write_units:
                    break
                credit.write_units -= write_units
            elif read_units < credit.read_units:
                credit.read_units -= read_units
            else:
                break
        else:
            on_credit = self._on_credit
            if not on_credit:
                # All of them are after the latest savepoint, so one entry is enough.
                self._backend.journal.record(self._undo_credit)
            on_credit.append((now, touches))
            if len(on_credit) >= _ON_CREDIT_MAX:
                self._settle()
            return
        self._admit_by_buckets(operation, region, touches, now)

    def _settle(self) -> None:
        """Take the units of the accesses that were admitted on credit; the caller has the lock."""
        if not self._on_credit:
            return
        of_direction = self._ask_on_credit()
        for (capacity, is_of_writes), uses in of_direction.items():
            self._record(capacity, uses, is_write=is_of_writes)
            capacity.take_all(uses, is_write=is_of_writes)

    def _undo_credit(self) -> None:
        """Undo the accesses that were admitted on credit, but not their demand."""
        if self._on_credit:
            for (capacity, is_of_writes), uses in self._ask_on_credit().items():
                capacity.directions[is_of_writes].note_peak(uses)
                capacity.refilled(uses, is_write=is_of_writes)
        self._credits.clear()

    def _ask_on_credit(self) -> dict[tuple[Capacity, bool], list[Use]]:
        """Note the demand of the accesses on credit; return what they use, and forget them."""
        admitted, self._on_credit = self._on_credit, []
        of_capacity: dict[Capacity, list[Use]] = defaultdict(list)
        of_direction: dict[tuple[Capacity, bool], list[Use]] = defaultdict(list)
        for now, touches in admitted:
            for touch in touches:
                capacity = self._credits[touch.source].capacity
                use = _use_of(touch, capacity)
                timed = (now, use.keys, use.units)
                of_capacity[capacity].append(timed)
                of_direction[capacity, use.is_write].append(timed)
        for capacity, uses in of_capacity.items():
            capacity.partitions.ask_all(uses)
        for (capacity, is_of_writes), uses in of_direction.items():
            capacity.directions[is_of_writes].demand.ask_all(uses)
        return of_direction

    def _admit_by_buckets(
        self, operation: Operation, region: Region, touches: Sequence[Touch], now: float
    ) -> None:
        """Admit accesses by looking at each of their buckets."""
        self._settle()
        tables = dict.fromkeys([_present(touch.source.table) for touch in touches])
        for table in tables:
            for source in table.sources.values():
                self._credits.pop(source, None)
        uses = [_use_of(touch, self._capacity_of(*_place_of(touch), now)) for touch in touches]
        for use in uses:
            timed = [(now, use.keys, use.units)]
            use.capacity.partitions.ask_all(timed)
            use.capacity.directions[use.is_write].demand.ask_all(timed)
        for use in uses:
            self._check(operation, region, use, now)
        self._backend.journal.record(self._undo_credit)
        for use in uses:
            timed = [(now, use.keys, use.units)]
            self._record(use.capacity, timed, is_write=use.is_write)
        for use in uses:
            use.capacity.take_all([(now, use.keys, use.units)], is_write=use.is_write)
        for table in tables:
            self._give_credit(table, now)

    def _give_credit(self, table: Table, now: float) -> None:
        """Give a table and its indexes credit, but not after every access: that has its cost."""
        uncredited = self._uncredited.get(table, 0)
        if uncredited:
            self._uncredited[table] = uncredited - 1
        else:
            self._credits.update(credits_of(table, self._capacities, now))
            known = [self._capacities.get((table, name)) for name in (None, *table.indexes)]
            self._uncredited[table] = sum([len(each.partitions) for each in known if each]) // 4

    def _record(self, capacity: Capacity, uses: Iterable[Use], *, is_write: bool) -> None:
        """Record the undo of accesses, for savepoints."""
        if self._backend.journal.log() is not None:
            for bucket in capacity.refilled(uses, is_write=is_write):
                self._backend.journal.record(bucket.restore_state, bucket.state)

    def _check(self, operation: Operation, region: Region, use: _Use, now: float) -> None:
        capacity = use.capacity
        is_of_table = capacity.index_name is None
        if is_of_table or not use.is_write:  # the table checks writes of indexes
            cause = capacity.directions[use.is_write].exhausted(now)
            if cause is not None:
                raise self._refusal(operation, region, use, capacity, cause)
        for key in use.keys:
            partition = capacity.partitions.of(key)
            if not partition.buckets[use.is_write].has_units(now):
                if partition.note_throttle(now):
                    capacity.partitions.split_for_heat(partition, now)
                raise self._refusal(
                    operation, region, use, capacity, Cause.KEY_RANGE, is_of_partition=True
                )
        if use.is_write and is_of_table and capacity.table.indexes:
            self._check_indexes(operation, region, use, now)

    def _check_indexes(self, operation: Operation, region: Region, use: _Use, now: float) -> None:
        """Throttle a write while an index of its table is throttled, even if it is not written."""
        table = use.capacity.table
        for index in table.indexes.values():
            if index.is_global:
                capacity = self._capacity_of(table, index.name, now)
                cause = capacity.directions[True].exhausted(now)
                if cause is not None:
                    raise self._refusal(operation, region, use, capacity, cause)

    def _refusal(  # noqa: PLR0913 (what the error and the report say)
        self,
        operation: Operation,
        region: Region,
        use: _Use,
        capacity: Capacity,
        cause: Cause,
        *,
        is_of_partition: bool = False,
    ) -> ThrottledError:
        """Note an access that is throttled, and return its error."""
        capacity.region_name = region.name
        names = use.capacity.partition_names
        throttle = Throttle(
            at_seconds=self._now,
            operation=operation.name,
            table=capacity.table.name,
            region=region.name,
            index=capacity.index_name,
            is_write=use.is_write,
            cause=cause,
            is_of_partition=is_of_partition,
            key=key_text(names, use.keys[0][1 : 1 + len(names)]) if use.keys else None,
        )
        self._throttles.append(throttle)
        resource = ThrottledResource(
            throttle.table,
            throttle.index,
            is_write=use.is_write,
            is_on_demand=capacity.is_on_demand,
        )
        is_single_write = use.is_write and not operation.capacity.is_list
        return throttled(region, resource, cause, is_single_write=is_single_write)


def _present(table: Table) -> Table:
    """Return a table itself, where an earlier state of it was read."""
    return table.present if isinstance(table, PastTable) else table


def _place_of(touch: Touch) -> tuple[Table, str | None]:
    """Return the table and the global index whose units an access takes."""
    index = touch.source.index
    is_global = index is not None and index.is_global
    return _present(touch.source.table), index.name if index is not None and is_global else None


def _use_of(touch: Touch, capacity: Capacity) -> _Use:
    """Return what an access takes of the capacity of its table or index."""
    _, keys, read_units, write_units, entry_keys = touch
    if write_units and capacity.index_name is not None:
        return _Use(capacity, keys=entry_keys, units=write_units, is_write=True)
    return _Use(capacity, write_units > 0, keys, write_units or read_units)


def _item_count(action: Intent) -> int:
    if isinstance(action, KeysOfTable):
        return len(action.key_items)
    return len(action.writes) if isinstance(action, WritesOfTable) else 1
