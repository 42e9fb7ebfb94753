"""Replication between the regions of a global table: lag, isolation, last writer wins, streams."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import boto3
import pytest

from ddbmock import mock_dynamodb
from ddbmock._internal.engine.commit import CALL
from ddbmock._internal.engine.replication import REPLICATION
from tests.operations.replicas import EUROPE, LOCAL, WEST, add, client_in, items, put, records
from tests.operations.table_helpers import new_table

NOON = "2026-05-01T12:00:00Z"
NOON_SECONDS = 1777636800


@pytest.fixture
def group(ddb: Any, client: Any) -> Any:
    """Three replicas with a frozen clock."""
    ddb.clock.freeze(NOON)
    new_table(client)
    add(client, EUROPE, WEST)
    return client


@pytest.fixture
def client(dynamodb_client: Any) -> Any:
    return dynamodb_client


def everywhere() -> list[dict[str, Any]]:
    return [items(client_in(region)) for region in (LOCAL, EUROPE, WEST)]


def check(ddb: Any) -> None:
    """Assert that the engine's own invariants hold."""
    backend = ddb._backend
    for region in backend.regions():
        for table in region.tables.values():
            table._check()
            replica = backend.replicator.replica_of(table)
            if replica is not None:
                replica._check()


class TestWithoutLag:
    def test_every_kind_of_write(self, ddb, group):
        put(group, "1", state="new")
        assert everywhere() == [{"1": {"state": "new"}}] * 3
        client_in(EUROPE).update_item(
            TableName="orders",
            Key={"pk": {"S": "1"}},
            UpdateExpression="SET #s = :s",
            ExpressionAttributeNames={"#s": "state"},
            ExpressionAttributeValues={":s": {"S": "paid"}},
        )
        assert everywhere() == [{"1": {"state": "paid"}}] * 3
        client_in(WEST).delete_item(TableName="orders", Key={"pk": {"S": "1"}})
        assert everywhere() == [{}] * 3
        check(ddb)

    def test_a_transaction(self, group):
        group.transact_write_items(
            TransactItems=[
                {"Put": {"TableName": "orders", "Item": {"pk": {"S": key}}}} for key in "abc"
            ]
        )
        assert everywhere() == [{"a": {}, "b": {}, "c": {}}] * 3

    def test_loaded_items(self, ddb, group):
        ddb.load({"orders": [{"pk": "1"}]})
        assert items(client_in(WEST)) == {"1": {}}

    def test_a_refused_write_goes_nowhere(self, ddb, group):
        put(group, "1")
        replica = ddb._backend.replicator.replica_of(ddb.regions[EUROPE].tables["orders"]._table)
        before = len(records(EUROPE))
        with pytest.raises(group.exceptions.ConditionalCheckFailedException):
            group.put_item(
                TableName="orders",
                Item={"pk": {"S": "1"}, "state": {"S": "x"}},
                ConditionExpression="attribute_not_exists(pk)",
            )
        assert (len(records(EUROPE)), replica.versions) == (before, {})

    def test_observers_see_both_commits(self, ddb, group):
        seen: list[Any] = []
        ddb._backend.observe(
            lambda committed: seen.append((committed.origin, len(committed.changes)))
        )
        put(group, "1")
        assert seen == [(CALL, 1), (REPLICATION, 1), (REPLICATION, 1)]

    def test_triggers_of_another_region_see_it_at_once(self, ddb, group):
        names: list[str] = []
        ddb.on_change(
            "orders",
            lambda event: names.extend(each["eventName"] for each in event["Records"]),
            region=EUROPE,
            deliver="immediately",
        )
        put(group, "1")
        assert names == ["INSERT"]


