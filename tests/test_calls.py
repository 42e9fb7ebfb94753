"""The record of calls: what is kept of each, filters, totals, assertions, and what it may cost."""

from __future__ import annotations

import gc
import json
import weakref
from typing import TYPE_CHECKING, Any

import boto3
import pytest
from botocore.config import Config
from botocore.exceptions import ClientError

from ddbmock import MisuseError, UnsupportedError, mock_dynamodb
from ddbmock.access.call import Call
from ddbmock.calls import CallLog, Units, call_line
from ddbmock.engine.backend import Backend
from ddbmock.operations import OPERATIONS
from tests.switch.helpers import create_table

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ddbmock import Controller

Client = Any


@pytest.fixture
def ddb() -> Iterator[Controller]:
    with mock_dynamodb() as controller:
        yield controller


@pytest.fixture
def client(ddb) -> Client:
    client = boto3.client("dynamodb")
    client.create_table(
        TableName="orders",
        KeySchema=[
            {"AttributeName": "customer", "KeyType": "HASH"},
            {"AttributeName": "at", "KeyType": "RANGE"},
        ],
        AttributeDefinitions=[
            {"AttributeName": "customer", "AttributeType": "S"},
            {"AttributeName": "at", "AttributeType": "N"},
            {"AttributeName": "state", "AttributeType": "S"},
        ],
        GlobalSecondaryIndexes=[
            {
                "IndexName": "by-state",
                "KeySchema": [{"AttributeName": "state", "KeyType": "HASH"}],
                "Projection": {"ProjectionType": "ALL"},
            }
        ],
        BillingMode="PAY_PER_REQUEST",
    )
    ddb.calls.clear()
    return client


def order(at: int = 1, customer: str = "ada", **more: Any) -> dict[str, Any]:
    return {"customer": {"S": customer}, "at": {"N": str(at)}, **more}


def put_two_and_fail(client: Client) -> None:
    client.put_item(TableName="orders", Item=order(1, state={"S": "open"}))
    client.put_item(TableName="orders", Item=order(2))
    with pytest.raises(client.exceptions.ConditionalCheckFailedException):
        client.put_item(
            TableName="orders", Item=order(2), ConditionExpression="attribute_not_exists(#at)",
            ExpressionAttributeNames={"#at": "at"},
        )  # fmt: skip


def query(client: Client, **more: Any) -> Any:
    return client.query(
        TableName="orders",
        KeyConditionExpression="customer = :c",
        ExpressionAttributeValues={":c": {"S": "ada"}},
        **more,
    )


# --- what is kept of a call ---


def test_a_call_that_was_done(ddb, client):
    ddb.clock.freeze(1000)
    client.put_item(TableName="orders", Item=order(1, state={"S": "open"}))
    [call] = ddb.calls
    assert (call.operation, call.region, call.table, call.index) == (
        "PutItem", "us-east-1", "orders", None,
    )  # fmt: skip
    assert call.tables == ("orders",)
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


def test_a_call_that_is_not_supported_is_recorded_too(ddb, client):
    with pytest.raises(UnsupportedError):
        client.update_table(TableName="orders", ReplicaUpdates=[{"Create": {"RegionName": "x"}}])
    assert ddb.calls[-1].operation == "UpdateTable"


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


def test_answers_are_kept_on_request():
    with mock_dynamodb(keep_responses=True) as ddb:
        client = boto3.client("dynamodb")
        create_table(client)
        with pytest.raises(client.exceptions.ResourceNotFoundException):
            client.describe_table(TableName="none")
        made, refused = ddb.calls
        assert made.response is not None
        assert made.response["TableDescription"]["TableStatus"] == "ACTIVE"
        assert refused.response is None


def test_answers_are_not_kept_otherwise(ddb, client):
    client.list_tables()
    with pytest.raises(MisuseError, match=r"mock_dynamodb\(keep_responses=True\) keeps them"):
        _ = ddb.calls[-1].response


def test_what_callers_change_is_not_in_the_record():
    with mock_dynamodb(keep_responses=True) as ddb:
        client = boto3.client("dynamodb")
        create_table(client)
        item = {"id": {"S": "a"}, "list": {"L": [{"S": "x"}]}}
        client.put_item(TableName="orders", Item=item)
        item["list"]["L"].append({"S": "y"})  # type: ignore[index]
        answer = client.get_item(TableName="orders", Key={"id": {"S": "a"}})
        answer["Item"].clear()
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


# --- bounds ---


