"""The operations on alarms.

https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_PutMetricAlarm.html
"""

from __future__ import annotations

import json
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from ddbmock._internal.companions.metrics import alarm_transitions, pages
from ddbmock._internal.companions.metrics.alarm_plans import COMPARISONS
from ddbmock._internal.companions.metrics.alarms import alarms_of, put_alarm, remove_alarm
from ddbmock._internal.companions.metrics.catalog import DAY_SECONDS, HOUR_SECONDS, MINUTE_SECONDS
from ddbmock._internal.companions.metrics.errors import (
    AlarmNotFoundError,
    CloudWatchValidationError,
    InvalidFormatError,
    InvalidParameterCombinationError,
    InvalidParameterValueError,
    MissingParameterError,
)
from ddbmock._internal.companions.metrics.evaluation import TREATMENTS
from ddbmock._internal.companions.metrics.queries import series_of
from ddbmock._internal.companions.metrics.reading import check_queries
from ddbmock._internal.companions.metrics.rows import ROWS
from ddbmock._internal.companions.metrics.statistics import SIMPLE_STATISTICS, is_statistic
from ddbmock._internal.engine.alarms import ACTIONS_OF_STATE, Alarm, HistoryItem
from ddbmock._internal.errors import UnsupportedError
from ddbmock._internal.messages import metrics as messages

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ddbmock._internal.companions.metrics.cloudwatch import Metrics
    from ddbmock._internal.companions.operations import Parameters, Response
    from ddbmock._internal.engine.backend import Region

_PAGE_MOST = 100
_WEEK_SECONDS = 7 * DAY_SECONDS
_OF_ONE_METRIC = ("MetricName", "Namespace", "Statistic", "ExtendedStatistic", "Period")


@ROWS.operation(
    "PutMetricAlarm",
    *("AlarmName", "AlarmDescription", "ActionsEnabled", "OKActions", "AlarmActions"),
    *("InsufficientDataActions", *_OF_ONE_METRIC, "Dimensions", "Unit", "EvaluationPeriods"),
    *("DatapointsToAlarm", "Threshold", "ComparisonOperator", "TreatMissingData", "Metrics"),
    *("EvaluateLowSampleCountPercentile", "Tags"),
)
def put_metric_alarm(metrics: Metrics, region: Region, parameters: Parameters) -> Response:
    """Create an alarm, or replace the configuration of the one with its name."""
    _check(parameters)
    configuration = {**parameters, "Threshold": float(parameters["Threshold"])}
    metrics.of(region).background.note(metrics.backend.clock.seconds())
    put_alarm(region, configuration, metrics.backend.clock.seconds())
    metrics.schedule_evaluation()
    return {}


def _check(parameters: Parameters) -> None:
    for name in ("EvaluationPeriods", "ComparisonOperator", "Threshold"):
        if name not in parameters:
            raise MissingParameterError(messages.cloudwatch_missing(name))
    if parameters["ComparisonOperator"] not in COMPARISONS:
        what = f"the comparison {parameters['ComparisonOperator']}"
        raise UnsupportedError(messages.unsupported_of_cloudwatch(what))
    treatment = parameters.get("TreatMissingData")
    if treatment is not None and treatment not in TREATMENTS:
        text = messages.cloudwatch_wrong_value("TreatMissingData", treatment)
        raise InvalidParameterValueError(text)
    if parameters.get("DatapointsToAlarm", 1) > parameters["EvaluationPeriods"]:
        text = messages.ALARM_NEEDS_MORE_PERIODS
        raise CloudWatchValidationError(text)
    if ("Metrics" in parameters) is ("MetricName" in parameters):
        raise InvalidParameterCombinationError(messages.ALARM_NEEDS_METRIC)
    if "Metrics" in parameters:
        _check_metrics(parameters)
    else:
        _check_metric(parameters)
    _check_length(parameters)