class TestStreams:
    def test_each_region_has_records_of_its_own(self, group):
        put(group, "1")
        here, there = records(LOCAL), records(EUROPE)
        assert [each["eventName"] for each in here + there] == ["INSERT", "INSERT"]
        assert (here[0]["awsRegion"], there[0]["awsRegion"]) == (LOCAL, EUROPE)
        assert here[0]["eventID"] != there[0]["eventID"]
        for each in (here[0], there[0]):
            assert "userIdentity" not in each
            assert each["dynamodb"]["NewImage"] == {"pk": {"S": "1"}}

    def test_an_expired_item(self, ddb, group):
        specification = {"Enabled": True, "AttributeName": "until"}
        group.update_time_to_live(TableName="orders", TimeToLiveSpecification=specification)
        put_with_time(group, "1", NOON_SECONDS + 60)
        ddb.clock.advance(days=3)
        assert everywhere() == [{}] * 3
        # The service deletes it in one region, and replicates that as any other deletion.
        removed = [records(region)[-1] for region in (LOCAL, EUROPE, WEST)]
        assert [each["eventName"] for each in removed] == ["REMOVE"] * 3
        assert removed[0]["userIdentity"] == {
            "Type": "Service",
            "PrincipalId": "dynamodb.amazonaws.com",
        }
        assert "userIdentity" not in removed[1]
        assert "userIdentity" not in removed[2]

    def test_expire(self, ddb, group):
        specification = {"Enabled": True, "AttributeName": "until"}
        group.update_time_to_live(TableName="orders", TimeToLiveSpecification=specification)
        put_with_time(group, "1", NOON_SECONDS - 60)
        assert ddb.expire() == 1
        assert everywhere() == [{}] * 3

    def test_an_isolated_region_deletes_for_itself(self, ddb, group):
        specification = {"Enabled": True, "AttributeName": "until"}
        group.update_time_to_live(TableName="orders", TimeToLiveSpecification=specification)
        put_with_time(group, "1", NOON_SECONDS + 60)
        ddb.regions[EUROPE].isolate()
        ddb.clock.advance(days=3)
        assert everywhere() == [{}] * 3
        assert "userIdentity" in records(EUROPE)[-1]
        ddb.regions[EUROPE].heal()
        check(ddb)

    def test_when_the_region_that_deletes_is_gone(self, ddb, group):
        specification = {"Enabled": True, "AttributeName": "until"}
        group.update_time_to_live(TableName="orders", TimeToLiveSpecification=specification)
        put_with_time(group, "1", NOON_SECONDS + 60)
        ddb.clock.advance(days=1, hours=1)
        group.delete_table(TableName="orders")
        ddb.clock.advance(days=3)
        assert [items(client_in(region)) for region in (EUROPE, WEST)] == [{}, {}]
        assert "userIdentity" in records(EUROPE)[-1]


def put_with_time(client: Any, key: str, until: int) -> None:
    item = {"pk": {"S": key}, "until": {"N": str(until)}}
    client.put_item(TableName="orders", Item=item)


class TestLag:
    @pytest.fixture
    def slow(self):
        with mock_dynamodb(lag=2.0, region=LOCAL, isolate=True) as ddb:
            ddb.clock.freeze(NOON)
            new_table(client_in(LOCAL))
            add(client_in(LOCAL), EUROPE, WEST)
            yield ddb

    def test_a_write_arrives_after_the_lag(self, slow):
        put(client_in(LOCAL), "1")
        slow.clock.advance(1.9)
        assert everywhere() == [{"1": {}}, {}, {}]
        slow.clock.advance(0.1)
        assert everywhere() == [{"1": {}}] * 3

    def test_settle(self, slow):
        put(client_in(LOCAL), "1")
        slow.settle()
        assert everywhere() == [{"1": {}}] * 3
        assert slow.clock.now().isoformat() == "2026-05-01T12:00:00+00:00"

    def test_writes_arrive_in_order(self, slow):
        for state in ("new", "paid"):
            put(client_in(LOCAL), "1", state=state)
            slow.clock.advance(1)
        assert items(client_in(EUROPE)) == {"1": {"state": "new"}}
        slow.clock.advance(1)
        assert items(client_in(EUROPE)) == {"1": {"state": "paid"}}

    def test_the_last_writer_wins(self, slow):
        put(client_in(LOCAL), "1", by="first", only="here")
        put(client_in(EUROPE), "1", by="second")
        assert everywhere() == [{"1": {"by": "first", "only": "here"}}, {"1": {"by": "second"}}, {}]
        slow.settle()
        assert everywhere() == [{"1": {"by": "second"}}] * 3

    def test_a_deletion_wins_too(self, slow):
        put(client_in(LOCAL), "1")
        slow.settle()
        put(client_in(LOCAL), "1", state="new")
        client_in(EUROPE).delete_item(TableName="orders", Key={"pk": {"S": "1"}})
        slow.settle()
        assert everywhere() == [{}] * 3

    def test_a_write_after_a_deletion_wins(self, slow):
        put(client_in(LOCAL), "1")
        slow.settle()
        client_in(EUROPE).delete_item(TableName="orders", Key={"pk": {"S": "1"}})
        put(client_in(WEST), "1", state="back")
        slow.settle()
        assert everywhere() == [{"1": {"state": "back"}}] * 3

    def test_a_condition_sees_its_own_region(self, slow):
        put(client_in(LOCAL), "1")
        client_in(EUROPE).put_item(
            TableName="orders",
            Item={"pk": {"S": "1"}, "by": {"S": "europe"}},
            ConditionExpression="attribute_not_exists(pk)",
        )
        slow.settle()
        assert everywhere() == [{"1": {"by": "europe"}}] * 3

    def test_a_clock_that_is_set_back(self, slow):
        put(client_in(LOCAL), "1", state="new")
        slow.settle()
        slow.clock.freeze("2026-04-01T12:00:00Z")
        put(client_in(LOCAL), "1", state="newer")
        put(client_in(LOCAL), "2")
        slow.settle()
        assert everywhere() == [{"1": {"state": "newer"}, "2": {}}] * 3

    def test_a_new_replica_gets_writes_in_transit(self, slow):
        put(client_in(EUROPE), "1")
        add(client_in(LOCAL), "us-east-2")
        assert items(client_in("us-east-2")) == {}
        slow.settle()
        assert items(client_in("us-east-2")) == {"1": {}}

    def test_nothing_is_remembered_when_all_has_arrived(self, slow):
        for region in (LOCAL, EUROPE):
            put(client_in(region), "1", by=region)
        slow.settle()
        replicas = slow._backend.replicator.replicas.values()
        assert len(replicas) == 3
        for replica in replicas:
            assert replica.versions == {}
            assert not any(replica.links.values())

    def test_a_range(self):
        with mock_dynamodb(lag=(1, 3), region=LOCAL, isolate=True) as ddb:
            ddb.clock.freeze(NOON)
            new_table(client_in(LOCAL))
            add(client_in(LOCAL), EUROPE)
            put(client_in(LOCAL), "1")
            assert items(client_in(EUROPE)) == {}
            ddb.clock.advance(0.9)
            assert items(client_in(EUROPE)) == {}
            ddb.clock.advance(2.1)
            assert items(client_in(EUROPE)) == {"1": {}}


