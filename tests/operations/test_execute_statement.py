from __future__ import annotations

from base64 import b64decode, b64encode
from itertools import chain
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
from tests.refusals import refusal, unchanged
from tests.shared_clients import unchecked_dynamodb

NOT_VALID = "One or more parameter values were invalid: "
ENVELOPE = "1 validation error detected: "
MALFORMED = "Statement wasn't well formed, can't be processed: "
KEY_MISSING = "Where clause does not contain a mandatory equality on all key attributes"
ANN = "SELECT * FROM orders WHERE customer = 'ann'"


@pytest.fixture
def client(dynamodb_client):
    create_orders(dynamodb_client)
    create_things(dynamodb_client)
    return dynamodb_client


@pytest.fixture
def full(client):
    """Ten orders of Ann, two of Bob; every third one lacks an amount."""
    amounts: list[dict[str, Any]] = [{"amount": nr // 4} if nr % 3 else {} for nr in range(1, 11)]
    put_all(
        client,
        [
            order(nr=nr, stage="open" if nr % 2 else "paid", city="bern", note=f"n{nr}", **more)
            for nr, more in enumerate(amounts, start=1)
        ],
    )
    put_all(client, [order("bob", 1, city="bern"), order("bob", 2)])
    return client


def run(client, statement, *parameters, **more):
    request = {"Parameters": [value_of(value) for value in parameters]} if parameters else {}
    return client.execute_statement(Statement=statement, **request, **more)


def numbers(response):
    return [int(item["nr"]["N"]) for item in response["Items"]]


def pages(client, statement, *parameters, **more):
    """Return the numbers of every page."""
    found = []
    response: dict[str, Any] = {"NextToken": None}
    while "NextToken" in response:
        start = {} if response["NextToken"] is None else {"NextToken": response["NextToken"]}
        response = run(client, statement, *parameters, **start, **more)
        found.append(numbers(response))
    return found


def refused(client, statement, *parameters, **more):
    return refusal(run, client, statement, *parameters, **more)


def found(client, **item_key):
    return client.get_item(TableName="orders", Key=key(**item_key)).get("Item")


def consumed(client, statement, *parameters, **more):
    """Return units by what consumed them: '' is the sum, 'table', then indexes by name."""
    response = run(client, statement, *parameters, ReturnConsumedCapacity="INDEXES", **more)
    told = response["ConsumedCapacity"]
    units = {"": told["CapacityUnits"], "table": told["Table"]["CapacityUnits"]}
    for kind in ("LocalSecondaryIndexes", "GlobalSecondaryIndexes"):
        for name, part in told.get(kind, {}).items():
            units[name] = part["CapacityUnits"]
    return units


# --- the request ---

TOO_SHORT = "Member must have length greater than or equal to 1"


@pytest.mark.parametrize(
    ("member", "value", "shown", "constraint"),
    [
        ("Statement", None, "null", "Member must not be null"),
        ("Statement", "", "''", TOO_SHORT),
        ("Parameters", [], "'[]'", TOO_SHORT),
        ("NextToken", "", "''", TOO_SHORT),
        ("Limit", 0, "'0'", "Member must have value greater than or equal to 1"),
        (
            "ReturnConsumedCapacity",
            "SOME",
            "'SOME'",
            "Member must satisfy enum value set: [INDEXES, TOTAL, NONE]",
        ),
        (
            "ReturnValuesOnConditionCheckFailure",
            "ALL_NEW",
            "'ALL_NEW'",
            "Member must satisfy enum value set: [ALL_OLD, NONE]",
        ),
    ],
)
def test_constraints(client, member, value, shown, constraint):
    request = {"Statement": ANN, member: value}
    request = {name: value for name, value in request.items() if value is not None}
    place = member[0].lower() + member[1:]
    assert refusal(unchecked_dynamodb().execute_statement, **request) == (
        f"{ENVELOPE}Value {shown} at '{place}' failed to satisfy constraint: {constraint}"
    )


def test_a_statement_is_at_most_8192_characters_long(client):
    longest = ANN + " " * (8192 - len(ANN))
    assert run(client, longest)["Items"] == []
    assert refused(client, longest + " ").endswith(
        "at 'statement' failed to satisfy constraint: Member must have length less than or equal to"
        " 8192"
    )


def test_the_text_is_read_before_the_table_is_looked_for(client):
    assert refused(client, "SELECT * FROM nowhere WHERE").startswith(MALFORMED)
    assert refused(client, "SELECT * FROM nowhere WHERE a = ?").startswith("Number of parameters")


def test_parameters_are_checked_before_the_text_is_read(client):
    assert not refused(client, "nothing", {"N": "many"}).startswith(MALFORMED)


@pytest.mark.parametrize(
    "statement",
    [
        "SELECT * FROM nowhere",
        "INSERT INTO nowhere VALUE {'id': 'a'}",
        "UPDATE nowhere SET a = 1 WHERE id = 'a'",
        "DELETE FROM nowhere WHERE id = 'a'",
    ],
)
def test_an_unknown_table(client, statement):
    assert refusal(client.execute_statement, Statement=statement) == (
        "ResourceNotFoundException: Requested resource not found"
    )


# --- parameters ---

EMPTY = "Supplied AttributeValue is empty, must contain exactly one of the supported datatypes"
OVERFLOW = (
    "Number overflow. Attempting to store a number with magnitude larger than supported range"
)
UNDERFLOW = (
    "Number underflow. Attempting to store a number with magnitude smaller than supported range"
)


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ({"N": "many"}, "The parameter cannot be converted to a numeric value: many"),
        ({"N": "1e200"}, OVERFLOW),
        # An exponent beyond 32 bits wraps.
        ({"N": "1e2147483647"}, UNDERFLOW),
        ({"NULL": False}, NOT_VALID + "Null attribute value types must have the value of true"),
        ({"SS": []}, NOT_VALID + "An string set  may not be empty"),
        ({"SS": ["a", "a"]}, NOT_VALID + "Input collection [a, a] contains duplicates."),
        ({}, EMPTY),
    ],
)
def test_bad_parameters(client, value, text):
    request = {"Statement": "INSERT INTO things VALUE {'id': 'a', 'x': ?}", "Parameters": [value]}
    assert refusal(unchecked_dynamodb().execute_statement, **request) == text
    assert everything(client, "things") == []


