"""UpdateTable's throughput: billing mode, provisioned units, on-demand maxima, warm throughput.

https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/capacity-mode.html
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from ddbmock._internal import limits
from ddbmock._internal.engine import lifecycle
from ddbmock._internal.engine.settings import ON_DEMAND, PROVISIONED, Throughput, WarmThroughput
from ddbmock._internal.errors import LimitExceededError, ValidationError
from ddbmock._internal.messages import requests as request_messages
from ddbmock._internal.messages import tables as table_messages
from ddbmock._internal.operations.tables import quotas, states
from ddbmock._internal.operations.tables.tables import WARM_ON_DEMAND, maxima_of, throughput_of
from ddbmock._internal.times import prose
from ddbmock._internal.validation.update_table import index_actions

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ddbmock._internal.operations.tables.transitions import TableChange

_UNLIMITED = limits.ON_DEMAND_UNITS_UNLIMITED


def change_units(change: TableChange) -> None:
    """Apply the BillingMode and ProvisionedThroughput of the request."""
    billing_mode = change.request.get("BillingMode")
    has_units = change.request.get("ProvisionedThroughput") is not None
    if billing_mode is None and not has_units:
        return
    is_on_demand = change.settings.billing_mode == ON_DEMAND
    if is_on_demand and billing_mode is None:
        raise ValidationError(request_messages.THROUGHPUT_FORBIDDEN)
    states.check_not_blocked(change.region, change.table, lifecycle.UNITS)
    if billing_mode == ON_DEMAND:
        if not is_on_demand:
            _switch_to_on_demand(change)
    elif is_on_demand:
        _switch_to_provisioned(change)
    else:
        _change_table_units(change)


def _switch_to_on_demand(change: TableChange) -> None:
    """Switch the billing mode; the table is on demand since the switch has ended."""
    settings = change.settings
    change.set(
        billing_mode=ON_DEMAND,
        on_demand_since=change.now + change.delay_seconds,
        throughput=replace(settings.throughput, read_units=0, write_units=0),
        warm_throughput=_at_least(settings.warm_throughput, WARM_ON_DEMAND),
        indexes={
            name: replace(
                index,
                throughput=replace(index.throughput, read_units=0, write_units=0),
                warm_throughput=_at_least(index.warm_throughput, WARM_ON_DEMAND),
            )
            for name, index in settings.indexes.items()
        },
    )
    change.begin_transition(lifecycle.BILLING, before=settings.warm_throughput)


def _at_least(warm: WarmThroughput, other: WarmThroughput) -> WarmThroughput:
    return warm.raised_to(other.read_units, other.write_units)


def _switch_to_provisioned(change: TableChange) -> None:
    """Switch the billing mode; the request must give the units of each index too."""
    settings = change.settings
    given = {
        action["IndexName"]
        for kind, action in index_actions(change.request)
        if kind == "Update" and action.get("ProvisionedThroughput") is not None
    }
    for name in settings.indexes:
        if name not in given:
            raise ValidationError(table_messages.index_units_required(name))
    units = throughput_of(change.request)
    quotas.check_provisioned(change.region, units)
    change.set(
        billing_mode=PROVISIONED,
        throughput=replace(
            settings.throughput, read_units=units.read_units, write_units=units.write_units
        ),
        warm_throughput=settings.warm_throughput.raised_to(units.read_units, units.write_units),
        on_demand_throughput={},
        indexes={
            name: replace(index, on_demand_throughput={})
            for name, index in settings.indexes.items()
        },
    )
    change.begin_transition(lifecycle.BILLING)


def _change_table_units(change: TableChange) -> None:
    before = change.settings.throughput
    after = changed_units(change, before, throughput_of(change.request))
    change.set(
        throughput=after,
        warm_throughput=change.settings.warm_throughput.raised_to(
            after.read_units, after.write_units
        ),
    )
    change.begin_transition(lifecycle.UNITS, before=before)


def changed_units(
    change: TableChange, before: Throughput, wanted: Throughput, index_name: str | None = None
) -> Throughput:
    """Return the throughput of a table or index after a change of its provisioned units.

    Raises:
        ValidationError: The units would not change.
        LimitExceededError: They were decreased too often, or exceed the quota.
    """
    if (before.read_units, before.write_units) == (wanted.read_units, wanted.write_units):
        text = table_messages.units_unchanged(wanted.read_units, wanted.write_units, index_name)
        raise ValidationError(text)
    quotas.check_provisioned(change.region, wanted, index_name)
    now = change.now
    is_increase = wanted.read_units > before.read_units or wanted.write_units > before.write_units
    is_decrease = wanted.read_units < before.read_units or wanted.write_units < before.write_units
    if is_decrease:
        _check_decreases(before, now)
    return Throughput(
        wanted.read_units,
        wanted.write_units,
        increased_at=now if is_increase else before.increased_at,
        decreased_at=now if is_decrease else before.decreased_at,
        decreases=before.decreases_today(now) + is_decrease if is_decrease else before.decreases,
    )


def _check_decreases(throughput: Throughput, now: float) -> None:
    """Raise LimitExceededError for a decrease too soon after four on this UTC day."""
    count, last = throughput.decreases_today(now), throughput.decreased_at
    if last is None or count < limits.THROUGHPUT_DECREASES_PER_DAY:
        return
    tomorrow = (now // limits.DAY_SECONDS + 1) * limits.DAY_SECONDS
    following = min(last + limits.THROUGHPUT_DECREASE_INTERVAL_SECONDS, tomorrow)
    if now < following:
        text = table_messages.too_many_decreases(count, prose(last), prose(following))
        raise LimitExceededError(text)


def change_maxima(change: TableChange) -> None:
    """Apply the OnDemandThroughput of the request."""
    wanted = maxima_of(change.request)
    if not wanted:
        return
    maxima = changed_maxima(change, change.settings.on_demand_throughput, wanted)
    if change.request.get("BillingMode") is None:
        states.check_not_blocked(change.region, change.table, states.ON_DEMAND)
    change.set(on_demand_throughput=maxima)


def changed_maxima(
    change: TableChange,
    before: Mapping[str, int],
    wanted: Mapping[str, int],
    index_name: str | None = None,
) -> dict[str, int]:
    """Return on-demand maxima after a change: -1 removes one, absent ones are unchanged."""
    if change.settings.billing_mode == PROVISIONED:
        for name in wanted:
            raise ValidationError(table_messages.maximum_without_on_demand(name, index_name))
    quotas.check_on_demand(change.region, wanted, index_name)
    merged = {**before, **wanted}
    return {name: units for name, units in merged.items() if units != _UNLIMITED}


def change_warm_throughput(change: TableChange) -> None:
    """Apply the WarmThroughput of the request."""
    wanted = change.request.get("WarmThroughput")
    if wanted is None:
        return
    before = change.settings.warm_throughput
    after = raised_warm_throughput(change, before, wanted)
    if after != before:
        change.set(warm_throughput=after)
        change.begin_transition(lifecycle.WARM_THROUGHPUT, before=before)


def raised_warm_throughput(
    change: TableChange,
    before: WarmThroughput,
    wanted: Mapping[str, int],
    index_name: str | None = None,
) -> WarmThroughput:
    """Return a warm throughput after a change, which can only raise it."""
    for name, current in (
        ("ReadUnitsPerSecond", before.read_units),
        ("WriteUnitsPerSecond", before.write_units),
    ):
        if wanted.get(name) is not None and wanted[name] < current:
            raise ValidationError(table_messages.warm_decreased(name, index_name))
    quotas.check_warm(change.region, wanted, index_name)
    return before.raised_to(
        wanted.get("ReadUnitsPerSecond") or 0, wanted.get("WriteUnitsPerSecond") or 0
    )
