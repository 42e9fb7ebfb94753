"""Accesses on credit: nothing tells them from accesses that look at every bucket."""

from __future__ import annotations

from contextlib import ExitStack
from operator import itemgetter
from typing import TYPE_CHECKING, Any
from unittest.mock import patch

import boto3
from botocore.config import Config
from botocore.exceptions import ClientError
from hypothesis import given, settings
from hypothesis import strategies as st

from ddbmock import mock_dynamodb
from ddbmock._internal import limits
from ddbmock._internal.engine.index import EntryCell
from ddbmock._internal.throughput import Throughput
from ddbmock._internal.throughput import throughput as module
from tests.random_examples import examples
from tests.throughput.conftest import create, item, units

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ddbmock._internal.throughput.partitions import Partition

#: Times and units are multiples of powers of two, so that their sums are exact in any order.
QUARTER = 0.25
numbers = st.integers(0, 3).map(str)
customers = st.sampled_from(["ann", "bob"])
sizes = st.sampled_from([0, 3])
puts = st.tuples(numbers, customers, sizes)
first = itemgetter(0)
accesses = st.one_of(
    st.tuples(st.just("put"), puts),
    st.tuples(st.just("get"), numbers),
    st.tuples(st.just("gets"), st.lists(numbers, min_size=1, max_size=4, unique=True)),
    st.tuples(st.just("query"), customers),
    st.tuples(st.just("scan"), st.none()),
    st.tuples(st.just("batch"), st.lists(puts, min_size=1, max_size=4, unique_by=first)),
    st.tuples(st.just("transact"), st.lists(puts, min_size=1, max_size=3, unique_by=first)),
)
others = st.one_of(
    st.tuples(st.just("mark"), st.none()),
    st.tuples(st.just("restore"), st.none()),
    st.tuples(st.just("forget"), st.none()),
    st.tuples(st.just("resize"), st.sampled_from([8, 64])),
    st.tuples(st.just("wait"), st.integers(1, 300)),
    st.tuples(st.just("set back"), st.integers(1, 8)),
    st.tuples(st.just("look"), st.none()),
    st.tuples(st.just("drain"), st.sampled_from([None, "by-customer"])),
    st.tuples(st.just("fill"), st.sampled_from([None, "by-customer"])),
    st.tuples(st.just("clear"), st.none()),
)
#: Accesses, some of them often enough to use a partition up, and something else between them.
plans = st.lists(
    st.tuples(st.lists(st.tuples(accesses, st.integers(1, 12)), min_size=1, max_size=4), others),
    min_size=2,
    max_size=6,
)
Step = tuple[str, Any]


def table_item(put: tuple[str, str, int]) -> dict[str, Any]:
    number, customer, kilobytes = put
    return item(number, kilobytes, customer=customer)


def heat_of(partition: Partition) -> dict[Any, float]:
    """Return the heat of each key, without the cells of entries, which are each mock's own."""
    return {
        tuple("" if isinstance(part, EntryCell) else part for part in key): heat
        for key, heat in partition.heat.items()
    }