def test_calls_whose_parameters_had_wrong_types_can_be_forgotten():
    with mock_dynamodb(kept_calls=0) as ddb:
        raw = boto3.client("dynamodb", config=Config(parameter_validation=False))
        wrong_names: list[Any] = [{"x": []}, ["by-state"], 7]
        for wrong in wrong_names:
            with pytest.raises(ClientError):
                raw.scan(TableName="orders", IndexName=wrong)
        assert len(ddb.calls) == 0
        assert ddb.calls("Scan", error=True).call_count == 3


def test_only_the_last_calls_are_kept_and_all_are_counted():
    with mock_dynamodb(kept_calls=10) as ddb:
        client = boto3.client("dynamodb")
        create_table(client)
        client.scan(TableName="orders")
        for at in range(500):
            client.put_item(TableName="orders", Item={"id": {"S": str(at)}})
        assert len(ddb.calls) == 10
        assert ddb.calls[0].request["Item"]["id"] == {"S": "490"}
        assert ddb.calls.call_count == 502
        assert ddb.calls("PutItem").call_count == 500
        assert ddb.calls.units()["orders"].own.write == 500
        ddb.calls.assert_called("PutItem", table="orders", times=500)
        with pytest.raises(AssertionError, match="expected no scans, there were 1"):
            ddb.calls.assert_no_scans()
        ddb.calls.clear()
        assert (len(ddb.calls), ddb.calls.call_count, ddb.calls.units()) == (0, 0, {})


@pytest.mark.parametrize(("kept_calls", "expected"), [(0, 0), (None, 301)])
def test_how_many_are_kept_is_an_option(kept_calls, expected):
    with mock_dynamodb(kept_calls=kept_calls) as ddb:
        client = boto3.client("dynamodb")
        create_table(client)
        for _ in range(300):
            client.describe_table(TableName="orders")
        assert (len(ddb.calls), ddb.calls.call_count) == (expected, 301)


def test_a_wrong_number_of_calls():
    with pytest.raises(TypeError, match="the option kept_calls of mock_dynamodb takes a number"):
        mock_dynamodb(kept_calls="many")  # type: ignore[call-overload]


@pytest.mark.parametrize("is_sent", [True, False])
def test_a_long_load_is_not_held(is_sent):
    log = CallLog()
    region = Backend().region("us-east-1")
    item = {f"attribute{number}": {"S": "x" * 40} for number in range(8)}
    for _ in range(400):
        requests = [{"PutRequest": {"Item": {**item, "pk": {"S": str(n)}}}} for n in range(25)]
        request = {"RequestItems": {"t": requests}}
        row = OPERATIONS["BatchWriteItem"]
        call = Call(row, request, region, None, is_validated=True)
        body = json.dumps(request).encode() if is_sent else None
        log.record(call, {"UnprocessedItems": {}}, None, 0.0, body)
    held = [read_parts(thing) for entry in log._entries for thing in entry]
    # As text or marshalled: about 600 bytes an item; as dictionaries it would be more than 4,000.
    assert 400 * 25 * 100 < sum(held) < 400 * 25 * 700
    assert len(log[0].request["RequestItems"]["t"]) == 25


def read_parts(thing):
    """Return how many bytes of a request are held in something."""
    parts = thing if isinstance(thing, tuple) else (thing,)
    return sum(len(part) for part in parts if isinstance(part, bytes))


def test_a_request_is_shown_as_it_was_understood(ddb, client):
    client.put_item(
        TableName="orders",
        Item={**order(), "n": {"N": "1.50"}, "b": {"B": b"x"}, "m": {"M": {"s": {"BS": [b"y"]}}}},
    )
    item = ddb.calls("PutItem")[-1].request["Item"]
    assert item["n"] == {"N": "1.5"}
    assert item["b"] == {"B": b"x"}
    assert item["m"] == {"M": {"s": {"BS": [b"y"]}}}


# --- filters ---


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
    assert repr(ddb.calls("PutItem")) == "<3 calls>"


