"""`--ddbmock-chaos` and `--ddbmock-seed`: tests run again and again, with failures of production.

Each seed is a run of the test of its own, with its fixtures. Calls fail during the test only, not
while fixtures set up and tear down.
"""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any

import pytest

from ddbmock.hook import active
from ddbmock.pytest_plugin import mocks, options

if TYPE_CHECKING:
    from collections.abc import Generator, Iterable

_SEED = "_ddbmock_seed"
_FIXTURES = {mocks.FUNCTION, *mocks.WIDE}


class ChaosPlugin:
    """Runs the tests that have a mock under several seeds."""

    def __init__(self, config: pytest.Config) -> None:
        self._seeds = options.seeds_of(config)
        #: The seed of the running test.
        self._running: int | None = None
        active.observers.append(self)
        config.add_cleanup(lambda: active.observers.remove(self))

    @pytest.fixture(name=_SEED)
    def seed(self, request: pytest.FixtureRequest) -> int:
        """The seed of a test."""
        number: int = request.param
        return number

    def pytest_generate_tests(self, metafunc: pytest.Metafunc) -> None:
        """Have a test that has a mock run once for each seed."""
        if _has_mock(metafunc) and _SEED not in metafunc.fixturenames:
            metafunc.fixturenames.append(_SEED)
            ids = [f"seed={number}" for number in self._seeds]
            metafunc.parametrize(_SEED, self._seeds, ids=ids, indirect=True)

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_call(self, item: pytest.Item) -> Generator[None, object, object]:
        """Let calls fail during a test."""
        self._running = _seed_of(item)
        try:
            for service in _services():
                self.began(service)
            return (yield)
        finally:
            self._running = None
            for service in _services():
                service.stop_chaos()

    def began(self, service: Any) -> None:
        """Let calls of a mock fail that a test has begun by itself."""
        if self._running is not None:
            service.faults.start_chaos(self._running)

    def ended(self, service: Any) -> None:
        """Do nothing: its chaos ends with it."""

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_makereport(
        self, item: pytest.Item, call: pytest.CallInfo[None]
    ) -> Generator[None, pytest.TestReport, pytest.TestReport]:
        """Say how to repeat a failure."""
        report = yield
        seed = _seed_of(item)
        if report.failed and seed is not None and call.when == "call":
            name = item.nodeid.partition("[")[0]
            report.sections.append(
                ("ddbmock chaos", f"seed {seed}; to repeat: pytest --ddbmock-seed={seed} '{name}'")
            )
        return report


def _services() -> Iterable[Any]:
    activations = sys.modules.get("ddbmock.activations")
    return () if activations is None else activations.active_services()


def _seed_of(item: pytest.Item) -> int | None:
    callspec = getattr(item, "callspec", None)
    seed: int | None = None if callspec is None else callspec.params.get(_SEED)
    return seed


def _has_mock(metafunc: pytest.Metafunc) -> bool:
    """Return whether a test has a fixture, a marker or a decorator of ddbmock."""
    if not _FIXTURES.isdisjoint(metafunc.fixturenames):
        return True
    if metafunc.definition.get_closest_marker("ddbmock") is not None:
        return True
    wrapper = getattr(metafunc.function, "_self_wrapper", None)
    return getattr(wrapper, "__module__", None) == "ddbmock.decorators"
