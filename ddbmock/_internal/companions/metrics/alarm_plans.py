"""The plan of an alarm, derived from its configuration: its rule, its period and its metrics."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from ddbmock._internal.companions.metrics.catalog import DYNAMODB, MINUTE_SECONDS
from ddbmock._internal.companions.metrics.evaluation import IGNORE, MISSING, Rule
from ddbmock._internal.companions.metrics.queries import series_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from ddbmock._internal.companions.metrics.catalog import SeriesId

_COMPARE: dict[str, Callable[[float, float], bool]] = {
    "GreaterThanOrEqualToThreshold": lambda value, threshold: value >= threshold,
    "GreaterThanThreshold": lambda value, threshold: value > threshold,
    "LessThanThreshold": lambda value, threshold: value < threshold,
    "LessThanOrEqualToThreshold": lambda value, threshold: value <= threshold,
}
COMPARISONS = frozenset(_COMPARE)


class Plan(NamedTuple):
    """How an alarm is evaluated."""

    rule: Rule
    period: int
    series: tuple[SeriesId, ...]
    compare: Callable[[float, float], bool]
    threshold: float


def plan_of(configuration: Mapping[str, Any]) -> Plan:
    """Return the plan for a configuration."""
    return Plan(
        rule_of(configuration),
        period_of(configuration),
        tuple(series_ids(configuration)),
        _COMPARE[configuration["ComparisonOperator"]],
        configuration["Threshold"],
    )


def rule_of(configuration: Mapping[str, Any]) -> Rule:
    """Return the rule of an alarm: how many datapoints must breach."""
    evaluated = configuration["EvaluationPeriods"]
    of_dynamodb = all(series.namespace == DYNAMODB for series in series_ids(configuration))
    # Alarms on DynamoDB's metrics keep their state when data is missing, unless they say otherwise.
    default = IGNORE if of_dynamodb else MISSING
    treatment = configuration.get("TreatMissingData", default)
    return Rule(configuration.get("DatapointsToAlarm", evaluated), evaluated, treatment)


def series_ids(configuration: Mapping[str, Any]) -> Iterator[SeriesId]:
    """Yield the metrics that an alarm watches."""
    if "MetricName" in configuration:
        yield series_of(configuration)
    for query in configuration.get("Metrics", ()):
        if "MetricStat" in query:
            yield series_of(query["MetricStat"]["Metric"])


def period_of(configuration: Mapping[str, Any]) -> int:
    """Return the period of an alarm in seconds."""
    if "Period" in configuration:
        return int(configuration["Period"])
    stats = (query["MetricStat"] for query in configuration["Metrics"] if "MetricStat" in query)
    return next((int(stat["Period"]) for stat in stats), MINUTE_SECONDS)


def statistic_of(configuration: Mapping[str, Any]) -> str:
    """Return the statistic of an alarm that watches one metric."""
    name: str = configuration.get("Statistic") or configuration["ExtendedStatistic"]
    return name
