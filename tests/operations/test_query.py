from __future__ import annotations

from typing import Any

import pytest

from tests.operations.orders_table import (
    create_orders,
    create_things,
    index,
    key,
    order,
    put_all,
)
from tests.refusals import refusal
from tests.shared_clients import unchecked_dynamodb

ANN = {":c": {"S": "ann"}}
OF_ANN: dict[str, Any] = {
    "TableName": "orders",
    "KeyConditionExpression": "customer = :c",
    "ExpressionAttributeValues": ANN,
}
NOT_VALID = "One or more parameter values were invalid: "
START_INVALID = "The provided starting key is invalid"
ENVELOPE = "1 validation error detected: "


@pytest.fixture
def client(dynamodb_client):
    create_orders(dynamodb_client)
    return dynamodb_client


@pytest.fixture
def full(client):
    """Ten orders of Ann, two of Bob; every third one lacks an amount."""
    amounts: list[dict[str, Any]] = [{"amount": nr // 4} if nr % 3 else {} for nr in range(1, 11)]
    put_all(
        client,
        [
            order(
                nr=nr,
                stage="open" if nr % 2 else "paid",
                city="bern",
                weekday="mon",
                note=f"n{nr}",
                **more,
            )
            for nr, more in enumerate(amounts, start=1)
        ],
    )
    put_all(client, [order("bob", 1, city="bern"), order("bob", 2)])
    return client


def numbers(response):
    return [int(item["nr"]["N"]) for item in response["Items"]]


def ask(client, text, values=None, **more):
    """Query with a key condition; values are texts and numbers."""
    from_values = {
        f":{name}": {"S": value} if isinstance(value, str) else {"N": str(value)}
        for name, value in (values or {}).items()
    }
    parameters = {
        "TableName": "orders",
        "KeyConditionExpression": text,
        "ExpressionAttributeValues": from_values,
    }
    return client.query(**{**parameters, **more})


# --- request validation: serialization and constraints ---------------------------------------


@pytest.mark.parametrize(
    ("parameters", "text"),
    [
        ({"IndexName": 1}, "NUMBER_VALUE cannot be converted to String"),
        ({"Limit": "x"}, "STRING_VALUE cannot be converted to Integer"),
        ({"ScanIndexForward": 1}, "NUMBER_VALUE cannot be converted to Boolean"),
    ],
)
def test_wrong_json_types(client, parameters, text):
    answered = refusal(unchecked_dynamodb().query, **{**OF_ANN, **parameters})
    assert answered == f"SerializationException: {text}"


@pytest.mark.parametrize(
    ("parameters", "text"),
    [
        (
            {"TableName": None},
            ENVELOPE + "Value null at 'tableName' failed to satisfy constraint:"
            " Member must not be null",
        ),
        (
            {"Limit": 0},
            ENVELOPE + "Value at 'Limit' failed to satisfy constraint:"
            " Member must have value greater than or equal to 1",
        ),
        (
            {"Select": "NOTHING"},
            ENVELOPE + "Value 'NOTHING' at 'select' failed to satisfy constraint: Member must"
            " satisfy enum value set: [SPECIFIC_ATTRIBUTES, COUNT, ALL_ATTRIBUTES,"
            " ALL_PROJECTED_ATTRIBUTES]",
        ),
        (
            {"IndexName": "a!"},
            (
                "2 validation errors detected: Value 'a!' at 'indexName' failed to satisfy"
                " constraint: Member must satisfy regular expression pattern: [a-zA-Z0-9_.-]+;"
                " Value at 'IndexName' failed to satisfy constraint:"
                " Member must have length greater than or equal to 3"
            ),
        ),
    ],
)
def test_constraints(client, parameters, text):
    request = {name: value for name, value in {**OF_ANN, **parameters}.items() if value is not None}
    assert refusal(unchecked_dynamodb().query, **request).startswith(text)


# --- request validation: rules across parameters ---------------------------------------------


@pytest.mark.parametrize(
    ("parameters", "text"),
    [
        (
            {"KeyConditions": {}, "KeyConditionExpression": "customer = :c"},
            (
                "Non-expression parameters: {KeyConditions} Expression parameters:"
                " {KeyConditionExpression}"
            ),
        ),
        (
            {
                "AttributesToGet": ["a"],
                "QueryFilter": {},
                "ConditionalOperator": "AND",
                "ProjectionExpression": "a",
                "FilterExpression": "a = :c",
            },
            (
                "Non-expression parameters: {AttributesToGet, QueryFilter, ConditionalOperator}"
                " Expression parameters: {ProjectionExpression, FilterExpression,"
                " KeyConditionExpression}"
            ),
        ),
    ],
)
def test_expressions_and_legacy_parameters_do_not_mix(client, parameters, text):
    beginning = "Can not use both expression and non-expression parameters in the same request: "
    assert refusal(client.query, **{**OF_ANN, **parameters}) == beginning + text


def test_legacy_key_conditions_may_stand_beside_other_expressions(full):
    response = full.query(
        TableName="orders",
        KeyConditions={
            "customer": {"ComparisonOperator": "EQ", "AttributeValueList": [{"S": "ann"}]}
        },
        FilterExpression="note = :n",
        ProjectionExpression="nr",
        ExpressionAttributeValues={":n": {"S": "n3"}},
    )
    assert response["Items"] == [{"nr": {"N": "3"}}]


@pytest.mark.parametrize(
    ("parameters", "text"),
    [
        (
            {"ExpressionAttributeNames": {"#a": "a"}},
            "ExpressionAttributeNames can only be specified when using expressions",
        ),
        (
            {"ExpressionAttributeValues": {":a": {"S": "a"}}},
            "ExpressionAttributeValues can only be specified when using expressions",
        ),
        (
            {"ProjectionExpression": "a", "ExpressionAttributeValues": {":a": {"S": "a"}}},
            "ExpressionAttributeValues can only be specified when using expressions",
        ),
        (
            {},
            (
                "Either the KeyConditions or KeyConditionExpression parameter must be specified"
                " in the request."
            ),
        ),
        (
            {"FilterExpression": "a b"},
            (
                "Either the KeyConditions or KeyConditionExpression parameter must be specified"
                " in the request."
            ),
        ),
        ({"KeyConditions": {}}, "Conditions can be of length 1 or 2 only"),
    ],
)
def test_what_must_come_together(client, parameters, text):
    assert refusal(client.query, TableName="orders", **parameters) == text


@pytest.mark.parametrize(
    ("parameters", "text"),
    [
        (
            {"KeyConditionExpression": ""},
            "KeyConditionExpression: The expression can not be empty;",
        ),
        ({"FilterExpression": ""}, "FilterExpression: The expression can not be empty;"),
        ({"ProjectionExpression": ""}, "ProjectionExpression: The expression can not be empty;"),
        (
            {"FilterExpression": "note = :x", "ProjectionExpression": "a..b"},
            (
                "FilterExpression: An expression attribute value used in expression is not defined;"
                " attribute value: :x"
            ),
        ),
        (
            {"ProjectionExpression": "note, note"},
            (
                "ProjectionExpression: Two document paths overlap with each other; must remove or"
                " rewrite one of these paths; path one: [note], path two: [note]"
            ),
        ),
    ],
)
def test_malformed_expressions(client, parameters, text):
    assert refusal(client.query, **{**OF_ANN, **parameters}) == f"Invalid {text}"


def test_names_and_values_must_be_used(client):
    text = refusal(client.query, **OF_ANN, ExpressionAttributeNames={"#n": "note"})
    assert text == "Value provided in ExpressionAttributeNames unused in expressions: keys: {#n}"
    unused = {**ANN, ":d": {"S": ""}}
    text = refusal(client.query, **{**OF_ANN, "ExpressionAttributeValues": unused})
    assert text == "Value provided in ExpressionAttributeValues unused in expressions: keys: {:d}"


@pytest.mark.parametrize(
    ("condition", "text"),
    [
        ("customer = :c OR nr = :n", "Invalid operator used in KeyConditionExpression: OR"),
        ("customer = :c AND NOT nr = :n", "Invalid operator used in KeyConditionExpression: NOT"),
        ("customer = :c AND nr <> :n", "Invalid operator used in KeyConditionExpression: <>"),
        ("customer = :c AND nr IN (:n)", "Invalid operator used in KeyConditionExpression: IN"),
        (
            "customer = :c AND customer = :n",
            "KeyConditionExpressions must only contain one condition per key",
        ),
        (
            "customer.a = :c AND nr = :n",
            "KeyConditionExpressions cannot have conditions on nested attributes",
        ),
        (
            "customer = :c AND size(nr) = :n",
            "KeyConditionExpressions cannot contain nested operations",
        ),
    ],
)
def test_what_no_key_condition_can_be(client, condition, text):
    message = refusal(
        client.query,
        TableName="nowhere",
        KeyConditionExpression=condition,
        ExpressionAttributeValues={**ANN, ":n": {"N": "1"}},
    )
    assert message in (f"Invalid KeyConditionExpression: {text}", text)


def test_an_unused_value_is_reported_before_an_operator_that_no_key_condition_has(client):
    text = refusal(
        client.query,
        TableName="orders",
        KeyConditionExpression="customer <> :c",
        ExpressionAttributeValues={**ANN, ":d": {"S": "x"}},
    )
    assert text.startswith("Value provided in ExpressionAttributeValues unused")


SELECTS = {
    "ALL_ATTRIBUTES": "ALL_ATTRIBUTES",
    "ALL_PROJECTED_ATTRIBUTES": "ALL_PROJECTED_ATTRIBUTES",
    "COUNT": "only the Count",
}


@pytest.mark.parametrize("select", SELECTS)
@pytest.mark.parametrize("index_name", [None, "by_amount", "by_city", "by_place"])
def test_only_specific_attributes_go_with_a_projection(client, select, index_name):
    on_index = {"IndexName": index_name} if index_name else {}
    text = refusal(client.query, **OF_ANN, **on_index, Select=select, ProjectionExpression="note")
    assert text == (
        f"{ENVELOPE}Cannot specify the ProjectionExpression when choosing to get {SELECTS[select]}"
    )


@pytest.mark.parametrize("select", SELECTS)
def test_only_specific_attributes_go_with_attributes_to_get(client, select):
    text = refusal(client.query, TableName="orders", Select=select, AttributesToGet=["note"])
    assert text == (
        f"{ENVELOPE}Cannot specify the AttributesToGet when choosing to get {SELECTS[select]}"
    )


def test_specific_attributes_must_be_named(client):
    text = refusal(client.query, **OF_ANN, Select="SPECIFIC_ATTRIBUTES")
    assert text == (
        f"{ENVELOPE}Must specify the AttributesToGet or ProjectionExpression when choosing to get"
        " SPECIFIC_ATTRIBUTES"
    )


def test_projected_attributes_are_those_of_an_index(client):
    text = refusal(client.query, **OF_ANN, Select="ALL_PROJECTED_ATTRIBUTES")
    assert text == (
        f"{ENVELOPE}ALL_PROJECTED_ATTRIBUTES can be used only when Querying using an IndexName"
    )


@pytest.mark.parametrize(
    ("broken", "text"),
    [
        # Each pair breaks two rules; the first one is reported.
        (
            {"QueryFilter": {}, "FilterExpression": "a b", "KeyConditionExpression": None},
            "Can not use both",
        ),
        (
            {
                "KeyConditionExpression": None,
                "ExpressionAttributeValues": None,
                "QueryFilter": {"a": {"ComparisonOperator": "EQ", "AttributeValueList": []}},
                "AttributesToGet": ["a", "a"],
            },
            NOT_VALID + "Invalid number of argument(s) for the EQ ComparisonOperator",
        ),
        (
            {
                "KeyConditionExpression": None,
                "ExpressionAttributeValues": None,
                "AttributesToGet": ["a", ""],
                "ExclusiveStartKey": {"customer": {"N": "x"}},
            },
            "Empty attribute name",
        ),
        (
            {
                "KeyConditionExpression": None,
                "ExpressionAttributeValues": None,
                "AttributesToGet": ["a", "a"],
                "ExclusiveStartKey": {"customer": {"N": "x"}},
            },
            NOT_VALID + "Duplicate value in attribute name: a",
        ),
        (
            {
                "ExclusiveStartKey": {"customer": {"N": "x"}},
                "KeyConditionExpression": None,
                "ExpressionAttributeValues": None,
            },
            f"{START_INVALID}: The parameter cannot be converted to a numeric value: x",
        ),
        (
            {"ExpressionAttributeValues": {"c": {"S": ""}}, "FilterExpression": "("},
            'ExpressionAttributeValues contains invalid key: Syntax error; key: "c"',
        ),
        ({"FilterExpression": "(", "TableName": "nowhere"}, "Invalid FilterExpression: Syntax"),
        (
            {"TableName": "nowhere", "IndexName": "nope"},
            "ResourceNotFoundException: Requested resource not found",
        ),
        (
            {"IndexName": "nope", "ConsistentRead": True},
            "The table does not have the specified index: nope",
        ),
        (
            {"IndexName": "by_city", "ConsistentRead": True, "ExclusiveStartKey": {}},
            "Consistent reads are not supported on global secondary indexes",
        ),
        (
            {"ExclusiveStartKey": {}, "KeyConditionExpression": "note = :c"},
            START_INVALID,
        ),
        (
            {"KeyConditionExpression": "note = :c", "FilterExpression": "customer = :c"},
            "Query condition missed key schema element: customer",
        ),
        (
            {"FilterExpression": "customer = :c", "ProjectionExpression": "nr.a"},
            (
                "Key attributes must be scalars; list random access '[]' and map lookup '.'"
                " are not allowed: Key: nr"
            ),
        ),
    ],
)
def test_the_first_of_several_broken_rules_is_reported(client, broken, text):
    merged = {**OF_ANN, **broken}
    request = {name: value for name, value in merged.items() if value is not None}
    message = refusal(client.query, **request)
    assert message.startswith(text)


# --- request validation: key conditions against the schema -----------------------------------


@pytest.mark.parametrize(
    ("condition", "text"),
    [
        ("nr = :n", "Query condition missed key schema element: customer"),
        ("note = :c", "Query condition missed key schema element: customer"),
        ("customer = :c AND note = :n", "Query condition missed key schema element: nr"),
        ("customer > :c", "Query key condition not supported"),
        ("begins_with(customer, :c)", "Query key condition not supported"),
        ("customer BETWEEN :c AND :c", "Query key condition not supported"),
        (
            "customer = :n",
            NOT_VALID + "Condition parameter type does not match schema type",
        ),
        (
            "customer = :c AND nr = :c",
            NOT_VALID + "Condition parameter type does not match schema type",
        ),
        (
            "customer = :e",
            (
                "One or more parameter values are not valid. The AttributeValue for a key attribute"
                " cannot contain an empty string value. Key: customer"
            ),
        ),
        (
            "customer = :long",
            NOT_VALID + "Size of hashkey has exceeded the maximum size limit of2048 bytes",
        ),
    ],
)
def test_key_conditions_that_do_not_fit_the_table(client, condition, text):
    values = {
        ":c": {"S": "ann"},
        ":n": {"N": "1"},
        ":e": {"S": ""},
        ":long": {"S": "ü" * 1025},
    }
    used = {name: value for name, value in values.items() if f"{name} " in f"{condition} "}
    used |= {name: value for name, value in values.items() if f"{name})" in condition}
    text_told = refusal(
        client.query,
        TableName="orders",
        KeyConditionExpression=condition,
        ExpressionAttributeValues=used,
    )
    assert text_told == text


def test_a_sort_key_value_can_be_too_long(client):
    text = refusal(ask, client=client, text="customer = :c AND stage = :s",
                   values={"c": "ann", "s": "x" * 1025}, IndexName="by_stage")  # fmt: skip
    assert text == (
        NOT_VALID + "Aggregated size of all range keys has exceeded the size limit of 1024 bytes"
    )


def test_a_table_without_sort_key_takes_one_condition(dynamodb_client):
    create_things(dynamodb_client)
    text = refusal(
        dynamodb_client.query,
        TableName="things",
        KeyConditionExpression="id = :a AND note = :a",
        ExpressionAttributeValues={":a": {"S": "a"}},
    )
    assert text == (
        "The number of query conditions (2) exceeds the number of key attributes defined in the"
        " schema (1)"
    )


@pytest.mark.parametrize(
    ("conditions", "text"),
    [
        (
            {"customer": ("EQ", [])},
            NOT_VALID + "Invalid number of argument(s) for the EQ ComparisonOperator",
        ),
        (
            {"customer": ("EQ", [{"S": "a"}]), "nr": ("BETWEEN", [{"N": "2"}, {"N": "1"}])},
            (
                "The BETWEEN condition was provided a range where the lower bound is greater than"
                " the upper bound"
            ),
        ),
        (
            {"customer": ("EQ", [{"S": "a"}]), "nr": ("IN", [{"N": "2"}, {"S": "1"}])},
            NOT_VALID + "AttributeValues inside AttributeValueList must be of same type",
        ),
        (
            {"customer": ("EQ", [{"S": "a"}]), "nr": ("LT", [{"SS": ["1"]}])},
            NOT_VALID + "ComparisonOperator LT is not valid for SS AttributeValue type",
        ),
        (
            {"customer": ("EQ", [{"S": "a"}]), "nr": ("NE", [{"N": "1"}])},
            "Attempted conditional constraint is not an indexable operation",
        ),
        (
            {"customer": ("EQ", [{"S": "a"}]), "note": ("EQ", [{"N": "1"}])},
            "Query condition missed key schema element: nr",
        ),
        ({"customer": ("GT", [{"S": "a"}])}, "Query key condition not supported"),
    ],
)
def test_legacy_key_conditions_that_do_not_fit(client, conditions, text):
    legacy = {
        name: {"ComparisonOperator": operator, "AttributeValueList": values}
        for name, (operator, values) in conditions.items()
    }
    assert refusal(client.query, TableName="orders", KeyConditions=legacy) == text


# --- request validation: filters and projections against the schema --------------------------


@pytest.mark.parametrize(
    ("index_name", "condition", "name"),
    [
        (None, "customer = :c", "customer"),
        (None, "note = :c OR (NOT nr > :c)", "nr"),
        ("by_amount", "amount = :c", "amount"),
        ("by_stage", "contains(stage, :c)", "stage"),
    ],
)
def test_a_filter_does_not_read_the_key_that_is_queried(client, index_name, condition, name):
    on_index = {"IndexName": index_name} if index_name else {}
    text = refusal(client.query, **OF_ANN, **on_index, FilterExpression=condition)
    assert text == (
        "Filter Expression can only contain non-primary key attributes:"
        f" Primary key attribute: {name}"
    )


def test_a_legacy_filter_does_not_read_the_key_either(client):
    text = refusal(
        client.query,
        TableName="orders",
        KeyConditions={
            "customer": {"ComparisonOperator": "EQ", "AttributeValueList": [{"S": "a"}]}
        },
        QueryFilter={"nr": {"ComparisonOperator": "NOT_NULL"}},
    )
    assert text == (
        "QueryFilter can only contain non-primary key attributes: Primary key attribute: nr"
    )


def test_a_filter_may_read_the_key_of_the_table_on_an_index(full):
    response = ask(full, "city = :b", {"b": "bern", "n": 9}, IndexName="by_city",
                   FilterExpression="nr >= :n")  # fmt: skip
    assert sorted(numbers(response)) == [9, 10]


@pytest.mark.parametrize("index_name", ["by_city", "by_amount"])
def test_a_filter_does_not_read_what_the_index_does_not_hold(client, index_name):
    partition = "city" if index_name == "by_city" else "customer"
    text = refusal(
        client.query,
        TableName="orders",
        IndexName=index_name,
        KeyConditionExpression=f"{partition} = :c",
        FilterExpression="note = :c AND attribute_exists(extra)",
        ExpressionAttributeValues=ANN,
    )
    assert text == (
        f"{NOT_VALID}Secondary index {index_name} does not project one or more filter attributes:"
        " [extra, note]"
    )


def test_a_global_index_gives_only_what_it_holds(client):
    asked = {"client": client, "text": "weekday = :d", "values": {"d": "mon"}}
    text = refusal(ask, **asked, IndexName="by_weekday", ProjectionExpression="nr, stage, city")
    assert text == f"{NOT_VALID}Global secondary index by_weekday does not project [city, stage]"
    text = refusal(ask, **asked, IndexName="by_weekday", Select="ALL_ATTRIBUTES")
    assert text == (
        f"{NOT_VALID}Select type ALL_ATTRIBUTES is not supported for global secondary index"
        " by_weekday because its projection type is not ALL"
    )


@pytest.mark.parametrize(
    ("path", "text"),
    [("customer.a", "Key: customer"), ("nr[0]", "Key: nr"), ("city.a", "IndexKey: city")],
)
def test_keys_have_no_inside(client, path, text):
    expected = (
        "Key attributes must be scalars; list random access '[]' and map lookup '.'"
        f" are not allowed: {text}"
    )
    assert refusal(client.query, **OF_ANN, ProjectionExpression=path) == expected
    if text.startswith("IndexKey"):
        filtered = {"FilterExpression": f"attribute_exists({path})"}
        assert refusal(client.query, **OF_ANN, **filtered) == expected


# --- request validation: the starting key ----------------------------------------------------


@pytest.mark.parametrize(
    ("start", "text"),
    [
        ({}, START_INVALID),
        ({"customer": {"S": "ann"}}, START_INVALID),
        ({**key(), "note": {"S": "x"}}, START_INVALID),
        ({"customer": {"S": "ann"}, "note": {"N": "1"}}, START_INVALID),
        (
            {"customer": {"S": "ann"}, "nr": {"S": "1"}},
            "The provided key element does not match the schema",
        ),
        (
            key("", 1),
            (
                f"{START_INVALID}: One or more parameter values are not valid. The AttributeValue"
                " for a key attribute cannot contain an empty string value. Key: customer"
            ),
        ),
        (
            key("bob", 1),
            "The provided starting key is outside query boundaries based on provided conditions",
        ),
        (
            {"customer": {}, "nr": {"N": "1"}},
            (
                f"{START_INVALID}: Supplied AttributeValue is empty, must contain exactly one of"
                " the supported datatypes"
            ),
        ),
        (
            {"customer": {"SS": []}, "nr": {"N": "1"}},
            f"{START_INVALID}: {NOT_VALID}An string set  may not be empty",
        ),
    ],
)
def test_a_starting_key_that_does_not_fit(client, start, text):
    assert refusal(client.query, **OF_ANN, ExclusiveStartKey=start) == text


@pytest.mark.parametrize(
    ("condition", "start", "text"),
    [
        ("nr > :n", key("ann", 4), "range"),
        ("nr > :n", key("ann", 5), "range"),
        ("nr >= :n", key("ann", 4), "range"),
        ("nr < :n", key("ann", 5), "range"),
        ("nr <= :n", key("ann", 6), "range"),
        ("nr BETWEEN :n AND :n", key("ann", 6), "range"),
        ("nr = :n", key("ann", 6), "range"),
        ("nr > :n", key("bob", 4), "range"),
        ("nr > :n", key("bob", 6), "outside"),
        ("nr = :n", key("bob", 5), "one row"),
    ],
)
def test_a_starting_key_outside_of_what_is_queried(client, condition, start, text):
    texts = {
        "range": "The provided starting key does not match the range key predicate",
        "outside": "The provided starting key is outside query boundaries based on provided"
        " conditions",
        "one row": "The query can return at most one row and cannot be restarted",
    }
    message = refusal(ask, client=client, text=f"customer = :c AND {condition}",
                      values={"c": "ann", "n": 5}, ExclusiveStartKey=start)  # fmt: skip
    assert message == texts[text]


@pytest.mark.parametrize(
    ("start", "text"),
    [
        ({"city": {"S": "bern"}}, START_INVALID),
        ({**key(), "town": {"S": "bern"}}, START_INVALID),
        ({**key(), "city": {"N": "1"}}, "The provided key element does not match the schema"),
        (
            {"customer": {"N": "1"}, "nr": {"N": "1"}, "city": {"S": "bern"}},
            f"{START_INVALID}: The provided key element does not match the schema",
        ),
        (
            {**key(), "city": {"S": "basel"}},
            "The provided starting key is outside query boundaries based on provided conditions",
        ),
    ],
)
def test_a_starting_key_on_an_index(client, start, text):
    message = refusal(ask, client=client, text="city = :b", values={"b": "bern"},
                      IndexName="by_city", ExclusiveStartKey=start)  # fmt: skip
    assert message == text


# --- behaviour -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("condition", "expected"),
    [
        ("", range(1, 11)),
        ("nr = :n", [5]),
        ("nr < :n", [1, 2, 3, 4]),
        ("nr <= :n", [1, 2, 3, 4, 5]),
        ("nr > :n", [6, 7, 8, 9, 10]),
        ("nr >= :n", [5, 6, 7, 8, 9, 10]),
        (":n <= nr", [5, 6, 7, 8, 9, 10]),
        (":n > nr", [1, 2, 3, 4]),
        ("nr BETWEEN :n AND :n", [5]),
        ("(nr = :n)", [5]),
    ],
)
@pytest.mark.parametrize("forward", [True, False])
def test_sort_key_conditions(full, condition, expected, forward):
    values = {"c": "ann"} | ({"n": 5} if condition else {})
    text = "customer = :c" + (f" AND {condition}" if condition else "")
    response = ask(full, text, values, ScanIndexForward=forward)
    assert numbers(response) == list(expected)[:: 1 if forward else -1]
    assert response["Count"] == response["ScannedCount"] == len(response["Items"])
    assert "LastEvaluatedKey" not in response


def test_texts_that_begin_alike(client):
    stages = ["a", "ab", "abc", "b", "a\uffff", "a\U0010ffff", "aé"]
    put_all(client, [order(nr=nr, stage=stage) for nr, stage in enumerate(stages)])
    response = ask(client, "customer = :c AND begins_with(stage, :a)", {"c": "ann", "a": "a"},
                   IndexName="by_stage")  # fmt: skip
    found = [item["stage"]["S"] for item in response["Items"]]
    assert found == sorted(set(stages) - {"b"}, key=str.encode)


def test_numbers_order_by_value_and_texts_by_bytes(client):
    amounts = ["10", "9", "-3", "0", "1e-5", "0.5", "100000000000000000000000001"]
    put_all(client, [order(nr=nr, amount={"N": text}) for nr, text in enumerate(amounts)])
    response = ask(client, "customer = :c", {"c": "ann"}, IndexName="by_amount")
    found = [float(item["amount"]["N"]) for item in response["Items"]]
    assert found == sorted(map(float, amounts))


@pytest.mark.parametrize(
    "condition",
    [
        ("EQ", [{"N": "5"}], [5]),
        ("LE", [{"N": "2"}], [1, 2]),
        ("LT", [{"N": "2"}], [1]),
        ("GE", [{"N": "9"}], [9, 10]),
        ("GT", [{"N": "9"}], [10]),
        ("BETWEEN", [{"N": "3"}, {"N": "4"}], [3, 4]),
    ],
)
def test_legacy_parameters(full, condition):
    operator, values, expected = condition
    response = full.query(
        TableName="orders",
        KeyConditions={
            "customer": {"ComparisonOperator": "EQ", "AttributeValueList": [{"S": "ann"}]},
            "nr": {"ComparisonOperator": operator, "AttributeValueList": values},
        },
        QueryFilter={
            "note": {"ComparisonOperator": "BEGINS_WITH", "AttributeValueList": [{"S": "n"}]},
            "city": {"ComparisonOperator": "NULL"},
        },
        ConditionalOperator="OR",
        AttributesToGet=["nr", "missing"],
    )
    assert response["Items"] == [{"nr": {"N": str(nr)}} for nr in expected]


@pytest.mark.parametrize(
    ("parameters", "text"),
    [
        (
            {"ConditionalOperator": "OR"},
            "ConditionalOperator cannot be used without Filter or Expected",
        ),
        (
            {"ConditionalOperator": "OR", "QueryFilter": {"a": {"ComparisonOperator": "NULL"}}},
            "ConditionalOperator can only be used when Filter or Expected has two or more elements",
        ),
    ],
)
def test_a_conditional_operator_joins_conditions(client, parameters, text):
    assert refusal(client.query, TableName="orders", **parameters) == text


def test_an_item_lies_only_in_the_indexes_whose_keys_it_has(full):
    assert numbers(ask(full, "city = :b", {"b": "bern"}, IndexName="by_city")) is not None
    assert len(ask(full, "city = :b", {"b": "bern"}, IndexName="by_city")["Items"]) == 11
    response = ask(full, "customer = :c", {"c": "ann"}, IndexName="by_amount")
    assert sorted(numbers(response)) == [1, 2, 4, 5, 7, 8, 10]
    assert ask(full, "customer = :c", {"c": "bob"}, IndexName="by_amount")["Items"] == []


@pytest.mark.parametrize(
    ("index_name", "names"),
    [
        ("by_city", {"customer", "nr", "city"}),
        ("by_weekday", {"customer", "nr", "weekday", "amount", "note"}),
        ("by_place", {"customer", "nr", "city", "stage", "weekday", "amount", "note"}),
        ("by_amount", {"customer", "nr", "amount"}),
        ("by_stage", {"customer", "nr", "city", "stage", "weekday", "amount", "note"}),
    ],
)
@pytest.mark.parametrize("select", [None, "ALL_PROJECTED_ATTRIBUTES"])
def test_an_index_gives_what_it_projects(client, index_name, names, select):
    put_all(client, [order(amount=1, stage="s", city="c", weekday="d", note="n")])
    keys = {
        "by_city": ("city = :x", {"x": "c"}),
        "by_weekday": ("weekday = :x", {"x": "d"}),
        "by_place": ("city = :x AND stage = :y", {"x": "c", "y": "s"}),
        "by_amount": ("customer = :x", {"x": "ann"}),
        "by_stage": ("customer = :x", {"x": "ann"}),
    }
    more = {} if select is None else {"Select": select}
    (item,) = ask(client, *keys[index_name], IndexName=index_name, **more)["Items"]
    assert set(item) == names


def test_a_local_index_gives_everything_when_asked(full):
    asked = {"text": "customer = :c", "values": {"c": "ann"}, "IndexName": "by_amount", "Limit": 1}
    (item,) = ask(full, **asked, Select="ALL_ATTRIBUTES")["Items"]
    assert item == order(nr=2, amount=0, stage="paid", city="bern", weekday="mon", note="n2")
    assert ask(full, **asked, ProjectionExpression="note, nr")["Items"] == [
        {"note": {"S": "n2"}, "nr": {"N": "2"}}
    ]
    legacy = full.query(
        TableName="orders",
        IndexName="by_amount",
        KeyConditions={
            "customer": {"ComparisonOperator": "EQ", "AttributeValueList": [{"S": "ann"}]}
        },
        AttributesToGet=["note"],
        Limit=1,
    )
    assert legacy["Items"] == [{"note": {"S": "n2"}}]


def test_count_gives_no_items(full):
    response = ask(full, "customer = :c", {"c": "ann", "n": "n5"}, Select="COUNT",
                   FilterExpression="note = :n")  # fmt: skip
    assert (response["Count"], response["ScannedCount"]) == (1, 10)
    assert "Items" not in response


def test_a_projection_that_finds_nothing_gives_empty_items(full):
    response = ask(full, "customer = :c", {"c": "bob"}, ProjectionExpression="nothing")
    assert response["Items"] == [{}, {}]


def test_what_comes_back_is_detached(full):
    first = ask(full, "customer = :c", {"c": "bob"})["Items"][0]
    first["nr"]["N"] = "99"
    first.clear()
    assert numbers(ask(full, "customer = :c", {"c": "bob"})) == [1, 2]


def test_multi_attribute_keys_are_queried_from_left_to_right(client):
    put_all(
        client,
        [
            order(nr=nr, city="bern", stage="open", weekday=weekday, amount=amount)
            for nr, (weekday, amount) in enumerate(
                [("fri", 2), ("fri", 10), ("mon", 1), ("tue", 3), ("tue", 3)], start=1
            )
        ],
    )
    values = {"c": "bern", "s": "open"}
    whole = "city = :c AND stage = :s"

    def found(text, **more):
        return numbers(ask(client, f"{whole}{text}", values | more, IndexName="by_place"))

    # The last two differ in the table's key alone: they go by its hash.
    assert found("") == [1, 2, 3, 5, 4]
    assert found(" AND weekday = :d", d="fri") == [1, 2]
    assert found(" AND weekday > :d", d="fri") == [3, 5, 4]
    assert found(" AND begins_with(weekday, :d)", d="t") == [5, 4]
    assert found(" AND weekday = :d AND amount > :a", d="fri", a=2) == [2]
    assert found(" AND weekday = :d AND amount BETWEEN :a AND :a", d="tue", a=3) == [5, 4]


@pytest.mark.parametrize(
    ("condition", "text"),
    [
        # Observed, but not all words of the sentence.
        (
            "city = :t",
            "HASH key attributes stage must have equality conditions specified in the query",
        ),
        (
            "amount = :n",
            "HASH key attributes city, stage must have equality conditions specified in the query",
        ),
        ("city = :t AND stage > :t", "Query key condition not supported"),
        (
            "city = :t AND stage = :t AND amount = :n",
            (
                "RANGE key attributes weekday must have equality conditions specified in the query"
                " because a condition is present on key attribute amount"
            ),
        ),
        (
            "city = :t AND stage = :t AND weekday > :t AND amount = :n",
            (
                "RANGE key attributes weekday must have equality conditions specified in the query"
                " because a condition is present on key attribute amount"
            ),
        ),
    ],
)
def test_multi_attribute_keys_have_no_gaps(client, condition, text):
    given = {":t": {"S": "x"}, ":n": {"N": "1"}}
    values = {name: value for name, value in given.items() if name in condition}
    message = refusal(
        client.query,
        TableName="orders",
        IndexName="by_place",
        KeyConditionExpression=condition,
        ExpressionAttributeValues=values,
    )
    assert message == text


# --- behaviour: paging -----------------------------------------------------------------------


def test_limit_counts_before_the_filter(full):
    response = ask(full, "customer = :c", {"c": "ann", "n": "n3"}, Limit=4,
                   FilterExpression="note = :n")  # fmt: skip
    assert (response["Count"], response["ScannedCount"]) == (1, 4)
    assert response["LastEvaluatedKey"] == key("ann", 4)
    response = ask(full, "customer = :c", {"c": "ann", "n": "no"}, Limit=4,
                   FilterExpression="note = :n")  # fmt: skip
    assert (response["Count"], response["LastEvaluatedKey"]) == (0, key("ann", 4))


def test_a_limit_met_exactly_leaves_a_last_key_and_an_empty_page(full):
    response = ask(full, "customer = :c", {"c": "bob"}, Limit=2)
    assert response["LastEvaluatedKey"] == key("bob", 2)
    rest = ask(full, "customer = :c", {"c": "bob"}, ExclusiveStartKey=response["LastEvaluatedKey"])
    assert (rest["Items"], rest["Count"], rest["ScannedCount"]) == ([], 0, 0)
    assert "LastEvaluatedKey" not in rest
    assert "LastEvaluatedKey" not in ask(full, "customer = :c", {"c": "bob"}, Limit=3)


def test_a_starting_key_need_not_be_there(full):
    response = ask(full, "customer = :c", {"c": "ann"}, ExclusiveStartKey=key("ann", 0))
    assert numbers(response)[0] == 1
    half = {"customer": {"S": "ann"}, "nr": {"N": "7.5"}}
    assert numbers(ask(full, "customer = :c", {"c": "ann"}, ExclusiveStartKey=half)) == [8, 9, 10]
    backward = ask(full, "customer = :c", {"c": "ann"}, ExclusiveStartKey=half,
                   ScanIndexForward=False, Limit=2)  # fmt: skip
    assert numbers(backward) == [7, 6]


@pytest.mark.parametrize("forward", [True, False])
@pytest.mark.parametrize("limit", [1, 2, 3, 7])
def test_pages_of_an_index_with_equal_keys(full, forward, limit):
    """Entries with equal index keys go by the table's key, so no page skips or repeats any."""
    asked = {
        "TableName": "orders",
        "IndexName": "by_weekday",
        "KeyConditionExpression": "weekday = :d",
        "ExpressionAttributeValues": {":d": {"S": "mon"}},
        "ScanIndexForward": forward,
    }
    whole = full.query(**asked)["Items"]
    pages = full.get_paginator("query").paginate(**asked, PaginationConfig={"PageSize": limit})
    joined = [item for page in pages for item in page["Items"]]
    assert joined == whole
    assert len(whole) == 7


def test_the_last_key_of_an_index_holds_both_keys(full):
    response = ask(full, "weekday = :d", {"d": "mon"}, IndexName="by_weekday", Limit=1,
                   ProjectionExpression="note")  # fmt: skip
    assert response["LastEvaluatedKey"] == {
        "customer": {"S": "ann"},
        "nr": {"N": "2"},
        "weekday": {"S": "mon"},
        "amount": {"N": "0"},
    }


def test_a_page_ends_once_it_is_over_1_mb(client):
    big = {"S": "x" * 300_000}
    put_all(client, [order(nr=nr, big=big, note=str(nr)) for nr in range(6)])
    response = ask(client, "customer = :c", {"c": "ann"})
    assert numbers(response) == [0, 1, 2, 3]
    assert response["LastEvaluatedKey"] == key("ann", 3)
    filtered = ask(client, "customer = :c", {"c": "ann", "n": "5"}, FilterExpression="note = :n",
                   ProjectionExpression="nr")  # fmt: skip
    assert (filtered["Count"], filtered["ScannedCount"]) == (0, 4)
    assert filtered["LastEvaluatedKey"] == key("ann", 3)


# --- capacity --------------------------------------------------------------------------------


def units(response):
    return response["ConsumedCapacity"]["CapacityUnits"]


def test_units_are_rounded_a_request_not_an_item(client):
    put_all(client, [order(nr=nr, note="x" * 1000) for nr in range(9)])
    asked = {"client": client, "text": "customer = :c", "values": {"c": "ann"}}
    total = {"ReturnConsumedCapacity": "TOTAL"}
    assert units(ask(**asked, **total)) == 1.5  # 9 x 1,019 bytes take three steps of 4 KB
    assert units(ask(**asked, **total, ConsistentRead=True)) == 3.0
    assert units(ask(**asked, **total, Limit=1)) == 0.5
    assert units(ask(**asked, **total, Select="COUNT")) == 1.5
    assert units(ask(**asked, **total, ProjectionExpression="nr")) == 1.5


def test_finding_nothing_costs_half_a_unit(client):
    asked = {"client": client, "text": "customer = :c", "values": {"c": "nobody"}}
    assert units(ask(**asked, ReturnConsumedCapacity="TOTAL")) == 0.5
    assert units(ask(**asked, ReturnConsumedCapacity="TOTAL", ConsistentRead=True)) == 1.0


def test_no_capacity_unless_asked(client):
    assert "ConsumedCapacity" not in ask(client, "customer = :c", {"c": "ann"})
    response = ask(client, "customer = :c", {"c": "ann"}, ReturnConsumedCapacity="NONE")
    assert "ConsumedCapacity" not in response


def test_the_shape_of_the_capacity(full):
    asked = {"client": full, "text": "customer = :c", "values": {"c": "ann"}}
    assert ask(**asked, ReturnConsumedCapacity="TOTAL")["ConsumedCapacity"] == {
        "TableName": "orders",
        "CapacityUnits": 0.5,
    }
    assert ask(**asked, ReturnConsumedCapacity="INDEXES")["ConsumedCapacity"] == {
        "TableName": "orders",
        "CapacityUnits": 0.5,
        "Table": {"CapacityUnits": 0.5},
    }


@pytest.mark.parametrize(
    ("index_name", "condition", "values", "member"),
    [
        ("by_city", "city = :x", {"x": "bern"}, "GlobalSecondaryIndexes"),
        ("by_stage", "customer = :x", {"x": "ann"}, "LocalSecondaryIndexes"),
    ],
)
def test_an_index_pays_for_itself(full, index_name, condition, values, member):
    response = ask(full, condition, values, IndexName=index_name, ReturnConsumedCapacity="INDEXES")
    assert response["ConsumedCapacity"] == {
        "TableName": "orders",
        "CapacityUnits": 0.5,
        "Table": {"CapacityUnits": 0.0},
        member: {index_name: {"CapacityUnits": 0.5}},
    }


@pytest.mark.parametrize("more", [{"Select": "ALL_ATTRIBUTES"}, {"ProjectionExpression": "note"}])
def test_fetching_from_the_table_is_paid_an_item(client, more):
    put_all(client, [order(nr=nr, amount=nr, note="x" * 9000) for nr in range(3)])
    asked = {"client": client, "text": "customer = :c", "values": {"c": "ann"}} | more
    response = ask(**asked, IndexName="by_amount", ReturnConsumedCapacity="INDEXES")
    assert response["ConsumedCapacity"] == {
        "TableName": "orders",
        "CapacityUnits": 5.0,
        "Table": {"CapacityUnits": 4.5},
        "LocalSecondaryIndexes": {"by_amount": {"CapacityUnits": 0.5}},
    }
    consistent = ask(**asked, IndexName="by_amount", ReturnConsumedCapacity="TOTAL",
                     ConsistentRead=True)  # fmt: skip
    assert units(consistent) == 10.0


def test_what_an_index_holds_is_not_fetched(client):
    put_all(client, [order(nr=nr, amount=nr, note="x" * 9000) for nr in range(3)])
    response = ask(client, "customer = :c", {"c": "ann"}, IndexName="by_amount",
                   ProjectionExpression="nr, amount", ReturnConsumedCapacity="TOTAL")  # fmt: skip
    assert units(response) == 0.5


# --- errors ----------------------------------------------------------------------------------


def test_a_table_that_is_not_there(client):
    request = {**OF_ANN, "TableName": "nowhere"}
    assert refusal(client.query, **request) == (
        "ResourceNotFoundException: Requested resource not found"
    )


def test_an_index_is_named_by_its_table(client, dynamodb_client):
    create_things(dynamodb_client)
    text = refusal(
        dynamodb_client.query,
        TableName="things",
        IndexName="by_city",
        KeyConditionExpression="city = :c",
        ExpressionAttributeValues=ANN,
    )
    assert text == "The table does not have the specified index: by_city"
    assert index("by_city", "city", "ALL")["KeySchema"] == [
        {"AttributeName": "city", "KeyType": "HASH"}
    ]


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ({"N": "x"}, "The parameter cannot be converted to a numeric value: x"),
        (
            {"SS": ["b", "a", "b"]},
            (
                'One or more parameter values were invalid: Input collection ["a", "b", "b"]'
                " contains duplicates."
            ),
        ),
    ],
)
def test_a_bad_value_is_reported_bare(client, value, text):
    request = {
        "TableName": "orders",
        "KeyConditionExpression": "customer = :c",
        "FilterExpression": "note = :v",
        "ExpressionAttributeValues": {":c": {"S": "ada"}, ":v": value},
    }
    assert refusal(client.query, **request) == text


