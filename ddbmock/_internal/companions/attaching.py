"""How a service gets the companions that its mock asks for."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ddbmock._internal.companions.autoscaling import AutoScaling
from ddbmock._internal.companions.metrics import Metrics

if TYPE_CHECKING:
    from ddbmock._internal.service import Service


def attach(service: Service, *, autoscaling: bool) -> None:
    """Give a service CloudWatch, and Application Auto Scaling when asked for it."""
    metrics = Metrics(service)
    metrics.attach()
    if autoscaling:
        AutoScaling(service, metrics).attach()
