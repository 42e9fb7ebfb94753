from __future__ import annotations

import pytest

from ddbmock._internal.messages import values as messages
from tests import stream_helpers
from tests.operations.orders_table import (
    create_orders,
    create_things,
    everything,
    order,
    put_all,
    value_of,
)
from tests.refusals import cancellation, refusal
from tests.shared_clients import unchecked_dynamodb

ENVELOPE = "1 validation error detected: "
SELECT = "SELECT * FROM orders WHERE customer = 'ann' AND nr = ?"
INSERT = "INSERT INTO orders VALUE {'customer': 'ann', 'nr': ?}"
UPDATE = "UPDATE orders SET note = 'new' WHERE customer = 'ann' AND nr = ?"
DELETE = "DELETE FROM orders WHERE customer = 'ann' AND nr = ?"
EXISTS = "EXISTS(SELECT * FROM orders WHERE customer = 'ann' AND nr = ? AND note = ?)"
NONE = {"Code": "None"}
NO_TABLE = {"Code": "ResourceNotFound", "Message": "Requested resource not found"}
FAILED = {"Code": "ConditionalCheckFailed", "Message": "The conditional request failed"}
DUPLICATE = {"Code": "DuplicateItem", "Message": "Duplicate primary key exists in table"}
MISMATCH = {
    "Code": "ValidationError",
    "Message": "The provided key element does not match the schema",
}


@pytest.fixture
def client(dynamodb_client):
    create_orders(dynamodb_client)
    create_things(dynamodb_client)
    return dynamodb_client


@pytest.fixture
def full(client):
    put_all(client, [order(nr=nr, note=f"n{nr}") for nr in range(1, 4)])
    return client


def nested(levels):
    value: dict[str, object] = {"S": "x"}
    for _ in range(levels):
        value = {"M": {"a": value}}
    return value


def member(statement, *parameters, **more):
    values = {"Parameters": [value_of(value) for value in parameters]} if parameters else {}
    return {"Statement": statement, **values, **more}


def run(client, *members, **more):
    return client.execute_transaction(TransactStatements=list(members), **more)


def refused(client, *members, **more):
    return refusal(client.execute_transaction, TransactStatements=list(members), **more)


def cancelled(client, *members, **more):
    return cancellation(client.execute_transaction, TransactStatements=list(members), **more)


def in_first(text):
    return f"Validation failed in TransactStatements[0]: {text}"


def numbers(client):
    return [int(item["nr"]["N"]) for item in everything(client)]


# --- the request ---


@pytest.mark.parametrize(
    ("request_", "place"),
    [
        ({"TransactStatements": []}, "transactStatements"),
        ({"TransactStatements": [member(SELECT, 1), {}]}, "transactStatements.2.member.statement"),
        (
            {"TransactStatements": [{"Statement": DELETE, "Parameters": []}]},
            "transactStatements.1.member.parameters",
        ),
        (
            {"TransactStatements": [member(DELETE, 1)], "ClientRequestToken": ""},
            "clientRequestToken",
        ),
        (
            {"TransactStatements": [member(DELETE, 1)], "ClientRequestToken": "x" * 37},
            "clientRequestToken",
        ),
    ],
)
def test_constraints(client, request_, place):
    text = refusal(unchecked_dynamodb().execute_transaction, **request_)
    assert text.startswith(ENVELOPE)
    assert f"at '{place}' failed to satisfy constraint" in text


def test_at_most_a_hundred_statements(client):
    run(client, *(member(INSERT, nr) for nr in range(100)))
    assert len(everything(client)) == 100
    assert refused(client, *(member(DELETE, nr) for nr in range(101))).endswith(
        "at 'transactStatements' failed to satisfy constraint:"
        " Member must have length less than or equal to 100"
    )


def test_reads_and_writes_do_not_mix(full):
    text = (
        "ExecuteTransaction API does not support both read and write operations in the same"
        " request."
    )
    assert refused(full, member(SELECT, 1), member(DELETE, 2)) == text
    assert refused(full, member(SELECT, 1), member(EXISTS, 2, "n2")) == text


