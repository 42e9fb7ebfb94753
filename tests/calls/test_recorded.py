"""What is recorded of a call."""

from __future__ import annotations

import gc
import weakref
from typing import Any

import boto3
import pytest

from ddbmock import MisuseError, UnsupportedError, mock_dynamodb
from tests.calls.helpers import order, put_two_and_fail, query
from tests.switch.helpers import create_table
from tests.unsupported import without


def test_a_call_that_was_done(ddb, client):
    ddb.clock.freeze(1000)
    client.put_item(TableName="orders", Item=order(1, state={"S": "open"}))
    [call] = ddb.calls
    assert (call.operation, call.region, call.table, call.index) == (
        "PutItem", "us-east-1", "orders", None,
    )  # fmt: skip
    assert (call.tables, call.account_id) == (("orders",), "123456789012")
    assert call.request == {"TableName": "orders", "Item": order(1, state={"S": "open"})}
    assert (call.error, call.error_code, call.at_seconds) == (None, None, 1000)
    assert (call.consumed_units, call.read_units, call.write_units) == (2.0, 0.0, 2.0)


def test_a_call_that_was_refused(ddb, client):
    put_two_and_fail(client)
    call = ddb.calls[-1]
    assert call.error is not None
    assert call.error_code == "ConditionalCheckFailedException"
    assert str(call.error) == "ConditionalCheckFailedException: The conditional request failed"
    assert call.consumed_units == 1.0


def test_a_call_that_is_not_supported_is_recorded_as_one_that_failed(ddb, client, monkeypatch):
    without(monkeypatch, "UpdateTable", "ReplicaUpdates")
    with pytest.raises(UnsupportedError):
        client.update_table(TableName="orders", ReplicaUpdates=[{"Create": {"RegionName": "x"}}])
    [call] = ddb.calls("UpdateTable", error=True)
    assert call.error_code == "UnsupportedError"
    assert str(call.error) == (
        "UnsupportedError: ddbmock does not support these parameters of UpdateTable yet:"
        " ReplicaUpdates"
    )
    assert call.response is None


def test_a_bug_is_recorded_as_what_it_is(ddb, client, monkeypatch):
    def fail(*_: Any) -> None:
        raise KeyError("a bug")

    monkeypatch.setattr("ddbmock._internal.engine.table.Table.write", fail)
    with pytest.raises(KeyError):
        client.put_item(TableName="orders", Item=order(1))
    [call] = ddb.calls(error=True)
    assert (call.operation, call.error_code, str(call.error)) == (
        "PutItem", "KeyError", "KeyError: 'a bug'",
    )  # fmt: skip


def test_what_a_page_held(ddb, client):
    put_two_and_fail(client)
    query(client, Limit=1)
    query(client, FilterExpression="attribute_not_exists(#s)",
          ExpressionAttributeNames={"#s": "state"})  # fmt: skip
    page, filtered = ddb.calls[-2:]
    assert (page.item_count, page.scanned_count, page.has_more) == (1, 1, True)
    assert (filtered.item_count, filtered.scanned_count, filtered.has_more) == (1, 2, False)


def test_what_other_reads_held(ddb, client):
    put_two_and_fail(client)
    key = order(1)
    client.get_item(TableName="orders", Key=key)
    client.get_item(TableName="orders", Key=order(9))
    client.batch_get_item(RequestItems={"orders": {"Keys": [key, order(9)]}})
    client.transact_get_items(TransactItems=[{"Get": {"TableName": "orders", "Key": key}}])
    client.execute_statement(Statement="SELECT * FROM orders WHERE customer = 'ada'")
    assert [call.item_count for call in ddb.calls] == [None, None, None, 1, 0, 1, 1, 2]
    assert [call.table for call in ddb.calls] == ["orders"] * 8


def test_calls_of_several_tables(ddb, client):
    create_table(client, "other")
    client.batch_write_item(
        RequestItems={
            "orders": [{"PutRequest": {"Item": order(1)}}],
            "other": [{"DeleteRequest": {"Key": {"id": {"S": "a"}}}}],
        }
    )
    call = ddb.calls[-1]
    assert (call.table, call.tables) == (None, ("orders", "other"))
    assert call.request["RequestItems"]["orders"] == [{"PutRequest": {"Item": order(1)}}]
    assert ddb.calls("BatchWriteItem", table="other").call_count == 1
    assert ddb.calls(table="other").units().keys() == {"other"}


def test_tables_named_by_their_arns(ddb, client):
    arn = client.describe_table(TableName="orders")["Table"]["TableArn"]
    client.get_item(TableName=arn, Key=order(1))
    assert [call.table for call in ddb.calls] == ["orders", "orders"]


def test_responses_are_stored_on_request():
    with mock_dynamodb(store_responses=True) as ddb:
        client = boto3.client("dynamodb")
        create_table(client)
        with pytest.raises(client.exceptions.ResourceNotFoundException):
            client.describe_table(TableName="none")
        made, refused = ddb.calls
        assert made.response is not None
        assert made.response["TableDescription"]["TableStatus"] == "ACTIVE"
        assert refused.response is None


def test_responses_are_not_stored_by_default(ddb, client):
    client.list_tables()
    with pytest.raises(MisuseError, match=r"mock_dynamodb\(store_responses=True\) stores them"):
        _ = ddb.calls[-1].response


def test_what_callers_change_is_not_in_the_record():
    with mock_dynamodb(store_responses=True) as ddb:
        client = boto3.client("dynamodb")
        create_table(client)
        item = {"id": {"S": "a"}, "list": {"L": [{"S": "x"}]}}
        client.put_item(TableName="orders", Item=item)
        item["list"]["L"].append({"S": "y"})  # type: ignore[index]
        response = client.get_item(TableName="orders", Key={"id": {"S": "a"}})
        response["Item"].clear()
        with pytest.raises(client.exceptions.ConditionalCheckFailedException) as raised:
            client.delete_item(
                TableName="orders",
                Key={"id": {"S": "a"}},
                ConditionExpression="attribute_not_exists(id)",
                ReturnValuesOnConditionCheckFailure="ALL_OLD",
            )
        raised.value.response["Item"].clear()
        put, get, delete = list(ddb.calls)[-3:]
        assert put.request["Item"]["list"] == {"L": [{"S": "x"}]}
        assert get.response is not None
        assert get.response["Item"]["list"] == {"L": [{"S": "x"}]}
        assert delete.error is not None
        assert delete.error.members["Item"]["id"] == {"S": "a"}


def test_the_record_holds_nothing_of_the_test(ddb, client):
    class Held:
        pass

    def fail() -> weakref.ref[Held]:
        held = Held()
        with pytest.raises(client.exceptions.ResourceNotFoundException):
            client.get_item(TableName="none", Key={"id": {"S": "1"}})
        return weakref.ref(held)

    held = fail()
    gc.collect()
    assert held() is None


def test_a_request_is_shown_as_it_was_understood(ddb, client):
    client.put_item(
        TableName="orders",
        Item={**order(), "n": {"N": "1.50"}, "b": {"B": b"x"}, "m": {"M": {"s": {"BS": [b"y"]}}}},
    )
    item = ddb.calls("PutItem")[-1].request["Item"]
    assert item["n"] == {"N": "1.5"}
    assert item["b"] == {"B": b"x"}
    assert item["m"] == {"M": {"s": {"BS": [b"y"]}}}
