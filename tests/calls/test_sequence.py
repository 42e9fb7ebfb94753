"""Filters, totals and assertions."""

from __future__ import annotations

from typing import Any

import boto3
import pytest

from ddbmock import MisuseError, mock_dynamodb
from ddbmock._internal.calls import Units
from tests.calls.helpers import order, put_two_and_fail, query


def test_filters(ddb, client):
    put_two_and_fail(client)
    query(client)
    client.query(
        TableName="orders", IndexName="by-state", KeyConditionExpression="#s = :s",
        ExpressionAttributeNames={"#s": "state"}, ExpressionAttributeValues={":s": {"S": "open"}},
    )  # fmt: skip
    boto3.client("dynamodb", region_name="eu-west-1").list_tables()
    assert len(ddb.calls("PutItem")) == 3
    assert len(ddb.calls("PutItem", error=True)) == 1
    assert len(ddb.calls("PutItem", error=False)) == 2
    assert len(ddb.calls(error="ConditionalCheckFailedException")) == 1
    assert len(ddb.calls("Query", index="by-state")) == 1
    assert len(ddb.calls(region="eu-west-1")) == 1
    assert len(ddb.calls(table="orders")) == 5
    assert len(ddb.calls(table="none")) == 0
    assert len(ddb.calls(table="orders")("Query")) == 2
    assert [call.operation for call in ddb.calls("PutItem")[:2]] == ["PutItem", "PutItem"]
    assert repr(ddb.calls("PutItem")) == "<3 calls, 4 WCU>"


@pytest.mark.parametrize("name", ["put_item", "putItem", "PutItems"])
def test_an_operation_that_does_not_exist(ddb, name):
    for ask in (ddb.calls, ddb.calls.count, ddb.calls.index, ddb.calls.__contains__):
        with pytest.raises(MisuseError, match=f"called '{name}'; is PutItem meant"):
            ask(name)


# --- as a sequence ---


def test_calls_are_counted_and_found_by_their_operation(ddb, client):
    put_two_and_fail(client)
    query(client)
    assert (ddb.calls.count("PutItem"), ddb.calls.count("Scan")) == (3, 0)
    assert "PutItem" in ddb.calls
    assert "Scan" not in ddb.calls
    assert (ddb.calls.index("PutItem"), ddb.calls.index("Query")) == (0, 3)
    assert ddb.calls("PutItem").count("Query") == 0
    with pytest.raises(ValueError, match="no call of Scan is stored"):
        ddb.calls.index("Scan")


def test_calls_are_found_by_themselves(ddb, client):
    put_two_and_fail(client)
    second = ddb.calls[1]
    assert (ddb.calls.count(second), ddb.calls.index(second)) == (1, 1)
    assert second in ddb.calls
    assert second not in ddb.calls(error=True)
    with pytest.raises(ValueError, match="not in list"):
        ddb.calls.index(second, 2)


def test_calls_are_not_found_by_anything_else(ddb):
    for ask in (ddb.calls.count, ddb.calls.index, ddb.calls.__contains__):
        with pytest.raises(TypeError, match=r"ddb\.calls\.count\('Scan'\)"):
            ask({"TableName": "orders"})


def test_calls_that_are_not_stored_are_counted_and_make_the_log_true():
    with mock_dynamodb(stored_calls=0) as ddb:
        assert not ddb.calls
        boto3.client("dynamodb").list_tables()
        assert bool(ddb.calls)
        assert len(ddb.calls) == 0
        assert ddb.calls.count("ListTables") == 1
        assert "ListTables" in ddb.calls


# --- totals ---


def test_units_by_table_and_index(ddb, client):
    put_two_and_fail(client)
    query(client, ConsistentRead=True)
    units = ddb.calls.units()
    assert (units.read, units.write, units.total) == (1.0, 4.0, 5.0)
    assert units["orders"].own == Units(1.0, 3.0)
    assert units["orders"].indexes == {"by-state": Units(0.0, 1.0)}
    assert (units["orders"].read, units["orders"].write) == (1.0, 4.0)
    assert units["none"].total == 0
    assert ddb.calls("Query").units().total == 1.0


# --- assertions ---


def failure_of(assertion: Any, *arguments: Any, **named: Any) -> str:
    with pytest.raises(AssertionError) as failure:
        assertion(*arguments, **named)
    return str(failure.value)


def test_assertions_that_hold(ddb, client):
    put_two_and_fail(client)
    ddb.calls.assert_called("PutItem")
    ddb.calls.assert_called("PutItem", table="orders", times=3)
    ddb.calls.assert_called("PutItem", error="ConditionalCheckFailedException", times=1)
    ddb.calls.assert_not_called("DeleteItem")
    ddb.calls.assert_no_scans()
    ddb.calls.assert_units(at_most=4, read_at_most=0, write_at_most=4)
    ddb.calls("PutItem", error=True).assert_units(at_most=1)


