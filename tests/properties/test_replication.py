"""Writes in several regions, isolations and time against a list of writes: the last one wins."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from ddbmock.service_model import input_shape
from tests.properties.service import REGION, Client

if TYPE_CHECKING:
    from ddbmock.engine.replication import Replica

#: The region that all others were copied from, and those.
OTHERS = ("eu-west-1", "us-west-2")
REGIONS = (REGION, *OTHERS)
PLACES = st.sampled_from(REGIONS)
KEYS = st.sampled_from(["a", "b", "c"])
NAME = {"TableName": "orders"}

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
        for region in OTHERS:
            self.add(region)
        self.count = 0
        self.last: Written = {}
        #: The last write of each region by itself.
        self.own: dict[tuple[str, str], int] = {}
        self.mark: Any = None

    def call(self, region: str, operation_name: str, **request: Any) -> dict[str, Any]:
        shape = input_shape(operation_name)
        execute = self.client.service.execute
        return execute(region, operation_name, {**NAME, **request}, shape, validated=True)

    def add(self, region: str) -> None:
        action = {"Create": {"RegionName": region}}
        self.call(REGION, "UpdateTable", ReplicaUpdates=[action])

    def items(self, region: str) -> dict[str, int]:
        found = self.call(region, "Scan", ConsistentRead=True)["Items"]
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
        shape = input_shape("TransactWriteItems")
        request = {"TransactItems": puts}
        execute = self.client.service.execute
        execute(region, "TransactWriteItems", request, shape, validated=True)

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
        """Delete a replica and add it again, which forgets what nobody else has seen."""
        self.converge()
        self.call(region, "DeleteTable")
        self.add(region)

    @rule()
    def converge(self) -> None:
        for region in REGIONS:
            self.backend.heal(region)
        self.backend.settle()
        expected = {key: number for key, number in self.last.items() if number is not None}
        for region in REGIONS:
            assert self.items(region) == expected
        assert not any(replica.versions for replica in self.replicas())

    # --- going back ---

    @rule()
    def snapshot(self) -> None:
        self.mark = (self.backend.snapshot(), dict(self.last), dict(self.own))

    @rule()
    def restore(self) -> None:
        if self.mark is not None:
            savepoint, last, own = self.mark
            self.backend.restore(savepoint)
            self.last, self.own = dict(last), dict(own)

    # --- what always holds ---

    def replicas(self) -> list[Replica]:
        return list(self.backend.replicator.replicas.values())

    @invariant()
    def regions_hold_nothing_older_than_their_own_writes(self) -> None:
        for region in REGIONS:
            for key, number in self.items(region).items():
                assert number >= self.own.get((region, key), 0)

    @invariant()
    def the_engine_agrees_with_itself(self) -> None:
        for replica in self.replicas():
            replica._check()
            replica.table._check()


TestReplication = ReplicationMachine.TestCase
TestReplication.settings = settings(max_examples=30, stateful_step_count=30)
