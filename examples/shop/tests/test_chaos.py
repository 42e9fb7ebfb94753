"""The shop under failures of production, and mistakes that these failures find."""

from __future__ import annotations

from collections import Counter
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import boto3
import pytest
from boto3.dynamodb.conditions import Key

from ddbmock import mock_dynamodb
from examples.shop import table as shop_table
from examples.shop.day import CREDIT, RECORDS, a_day
from examples.shop.model import Order, Record
from examples.shop.store import Store
from examples.shop.table import INVERTED

if TYPE_CHECKING:
    from collections.abc import Iterable

#: `python -m examples.shop.tests.test_chaos` does a thousand.
SEEDS = range(60)


def run(kind: type[Store], seed: int, dynamodb: Any) -> None:
    """A day in the shop under one seed, and whether everything is right in the evening."""
    with mock_dynamodb(chaos=True, seed=seed) as ddb:
        a_day(kind(shop_table.create(dynamodb)))
        items = ddb.tables[shop_table.TABLE_NAME].items
        assert Counter(item["kind"]["S"] for item in items) == RECORDS
        credit = [Decimal(item["credit"]["N"]) for item in items if "credit" in item]
        assert sum(credit) == CREDIT


@pytest.fixture(scope="module")
def dynamodb() -> Any:
    return boto3.resource("dynamodb", region_name="us-east-1")


def test_the_shop_survives(dynamodb: Any) -> None:
    for seed in SEEDS:
        run(Store, seed, dynamodb)


class ForgetsUnprocessedItems(Store):
    """Loads by batches, and takes it that they are done."""

    def load(self, records: Iterable[Record]) -> int:
        requests = [{"PutRequest": {"Item": record.item()}} for record in records]
        for start in range(0, len(requests), 25):
            self.client.batch_write_item(
                RequestItems={self.table.name: requests[start : start + 25]}
            )
        return len(requests)


class ReadsItsOwnWriteByIndex(Store):
    """Finds an order by the inverted index, just after having placed it."""

    def change_status(self, order: Order, status: str) -> Order:
        key = Key("SK").eq(f"ORDER#{order.order_id}")
        (item,) = self.table.query(IndexName=INVERTED, KeyConditionExpression=key)["Items"]
        return super().change_status(Order.of(item), status)


class CountsTwice(Store):
    """Moves credit by two updates, which a lost response repeats."""

    def transfer_credit(self, giver: str, receiver: str, amount: Decimal) -> None:
        for action in (self._charge(giver, amount), self._give(receiver, amount)):
            self.table.update_item(**action["Update"])


@pytest.mark.parametrize("kind", [ForgetsUnprocessedItems, ReadsItsOwnWriteByIndex, CountsTwice])
def test_mistakes_are_found(dynamodb: Any, kind: type[Store]) -> None:
    assert any(_fails(kind, seed, dynamodb) for seed in SEEDS)


def _fails(kind: type[Store], seed: int, dynamodb: Any) -> bool:
    try:
        run(kind, seed, dynamodb)
    except Exception:  # noqa: BLE001 (whatever way it fails)
        return True
    return False


if __name__ == "__main__":
    resource = boto3.resource("dynamodb", region_name="us-east-1")
    for number in range(1000):
        run(Store, number, resource)
    for mistake in (ForgetsUnprocessedItems, ReadsItsOwnWriteByIndex, CountsTwice):
        found = [number for number in range(100) if _fails(mistake, number, resource)]
        print(f"{mistake.__name__}: found by {len(found)} seeds of 100, first by {found[:1]}")
