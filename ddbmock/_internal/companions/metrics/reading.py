"""ListMetrics, GetMetricStatistics, GetMetricData and PutMetricData.

https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_GetMetricData.html
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from ddbmock._internal.companions.metrics import pages
from ddbmock._internal.companions.metrics.catalog import (
    DAX,
    DYNAMODB,
    MINUTE_SECONDS,
    SeriesId,
    unit_of,
)
from ddbmock._internal.companions.metrics.errors import (
    CloudWatchValidationError,
    InvalidParameterCombinationError,
    InvalidParameterValueError,
    MissingParameterError,
)
from ddbmock._internal.companions.metrics.queries import results, series_of
from ddbmock._internal.companions.metrics.rows import ROWS
from ddbmock._internal.companions.metrics.statistics import (
    SIMPLE_STATISTICS,
    Window,
    datapoints,
    is_statistic,
    statistic,
)
from ddbmock._internal.messages import metrics as messages
from ddbmock._internal.times import utc

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from ddbmock._internal.companions.metrics.cloudwatch import Metrics
    from ddbmock._internal.companions.operations import Parameters, Response
    from ddbmock._internal.engine.backend import Region

_LISTED_MOST = 500
#: Metrics without values for this long are not listed.
_LISTED_SECONDS = 14 * 86_400
_QUERY_ID = re.compile("[a-z][a-zA-Z0-9_]*")
_POINTS_MOST = 1_440
_VALUES_MOST = 100_800


@ROWS.operation(
    "ListMetrics",
    *("Namespace", "MetricName", "Dimensions", "NextToken", "RecentlyActive"),
    "IncludeLinkedAccounts",
)
def list_metrics(metrics: Metrics, region: Region, parameters: Parameters) -> Response:
    """List the metrics that had values in the last two weeks."""
    now = metrics.backend.clock.seconds()
    of_region = metrics.of(region)
    of_region.background.note(now)
    wanted = parameters.get("Dimensions", ())
    found = []
    for series in of_region.ids():
        newest = of_region.series.newest_minute(series)
        if newest is not None and newest * MINUTE_SECONDS < now - _LISTED_SECONDS:
            continue
        if _is_selected(series, parameters, wanted):
            found.append(_described(series))
    page, token = pages.page(found, parameters.get("NextToken"), _LISTED_MOST)
    return {"Metrics": page, "OwningAccounts": [], **token} if token else {"Metrics": page}


def _is_selected(
    series: SeriesId, parameters: Parameters, wanted: Sequence[Mapping[str, str]]
) -> bool:
    return (
        parameters.get("Namespace") in {None, series.namespace}
        and parameters.get("MetricName") in {None, series.name}
        and all(
            series.dimension(each["Name"]) is not None
            and each.get("Value") in {None, series.dimension(each["Name"])}
            for each in wanted
        )
    )


def _described(series: SeriesId) -> dict[str, Any]:
    return {
        "Namespace": series.namespace,
        "MetricName": series.name,
        "Dimensions": [{"Name": name, "Value": value} for name, value in series.dimensions],
    }


@ROWS.operation(
    "GetMetricStatistics",
    *("Namespace", "MetricName", "Dimensions", "StartTime", "EndTime", "Period", "Statistics"),
    *("ExtendedStatistics", "Unit"),
)
def get_metric_statistics(metrics: Metrics, region: Region, parameters: Parameters) -> Response:
    """Return the statistics of one metric for each period that has samples."""
    period = parameters["Period"]
    if period % MINUTE_SECONDS:
        raise InvalidParameterValueError(messages.cloudwatch_wrong_period(period))
    simple, extended = parameters.get("Statistics", ()), parameters.get("ExtendedStatistics", ())
    if not simple and not extended:
        raise MissingParameterError(messages.cloudwatch_missing("Statistics"))
    if simple and extended:
        raise InvalidParameterCombinationError(messages.CLOUDWATCH_STATISTICS_OF_BOTH_KINDS)
    for name in (*simple, *extended):
        if not is_statistic(name) or (name in simple) is not (name in SIMPLE_STATISTICS):
            raise InvalidParameterValueError(messages.cloudwatch_wrong_value("Statistics", name))
    window = _window(parameters["StartTime"], parameters["EndTime"])
    count = int((window.end - window.start) // period)
    if count > _POINTS_MOST:
        text = messages.cloudwatch_too_many_points(count, _POINTS_MOST)
        raise InvalidParameterCombinationError(text)
    metrics.of(region).background.note(metrics.backend.clock.seconds())
    series = series_of(parameters)
    unit = unit_of(series)
    points: list[dict[str, Any]] = []
    if parameters.get("Unit") in {None, unit}:
        samples_at = metrics.of(region).samples_of(series)
        for point in datapoints(samples_at, window, period):
            row: dict[str, Any] = {"Timestamp": utc(point.at)}
            row |= {name: statistic(point.samples, name) for name in simple}
            row["Unit"] = unit
            if extended:
                values = {name: statistic(point.samples, name) for name in extended}
                row["ExtendedStatistics"] = values
            points.append(row)
    return {"Label": parameters["MetricName"], "Datapoints": points}


def _window(start: float, end: float) -> Window:
    if start >= end:
        raise InvalidParameterValueError(messages.CLOUDWATCH_START_AFTER_END)
    return Window(start // MINUTE_SECONDS * MINUTE_SECONDS, end)


@ROWS.operation(
    "GetMetricData",
    *("MetricDataQueries", "StartTime", "EndTime", "NextToken", "ScanBy", "MaxDatapoints"),
    "LabelOptions",
)
def get_metric_data(metrics: Metrics, region: Region, parameters: Parameters) -> Response:
    """Return the values of metrics and of expressions of them."""
    queries = parameters["MetricDataQueries"]
    check_queries(queries)
    window = _window(parameters["StartTime"], parameters["EndTime"])
    period = max((_period(query) for query in queries), default=MINUTE_SECONDS)
    # Periods begin at multiples of themselves here.
    window = Window(window.start // period * period, window.end)
    of_region = metrics.of(region)
    of_region.background.note(metrics.backend.clock.seconds())
    values = results(queries, of_region.samples_of, window)
    newest_first = parameters.get("ScanBy", "TimestampDescending") == "TimestampDescending"
    labels = _labels(queries)
    most, listed = parameters.get("MaxDatapoints", _VALUES_MOST), []
    for query in queries:
        if not query.get("ReturnData", True):
            continue
        rows = sorted(values[query["Id"]].by_time.items(), reverse=newest_first)[:most]
        listed.append({
            "Id": query["Id"],
            "Label": labels[query["Id"]],
            "Timestamps": [utc(at) for at, _ in rows],
            "Values": [value for _, value in rows],
            "StatusCode": "Complete",
        })  # fmt: skip
    return {"MetricDataResults": listed, "Messages": []}


def _period(query: Mapping[str, Any]) -> int:
    period: int = query.get("MetricStat", query).get("Period", MINUTE_SECONDS)
    return period


def check_queries(queries: Sequence[Mapping[str, Any]]) -> None:
    """Check metric queries, of GetMetricData or of an alarm.

    Raises:
        CloudWatchValidationError: One is wrong.
    """
    ids = [query["Id"] for query in queries]
    for number, query_id in enumerate(ids, start=1):
        if not _QUERY_ID.fullmatch(query_id):
            text = messages.metric_query_id_wrong(query_id, number, _QUERY_ID.pattern)
            raise CloudWatchValidationError(text)
    if len(set(ids)) < len(ids):
        raise CloudWatchValidationError(messages.METRIC_QUERY_IDS_REPEAT)
    for query in queries:
        if ("MetricStat" in query) is ("Expression" in query):
            raise CloudWatchValidationError(messages.metric_query_is_neither(query["Id"]))
        if "MetricStat" in query:
            stat = query["MetricStat"]
            if not is_statistic(stat["Stat"]):
                text = messages.cloudwatch_wrong_value("Stat", stat["Stat"])
                raise CloudWatchValidationError(text)
            if stat["Period"] % MINUTE_SECONDS:
                raise CloudWatchValidationError(messages.cloudwatch_wrong_period(stat["Period"]))


def _labels(queries: Sequence[Mapping[str, Any]]) -> dict[str, str]:
    """Return the label of each query: the given one, or what distinguishes its metric."""
    stats = {
        query["Id"]: series_of(query["MetricStat"]["Metric"])
        for query in queries
        if "MetricStat" in query and "Label" not in query
    }
    labels: dict[str, str] = {}
    for query in queries:
        name = query["Id"]
        if name not in stats:
            labels[name] = query.get("Label", query["Id"])
            continue
        same = [series for series in stats.values() if series.name == stats[name].name]
        if len(same) == 1:
            labels[name] = stats[name].name
        else:
            labels[name] = " ".join(value for _, value in stats[name].dimensions)
    return labels


@ROWS.operation("PutMetricData", "Namespace", "MetricData")
def put_metric_data(_metrics: Metrics, _region: Region, parameters: Parameters) -> Response:
    """Refuse values for the namespaces of the service itself."""
    if parameters["Namespace"] in {DYNAMODB, DAX}:
        raise InvalidParameterValueError(messages.CLOUDWATCH_RESERVED_NAMESPACE)
    raise AssertionError(parameters)  # of other namespaces: not answered here
