"""No test of the switch may reach anything outside this process."""

from __future__ import annotations

import pytest

from tests.switch.helpers import refuse_connections


@pytest.fixture(autouse=True)
def no_network(monkeypatch: pytest.MonkeyPatch) -> None:
    refuse_connections(monkeypatch)
