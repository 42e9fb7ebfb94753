"""Texts of CloudWatch: https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/.

Those of validation are as people report them; the states' reasons are documented for alarms:
https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/alarm-evaluation.html
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

ALARM_CREATED = "Unchecked: Initial alarm creation"
#: Comparison operator of an alarm -> how reasons spell it.
COMPARISONS = {
    "GreaterThanOrEqualToThreshold": "greater than or equal to",
    "GreaterThanThreshold": "greater than",
    "LessThanThreshold": "less than",
    "LessThanOrEqualToThreshold": "less than or equal to",
}


def alarm_threshold_crossed(  # noqa: PLR0913 (what the sentence varies by)
    points: Sequence[tuple[float, str]],
    evaluated: int,
    comparison: str,
    threshold: float,
    *,
    breaching: bool,
    to_alarm: int,
    transition: str,
) -> str:
    listed = ", ".join(f"{value} ({at})" for value, at in points)
    verb = "was" if len(points) == 1 else "were"
    verb = verb if breaching else f"{verb} not"
    tail = f"{verb} {COMPARISONS[comparison]} the threshold ({threshold})"
    if evaluated == 1:
        return f"Threshold Crossed: 1 datapoint [{listed}] {tail}."
    least = f"{to_alarm} datapoint{'' if to_alarm == 1 else 's'}"
    return (
        f"Threshold Crossed: {len(points)} out of the last {evaluated} datapoints [{listed}]"
        f" {tail} (minimum {least} for {transition} transition)."
    )


def alarm_missing_treated(periods: int, treated_as: str) -> str:
    period = f"{periods} period{'' if periods == 1 else 's'}"
    points = f"{periods} missing datapoint{' was' if periods == 1 else 's were'}"
    return (
        f"Threshold Crossed: no datapoints were received for {period} and {points} treated as"
        f" [{treated_as}]."
    )


def alarm_insufficient_data(periods: int) -> str:
    if periods == 1:
        return "Insufficient Data: 1 datapoint was unknown."
    return f"Insufficient Data: {periods} datapoints were unknown."


ALARM_NEEDS_METRIC = (
    "Either a metric name or a list of metric data queries (Metrics) must be specified, not both"
)
ALARM_NEEDS_STATISTIC = "Either Statistic or ExtendedStatistic must be specified, not both"
ALARM_NEEDS_MORE_PERIODS = "DatapointsToAlarm must be less than or equal to EvaluationPeriods"
ALARM_LOOKS_BACK_MORE_THAN_A_DAY = (
    "Metrics cannot be checked across more than a day (EvaluationPeriods * Period must be <= 86400)"
    " for alarms using period < 3600"
)
ALARM_LOOKS_BACK_MORE_THAN_A_WEEK = (
    "Metrics cannot be checked across more than a week (EvaluationPeriods * Period must be <="
    " 604800) for alarms using period >= 3600"
)
ALARM_NEEDS_ONE_RESULT = "Exactly one element of the metrics list should return data."
ALARM_NAMES_OR_PREFIX = "AlarmNamePrefix and AlarmNames must not be specified together"
CLOUDWATCH_STATISTICS_OF_BOTH_KINDS = (
    "Either Statistics or ExtendedStatistics must be specified, not both"
)
METRIC_QUERY_IDS_REPEAT = "The values for parameter id in MetricDataQueries are not unique."


def metric_query_id_wrong(query_id: str, number: int, pattern: str) -> str:
    return (
        f"The value {query_id} for parameter MetricDataQueries.member.{number}.Id is not matching"
        f" the expected pattern ^{pattern}$."
    )


def cloudwatch_missing(name: str) -> str:
    return f"The parameter {name} is required."


def cloudwatch_wrong_value(name: str, given: object) -> str:
    return f"The value {given} for parameter {name} is invalid."


CLOUDWATCH_START_AFTER_END = "The parameter StartTime must be less than the parameter EndTime."


def cloudwatch_wrong_period(given: object) -> str:
    return f"The parameter Period must be a multiple of 60, not {given}."


def cloudwatch_too_many_points(count: int, most: int) -> str:
    return (
        f"You have requested up to {count:,} datapoints, which exceeds the limit of {most:,}. You"
        " may reduce the datapoints requested by increasing Period, or decreasing the time range."
    )


def metric_query_is_neither(name: str) -> str:
    return f"Exactly one of MetricStat and Expression must be specified for the id {name}."


def alarm_not_found(name: str) -> str:
    return f"Alarm {name} does not exist"


CLOUDWATCH_STATE_DATA_IS_NO_JSON = "StateReasonData is not valid JSON"
CLOUDWATCH_RESERVED_NAMESPACE = "The value AWS/ for parameter Namespace is invalid."
CLOUDWATCH_INVALID_TOKEN = "Invalid token"  # noqa: S105


# --- ddbmock's own texts ---


def other_namespace(operation: str, namespace: str | None) -> str:
    named = "a metric without a namespace" if namespace is None else f"the namespace {namespace}"
    return (
        f"ddbmock does not support {operation} for {named}: it has the metrics of AWS/DynamoDB and"
        " AWS/DAX. With ddbmock.beside.mock_aws, moto answers the others"
    )


def unsupported_of_cloudwatch(feature: str) -> str:
    return f"ddbmock does not support {feature} of CloudWatch yet"


def companion_is_off(attribute: str, option: str) -> str:
    return f"ddb.{attribute} is there with mock_dynamodb({option}=True)"


def no_such_metric(name: str) -> str:
    return f"ddbmock knows no metric {name!r} in the namespaces AWS/DynamoDB and AWS/DAX"


def not_an_alarm_handler(given: object) -> str:
    return f"a function that takes an alarm's event is expected, not {given!r}"


METRIC_EXPRESSION_IS_A_LIST = "The expression must return one time series, not a list of them"


def metric_expression_wrong(text: str) -> str:
    return f"Error in expression: {text}"


def companion_not_served(service_name: str, option: str) -> str:
    return (
        f"{service_name} is not switched on: ddbmock serve --{option}, serve({option}=True) or"
        f" mock_dynamodb({option}=True)"
    )