@pytest.mark.parametrize("name", ["put_item", "putItem", "PutItems"])
def test_an_operation_that_is_none(ddb, name):
    with pytest.raises(MisuseError, match=f"called '{name}'; is PutItem meant"):
        ddb.calls(name)


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
        "expected DeleteItem of table orders at least once, there were 0; the calls:\n"
        "  PutItem orders  Item: {'customer': 'ada', 'at': 1, 'state': 'open'}  [2 WCU]\n"
        "  PutItem orders  Item: {'customer': 'ada', 'at': 2}  [1 WCU]\n"
        "  PutItem orders  Item: {'customer': 'ada', 'at': 2}, ConditionExpression:"
        " attribute_not_exists(at)  [1 WCU]"
        "  ConditionalCheckFailedException: The conditional request failed"
    )
    assert failure_of(ddb.calls.assert_called, "PutItem", times=2, error=False, table="t") == (
        "expected PutItem of table t that succeeded 2 times, there were 0; the calls:\n"
        + "\n".join(f"  {call_line(call)}" for call in ddb.calls)
    )
    shown = failure_of(ddb.calls.assert_called, "PutItem", times=1, error=True, region="r")
    assert shown.startswith("expected PutItem in r that failed once, there were 0")
    shown = failure_of(
        ddb.calls.assert_not_called, "PutItem", error="ConditionalCheckFailedException"
    )
    assert shown.splitlines()[0] == (
        "expected PutItem that failed with ConditionalCheckFailedException never, there were 1;"
        " the calls:"
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
        "expected no scans, there were 2; the calls:\n"
        "  Scan orders/by-state  [0 items, 0.5 RCU]\n"
        "  ExecuteStatement orders  Statement: \"SELECT * FROM orders WHERE state = 'x'\""
        "  [0 items, 0.5 RCU]"
    )


def test_units_are_shown(ddb, client):
    put_two_and_fail(client)
    query(client, FilterExpression="attribute_exists(nothing)", Limit=1)
    shown = failure_of(ddb.calls.assert_units, at_most=3)
    assert shown.splitlines()[0] == (
        "expected at most 3 capacity units, 4.5 were consumed; the calls:"
    )
    assert shown.splitlines()[-1] == (
        "  Query orders  KeyConditionExpression: customer = 'ada',"
        " FilterExpression: attribute_exists(nothing), Limit: 1"
        "  [0 of 1 item, more behind, 0.5 RCU]"
    )
    shown = failure_of(ddb.calls.assert_units, read_at_most=0.0)
    assert shown.startswith("expected at most 0 read units, 0.5 were consumed")
    shown = failure_of(ddb.calls.assert_units, write_at_most=1)
    assert shown.startswith("expected at most 1 write units, 4 were consumed")


def test_a_message_shows_the_last_calls_and_cuts_long_ones(ddb, client):
    for at in range(30):
        client.put_item(TableName="orders", Item=order(at, text={"S": "x" * 1000}))
    lines = failure_of(ddb.calls.assert_not_called, "PutItem").splitlines()
    assert lines[1] == "  … 10 more before"
    assert len(lines) == 22
    assert lines[-1].endswith("xxx…  [1 WCU]")
    assert max(map(len, lines)) < 180


# --- lines ---


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ({"S": "a'b"}, '"a\'b"'),
        ({"N": "1e2"}, "100"),
        ({"B": b"\x00a"}, "b'\\x00a'"),
        ({"BOOL": True}, "True"),
        ({"NULL": True}, "None"),
        ({"SS": ["a", "b"]}, "{'a', 'b'}"),
        ({"NS": ["1", "2"]}, "{1, 2}"),
        ({"BS": [b"a"]}, "{b'a'}"),
        ({"L": [{"S": "a"}, {"M": {"n": {"N": "1"}}}]}, "['a', {'n': 1}]"),
    ],
)
def test_values_look_like_python(ddb, client, value, text):
    client.put_item(TableName="orders", Item=order(1, value=value))
    line = call_line(ddb.calls[-1])
    assert line == f"PutItem orders  Item: {{'customer': 'ada', 'at': 1, 'value': {text}}}  [1 WCU]"


def test_expressions_of_several_lines_are_on_one(ddb, client):
    expression = """
        SET #s = :s,
            note = :note
    """
    client.update_item(
        TableName="orders",
        Key=order(1),
        UpdateExpression=expression,
        ExpressionAttributeNames={"#s": "state"},
        ExpressionAttributeValues={":s": {"S": "open"}, ":note": {"S": "two\nlines"}},
    )
    assert call_line(ddb.calls[-1]) == (
        "UpdateItem orders  Key: {'customer': 'ada', 'at': 1},"
        " UpdateExpression: SET state = 'open', note = 'two\\nlines'  [2 WCU]"
    )


def test_lines_of_batches_and_tables(ddb, client):
    client.batch_write_item(RequestItems={"orders": [{"PutRequest": {"Item": order(1)}}]})
    client.delete_table(TableName="orders")
    batch, delete = ddb.calls
    assert call_line(batch) == (
        "BatchWriteItem orders  RequestItems: {orders: [{PutRequest: {Item:"
        " {'customer': 'ada', 'at': 1}}}]}  [1 WCU]"
    )
    assert call_line(delete) == "DeleteTable orders"
