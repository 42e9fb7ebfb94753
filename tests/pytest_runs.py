"""Runs of pytest within a test: with ddbmock's plugin and the plugins that are named, no others.

To load the plugins of everything that is installed would take most of the time of a run.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Iterable

ROOT = Path(__file__).parent.parent
ENVIRONMENT = {"PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1", "PYTHONPATH": str(ROOT)}


def plugin_options(plugins: Iterable[str] = ()) -> list[str]:
    """Return the options that load ddbmock's plugin, installed or not, and some by their names."""
    return [f"-p{name}" for name in ("no:cacheprovider", "ddbmock.pytest_plugin", *plugins)]


def run_inprocess(
    pytester: pytest.Pytester, *options: str, plugins: Iterable[str] = ()
) -> pytest.RunResult:
    """Run pytest in this process."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PYTEST_DISABLE_PLUGIN_AUTOLOAD", "1")
        return pytester.runpytest_inprocess(*plugin_options(plugins), *options)


def run_subprocess(
    pytester: pytest.Pytester, *options: str, plugins: Iterable[str] = ()
) -> pytest.RunResult:
    """Run pytest in a process of its own."""
    with pytest.MonkeyPatch.context() as patch:
        for name, value in ENVIRONMENT.items():
            patch.setenv(name, value)
        return pytester.runpytest_subprocess(*plugin_options(plugins), *options)
