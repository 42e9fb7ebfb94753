"""The two layers that check requests: which one refuses, its first error, and the form of it.

Unless a test says otherwise, texts and order were observed at the service.
"""

from __future__ import annotations

from typing import Any

import pytest

from tests.operations.orders_table import create_orders
from tests.refusals import refusal
from tests.shared_clients import unchecked_dynamodb

ENVELOPE = "1 validation error detected: "
CAPACITY = (
    "Value 'SOME' at 'returnConsumedCapacity' failed to satisfy constraint: Member must satisfy"
    " enum value set: [INDEXES, TOTAL, NONE]"
)
NESTED = (
    "Nesting Levels have exceeded supported limits: Attributes in the item have nested levels"
    " beyond supported limit"
)
OLD_VALUES_ONLY = "ReturnValues can only be ALL_OLD or NONE"
WRONG_OPERATOR = "Failed to satisfy constraint: Member must satisfy enum value set: [ALL, OR]"
KEY = {"customer": {"S": "ann"}, "nr": {"N": "1"}}
QUERY = {
    "KeyConditions": {
        "customer": {"ComparisonOperator": "EQ", "AttributeValueList": [{"S": "ann"}]}
    },
    "QueryFilter": {
        name: {"ComparisonOperator": "EQ", "AttributeValueList": [{"S": "x"}]}
        for name in ("note", "city")
    },
}


@pytest.fixture(autouse=True)
def orders(dynamodb_client):
    create_orders(dynamodb_client)


def refused(operation: str, **request: Any) -> str:
    return refusal(getattr(unchecked_dynamodb(), operation), **request)


def nested(levels: int) -> dict[str, Any]:
    value: dict[str, Any] = {"S": "x"}
    for _ in range(levels):
        value = {"M": {"m": value}}
    return value


# --- values without an expression -----------------------------------------------------------------

VALUES_ALONE = "ExpressionAttributeValues can only be specified when using expressions"
VALUES = {"ExpressionAttributeValues": {":v": {"S": "x"}}}


@pytest.mark.parametrize(
    ("operation", "request_parameters"),
    [
        ("put_item", {"Item": KEY}),
        ("update_item", {"Key": KEY}),
        ("delete_item", {"Key": KEY}),
    ],
)
def test_values_without_an_expression(operation, request_parameters):
    text = refused(operation, TableName="orders", **request_parameters, **VALUES)
    assert text == ENVELOPE + VALUES_ALONE


def test_values_without_an_expression_in_other_operations():
    # By analogy: Query is answered by the current layer, bare.
    assert refused("query", TableName="orders", **QUERY, **VALUES) == VALUES_ALONE
    text = f"{VALUES_ALONE}: FilterExpression is null"
    assert refused("scan", TableName="orders", **VALUES) == text
    action = {"Put": {"TableName": "orders", "Item": KEY, **VALUES}}
    text = f"{VALUES_ALONE}: ConditionExpression is null"
    assert refused("transact_write_items", TransactItems=[action]) == text


# --- names of tables in batches -------------------------------------------------------------------


def test_a_malformed_name_in_a_batch_get():
    keys = {"sea legs": {"Keys": [{"trip": {"S": "t1"}}]}}
    shown = '{"sea legs":{"Keys":[{"trip":{"S":"t1"}}]}}'
    violation = (
        f"Value '{shown}' at 'requestItems' failed to satisfy constraint: Map keys must satisfy"
        " constraint: [Member must have length less than or equal to 255, Member must have length"
        " greater than or equal to 3, Member must satisfy regular expression pattern:"
        " [a-zA-Z0-9_.-]+]"
    )
    assert refused("batch_get_item", RequestItems=keys) == ENVELOPE + violation
    text = refused("batch_get_item", RequestItems=keys, ReturnConsumedCapacity="SOME")
    assert text == f"2 validation errors detected: {violation}; {CAPACITY}"


def test_a_wrong_enum_of_a_batch_write_is_reported_alone():
    requests = {"sea legs": [{"PutRequest": {"Item": KEY}}]}
    text = refused("batch_write_item", RequestItems=requests, ReturnConsumedCapacity="SOME")
    assert text == ENVELOPE + CAPACITY


# --- requests that only the older layer can read --------------------------------------------------


def test_an_update_without_a_key():
    key = "Value null at 'key' failed to satisfy constraint: Member must not be null"
    name = (
        "Value '' at 'tableName' failed to satisfy constraint: Member must have length greater than"
        " or equal to 1"
    )
    values = (
        "Value 'NEW' at 'returnValues' failed to satisfy constraint: Member must satisfy enum value"
        " set: [ALL_NEW, UPDATED_OLD, ALL_OLD, NONE, UPDATED_NEW]"
    )
    assert refused("update_item", TableName="") == f"2 validation errors detected: {name}; {key}"
    text = refused("update_item", TableName="", ReturnValues="NEW", ReturnConsumedCapacity="SOME")
    assert text == f"4 validation errors detected: {CAPACITY}; {name}; {values}; {key}"


DEEP_CONDITIONS = {
    "delete_item": {"Key": KEY, "ConditionExpression": "note = :v"},
    "put_item": {"Item": KEY, "ConditionExpression": "note = :v"},
}


