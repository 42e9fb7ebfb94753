from __future__ import annotations

from typing import Any

import pytest

from tests import stream_helpers
from tests.operations.orders_table import (
    create_orders,
    create_things,
    everything,
    key,
    order,
    put_all,
    value_of,
)
from tests.refusals import refusal
from tests.shared_clients import unchecked_dynamodb

ENVELOPE = "1 validation error detected: "
SELECT = "SELECT * FROM orders WHERE customer = 'ann' AND nr = ?"
INSERT = "INSERT INTO orders VALUE {'customer': 'ann', 'nr': ?}"
UPDATE = "UPDATE orders SET note = 'new' WHERE customer = 'ann' AND nr = ?"
DELETE = "DELETE FROM orders WHERE customer = 'ann' AND nr = ?"
WITHOUT_KEY = (
    "Select statements within BatchExecuteStatement must specify the primary key"
    " in the where clause."
)
NO_TABLE = {"Code": "ResourceNotFound", "Message": "Requested resource not found"}
FAILED = {"Code": "ConditionalCheckFailed", "Message": "The conditional request failed"}
DUPLICATE = {"Code": "DuplicateItem", "Message": "Duplicate primary key exists in table"}


@pytest.fixture
def client(dynamodb_client):
    create_orders(dynamodb_client)
    create_things(dynamodb_client)
    return dynamodb_client


@pytest.fixture
def full(client):
    put_all(client, [order(nr=nr, note=f"n{nr}") for nr in range(1, 4)])
    return client


def member(statement, *parameters, **more):
    values = {"Parameters": [value_of(value) for value in parameters]} if parameters else {}
    return {"Statement": statement, **values, **more}


def run(client, *members, **more):
    """Return the responses."""
    return client.batch_execute_statement(Statements=list(members), **more)["Responses"]


def refused(client, *members):
    return refusal(client.batch_execute_statement, Statements=list(members))


def consumed(client, *members, level="INDEXES"):
    return client.batch_execute_statement(
        Statements=list(members), ReturnConsumedCapacity=level
    ).get("ConsumedCapacity")


# --- the request ---


def test_at_least_one_statement(client):
    assert refusal(unchecked_dynamodb().batch_execute_statement, Statements=[]) == (
        f"{ENVELOPE}Value '[]' at 'statements' failed to satisfy constraint:"
        " Member must have length greater than or equal to 1"
    )


def test_at_most_25_statements(client):
    assert len(run(client, *(member(INSERT, nr) for nr in range(25)))) == 25
    assert refused(client, *(member(INSERT, nr) for nr in range(25, 51))).endswith(
        "at 'statements' failed to satisfy constraint:"
        " Member must have length less than or equal to 25"
    )


def test_constraints_of_a_statement(client):
    request = {"Statements": [member(SELECT, 1), {"Statement": "", "Parameters": []}]}
    text = refusal(unchecked_dynamodb().batch_execute_statement, **request)
    for place in ["statements.2.member.statement", "statements.2.member.parameters"]:
        assert f"at '{place}' failed to satisfy constraint" in text


def test_reads_and_writes_do_not_mix(full):
    text = "Read and write requests together in the same batch is not supported."
    assert refused(full, member(SELECT, 1), member(DELETE, 2)) == text


def test_a_statement_that_cannot_be_read_mixes_with_both(full):
    for statement in (SELECT, DELETE):
        first, second = run(full, member("nothing"), member(statement, 1))
        assert first["Error"]["Code"] == "ValidationError"
        assert "Error" not in second


@pytest.mark.parametrize(
    "members",
    [
        [member(SELECT, 1), member(SELECT, {"N": "1.0"})],
        [member(INSERT, 7), member(DELETE, 7)],
        [member(UPDATE, 1), member(DELETE, 2), member(UPDATE, 1)],
    ],
)
def test_an_item_is_named_once(full, members):
    assert refused(full, *members) == "Provided list of item keys contains duplicates"


# --- reads ---


def test_reads(full):
    assert run(full, member(SELECT, 1), member(SELECT, 99), member(SELECT, 3)) == [
        {"TableName": "orders", "Item": order(nr=1, note="n1")},
        {"TableName": "orders"},
        {"TableName": "orders", "Item": order(nr=3, note="n3")},
    ]


def test_reads_of_several_tables(full):
    put_all(full, [{"id": {"S": "a"}}], "things")
    responses = run(full, member(SELECT, 1), member("SELECT id FROM things WHERE id = 'a'"))
    assert [response["TableName"] for response in responses] == ["orders", "things"]
    assert responses[1]["Item"] == {"id": {"S": "a"}}


@pytest.mark.parametrize(
    "statement",
    [
        "SELECT * FROM orders",
        "SELECT * FROM orders WHERE customer = 'ann'",
        "SELECT * FROM orders WHERE customer = 'ann' AND nr > 1",
        "SELECT * FROM orders WHERE customer = 'ann' AND nr = 1 AND note = 'n1'",
        "SELECT * FROM orders WHERE customer = 'ann' AND nr IN [1, 2]",
        "SELECT * FROM orders.by_stage WHERE customer = 'ann' AND stage = 'open'",
    ],
)
def test_a_read_names_its_item_and_nothing_else(full, statement):
    assert run(full, member(statement)) == [
        {"Error": {"Code": "ValidationError", "Message": WITHOUT_KEY}}
    ]


