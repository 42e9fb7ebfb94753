from __future__ import annotations

from typing import TYPE_CHECKING, Any

import boto3
import pytest

from ddbmock import mock_dynamodb
from tests.calls.helpers import ORDERS

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ddbmock import Controller


@pytest.fixture
def ddb() -> Iterator[Controller]:
    with mock_dynamodb() as controller:
        yield controller


@pytest.fixture
def client(ddb) -> Any:
    """Return a client of an empty table of orders; nothing is recorded yet."""
    client = boto3.client("dynamodb")
    client.create_table(**ORDERS)
    ddb.calls.clear()
    return client
