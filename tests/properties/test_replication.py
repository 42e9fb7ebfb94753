"""Writes in several regions, isolations and time against a list of writes: the last one wins.

Backups and point-in-time recovery of each region have what that region had.
"""

from __future__ import annotations

from copy import deepcopy
from typing import TYPE_CHECKING, Any

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from ddbmock._internal.service_model import input_shape
from tests.properties.service import REGION, Client
from tests.random_examples import examples

if TYPE_CHECKING:
    from ddbmock._internal.engine.global_tables import Replica

#: The region that all others were copied from, and those.
OTHERS = ("eu-west-1", "us-west-2")
REGIONS = (REGION, *OTHERS)
PLACES = st.sampled_from(REGIONS)
KEYS = st.sampled_from(["a", "b", "c"])
NAME = {"TableName": "orders"}
RECOVERY = {"PointInTimeRecoveryEnabled": True}

#: What each key was written last: the number of the write, None where the item was deleted.
Written = dict[str, int | None]


class ReplicationMachine(RuleBasedStateMachine):
    """A global table with three replicas, two seconds apart."""

    def __init__(self) -> None:
        super().__init__()
        self.client = Client()
        self.backend = self.client.service.backend
        self.backend.lag_seconds = (0.5, 2.0)
        self.backend.clock.freeze(1_800_000_000)
        self.call(
            REGION,
            "CreateTable",
            KeySchema=[{"AttributeName": "pk", "KeyType": "HASH"}],
            AttributeDefinitions=[
                {"AttributeName": "pk", "AttributeType": "S"},
                {"AttributeName": "by", "AttributeType": "S"},
            ],
            GlobalSecondaryIndexes=[
                {
                    "IndexName": "by-region",
                    "KeySchema": [{"AttributeName": "by", "KeyType": "HASH"}],
                    "Projection": {"ProjectionType": "ALL"},
                }
            ],
            BillingMode="PAY_PER_REQUEST",
        )
        self.call(REGION, "UpdateContinuousBackups", PointInTimeRecoverySpecification=RECOVERY)
        for region in OTHERS:
            self.add(region)
        self.count = 0
        self.last: Written = {}
        #: The last write of each region by itself.
        self.own: dict[tuple[str, str], int] = {}
        #: What each region had at each time, as long as its replica is the same.
        self.past: dict[str, dict[float, dict[str, int]]] = {region: {} for region in REGIONS}
        #: Region and ARN of each backup -> its items.
        self.backups: dict[tuple[str, str], dict[str, int]] = {}
        self.mark: Any = None

    def call(self, region: str, operation_name: str, **request: Any) -> dict[str, Any]:
        return self.execute(region, operation_name, {**NAME, **request})

    def execute(self, region: str, operation_name: str, request: dict[str, Any]) -> dict[str, Any]:
        shape = input_shape(operation_name)
        execute = self.client.service.execute
        return execute(region, operation_name, request, shape, validated=True)

    def add(self, region: str) -> None:
        action = {"Create": {"RegionName": region}}
        self.call(REGION, "UpdateTable", ReplicaUpdates=[action])
        # Each replica has recovery of its own.
        self.call(region, "UpdateContinuousBackups", PointInTimeRecoverySpecification=RECOVERY)

    def items(self, region: str, name: str = "orders") -> dict[str, int]:
        found = self.call(region, "Scan", TableName=name, ConsistentRead=True)["Items"]
        return {item["pk"]["S"]: int(item["number"]["N"]) for item in found}

    # --- writes ---

    @rule(region=PLACES, key=KEYS)
    def put(self, region: str, key: str) -> None:
        self.call(region, "PutItem", Item={"pk": {"S": key}, **self.written(region, key)})

    def written(self, region: str, key: str) -> dict[str, Any]:
        """Note a write, and return attributes that no other write has."""
        self.count += 1
        self.last[key] = self.own[region, key] = self.count
        return {"number": {"N": str(self.count)}, "by": {"S": region}}

    @rule(region=PLACES, keys=st.sets(KEYS, min_size=1))
    def transact(self, region: str, keys: set[str]) -> None:
        puts = [
            {"Put": {**NAME, "Item": {"pk": {"S": key}, **self.written(region, key)}}}
            for key in sorted(keys)
        ]
        self.execute(region, "TransactWriteItems", {"TransactItems": puts})

    @rule(region=PLACES, key=KEYS)
    def delete(self, region: str, key: str) -> None:
        # A deletion of nothing is no write.
        if key in self.items(region):
            self.count += 1
            self.last[key], self.own[region, key] = None, self.count
        self.call(region, "DeleteItem", Key={"pk": {"S": key}})

    # --- what happens to regions ---

    @rule(region=PLACES)
    def isolate(self, region: str) -> None:
        self.backend.isolate(region)

    @rule(region=PLACES)
    def heal(self, region: str) -> None:
        self.backend.heal(region)

    @rule(seconds=st.sampled_from([0.4, 1, 3]))
    def advance(self, seconds: float) -> None:
        self.backend.clock.advance(seconds)

    @rule(region=st.sampled_from(OTHERS))
    def replace(self, region: str) -> None:
        """Delete a replica and add it again, which loses writes that no other replica has."""
        self.converge()
        self.call(region, "DeleteTable")
        self.add(region)
        self.past[region] = {}

    @rule()
    def converge(self) -> None:
        for region in REGIONS:
            self.backend.heal(region)
        self.backend.settle()
        expected = {key: number for key, number in self.last.items() if number is not None}
        for region in REGIONS:
            assert self.items(region) == expected
        assert not any(replica.versions for replica in self.replicas())

    # --- backups and recovery ---

    @rule(region=PLACES)
    def back_up(self, region: str) -> None:
        details = self.call(region, "CreateBackup", BackupName="backup")["BackupDetails"]
        self.backups[region, details["BackupArn"]] = self.items(region)

    @precondition(lambda self: self.backups)
    @rule(data=st.data())
    def restore_a_backup(self, data: st.DataObject) -> None:
        region, arn = data.draw(st.sampled_from(sorted(self.backups)))
        request = {"TargetTableName": "restored", "BackupArn": arn}
        self.execute(region, "RestoreTableFromBackup", request)
        self.check_restored(region, self.backups[region, arn])

    @precondition(lambda self: self.backups)
    @rule(data=st.data())
    def delete_a_backup(self, data: st.DataObject) -> None:
        region, arn = data.draw(st.sampled_from(sorted(self.backups)))
        self.execute(region, "DeleteBackup", {"BackupArn": arn})
        del self.backups[region, arn]

    @rule(region=PLACES)
    def restore_the_past(self, region: str) -> None:
        self.backend.clock.advance(3)  # what is on its way arrives
        expected = self.items(region)
        self.backend.clock.advance(301)
        self.put(region, "a")
        request = {
            "SourceTableName": "orders",
            "TargetTableName": "restored",
            "UseLatestRestorableTime": True,
        }
        self.execute(region, "RestoreTableToPointInTime", request)
        self.check_restored(region, expected)

    def check_restored(self, region: str, expected: dict[str, int]) -> None:
        """Check a table that was restored, which is alone, and delete it."""
        assert self.items(region, "restored") == expected
        table = self.backend.region(region).tables["restored"]
        table._check()
        assert self.backend.replicator.replica_of(table) is None
        for other in set(REGIONS) - {region}:
            assert "restored" not in self.backend.region(other).tables
        self.call(region, "DeleteTable", TableName="restored")

    # --- going back ---

    @rule()
    def snapshot(self) -> None:
        state = deepcopy((self.last, self.own, self.past, self.backups))
        self.mark = self.backend.snapshot(), state

    @rule()
    def restore(self) -> None:
        if self.mark is not None:
            savepoint, state = self.mark
            self.backend.restore(savepoint)
            self.last, self.own, self.past, self.backups = deepcopy(state)

    # --- what always holds ---

    def replicas(self) -> list[Replica]:
        return list(self.backend.replicator.replicas.values())

    @invariant()
    def regions_hold_nothing_older_than_their_own_writes(self) -> None:
        for region in REGIONS:
            for key, number in self.items(region).items():
                assert number >= self.own.get((region, key), 0)

    @invariant()
    def each_region_has_its_own_past(self) -> None:
        now = self.backend.clock.seconds()
        for region, past in self.past.items():
            past[now] = self.items(region)
            table = self.backend.region(region).tables["orders"]
            for at in list(past)[-5:]:
                stored = (each.load() for each in table.items_at(at).values())
                assert {item["pk"]["S"]: int(item["number"]["N"]) for item in stored} == past[at]

    @invariant()
    def each_region_has_its_own_backups(self) -> None:
        for region in REGIONS:
            found = self.execute(region, "ListBackups", {})["BackupSummaries"]
            own = sorted(arn for place, arn in self.backups if place == region)
            assert sorted(each["BackupArn"] for each in found) == own
            for arn in own:
                shown = self.execute(region, "DescribeBackup", {"BackupArn": arn})
                count = shown["BackupDescription"]["SourceTableDetails"]["ItemCount"]
                assert count == len(self.backups[region, arn])

    @invariant()
    def the_engine_agrees_with_itself(self) -> None:
        for replica in self.replicas():
            replica._check()
            replica.table._check()


TestReplication = ReplicationMachine.TestCase
TestReplication.settings = settings(max_examples=examples(30), stateful_step_count=30)
