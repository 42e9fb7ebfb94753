"""Calls as lines of text."""

from __future__ import annotations

import boto3
import pytest

from ddbmock import UnsupportedError
from ddbmock._internal.calls import CallKind, CallLog, Display, RecordedError, Totals
from ddbmock._internal.errors import ValidationError
from tests.calls.helpers import ORDERS, new_call, order, put_two_and_fail, query
from tests.unsupported import without


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
    line = str(ddb.calls[-1])
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
    assert str(ddb.calls[-1]) == (
        "UpdateItem orders  Key: {'customer': 'ada', 'at': 1},"
        " UpdateExpression: SET state = 'open', note = 'two\\nlines'  [2 WCU]"
    )


def test_lines_of_batches_and_tables(ddb, client):
    client.batch_write_item(RequestItems={"orders": [{"PutRequest": {"Item": order(1)}}]})
    client.delete_table(TableName="orders")
    batch, delete = ddb.calls
    assert str(batch) == (
        "BatchWriteItem orders  RequestItems: {orders: [{PutRequest: {Item:"
        " {'customer': 'ada', 'at': 1}}}]}  [1 WCU]"
    )
    assert str(delete) == "DeleteTable orders"


def test_a_table_is_shown_by_its_keys_indexes_and_stream(ddb, client):
    stream = {"StreamEnabled": True, "StreamViewType": "KEYS_ONLY"}
    client.create_table(**{**ORDERS, "TableName": "more"}, StreamSpecification=stream)
    assert str(ddb.calls[-1]) == (
        "CreateTable more  key customer (S), at (N); index by-state; stream KEYS_ONLY"
    )


def test_a_table_that_was_refused_is_shown_as_it_was_sent(ddb, client):
    with pytest.raises(client.exceptions.ClientError):
        client.create_table(**{**ORDERS, "TableName": "more", "AttributeDefinitions": []})
    assert str(ddb.calls[-1]).startswith("CreateTable more  KeySchema: [{AttributeName: 'customer'")


def test_errors_are_shown_behind_the_call(ddb, client, monkeypatch):
    without(monkeypatch, "UpdateTable", "ReplicaUpdates")
    with pytest.raises(UnsupportedError):
        client.update_table(TableName="orders", ReplicaUpdates=[{"Create": {"RegionName": "x"}}])
    assert str(ddb.calls[-1]) == (
        "UpdateTable orders  ReplicaUpdates: [{Create: {RegionName: 'x'}}]"
        "  UnsupportedError: ddbmock does not support these parameters of UpdateTable yet:"
        " ReplicaUpdates"
    )


def nested(levels: int) -> str:
    return '{"L": [' * levels + '{"S": "x"}' + "]}" * levels


@pytest.mark.parametrize("levels", [32, 40, 300, 700, 5000])
def test_values_nested_too_deeply_are_cut(levels):
    call = new_call("PutItem", {"TableName": "t"})
    body = f'{{"TableName": "t", "Item": {{"deep": {nested(levels)}}}, "More": {nested(levels)}}}'
    log = CallLog()
    call.error, call.body = ValidationError("too deep"), body.encode()
    log.record(call)
    text = str(log[0])
    assert text.startswith("PutItem t  ")
    assert text.endswith("  ValidationException: too deep")
    # How deep JSON may be depends on the release of Python.
    assert "'deep': [[[[" in text or "(a request that is nested too deeply to be shown)" in text


# --- several calls ---


def test_no_calls(ddb):
    assert (str(ddb.calls), repr(ddb.calls)) == ("no calls", "<0 calls>")


def test_calls_of_one_region(ddb, client):
    put_two_and_fail(client)
    query(client, ConsistentRead=True)
    assert str(ddb.calls).splitlines()[:2] == [
        "4 calls in us-east-1, 1 RCU + 4 WCU:",
        "  PutItem orders  Item: {'customer': 'ada', 'at': 1, 'state': 'open'}  [2 WCU]",
    ]
    assert repr(ddb.calls) == "<4 calls, 1 RCU + 4 WCU>"
    assert [repr(call) for call in ddb.calls[2:]] == [
        "<PutItem orders [1 WCU] ConditionalCheckFailedException>",
        "<Query orders [1 RCU]>",
    ]


