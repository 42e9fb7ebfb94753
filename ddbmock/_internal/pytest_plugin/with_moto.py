"""`--ddbmock-with-moto`: DynamoDB by ddbmock in a suite that uses moto's mocks, unchanged."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ddbmock._internal.beside.following import Follower
from ddbmock._internal.options import Options
from ddbmock._internal.pytest_plugin import options

if TYPE_CHECKING:
    import pytest


def begin(config: pytest.Config) -> None:
    """Start and stop with moto's mocks until the end of the run."""
    follower = Follower(Options.of(options.mock_options(config)))
    config.add_cleanup(follower.end)
