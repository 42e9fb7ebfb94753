"""Global tables in a database: the next mock continues with writes in transit."""

from __future__ import annotations

from ddbmock import mock_dynamodb
from tests.operations.replicas import EUROPE, LOCAL, add, client_in, items, put
from tests.operations.table_helpers import described, new_table


def test_a_group_continues(tmp_path):
    path = tmp_path / "state.db"
    with mock_dynamodb(region=LOCAL, isolate=True, db=path):
        new_table(client_in(LOCAL))
        add(client_in(LOCAL), EUROPE)
        put(client_in(LOCAL), "1")
    with mock_dynamodb(region=LOCAL, isolate=True, db=path):
        assert items(client_in(EUROPE)) == {"1": {}}
        put(client_in(EUROPE), "2")
        assert items(client_in(LOCAL)) == {"1": {}, "2": {}}
        assert [each["RegionName"] for each in described(client_in(LOCAL))["Replicas"]] == [EUROPE]


def test_writes_in_transit(tmp_path):
    path = tmp_path / "state.db"
    with mock_dynamodb(region=LOCAL, isolate=True, db=path, lag=60) as ddb:
        ddb.clock.freeze("2026-05-01T12:00:00Z")
        new_table(client_in(LOCAL))
        add(client_in(LOCAL), EUROPE)
        put(client_in(LOCAL), "1", by=LOCAL)
        put(client_in(EUROPE), "1", by=EUROPE)
        put(client_in(EUROPE), "2")
    with mock_dynamodb(region=LOCAL, isolate=True, db=path, lag=60) as ddb:
        assert items(client_in(LOCAL)) == {"1": {"by": LOCAL}}
        ddb.clock.advance(60)
        assert items(client_in(LOCAL)) == {"1": {"by": EUROPE}, "2": {}}
        assert items(client_in(LOCAL)) == items(client_in(EUROPE))


def test_a_replica_that_is_gone(tmp_path):
    path = tmp_path / "state.db"
    with mock_dynamodb(region=LOCAL, isolate=True, db=path):
        new_table(client_in(LOCAL))
        add(client_in(LOCAL), EUROPE)
        client_in(EUROPE).delete_table(TableName="orders")
    with mock_dynamodb(region=LOCAL, isolate=True, db=path):
        assert "Replicas" not in described(client_in(LOCAL))
