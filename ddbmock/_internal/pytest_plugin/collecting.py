"""Modification of collected tests: mocks for tests that request none, and their order."""

from __future__ import annotations

from typing import Any

import pytest

from ddbmock._internal.pytest_plugin import mocks


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[Any]) -> None:
    """Give a mock to tests that have the marker, or a mock of a wider scope.

    The mock begins after all fixtures of wider scopes, whose work tests start from, and before all
    other fixtures of the test, whose work is rolled back with it.
    """
    for item in items:
        names = getattr(item, "fixturenames", None)
        if names is None:
            continue
        if mocks.FUNCTION in names:
            names.remove(mocks.FUNCTION)
        elif item.get_closest_marker("ddbmock") is None and mocks.WIDE.isdisjoint(names):
            continue
        names.insert(_end_of_wide(item, names), mocks.FUNCTION)


def _end_of_wide(item: Any, names: list[str]) -> int:
    known = getattr(getattr(item, "_fixtureinfo", None), "name2fixturedefs", {})
    wide = [
        at
        for at, name in enumerate(names)
        if known.get(name) and known[name][-1].scope != "function"
    ]
    return wide[-1] + 1 if wide else 0