def _check_length(parameters: Parameters) -> None:
    """Check the length of an alarm's evaluation range.

    Periods under an hour are for a day at most, others for a week.
    """
    queries = parameters.get("Metrics", [])
    periods = [
        parameters.get("Period", 0),
        *(query.get("Period", 0) for query in queries),
        *(query.get("MetricStat", {}).get("Period", 0) for query in queries),
    ]
    period = max(periods)
    seconds = period * parameters["EvaluationPeriods"]
    if period < HOUR_SECONDS and seconds > DAY_SECONDS:
        raise CloudWatchValidationError(messages.ALARM_LOOKS_BACK_MORE_THAN_A_DAY)
    if seconds > _WEEK_SECONDS:
        raise CloudWatchValidationError(messages.ALARM_LOOKS_BACK_MORE_THAN_A_WEEK)


def _check_metrics(parameters: Parameters) -> None:
    if any(name in parameters for name in _OF_ONE_METRIC):
        raise InvalidParameterCombinationError(messages.ALARM_NEEDS_METRIC)
    check_queries(parameters["Metrics"])
    if sum(query.get("ReturnData", True) for query in parameters["Metrics"]) != 1:
        raise CloudWatchValidationError(messages.ALARM_NEEDS_ONE_RESULT)


def _check_metric(parameters: Parameters) -> None:
    for name in ("Namespace", "Period"):
        if name not in parameters:
            raise MissingParameterError(messages.cloudwatch_missing(name))
    if ("Statistic" in parameters) is ("ExtendedStatistic" in parameters):
        raise InvalidParameterCombinationError(messages.ALARM_NEEDS_STATISTIC)
    extended = parameters.get("ExtendedStatistic", "p50")
    if extended in SIMPLE_STATISTICS or not is_statistic(extended):
        text = messages.cloudwatch_wrong_value("ExtendedStatistic", extended)
        raise InvalidParameterValueError(text)
    if parameters["Period"] % MINUTE_SECONDS:
        text = messages.cloudwatch_wrong_period(parameters["Period"])
        raise InvalidParameterValueError(text)


@ROWS.operation(
    "DescribeAlarms",
    *("AlarmNames", "AlarmNamePrefix", "AlarmTypes", "StateValue", "ActionPrefix", "MaxRecords"),
    "NextToken",
)
def describe_alarms(_metrics: Metrics, region: Region, parameters: Parameters) -> Response:
    """Return alarms by name, in the order of their names."""
    names = parameters.get("AlarmNames")
    prefix = parameters.get("AlarmNamePrefix", "")
    if names and prefix:
        raise InvalidParameterCombinationError(messages.ALARM_NAMES_OR_PREFIX)
    if "MetricAlarm" not in parameters.get("AlarmTypes", ("MetricAlarm",)):
        return {"MetricAlarms": [], "CompositeAlarms": []}
    actions = parameters.get("ActionPrefix", "")
    selected = [
        alarm.described()
        for name, alarm in alarms_of(region).items()
        if (not names or name in names)
        and name.startswith(prefix)
        and parameters.get("StateValue") in {None, alarm.state.value}
        and (not actions or _has_action(alarm, actions))
    ]
    most = parameters.get("MaxRecords", _PAGE_MOST)
    page, token = pages.page(selected, parameters.get("NextToken"), most)
    return {"MetricAlarms": page, "CompositeAlarms": [], **token}


def _has_action(alarm: Alarm, prefix: str) -> bool:
    return any(
        action.startswith(prefix) for state in ACTIONS_OF_STATE for action in alarm.actions(state)
    )


@ROWS.operation(
    "DescribeAlarmsForMetric",
    *("MetricName", "Namespace", "Statistic", "ExtendedStatistic", "Dimensions", "Period", "Unit"),
)
def describe_alarms_for_metric(
    _metrics: Metrics, region: Region, parameters: Parameters
) -> Response:
    """Return the alarms on exactly this metric."""
    series = series_of(parameters)
    members = ("Statistic", "ExtendedStatistic", "Period", "Unit")
    selected = [
        alarm.described()
        for alarm in alarms_of(region).values()
        if "MetricName" in alarm.configuration
        and series_of(alarm.configuration) == series
        and all(parameters.get(name) in {None, alarm.configuration.get(name)} for name in members)
    ]
    return {"MetricAlarms": selected}


