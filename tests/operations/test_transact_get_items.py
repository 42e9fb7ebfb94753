from __future__ import annotations

import pytest

from tests.operations.orders_table import (
    create_orders,
    create_things,
    key,
    order,
    put_all,
)
from tests.refusals import cancellation, refusal
from tests.shared_clients import unchecked_dynamodb

MISMATCH = "The provided key element does not match the schema"
NONE = {"Code": "None"}
INVALID = {"Code": "ValidationError", "Message": MISMATCH}


@pytest.fixture
def client(dynamodb_client):
    create_orders(dynamodb_client)
    create_things(dynamodb_client)
    put_all(
        dynamodb_client,
        [
            order(nr=1, note="n1", tags={"L": [{"S": "a"}, {"S": "b"}, {"S": "c"}]}),
            order(nr=2, note="n2", doc={"M": {"a": {"N": "1"}, "b": {"N": "2"}}}),
        ],
    )
    put_all(dynamodb_client, [{"id": {"S": "x"}, "size_": {"N": "1"}}], "things")
    return dynamodb_client


def get(item_key, **more):
    return {"Get": {"TableName": "orders", "Key": item_key, **more}}


def read(client, *gets, **more):
    return client.transact_get_items(TransactItems=list(gets), **more)


def found(client, *gets):
    return read(client, *gets)["Responses"]


def refused(client, *gets):
    return refusal(client.transact_get_items, TransactItems=list(gets))


def cancelled(client, *gets):
    return cancellation(client.transact_get_items, TransactItems=list(gets))


# --- request validation ----------------------------------------------------------------------


def test_wrong_json_types(client):
    answered = refusal(unchecked_dynamodb().transact_get_items, TransactItems=[get(key())],
                       ReturnConsumedCapacity=1)  # fmt: skip
    assert answered == "SerializationException: NUMBER_VALUE cannot be converted to String"


@pytest.mark.parametrize(
    ("parameters", "text"),
    [
        ({}, "Value null at 'transactItems' failed to satisfy constraint: Member must not be null"),
        (
            {"TransactItems": []},
            (
                "Value '[]' at 'transactItems' failed to satisfy constraint:"
                " Member must have length greater than or equal to 1"
            ),
        ),
        (
            {"TransactItems": [get(key()), {}]},
            (
                "Value null at 'transactItems.2.member.get' failed to satisfy constraint:"
                " Member must not be null"
            ),
        ),
        (
            {"TransactItems": [{"Get": {"TableName": "orders"}}]},
            (
                "Value null at 'transactItems.1.member.get.key' failed to satisfy constraint:"
                " Member must not be null"
            ),
        ),
    ],
)
def test_constraints(client, parameters, text):
    message = refusal(unchecked_dynamodb().transact_get_items, **parameters)
    assert message == f"1 validation error detected: {text}"


def test_at_most_100_gets(client):
    gets = [get(key(nr=nr)) for nr in range(101)]
    assert refused(client, *gets).endswith(
        "' at 'transactItems' failed to satisfy constraint:"
        " Member must have length less than or equal to 100"
    )
    responses = found(client, *gets[:100])
    assert [bool(response) for response in responses] == [False, True, True] + [False] * 97


@pytest.mark.parametrize(
    ("wrong", "text"),
    [
        (
            get(key(), ProjectionExpression="a,"),
            'Invalid ProjectionExpression: Syntax error; token: "<EOF>", near: ","',
        ),
        (
            get(key(), ProjectionExpression="note, #n", ExpressionAttributeNames={"#n": "note"}),
            (
                "Invalid ProjectionExpression: Two document paths overlap with each other; must"
                " remove or rewrite one of these paths; path one: [note], path two: [note]"
            ),
        ),
        (
            get(key(), ExpressionAttributeNames={"#n": "note"}),
            "ExpressionAttributeNames can only be specified when using expressions",
        ),
        (
            get(key(), ProjectionExpression="a", ExpressionAttributeNames={"#n": "note"}),
            "Value provided in ExpressionAttributeNames unused in expressions: keys: {#n}",
        ),
        (
            get({"customer": {}, "nr": {"N": "1"}}),
            (
                "Supplied AttributeValue is empty, must contain exactly one of the supported"
                " datatypes"
            ),
        ),
    ],
)
def test_a_get_that_is_wrong_in_itself_fails_the_request(client, wrong, text):
    nowhere = {"Get": {"TableName": "nowhere", "Key": key()}}
    assert refused(client, nowhere, get(key(nr=2)), wrong) == text