def test_numbers_are_stored_canonically(client):
    run(client, "INSERT INTO things VALUE {'id': 'a', 'x': ?, 'y': 01.50e1}", {"N": "1.0e2"})
    assert everything(client, "things") == [
        {"id": {"S": "a"}, "x": {"N": "100"}, "y": {"N": "15"}},
    ]


def test_every_type_can_be_a_parameter(client):
    values = [
        {"S": "s"},
        {"N": "1"},
        {"B": b"b"},
        {"BOOL": True},
        {"NULL": True},
        {"L": [{"S": "a"}]},
        {"M": {"a": {"N": "1"}}},
        {"SS": ["a"]},
        {"NS": ["1"]},
        {"BS": [b"b"]},
    ]
    for value in values:
        run(client, "INSERT INTO things VALUE {'id': 'a', 'x': ?}", value)
        assert run(client, "SELECT * FROM things WHERE id = 'a' AND x = ?", value)["Items"] == [
            {"id": {"S": "a"}, "x": value}
        ]
        run(client, "DELETE FROM things WHERE id = 'a'")


@pytest.mark.parametrize("parameters", [[], ["ann"], ["ann", 1, 2]])
def test_the_number_of_parameters(client, parameters):
    statement = "SELECT * FROM orders WHERE customer = ? AND nr = ?"
    text = "Number of parameters in request and statement don't match."
    assert refused(client, statement, *parameters) == text


