"""Where the templates of these tests are."""

from __future__ import annotations

from pathlib import Path

import pytest


@pytest.fixture
def files() -> Path:
    return Path(__file__).parent / "files"


@pytest.fixture
def pytester(pytester: pytest.Pytester) -> pytest.Pytester:
    """A project for runs of pytest, with the ini lines that its plugins ask for."""
    pytester.makeini("[pytest]\nasyncio_default_fixture_loop_scope = function\n")
    return pytester
