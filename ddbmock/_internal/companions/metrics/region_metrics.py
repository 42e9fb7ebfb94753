"""The metrics of one region, and which of its alarms may change without calls."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ddbmock._internal.companions.metrics.alarm_plans import Plan, plan_of
from ddbmock._internal.companions.metrics.alarms import alarms_of
from ddbmock._internal.companions.metrics.background import Background
from ddbmock._internal.companions.metrics.catalog import MINUTE_SECONDS, SeriesId
from ddbmock._internal.companions.metrics.series import Samples, Series

if TYPE_CHECKING:
    from collections.abc import Callable

    from ddbmock._internal.engine.alarms import Alarm
    from ddbmock._internal.engine.backend import Region


class RegionMetrics:
    """The metrics of one region."""

    def __init__(self, region: Region) -> None:
        self.region = region
        self.series: Series = Series(region.backend)
        self.background: Background = Background(region)
        self._plans: dict[str, tuple[object, Plan]] = {}
        #: Alarms that cannot change without calls -> what was known of them then.
        self._settled: dict[str, tuple[object, ...]] = {}

    def plan_of(self, alarm: Alarm) -> Plan:
        """Return the plan of an alarm."""
        known = self._plans.get(alarm.name)
        if known is None or known[0] is not alarm.configuration:
            known = alarm.configuration, plan_of(alarm.configuration)
            self._plans[alarm.name] = known
        return known[1]

    def is_settled(self, alarm: Alarm) -> bool:
        """Return whether nothing has changed since an alarm was settled."""
        return self._settled.get(alarm.name) == self._known_of(alarm)

    def settle(self, name: str, *, is_settled: bool) -> None:
        """Store whether an alarm cannot change without calls."""
        alarm = alarms_of(self.region).get(name)
        if is_settled and alarm is not None:
            self._settled[name] = self._known_of(alarm)
        else:
            self._settled.pop(name, None)

    def _known_of(self, alarm: Alarm) -> tuple[object, ...]:
        added = self.series.added
        counts = [added(series) for series in self.plan_of(alarm).series]
        return (alarm, self.background.changes, *counts)

    def samples_of(self, series: SeriesId) -> Callable[[int], Samples | None]:
        """Return the function that returns the samples of a minute, counted from the epoch."""
        at, without_calls = self.series.at, self.background.at

        def samples(minute: int) -> Samples | None:
            return at(series, minute) or without_calls(series, minute)

        return samples

    def is_steady(self, series: SeriesId, start: float) -> bool:
        """Return whether a metric has been constant since a time, and stays so without calls."""
        newest = self.series.newest_minute(series)
        has_samples = newest is not None and (newest + 1) * MINUTE_SECONDS > start
        return not has_samples and not self.background.is_changing(series, start)

    def ids(self) -> list[SeriesId]:
        """Return the metrics that exist."""
        return sorted({*self.series.ids(), *self.background.ids()})
