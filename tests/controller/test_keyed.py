"""Reads and writes of a test itself, in plain Python values."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import boto3
import pytest

from ddbmock import MisuseError, mock_dynamodb

EVERY_TYPE = {
    "PK": "a",
    "SK": 1,
    "decimal": Decimal("1.5"),
    "large": 10**37,
    "whole": Decimal("3.00"),
    "bytes": b"\x00x",
    "true": True,
    "null": None,
    "list": [1, "a", [None]],
    "map": {"n": 1, "deep": {"b": b"y"}},
    "strings": {"x", "y"},
    "numbers": {1, Decimal("2.5")},
    "binaries": {b"x"},
}


@pytest.fixture
def shop(ddb, client) -> Any:
    return ddb.tables["shop"]


# --- values ---


def test_every_type_comes_back(shop):
    shop.put(EVERY_TYPE)
    assert shop.get(PK="a", SK=1) == EVERY_TYPE
    assert shop.plain_items == [EVERY_TYPE]


def test_whole_numbers_are_int_and_others_are_decimal(shop):
    shop.put(EVERY_TYPE)
    item = shop.get(PK="a", SK=1)
    assert {name: type(item[name]) for name in ("decimal", "large", "whole", "true")} == {
        "decimal": Decimal,
        "large": int,
        "whole": int,
        "true": bool,
    }


def test_values_are_those_of_boto3(shop):
    table = boto3.resource("dynamodb").Table("shop")
    table.put_item(Item=EVERY_TYPE)
    assert shop.get(PK="a", SK=1) == EVERY_TYPE
    shop.put(EVERY_TYPE, SK=2)
    assert table.get_item(Key={"PK": "a", "SK": 2})["Item"] == {**EVERY_TYPE, "SK": 2}


def test_what_is_changed_afterwards_is_not_in_the_table(shop):
    item: dict[str, Any] = {"PK": "a", "SK": 1, "list": []}
    shop.put(item)
    item["list"].append(1)
    shop.get(PK="a", SK=1)["list"].append(2)
    shop.plain_items[0]["list"].append(3)
    assert shop.get(PK="a", SK=1)["list"] == []


# --- reads and writes ---


def test_get(shop):
    assert shop.get(PK="a", SK=1) is None
    shop.put(PK="a", SK=1)
    assert shop.get({"PK": "a", "SK": 1}) == shop.get({"PK": "a"}, SK=1) == {"PK": "a", "SK": 1}


def test_put_replaces_and_delete_deletes(shop):
    shop.put(PK="a", SK=1, old=1)
    shop.put({"PK": "a", "SK": 1, "an attribute": 2})
    assert shop.plain_items == [{"PK": "a", "SK": 1, "an attribute": 2}]
    shop.delete(PK="a", SK=1)
    shop.delete(PK="a", SK=1)
    assert shop.plain_items == []


def test_query(shop):
    for number in (3, 1, 2):
        shop.put(PK="a", SK=number)
    shop.put(PK="b", SK=1)
    assert [item["SK"] for item in shop.query(PK="a")] == [1, 2, 3]
    assert shop.query(PK="a", SK=2) == shop.query({"PK": "a"}, SK=2) == [{"PK": "a", "SK": 2}]
    assert shop.query(PK="none") == []


def test_query_returns_all_pages(shop):
    for number in range(40):
        shop.put(PK="a", SK=number, text="x" * 50_000)
    assert [item["SK"] for item in shop.query(PK="a")] == list(range(40))


def test_query_of_indexes(shop):
    shop.put(PK="a", SK=1, status="open", total=5, text="x")
    shop.put(PK="a", SK=2, status="open", total=3, text="x")
    shop.put(PK="a", SK=3, status="paid", total=1, text="x")
    by_status, by_total = shop.indexes["by-status"], shop.indexes["by-total"]
    assert [item["total"] for item in by_status.query(status="open")] == [3, 5]
    assert by_status.query({"status": "open"}, total=5) == [
        {"PK": "a", "SK": 1, "status": "open", "total": 5}
    ]
    assert [item["SK"] for item in by_total.query(PK="a")] == [3, 2, 1]
    assert by_total.query(PK="a", total=1)[0]["text"] == "x"
    assert by_status.plain_items[0].keys() == {"PK", "SK", "status", "total"}


def test_names_that_are_no_names_in_python():
    with mock_dynamodb() as ddb:
        boto3.client("dynamodb").create_table(
            TableName="orders",
            KeySchema=[{"AttributeName": "order-id", "KeyType": "HASH"}],
            AttributeDefinitions=[{"AttributeName": "order-id", "AttributeType": "B"}],
            BillingMode="PAY_PER_REQUEST",
        )
        orders = ddb.tables["orders"]
        orders.put({"order-id": b"1", "key": "k", "self": "s"}, item="i")
        assert orders.get({"order-id": b"1"}) == {
            "order-id": b"1", "key": "k", "self": "s", "item": "i",
        }  # fmt: skip
        assert orders.query({"order-id": b"1"})
        orders.delete({"order-id": b"1"})
        assert orders.item_count == 0


# --- what follows, and what does not ---


def test_nothing_is_recorded(ddb, shop):
    shop.put(PK="a", SK=1, status="open", total=5)
    shop.get(PK="a", SK=1)
    shop.query(PK="a")
    shop.indexes["by-status"].query(status="open")
    shop.delete(PK="a", SK=1)
    _ = shop.items, shop.plain_items, str(shop), repr(shop)
    assert (ddb.calls.call_count, ddb.calls.units()) == (0, {})


def test_streams_and_triggers_follow(ddb, shop):
    events: list[Any] = []
    ddb.on_change("shop", events.append, deliver="immediately")
    shop.put(PK="a", SK=1)
    shop.delete(PK="a", SK=1)
    names = [record["eventName"] for event in events for record in event["Records"]]
    assert names == ["INSERT", "REMOVE"]
    assert len(shop.stream.records) == 2


def test_snapshots_follow(ddb, shop):
    shop.put(PK="a", SK=1)
    mark = ddb.snapshot()
    shop.put(PK="a", SK=1, changed=True)
    shop.put(PK="a", SK=2)
    ddb.restore(mark)
    assert shop.plain_items == [{"PK": "a", "SK": 1}]


def test_a_table_that_is_being_created_is_refused():
    with mock_dynamodb(delays=10) as ddb:
        ddb.clock.freeze(0)
        boto3.client("dynamodb").create_table(
            TableName="orders",
            KeySchema=[{"AttributeName": "id", "KeyType": "HASH"}],
            AttributeDefinitions=[{"AttributeName": "id", "AttributeType": "S"}],
            BillingMode="PAY_PER_REQUEST",
        )
        with pytest.raises(MisuseError, match="table 'orders': Requested resource not found"):
            ddb.tables["orders"].put(id="1")
        ddb.clock.advance(11)
        ddb.tables["orders"].put(id="1")
        assert ddb.tables["orders"].item_count == 1


def test_in_another_region(ddb, client):
    boto3.client("dynamodb", region_name="eu-west-1").create_table(
        TableName="orders",
        KeySchema=[{"AttributeName": "id", "KeyType": "HASH"}],
        AttributeDefinitions=[{"AttributeName": "id", "AttributeType": "S"}],
        BillingMode="PAY_PER_REQUEST",
    )
    ddb.tables["orders"].put(id="1")
    assert ddb.regions["eu-west-1"].tables["orders"].get(id="1") == {"id": "1"}


# --- what is refused ---


TAKES = r"takes the key PK, SK; it got "
TAKES_QUERY = r"takes the key PK \[, SK\]; it got "


@pytest.mark.parametrize(
    ("method", "given", "message"),
    [
        ("get", {}, TAKES + "nothing"),
        ("get", {"PK": "a"}, TAKES + "PK"),
        ("get", {"PK": "a", "SK": 1, "more": 2}, TAKES + "PK, SK, more"),
        ("get", {"PK": "a", "SK": "1"}, "key attribute SK is of type N, .* not of type S"),
        ("get", {"PK": {"S": "a"}, "SK": 1}, "key attribute PK is of type S, .* not of type M"),
        ("get", {"PK": "", "SK": 1}, "empty string value"),
        ("get", {"PK": 1.5, "SK": 1}, "PK: a float"),
        ("delete", {"PK": "a"}, TAKES + "PK"),
        ("delete", {"PK": None, "SK": 1}, "not of type NULL"),
        ("query", {}, TAKES_QUERY + "nothing"),
        ("query", {"SK": 1}, TAKES_QUERY + "SK"),
        ("query", {"PK": "a", "index": "by-total"}, TAKES_QUERY + "PK, index"),
        ("query", {"PK": 1}, "key attribute PK is of type S"),
        ("put", {"PK": "a"}, "Missing the key SK in the item"),
        ("put", {"PK": "a", "SK": 1, "n": 1.5}, "n: a float"),
        ("put", {"PK": "a", "SK": 1, "n": object()}, "no type for object"),
        ("put", {"PK": "a", "SK": 1, "s": set()}, "no empty sets"),
        ("put", {"PK": "a", "SK": 1, "status": 1}, "Type mismatch for Index Key status"),
        ("put", {"PK": "a", "SK": 1, "text": "x" * 500_000}, "Item size has exceeded"),
    ],
)
def test_wrong_keys_and_items(shop, method, given, message):
    shop.put(PK="there", SK=1)
    with pytest.raises(MisuseError, match=rf"^{method}\(\) of table 'shop'.*{message}"):
        getattr(shop, method)(given)
    assert shop.plain_items == [{"PK": "there", "SK": 1}]


def test_wrong_keys_of_indexes(shop):
    by_status = shop.indexes["by-status"]
    takes = r"of index 'by-status' of table 'shop' takes the key status \[, total\]; it got PK"
    with pytest.raises(MisuseError, match=takes):
        by_status.query(PK="a")
    with pytest.raises(MisuseError, match="its indexes: by-total, by-status"):
        shop.indexes["by-date"]


def test_a_table_that_was_deleted(client, shop):
    client.delete_table(TableName="shop")
    with pytest.raises(MisuseError, match=r"get\(\) of table 'shop': Requested resource not found"):
        shop.get(PK="a", SK=1)


def test_a_mock_that_has_ended():
    with mock_dynamodb() as ddb:
        pass
    with pytest.raises(MisuseError, match="this mock has ended"):
        _ = ddb.regions
