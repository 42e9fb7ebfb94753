"""`--ddbmock-session`: one mock for the complete run."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ddbmock._internal.mock import DynamoDBMock
from ddbmock._internal.options import Options
from ddbmock._internal.pytest_plugin import options

if TYPE_CHECKING:
    import pytest


def begin(config: pytest.Config) -> None:
    """Start a mock that is active until the end of the run, like an engine in a container."""
    mock = DynamoDBMock(Options.of(options.mock_options(config)))
    mock.__enter__()
    config.add_cleanup(lambda: mock.__exit__(None, None, None))