# --- pages ---


def test_pages_by_limit(full):
    assert pages(full, ANN, Limit=4) == [[1, 2, 3, 4], [5, 6, 7, 8], [9, 10]]
    assert pages(full, ANN + " AND nr > 4", Limit=3) == [[5, 6, 7], [8, 9, 10], []]


def test_the_limit_counts_before_the_conditions(full):
    statement = ANN + " AND stage = 'open'"
    assert pages(full, statement, Limit=4) == [[1, 3], [5, 7], [9]]


def test_pages_backwards(full):
    statement = ANN + " ORDER BY nr DESC"
    assert pages(full, statement, Limit=4) == [[10, 9, 8, 7], [6, 5, 4, 3], [2, 1]]


def test_pages_of_a_scan(full):
    found = pages(full, "SELECT * FROM orders WHERE nr < 3", Limit=5)
    assert len(found) == 3
    assert sorted(chain(*found)) == [1, 1, 2, 2]


def test_pages_of_indexes(full):
    statement = "SELECT * FROM orders.by_amount WHERE customer = 'ann'"
    # Amounts go up; items with the same one go by a hash of their keys.
    assert pages(full, statement, Limit=3) == [[2, 1, 5], [7, 4, 8], [10]]
    statement = "SELECT * FROM orders.by_city WHERE city = 'bern'"
    assert sorted(chain(*pages(full, statement, Limit=4))) == [1, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10]


def test_pages_by_size(client):
    put_all(client, [order(nr=nr, note="x" * 300_000) for nr in range(1, 8)])
    assert pages(client, ANN) == [[1, 2, 3, 4], [5, 6, 7]]


def test_a_page_is_at_most_ten_reads(client):
    put_all(client, [order(nr=nr) for nr in range(1, 13)])
    listed = ", ".join(map(str, range(1, 13)))
    statement = f"{ANN} AND nr IN [{listed}]"
    assert pages(client, statement) == [list(range(1, 11)), [11, 12]]


def test_one_item_is_one_page(full):
    response = run(full, ANN + " AND nr = 1", Limit=1)
    assert numbers(response) == [1]
    assert "NextToken" not in response
    assert "LastEvaluatedKey" not in response


def test_the_last_key_is_reported(full):
    response = run(full, ANN, Limit=2)
    assert response["LastEvaluatedKey"] == key(nr=2)


def test_a_token_goes_with_its_statement_and_parameters(full):
    statement = "SELECT * FROM orders WHERE customer = ?"
    token = run(full, statement, "ann", Limit=2)["NextToken"]
    assert numbers(run(full, statement, "ann", Limit=1, NextToken=token)) == [3]
    text = "NextToken does not match request"
    assert refused(full, statement, "bob", NextToken=token) == text
    assert refused(full, statement + " ", "ann", NextToken=token) == text


@pytest.mark.parametrize(
    "token", ["x", "!!", "{}", "\u00e9", *(b64encode(b).decode() for b in (b"[]", b"[" * 2000))]
)
def test_an_invalid_token(full, token):
    assert refused(full, ANN, NextToken=token) == "Invalid NextToken"


def test_a_token_that_was_changed(full):
    issued = b64decode(run(full, ANN, Limit=2)["NextToken"])
    for position in range(0, len(issued), 7):
        changed = bytearray(issued)
        changed[position] ^= 1
        assert refused(full, ANN, NextToken=b64encode(changed).decode()) == "Invalid NextToken"


# --- what is read ---


def test_in_reads_many(full):
    assert numbers(run(full, ANN + " AND nr IN [3, 1, 99]")) == [1, 3]
    response = run(full, "SELECT * FROM orders WHERE customer IN ['bob', 'ann'] AND nr = 2")
    assert [item["customer"]["S"] for item in response["Items"]] == ["ann", "bob"]


