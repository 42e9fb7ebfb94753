"""A wrong attribute value, in each operation: the words of the current and of the older layer.

PutItem, UpdateItem and DeleteItem answer in the current layer's words with an envelope, GetItem,
BatchGetItem and Query without it; BatchWriteItem and PartiQL parameters in the older layer's.
All texts were observed at the service.
"""

from __future__ import annotations

from typing import Any

import pytest

from tests.operations.orders_table import create_orders, everything
from tests.refusals import refusal
from tests.shared_clients import unchecked_dynamodb

ENVELOPE = "1 validation error detected: "
INVALID = "One or more parameter values were invalid: "
NOT_A_NUMBER = "The parameter cannot be converted to a numeric value"
OVERFLOW = (
    "Number overflow. Attempting to store a number with magnitude larger than supported range"
)
UNDERFLOW = (
    "Number underflow. Attempting to store a number with magnitude smaller than supported range"
)

#: A value, and what the current and the older layer say of it.
VALUES: list[tuple[dict[str, Any], str, str]] = [
    ({"N": ""}, f"{NOT_A_NUMBER}: ", NOT_A_NUMBER),
    ({"NS": ["1", ""]}, f"{NOT_A_NUMBER}: ", NOT_A_NUMBER),
    ({"L": [{"M": {"a": {"N": ""}}}]}, f"{NOT_A_NUMBER}: ", NOT_A_NUMBER),
    ({"N": "x"}, f"{NOT_A_NUMBER}: x", f"{NOT_A_NUMBER}: x"),
    ({"N": "1e126"}, OVERFLOW, OVERFLOW),
    ({"N": "1e2147483647"}, OVERFLOW, UNDERFLOW),
    ({"N": "7e3000000000"}, OVERFLOW, f"{NOT_A_NUMBER}: 7e3000000000"),
    ({"N": "-7e3000000000"}, OVERFLOW, f"{NOT_A_NUMBER}: -7e3000000000"),
    ({"N": "1e-2147483648"}, UNDERFLOW, f"{NOT_A_NUMBER}: 1e-2147483648"),
    (
        {"N": "3e9300000000000000000"},
        f"{NOT_A_NUMBER}: 3e9300000000000000000",
        f"{NOT_A_NUMBER}: 3e9300000000000000000",
    ),
    (
        {"SS": ["rye", "oat", "rye", "bran"]},
        f'{INVALID}Input collection ["oat", "rye", "rye", "bran"] contains duplicates.',
        f"{INVALID}Input collection [rye, oat, rye] contains duplicates.",
    ),
    (
        {"BS": [b"\x09", b"\x05", b"\x05", b"\x01"]},
        (f'{INVALID}Input collection ["BQ==","CQ==","BQ==","AQ=="]of type BS contains duplicates.'),
        f"{INVALID}Input collection [CQ==, BQ==, BQ==]of type BS contains duplicates.",
    ),
    (
        {"NS": ["8", "4", "8"]},
        f"{INVALID}Input collection contains duplicates.",
        "Input collection contains duplicates",
    ),
]
KEY = {"customer": {"S": "ann"}, "nr": {"N": "1"}}
EXPRESSIONS = {
    "put_item": {"Item": KEY, "ConditionExpression": "note = :v"},
    "update_item": {"Key": KEY, "UpdateExpression": "SET note = :v"},
    "delete_item": {"Key": KEY, "ConditionExpression": "note = :v"},
}
QUERY = {"KeyConditionExpression": "customer = :c", "FilterExpression": "note = :v"}


@pytest.fixture(autouse=True)
def client(dynamodb_client):
    create_orders(dynamodb_client)
    return dynamodb_client


def refused(operation: str, **request: Any) -> str:
    return refusal(getattr(unchecked_dynamodb(), operation), **request)


each_value = pytest.mark.parametrize(("value", "current", "older"), VALUES)


@each_value
def test_an_item(value, current, older):
    item = {**KEY, "note": value}
    assert refused("put_item", TableName="orders", Item=item) == ENVELOPE + current
    request = {"orders": [{"PutRequest": {"Item": item}}]}
    assert refused("batch_write_item", RequestItems=request) == older


@each_value
def test_a_key(value, current, older):
    key = {"customer": {"S": "ann"}, "nr": value}
    assert refused("delete_item", TableName="orders", Key=key) == ENVELOPE + current
    assert refused("update_item", TableName="orders", Key=key) == ENVELOPE + current
    assert refused("get_item", TableName="orders", Key=key) == current
    request = {"orders": {"Keys": [key]}}
    assert refused("batch_get_item", RequestItems=request) == current
    deletion = {"orders": [{"DeleteRequest": {"Key": key}}]}
    assert refused("batch_write_item", RequestItems=deletion) == older


@each_value
def test_a_value_of_an_expression(value, current, older):
    for operation, parameters in EXPRESSIONS.items():
        values = {"ExpressionAttributeValues": {":v": value}}
        text = refused(operation, TableName="orders", **parameters, **values)
        assert text == ENVELOPE + current
    given = {":c": {"S": "ann"}, ":v": value}
    request = {"TableName": "orders", **QUERY, "ExpressionAttributeValues": given}
    assert refused("query", **request) == current


@each_value
def test_a_value_in_the_older_layer(value, current, older):
    # Observed of the envelope and of BatchWriteItem; that scans and transactions are answered by
    # the same layer is by analogy.
    named = f"ExpressionAttributeValues contains invalid value: {older} for key :v"
    values = {"ExpressionAttributeValues": {":v": value}}
    text = refused("scan", TableName="orders", FilterExpression="note = :v", **values)
    assert text == named
    put = {"TableName": "orders", "Item": KEY, "ConditionExpression": "note = :v", **values}
    assert refused("transact_write_items", TransactItems=[{"Put": put}]) == named
    put = {"TableName": "orders", "Item": {**KEY, "note": value}}
    assert refused("transact_write_items", TransactItems=[{"Put": put}]) == older
    get = {"TableName": "orders", "Key": {"customer": {"S": "ann"}, "nr": value}}
    assert refused("transact_get_items", TransactItems=[{"Get": get}]) == older
    start = {"customer": {"S": "ann"}, "nr": value}
    text = refused("scan", TableName="orders", ExclusiveStartKey=start)
    assert text == f"The provided starting key is invalid: {older}"


@pytest.mark.parametrize(
    "statement",
    [
        "SELECT * FROM orders WHERE customer = 'ann' AND note = ?",
        "SELECT * FROM orders WHERE customer = 'ann' AND nr = ?",
        "INSERT INTO orders VALUE {'customer': 'ann', 'nr': 1, 'note': ?}",
        "UPDATE orders SET note = ? WHERE customer = 'ann' AND nr = 1",
        "DELETE FROM orders WHERE customer = 'ann' AND nr = ?",
    ],
)
@each_value
def test_a_parameter_of_a_statement(client, statement, value, current, older):
    member = {"Statement": statement, "Parameters": [value]}
    assert refused("execute_statement", **member) == older
    assert refused("execute_transaction", TransactStatements=[member]) == older
    (response,) = client.batch_execute_statement(Statements=[member])["Responses"]
    assert response["Error"] == {"Code": "ValidationError", "Message": older}
    assert everything(client) == []
