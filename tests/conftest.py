"""What every test has: a machine without AWS settings, and patient property tests."""

from __future__ import annotations

import gc
import os
from contextlib import suppress
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import HealthCheck, settings

from tests import old_models, shared_clients

# Runs of pytest inside of this one forget what they import; parts in C cannot be loaded twice.
with suppress(ImportError):
    import numpy as np  # noqa: F401
with suppress(ImportError):
    import yaml  # noqa: F401

if TYPE_CHECKING:
    from collections.abc import Generator, Iterator

    from ddbmock import Controller

pytest.register_assert_rewrite("tests.refusals")

for profile, count in (("suite", 50), ("deep", 2_000)):
    settings.register_profile(
        profile,
        deadline=None,  # a busy machine is no bug
        max_examples=count,
        suppress_health_check=[HealthCheck.too_slow],
    )
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "suite"))


# What is imported and collected stays until the end of the run: to search it for garbage again and
# again would take a tenth of the run's time.
gc.disable()


def pytest_collection_finish() -> None:
    """Search for garbage among what tests make, and seldom."""
    gc.freeze()
    gc.set_threshold(10_000, 20, 50)
    gc.enable()


#: Files whose tests start processes or try many examples.
LONGEST = (
    "tests/aws_cli/",
    "tests/beside/",
    "tests/console/",
    "tests/data/",
    "tests/engine/",
    "tests/formats/",
    "tests/partiql/test_printer.py",
    "tests/properties/",
    "tests/pytest_plugin/",
    "tests/remote/",
    "tests/report/",
    "tests/switch/",
    "tests/test_cli.py",
    "tests/test_docs.py",
    "tests/test_work.py",
)


@pytest.fixture(autouse=True, scope="session")
def no_aws_settings(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """No credentials, no region, no configuration files: a developer's own must not matter."""
    with pytest.MonkeyPatch.context() as patch:
        for name in [name for name in os.environ if name.startswith("AWS_")]:
            patch.delenv(name)
        nowhere = str(tmp_path_factory.getbasetemp() / "no-aws-settings")
        patch.setenv("AWS_CONFIG_FILE", nowhere)
        patch.setenv("AWS_SHARED_CREDENTIALS_FILE", nowhere)
        yield


@pytest.fixture
def dynamodb_client(ddb: Controller) -> Any:
    """The client of the whole run, in place of the plugin's fixture, which creates one a test."""
    return shared_clients.dynamodb(ddb.region)


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Begin with what takes longest, so that no worker is left with it at the end."""
    items.sort(key=lambda item: not item.nodeid.startswith(LONGEST))


@pytest.hookimpl(wrapper=True)
def pytest_pyfunc_call() -> Generator[None, object, object]:
    """Skip the tests that need what an old botocore's model lacks."""
    return (yield from _skipping_what_is_missing())


@pytest.hookimpl(wrapper=True)
def pytest_fixture_setup() -> Generator[None, object, object]:
    """The same, where a fixture of the test needs it."""
    return (yield from _skipping_what_is_missing())


def _skipping_what_is_missing() -> Generator[None, object, object]:
    try:
        return (yield)
    except Exception as error:
        if old_models.is_of_old_model(error):
            pytest.skip(old_models.REASON)
        raise
