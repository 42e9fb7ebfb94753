"""The pytest plugin: fixtures, markers, options, the guard of a run, and reports.

Its parts are in `ddbmock._internal.pytest_plugin`. pytest loads this module in every run, so it
imports very little at first: expensive modules are imported when they are used.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from ddbmock._internal.hook import active
from ddbmock._internal.pytest_plugin import (
    aio,
    collecting,
    fixtures,
    guarding,
    leaks,
    mocks,
    options,
    reporting,
    required,
    tracebacks,
)

if TYPE_CHECKING:
    from collections.abc import Iterable

__all__ = [
    "pytest_addoption",
    "pytest_configure",
    "pytest_load_initial_conftests",
    "pytest_unconfigure",
]

_MARKER = (
    "ddbmock(*, tables, load, faults, ...): run the test on a mock of DynamoDB, with these tables,"
    " loaded files, faults and options of mock_dynamodb; markers of module, class and test add up."
)
_RECORDER = "ddbmock-recorder"
_GUARD = "ddbmock-guard"


def pytest_addoption(parser: pytest.Parser) -> None:
    """Declare the options."""
    options.declare(parser)


@pytest.hookimpl(tryfirst=True)
def pytest_load_initial_conftests(early_config: pytest.Config) -> None:
    """Guard the run from here on: conftests may import the program under test."""
    _begin(early_config)


def _begin(config: pytest.Config) -> None:
    if config.pluginmanager.has_plugin(_GUARD):
        return
    guard = guarding.GuardPlugin(config)
    config.pluginmanager.register(guard, _GUARD)
    config.add_cleanup(guard.end)
    if options.is_set(config, "with_moto"):
        from ddbmock._internal.pytest_plugin import with_moto  # noqa: PLC0415 (lazy)

        with_moto.begin(config)
    if options.is_set(config, "session"):
        from ddbmock._internal.pytest_plugin import run_mock  # noqa: PLC0415 (lazy)

        run_mock.begin(config)


def pytest_configure(config: pytest.Config) -> None:
    """Declare the markers, and register the parts."""
    config.addinivalue_line("markers", _MARKER)
    config.addinivalue_line("markers", guarding.MARKER)
    _begin(config)  # a conftest may have loaded this plugin
    manager = config.pluginmanager
    recorder = reporting.Recorder(config)
    active.observers.append(recorder)
    manager.register(recorder, _RECORDER)
    parts = (fixtures, aio, mocks, collecting, leaks.Leaks(), required, tracebacks)
    for part in (*parts, *_of_options(config)):
        manager.register(part)
    if manager.has_plugin("asyncio"):
        manager.register(aio.fixtures_of_pytest_asyncio(), "ddbmock-asyncio")


def _of_options(config: pytest.Config) -> Iterable[object]:
    if options.seeds_of(config):
        from ddbmock._internal.pytest_plugin import chaos  # noqa: PLC0415 (lazy)

        yield chaos.ChaosPlugin(config)
    if options.value_of(config, "target") is not None:
        from ddbmock._internal.pytest_plugin import target  # noqa: PLC0415 (lazy)

        yield target.TargetPlugin(config)
    # With xdist, it is the process that started the workers that reports.
    if options.value_of(config, "report") is not None and not hasattr(config, "workerinput"):
        yield reporting.Reporter(config)


def pytest_unconfigure(config: pytest.Config) -> None:
    """Stop observing."""
    recorder = config.pluginmanager.get_plugin(_RECORDER)
    if recorder in active.observers:
        active.observers.remove(recorder)