class TestIsolation:
    def test_nothing_crosses_the_border(self, ddb, group):
        ddb.regions[EUROPE].isolate()
        put(client_in(EUROPE), "1")
        put(client_in(LOCAL), "2")
        ddb.settle()
        assert everywhere() == [{"2": {}}, {"1": {}}, {"2": {}}]
        ddb.regions[EUROPE].heal()
        assert everywhere() == [{"1": {}, "2": {}}] * 3
        check(ddb)

    @pytest.mark.parametrize("regions", [(LOCAL, EUROPE), (EUROPE, LOCAL), (EUROPE, WEST)])
    def test_the_last_writer_wins(self, ddb, group, regions):
        ddb.regions[EUROPE].isolate()
        for region in regions:
            put(client_in(region), "1", by=region)
        ddb.regions[EUROPE].heal()
        assert everywhere() == [{"1": {"by": regions[-1]}}] * 3

    def test_two_regions(self, ddb, group):
        for region in (EUROPE, WEST):
            ddb.regions[region].isolate()
        for region in (WEST, LOCAL, EUROPE):
            put(client_in(region), region)
            put(client_in(region), "1", by=region)
        ddb.regions[EUROPE].heal()
        assert items(client_in(LOCAL)) == {EUROPE: {}, LOCAL: {}, "1": {"by": EUROPE}}
        assert items(client_in(WEST)) == {WEST: {}, "1": {"by": WEST}}
        ddb.regions[WEST].heal()
        assert everywhere() == [{LOCAL: {}, EUROPE: {}, WEST: {}, "1": {"by": EUROPE}}] * 3

    def test_isolated_twice_is_isolated(self, ddb, group):
        region = ddb.regions[EUROPE]
        region.isolate()
        region.isolate()
        assert region.is_isolated
        assert repr(region) == "<region eu-west-1: 1 table, isolated>"
        region.heal()
        region.heal()
        assert not region.is_isolated
        assert repr(region) == "<region eu-west-1: 1 table>"

    def test_a_reset_heals(self, ddb, group):
        ddb.regions[EUROPE].isolate()
        ddb.reset()
        assert not ddb.regions[EUROPE].is_isolated
        new_table(group)
        add(group, EUROPE)
        put(group, "1")
        assert items(client_in(EUROPE)) == {"1": {}}

    def test_with_a_lag_what_is_overdue_arrives_at_once(self):
        with mock_dynamodb(lag=2.0, region=LOCAL, isolate=True) as ddb:
            ddb.clock.freeze(NOON)
            new_table(client_in(LOCAL))
            add(client_in(LOCAL), EUROPE)
            ddb.regions[EUROPE].isolate()
            put(client_in(LOCAL), "1")
            ddb.clock.advance(timedelta(minutes=5))
            put(client_in(LOCAL), "2")
            ddb.regions[EUROPE].heal()
            assert items(client_in(EUROPE)) == {"1": {}}
            ddb.clock.advance(2)
            assert items(client_in(EUROPE)) == {"1": {}, "2": {}}


