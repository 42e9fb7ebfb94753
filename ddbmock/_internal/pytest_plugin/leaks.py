"""Leaks: mocks that a test leaves active are ended, and reported as an error of the test."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from collections.abc import Generator


class Leaks:
    """Tracks which test, or fixture of a wider scope, has started a mock."""

    def __init__(self) -> None:
        self._of_test: list[Any] = []
        self._of_fixtures: dict[Any, list[Any]] = {}
        #: Mocks left active by fixtures of wider scopes that ended in the running test.
        self._left: list[str] = []

    @pytest.hookimpl(wrapper=True)
    def pytest_fixture_setup(
        self, fixturedef: pytest.FixtureDef[Any], request: pytest.FixtureRequest
    ) -> Generator[None, object, object]:
        """Note the mocks that a fixture starts."""
        __tracebackhide__ = True
        before = _started()
        try:
            return (yield)
        finally:
            begun = [activation for activation in _started() if activation not in before]
            if request.scope == "function":
                self._of_test += begun
            elif begun:
                self._of_fixtures.setdefault(fixturedef, []).extend(begun)

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_call(self) -> Generator[None, object, object]:
        """Note the mocks that a test starts."""
        __tracebackhide__ = True
        before = _started()
        try:
            return (yield)
        finally:
            self._of_test += [each for each in _started() if each not in before]

    @pytest.hookimpl(trylast=True)
    def pytest_fixture_post_finalizer(self, fixturedef: pytest.FixtureDef[Any]) -> None:
        """End the mocks that a fixture of a wider scope has left active."""
        begun = self._of_fixtures.pop(fixturedef, ())
        self._end(f"the fixture {fixturedef.argname}", begun)

    @pytest.hookimpl(wrapper=True, tryfirst=True)
    def pytest_runtest_teardown(self, item: pytest.Item) -> Generator[None, object, object]:
        """End the mocks that a test has left active, after all finalizers."""
        try:
            result = yield
        finally:
            begun, self._of_test = self._of_test, []
            self._end(item.nodeid, begun)
            left, self._left = self._left, []
        if left:
            pytest.fail("\n".join(left), pytrace=False)
        return result

    def _end(self, who: str, begun: Any) -> None:
        for activation in begun:
            if activation.is_active:
                activation.end()
                self._left.append(
                    f"{who} left a mock of DynamoDB active, which was started at"
                    f" {activation.started_at}; it has been ended: call its stop() in the"
                    " tear-down, or use `with mock_dynamodb():`"
                )


def _started() -> list[Any]:
    """Return the active mocks that were started by `start()`, which must be stopped explicitly."""
    activations = sys.modules.get("ddbmock._internal.activations")
    if activations is None:
        return []
    return [each for each in activations.active() if each.started_at is not None]
