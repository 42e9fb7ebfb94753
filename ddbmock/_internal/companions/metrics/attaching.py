"""Adding CloudWatch to a service."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ddbmock._internal.companions.metrics.cloudwatch import Metrics
from ddbmock._internal.companions.metrics.recorder import Recorder
from ddbmock._internal.companions.operations import companion_of

if TYPE_CHECKING:
    from ddbmock._internal.service import Service


def attach(service: Service) -> Metrics:
    """Return the service's CloudWatch; calls are counted from its first use on."""
    metrics = companion_of(service, Metrics)
    if metrics is None:
        metrics = Metrics(service)
        metrics.attach()
        Recorder(metrics).attach()
    return metrics
