"""GetItem: what it refuses and how, what it returns, what it costs."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

Refusal = Callable[..., str]

ONE = "1 validation error detected: "
INVALID = "One or more parameter values were invalid: "
DUPLICATES = f'{INVALID}Input collection ["a", "b", "b"] contains duplicates.'
KEY = {"pk": {"S": "a"}}


@pytest.fixture
def get(plain: str, refusal: Refusal) -> Refusal:
    def text_of(**request: Any) -> str:
        return refusal("get_item", **{"TableName": plain, "Key": KEY, **request})

    return text_of


# --- request validation: serialization and constraints ---------------------------------------


@pytest.mark.parametrize(
    ("body", "text"),
    [
        (
            {"Key": []},
            (
                "Unrecognized collection type java.util.Map<java.lang.String,"
                " com.amazonaws.dynamodb.v20120810.AttributeValue>"
            ),
        ),
        ({"Key": {"pk": "a"}}, "Unexpected value type in payload"),
        ({"Key": {"pk": None}}, "Unexpected value type in payload"),
        ({"ConsistentRead": "maybe"}, "Unexpected token received from parser"),
        ({"AttributesToGet": "a"}, "Unexpected field type"),
        ({"ExpressionAttributeNames": {"#a": 1}}, "NUMBER_VALUE cannot be converted to String"),
    ],
)
def test_wrong_json_types(body: dict[str, Any], text: str, sent: Refusal) -> None:
    assert sent("get_item", **body) == f"SerializationException: {text}"


def test_a_length_is_reported_without_the_value(get: Refusal) -> None:
    assert get(TableName="", ReturnConsumedCapacity="x") == (
        f"{ONE}Value at 'TableName' failed to satisfy constraint:"
        " Member must have length greater than or equal to 1"
    )
    assert get(AttributesToGet=[]) == (
        f"{ONE}Value at 'AttributesToGet' failed to satisfy constraint:"
        " Member must have length greater than or equal to 1"
    )


def test_violations_together(refusal: Refusal) -> None:
    assert refusal("get_item", TableName="plain", ReturnConsumedCapacity="x") == (
        "2 validation errors detected: Value null at 'key' failed to satisfy constraint:"
        " Member must not be null; Value 'x' at 'returnConsumedCapacity' failed to satisfy"
        " constraint: Member must satisfy enum value set: [INDEXES, TOTAL, NONE]"
    )


# --- request validation: values and rules across parameters ----------------------------------


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ({"N": "b"}, "The parameter cannot be converted to a numeric value: b"),
        (
            {"N": "1e126"},
            (
                "Number overflow. Attempting to store a number with magnitude larger than supported"
                " range"
            ),
        ),
        ({"SS": []}, f"{INVALID}An string set  may not be empty"),
        (
            {"SS": ["b", "a", "b"]},
            f'{INVALID}Input collection ["a", "b", "b"] contains duplicates.',
        ),
        ({"NULL": False}, f"{INVALID}Null attribute value types must have the value of true"),
        (
            {},
            "Supplied AttributeValue is empty, must contain exactly one of the supported datatypes",
        ),
    ],
)
def test_wrong_values_are_told_plainly(value: dict[str, Any], text: str, get: Refusal) -> None:
    assert get(Key={"pk": value}) == text
    assert get(Key={"pk": value}, TableName="nowhere") == text


@pytest.mark.parametrize(
    ("request_parameters", "text"),
    [
        (
            {"AttributesToGet": ["a"], "ProjectionExpression": ""},
            (
                "Can not use both expression and non-expression parameters in the same request:"
                " Non-expression parameters: {AttributesToGet}"
                " Expression parameters: {ProjectionExpression}"
            ),
        ),
        (
            {"ExpressionAttributeNames": {"#a": "a"}},
            "ExpressionAttributeNames can only be specified when using expressions",
        ),
        (
            {"ExpressionAttributeNames": {}, "ProjectionExpression": ""},
            "ExpressionAttributeNames must not be empty",
        ),
        (
            {"ExpressionAttributeNames": {"a": "b"}, "ProjectionExpression": ""},
            'ExpressionAttributeNames contains invalid key: Syntax error; key: "a"',
        ),
        (
            {"ExpressionAttributeNames": {"#a-b": "b"}, "ProjectionExpression": ""},
            'ExpressionAttributeNames contains invalid key: Syntax error; key: "#a-b"',
        ),
        (
            {"ExpressionAttributeNames": {"#a.b": "b"}, "ProjectionExpression": ""},
            'ExpressionAttributeNames contains invalid key: Syntax error; key: "#a.b"',
        ),
        (
            {"ExpressionAttributeNames": {"#" + "é" * 128: "b"}, "ProjectionExpression": ""},
            (
                "ExpressionAttributeNames contains invalid key:"
                " The expression attribute map contains a key that is too long; size of key: 257"
            ),
        ),
        # Keys come before names.
        (
            {"ExpressionAttributeNames": {"#a": "", "b": "c"}, "ProjectionExpression": ""},
            'ExpressionAttributeNames contains invalid key: Syntax error; key: "b"',
        ),
        (
            {"ExpressionAttributeNames": {"#a": ""}, "ProjectionExpression": ""},
            "ExpressionAttributeNames contains invalid value: Empty attribute name for key #a",
        ),
        (
            {"ProjectionExpression": ""},
            "Invalid ProjectionExpression: The expression can not be empty;",
        ),
        (
            {"ProjectionExpression": "a," * 2049},
            "Invalid ProjectionExpression: Expression size has exceeded the maximum allowed size;",
        ),
        (
            {"ProjectionExpression": "a b"},
            'Invalid ProjectionExpression: Syntax error; token: "b", near: "a b"',
        ),
        (
            {"ProjectionExpression": "size"},
            (
                "Invalid ProjectionExpression: Attribute name is a reserved keyword;"
                " reserved keyword: size"
            ),
        ),
        (
            {"ProjectionExpression": "#a"},
            (
                "Invalid ProjectionExpression: An expression attribute name used in the document"
                " path is not defined; attribute name: #a"
            ),
        ),
        (
            {"ProjectionExpression": "a.b, a"},
            (
                "Invalid ProjectionExpression: Two document paths overlap with each other;"
                " must remove or rewrite one of these paths; path one: [a, b], path two: [a]"
            ),
        ),
        (
            {"ProjectionExpression": "a", "ExpressionAttributeNames": {"#b": "b"}},
            "Value provided in ExpressionAttributeNames unused in expressions: keys: {#b}",
        ),
        (
            {"AttributesToGet": ["a", "b", "a"]},
            f"{INVALID}Duplicate value in attribute name: a",
        ),
        ({"AttributesToGet": ["a", ""]}, "Empty attribute name"),
    ],
)
def test_rules_across_parameters(
    request_parameters: dict[str, Any], text: str, get: Refusal
) -> None:
    assert get(**request_parameters) == text
    assert get(TableName="nowhere", **request_parameters) == text


# --- request validation: the table and the key -----------------------------------------------


def test_no_such_table(get: Refusal) -> None:
    not_found = "ResourceNotFoundException: Requested resource not found"
    assert get(TableName="nowhere") == not_found
    assert get(TableName="a") == not_found


@pytest.mark.parametrize(
    "key",
    [
        {},
        {"pk": {"S": "a"}},
        {"sk": {"N": "1"}},
        {"pk": {"S": "a"}, "sk": {"S": "1"}},
        {"pk": {"S": "a"}, "sk": {"N": "1"}, "x": {"S": "x"}},
        {"pk": {"S": "a"}, "SK": {"N": "1"}},
        {"pk": {"SS": ["a"]}, "sk": {"N": "1"}},
    ],
)
def test_keys_of_another_schema(key: dict[str, Any], indexed: str, refusal: Refusal) -> None:
    text = "The provided key element does not match the schema"
    assert refusal("get_item", TableName=indexed, Key=key) == text


def test_empty_and_large_keys(get: Refusal, binary: str) -> None:
    assert get(Key={"pk": {"S": ""}}) == (
        "One or more parameter values are not valid. The AttributeValue for a key attribute"
        " cannot contain an empty string value. Key: pk"
    )
    assert get(Key={"pk": {"S": "x" * 2049}}) == (
        f"{INVALID}Size of hashkey has exceeded the maximum size limit of2048 bytes"
    )
    assert get(TableName=binary, Key={"pk": {"B": b""}, "sk": {"S": "x"}}) == (
        "One or more parameter values are not valid. The AttributeValue for a key attribute"
        " cannot contain an empty binary value. Key: pk"
    )
    assert get(TableName=binary, Key={"pk": {"B": b"x"}, "sk": {"S": "x" * 1025}}) == (
        f"{INVALID}Aggregated size of all range keys has exceeded the size limit of 1024 bytes"
    )


# --- behaviour -------------------------------------------------------------------------------

ITEM = {
    **KEY,
    "n": {"N": "1"},
    "a.b": {"S": "dotted"},
    "m": {"M": {"x": {"S": "X"}, "y": {"M": {"z": {"N": "26"}}}}},
    "l": {"L": [{"S": "zero"}, {"M": {"k": {"S": "one"}, "o": {"NULL": True}}}, {"S": "two"}]},
}


@pytest.fixture
def filled(plain: str, client: Any) -> str:
    client.put_item(TableName=plain, Item=ITEM)
    return plain


def test_an_item_and_none(filled: str, client: Any) -> None:
    assert client.get_item(TableName=filled, Key=KEY)["Item"] == ITEM
    assert "Item" not in client.get_item(TableName=filled, Key={"pk": {"S": "b"}})


@pytest.mark.parametrize(
    ("projection", "item"),
    [
        ("pk, n", {**KEY, "n": {"N": "1"}}),
        ("m.x", {"m": {"M": {"x": {"S": "X"}}}}),
        ("m.y.z, n", {"m": {"M": {"y": {"M": {"z": {"N": "26"}}}}}, "n": {"N": "1"}}),
        ("l[2], l[0]", {"l": {"L": [{"S": "zero"}, {"S": "two"}]}}),
        ("l[1].k", {"l": {"L": [{"M": {"k": {"S": "one"}}}]}}),
        ("l[7], m.nope, n.x, nope", {}),
    ],
)
def test_projections(projection: str, item: dict[str, Any], filled: str, client: Any) -> None:
    response = client.get_item(TableName=filled, Key=KEY, ProjectionExpression=projection)
    assert response["Item"] == item


def test_a_projection_of_no_item_is_no_item(filled: str, client: Any) -> None:
    request = {"TableName": filled, "Key": {"pk": {"S": "b"}}}
    assert "Item" not in client.get_item(ProjectionExpression="nope", **request)


def test_names_with_dots(filled: str, client: Any) -> None:
    response = client.get_item(
        TableName=filled,
        Key=KEY,
        ProjectionExpression="#d",
        ExpressionAttributeNames={"#d": "a.b"},
    )
    assert response["Item"] == {"a.b": {"S": "dotted"}}


def test_attributes_to_get_are_names_not_paths(filled: str, client: Any) -> None:
    response = client.get_item(TableName=filled, Key=KEY, AttributesToGet=["a.b", "m.x", "n"])
    assert response["Item"] == {"a.b": {"S": "dotted"}, "n": {"N": "1"}}


def test_numbers_find_each_other_however_they_are_written(indexed: str, client: Any) -> None:
    client.put_item(TableName=indexed, Item={**KEY, "sk": {"N": "1e1"}})
    response = client.get_item(TableName=indexed, Key={**KEY, "sk": {"N": "010.0"}})
    assert response["Item"] == {**KEY, "sk": {"N": "10"}}


def test_what_is_returned_is_the_callers_own(filled: str, client: Any) -> None:
    client.get_item(TableName=filled, Key=KEY)["Item"]["m"]["M"]["x"]["S"] = "changed"
    assert client.get_item(TableName=filled, Key=KEY)["Item"] == ITEM


# --- capacity --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("item_bytes", "eventual", "consistent"),
    [(4, 0.5, 1.0), (4096, 0.5, 1.0), (4097, 1.0, 2.0), (409_600, 50.0, 100.0)],
)
def test_half_a_unit_for_each_4_kb_begun(
    item_bytes: int, eventual: float, consistent: float, plain: str, client: Any
) -> None:
    client.put_item(TableName=plain, Item={**KEY, "b": {"S": "x" * (item_bytes - 4)}})
    request = {"TableName": plain, "Key": KEY, "ReturnConsumedCapacity": "TOTAL"}
    for consistency, units in ((None, eventual), (False, eventual), (True, consistent)):
        extra = {} if consistency is None else {"ConsistentRead": consistency}
        response = client.get_item(**request, **extra)
        assert response["ConsumedCapacity"] == {"TableName": plain, "CapacityUnits": units}
        # The complete item is read, whatever is returned of it.
        projected = client.get_item(**request, **extra, ProjectionExpression="pk")
        assert projected["ConsumedCapacity"]["CapacityUnits"] == units


def test_an_item_that_is_not_there_costs_too(plain: str, client: Any) -> None:
    request = {"TableName": plain, "Key": KEY, "ReturnConsumedCapacity": "INDEXES"}
    assert client.get_item(**request)["ConsumedCapacity"] == {
        "TableName": plain,
        "CapacityUnits": 0.5,
        "Table": {"CapacityUnits": 0.5},
    }
    consistent = client.get_item(ConsistentRead=True, **request)
    assert consistent["ConsumedCapacity"]["CapacityUnits"] == 1.0


def test_no_capacity_unasked(plain: str, client: Any) -> None:
    assert "ConsumedCapacity" not in client.get_item(TableName=plain, Key=KEY)
    none = client.get_item(TableName=plain, Key=KEY, ReturnConsumedCapacity="NONE")
    assert "ConsumedCapacity" not in none


def test_the_arn_in_the_request_is_the_arn_in_the_answer(plain: str, client: Any) -> None:
    arn = client.describe_table(TableName=plain)["Table"]["TableArn"]
    response = client.get_item(TableName=arn, Key=KEY, ReturnConsumedCapacity="TOTAL")
    assert response["ConsumedCapacity"] == {"TableName": arn, "CapacityUnits": 0.5}
