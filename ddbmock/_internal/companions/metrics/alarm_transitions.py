"""The evaluation of an alarm: its datapoints, its new state, and the actions of that state."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple, Protocol

from ddbmock._internal.companions.metrics.alarm_plans import statistic_of
from ddbmock._internal.companions.metrics.alarms import (
    AlarmEvent,
    add_history,
    alarms_of,
    data_time,
    put_state,
    reason_data,
)
from ddbmock._internal.companions.metrics.catalog import (
    DAY_SECONDS,
    HOUR_SECONDS,
    MINUTE_SECONDS,
)
from ddbmock._internal.companions.metrics.evaluation import (
    ALARM,
    INSUFFICIENT_DATA,
    Rule,
    next_state,
    range_length,
)
from ddbmock._internal.companions.metrics.queries import results
from ddbmock._internal.companions.metrics.statistics import Window, statistic, together
from ddbmock._internal.engine.alarms import ACTION, Alarm, State
from ddbmock._internal.messages import metrics as messages
from ddbmock._internal.times import utc

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from ddbmock._internal.companions.metrics.alarm_plans import Plan
    from ddbmock._internal.companions.metrics.region_metrics import RegionMetrics
    from ddbmock._internal.engine.backend import Region


class Point(NamedTuple):
    """One period of the range: its beginning, its value and how many samples it has."""

    at: float
    value: float | None
    sample_count: int = 0


class Actions(Protocol):
    """Executes the actions of alarms."""

    def execute_action(self, region: Region, alarm_name: str, action: str, at: float) -> bool:
        """Execute an action; return whether to repeat it while the state lasts."""

    def report(self, event: AlarmEvent) -> None:
        """Report a change of state."""


def evaluate(actions: Actions, metrics: RegionMetrics, name: str, now: float) -> bool:
    """Evaluate an alarm at the beginning of a minute.

    Returns:
        Whether the next evaluation may differ even if nothing is called in between.
    """
    region = metrics.region
    alarm = alarms_of(region).get(name)
    if alarm is None:
        return False
    plan = metrics.plan_of(alarm)
    rule = plan.rule
    if rule.evaluated * plan.period > DAY_SECONDS and now % HOUR_SECONDS:
        return True
    points = _points(metrics, alarm.configuration, plan, now)
    compare, threshold = plan.compare, plan.threshold
    breaches = [
        None if point.value is None else compare(point.value, threshold) for point in points
    ]
    state = next_state(breaches, rule, alarm.state.value)
    is_changed = state != alarm.state.value
    if is_changed:
        evaluation = _Evaluation(alarm.configuration, rule, plan.period, points, breaches, now)
        alarm = change_state(
            actions, region, alarm, state, evaluation.reason(state),
            evaluation.reason_data(), now,
        )  # fmt: skip
    may_act = _repeat_actions(actions, region, alarm, now, is_new=is_changed)
    start = points[0].at
    is_steady = all(metrics.is_steady(series, start) for series in plan.series)
    return is_changed or may_act or not is_steady


def change_state(  # noqa: PLR0913, PLR0917 (what a state is made of)
    actions: Actions,
    region: Region,
    alarm: Alarm,
    value: str,
    reason: str,
    data: str,
    now: float,
) -> Alarm:
    """Change an alarm's state, and execute the actions of the new state."""
    old = alarm.state.value
    alarm = put_state(region, alarm, State(value, reason, data, now, now))
    executed: tuple[str, ...] = ()
    if alarm.actions_enabled:
        executed = tuple(alarm.actions(value))
        for action in executed:
            add_history(
                region, alarm.name, ACTION, f"Successfully executed action {action}", now,
                {"actionState": "Succeeded", "stateUpdateTimestamp": int(now * 1000),
                 "notificationResource": action},
            )  # fmt: skip
    actions.report(
        AlarmEvent(
            alarm.name, old, value, reason, now, region.name, executed,
            {"AlarmName": alarm.name, **alarm.configuration},
        )
    )  # fmt: skip
    return alarm


