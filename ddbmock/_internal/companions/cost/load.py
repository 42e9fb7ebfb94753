"""The load of a table by minutes, and what it would cost in either billing mode.

The throughput of the provisioned mode follows the rules of target tracking (out after two minutes
above the target, in after fifteen minutes 20 points below it, decreases limited), without running
a mock: minutes are arithmetic here.

https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/AutoScaling.html
"""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass
from typing import TYPE_CHECKING

from ddbmock._internal import limits
from ddbmock._internal.companions.autoscaling.alarms import IN_BELOW_TARGET, IN_MINUTES, OUT_MINUTES
from ddbmock._internal.companions.autoscaling.tracking import desired_capacity
from ddbmock._internal.companions.cost import prices as items
from ddbmock._internal.companions.cost.bill import CURRENCY, HOURS_OF_A_MONTH, amount_text
from ddbmock._internal.companions.metrics.catalog import CONSUMED_READ, CONSUMED_WRITE, TABLE
from ddbmock._internal.errors import MisuseError
from ddbmock._internal.messages import cost as messages

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ddbmock._internal.calls import Calls
    from ddbmock._internal.companions.cost.prices import PriceBook
    from ddbmock._internal.companions.metrics import Metrics
    from ddbmock._internal.engine.backend import Region

_MINUTE_SECONDS, _HOUR_MINUTES, _DAY_MINUTES = 60, 60, 1_440
#: For how many seconds unused burst capacity can be used.


@dataclass(frozen=True, slots=True)
class Scaling:
    """The auto scaling of the provisioned mode."""

    minimum: int = 1
    maximum: int = 40_000
    #: The target utilization, in percent.
    target: float = 70.0


@dataclass(frozen=True, slots=True)
class Provisioned:
    """The capacity that a load needs in the provisioned mode."""

    unit_hours: float
    throttled_units: float
    peak: int


@dataclass(frozen=True, slots=True)
class CostComparison:
    """A load in both billing modes; costs are for a month with this load throughout."""

    table: str
    minutes: int
    read_units: float
    write_units: float
    on_demand: float
    provisioned: float
    #: Units that the provisioned throughput would have throttled.
    throttled_units: float
    #: The highest throughput, read and write units.
    peak: tuple[int, int]
    prices_at: str

    @property
    def cheaper(self) -> str:
        """The billing mode that costs less: `PAY_PER_REQUEST` or `PROVISIONED`."""
        return "PROVISIONED" if self.provisioned < self.on_demand else "PAY_PER_REQUEST"

    def __str__(self) -> str:
        read, write = self.peak
        return "\n".join([
            (
                f"{self.table}: {self.read_units:,.0f} read and {self.write_units:,.0f} write units"
                f" in {self.minutes:,} minutes; a month of that costs"
            ),
            f"  on demand: {amount_text(self.on_demand)} {CURRENCY}",
            (
                f"  provisioned, with auto scaling up to {read} read and {write} write units:"
                f" {amount_text(self.provisioned)} {CURRENCY}, {self.throttled_units:,.0f} units"
                " throttled"
            ),
            f"prices as of {self.prices_at}, without the free tier, storage and reserved capacity",
        ])  # fmt: skip


