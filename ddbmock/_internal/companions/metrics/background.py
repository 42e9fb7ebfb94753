"""The values of metrics that do not come from calls: zeros of consumption, and gauges.

Nothing is stored for each minute. Zeros follow from the tables that exist; a gauge is a list of
the times when its value changed. A value is recorded when it can be read: after each call of the
control plane, whenever alarms are evaluated, and when metrics are read.
"""

from __future__ import annotations

from bisect import bisect_right
from typing import TYPE_CHECKING, NamedTuple

from ddbmock._internal import limits
from ddbmock._internal.companions.metrics.catalog import (
    CONSUMED_READ,
    CONSUMED_WRITE,
    GAUGE_SECONDS,
    GAUGES,
    IDLE_ZEROS,
    INDEX,
    MINUTE_SECONDS,
    PROVISIONED_READ,
    PROVISIONED_WRITE,
    TABLE,
    SeriesId,
)
from ddbmock._internal.companions.metrics.series import ONE_ZERO, Samples
from ddbmock._internal.engine.settings import PROVISIONED

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ddbmock._internal.engine.backend import Region
    from ddbmock._internal.engine.settings import IndexSettings, TableSettings
    from ddbmock._internal.engine.table import Table

_SOURCE = "Source"
_MINUTES_APART = GAUGE_SECONDS // MINUTE_SECONDS
_ACCOUNT = {
    SeriesId.of("AccountMaxReads"): limits.ACCOUNT_READ_UNITS_QUOTA,
    SeriesId.of("AccountMaxWrites"): limits.ACCOUNT_WRITE_UNITS_QUOTA,
}


class Level(NamedTuple):
    """The value of a gauge from a time on; None if it has none."""

    since: float
    value: float | None


class Background:
    """The zeros and gauges of one region."""

    __slots__ = ("_levels", "_region", "changes")

    def __init__(self, region: Region) -> None:
        self._region = region
        self._levels: dict[SeriesId, list[Level]] = {}
        #: How often a gauge has changed.
        self.changes: int = 0

    def note(self, now: float) -> bool:
        """Record the values of gauges; return whether one has changed."""
        has_changed = False
        current = dict(self._current())
        for series, (since, value) in current.items():
            levels = self._levels.setdefault(series, [])
            if not levels:
                levels.append(Level(since, value))
                has_changed = True
            elif levels[-1].value != value:
                levels.append(Level(now, value))
                has_changed = True
        for series, levels in self._levels.items():
            if series not in current and levels[-1].value is not None:
                levels.append(Level(now, None))
                has_changed = True
        self.changes += has_changed
        return has_changed

    def _current(self) -> Iterator[tuple[SeriesId, tuple[float, float | None]]]:
        """Yield each gauge with the time when its first value was given, and its value."""
        for table in self._region.tables.values():
            settings = table.settings
            since = settings.created_at
            of_table = {TABLE: table.name}
            yield from _gauges(settings, settings, since, of_table)
            for name, index in settings.indexes.items():
                yield from _gauges(settings, index, since, {**of_table, INDEX: name})

    def at(self, series: SeriesId, minute: int) -> Samples | None:
        """Return a metric's value in a minute without calls; None if it has none.

        The current minute has no value yet.
        """
        if series.name in IDLE_ZEROS:
            return ONE_ZERO if self._is_idle(series, minute) else None
        if series.name not in GAUGES or minute % _MINUTES_APART:
            return None
        value = self._value_at(series, minute * MINUTE_SECONDS)
        if value is None:
            return None
        samples = Samples()
        samples.add(value)
        return samples

    def _is_idle(self, series: SeriesId, minute: int) -> bool:
        table = self._region.tables.get(series.dimension(TABLE) or "")
        if table is None or not _has_series(table, series):
            return False
        over_at = (minute + 1) * MINUTE_SECONDS
        created_at = table.settings.created_at
        return created_at < over_at <= self._region.backend.clock.seconds()

    def _value_at(self, series: SeriesId, at: float) -> float | None:
        now = self._region.backend.clock.seconds()
        if at > now:
            return None
        if series in _ACCOUNT:
            return float(_ACCOUNT[series])
        levels = self._levels.get(series, [])
        position = bisect_right(levels, at, key=lambda level: level.since)
        return levels[position - 1].value if position else None

    def is_changing(self, series: SeriesId, start: float) -> bool:
        """Return whether a metric's value without calls may have changed since a time."""
        if series.name in IDLE_ZEROS:
            table = self._region.tables.get(series.dimension(TABLE) or "")
            return table is not None and table.settings.created_at + MINUTE_SECONDS > start
        levels = self._levels.get(series)
        return levels is not None and levels[-1].since > start

    def ids(self) -> Iterator[SeriesId]:
        """Yield the metrics that have values without calls."""
        yield from _ACCOUNT
        for series, levels in self._levels.items():
            if any(level.value is not None for level in levels):
                yield series
        for table in self._region.tables.values():
            yield from _idle_series(table)


def _gauges(
    table: TableSettings, source: TableSettings | IndexSettings, since: float, place: dict[str, str]
) -> Iterator[tuple[SeriesId, tuple[float, float | None]]]:
    is_provisioned = table.billing_mode == PROVISIONED
    throughput = source.throughput
    for name, units in (
        (PROVISIONED_READ, throughput.read_units),
        (PROVISIONED_WRITE, throughput.write_units),
    ):
        yield SeriesId.of(name, **place), (since, float(units) if is_provisioned else None)
    for name, member in (
        ("OnDemandMaxReadRequestUnits", "MaxReadRequestUnits"),
        ("OnDemandMaxWriteRequestUnits", "MaxWriteRequestUnits"),
    ):
        most = source.on_demand_throughput.get(member, -1)
        yield SeriesId.of(name, **place), (since, float(most) if most > 0 else None)


def _has_series(table: Table, series: SeriesId) -> bool:
    """Return whether a table publishes this consumption, when idle too."""
    index = series.dimension(INDEX)
    if index is not None and index not in table.settings.indexes:
        return False
    source = series.dimension(_SOURCE)
    if source is not None and (source != "Customer" or series.name != CONSUMED_WRITE):
        return False
    known = 1 + (index is not None) + (source is not None)
    return len(series.dimensions) == known


def _idle_series(table: Table) -> Iterator[SeriesId]:
    for place in ({}, *({INDEX: name} for name in table.settings.indexes)):
        dimensions = {TABLE: table.name, **place}
        yield SeriesId.of(CONSUMED_READ, **dimensions)
        yield SeriesId.of(CONSUMED_WRITE, **dimensions)
        yield SeriesId.of(CONSUMED_WRITE, **dimensions, **{_SOURCE: "Customer"})
