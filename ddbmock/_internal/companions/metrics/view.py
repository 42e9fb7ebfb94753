"""`ddb.metrics`: reads and writes the metrics of a mock without a client."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ddbmock._internal.companions.metrics.alarms import AlarmEvent, alarms_of
from ddbmock._internal.companions.metrics.catalog import DAX as DAX_NAMESPACE
from ddbmock._internal.companions.metrics.catalog import DAX_METRICS, DYNAMODB, SeriesId, is_known
from ddbmock._internal.errors import MisuseError
from ddbmock._internal.messages import metrics as messages

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from ddbmock._internal.companions.metrics.cloudwatch import Metrics
    from ddbmock._internal.engine.backend import Region


class MetricsView:
    """The metrics and alarms of one region.

    >>> import boto3
    >>> from ddbmock import mock_dynamodb
    >>> with mock_dynamodb(metrics=True) as ddb:
    ...     _ = boto3.client("dynamodb").create_table(
    ...         TableName="orders",
    ...         KeySchema=[{"AttributeName": "id", "KeyType": "HASH"}],
    ...         AttributeDefinitions=[{"AttributeName": "id", "AttributeType": "S"}],
    ...         BillingMode="PAY_PER_REQUEST",
    ...     )
    ...     _ = boto3.client("dynamodb").put_item(TableName="orders", Item={"id": {"S": "1"}})
    ...     ddb.metrics.total("ConsumedWriteCapacityUnits", TableName="orders")
    1.0
    """

    def __init__(self, metrics: Metrics, region: Region) -> None:
        self._metrics = metrics
        self._region = region

    def total(self, name: str, **dimensions: str) -> float:
        """Return the sum of all samples of a metric so far.

        Args:
            name: The metric, such as `ReadThrottleEvents`.
            **dimensions: All of its dimensions, such as `TableName="orders"`.

        Raises:
            MisuseError: There is no such metric.
        """
        series = _series(name, dimensions)
        of_region = self._metrics.of(self._region).series
        with self._metrics.backend.lock:
            found = [of_region.at(series, minute) for minute in of_region.minutes(series)]
            return sum((samples.sum for samples in found if samples is not None), 0.0)

    def record(self, name: str, value: float, *, count: int = 1, **dimensions: str) -> None:
        """Add samples to a metric at the current time, such as latencies of your own.

        Args:
            name: The metric, such as `SuccessfulRequestLatency`.
            value: The value of each sample.
            count: How many samples there are.
            **dimensions: All of the metric's dimensions.

        Raises:
            MisuseError: There is no such metric.
        """
        self._metrics.add(self._region, _series(name, dimensions), value, count)
        self._metrics.wake()

    @property
    def alarms(self) -> Mapping[str, str]:
        """The state of each alarm by name."""
        with self._metrics.backend.lock:
            return {name: alarm.state.value for name, alarm in alarms_of(self._region).items()}

    def on_alarm(self, handler: Callable[[AlarmEvent], object], name: str | None = None) -> None:
        """Call a function whenever an alarm changes its state.

        It is called after the call, or the advance of the clock, in which the state changed, and
        may use the mock.

        Args:
            handler: Gets an `AlarmEvent`.
            name: The alarm; by default any.

        Raises:
            MisuseError: The handler is no function.
        """
        if not callable(handler):
            raise MisuseError(messages.not_an_alarm_handler(handler))
        self._metrics.on_alarm(name, handler)


def _series(name: str, dimensions: dict[str, str]) -> SeriesId:
    if not is_known(name):
        raise MisuseError(messages.no_such_metric(name))
    namespace = DAX_NAMESPACE if name in DAX_METRICS else DYNAMODB
    return SeriesId.of(name, namespace, **dimensions)
