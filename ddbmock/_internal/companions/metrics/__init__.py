"""CloudWatch for the namespaces AWS/DynamoDB and AWS/DAX, fed by what calls really do.

    catalog      the metrics: names, units, and which of them have values without calls
    series       samples by minute
    background   what metrics show without calls: zeros and gauges
    recorder     the stage that feeds them
    statistics   datapoints: samples of a period put together
    evaluation   the state of an alarm, from its datapoints
    alarms       alarms and their history
    ticks        alarms are evaluated each minute of the mock's clock
    reading, alarm_operations    the operations

https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/metrics-dimensions.html
"""

from __future__ import annotations

from ddbmock._internal.companions.metrics import alarm_operations, reading
from ddbmock._internal.companions.metrics.cloudwatch import Metrics, attach

__all__ = ["Metrics", "alarm_operations", "attach", "reading"]
