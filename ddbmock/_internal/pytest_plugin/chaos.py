"""`--ddbmock-chaos` and `--ddbmock-seed`: tests run repeatedly, with failures of production.

Each seed is a run of the test of its own, with its fixtures. Calls fail during the test only, not
while fixtures set up and tear down.

Tests that have a fixture, marker or decorator of ddbmock get the seed as a parameter when they are
collected. Those that start a mock themselves or by a fixture of their own are detected while they
run, and are run again under the same name.
"""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any

import pytest

from ddbmock._internal.hook import active
from ddbmock._internal.pytest_plugin import mocks, options

if TYPE_CHECKING:
    from collections.abc import Generator, Iterable

    from ddbmock._internal.service import Service

_SEED = "_ddbmock_seed"
_FIXTURES = {mocks.FUNCTION, *mocks.WIDE}


class ChaosPlugin:
    """Runs the tests that have a mock under several seeds."""

    def __init__(self, config: pytest.Config) -> None:
        self._seeds = options.seeds_of(config)
        #: The seed of the running test.
        self._seed = self._seeds[0]
        #: Whether the running test has a mock that belongs to it alone.
        self._has_mock = False
        #: Whether the test itself is running, not its fixtures.
        self._is_called = False
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

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtest_protocol(
        self, item: pytest.Item, nextitem: pytest.Item | None
    ) -> bool | None:
        """Run a test once for each seed, if it has a mock."""
        seed = _seed_of(item)
        if seed is not None:
            self._seed, self._has_mock = seed, True
            return None
        run: Any = item.config.pluginmanager.get_plugin("runner")
        for number in self._seeds:
            self._seed = number
            self._has_mock = _is_of_decorated_test_case(item)
            item.ihook.pytest_runtest_logstart(nodeid=item.nodeid, location=item.location)
            run.runtestprotocol(item, nextitem=nextitem)
            item.ihook.pytest_runtest_logfinish(nodeid=item.nodeid, location=item.location)
            if not self._has_mock or item.session.shouldfail or item.session.shouldstop:
                break
        return True

    @pytest.hookimpl(wrapper=True)
    def pytest_fixture_setup(
        self, request: pytest.FixtureRequest
    ) -> Generator[None, object, object]:
        """Note that a fixture begins a mock for one test."""
        before = [*_services()]
        try:
            return (yield)
        finally:
            if request.scope == "function" and any(each not in before for each in _services()):
                self._has_mock = True

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_call(self) -> Generator[None, object, object]:
        """Have calls fail during a test."""
        self._is_called = True
        try:
            if self._has_mock:
                for service in _services():
                    self._start(service)
            return (yield)
        finally:
            self._is_called = False
            for service in _services():
                self._stop(service)

    def began(self, service: Any) -> None:
        """Have calls fail of a mock that a test itself has started."""
        if self._is_called:
            self._has_mock = True
            self._start(service)

    def ended(self, service: Any) -> None:
        """Do nothing: its chaos ends with it."""

    def _start(self, service: Service) -> None:
        from ddbmock._internal.features import FAULTS  # noqa: PLC0415 (lazy)

        service.use(FAULTS).start_chaos(self._seed)

    def _stop(self, service: Service) -> None:
        from ddbmock._internal.features import FAULTS  # noqa: PLC0415 (lazy)

        faults = service.used(FAULTS)
        if faults is not None:
            faults.stop_chaos()

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_makereport(
        self, item: pytest.Item, call: pytest.CallInfo[None]
    ) -> Generator[None, pytest.TestReport, pytest.TestReport]:
        """Say how to repeat a failure, and which run of a test it was."""
        report = yield
        if self._has_mock and _seed_of(item) is None:
            name = f"{item.nodeid}[seed={self._seed}]"
            report.ddbmock_name = name  # type: ignore[attr-defined]
        if report.failed and self._has_mock and call.when == "call":
            name = item.nodeid.partition("[")[0]
            repeating = f"pytest --ddbmock-seed={self._seed} '{name}'"
            report.sections.append(("ddbmock chaos", f"seed {self._seed}; to repeat: {repeating}"))
        return report


def _services() -> Iterable[Service]:
    activations = sys.modules.get("ddbmock._internal.activations")
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
    return _is_decorated(metafunc.function)


def _is_of_decorated_test_case(item: pytest.Item) -> bool:
    """Return whether the class of a test is of unittest and has the decorator of ddbmock."""
    return _is_decorated(getattr(getattr(item, "cls", None), "run", None))


def _is_decorated(function: object) -> bool:
    wrapper = getattr(function, "_self_wrapper", None)
    return getattr(wrapper, "__module__", None) == "ddbmock._internal.decorators"