def test_an_empty_key_value_fails_the_request(client):
    assert refused(client, get({}), get(key("", 1))) == (
        "One or more parameter values are not valid. The AttributeValue for a key attribute cannot"
        " contain an empty string value. Key: customer"
    )


@pytest.mark.parametrize(
    "wrong",
    [
        {},
        {"customer": {"S": "ann"}},
        {"customer": {"S": "ann"}, "nr": {"S": "1"}},
        {**key(), "note": {"S": "n1"}},
        {"customer": {"S": "ann"}, "number": {"N": "1"}},
    ],
)
def test_a_key_that_does_not_fit_cancels(client, wrong):
    assert cancelled(client, get(key()), get(wrong), get(key())) == [NONE, INVALID, NONE]


def test_one_item_is_read_once(client):
    same = {"customer": {"S": "ann"}, "nr": {"N": "1.0"}}
    assert refused(client, get(key()), get(same, ProjectionExpression="note")) == (
        "Transaction request cannot include multiple operations on one item"
    )


# --- behaviour -------------------------------------------------------------------------------


def test_items_come_in_the_order_of_the_request(client):
    thing = {"Get": {"TableName": "things", "Key": {"id": {"S": "x"}}}}
    assert found(client, get(key(nr=2)), thing, get(key(nr=9)), get(key(nr=1))) == [
        {"Item": order(nr=2, note="n2", doc={"M": {"a": {"N": "1"}, "b": {"N": "2"}}})},
        {"Item": {"id": {"S": "x"}, "size_": {"N": "1"}}},
        {},
        {"Item": order(nr=1, note="n1", tags={"L": [{"S": "a"}, {"S": "b"}, {"S": "c"}]})},
    ]


def test_projections(client):
    names = {"ExpressionAttributeNames": {"#d": "doc"}}
    assert found(
        client,
        get(key(nr=1), ProjectionExpression="tags[2], tags[0]"),
        get(key(nr=2), ProjectionExpression="note, #d.b", **names),
    ) == [
        {"Item": {"tags": {"L": [{"S": "a"}, {"S": "c"}]}}},
        {"Item": {"note": {"S": "n2"}, "doc": {"M": {"b": {"N": "2"}}}}},
    ]


def test_a_projection_that_finds_nothing_gives_no_item(client):
    """GetItem gives an empty item instead."""
    assert found(client, get(key(), ProjectionExpression="nothing")) == [{}]
    single = client.get_item(TableName="orders", Key=key(), ProjectionExpression="nothing")
    assert single["Item"] == {}


def test_what_comes_back_is_detached(client):
    found(client, get(key()))[0]["Item"]["note"]["S"] = "changed"
    assert found(client, get(key()))[0]["Item"]["note"] == {"S": "n1"}


def test_at_most_4_mb(client):
    put_all(client, [order(nr=nr, note="x" * 400_000) for nr in range(10, 21)])
    gets = [get(key(nr=nr), ProjectionExpression="nr") for nr in range(10, 21)]
    assert refused(client, *gets) == "Transaction size exceeds limit"
    assert len(found(client, *gets[1:])) == 10


# --- capacity --------------------------------------------------------------------------------


def reads(units):
    return {"CapacityUnits": units, "ReadCapacityUnits": units}


def test_a_transaction_pays_double_an_item_even_for_nothing(client):
    client.put_item(TableName="orders", Item=order(nr=3, note="x" * 5000))
    thing = {"Get": {"TableName": "things", "Key": {"id": {"S": "none"}}}}
    gets = [get(key(nr=3), ProjectionExpression="nr"), get(key(nr=9)), thing]
    response = read(client, *gets, ReturnConsumedCapacity="TOTAL")
    assert response["ConsumedCapacity"] == [
        {"TableName": "orders", **reads(6.0)},
        {"TableName": "things", **reads(2.0)},
    ]
    response = read(client, *gets[:1], ReturnConsumedCapacity="INDEXES")
    assert response["ConsumedCapacity"] == [
        {"TableName": "orders", **reads(4.0), "Table": reads(4.0)}
    ]
    assert "ConsumedCapacity" not in read(client, *gets)
    assert "ConsumedCapacity" not in read(client, *gets, ReturnConsumedCapacity="NONE")


# --- errors ----------------------------------------------------------------------------------


def test_a_table_that_is_not_there(client):
    nowhere = {"Get": {"TableName": "nowhere", "Key": {}}}
    answered = refusal(client.transact_get_items, TransactItems=[get({}), nowhere])
    assert answered == "ResourceNotFoundException: Requested resource not found"