# --- observed -------------------------------------------------------------------------------------


def test_more_conditions_than_key_attributes(client):
    text = refusal(
        client.query,
        TableName="orders",
        KeyConditionExpression="customer = :c AND nr > :n AND note = :c",
        ExpressionAttributeValues={":c": {"S": "ann"}, ":n": {"N": "1"}},
    )
    assert text == (
        "The number of query conditions (3) exceeds the number of key attributes defined in the"
        " schema (2)"
    )


@pytest.mark.parametrize("start", ["a", "b"])  # that of another item is by analogy
def test_a_table_without_sort_key_cannot_be_restarted(dynamodb_client, start):
    create_things(dynamodb_client)
    text = refusal(
        dynamodb_client.query,
        TableName="things",
        KeyConditionExpression="id = :a",
        ExpressionAttributeValues={":a": {"S": "a"}},
        ExclusiveStartKey={"id": {"S": start}},
    )
    assert text == (
        "The provided exclusive start key is invalid: ExclusiveStartKey:"
        f" {{id=AttributeValue: {{S:{start}}}}}"
    )


def test_key_conditions_on_a_key_of_several_attributes(client):
    def query(**conditions: tuple[str, dict[str, str]]) -> dict[str, Any]:
        return {
            "TableName": "orders",
            "IndexName": "by_place",
            "KeyConditions": {
                name: {"ComparisonOperator": operator, "AttributeValueList": [value]}
                for name, (operator, value) in conditions.items()
            },
        }

    text = {"S": "x"}
    equal = {"city": ("EQ", text), "stage": ("EQ", text), "weekday": ("EQ", text)}
    for operator in ("EQ", "LT", "GE"):
        client.query(**query(**equal, amount=(operator, {"N": "1"})))
    assert refusal(client.query, **query(city=("EQ", text), weekday=("EQ", text))) == (
        "HASH key attributes stage must have equality conditions specified in the query"
    )