def _repeat_actions(
    actions: Actions, region: Region, alarm: Alarm, now: float, *, is_new: bool
) -> bool:
    """Execute the actions that are repeated each minute, such as scaling policies."""
    if not alarm.actions_enabled:
        return False
    may_act = False
    for action in alarm.actions(alarm.state.value):
        if is_new or alarm.state.value == ALARM:
            may_act |= actions.execute_action(region, alarm.name, action, now)
    return may_act


def _points(
    metrics: RegionMetrics, configuration: Mapping[str, Any], plan: Plan, now: float
) -> Sequence[Point]:
    """Return the periods of the range, oldest first."""
    length, period = range_length(plan.rule.evaluated), plan.period
    start = now - length * period
    if "Metrics" in configuration:
        queries = configuration["Metrics"]
        (returned,) = [query for query in queries if query.get("ReturnData", True)]
        values = results(queries, metrics.samples_of, Window(start, now))[returned["Id"]].by_time
        times = [start + at * period for at in range(length)]
        return [Point(at, values.get(at), int(at in values)) for at in times]
    samples_at, name = metrics.samples_of(plan.series[0]), statistic_of(configuration)
    first, minutes = int(start // MINUTE_SECONDS), max(1, period // MINUTE_SECONDS)
    points = []
    for beginning in range(first, first + length * minutes, minutes):
        samples = together(samples_at, range(beginning, beginning + minutes))
        at = float(beginning * MINUTE_SECONDS)
        if samples is None:
            points.append(Point(at, None))
        else:
            points.append(Point(at, statistic(samples, name), samples.count))
    return points


class _Evaluation(NamedTuple):
    """An evaluation, for the reason of the state."""

    configuration: Mapping[str, Any]
    rule: Rule
    period: int
    points: Sequence[Point]
    breaches: Sequence[bool | None]
    now: float

    def reason(self, new: str) -> str:
        if new == INSUFFICIENT_DATA:
            return messages.alarm_insufficient_data(self.rule.evaluated)
        used = self._used()
        if not used:
            treated = self.rule.treat_missing
            return messages.alarm_missing_treated(
                self.rule.evaluated, treated[0].upper() + treated[1:]
            )
        breaching = new == ALARM
        named = [point for point, breaches in used if breaches is breaching]
        to_alarm = self.rule.to_alarm
        return messages.alarm_threshold_crossed(
            [(point.value or 0.0, f"{utc(point.at):%d/%m/%y %H:%M:%S}") for point in named],
            self.rule.evaluated,
            self.configuration["ComparisonOperator"],
            float(self.configuration["Threshold"]),
            breaching=breaching,
            to_alarm=to_alarm if breaching else self.rule.evaluated - to_alarm + 1,
            transition="OK -> ALARM" if breaching else "ALARM -> OK",
        )

    def _used(self) -> list[tuple[Point, bool]]:
        """Return the points that decide, newest first."""
        real = [
            (point, breaches)
            for point, breaches in zip(self.points, self.breaches, strict=True)
            if breaches is not None
        ]
        return real[-self.rule.evaluated :][::-1]

    def reason_data(self) -> str:
        used = [point for point, _ in self._used()]
        members: dict[str, Any] = {"queryDate": data_time(self.now)}
        if used:
            members["startDate"] = data_time(used[-1].at)
        if "MetricName" in self.configuration:
            members["statistic"] = statistic_of(self.configuration)
        members |= {
            "period": self.period,
            "recentDatapoints": [point.value for point in reversed(used)],
            "threshold": float(self.configuration["Threshold"]),
            "evaluatedDatapoints": [
                {
                    "timestamp": data_time(point.at),
                    "sampleCount": float(point.sample_count),
                    "value": point.value,
                }
                for point in used
            ],
        }
        return reason_data(**members)
