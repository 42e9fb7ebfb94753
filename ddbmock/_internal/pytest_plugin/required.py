"""Faults that a test requires: if one never happened, the test fails."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Generator


@pytest.hookimpl(wrapper=True)
def pytest_runtest_call() -> Generator[None, object, object]:
    """Check the faults of the mocks that are active when a test has passed."""
    __tracebackhide__ = True
    result = yield
    activations = sys.modules.get("ddbmock._internal.activations")
    if activations is not None:
        from ddbmock._internal.features import FAULTS  # noqa: PLC0415 (lazy)

        for service in activations.active_services():
            for fault in service.used(FAULTS) or ():
                fault.verify()
    return result
