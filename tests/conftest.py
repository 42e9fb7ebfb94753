"""What every test has: a machine without AWS settings, and patient property tests."""

from __future__ import annotations

import os
from contextlib import suppress
from typing import TYPE_CHECKING

import botocore
import pytest
from botocore.exceptions import ParamValidationError
from hypothesis import HealthCheck, settings

with suppress(ImportError):
    # Runs of pytest inside of this one forget what they import, and PyYAML's part in C does not.
    import yaml  # noqa: F401

if TYPE_CHECKING:
    from collections.abc import Generator
    from pathlib import Path

#: The first botocore whose model has everything that the tests send.
COMPLETE_MODEL = (1, 40)

settings.register_profile(
    "suite",
    deadline=None,  # a busy machine is no bug
    max_examples=100,
    suppress_health_check=[HealthCheck.too_slow],
)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "suite"))


@pytest.fixture(autouse=True)
def no_aws_settings(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """No credentials, no region, no configuration files: nobody's own can make a test pass."""
    for name in [name for name in os.environ if name.startswith("AWS_")]:
        monkeypatch.delenv(name)
    nowhere = str(tmp_path / "no-aws-settings")
    monkeypatch.setenv("AWS_CONFIG_FILE", nowhere)
    monkeypatch.setenv("AWS_SHARED_CREDENTIALS_FILE", nowhere)


@pytest.hookimpl(wrapper=True)
def pytest_pyfunc_call() -> Generator[None, object, object]:
    """What an old botocore's model lacks is not there: skip the tests that send it."""
    try:
        return (yield)
    except ParamValidationError as error:
        version = tuple(map(int, botocore.__version__.split(".")[:2]))
        if version < COMPLETE_MODEL and "Unknown parameter" in str(error):
            pytest.skip("the model of this botocore does not have it yet")
        raise