@ROWS.operation(
    "DescribeAlarmHistory",
    *("AlarmName", "AlarmTypes", "HistoryItemType", "StartDate", "EndDate", "MaxRecords"),
    *("NextToken", "ScanBy"),
)
def describe_alarm_history(_metrics: Metrics, region: Region, parameters: Parameters) -> Response:
    """Return the history of alarms, newest first."""
    start, end = parameters.get("StartDate", 0.0), parameters.get("EndDate", float("inf"))
    items = [
        item.described()
        for item in region.store.of(HistoryItem).records.values()
        if parameters.get("AlarmName") in {None, item.alarm_name}
        and parameters.get("HistoryItemType") in {None, item.kind}
        and start <= item.at <= end
    ]
    if parameters.get("ScanBy", "TimestampDescending") == "TimestampDescending":
        items.reverse()
    most = parameters.get("MaxRecords", _PAGE_MOST)
    page, token = pages.page(items, parameters.get("NextToken"), most)
    return {"AlarmHistoryItems": page, **token}


@ROWS.operation("SetAlarmState", "AlarmName", "StateValue", "StateReason", "StateReasonData")
def set_alarm_state(metrics: Metrics, region: Region, parameters: Parameters) -> Response:
    """Set an alarm's state until its next evaluation, and execute its actions."""
    alarm = _alarm(region, parameters["AlarmName"])
    state = parameters["StateValue"]
    data = parameters.get("StateReasonData", "")
    _check_json(data)
    if state != alarm.state.value:
        now, reason = metrics.backend.clock.seconds(), parameters["StateReason"]
        alarm = alarm_transitions.change_state(metrics, region, alarm, state, reason, data, now)
        for action in alarm.actions(state) if alarm.actions_enabled else ():
            metrics.execute_action(region, alarm.name, action, now)
    metrics.schedule_evaluation()
    return {}


def _check_json(text: str) -> None:
    try:
        if text:
            json.loads(text)
    except ValueError:
        raise InvalidFormatError(messages.CLOUDWATCH_STATE_DATA_IS_NO_JSON) from None


def _alarm(region: Region, name: str) -> Alarm:
    alarm = alarms_of(region).get(name)
    if alarm is None:
        raise AlarmNotFoundError(messages.alarm_not_found(name))
    return alarm


@ROWS.operation("DeleteAlarms", "AlarmNames")
def delete_alarms(metrics: Metrics, region: Region, parameters: Parameters) -> Response:
    """Delete the alarms that have these names."""
    now = metrics.backend.clock.seconds()
    for name in parameters["AlarmNames"]:
        if name in alarms_of(region):
            remove_alarm(region, name, now)
    return {}


def _enable(metrics: Metrics, region: Region, names: Any, *, enabled: bool) -> Response:
    for name in names:
        alarm = alarms_of(region).get(name)
        if alarm is not None:
            configuration: Mapping[str, Any] = {**alarm.configuration, "ActionsEnabled": enabled}
            changed = replace(alarm, configuration=configuration)
            region.store.of(Alarm).put(name, changed)
    metrics.schedule_evaluation()
    return {}


@ROWS.operation("EnableAlarmActions", "AlarmNames")
def enable_alarm_actions(metrics: Metrics, region: Region, parameters: Parameters) -> Response:
    """Enable the actions of alarms."""
    return _enable(metrics, region, parameters["AlarmNames"], enabled=True)


@ROWS.operation("DisableAlarmActions", "AlarmNames")
def disable_alarm_actions(metrics: Metrics, region: Region, parameters: Parameters) -> Response:
    """Disable the actions of alarms."""
    return _enable(metrics, region, parameters["AlarmNames"], enabled=False)
