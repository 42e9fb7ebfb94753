"""CloudWatch for the namespaces AWS/DynamoDB and AWS/DAX, fed by what calls really do.

    cloudwatch   the companion: the metrics and alarms of all regions, and the clock
    attaching    how a service gets it
    catalog      the metrics: names, units, and which of them have values without calls
    series       samples by minute
    background   what metrics show without calls: zeros and gauges
    region_metrics   the metrics of one region: both of these
    recorder     the stage that feeds them
    statistics   datapoints: samples of a period put together
    queries, expressions    what GetMetricData and alarms ask for: metrics, and arithmetic on them
    alarms       alarms and their history
    alarm_plans  what follows from the configuration of an alarm
    evaluation   the state of an alarm, from its datapoints
    alarm_transitions    the evaluation of an alarm each minute, and its actions
    reading, alarm_operations, pages, rows, errors    the operations
    view         what a test holds: `ddb.metrics`

https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/metrics-dimensions.html
"""

from __future__ import annotations

from ddbmock._internal.companions.metrics import alarm_operations, reading
from ddbmock._internal.companions.metrics.attaching import attach
from ddbmock._internal.companions.metrics.cloudwatch import Metrics

__all__ = ["Metrics", "alarm_operations", "attach", "reading"]