def test_what_was_called_instead_is_shown(ddb, client):
    put_two_and_fail(client)
    assert failure_of(ddb.calls.assert_called, "DeleteItem", table="orders") == (
        "expected DeleteItem of table orders at least once, there were 0;"
        " 3 calls in us-east-1, 4 WCU:\n"
        "  PutItem orders  Item: {'customer': 'ada', 'at': 1, 'state': 'open'}  [2 WCU]\n"
        "  PutItem orders  Item: {'customer': 'ada', 'at': 2}  [1 WCU]\n"
        "  PutItem orders  Item: {'customer': 'ada', 'at': 2}, ConditionExpression:"
        " attribute_not_exists(at)  [1 WCU]"
        "  ConditionalCheckFailedException: The conditional request failed"
    )
    assert failure_of(ddb.calls.assert_called, "PutItem", times=2, error=False, table="t") == (
        "expected PutItem of table t that succeeded 2 times, there were 0;"
        " 3 calls in us-east-1, 4 WCU:\n" + "\n".join(f"  {call}" for call in ddb.calls)
    )
    shown = failure_of(ddb.calls.assert_called, "PutItem", times=1, error=True, region="r")
    assert shown.startswith("expected PutItem in r that failed once, there were 0")
    shown = failure_of(
        ddb.calls.assert_not_called, "PutItem", error="ConditionalCheckFailedException"
    )
    assert shown.splitlines()[0] == (
        "expected PutItem that failed with ConditionalCheckFailedException never, there were 1;"
        " 1 call in us-east-1, 1 WCU:"
    )
    assert len(shown.splitlines()) == 2


def test_nothing_was_called(ddb):
    assert failure_of(ddb.calls.assert_called) == (
        "expected a call at least once, there were 0; no calls were made"
    )


def test_scans_are_shown(ddb, client):
    client.scan(TableName="orders", IndexName="by-state")
    query(client)
    client.execute_statement(Statement="SELECT * FROM orders WHERE state = 'x'")
    client.execute_statement(Statement="SELECT * FROM orders.\"by-state\" WHERE state = 'x'")
    assert failure_of(ddb.calls.assert_no_scans) == (
        "expected no scans, there were 2; 2 calls in us-east-1, 1 RCU:\n"
        "  Scan orders/by-state  [0 items, 0.5 RCU]\n"
        "  ExecuteStatement orders  Statement: \"SELECT * FROM orders WHERE state = 'x'\""
        "  [0 items, 0.5 RCU]"
    )


def test_units_are_shown(ddb, client):
    put_two_and_fail(client)
    query(client, FilterExpression="attribute_exists(nothing)", Limit=1)
    shown = failure_of(ddb.calls.assert_units, at_most=3)
    assert shown.splitlines()[0] == (
        "expected at most 3 capacity units, 4.5 were consumed;"
        " 4 calls in us-east-1, 0.5 RCU + 4 WCU:"
    )
    assert shown.splitlines()[-1] == (
        "  Query orders  KeyConditionExpression: customer = 'ada',"
        " FilterExpression: attribute_exists(nothing), Limit: 1"
        "  [0 of 1 item, more to follow, 0.5 RCU]"
    )
    shown = failure_of(ddb.calls.assert_units, read_at_most=0.0)
    assert shown.startswith("expected at most 0 read units, 0.5 were consumed")
    shown = failure_of(ddb.calls.assert_units, write_at_most=1)
    assert shown.startswith("expected at most 1 write units, 4 were consumed")


@pytest.mark.parametrize(
    ("bounds", "message"),
    [
        ({}, "without a bound there is nothing to assert"),
        ({"at_most": "3"}, "at_most takes a number that is not negative, not '3'"),
        ({"read_at_most": -1}, "read_at_most takes a number that is not negative, not -1"),
        ({"write_at_most": True}, "write_at_most takes a number that is not negative, not True"),
        ({"at_most": float("nan")}, "at_most takes a number that is not negative, not nan"),
    ],
)
def test_bounds_that_assert_nothing_are_refused(ddb, bounds, message):
    with pytest.raises(MisuseError, match=message):
        ddb.calls.assert_units(**bounds)


def test_a_message_shows_the_last_calls_and_cuts_long_ones(ddb, client):
    for at in range(30):
        client.put_item(TableName="orders", Item=order(at, text={"S": "x" * 1000}))
    lines = failure_of(ddb.calls.assert_not_called, "PutItem").splitlines()
    assert lines[1] == "  … 20 more before"
    assert len(lines) == 12
    assert lines[-1].endswith("xxx…  [1 WCU]")
    assert max(map(len, lines)) < 180
