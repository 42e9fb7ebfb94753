"""Numbers of calls do not depend on the decimal context that the program has set."""

from __future__ import annotations

from decimal import (
    Clamped,
    Context,
    FloatOperation,
    Inexact,
    Overflow,
    Rounded,
    Subnormal,
    Underflow,
    localcontext,
)

import pytest

from tests.operations.orders_table import create_orders

#: What a program may have set for calculations of its own.
CONTEXTS = {
    "default": Context(),
    "few digits": Context(prec=6),
    "traps": Context(
        prec=2,
        Emin=-1,
        Emax=1,
        capitals=0,
        clamp=1,
        traps=[Clamped, FloatOperation, Inexact, Overflow, Rounded, Subnormal, Underflow],
    ),
}
KEY = {"customer": {"S": "ann"}, "nr": {"N": "0.50"}}
LONG = "0.12345678901234567890123456789012345678"


@pytest.fixture(params=CONTEXTS)
def client(dynamodb_client, request):
    create_orders(dynamodb_client)
    with localcontext(CONTEXTS[request.param]):
        yield dynamodb_client


def stored(client, name="n"):
    return client.get_item(TableName="orders", Key=KEY)["Item"][name]


@pytest.mark.parametrize(
    ("before", "expression", "value", "after"),
    [
        ("0", "SET n = n - :v", LONG, f"-{LONG}"),
        ("0", "SET n = n + :v", LONG, LONG),
        ("0", "ADD n :v", f"-{LONG}", f"-{LONG}"),
        ("1000000", "SET n = n - :v", "1234.5678", "998765.4322"),
        ("1000000", "SET n = :v - n", "1234.5678", "-998765.4322"),
        ("9" * 37, "SET n = n + :v", "0.5", "9" * 37 + ".5"),
    ],
)
def test_sums_and_differences_are_exact(client, before, expression, value, after):
    client.put_item(TableName="orders", Item={**KEY, "n": {"N": before}})
    client.update_item(
        TableName="orders",
        Key=KEY,
        UpdateExpression=expression,
        ExpressionAttributeValues={":v": {"N": value}},
    )
    assert stored(client) == {"N": after}


def test_statements_calculate_exactly(client):
    client.put_item(TableName="orders", Item={**KEY, "n": {"N": "0"}})
    client.execute_statement(
        Statement="UPDATE orders SET n = n - ? WHERE customer = 'ann' AND nr = 0.5",
        Parameters=[{"N": LONG}],
    )
    assert stored(client) == {"N": f"-{LONG}"}


def test_numbers_order_exactly(client):
    # In order; neighbours differ in the 38th digit.
    numbers = [f"-{LONG}", f"-{LONG[:-1]}7", f"{LONG[:-1]}7", LONG]
    for number in reversed(numbers):
        key = {"customer": {"S": "ann"}, "nr": {"N": number}}
        client.put_item(TableName="orders", Item={**key, "amount": {"N": number}})
    for more in ({}, {"IndexName": "by_amount"}):
        found = client.query(
            TableName="orders",
            KeyConditionExpression="customer = :c",
            ExpressionAttributeValues={":c": {"S": "ann"}},
            **more,
        )["Items"]
        assert [item["nr"]["N"] for item in found] == numbers
    between = client.scan(
        TableName="orders",
        FilterExpression="amount BETWEEN :low AND :high AND amount < :high",
        ExpressionAttributeValues={":low": {"N": numbers[1]}, ":high": {"N": numbers[3]}},
    )["Items"]
    assert [item["amount"]["N"] for item in between] == numbers[1:3]
