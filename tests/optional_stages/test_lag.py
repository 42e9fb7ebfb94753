"""Eventually consistent reads that are behind: `mock_dynamodb(lag=...)`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import boto3
import pytest
from boto3.dynamodb.conditions import Attr, Key

from ddbmock import MisuseError, mock_dynamodb

if TYPE_CHECKING:
    from collections.abc import Iterator


@pytest.fixture
def ddb() -> Iterator[Any]:
    with mock_dynamodb(lag=2) as ddb:
        ddb.clock.freeze(1_000)
        yield ddb


@pytest.fixture
def orders(ddb: Any) -> Any:
    return create_orders()


def create_orders() -> Any:
    return boto3.resource("dynamodb", "us-east-1").create_table(
        TableName="orders",
        KeySchema=[
            {"AttributeName": "id", "KeyType": "HASH"},
            {"AttributeName": "line", "KeyType": "RANGE"},
        ],
        AttributeDefinitions=[
            {"AttributeName": "id", "AttributeType": "S"},
            {"AttributeName": "line", "AttributeType": "N"},
            {"AttributeName": "customer", "AttributeType": "S"},
        ],
        GlobalSecondaryIndexes=[
            {
                "IndexName": "by-customer",
                "KeySchema": [{"AttributeName": "customer", "KeyType": "HASH"}],
                "Projection": {"ProjectionType": "ALL"},
            }
        ],
        LocalSecondaryIndexes=[
            {
                "IndexName": "lines-by-customer",
                "KeySchema": [
                    {"AttributeName": "id", "KeyType": "HASH"},
                    {"AttributeName": "customer", "KeyType": "RANGE"},
                ],
                "Projection": {"ProjectionType": "KEYS_ONLY"},
            }
        ],
        BillingMode="PAY_PER_REQUEST",
    )


KEY = {"id": "1", "line": 1}


def put(orders: Any, customer: str, line: int = 1) -> None:
    orders.put_item(Item={"id": "1", "line": line, "customer": customer})


def of_customer(orders: Any, customer: str) -> int:
    condition = Key("customer").eq(customer)
    count = orders.query(IndexName="by-customer", KeyConditionExpression=condition)["Count"]
    return int(count)


def every_read(orders: Any, *, consistent: bool) -> list[bool]:
    """Whether each kind of read of the table sees the item."""
    client = orders.meta.client
    batch = client.batch_get_item(
        RequestItems={"orders": {"Keys": [KEY], "ConsistentRead": consistent}}
    )
    select = "SELECT * FROM orders WHERE id = '1'"
    partition = Key("id").eq("1")
    return [
        "Item" in orders.get_item(Key=KEY, ConsistentRead=consistent),
        bool(batch["Responses"]["orders"]),
        orders.query(KeyConditionExpression=partition, ConsistentRead=consistent)["Count"] == 1,
        orders.scan(ConsistentRead=consistent, Limit=5)["Count"] == 1,
        bool(
            orders.query(
                IndexName="lines-by-customer",
                KeyConditionExpression=partition,
                ProjectionExpression="customer, nothing",
                ConsistentRead=consistent,
            )["Items"]
        ),
        bool(client.execute_statement(Statement=select, ConsistentRead=consistent)["Items"]),
    ]


def test_eventually_consistent_reads_are_behind(ddb: Any, orders: Any) -> None:
    put(orders, "ann")
    assert every_read(orders, consistent=False) == [False] * 6
    assert every_read(orders, consistent=True) == [True] * 6
    assert of_customer(orders, "ann") == 0
    ddb.clock.advance(1.9)
    assert every_read(orders, consistent=False) == [False] * 6
    ddb.clock.advance(0.1)
    assert every_read(orders, consistent=False) == [True] * 6
    assert of_customer(orders, "ann") == 1


def test_an_index_has_its_old_entries_meanwhile(ddb: Any, orders: Any) -> None:
    put(orders, "ann")
    ddb.clock.advance(2)
    put(orders, "bob")
    assert (of_customer(orders, "ann"), of_customer(orders, "bob")) == (1, 0)
    ddb.clock.advance(2)
    assert (of_customer(orders, "ann"), of_customer(orders, "bob")) == (0, 1)
    orders.delete_item(Key=KEY)
    assert of_customer(orders, "bob") == 1
    assert orders.get_item(Key=KEY)["Item"]["customer"] == "bob"


def test_settle_ends_it_also_on_a_stopped_clock(ddb: Any, orders: Any) -> None:
    put(orders, "ann")
    ddb.settle()
    assert every_read(orders, consistent=False) == [True] * 6
    put(orders, "bob")
    assert orders.get_item(Key=KEY)["Item"]["customer"] == "ann"
    ddb.settle()
    assert orders.get_item(Key=KEY)["Item"]["customer"] == "bob"


def test_conditions_updates_and_transactions_see_the_present(ddb: Any, orders: Any) -> None:
    put(orders, "ann")
    orders.update_item(
        Key=KEY,
        UpdateExpression="ADD visits :one",
        ConditionExpression=Attr("customer").eq("ann"),
        ExpressionAttributeValues={":one": 1},
    )
    get = {"TableName": "orders", "Key": KEY}
    response = orders.meta.client.transact_get_items(TransactItems=[{"Get": get}])
    assert response["Responses"][0]["Item"]["visits"] == 1


def test_what_a_test_reading_tabless_at_is_the_present(ddb: Any, orders: Any) -> None:
    put(orders, "ann")
    assert ddb.tables["orders"].item_count == 1
    assert ddb.tables["orders"].get(KEY) is not None


def test_a_rollback_leaves_nothing_behind(ddb: Any, orders: Any) -> None:
    put(orders, "ann")
    ddb.settle()
    with ddb.rollback():
        put(orders, "bob")
        assert orders.get_item(Key=KEY)["Item"]["customer"] == "ann"
    assert orders.get_item(Key=KEY)["Item"]["customer"] == "ann"
    assert (of_customer(orders, "ann"), of_customer(orders, "bob")) == (1, 0)


def test_pages_go_on_in_the_past(ddb: Any, orders: Any) -> None:
    for line in (1, 3, 5):
        put(orders, "ann", line)
    ddb.settle()
    orders.delete_item(Key={"id": "1", "line": 3})
    put(orders, "ann", 4)
    lines, request = [], {"KeyConditionExpression": Key("id").eq("1"), "Limit": 1}
    while True:
        page = orders.query(**request)
        lines += [int(item["line"]) for item in page["Items"]]
        if "LastEvaluatedKey" not in page:
            break
        request["ExclusiveStartKey"] = page["LastEvaluatedKey"]
    assert lines == [1, 3, 5]


def views(seed: int) -> list[tuple[bool, bool]]:
    """Whether the table and the index show a new item, read by read."""
    with mock_dynamodb(lag=(0, 2), seed=seed) as ddb:
        ddb.clock.freeze(0)
        orders = create_orders()
        put(orders, "ann")
        ddb.clock.advance(1)
        return [
            ("Item" in orders.get_item(Key=KEY), of_customer(orders, "ann") == 1) for _ in range(50)
        ]


def test_a_range_is_drawn_by_the_seed() -> None:
    seen = views(1)
    assert set(seen) == {(a, b) for a in (True, False) for b in (True, False)}
    assert seen == views(1)
    assert seen != views(2)


@pytest.mark.parametrize("lag", [-1, (2, 1), (1,), "soon", (1, "x")])
def test_wrong_lags(lag: Any) -> None:
    with pytest.raises(TypeError, match="lag"):
        mock_dynamodb(lag=lag)


# --- the checker ---------------------------------------------------------------------------------


def test_a_program_that_reads_its_own_write(ddb: Any, orders: Any) -> None:
    put(orders, "ann")
    orders.get_item(Key=KEY, ConsistentRead=True)
    ddb.calls.assert_no_stale_reads()
    ddb.clock.advance(0.5)
    orders.get_item(Key=KEY)
    with pytest.raises(AssertionError) as caught:
        ddb.calls.assert_no_stale_reads()
    assert str(caught.value) == (
        "a read did not see what was written before; ConsistentRead=True does, on a table or a"
        " local index:\n"
        "  GetItem orders  Key: {'id': '1', 'line': 1}  [0 items, 0.5 RCU]\n"
        "  did not see, 0.5 s later,\n"
        "  PutItem orders  Item: {'id': '1', 'line': 1, 'customer': 'ann'}  [3 WCU]"
    )
    ddb.calls.assert_no_stale_reads(table="others")
    ddb.calls.clear()
    ddb.calls.assert_no_stale_reads()


def test_reads_of_what_has_not_changed_are_not_stale(ddb: Any, orders: Any) -> None:
    put(orders, "ann")
    ddb.settle()
    put(orders, "bob", 2)
    orders.get_item(Key=KEY)
    orders.query(KeyConditionExpression=Key("id").eq("1") & Key("line").lt(2))
    orders.query(KeyConditionExpression=Key("id").eq("7"))
    of_customer(orders, "ann")
    ddb.calls.assert_no_stale_reads()
    of_customer(orders, "bob")
    with pytest.raises(AssertionError, match="by-customer"):
        ddb.calls.assert_no_stale_reads()


def test_items_that_the_program_did_not_write(ddb: Any, orders: Any) -> None:
    ddb.load({"orders": [{"id": "1", "line": 1}]})
    orders.scan()
    with pytest.raises(AssertionError, match="did not see a write of orders"):
        ddb.calls.assert_no_stale_reads()


def test_without_lag_there_is_nothing_to_check() -> None:
    with mock_dynamodb() as ddb, pytest.raises(MisuseError, match=r"mock_dynamodb\(lag=1\)"):
        ddb.calls.assert_no_stale_reads()
