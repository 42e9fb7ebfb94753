"""Between collecting and running: who gets a mock unasked, and when it begins."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable

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


# --- tables of templates: `dynamodb_tables = ddbmock.tables_from(...)` is a fixture -----------


def _adopt_tables(namespace: object) -> None:
    # Only who has loaded this module can have tables of templates.
    if "ddbmock.templates.tables" in sys.modules:
        from ddbmock.templates import fixtures  # noqa: PLC0415 (lazy)

        fixtures.adopt(namespace)


@pytest.hookimpl(tryfirst=True)
def pytest_plugin_registered(plugin: object) -> None:
    """Look into a conftest before pytest looks for its fixtures."""
    if type(plugin).__name__ == "module":
        _adopt_tables(plugin)


@pytest.hookimpl(tryfirst=True)
def pytest_make_collect_report(collector: pytest.Collector) -> None:
    """Look into a test module when pytest has imported it, before pytest looks for its fixtures.

    Not sooner: an import of ours that fails leaves half a module behind, which pytest would take.
    """
    if not isinstance(collector, pytest.Module):
        return
    # There is no hook between the two.
    import_module: Callable[[], Any] = collector._getobj  # noqa: SLF001

    def import_and_adopt() -> Any:
        module = import_module()
        _adopt_tables(module)
        return module

    vars(collector)["_getobj"] = import_and_adopt
    if (module := vars(collector).get("_obj")) is not None:  # another plugin was here before
        _adopt_tables(module)