def test_calls_of_several_regions_show_theirs(ddb, client):
    client.put_item(TableName="orders", Item=order(1))
    elsewhere = boto3.client("dynamodb", region_name="eu-west-1")
    with pytest.raises(client.exceptions.ResourceNotFoundException):
        elsewhere.scan(TableName="orders")
    assert str(ddb.calls) == (
        "2 calls in eu-west-1 and us-east-1, 1 WCU:\n"
        "  PutItem orders (us-east-1)  Item: {'customer': 'ada', 'at': 1}  [1 WCU]\n"
        "  Scan orders (eu-west-1)"
        "  ResourceNotFoundException: Requested resource not found"
    )
    assert "  Scan orders (eu-west-1)  Resource" in ddb.calls(region="eu-west-1").text(
        other_regions={"us-east-1"}
    )


def test_calls_of_another_account_show_it():
    kind = CallKind("ListTables", "us-east-1", "222233334444", (), None, None, is_scan=False)
    log = CallLog()
    log._calls.append((kind, b"{}", {}, 0.0, None, None, None, 2))
    log._counted[kind,] = kind, Totals(1)
    assert str(log).startswith("1 call in 222233334444, us-east-1, no units:")


# --- masks ---


MASKED = Display(mask=("pass*", "TOKEN"))


def line(ddb, display: Display) -> str:
    text: str = ddb.calls[-1].line(display)
    return text


def test_masked_attributes_of_items(ddb, client):
    secret = {"M": {"password": {"S": "secret"}, "user": {"S": "ada"}}}
    client.put_item(TableName="orders", Item=order(1, Token={"S": "secret"}, login=secret))
    assert line(ddb, MASKED) == (
        "PutItem orders  Item: {'customer': 'ada', 'at': 1, 'Token': ***,"
        " 'login': {'password': ***, 'user': 'ada'}}  [1 WCU]"
    )


def test_masked_attributes_in_expressions(ddb, client):
    values = {":p": {"S": "secret"}, ":n": {"N": "7"}}
    client.update_item(
        TableName="orders", Key=order(1), UpdateExpression="SET #p = :p, n = :n",
        ExpressionAttributeNames={"#p": "password"}, ExpressionAttributeValues=values,
    )  # fmt: skip
    assert line(ddb, MASKED) == (
        "UpdateItem orders  Key: {'customer': 'ada', 'at': 1},"
        " UpdateExpression: SET password = ***, n = ***  [1 WCU]"
    )
    assert line(ddb, Display(mask=("other",))).endswith("password = 'secret', n = 7  [1 WCU]")


def test_masked_attributes_of_older_parameters(ddb, client):
    client.update_item(
        TableName="orders", Key=order(1),
        AttributeUpdates={"token": {"Value": {"S": "secret"}}, "n": {"Value": {"N": "7"}}},
    )  # fmt: skip
    assert "{token: ***, n: {'Value': 7}}" in line(ddb, MASKED)


def test_masked_attributes_in_statements(ddb, client):
    insert = "INSERT INTO orders VALUE {'customer': 'ada', 'at': ?, 'password': 'sec''ret'}"
    client.execute_statement(Statement=insert, Parameters=[{"N": "12345"}])
    text = line(ddb, MASKED)
    assert "INSERT INTO orders VALUE {***: ***, ***: ?, ***: ***}" in text
    assert "Parameters: ***" in text
    client.batch_execute_statement(
        Statements=[{"Statement": insert, "Parameters": [{"N": "12345"}]}]
    )
    text = line(ddb, MASKED)
    assert "Parameters: ***" in text
    assert "secret" not in text


def test_no_values(ddb, client):
    hidden = Display(show_values=False)
    client.put_item(TableName="orders", Item=order(1))
    assert line(ddb, hidden) == "PutItem orders  Item: {'customer': …, 'at': …}  [1 WCU]"
    query(client, Limit=7)
    assert line(ddb, hidden) == (
        "Query orders  KeyConditionExpression: customer = …, Limit: 7  [1 item, 0.5 RCU]"
    )
    client.execute_statement(Statement="SELECT * FROM orders WHERE customer = 'ada' AND nr > 0.5")
    assert "WHERE customer = … AND nr > …" in line(ddb, hidden)


def test_how_many_calls_and_characters(ddb, client):
    for at in range(5):
        client.put_item(TableName="orders", Item=order(at, text={"S": "x" * 200}))
    ddb.calls.display = Display(shown_calls=2, characters=40)
    lines = str(ddb.calls).splitlines()
    assert lines[1] == "  … 3 more before"
    assert [len(line) for line in lines[2:]] == [len("  ") + 40 + len("  [1 WCU]")] * 2
    ddb.calls.display = Display(shown_calls=0)
    assert str(ddb.calls) == "5 calls in us-east-1, 5 WCU:\n  … 5 more before"


def test_an_error_as_text():
    assert repr(RecordedError(KeyError())) == "<KeyError>"