class Player:
    """Plays steps against a mock, and notes what can be seen."""

    def __init__(self, ddb: Any, client: Any) -> None:
        self._ddb, self._client = ddb, client
        self._mark: Any = None
        self.seen: list[Any] = []

    def play(self, step: Step) -> None:
        name, value = step
        try:
            answer = getattr(self, name.replace(" ", "_"))(value)
        except ClientError as error:
            answer = error.response["Error"], error.response.get("ThrottlingReasons")
        self.seen.append((step, answer))

    def put(self, put: Any) -> None:
        self._client.put_item(TableName="orders", Item=table_item(put))

    def get(self, number: str) -> None:
        self._client.get_item(TableName="orders", Key=item(number))

    def gets(self, numbers: Sequence[str]) -> Any:
        keys = {"Keys": [item(number) for number in numbers], "ConsistentRead": True}
        answer = self._client.batch_get_item(RequestItems={"orders": keys})
        return answer["UnprocessedKeys"]

    def query(self, customer: str) -> None:
        self._client.query(
            TableName="orders",
            IndexName="by-customer",
            KeyConditionExpression="customer = :c",
            ExpressionAttributeValues={":c": {"S": customer}},
        )

    def scan(self, _: None) -> None:
        self._client.scan(TableName="orders")

    def batch(self, puts: Sequence[Any]) -> Any:
        requests = [{"PutRequest": {"Item": table_item(put)}} for put in puts]
        return self._client.batch_write_item(RequestItems={"orders": requests})["UnprocessedItems"]

    def transact(self, puts: Sequence[Any]) -> None:
        self._client.transact_write_items(
            TransactItems=[{"Put": {"TableName": "orders", "Item": table_item(p)}} for p in puts]
        )

    def wait(self, quarters: int) -> None:
        self._ddb.clock.advance(quarters * QUARTER)

    def set_back(self, quarters: int) -> None:
        self._ddb.clock.freeze(self._ddb.clock.now().timestamp() - quarters * QUARTER)

    def resize(self, size: int) -> None:
        self._client.update_table(
            TableName="orders",
            ProvisionedThroughput=units(size, size),
            GlobalSecondaryIndexUpdates=[
                {
                    "Update": {
                        "IndexName": "by-customer",
                        "ProvisionedThroughput": units(size, 96 - size),
                    }
                }
            ],
        )

    def look(self, _: None = None) -> Any:
        throughput = self._ddb.throughput
        of_tables = [
            (throughput.left("orders", index), throughput.partition_count("orders", index))
            for index in (None, "by-customer")
        ]
        return of_tables, throughput.throttles, throughput.report()

    def drain(self, index: str | None) -> None:
        self._ddb.throughput.drain("orders", index)

    def fill(self, index: str | None) -> None:
        self._ddb.throughput.fill("orders", index)

    def clear(self, _: None) -> None:
        self._ddb.throughput.clear()

    def mark(self, _: None) -> None:
        self._mark = self._ddb.snapshot()

    def restore(self, _: None) -> None:
        if self._mark is not None:
            self._ddb.restore(self._mark)

    def forget(self, _: None) -> None:
        self._mark = None

    def state(self) -> Any:
        """Return what the mock knows of each table and index, beyond what a test can ask for."""
        self.look()
        return {
            name: (
                [
                    (d.demand.units, d.demand.peak_units, d.demand.by_key, d.demand.last_at)
                    for d in capacity.directions.values()
                ],
                [
                    (part.low, heat_of(part), {w: b.state for w, b in part.buckets.items()})
                    for part in capacity.partitions._partitions
                ],
            )
            for (_, name), capacity in self._ddb.throughput._capacities.items()
        }


def played(
    plan: Sequence[Step], table: dict[str, int] | None, *, on_credit: bool
) -> tuple[Any, Any, int]:
    """Return what is seen and known after some steps, and how many accesses were on credit."""
    counted = 0
    settle = Throughput._settle

    def counting(throughput: Throughput) -> None:
        nonlocal counted
        counted += len(throughput._on_credit)
        settle(throughput)

    with ExitStack() as stack:
        stack.enter_context(patch.object(limits, "PARTITION_READ_UNITS_PER_SECOND", 32))
        stack.enter_context(patch.object(limits, "PARTITION_WRITE_UNITS_PER_SECOND", 32))
        stack.enter_context(patch.object(limits, "INITIAL_READ_UNITS_PER_SECOND", 64))
        stack.enter_context(patch.object(limits, "INITIAL_WRITE_UNITS_PER_SECOND", 64))
        stack.enter_context(patch.object(module, "_ON_CREDIT_MAX", 8))
        stack.enter_context(patch.object(Throughput, "_settle", counting))
        if not on_credit:
            stack.enter_context(patch.object(Throughput, "_give_credit", lambda *_: None))
        ddb = stack.enter_context(mock_dynamodb(throughput=4, isolate=True))
        ddb.clock.freeze(1_000_000)
        config = Config(retries={"total_max_attempts": 1})
        client = boto3.client("dynamodb", "us-east-1", config=config)
        create(client, table=table)
        player = Player(ddb, client)
        for step in plan:
            player.play(step)
        return player.seen, player.state(), counted


@settings(max_examples=examples(100))
@given(plans, st.sampled_from([None, units(64, 64)]))
def test_credit_changes_nothing(parts: Any, table: dict[str, int] | None) -> None:
    plan: list[Step] = []
    for accesses_of_part, other in parts:
        plan += [access for access, times in accesses_of_part for _ in range(times)]
        plan.append(other)
    seen, state, _ = played(plan, table, on_credit=True)
    seen_by_buckets, state_by_buckets, counted = played(plan, table, on_credit=False)
    assert counted == 0
    assert seen == seen_by_buckets
    assert state == state_by_buckets


def test_most_accesses_are_on_credit() -> None:
    plan: list[Step] = [("put", ("1", "ann", 0)), *[("get", "1")] * 20, *[("query", "ann")] * 5]
    _, _, counted = played(plan, units(64, 64), on_credit=True)
    assert counted == len(plan) - 1
