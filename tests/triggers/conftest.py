"""Each test of triggers has a mock with a table `orders` that has a stream."""

from __future__ import annotations

from datetime import datetime, timezone

import pytest

from ddbmock import mock_dynamodb
from tests.stream_helpers import create

MOMENT = datetime(2026, 1, 2, 3, 4, 5, 678_000, tzinfo=timezone.utc)


@pytest.fixture
def ddb():
    with mock_dynamodb(region="eu-west-1") as controller:
        controller.clock.freeze(MOMENT)
        create()
        yield controller


@pytest.fixture
def arn(ddb):
    return ddb.tables["orders"].stream.arn
