"""CloudWatch for the namespaces AWS/DynamoDB and AWS/DAX, with the metrics of the mock's calls.

    cloudwatch   the companion: the metrics and alarms of all regions, and the clock
    attaching    adds it to a service
    catalog      the metrics: names, units, and which of them have values without calls
    series       samples by minute
    background   values that do not come from calls: zeros and gauges
    region_metrics   the metrics of one region: both of these
    recorder     the stage that records calls
    statistics   datapoints: the samples of a period, aggregated
    queries, expressions    the queries of GetMetricData and alarms, and metric math
    alarms       alarms and their history
    alarm_plans  the rule, period and metrics of an alarm, derived from its configuration
    evaluation   the state of an alarm, from its datapoints
    alarm_transitions    the evaluation of an alarm each minute, and its actions
    reading, alarm_operations, pages, rows, errors    the operations
    view         `ddb.metrics`

https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/metrics-dimensions.html
"""

from __future__ import annotations

from ddbmock._internal.companions.metrics import alarm_operations, reading
from ddbmock._internal.companions.metrics.attaching import attach
from ddbmock._internal.companions.metrics.cloudwatch import Metrics

__all__ = ["Metrics", "alarm_operations", "attach", "reading"]
