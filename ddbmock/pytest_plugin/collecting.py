"""Between collecting and running: who gets a mock unasked, and when it begins."""

from __future__ import annotations

from typing import Any

import pytest

_WIDE = frozenset({"ddb_session", "ddb_module", "ddb_class"})


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[Any]) -> None:
    """Give the mock to tests that have the marker, or a mock of a wider scope.

    The mock begins after all fixtures of wider scopes, whose work tests start from, and before all
    other fixtures of the test, whose work is undone with it.
    """
    for item in items:
        names = getattr(item, "fixturenames", None)
        if names is None:
            continue
        if "ddb" in names:
            names.remove("ddb")
        elif item.get_closest_marker("ddbmock") is None and _WIDE.isdisjoint(names):
            continue
        names.insert(_end_of_wide(item, names), "ddb")


def _end_of_wide(item: Any, names: list[str]) -> int:
    known = getattr(getattr(item, "_fixtureinfo", None), "name2fixturedefs", {})
    wide = [
        at
        for at, name in enumerate(names)
        if known.get(name) and known[name][-1].scope != "function"
    ]
    return wide[-1] + 1 if wide else 0
