"""ReplicationLatency: how long writes take from one region to another."""

from __future__ import annotations

import pytest

from ddbmock import mock_dynamodb
from tests.operations.replicas import EAST, EUROPE, LOCAL, WEST, add, client_in, create, put, strong
from tests.operations.table_helpers import new_table, update


@pytest.fixture
def slow():
    with mock_dynamodb(metrics=True, lag=2.0, region=LOCAL, isolate=True) as ddb:
        ddb.clock.freeze("2026-03-02T10:00:00Z")
        new_table(client_in(LOCAL))
        yield ddb


def latency(ddb, receiving):
    dimensions = {"TableName": "orders", "ReceivingRegion": receiving}
    return ddb.metrics.total("ReplicationLatency", **dimensions)


def test_the_lag(slow):
    add(client_in(LOCAL), EUROPE, WEST)
    put(client_in(LOCAL), "1")
    slow.clock.advance(60)
    assert (latency(slow, EUROPE), latency(slow, WEST)) == (2000, 2000)


def test_an_isolated_region(slow):
    add(client_in(LOCAL), EUROPE)
    slow.regions[EUROPE].isolate()
    put(client_in(LOCAL), "1")
    slow.clock.advance(90)
    slow.regions[EUROPE].heal()
    assert latency(slow, EUROPE) == 90_000


def test_strong_consistency_has_none(slow):
    update(client_in(LOCAL), **strong(create(EAST), create(WEST)))
    put(client_in(LOCAL), "1")
    assert latency(slow, EAST) == 0