# --- writes ---


def test_writes(full):
    responses = run(
        full, member(INSERT, 7), member(UPDATE, 1), member(DELETE, 2), member(DELETE, 99)
    )
    assert responses == [{"TableName": "orders"}] * 4
    assert everything(full) == [
        order(nr=1, note="new"),
        order(nr=3, note="n3"),
        order(nr=7),
    ]


def test_a_write_returns_what_it_says(full):
    assert run(
        full,
        member(UPDATE + " RETURNING MODIFIED NEW *", 1),
        member(DELETE + " RETURNING ALL OLD *", 2),
        member(DELETE + " RETURNING ALL OLD *", 99),
    ) == [
        {"TableName": "orders", "Item": {"note": {"S": "new"}}},
        {"TableName": "orders", "Item": order(nr=2, note="n2")},
        {"TableName": "orders"},
    ]


def test_writes_are_in_the_stream(ddb):
    arn = stream_helpers.create()
    statement = "INSERT INTO orders VALUE {'pk': 'a', 'sk': ?}"
    run(stream_helpers.client(), member(statement, 1), member(statement, 2))
    assert len(stream_helpers.read(arn)) == 2


# --- what fails, fails alone ---


def test_one_failure_is_no_failure_of_others(full):
    responses = run(
        full,
        member(INSERT, 1),
        member(UPDATE, 99),
        member(DELETE + " AND note = 'other'", 2),
        member(INSERT, 8),
    )
    assert responses == [
        {"Error": DUPLICATE, "TableName": "orders"},
        {"Error": FAILED, "TableName": "orders"},
        {"Error": FAILED, "TableName": "orders"},
        {"TableName": "orders"},
    ]
    assert [item["nr"]["N"] for item in everything(full)] == ["1", "2", "3", "8"]


def test_what_a_failed_condition_returns_is_not_for_batches(full):
    asked = {"ReturnValuesOnConditionCheckFailure": "ALL_OLD"}
    (response,) = run(full, member(DELETE + " AND note = 'other'", 2, **asked))
    assert response == {"Error": FAILED, "TableName": "orders"}


def test_an_unknown_table(full):
    assert run(full, member("SELECT * FROM nowhere WHERE id = 'a'"), member(SELECT, 1)) == [
        {"Error": NO_TABLE},
        {"TableName": "orders", "Item": order(nr=1, note="n1")},
    ]


@pytest.mark.parametrize(
    ("bad", "text"),
    [
        (member(DELETE), "Number of parameters in request and statement don't match."),
        (member(DELETE, {"NS": ["1", "1"]}), "Input collection contains duplicates"),
        (
            member("DELETE FROM orders WHERE nr = 1"),
            "Where clause does not contain a mandatory equality on all key attributes",
        ),
        (
            member("EXISTS(SELECT * FROM orders WHERE customer = 'ann' AND nr = 1 AND a = 1)"),
            "EXISTS can only be used in ExecuteTransaction write requests.",
        ),
    ],
)
def test_a_bad_statement(full, bad, text):
    first, second = run(full, bad, member(DELETE, 1))
    assert first == {"Error": {"Code": "ValidationError", "Message": text}}
    assert second == {"TableName": "orders"}


# --- capacity ---


def test_the_capacity_of_reads(full):
    put_all(full, [order(nr=5, note="x" * 5000)])
    (told,) = consumed(full, member(SELECT, 1), member(SELECT, 5), member(SELECT, 99))
    assert told["CapacityUnits"] == told["Table"]["CapacityUnits"] == 2.0


def test_a_read_can_be_consistent(full):
    (told,) = consumed(full, member(SELECT, 1, ConsistentRead=True), member(SELECT, 2))
    assert told["CapacityUnits"] == 1.5


def test_the_capacity_of_writes(full):
    insert = "INSERT INTO orders VALUE {'customer': 'ann', 'nr': 8, 'city': 'bern'}"
    (told,) = consumed(full, member(insert), member(DELETE, 1))
    assert told["Table"]["CapacityUnits"] == 2.0
    assert told["GlobalSecondaryIndexes"] == {"by_city": {"CapacityUnits": 1.0}}
    assert told["CapacityUnits"] == 3.0


def test_tables_are_told_one_by_one(full):
    insert = "INSERT INTO things VALUE {'id': 'a'}"
    told = consumed(full, member(insert), member(DELETE, 1), level="TOTAL")
    assert sorted(one.pop("TableName") for one in told) == ["orders", "things"]
    assert told == [{"CapacityUnits": 1.0}] * 2


def test_a_table_where_all_failed_is_not_told(full):
    insert = "INSERT INTO things VALUE {'id': 'a'}"
    (told,) = consumed(full, member(insert), member(INSERT, 1))
    assert told["TableName"] == "things"


def test_capacity_is_reported_when_asked_for(full):
    assert consumed(full, member(SELECT, 1), level="NONE") is None


def test_keys_of_an_item_are_read_from_the_text_or_the_parameters(full):
    statement: Any = "SELECT note FROM orders WHERE nr = ? AND ? = customer"
    (response,) = run(full, member(statement, 1, "ann"))
    assert response["Item"] == {"note": {"S": "n1"}}
    assert full.get_item(TableName="orders", Key=key(nr=1))["Item"]["note"] == {"S": "n1"}