def test_at_most_fifty_reads(client):
    put_all(client, [order(nr=nr) for nr in range(1, 52)])
    fifty = ", ".join(map(str, range(1, 51)))
    assert list(chain(*pages(client, f"{ANN} AND nr IN [{fifty}]"))) == list(range(1, 51))
    text = "Too many decomposed read operations for a given query."
    assert refused(client, f"{ANN} AND nr IN [{fifty}, 51]") == text


def test_a_star_is_what_the_index_holds(full):
    (item,) = run(full, "SELECT * FROM orders.by_amount WHERE customer = 'ann' AND amount = 2")[
        "Items"
    ][:1]
    assert item == order(nr=8, amount=2)


def test_a_local_index_fetches_what_it_does_not_hold(full):
    statement = "SELECT note FROM orders.by_amount WHERE customer = 'ann' AND amount = 2"
    assert run(full, statement)["Items"] == [{"note": {"S": "n8"}}, {"note": {"S": "n10"}}]


def test_a_global_index_does_not(full):
    assert refused(full, "SELECT note FROM orders.by_city WHERE city = 'bern'") == (
        NOT_VALID + "Global secondary index by_city does not project [note]"
    )


def test_reads_are_consistent_except_of_global_indexes(full):
    assert numbers(run(full, ANN + " AND nr = 1", ConsistentRead=True)) == [1]
    statement = "SELECT * FROM orders.by_city WHERE city = 'bern'"
    text = "Strongly consistent read is not supported on Global Secondary Indexes"
    assert refused(full, statement, ConsistentRead=True) == text


def test_an_index_with_keys_of_several_attributes(full):
    statement = "SELECT * FROM orders.by_place WHERE city = 'bern' AND stage = 'open'"
    assert "multi-attribute" in refused(full, statement)


# --- what reads consume ---


def test_the_capacity_of_reads(client):
    put_all(client, [order(nr=nr, note="x" * 1000, amount=nr) for nr in range(1, 11)])
    half = {"": 0.5, "table": 0.5}
    assert consumed(client, ANN + " AND nr = 1") == half
    assert consumed(client, ANN + " AND nr = 1", ConsistentRead=True) == {"": 1, "table": 1}
    assert consumed(client, ANN + " AND nr = 99") == half
    assert consumed(client, ANN) == {"": 1.5, "table": 1.5}
    assert consumed(client, ANN + " AND note = 'y'") == {"": 1.5, "table": 1.5}
    assert consumed(client, "SELECT nr FROM orders WHERE nr = 1") == {"": 1.5, "table": 1.5}
    assert consumed(client, ANN + " AND nr IN [1, 2, 3]") == {"": 1.5, "table": 1.5}


def test_the_capacity_of_index_reads(full):
    statement = "SELECT * FROM orders.by_city WHERE city = 'bern'"
    assert consumed(full, statement) == {"": 0.5, "table": 0, "by_city": 0.5}
    statement = "SELECT note FROM orders.by_amount WHERE customer = 'ann' AND amount = 2"
    assert consumed(full, statement) == {"": 1.5, "table": 1, "by_amount": 0.5}


def test_capacity_is_reported_when_asked_for(full):
    assert "ConsumedCapacity" not in run(full, ANN)
    response = run(full, ANN, ReturnConsumedCapacity="TOTAL")
    assert response["ConsumedCapacity"] == {"TableName": "orders", "CapacityUnits": 0.5}


# --- INSERT ---


def test_insert(client):
    statement = "INSERT INTO orders VALUE {'customer': 'ann', 'nr': 1, 'tags': <<'a'>>, 'no': NULL}"
    assert run(client, statement)["Items"] == []
    assert found(client) == order(tags={"SS": ["a"]}, no={"NULL": True})


def test_insert_of_what_is_there(full):
    call = full.execute_statement
    statement = "INSERT INTO orders VALUE {'customer': 'ann', 'nr': 1}"
    refused_with = refusal(call, Statement=statement)
    assert refused_with == "DuplicateItemException: Duplicate primary key exists in table"
    assert found(full)["note"] == {"S": "n1"}


