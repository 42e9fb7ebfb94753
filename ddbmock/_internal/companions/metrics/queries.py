"""Values of metric queries: statistics of metrics, and metric math.

https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/using-metric-math.html
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ddbmock._internal.companions.metrics import expressions
from ddbmock._internal.companions.metrics.catalog import SeriesId
from ddbmock._internal.companions.metrics.errors import CloudWatchValidationError
from ddbmock._internal.companions.metrics.expressions import Values
from ddbmock._internal.companions.metrics.statistics import Window, datapoints, statistic
from ddbmock._internal.messages import metrics as messages

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from ddbmock._internal.companions.metrics.series import Samples


def series_of(metric: Mapping[str, Any]) -> SeriesId:
    """Return the id of a Metric structure, or of the same members of another one."""
    dimensions = {each["Name"]: each["Value"] for each in metric.get("Dimensions", ())}
    return SeriesId.of(metric["MetricName"], metric.get("Namespace", ""), **dimensions)


def values_of(
    metric: Mapping[str, Any],
    samples_of: Callable[[SeriesId], Callable[[int], Samples | None]],
    window: Window,
) -> Values:
    """Return the values of a MetricStat structure."""
    period, name = metric["Period"], metric["Stat"]
    samples_at = samples_of(series_of(metric["Metric"]))
    points = datapoints(samples_at, window, period)
    return Values({point.at: statistic(point.samples, name) for point in points}, period)


def results(
    queries: Sequence[Mapping[str, Any]],
    samples_of: Callable[[SeriesId], Callable[[int], Samples | None]],
    window: Window,
) -> dict[str, Values]:
    """Return the values of each query by its id.

    Raises:
        CloudWatchValidationError: An expression is wrong, or refers to no query.
        UnsupportedError: An expression uses a function that ddbmock does not have.
    """
    by_id = {query["Id"]: query for query in queries}
    found: dict[str, Values] = {
        name: values_of(query["MetricStat"], samples_of, window)
        for name, query in by_id.items()
        if "MetricStat" in query
    }
    metrics = list(found.values())
    pending: set[str] = set()

    def resolve(name: str) -> Values:
        if name not in found:
            query = by_id.get(name)
            if query is None or name in pending or "Expression" not in query:
                raise CloudWatchValidationError(messages.metric_expression_wrong(name))
            pending.add(name)
            tree = expressions.parsed(query["Expression"])
            found[name] = expressions.evaluated(tree, resolve, metrics, window)
            pending.discard(name)
        return found[name]

    return {name: resolve(name) for name in by_id}
