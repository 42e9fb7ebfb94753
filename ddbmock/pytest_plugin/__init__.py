"""The pytest plugin: fixtures, a marker, options, and reports.

pytest loads this folder in every run, so at first it imports next to nothing: what is heavy is
imported where it is used, for the first time in the first test that asks for a mock.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ddbmock.hook import active
from ddbmock.pytest_plugin import aio, options, reporting
from ddbmock.pytest_plugin.aio import (
    aio_dynamodb_client,
    aio_dynamodb_resource,
    aio_dynamodb_session,
    anyio_client,
    anyio_resource,
)
from ddbmock.pytest_plugin.collecting import pytest_collection_modifyitems
from ddbmock.pytest_plugin.fixtures import (
    ddb,
    ddb_class,
    ddb_module,
    ddb_session,
    dynamodb_client,
    dynamodb_resource,
    dynamodb_session,
)

if TYPE_CHECKING:
    from collections.abc import Iterable

    import pytest

__all__ = [
    "aio_dynamodb_client",
    "aio_dynamodb_resource",
    "aio_dynamodb_session",
    "anyio_client",
    "anyio_resource",
    "ddb",
    "ddb_class",
    "ddb_module",
    "ddb_session",
    "dynamodb_client",
    "dynamodb_resource",
    "dynamodb_session",
    "pytest_addoption",
    "pytest_collection_modifyitems",
    "pytest_configure",
    "pytest_unconfigure",
]

_MARKER = (
    "ddbmock(*, tables, load, region, ...): run the test on a mock of DynamoDB, with these tables,"
    " loaded files and options of mock_dynamodb; markers of module, class and test add up."
)


def pytest_addoption(parser: pytest.Parser) -> None:
    """Declare the options."""
    options.declare(parser)


def pytest_configure(config: pytest.Config) -> None:
    """Declare the marker, and begin to watch."""
    config.addinivalue_line("markers", _MARKER)
    manager = config.pluginmanager
    recorder = reporting.Recorder(config)
    active.observers.append(recorder)
    manager.register(recorder, "ddbmock-recorder")
    if manager.has_plugin("asyncio"):
        manager.register(aio.fixtures_of_pytest_asyncio(), "ddbmock-asyncio")
    for plugin in _of_options(config):
        manager.register(plugin)


def _of_options(config: pytest.Config) -> Iterable[object]:
    if options.value_of(config, "target") is not None:
        from ddbmock.pytest_plugin import target  # noqa: PLC0415 (lazy)

        yield target.TargetPlugin(config)
    # With xdist, it is the process that started the workers that reports.
    if options.value_of(config, "report") is not None and not hasattr(config, "workerinput"):
        yield reporting.Reporter(config)


def pytest_unconfigure(config: pytest.Config) -> None:
    """Stop watching."""
    recorder = config.pluginmanager.get_plugin("ddbmock-recorder")
    if recorder in active.observers:
        active.observers.remove(recorder)