def test_insert_fills_indexes(client):
    run(client, "INSERT INTO orders VALUE {'customer': 'ann', 'nr': 1, 'city': 'bern'}")
    assert numbers(run(client, "SELECT nr FROM orders.by_city WHERE city = 'bern'")) == [1]


def test_insert_with_bad_index_keys(client):
    statement = "INSERT INTO orders VALUE {'customer': 'ann', 'nr': 1, 'city': 5}"
    assert refused(client, statement).startswith(
        NOT_VALID + "Type mismatch for Index Key city Expected: S Actual: N"
    )


def test_insert_of_too_much(client):
    statement = "INSERT INTO things VALUE {'id': 'a', 'x': ?}"
    assert refused(client, statement, "x" * 400 * 1024) == (
        "Item size has exceeded the maximum allowed size"
    )


# --- UPDATE ---


def test_update(full):
    statement = "UPDATE orders SET note = ? REMOVE stage WHERE customer = 'ann' AND nr = 1"
    assert run(full, statement, "new")["Items"] == []
    assert found(full) == order(amount=0, city="bern", note="new")


def test_update_makes_no_item(full):
    statement = "UPDATE orders SET note = 'new' WHERE customer = 'ann' AND nr = 99"
    assert refusal(full.execute_statement, Statement=statement) == (
        "ConditionalCheckFailedException: The conditional request failed"
    )
    assert found(full, nr=99) is None


def test_a_condition_of_an_update(full):
    statement = "UPDATE orders SET note = 'new' WHERE customer = 'ann' AND nr = 1 AND note = ?"
    refused_with = refusal(run, full, statement, "other")
    assert refused_with == "ConditionalCheckFailedException: The conditional request failed"
    assert found(full)["note"] == {"S": "n1"}
    run(full, statement, "n1")
    assert found(full)["note"] == {"S": "new"}


@pytest.mark.parametrize("wanted", [None, "NONE", "ALL_OLD"])
def test_what_a_failed_condition_returns(full, wanted):
    more = {} if wanted is None else {"ReturnValuesOnConditionCheckFailure": wanted}
    statement = "DELETE FROM orders WHERE customer = 'bob' AND nr = 1 AND city = 'rome'"
    with unchanged(), pytest.raises(full.exceptions.ConditionalCheckFailedException) as caught:
        run(full, statement, **more)
    expected = order("bob", 1, city="bern") if wanted == "ALL_OLD" else None
    assert caught.value.response.get("Item") == expected


@pytest.mark.parametrize(
    ("clause", "expected"),
    [
        ("ALL OLD", [order("bob", 1, city="bern")]),
        ("ALL NEW", [order("bob", 1, city="rome", note="new")]),
        ("MODIFIED OLD", [{"city": {"S": "bern"}}]),
        ("MODIFIED NEW", [{"city": {"S": "rome"}, "note": {"S": "new"}}]),
    ],
)
def test_returning(full, clause, expected):
    statement = "UPDATE orders SET city = 'rome' SET note = 'new' WHERE customer = 'bob' AND nr = 1"
    assert run(full, f"{statement} RETURNING {clause} *")["Items"] == expected


def test_update_of_an_index(full):
    statement = "UPDATE orders.by_city SET note = 'x' WHERE customer = 'ann' AND nr = 1"
    assert refused(full, statement) == "This operation is not supported on an index"


def test_update_of_the_key(full):
    statement = "UPDATE orders SET nr = 2 WHERE customer = 'ann' AND nr = 1"
    assert refused(full, statement) == (
        NOT_VALID + "Cannot update attribute nr. This attribute is part of the key"
    )


# --- DELETE ---


def test_delete(full):
    statement = "DELETE FROM orders WHERE customer = 'ann' AND nr = 1"
    assert run(full, statement)["Items"] == []
    assert found(full) is None
    assert run(full, statement)["Items"] == []