@pytest.mark.parametrize(
    ("bad", "text"),
    [
        (
            member("nothing"),
            "Statement wasn't well formed, can't be processed: ",
        ),
        (member(DELETE), "Number of parameters in request and statement don't match."),
        (
            member(UPDATE + " RETURNING ALL NEW *", 1),
            "RETURNING clause is not supported in ExecuteTransaction.",
        ),
        (
            member("SELECT * FROM orders.by_stage WHERE customer = 'ann' AND stage = 'x'"),
            "Reads on indices are not supported within transactions.",
        ),
        (
            member("EXISTS(SELECT * FROM orders.by_city WHERE city = 'a' AND note = 'x')"),
            "Operations on indices are not supported in transactions",
        ),
        (
            member("DELETE FROM orders.by_city WHERE city = 'a'"),
            "This operation is not supported on an index",
        ),
    ],
)
def test_a_bad_statement_refuses_the_transaction(full, bad, text):
    found = refused(full, bad)
    if text.endswith(": "):
        assert found.startswith(in_first(text))
    else:
        assert found == in_first(text)
    assert refused(full, member(DELETE, 1), bad).startswith(
        f"Validation failed in TransactStatements[1]: {text}"
    )


# --- reads ---


def test_reads(full):
    put_all(full, [{"id": {"S": "a"}}], "things")
    response = run(
        full,
        member(SELECT, 2),
        member(SELECT, 99),
        member("SELECT note FROM orders WHERE customer = 'ann' AND nr = 1"),
        member("SELECT * FROM things WHERE id = 'a'"),
    )
    assert response["Responses"] == [
        {"Item": order(nr=2, note="n2")},
        {},
        {"Item": {"note": {"S": "n1"}}},
        {"Item": {"id": {"S": "a"}}},
    ]


NOT_A_NUMBER = "The parameter cannot be converted to a numeric value"


# Observed: parameters are read before any statement, by the older layer.
@pytest.mark.parametrize(
    ("value", "text"),
    [
        ({"N": "7e3000000000"}, f"{NOT_A_NUMBER}: 7e3000000000"),
        ({"N": "x"}, f"{NOT_A_NUMBER}: x"),
        ({"N": ""}, NOT_A_NUMBER),
        (
            {"SS": ["b", "a", "b", "c"]},
            (
                "One or more parameter values were invalid: Input collection [b, a, b]"
                " contains duplicates."
            ),
        ),
        (nested(40), messages.NESTING_TOO_DEEP),
        (nested(120), messages.NESTING_TOO_DEEP),
    ],
)
@pytest.mark.parametrize("first", [member(DELETE, 1), {"Statement": "nothing"}])
def test_a_bad_parameter_names_no_statement(full, first, value, text):
    bad = {"Statement": "UPDATE orders SET note = ? WHERE customer = 'ann'", "Parameters": [value]}
    assert refused(full, first, bad, ClientRequestToken="t") == text


@pytest.mark.parametrize(
    "statement",
    [
        "SELECT * FROM orders",
        "SELECT * FROM orders WHERE customer = 'ann'",
        "SELECT * FROM orders WHERE customer = 'ann' AND nr = 1 AND note = 'n1'",
        "SELECT * FROM orders WHERE customer = 'ann' AND nr IN [1, 2]",
    ],
)
def test_a_read_names_its_item_and_nothing_else(full, statement):
    assert refused(full, member(statement)) == in_first(
        "Select statements within ExecuteTransaction must specify the primary key in the where"
        " clause."
    )


def test_what_a_read_does_not_find(full):
    nowhere = member("SELECT * FROM nowhere WHERE id = 'a'")
    wrong = member("SELECT * FROM things WHERE id = 1")
    assert cancelled(full, member(SELECT, 1), nowhere) == [NONE, NO_TABLE]
    assert cancelled(full, wrong, member(SELECT, 1)) == [MISMATCH, NONE]


