"""Tests with moto; none may reach anything outside this process."""

from __future__ import annotations

import boto3
import pytest

from tests.switch.helpers import refuse_connections

pytest.importorskip("moto")


@pytest.fixture(autouse=True)
def no_network(monkeypatch: pytest.MonkeyPatch) -> None:
    refuse_connections(monkeypatch)
    # moto looks for the metadata service of its own, under this setting's name too.
    monkeypatch.setenv("AWS_EC2_METADATA_DISABLED", "true")


@pytest.fixture(autouse=True)
def no_default_session(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(boto3, "DEFAULT_SESSION", None)