def test_delete_returns_what_was_there(full):
    statement = "DELETE FROM orders WHERE customer = 'bob' AND nr = ? RETURNING ALL OLD *"
    assert run(full, statement, 1)["Items"] == [order("bob", 1, city="bern")]
    assert run(full, statement, 1)["Items"] == []


@pytest.mark.parametrize("clause", ["ALL NEW", "MODIFIED OLD", "MODIFIED NEW"])
def test_what_delete_does_not_return(full, clause):
    statement = "DELETE FROM orders WHERE customer = 'bob' AND nr = 1"
    assert refused(full, f"{statement} RETURNING {clause} *") == (
        f"Invalid returning clause: RETURNING {clause} *."
        " Only RETURNING ALL OLD * is allowed in DELETE statements."
    )


def test_a_condition_of_a_delete(full):
    statement = "DELETE FROM orders WHERE customer = 'ann' AND nr = ? AND note = 'other'"
    text = refusal(run, full, statement, 1)
    assert text == "ConditionalCheckFailedException: The conditional request failed"
    assert run(full, statement, 99)["Items"] == []


@pytest.mark.parametrize(
    "where",
    [
        "customer = 'ann'",
        "nr = 1",
        "customer = 'ann' AND nr > 1",
        "customer = 'ann' AND nr IN [1, 2]",
        "customer = 'ann' OR nr = 1",
    ],
)
def test_a_write_names_one_item(full, where):
    for statement in ["DELETE FROM orders WHERE ", "UPDATE orders SET note = 'x' WHERE "]:
        assert refused(full, statement + where) == KEY_MISSING


# --- what writes consume, and what they leave ---


def test_the_capacity_of_writes(client):
    statement = "INSERT INTO orders VALUE {'customer': 'ann', 'nr': 1, 'note': ?, 'city': 'bern'}"
    expected = {"": 4, "table": 3, "by_city": 1}
    assert consumed(client, statement, "x" * 2500) == expected
    statement = "UPDATE orders SET stage = 'paid' WHERE customer = 'ann' AND nr = 1"
    assert consumed(client, statement)["table"] == 3
    statement = "DELETE FROM orders WHERE customer = 'ann' AND nr = 1"
    assert consumed(client, statement)["table"] == 3
    assert consumed(client, statement) == {"": 1, "table": 1}


def test_exists_is_for_transactions(full):
    statement = "EXISTS(SELECT * FROM orders WHERE customer = 'ann' AND nr = 1 AND note = 'x')"
    assert refused(full, statement) == (
        "EXISTS can only be used in ExecuteTransaction write requests."
    )


def test_writes_are_in_the_stream(ddb):
    arn = stream_helpers.create()
    client = stream_helpers.client()
    run(client, "INSERT INTO orders VALUE {'pk': 'a', 'sk': 1}")
    run(client, "UPDATE orders SET note = 'x' WHERE pk = 'a' AND sk = 1")
    run(client, "UPDATE orders SET note = 'x' WHERE pk = 'a' AND sk = 1")
    run(client, "DELETE FROM orders WHERE pk = 'a' AND sk = 1")
    records = stream_helpers.read(arn)
    assert [record["eventName"] for record in records] == ["INSERT", "MODIFY", "REMOVE"]
    assert records[1]["dynamodb"]["NewImage"]["note"] == {"S": "x"}


def test_a_refused_write_is_charged(ddb, full):
    insert = "INSERT INTO orders VALUE {'customer': 'ann', 'nr': 1}"
    update = "UPDATE orders SET note = 'x' WHERE customer = 'ann' AND nr = 99"
    for statement in [insert, update]:
        refusal(full.execute_statement, Statement=statement)
    assert [call.consumed_units for call in list(ddb.calls)[-2:]] == [1.0, 1.0]