class TestGoingBack:
    def test_a_write_and_its_replication(self, ddb, group):
        put(group, "1")
        with ddb.rollback():
            put(group, "2")
            assert everywhere() == [{"1": {}, "2": {}}] * 3
        assert everywhere() == [{"1": {}}] * 3
        assert len(records(EUROPE)) == 1
        check(ddb)

    def test_writes_in_transit(self, ddb, group):
        ddb.regions[EUROPE].isolate()
        put(group, "1", state="new")
        mark = ddb.snapshot()
        put(group, "1", state="paid")
        put(client_in(EUROPE), "2")
        ddb.regions[EUROPE].heal()
        ddb.restore(mark)
        assert ddb.regions[EUROPE].is_isolated
        assert everywhere() == [{"1": {"state": "new"}}, {}, {"1": {"state": "new"}}]
        ddb.regions[EUROPE].heal()
        assert everywhere() == [{"1": {"state": "new"}}] * 3
        check(ddb)

    def test_members(self, ddb, group):
        mark = ddb.snapshot()
        put(group, "1")
        client_in(WEST).delete_table(TableName="orders")
        put(group, "2")
        ddb.restore(mark)
        put(group, "3")
        assert everywhere() == [{"3": {}}] * 3
        check(ddb)

    def test_a_group(self, ddb, client):
        new_table(client)
        with ddb.rollback():
            add(client, EUROPE)
            put(client, "1")
        put(client, "2")
        assert items(client) == {"2": {}}
        assert boto3.client("dynamodb", EUROPE).list_tables()["TableNames"] == []
        assert not ddb._backend.replicator.replicas

    def test_units(self, ddb, group):
        replica = ddb._backend.replicator.replica_of(ddb.tables["orders"]._table)
        put(group, "1")
        with ddb.rollback():
            put(group, "2")
        assert replica.replicated_write_units == 1


class TestSavedState:
    def test_a_group_continues(self, ddb, group, tmp_path):
        put(group, "1")
        ddb.regions[EUROPE].isolate()
        put(group, "1", by=LOCAL)
        put(client_in(EUROPE), "1", by=EUROPE)
        put(client_in(EUROPE), "2")
        client_in(WEST).delete_item(TableName="orders", Key={"pk": {"S": "2"}})
        path = tmp_path / "state.jsonl"
        ddb.save(path)
        with mock_dynamodb(region=LOCAL, isolate=True) as other:
            other.load(path)
            # No region is isolated in a saved state: writes in transit arrive.
            assert everywhere() == [{"1": {"by": EUROPE}, "2": {}}] * 3
            put(client_in(WEST), "3")
            assert items(client_in(EUROPE))["3"] == {}
            shown = client_in(LOCAL).describe_table(TableName="orders")["Table"]
            assert [each["RegionName"] for each in shown["Replicas"]] == [EUROPE, WEST]
            check(other)

    def test_strong_consistency_and_witnesses(self, ddb, client, tmp_path):
        new_table(client)
        client.update_table(
            TableName="orders",
            MultiRegionConsistency="STRONG",
            ReplicaUpdates=[{"Create": {"RegionName": WEST}}],
            GlobalTableWitnessUpdates=[{"Create": {"RegionName": "us-east-2"}}],
        )
        path = tmp_path / "state.jsonl"
        ddb.save(path)
        before = client.describe_table(TableName="orders")["Table"]
        with mock_dynamodb(region=LOCAL, isolate=True) as other:
            other.load(path)
            assert client.describe_table(TableName="orders")["Table"] == before
            put(client_in(WEST), "1")
            assert items(client_in(LOCAL)) == {"1": {}}
            check(other)


class TestUnits:
    def test_each_region_pays_a_write(self, ddb, group):
        put(group, "1", text="x" * 1500)
        client_in(EUROPE).delete_item(TableName="orders", Key={"pk": {"S": "1"}})
        for region in (LOCAL, EUROPE, WEST):
            view = ddb.regions[region].tables["orders"]
            assert view.replicated_write_units == 4

    def test_a_time_to_live_is_free_where_it_ends(self, ddb, group):
        specification = {"Enabled": True, "AttributeName": "until"}
        group.update_time_to_live(TableName="orders", TimeToLiveSpecification=specification)
        put_with_time(group, "1", NOON_SECONDS - 60)
        ddb.expire()
        units = [
            ddb.regions[region].tables["orders"].replicated_write_units
            for region in (LOCAL, EUROPE, WEST)
        ]
        assert units == [1, 2, 2]

    def test_an_answer_has_those_of_its_own_region(self, group):
        item = {"pk": {"S": "1"}}
        response = group.put_item(TableName="orders", Item=item, ReturnConsumedCapacity="TOTAL")
        assert response["ConsumedCapacity"] == {"TableName": "orders", "CapacityUnits": 1.0}

    def test_a_table_of_one_region_pays_none(self, ddb, client):
        new_table(client)
        put(client, "1")
        assert ddb.tables["orders"].replicated_write_units == 0
