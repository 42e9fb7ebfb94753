"""The report of throttles: hot keys, and advice."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from ddbmock._internal import limits
from ddbmock._internal.access.throttling import Cause

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from ddbmock._internal.throughput.demand import Demand, Throttle

#: From this share of the units on, one key is hot.
_HOT_SHARE = 0.5
_MOST_SHOWN = 20

#: The read or write capacity of a table or index: region, table, index, whether it is for writes.
Capacity = tuple[str, str, str | None, bool]

_PARTITION_REASON = "as one partition can serve no more"
_REASONS = {
    Cause.PROVISIONED: "as the provisioned units are used up",
    Cause.KEY_RANGE: "as more than twice the previous peak was asked for",
    Cause.MAXIMUM: "as the maximum on-demand throughput is used up",
    Cause.ACCOUNT: "as the account's quota of a table is used up",
}


def report_lines(
    throttles: Sequence[Throttle], demands: Mapping[Capacity, Demand]
) -> Iterator[str]:
    """Yield the lines of the report, most throttled first."""
    if not throttles:
        yield "nothing was throttled"
        return
    kinds = Counter(
        (each.region, each.table, each.index, each.is_write, each.cause, each.is_of_partition)
        for each in throttles
    )
    is_in_one_region = len({each.region for each in throttles}) == 1
    for kind, count in kinds.most_common(_MOST_SHOWN):
        region, table, index, is_write, cause, is_of_partition = kind
        label = table if index is None else f"{table}/{index}"
        if not is_in_one_region:
            label = f"{label} ({region})"
        action = "write" if is_write else "read"
        reason = _PARTITION_REASON if is_of_partition else _REASONS[cause]
        yield f"{label}: {count} {action}{'' if count == 1 else 's'} throttled, {reason}"
        demand = demands.get((region, table, index, is_write))
        if demand is not None:
            resource = "the table" if index is None else f"the index {index}"
            yield from _details(demand, resource, cause, is_write=is_write, is_hot=is_of_partition)


def _details(
    demand: Demand, resource: str, cause: Cause, *, is_write: bool, is_hot: bool
) -> Iterator[str]:
    unit = "write units" if is_write else "read units"
    peak = -int(-demand.peak_units // 1)
    yield f"  at most {peak:,} {unit} were asked for in a second, {demand.units:,.10g} in all"
    hottest = demand.hottest
    share = 0.0
    if hottest is not None:
        key, share = hottest
        yield f"  hottest key: {key}, {share:.0%} of the units"
    if is_hot:
        yield f"  what helps: {_hot_key_advice(peak * share, share, resource, is_write=is_write)}"
    elif cause is Cause.MAXIMUM:
        yield f"  what helps: a maximum of {peak:,} units for {resource}, or a slower program"
    elif cause is Cause.ACCOUNT:
        yield f"  what helps: a quota of {peak:,} units for a table, or a slower program"
    elif cause is Cause.PROVISIONED:
        yield (
            f"  what helps: {peak:,} provisioned units for {resource}, auto scaling in time,"
            " on-demand billing, or a slower program"
        )
    else:
        units = f"a WarmThroughput of {peak:,} units"
        yield f"  what helps: {units} for {resource}, some minutes before"


def _hot_key_advice(units: float, share: float, resource: str, *, is_write: bool) -> str:
    """Return the advice for a partition that is too hot."""
    if share < _HOT_SHARE:
        return f"a WarmThroughput for {resource}, which has it split before, or a slower program"
    served = limits.PARTITION_READ_UNITS_PER_SECOND
    remedy = "a cache, or copies of the item under several keys"
    if is_write:
        served = limits.PARTITION_WRITE_UNITS_PER_SECOND
        remedy = "write sharding"
    count = max(2, -int(-units // served))
    return f"{count} partition keys or more in place of the hottest one ({remedy})"
