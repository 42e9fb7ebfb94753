"""What every test has: a machine without AWS settings, and patient property tests."""

from __future__ import annotations

import os
from contextlib import suppress
from typing import TYPE_CHECKING, Any

import botocore
import pytest
from botocore.exceptions import ParamValidationError
from hypothesis import HealthCheck, settings

from ddbmock import FileError
from tests import shared_clients

with suppress(ImportError):
    # Runs of pytest inside of this one forget what they import, and PyYAML's part in C does not.
    import yaml  # noqa: F401

if TYPE_CHECKING:
    from collections.abc import Generator, Iterator

    from ddbmock import Controller

pytest.register_assert_rewrite("tests.refusals")

#: The first botocore whose model has everything that the tests send.
COMPLETE_MODEL = (1, 40)

settings.register_profile(
    "suite",
    deadline=None,  # a busy machine is no bug
    max_examples=100,
    suppress_health_check=[HealthCheck.too_slow],
)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "suite"))


@pytest.fixture(autouse=True, scope="session")
def no_aws_settings(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """No credentials, no region, no configuration files: nobody's own can make a test pass."""
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
    """Begin with the groups of tests that stay together, so that none is left to one at the end."""
    items.sort(key=lambda item: item.get_closest_marker("xdist_group") is None)


@pytest.hookimpl(wrapper=True)
def pytest_pyfunc_call() -> Generator[None, object, object]:
    """What an old botocore's model lacks is not there: skip the tests that send it."""
    try:
        return (yield)
    except (ParamValidationError, FileError) as error:
        version = tuple(map(int, botocore.__version__.split(".")[:2]))
        is_unknown = "Unknown parameter" in str(error) or "unknown property" in str(error)
        if version < COMPLETE_MODEL and is_unknown:
            pytest.skip("the model of this botocore does not have it yet")
        raise
