"""The guard of a run: no call of DynamoDB outside of mocks, and no real credentials by accident."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from ddbmock._internal.defaults import DEFAULT_REGION
from ddbmock._internal.hook.guard import Guard
from ddbmock._internal.pytest_plugin import options
from ddbmock._internal.pytest_plugin.environment import DummySettings

if TYPE_CHECKING:
    from collections.abc import Generator

MARKER = (
    "ddbmock_guard(is_on): whether calls of DynamoDB outside of mocks are refused in this test;"
    " False allows them."
)


class GuardPlugin:
    """Guards a run from before its conftests are loaded until its end."""

    def __init__(self, config: pytest.Config) -> None:
        self._config = config
        self._is_on = options.is_guarded(config)
        self._guard = Guard(is_on=self._is_on)
        self._dummies = DummySettings()
        if self._is_on:
            self._dummies.add_credentials()
        self._guard.begin()

    def end(self) -> None:
        """Restore the environment."""
        self._guard.end()
        self._dummies.remove()

    def pytest_report_header(self) -> str | None:
        """Report the dummy credentials."""
        if not self._dummies:
            return None
        return "ddbmock: AWS credentials of this run are dummies (--ddbmock-guard=off for none)"

    @pytest.hookimpl(wrapper=True)
    def pytest_sessionstart(self) -> Generator[None, object, object]:
        """Add a region after conftests and other plugins."""
        result = yield
        if self._is_on:
            region_name = options.value_of(self._config, "region")
            self._dummies.add_region(region_name or DEFAULT_REGION)
        return result

    @pytest.hookimpl(wrapper=True, tryfirst=True)
    def pytest_runtest_protocol(self, item: pytest.Item) -> Generator[None, object, object]:
        """Turn the guard on or off for a test, and for the fixtures that are set up for it."""
        marker = item.get_closest_marker("ddbmock_guard")
        is_on = self._is_on if marker is None else _is_on(marker)
        if is_on == self._is_on:
            return (yield)
        self._guard.is_on = is_on
        if not is_on:
            self._dummies.remove()
        try:
            return (yield)
        finally:
            self._guard.is_on = self._is_on
            if not is_on:
                self._dummies.restore()


def _is_on(marker: pytest.Mark) -> bool:
    if len(marker.args) != 1 or marker.kwargs or not isinstance(marker.args[0], bool):
        raise pytest.UsageError("@pytest.mark.ddbmock_guard takes True or False")
    return marker.args[0]