def load_of(calls: Calls, table_name: str) -> list[tuple[float, float]]:
    """Return the read and write units of a table and its indexes in each minute.

    Raises:
        MisuseError: There are none, or not all calls are stored.
    """
    of_table = calls(table=table_name)
    stored = list(of_table)
    if len(stored) < of_table.call_count:
        raise MisuseError(messages.load_was_not_stored(len(stored), of_table.call_count))
    minutes: dict[int, list[float]] = {}
    for call in stored:
        consumed = call.consumed.get(table_name)
        if consumed is not None:
            units = minutes.setdefault(int(call.at_seconds // _MINUTE_SECONDS), [0.0, 0.0])
            units[0] += consumed.total_read_units
            units[1] += consumed.total_write_units
    return _in_order(minutes, table_name)


def recorded_load(metrics: Metrics, region: Region, table_name: str) -> list[tuple[float, float]]:
    """Return the same from the metrics of a table, which count all calls.

    Raises:
        MisuseError: There is none.
    """
    series = metrics.of(region).series
    minutes: dict[int, list[float]] = {}
    for found in series.ids():
        if found.dimension(TABLE) != table_name or found.dimension("Source") is not None:
            continue
        if found.name in {CONSUMED_READ, CONSUMED_WRITE}:
            for minute in series.minutes(found):
                samples = series.at(found, minute)
                units = minutes.setdefault(minute, [0.0, 0.0])
                units[found.name == CONSUMED_WRITE] += 0.0 if samples is None else samples.sum
    return _in_order(minutes, table_name)


def _in_order(minutes: dict[int, list[float]], table_name: str) -> list[tuple[float, float]]:
    if not minutes:
        raise MisuseError(messages.no_load(table_name))
    nothing = [0.0, 0.0]
    units = [minutes.get(minute, nothing) for minute in range(min(minutes), max(minutes) + 1)]
    return [(read, write) for read, write in units]


def provision(load: Sequence[float], scaling: Scaling) -> Provisioned:
    """Return the capacity that a load needs with auto scaling.

    >>> provision([60.0 * 7] * 60, Scaling()).peak
    10
    """
    # A table begins with the throughput that the first minutes need.
    first = max(load[:OUT_MINUTES], default=0.0)
    capacity = _clamped(desired_capacity(first, scaling.target), scaling)
    unit_minutes, throttled, peak, saved = 0.0, 0.0, capacity, 0.0
    recent: deque[float] = deque(maxlen=IN_MINUTES)
    decreased_at: deque[int] = deque()
    for minute, consumed in enumerate(load):
        unit_minutes += capacity
        left = capacity * _MINUTE_SECONDS - consumed
        throttled += max(0.0, -left - saved)
        saved = min(max(0.0, saved + left), capacity * limits.BURST_CAPACITY_SECONDS)
        recent.append(consumed)
        wanted = _wanted(recent, capacity, scaling)
        if wanted < capacity:
            if not _may_decrease(decreased_at, minute):
                continue
            decreased_at.append(minute)
        capacity = wanted
        peak = max(peak, capacity)
    return Provisioned(unit_minutes / _HOUR_MINUTES, throttled, peak)


def _wanted(recent: deque[float], capacity: int, scaling: Scaling) -> int:
    in_a_minute = capacity * _MINUTE_SECONDS / 100
    newest = list(recent)[-OUT_MINUTES:]
    if len(newest) == OUT_MINUTES and min(newest) > in_a_minute * scaling.target:
        return max(capacity, _clamped(desired_capacity(max(newest), scaling.target), scaling))
    least = in_a_minute * (scaling.target - IN_BELOW_TARGET)
    if len(recent) == IN_MINUTES and max(recent) < least:
        return min(capacity, _clamped(desired_capacity(max(recent), scaling.target), scaling))
    return capacity


def _clamped(capacity: int, scaling: Scaling) -> int:
    return max(scaling.minimum, min(scaling.maximum, capacity))


def _may_decrease(decreased_at: deque[int], minute: int) -> bool:
    """Return whether one more decrease is allowed: four a day, then one an hour."""
    today = [at for at in decreased_at if at // _DAY_MINUTES == minute // _DAY_MINUTES]
    if len(today) < limits.THROUGHPUT_DECREASES_PER_DAY:
        return True
    interval = limits.THROUGHPUT_DECREASE_INTERVAL_SECONDS // _MINUTE_SECONDS
    return minute - today[-1] >= interval


def compare(
    table: str,
    load: Sequence[tuple[float, float]],
    book: PriceBook,
    scaling: Scaling,
    place: tuple[str, str],
) -> CostComparison:
    """Return the cost of a load in both billing modes.

    Args:
        table: The name of the table.
        load: The read and write units of each minute.
        book: The prices.
        scaling: The auto scaling of the provisioned mode.
        place: The region and the table class.
    """
    reads, writes = [read for read, _ in load], [write for _, write in load]
    months = len(load) / _HOUR_MINUTES / HOURS_OF_A_MONTH
    region, table_class = place

    def price(item: str) -> float:
        return book.price(item, region, table_class).per_unit

    on_demand = sum(reads) * price(items.READS) + sum(writes) * price(items.WRITES)
    read, write = provision(reads, scaling), provision(writes, scaling)
    hours = read.unit_hours * price(items.READ_HOURS) + write.unit_hours * price(items.WRITE_HOURS)
    return CostComparison(
        table, len(load), sum(reads), sum(writes), on_demand / months, hours / months,
        read.throttled_units + write.throttled_units, (read.peak, write.peak), book.at,
    )  # fmt: skip