def test_an_item_is_read_once(full):
    assert refused(full, member(SELECT, 1), member(SELECT, {"N": "1.0"})) == (
        "Transaction request cannot include multiple operations on one item"
    )


# --- writes ---


def test_writes(full):
    response = run(
        full,
        member(INSERT, 7),
        member(UPDATE, 1),
        member(DELETE, 2),
        member(DELETE, 99),
        member(EXISTS, 3, "n3"),
    )
    assert response["Responses"] == []
    assert everything(full) == [order(nr=1, note="new"), order(nr=3, note="n3"), order(nr=7)]


def test_all_or_nothing(full):
    assert cancelled(
        full,
        member(INSERT, 8),
        member(INSERT, 1),
        member(UPDATE, 99),
        member(DELETE + " AND note = 'other'", 2),
        member(EXISTS, 3, "other"),
    ) == [NONE, DUPLICATE, FAILED, FAILED, FAILED]


@pytest.mark.parametrize(
    ("statement", "parameters"),
    [(DELETE + " AND note = ?", (2, "other")), (EXISTS, (2, "other"))],
)
def test_a_failed_condition_can_return_the_item(full, statement, parameters):
    asked = {"ReturnValuesOnConditionCheckFailure": "ALL_OLD"}
    (reason,) = cancelled(full, member(statement, *parameters, **asked))
    assert reason == {**FAILED, "Item": order(nr=2, note="n2")}


def test_what_does_not_fit_the_table_cancels(full):
    nowhere = member("DELETE FROM nowhere WHERE id = 'a'")
    wrong_type = member("DELETE FROM things WHERE id = 1")
    without = member("DELETE FROM orders WHERE customer = 'ann'")
    reasons = cancelled(full, member(DELETE, 1), nowhere, wrong_type, without)
    assert reasons == [NONE, NO_TABLE, MISMATCH, MISMATCH]


def test_an_item_is_written_once(full):
    text = "Transaction request cannot include multiple operations on one item"
    assert refused(full, member(UPDATE, 1), member(DELETE, 1)) == text
    assert refused(full, member(UPDATE, 1), member(EXISTS, 1, "n1")) == text


def test_writes_are_in_the_stream(ddb):
    arn = stream_helpers.create()
    statement = "INSERT INTO orders VALUE {'pk': 'a', 'sk': ?}"
    run(stream_helpers.client(), member(statement, 1), member(statement, 2))
    assert len(stream_helpers.read(arn)) == 2


# --- EXISTS ---


def test_exists_holds_or_fails(full):
    run(full, member(EXISTS, 1, "n1"), member(DELETE, 2))
    assert numbers(full) == [1, 3]
    assert cancelled(full, member(EXISTS, 1, "x"), member(DELETE, 3)) == [FAILED, NONE]
    assert cancelled(full, member(EXISTS, 99, "x"), member(DELETE, 3)) == [FAILED, NONE]


def test_exists_of_what_is_missing(full):
    statement = "EXISTS(SELECT * FROM orders WHERE customer = 'ann' AND nr = ? AND note IS MISSING)"
    run(full, member(statement, 99), member(DELETE, 3))
    assert cancelled(full, member(statement, 1), member(DELETE, 2)) == [FAILED, NONE]


@pytest.mark.parametrize(
    "where",
    [
        "customer = 'ann' AND nr = 1",
        "customer = 'ann' AND note = 'n1'",
        "note = 'n1'",
    ],
)
def test_exists_is_about_one_item_and_more(full, where):
    select = "SELECT * FROM orders WHERE "
    assert refused(full, member(f"EXISTS({select}{where})")) == in_first(
        "EXISTS() must contain a single item read with additional condition"
    )


# --- the token ---


def test_a_token_makes_a_transaction_run_once(full):
    members = [member(DELETE, 1), member(INSERT, 9)]
    run(full, *members, ClientRequestToken="token")
    put_all(full, [order(nr=1)])
    assert run(full, *members, ClientRequestToken="token")["Responses"] == []
    assert numbers(full) == [1, 2, 3, 9]


