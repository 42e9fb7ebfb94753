"""The fixtures: mocks of every scope, and boto3's clients, resources and sessions on them."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import pytest

from ddbmock._internal.pytest_plugin.naming import of_plugin

if TYPE_CHECKING:
    from collections.abc import Iterator

    import boto3
    from mypy_boto3_dynamodb import DynamoDBClient, DynamoDBServiceResource

    from ddbmock import DynamoDBMock


@pytest.fixture
@of_plugin
def ddb(_ddbmock_function: DynamoDBMock) -> DynamoDBMock:
    """A mock of DynamoDB that is active for one test.

    Where one is active already (`ddb_session`, `ddb_module`, `ddb_class`, a fixture of one's own),
    the test starts from its state, and all changes of the test are rolled back after it.
    """
    return _ddbmock_function


@pytest.fixture(scope="session")
@of_plugin
def ddb_session(_ddbmock_session: DynamoDBMock) -> DynamoDBMock:
    """A mock of DynamoDB for the complete run: every test starts from the state of its fixtures."""
    return _ddbmock_session


@pytest.fixture(scope="module")
@of_plugin
def ddb_module(_ddbmock_module: DynamoDBMock) -> DynamoDBMock:
    """A mock of DynamoDB for a module: its tests start from the state of the module's fixtures."""
    return _ddbmock_module


@pytest.fixture(scope="class")
@of_plugin
def ddb_class(_ddbmock_class: DynamoDBMock) -> DynamoDBMock:
    """A mock of DynamoDB for a class: its tests start from the state of the class's fixtures."""
    return _ddbmock_class


@pytest.fixture
@of_plugin
def dynamodb_client(_ddbmock_function: DynamoDBMock) -> DynamoDBClient:
    """A boto3 client of DynamoDB, with a mock that is active for one test."""
    client: DynamoDBClient = _boto3("dynamodb_client").client("dynamodb")
    return client


@pytest.fixture
@of_plugin
def dynamodb_resource(_ddbmock_function: DynamoDBMock) -> DynamoDBServiceResource:
    """A boto3 resource of DynamoDB, with a mock that is active for one test."""
    resource: DynamoDBServiceResource = _boto3("dynamodb_resource").resource("dynamodb")
    return resource


@pytest.fixture
@of_plugin
def dynamodb_session(_ddbmock_function: DynamoDBMock) -> boto3.Session:
    """A boto3 session of the test's own, with a mock that is active for one test."""
    session: boto3.Session = _boto3("dynamodb_session").Session()
    return session


def _boto3(fixture_name: str) -> Any:
    with needed_by(fixture_name, "boto3"):
        import boto3  # noqa: PLC0415 (optional)

        return boto3


@contextmanager
def needed_by(fixture_name: str, package: str) -> Iterator[None]:
    """Fail the test that requests a fixture if a package is not installed."""
    __tracebackhide__ = True
    try:
        yield
    except ModuleNotFoundError as error:
        if error.name is None or error.name.partition(".")[0] != package:
            raise
        text = (
            f"the fixture {fixture_name} needs {package}, which is not installed:"
            f" pip install {package}"
        )
        raise pytest.fail.Exception(text, pytrace=False) from None
