"""How a service gets the companions that its mock asks for."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ddbmock.companions.metrics import Metrics

if TYPE_CHECKING:
    from ddbmock.service import Service


def attach(service: Service) -> None:
    """Give a service CloudWatch."""
    Metrics(service).attach()