@pytest.mark.parametrize("operation", DEEP_CONDITIONS)
@pytest.mark.parametrize(("levels", "text"), [(40, ENVELOPE + NESTED), (80, OLD_VALUES_ONLY)])
def test_documents_that_the_current_layer_cannot_read(operation, levels, text):
    parameters = {
        **DEEP_CONDITIONS[operation],
        "ExpressionAttributeValues": {":v": nested(levels)},
        "ReturnValues": "UPDATED_NEW",
    }
    assert refused(operation, TableName="orders", **parameters) == text


def test_a_deep_item_is_refused_bare():
    # By analogy: the depth itself in the older layer.
    assert refused("put_item", TableName="orders", Item={**KEY, "d": nested(80)}) == NESTED
    assert refused("put_item", TableName="orders", Item={**KEY, "d": nested(40)}) == (
        ENVELOPE + NESTED
    )
    text = refused(
        "put_item", TableName="orders", Item={**KEY, "d": nested(80)}, ReturnValues="ALL_NEW"
    )
    assert text == OLD_VALUES_ONLY


# --- ConditionalOperator --------------------------------------------------------------------------


def test_a_wrong_conditional_operator_is_reported_alone():
    wrong = {**QUERY, "ConditionalOperator": "NOR", "Select": "SOME"}
    for table_name in ("orders", "nowhere"):
        assert refused("query", TableName=table_name, **wrong) == WRONG_OPERATOR


EXPECTED = {
    name: {"ComparisonOperator": "EQ", "AttributeValueList": [{"S": "x"}]}
    for name in ("note", "city")
}


@pytest.mark.parametrize(
    ("operation", "parameters"),
    [
        ("put_item", {"Item": KEY}),
        ("update_item", {"Key": KEY}),
        ("delete_item", {"Key": KEY}),
    ],
)
def test_a_wrong_conditional_operator_of_a_write(operation, parameters):
    # The text was observed for PutItem and UpdateItem; its envelope is by analogy.
    wrong = {"Expected": EXPECTED, "ConditionalOperator": "NOR", "ReturnConsumedCapacity": "SOME"}
    text = refused(operation, TableName="orders", **parameters, **wrong)
    assert text == ENVELOPE + WRONG_OPERATOR


def test_a_wrong_conditional_operator_in_the_older_layer():
    text = refused(
        "put_item",
        TableName="orders",
        Item={**KEY, "d": nested(80)},
        Expected=EXPECTED,
        ConditionalOperator="NOR",
    )
    assert text == (
        f"{ENVELOPE}Value 'NOR' at 'conditionalOperator' failed to satisfy constraint: Member must"
        " satisfy enum value set: [OR, AND]"
    )


# --- order of constraints -------------------------------------------------------------------------


@pytest.mark.parametrize("is_first", [True, False])
def test_short_names_of_indexes_of_a_new_table(is_first):
    def index(name: str, *keys: str) -> list[dict[str, Any]]:
        schema = [
            {"AttributeName": key, "KeyType": key_type}
            for key, key_type in zip(keys, ("HASH", "RANGE"), strict=False)
        ]
        projection = {"ProjectionType": "ALL"}
        return [{"IndexName": name, "KeySchema": schema, "Projection": projection}]

    indexes = [
        ("LocalSecondaryIndexes", index("lo", "a", "b")),
        ("GlobalSecondaryIndexes", index("gl", "b")),
    ]
    text = refused(
        "create_table",
        TableName="trips",
        KeySchema=[{"AttributeName": "a", "KeyType": "HASH"}],
        AttributeDefinitions=[{"AttributeName": name, "AttributeType": "S"} for name in "ab"],
        BillingMode="PAY_PER_REQUEST",
        **dict(indexes if is_first else reversed(indexes)),
    )
    short = "failed to satisfy constraint: Member must have length greater than or equal to 3"
    assert text == (
        f"2 validation errors detected: Value 'gl' at 'globalSecondaryIndexes.1.member.indexName'"
        f" {short}; Value 'lo' at 'localSecondaryIndexes.1.member.indexName' {short}"
    )


def test_a_long_token_of_a_transaction():
    action = {"Put": {"TableName": "orders", "Item": KEY}}
    token = "t" * 40
    text = refused(
        "transact_write_items",
        TransactItems=[action],
        ClientRequestToken=token,
        ReturnConsumedCapacity="SOME",
    )
    assert text == (
        f"2 validation errors detected: Value '{token}' at 'clientRequestToken' failed to satisfy"
        f" constraint: Member must have length less than or equal to 36; {CAPACITY}"
    )


# --- names of tables ------------------------------------------------------------------------------


def test_names_of_tables_have_three_characters():
    def short(name: str) -> str:
        return (
            f"{ENVELOPE}Value '{name}' at 'tableName' failed to satisfy constraint: Member must"
            " have length greater than or equal to 3"
        )

    definition = {
        "KeySchema": [{"AttributeName": "a", "KeyType": "HASH"}],
        "AttributeDefinitions": [{"AttributeName": "a", "AttributeType": "S"}],
        "BillingMode": "PAY_PER_REQUEST",
    }
    assert refused("create_table", TableName="zz", **definition) == short("zz")
    assert refused("update_table", TableName="qq", TableClass="STANDARD") == short("qq")
    for operation in ("describe_table", "delete_table", "describe_time_to_live"):
        assert refused(operation, TableName="z") == short("z")
    # What operations on items say is not recorded.
    text = refused("get_item", TableName="zz", Key=KEY)
    assert text == "ResourceNotFoundException: Requested resource not found"
