"""The pytest fixtures. pytest loads this module in every run, so it imports next to nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

import ddbmock

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ddbmock import Controller


@pytest.fixture
def ddb() -> Iterator[Controller]:
    """A mock of DynamoDB that is active for one test."""
    with ddbmock.mock_dynamodb() as controller:
        yield controller


@pytest.fixture
def dynamodb_client(ddb: Controller) -> Any:  # noqa: ARG001 (asked for to be active)
    """A boto3 client of DynamoDB on the mock `ddb`."""
    boto3 = pytest.importorskip("boto3", reason="dynamodb_client needs boto3")
    return boto3.client("dynamodb")


@pytest.fixture
def dynamodb_resource(ddb: Controller) -> Any:  # noqa: ARG001 (asked for to be active)
    """A boto3 resource of DynamoDB on the mock `ddb`."""
    boto3 = pytest.importorskip("boto3", reason="dynamodb_resource needs boto3")
    return boto3.resource("dynamodb")