def test_a_replay_is_charged_as_reads(full):
    request = {"ClientRequestToken": "token", "ReturnConsumedCapacity": "TOTAL"}
    first = run(full, member(DELETE, 1), **request)["ConsumedCapacity"]
    again = run(full, member(DELETE, 1), **request)["ConsumedCapacity"]
    assert first == [
        {"TableName": "orders", "CapacityUnits": 2.0, "WriteCapacityUnits": 2.0},
    ]
    assert again == [
        {"TableName": "orders", "CapacityUnits": 2.0, "ReadCapacityUnits": 2.0},
    ]


@pytest.mark.parametrize(
    "other",
    [
        [member(DELETE, 2)],
        [member(DELETE, 1), member(DELETE, 2)],
        [member(DELETE.replace(" ", "  ", 1), 1)],
    ],
)
def test_a_token_is_of_one_request(full, other):
    run(full, member(DELETE, 1), ClientRequestToken="token")
    text = refusal(full.execute_transaction, TransactStatements=other, ClientRequestToken="token")
    assert text.startswith("IdempotentParameterMismatchException: ")
    assert numbers(full) == [2, 3]


# Observed.
def test_a_blank_after_a_statement_is_no_other_request(full):
    run(full, member(DELETE, 1), ClientRequestToken="token")
    put_all(full, [order(nr=1)])
    run(full, member(DELETE + " ", 1), ClientRequestToken="token")
    assert numbers(full) == [1, 2, 3]


# Observed.
def test_a_cancelled_transaction_keeps_its_token(full):
    token = {"ClientRequestToken": "token"}
    assert cancelled(full, member(INSERT, 1), **token) == cancelled(
        full, member(INSERT, 1), **token
    )
    other = {"TransactStatements": [member(DELETE, 1)], **token}
    text = refusal(full.execute_transaction, **other)
    assert text.startswith("IdempotentParameterMismatchException: ")
    run(full, member(DELETE, 1))
    run(full, member(INSERT, 1), **token)
    assert numbers(full) == [1, 2, 3]


# Observed.
def test_transactions_of_both_kinds_share_their_tokens(full):
    put_item = {"Put": {"TableName": "orders", "Item": order(nr=9)}}
    full.transact_write_items(TransactItems=[put_item], ClientRequestToken="token")
    other = {"TransactStatements": [member(DELETE, 1)], "ClientRequestToken": "token"}
    text = refusal(full.execute_transaction, **other)
    assert text.startswith("IdempotentParameterMismatchException: ")


def test_a_token_of_reads_means_nothing(full):
    run(full, member(SELECT, 1), ClientRequestToken="token")
    run(full, member(DELETE, 1), ClientRequestToken="token")
    assert numbers(full) == [2, 3]


# --- capacity ---


def consumed(client, *members):
    (told,) = run(client, *members, ReturnConsumedCapacity="INDEXES")["ConsumedCapacity"]
    return told


def test_the_capacity_of_reads(full):
    put_all(full, [order(nr=5, note="x" * 5000)])
    told = consumed(full, member(SELECT, 1), member(SELECT, 5), member(SELECT, 99))
    assert told["CapacityUnits"] == told["ReadCapacityUnits"] == 8.0


def test_the_capacity_of_writes(full):
    insert = "INSERT INTO orders VALUE {'customer': 'ann', 'nr': 8, 'city': 'bern'}"
    told = consumed(full, member(insert), member(DELETE, 1), member(EXISTS, 2, "n2"))
    assert told["CapacityUnits"] == told["WriteCapacityUnits"] == 7.0
    assert told["Table"]["WriteCapacityUnits"] == 6.0
    assert told["GlobalSecondaryIndexes"]["by_city"]["WriteCapacityUnits"] == 1.0


def test_capacity_is_reported_when_asked_for(full):
    assert "ConsumedCapacity" not in run(full, member(SELECT, 1))
