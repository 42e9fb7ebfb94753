"""DeleteItem: what it refuses and how, what it removes and returns, what it costs."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from tests.refusals import unchanged

Refusal = Callable[..., str]

ONE = "1 validation error detected: "
INVALID = "One or more parameter values were invalid: "
DUPLICATES = f'{INVALID}Input collection ["a", "b", "b"] contains duplicates.'
KEY = {"pk": {"S": "a"}}


@pytest.fixture
def delete(plain: str, client: Any, refusal: Refusal) -> Refusal:
    """Refuses to delete an item that is there."""
    client.put_item(TableName=plain, Item={**KEY, "x": {"N": "1"}})

    def text_of(**request: Any) -> str:
        return refusal("delete_item", **{"TableName": plain, "Key": KEY, **request})

    return text_of


# --- request validation ----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("body", "text"),
    [
        ({"Key": "x"}, "Unexpected field type"),
        ({"Key": {"a": {"NS": "1"}}}, "Unexpected field type"),
        ({"Expected": {"a": {"Exists": 2}}}, "NUMBER_VALUE cannot be converted to Boolean"),
        (
            {"ExpressionAttributeValues": {":a": {"BOOL": "x"}}},
            "Unexpected token received from parser",
        ),
    ],
)
def test_wrong_json_types(body: dict[str, Any], text: str, sent: Refusal) -> None:
    assert sent("delete_item", **body) == f"SerializationException: {text}"


def test_constraints_together(refusal: Refusal) -> None:
    text = refusal("delete_item", TableName="plain", ReturnValues="x", ReturnConsumedCapacity="y")
    assert text == (
        "3 validation errors detected: Value null at 'key' failed to satisfy constraint: Member"
        " must not be null; Value 'y' at 'returnConsumedCapacity' failed to satisfy constraint:"
        " Member must satisfy enum value set: [INDEXES, TOTAL, NONE]; Value 'x' at 'returnValues'"
        " failed to satisfy constraint: Member must satisfy enum value set:"
        " [ALL_NEW, UPDATED_OLD, ALL_OLD, NONE, UPDATED_NEW]"
    )


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ({"N": "b"}, "The parameter cannot be converted to a numeric value: b"),
        (
            {"SS": ["b", "a", "b"]},
            f'{INVALID}Input collection ["a", "b", "b"] contains duplicates.',
        ),
        ({"BS": []}, f"{INVALID}Binary sets should not be empty"),
        ({"NULL": False}, f"{INVALID}Null attribute value types must have the value of true"),
    ],
)
def test_wrong_values(value: dict[str, Any], text: str, delete: Refusal) -> None:
    assert delete(Key={"pk": value}) == ONE + text
    condition = {"ConditionExpression": "x = :x", "ExpressionAttributeValues": {":x": value}}
    assert delete(**condition) == ONE + text
    expected = {"x": {"ComparisonOperator": "IN", "AttributeValueList": [{"N": "1"}, value]}}
    assert delete(Expected=expected) == ONE + text


def test_values_without_a_type(delete: Refusal) -> None:
    assert delete(Key={"pk": {}}) == (
        "Supplied AttributeValue is empty, must contain exactly one of the supported datatypes"
    )


@pytest.mark.parametrize(
    ("request_parameters", "text"),
    [
        (
            {"Expected": {}, "ConditionExpression": ""},
            (
                "Can not use both expression and non-expression parameters in the same request:"
                " Non-expression parameters: {Expected}"
                " Expression parameters: {ConditionExpression}"
            ),
        ),
        (
            {"ExpressionAttributeNames": {"#a": "a"}},
            "ExpressionAttributeNames can only be specified when using expressions",
        ),
        (
            {"ExpressionAttributeValues": {":a": {"S": "a"}}},
            "ExpressionAttributeValues can only be specified when using expressions",
        ),
        ({"ReturnValues": "ALL_NEW"}, "ReturnValues can only be ALL_OLD or NONE"),
        ({"ReturnValues": "UPDATED_NEW"}, "ReturnValues can only be ALL_OLD or NONE"),
        (
            {"ConditionExpression": ""},
            "Invalid ConditionExpression: The expression can not be empty;",
        ),
        (
            {
                "ConditionExpression": "x BETWEEN :a AND :b",
                "ExpressionAttributeValues": {":a": {"N": "2"}, ":b": {"N": "1"}},
            },
            (
                "Invalid ConditionExpression: The BETWEEN operator requires upper bound to be"
                " greater than or equal to lower bound; lower bound operand: AttributeValue: {N:2},"
                " upper bound operand: AttributeValue: {N:1}"
            ),
        ),
        (
            {"ConditionExpression": "attribute_exists(x)", "ExpressionAttributeNames": {"#b": "b"}},
            "Value provided in ExpressionAttributeNames unused in expressions: keys: {#b}",
        ),
        (
            {"Expected": {"a": {"ComparisonOperator": "CONTAINS"}}},
            (
                f"{INVALID}Value or AttributeValueList must be used with ComparisonOperator:"
                " CONTAINS for Attribute: a"
            ),
        ),
        (
            {"Expected": {"a": {"ComparisonOperator": "LT", "Value": {"SS": ["a"]}}}},
            f"{INVALID}ComparisonOperator LT is not valid for SS AttributeValue type",
        ),
    ],
)
def test_rules_across_parameters(
    request_parameters: dict[str, Any], text: str, delete: Refusal
) -> None:
    assert delete(**request_parameters) == ONE + text
    assert delete(TableName="nowhere", **request_parameters) == ONE + text


def test_of_several_broken_rules_the_first_is_reported(delete: Refusal) -> None:
    wrong: dict[str, Any] = {
        "Key": {"nope": {"N": "x"}},
        "Expected": {},
        "ConditionExpression": "",
        "ReturnValues": "ALL_NEW",
        "TableName": "nowhere",
    }
    assert delete(**wrong) == f"{ONE}The parameter cannot be converted to a numeric value: x"
    wrong["Key"] = {"nope": {"N": "1"}}
    assert delete(**wrong).startswith(f"{ONE}Can not use both")
    del wrong["Expected"]
    assert delete(**wrong) == f"{ONE}ReturnValues can only be ALL_OLD or NONE"
    del wrong["ReturnValues"]
    assert delete(**wrong).startswith(f"{ONE}Invalid ConditionExpression")
    del wrong["ConditionExpression"]
    assert delete(**wrong) == "ResourceNotFoundException: Requested resource not found"
    del wrong["TableName"]
    assert delete(**wrong) == "The provided key element does not match the schema"


def test_empty_and_large_keys(delete: Refusal) -> None:
    assert delete(Key={"pk": {"S": ""}}) == (
        "One or more parameter values are not valid. The AttributeValue for a key attribute"
        " cannot contain an empty string value. Key: pk"
    )
    assert delete(Key={"pk": {"S": "x" * 2049}}) == (
        f"{INVALID}Size of hashkey has exceeded the maximum size limit of2048 bytes"
    )


# --- behaviour -------------------------------------------------------------------------------


def test_an_item_goes_and_going_again_is_fine(plain: str, client: Any) -> None:
    item = {**KEY, "x": {"N": "1"}}
    client.put_item(TableName=plain, Item=item)
    asking = {"TableName": plain, "Key": KEY, "ReturnValues": "ALL_OLD"}
    assert client.delete_item(**asking)["Attributes"] == item
    assert "Item" not in client.get_item(TableName=plain, Key=KEY)
    assert "Attributes" not in client.delete_item(**asking)


def test_nothing_is_returned_unasked(plain: str, client: Any) -> None:
    client.put_item(TableName=plain, Item=KEY)
    response = client.delete_item(TableName=plain, Key=KEY)
    assert response.keys() == {"ResponseMetadata"}


def test_a_condition_and_the_item_that_it_met(plain: str, client: Any) -> None:
    item = {**KEY, "x": {"N": "1"}}
    client.put_item(TableName=plain, Item=item)
    request = {
        "TableName": plain,
        "Key": KEY,
        "ConditionExpression": "x > :x",
        "ExpressionAttributeValues": {":x": {"N": "1"}},
    }
    with unchanged(), pytest.raises(client.exceptions.ConditionalCheckFailedException) as caught:
        client.delete_item(**request, ReturnValuesOnConditionCheckFailure="ALL_OLD")
    assert caught.value.response["Item"] == item
    with unchanged(), pytest.raises(client.exceptions.ConditionalCheckFailedException) as caught:
        client.delete_item(**request, ReturnValuesOnConditionCheckFailure="NONE")
    assert "Item" not in caught.value.response
    assert client.get_item(TableName=plain, Key=KEY)["Item"] == item
    client.delete_item(**{**request, "ConditionExpression": "x >= :x"})
    assert "Item" not in client.get_item(TableName=plain, Key=KEY)


def test_a_condition_on_an_item_that_is_not_there(plain: str, client: Any) -> None:
    with unchanged(), pytest.raises(client.exceptions.ConditionalCheckFailedException) as caught:
        client.delete_item(
            TableName=plain,
            Key=KEY,
            ConditionExpression="attribute_exists(pk)",
            ReturnValuesOnConditionCheckFailure="ALL_OLD",
        )
    assert "Item" not in caught.value.response


def test_expected(plain: str, client: Any) -> None:
    client.put_item(TableName=plain, Item={**KEY, "x": {"N": "1"}})
    with unchanged(), pytest.raises(client.exceptions.ConditionalCheckFailedException):
        client.delete_item(TableName=plain, Key=KEY, Expected={"x": {"Value": {"N": "2"}}})
    client.delete_item(TableName=plain, Key=KEY, Expected={"x": {"Value": {"N": "1.0"}}})
    assert "Item" not in client.get_item(TableName=plain, Key=KEY)


def test_item_collection_metrics(indexed: str, plain: str, client: Any) -> None:
    asking = {"ReturnItemCollectionMetrics": "SIZE"}
    response = client.delete_item(TableName=indexed, Key={**KEY, "sk": {"N": "1"}}, **asking)
    assert response["ItemCollectionMetrics"] == {
        "ItemCollectionKey": KEY,
        "SizeEstimateRangeGB": [0.0, 1.0],
    }
    assert "ItemCollectionMetrics" not in client.delete_item(TableName=plain, Key=KEY, **asking)


# --- capacity --------------------------------------------------------------------------------


@pytest.mark.parametrize(("item_bytes", "units"), [(0, 1.0), (1024, 1.0), (1025, 2.0)])
def test_what_was_there_is_charged(item_bytes: int, units: float, plain: str, client: Any) -> None:
    if item_bytes:
        client.put_item(TableName=plain, Item={**KEY, "b": {"S": "x" * (item_bytes - 4)}})
    response = client.delete_item(TableName=plain, Key=KEY, ReturnConsumedCapacity="TOTAL")
    assert response["ConsumedCapacity"] == {"TableName": plain, "CapacityUnits": units}


def test_indexes_that_had_the_item_are_charged(indexed: str, client: Any) -> None:
    key = {**KEY, "sk": {"N": "1"}}
    item = {**key, "rank": {"N": "1"}, "blob": {"B": b"b"}, "note": {"S": "x" * 1500}}
    client.put_item(TableName=indexed, Item=item)
    request = {"TableName": indexed, "Key": key, "ReturnConsumedCapacity": "INDEXES"}
    assert client.delete_item(**request)["ConsumedCapacity"] == {
        "TableName": indexed,
        "CapacityUnits": 5.0,
        "Table": {"CapacityUnits": 2.0},
        "LocalSecondaryIndexes": {"by-rank": {"CapacityUnits": 2.0}},
        "GlobalSecondaryIndexes": {"by-blob": {"CapacityUnits": 1.0}},
    }
    assert client.delete_item(**request)["ConsumedCapacity"] == {
        "TableName": indexed,
        "CapacityUnits": 1.0,
        "Table": {"CapacityUnits": 1.0},
    }


def test_a_failed_condition_costs_what_is_there(plain: str, client: Any, ddb: Any) -> None:
    client.put_item(TableName=plain, Item={**KEY, "b": {"S": "x" * 2000}})
    with unchanged(), pytest.raises(client.exceptions.ConditionalCheckFailedException):
        client.delete_item(TableName=plain, Key=KEY, ConditionExpression="attribute_not_exists(pk)")
    assert ddb.calls[-1].consumed_units == 2.0
