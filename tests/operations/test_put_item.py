"""PutItem: what it refuses and how, what it stores and returns, what it costs."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from botocore.exceptions import ClientError

from tests.refusals import unchanged

Refusal = Callable[..., str]

ONE = "1 validation error detected: "
INVALID = "One or more parameter values were invalid: "
DUPLICATES = f'{INVALID}Input collection ["a", "b", "b"] contains duplicates.'
KEY = {"pk": {"S": "a"}}
LIMIT_BYTES = 400 * 1024


def constraint(value: str, path: str, text: str) -> str:
    return f"Value {value} at '{path}' failed to satisfy constraint: Member must {text}"


@pytest.fixture
def put(plain: str, refusal: Refusal) -> Refusal:
    """Refuses a put of an item with these further attributes, or with these parameters."""

    def text_of(attributes: dict[str, Any] | None = None, **request: Any) -> str:
        request.setdefault("TableName", plain)
        return refusal("put_item", **{"Item": {**KEY, **(attributes or {})}, **request})

    return text_of


# --- request validation: serialization -------------------------------------------------------


@pytest.mark.parametrize(
    ("body", "text"),
    [
        ({"TableName": 23}, "NUMBER_VALUE cannot be converted to String"),
        ({"Item": "x"}, "Unexpected field type"),
        ({"Item": {"a": "x"}}, "Unexpected value type in payload"),
        ({"Item": {"a": None}}, "Unexpected value type in payload"),
        ({"Item": {"a": {"S": 1}}}, "NUMBER_VALUE cannot be converted to String"),
        ({"Item": {"a": {"N": 1}}}, "NUMBER_VALUE cannot be converted to String"),
        ({"Item": {"a": {"BOOL": 1}}}, "NUMBER_VALUE cannot be converted to Boolean"),
        ({"Item": {"a": {"M": "x"}}}, "Unexpected field type"),
        ({"Item": {"a": {"L": [None]}}}, "Unexpected value type in payload"),
        (
            {"Item": {"a": {"B": "abc"}}},
            "Base64 encoded length is expected a multiple of 4 bytes but found: 3",
        ),
        ({"Expected": {"a": None}}, "Unexpected value type in payload"),
        ({"Expected": {"a": {"Value": None}}}, "Unexpected field type"),
        ({"ConditionExpression": True}, "TRUE_VALUE cannot be converted to String"),
    ],
)
def test_wrong_json_types(body: dict[str, Any], text: str, sent: Refusal) -> None:
    assert sent("put_item", **body) == f"SerializationException: {text}"


# --- request validation: constraints ---------------------------------------------------------


def test_a_bad_table_name_is_reported_alone(refusal: Refusal) -> None:
    text = refusal("put_item", TableName="a;b", ReturnValues="x")
    pattern = "satisfy regular expression pattern: [a-zA-Z0-9_.-]+"
    assert text == ONE + constraint("'a;b'", "tableName", pattern)


def test_all_other_violations_are_told_together(refusal: Refusal) -> None:
    text = refusal(
        "put_item",
        TableName="plain",
        ReturnValues="x",
        ReturnConsumedCapacity="y",
        ReturnItemCollectionMetrics="z",
    )
    violations = [
        constraint("null", "item", "not be null"),
        constraint(
            "'y'", "returnConsumedCapacity", "satisfy enum value set: [INDEXES, TOTAL, NONE]"
        ),
        constraint(
            "'x'",
            "returnValues",
            "satisfy enum value set: [ALL_NEW, UPDATED_OLD, ALL_OLD, NONE, UPDATED_NEW]",
        ),
        constraint("'z'", "returnItemCollectionMetrics", "satisfy enum value set: [SIZE, NONE]"),
    ]
    assert text == f"4 validation errors detected: {'; '.join(violations)}"


# --- request validation: attribute values ----------------------------------------------------


def nested(documents: int, innermost: dict[str, Any]) -> dict[str, Any]:
    value = innermost
    for number in range(documents):
        value = {"M": {"a": value}} if number % 2 else {"L": [value]}
    return value


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ({"N": ""}, "The parameter cannot be converted to a numeric value: "),
        ({"N": "b"}, "The parameter cannot be converted to a numeric value: b"),
        ({"N": " 1"}, "The parameter cannot be converted to a numeric value:  1"),
        ({"N": "1" * 39}, "Attempting to store more than 38 significant digits in a Number"),
        (
            {"N": "1e126"},
            (
                "Number overflow. Attempting to store a number with magnitude larger than supported"
                " range"
            ),
        ),
        (
            {"N": "0e126"},
            (
                "Number overflow. Attempting to store a number with magnitude larger than supported"
                " range"
            ),
        ),
        (
            {"N": "1e2147483647"},
            (
                "Number overflow. Attempting to store a number with magnitude larger than supported"
                " range"
            ),
        ),
        (
            {"N": "-1e-131"},
            (
                "Number underflow. Attempting to store a number with magnitude smaller than"
                " supported range"
            ),
        ),
        ({"NS": ["1", "x"]}, "The parameter cannot be converted to a numeric value: x"),
        ({"SS": []}, f"{INVALID}An string set  may not be empty"),
        ({"NS": []}, f"{INVALID}An number set  may not be empty"),
        ({"BS": []}, f"{INVALID}Binary sets should not be empty"),
        (
            {"SS": ["b", "a", "b"]},
            f'{INVALID}Input collection ["a", "b", "b"] contains duplicates.',
        ),
        (
            {"NS": ["2", "1", "1.0"]},
            f"{INVALID}Input collection contains duplicates.",
        ),
        ({"NULL": False}, f"{INVALID}Null attribute value types must have the value of true"),
        (
            nested(32, {"S": "x"}),
            (
                "Nesting Levels have exceeded supported limits:"
                " Attributes in the item have nested levels beyond supported limit"
            ),
        ),
        ({"L": [{"M": {"x": {"SS": []}}}]}, f"{INVALID}An string set  may not be empty"),
        ({"M": {"": {"S": "x"}}}, "Empty attribute name"),
    ],
)
def test_values_that_no_item_can_hold(value: dict[str, Any], text: str, put: Refusal) -> None:
    assert put({"x": value}) == ONE + text
    # Wherever a value is in the request, the error is that of a value in the item.
    condition = {"ConditionExpression": "x = :x", "ExpressionAttributeValues": {":x": value}}
    assert put(**condition) == ONE + text
    assert put(Expected={"x": {"Value": value}}) == ONE + text


@pytest.mark.parametrize("value", [{}, {"X": "x"}, {"S": None}, {"L": [{}]}])
def test_values_without_a_type(value: dict[str, Any], plain: str, sent: Refusal) -> None:
    text = "Supplied AttributeValue is empty, must contain exactly one of the supported datatypes"
    assert sent("put_item", TableName=plain, Item={**KEY, "x": value}) == text


def test_values_with_several_types(put: Refusal) -> None:
    text = (
        "Supplied AttributeValue has more than one datatypes set,"
        " must contain exactly one of the supported datatypes"
    )
    assert put({"x": {"S": "a", "N": "1"}}) == text
    assert put({"x": {"S": "a", "N": "b"}}) == (
        f"{ONE}The parameter cannot be converted to a numeric value: b"
    )


def test_attribute_names_have_a_length(put: Refusal) -> None:
    assert put({"": {"S": "x"}}) == f"{ONE}Empty attribute name"
    too_long = f"{ONE}Attribute name is too large, must be less than 65536 bytes"
    assert put({"x" * 65_536: {"S": ""}}) == too_long
    assert put({"m": {"M": {"ü" * 32_768: {"S": ""}}}}) == too_long


def test_32_levels_and_long_names_are_fine(plain: str, client: Any) -> None:
    item = {
        **KEY,
        "deep": nested(31, {"S": "x"}),
        "hollow": nested(31, {"M": {}}),
        "n" * 65_535: {"S": "x"},
    }
    client.put_item(TableName=plain, Item=item)
    assert client.get_item(TableName=plain, Key=KEY)["Item"] == item


# --- request validation: rules across parameters ---------------------------------------------


@pytest.mark.parametrize(
    ("request_parameters", "text"),
    [
        (
            {"ConditionExpression": "", "Expected": {}, "ConditionalOperator": "AND"},
            (
                "Can not use both expression and non-expression parameters in the same request:"
                " Non-expression parameters: {Expected, ConditionalOperator}"
                " Expression parameters: {ConditionExpression}"
            ),
        ),
        (
            {"ExpressionAttributeNames": {}, "ExpressionAttributeValues": {}},
            "ExpressionAttributeNames can only be specified when using expressions",
        ),
        (
            {"ExpressionAttributeValues": {":x": {"S": "x"}}},
            "ExpressionAttributeValues can only be specified when using expressions",
        ),
        (
            {"ConditionExpression": "", "ExpressionAttributeNames": {}},
            "ExpressionAttributeNames must not be empty",
        ),
        (
            {"ConditionExpression": "", "ExpressionAttributeNames": {"x": "y"}},
            'ExpressionAttributeNames contains invalid key: Syntax error; key: "x"',
        ),
        (
            {"ConditionExpression": "", "ExpressionAttributeValues": {}},
            "ExpressionAttributeValues must not be empty",
        ),
        (
            {"ConditionExpression": "", "ExpressionAttributeValues": {":": {"S": "y"}}},
            'ExpressionAttributeValues contains invalid key: Syntax error; key: ":"',
        ),
        (
            {"ConditionExpression": "", "ExpressionAttributeValues": {":" * 256: {"S": "y"}}},
            (
                "ExpressionAttributeValues contains invalid key:"
                " The expression attribute map contains a key that is too long;"
            ),
        ),
        (
            {"ConditionExpression": "", "ExpressionAttributeNames": {"#a": ""}},
            "Empty attribute name",
        ),
        (
            {"ConditionExpression": ""},
            "Invalid ConditionExpression: The expression can not be empty;",
        ),
        (
            {"ConditionExpression": "a" * 4097},
            "Invalid ConditionExpression: Expression size has exceeded the maximum allowed size;",
        ),
        (
            {"ConditionExpression": "a = b c"},
            'Invalid ConditionExpression: Syntax error; token: "c", near: "b c"',
        ),
        (
            {"ConditionExpression": "#a = :a"},
            (
                "Invalid ConditionExpression: An expression attribute name used in the document"
                " path is not defined; attribute name: #a"
            ),
        ),
        (
            {"ConditionExpression": "a = :a"},
            (
                "Invalid ConditionExpression: An expression attribute value used in expression is"
                " not defined; attribute value: :a"
            ),
        ),
        (
            {"ConditionExpression": "attribute_exists(a)", "ExpressionAttributeNames": {"#b": "b"}},
            "Value provided in ExpressionAttributeNames unused in expressions: keys: {#b}",
        ),
        (
            {
                "ConditionExpression": "attribute_exists(a)",
                "ExpressionAttributeValues": {":b": {"S": "b"}},
            },
            "Value provided in ExpressionAttributeValues unused in expressions: keys: {:b}",
        ),
        ({"ReturnValues": "ALL_NEW"}, "ReturnValues can only be ALL_OLD or NONE"),
        ({"ReturnValues": "UPDATED_OLD"}, "ReturnValues can only be ALL_OLD or NONE"),
        (
            {"ConditionalOperator": "OR"},
            "ConditionalOperator cannot be used without Filter or Expected",
        ),
        (
            {"ConditionalOperator": "OR", "Expected": {"a": {"Exists": False}}},
            "ConditionalOperator can only be used when Filter or Expected has two or more elements",
        ),
        (
            {"Expected": {"a": {}}},
            f"{INVALID}Value must be provided when Exists is null for Attribute: a",
        ),
        (
            {"Expected": {"a": {"Exists": True}}},
            f"{INVALID}Value must be provided when Exists is true for Attribute: a",
        ),
        (
            {"Expected": {"a": {"Exists": False, "Value": {"S": "x"}}}},
            f"{INVALID}Value cannot be used when Exists is false for Attribute: a",
        ),
        (
            {"Expected": {"a": {"Exists": True, "ComparisonOperator": "NULL"}}},
            f"{INVALID}Exists and ComparisonOperator cannot be used together for Attribute: a",
        ),
        (
            {"Expected": {"a": {"AttributeValueList": [{"S": "x"}]}}},
            (
                f"{INVALID}AttributeValueList can only be used with a ComparisonOperator"
                " for Attribute: a"
            ),
        ),
        (
            {"Expected": {"a": {"ComparisonOperator": "EQ"}}},
            (
                f"{INVALID}Value or AttributeValueList must be used with ComparisonOperator: EQ"
                " for Attribute: a"
            ),
        ),
        (
            {
                "Expected": {
                    "a": {"ComparisonOperator": "BETWEEN", "AttributeValueList": [{"S": "x"}]}
                }
            },
            f"{INVALID}Invalid number of argument(s) for the BETWEEN ComparisonOperator",
        ),
    ],
)
def test_rules_across_parameters(
    request_parameters: dict[str, Any], text: str, put: Refusal
) -> None:
    assert put(**request_parameters) == ONE + text
    # None of them needs the table.
    assert put(TableName="nowhere", **request_parameters) == ONE + text


def test_of_several_broken_rules_the_first_is_reported(put: Refusal) -> None:
    wrong = {
        "attributes": {"x": {"SS": []}, "big": {"S": "x" * LIMIT_BYTES}},
        "ConditionExpression": "",
        "Expected": {},
        "ReturnValues": "ALL_NEW",
        "TableName": "nowhere",
    }
    assert put(**wrong) == f"{ONE}{INVALID}An string set  may not be empty"
    del wrong["attributes"]["x"]  # type: ignore[attr-defined]
    assert put(**wrong).startswith(f"{ONE}Can not use both expression and non-expression")
    del wrong["Expected"]
    assert put(**wrong) == f"{ONE}ReturnValues can only be ALL_OLD or NONE"
    del wrong["ReturnValues"]
    assert put(**wrong) == "Item size has exceeded the maximum allowed size"
    del wrong["attributes"]
    assert put(**wrong) == f"{ONE}Invalid ConditionExpression: The expression can not be empty;"
    del wrong["ConditionExpression"]
    assert put(**wrong) == "ResourceNotFoundException: Requested resource not found"


# --- request validation: the table, the key, the indexes, the size ---------------------------


@pytest.mark.parametrize(
    ("item", "text"),
    [
        ({}, f"{INVALID}Missing the key pk in the item"),
        ({"pk": {"S": "a"}}, f"{INVALID}Missing the key sk in the item"),
        (
            {"pk": {"BOOL": True}, "sk": {"N": "1"}},
            f"{INVALID}Type mismatch for key pk expected: S actual: BOOL",
        ),
        (
            {"pk": {"S": "a"}, "sk": {"S": "1"}},
            f"{INVALID}Type mismatch for key sk expected: N actual: S",
        ),
        (
            {"pk": {"S": ""}, "sk": {"N": "1"}},
            (
                "One or more parameter values are not valid. The AttributeValue for a key attribute"
                " cannot contain an empty string value. Key: pk"
            ),
        ),
        (
            {"pk": {"S": "ü" * 1024 + "x"}, "sk": {"N": "1"}},
            f"{INVALID}Size of hashkey has exceeded the maximum size limit of2048 bytes",
        ),
    ],
)
def test_keys_of_an_item(item: dict[str, Any], text: str, indexed: str, refusal: Refusal) -> None:
    assert refusal("put_item", TableName=indexed, Item=item) == text


@pytest.mark.parametrize(
    ("item", "text"),
    [
        (
            {"pk": {"B": b""}, "sk": {"S": "x"}},
            (
                "One or more parameter values are not valid. The AttributeValue for a key attribute"
                " cannot contain an empty binary value. Key: pk"
            ),
        ),
        (
            {"pk": {"B": b"x"}, "sk": {"S": "x" * 1025}},
            f"{INVALID}Aggregated size of all range keys has exceeded the size limit of 1024 bytes",
        ),
    ],
)
def test_binary_and_sort_keys(
    item: dict[str, Any], text: str, binary: str, refusal: Refusal
) -> None:
    assert refusal("put_item", TableName=binary, Item=item) == text


def test_keys_of_exactly_the_greatest_size(binary: str, client: Any) -> None:
    item = {"pk": {"B": b"x" * 2048}, "sk": {"S": "ü" * 512}}
    client.put_item(TableName=binary, Item=item)
    assert client.get_item(TableName=binary, Key=item)["Item"] == item


@pytest.mark.parametrize(
    ("attributes", "text"),
    [
        (
            {"owner": {"N": "1"}},
            f"{INVALID}Type mismatch for Index Key owner Expected: S Actual: N IndexName: by-owner",
        ),
        (
            {"owner": {"NULL": True}},
            (
                f"{INVALID}Type mismatch for Index Key owner Expected: S Actual: NULL"
                " IndexName: by-owner"
            ),
        ),
        # Of two indexes with the same key attribute, the first by name is reported.
        (
            {"rank": {"S": "x"}},
            f"{INVALID}Type mismatch for Index Key rank Expected: N Actual: S IndexName: by-owner",
        ),
        (
            {"owner": {"S": ""}},
            (
                "One or more parameter values are not valid. A value specified for a secondary"
                " index key is not supported. The AttributeValue for a key attribute cannot"
                " contain an empty string value. IndexName: by-owner, IndexKey: owner"
            ),
        ),
        (
            {"blob": {"B": b""}},
            (
                "One or more parameter values are not valid. A value specified for a secondary"
                " index key is not supported. The AttributeValue for a key attribute cannot"
                " contain an empty binary value. IndexName: by-blob, IndexKey: blob"
            ),
        ),
        (
            {"owner": {"S": "x" * 2049}},
            f"{INVALID}Size of hashkey has exceeded the maximum size limit of2048 bytes",
        ),
        (
            {"name": {"S": "x" * 1025}},
            f"{INVALID}Aggregated size of all range keys has exceeded the size limit of 1024 bytes",
        ),
    ],
)
def test_index_keys(attributes: dict[str, Any], text: str, indexed: str, refusal: Refusal) -> None:
    item = {"pk": {"S": "a"}, "sk": {"N": "1"}, **attributes}
    assert refusal("put_item", TableName=indexed, Item=item) == text


def test_400_kb_and_not_a_byte_more(plain: str, client: Any, put: Refusal) -> None:
    # "pk" and "a" are 3 bytes, the name of the long attribute one.
    fitting = "x" * (LIMIT_BYTES - 4)
    client.put_item(TableName=plain, Item={**KEY, "b": {"S": fitting}})
    assert client.get_item(TableName=plain, Key=KEY)["Item"]["b"]["S"] == fitting
    assert put({"b": {"S": fitting + "x"}}) == "Item size has exceeded the maximum allowed size"
    too_large = {"b": {"B": b"x" * (LIMIT_BYTES - 5)}, "c": {"S": "x"}}
    assert put(too_large) == "Item size has exceeded the maximum allowed size"


def test_the_table_by_its_arn(plain: str, client: Any, refusal: Refusal) -> None:
    arn = client.describe_table(TableName=plain)["Table"]["TableArn"]
    client.put_item(TableName=arn, Item={**KEY, "x": {"S": "by arn"}})
    assert client.get_item(TableName=plain, Key=KEY)["Item"]["x"] == {"S": "by arn"}
    there = arn.replace("us-east-1", "eu-west-1")
    assert refusal("put_item", TableName=there, Item=KEY) == (
        f"{ONE}Invalid AWS region in '{there}'"
    )
    assert refusal("put_item", TableName=f"{arn}s", Item=KEY) == (
        "ResourceNotFoundException: Requested resource not found"
    )


# --- behaviour -------------------------------------------------------------------------------


def test_an_item_replaces_another_whole(plain: str, client: Any) -> None:
    client.put_item(TableName=plain, Item={**KEY, "old": {"S": "x"}})
    assert "Attributes" not in client.put_item(TableName=plain, Item={**KEY, "new": {"S": "y"}})
    assert client.get_item(TableName=plain, Key=KEY)["Item"] == {**KEY, "new": {"S": "y"}}


def test_values_come_back_canonical(plain: str, client: Any) -> None:
    client.put_item(
        TableName=plain,
        Item={
            **KEY,
            "n": {"N": "+1.50e1"},
            "zero": {"N": "-0.0"},
            "ss": {"SS": ["b", "ä", "a"]},
            "ns": {"NS": ["10", "9.0", "-1"]},
            "bs": {"BS": [b"b", b"a"]},
            "empty": {"S": ""},
            "nothing": {"B": b""},
        },
    )
    item = client.get_item(TableName=plain, Key=KEY)["Item"]
    assert item == {
        **KEY,
        "n": {"N": "15"},
        "zero": {"N": "0"},
        "ss": {"SS": ["a", "b", "ä"]},
        "ns": {"NS": ["-1", "9", "10"]},
        "bs": {"BS": [b"a", b"b"]},
        "empty": {"S": ""},
        "nothing": {"B": b""},
    }


# Observed: text is sorted by its bytes, in which U+FFFF comes before U+10000, and is measured by
# size() in UTF-16 units, of which U+10000 takes two.
def test_characters_beyond_the_basic_plane(plain: str, client: Any) -> None:
    item = {**KEY, "ss": {"SS": ["\U00010000", "\uffff"]}, "s": {"S": "a\U00010000"}}
    client.put_item(TableName=plain, Item=item)
    response = client.put_item(
        TableName=plain,
        Item=KEY,
        ConditionExpression="size(s) = :n",
        ExpressionAttributeValues={":n": {"N": "3"}},
        ReturnValues="ALL_OLD",
    )
    assert response["Attributes"] == {**item, "ss": {"SS": ["\uffff", "\U00010000"]}}


def test_all_old(plain: str, client: Any) -> None:
    first, second = {**KEY, "x": {"N": "1"}}, {**KEY, "x": {"N": "2"}}
    responses = [
        client.put_item(TableName=plain, Item=item, ReturnValues="ALL_OLD")
        for item in (first, second)
    ]
    assert "Attributes" not in responses[0]
    assert responses[1]["Attributes"] == first


def test_a_condition_looks_at_the_item_that_is_there(plain: str, client: Any) -> None:
    once = {"TableName": plain, "ConditionExpression": "attribute_not_exists(pk)"}
    client.put_item(Item={**KEY, "x": {"N": "1"}}, **once)
    with unchanged(), pytest.raises(client.exceptions.ConditionalCheckFailedException) as caught:
        client.put_item(Item={**KEY, "x": {"N": "2"}}, **once)
    assert caught.value.response["Error"]["Message"] == "The conditional request failed"
    assert "Item" not in caught.value.response
    assert client.get_item(TableName=plain, Key=KEY)["Item"]["x"] == {"N": "1"}


# Observed: attribute_type also takes a value, and parentheses do not count as operators.
@pytest.mark.parametrize(
    ("condition", "values"),
    [
        ("attribute_type(:v, :t)", {":v": {"N": "4"}, ":t": {"S": "N"}}),
        ("a > :v OR (" * 120 + "attribute_not_exists(a)" + ")" * 120, {":v": {"N": "4"}}),
    ],
)
def test_conditions_that_hold_without_an_item(
    condition: str, values: dict[str, Any], plain: str, client: Any
) -> None:
    request = {"ConditionExpression": condition, "ExpressionAttributeValues": values}
    client.put_item(TableName=plain, Item=KEY, **request)
    assert client.get_item(TableName=plain, Key=KEY)["Item"] == KEY


def test_the_error_of_a_condition_can_carry_the_item(plain: str, client: Any) -> None:
    request = {
        "TableName": plain,
        "Item": KEY,
        "ConditionExpression": "x = :x",
        "ExpressionAttributeValues": {":x": {"S": "other"}},
        "ReturnValuesOnConditionCheckFailure": "ALL_OLD",
    }
    with unchanged(), pytest.raises(ClientError) as without:
        client.put_item(**request)
    assert "Item" not in without.value.response
    stored = {**KEY, "x": {"B": b"\x00"}}
    client.put_item(TableName=plain, Item=stored)
    with unchanged(), pytest.raises(ClientError) as caught:
        client.put_item(**request)
    assert caught.value.response["Item"] == stored


@pytest.mark.parametrize(
    ("expected", "operator", "holds"),
    [
        ({}, None, True),
        ({"x": {"Value": {"N": "1"}}}, None, True),
        ({"x": {"Value": {"N": "1.0"}, "Exists": True}}, None, True),
        ({"x": {"Value": {"S": "1"}}}, None, False),
        ({"x": {"Exists": False}}, None, False),
        ({"y": {"Exists": False}}, None, True),
        ({"x": {"ComparisonOperator": "GT", "AttributeValueList": [{"N": "0"}]}}, None, True),
        ({"x": {"ComparisonOperator": "NULL"}}, None, False),
        ({"x": {"ComparisonOperator": "NOT_NULL"}, "y": {"Exists": False}}, "AND", True),
        ({"x": {"Exists": False}, "y": {"Exists": False}}, "AND", False),
        ({"x": {"Exists": False}, "y": {"Exists": False}}, "OR", True),
    ],
)
def test_expected(
    expected: dict[str, Any],
    operator: str | None,
    holds: bool,  # noqa: FBT001 (a test's parameter)
    plain: str,
    client: Any,
) -> None:
    client.put_item(TableName=plain, Item={**KEY, "x": {"N": "1"}})
    request = {"TableName": plain, "Item": {**KEY, "z": {"S": "new"}}, "Expected": expected}
    if operator is not None:
        request["ConditionalOperator"] = operator
    if holds:
        client.put_item(**request)
    else:
        with unchanged(), pytest.raises(client.exceptions.ConditionalCheckFailedException):
            client.put_item(**request)
    assert ("z" in client.get_item(TableName=plain, Key=KEY)["Item"]) is holds


def test_item_collection_metrics(indexed: str, plain: str, client: Any) -> None:
    item = {"pk": {"S": "a"}, "sk": {"N": "1"}}
    asking = {"ReturnItemCollectionMetrics": "SIZE"}
    response = client.put_item(TableName=indexed, Item=item, **asking)
    assert response["ItemCollectionMetrics"] == {
        "ItemCollectionKey": {"pk": {"S": "a"}},
        "SizeEstimateRangeGB": [0.0, 1.0],
    }
    assert "ItemCollectionMetrics" not in client.put_item(TableName=indexed, Item=item)
    # Only a table with local indexes has item collections to speak of.
    assert "ItemCollectionMetrics" not in client.put_item(TableName=plain, Item=KEY, **asking)


# --- capacity --------------------------------------------------------------------------------


def cost(client: Any, table: str, attributes: dict[str, Any], **request: Any) -> Any:
    """What a put into the indexed table costs, by table and index."""
    response = client.put_item(
        TableName=table,
        Item={"pk": {"S": "a"}, "sk": {"N": "1"}, **attributes},
        ReturnConsumedCapacity="INDEXES",
        **request,
    )
    return costs(response["ConsumedCapacity"])


def costs(consumed: dict[str, Any]) -> dict[str, float]:
    """Flattens a ConsumedCapacity, and sees that its total is the sum of its parts."""
    units = {"table": consumed["Table"]["CapacityUnits"]}
    for kind in ("LocalSecondaryIndexes", "GlobalSecondaryIndexes"):
        for name, capacity in consumed.get(kind, {}).items():
            assert capacity.keys() == {"CapacityUnits"}
            units[name] = capacity["CapacityUnits"]
    assert consumed["CapacityUnits"] == sum(units.values())
    return units


@pytest.mark.parametrize(
    ("item_bytes", "units"), [(4, 1.0), (1024, 1.0), (1025, 2.0), (LIMIT_BYTES, 400.0)]
)
def test_a_unit_for_each_kilobyte_begun(
    item_bytes: int, units: float, plain: str, client: Any
) -> None:
    item = {**KEY, "b": {"S": "x" * (item_bytes - 4)}}
    response = client.put_item(TableName=plain, Item=item, ReturnConsumedCapacity="TOTAL")
    assert response["ConsumedCapacity"] == {"TableName": plain, "CapacityUnits": units}


def test_the_shapes_of_consumed_capacity(indexed: str, client: Any) -> None:
    item = {"pk": {"S": "a"}, "sk": {"N": "1"}, "rank": {"N": "1"}, "owner": {"S": "o"}}
    for detail, expected in (
        ("NONE", None),
        ("TOTAL", {"TableName": indexed, "CapacityUnits": 3.0}),
        (
            "INDEXES",
            {
                "TableName": indexed,
                "CapacityUnits": 3.0,
                "Table": {"CapacityUnits": 1.0},
                "LocalSecondaryIndexes": {"by-rank": {"CapacityUnits": 1.0}},
                "GlobalSecondaryIndexes": {"by-owner": {"CapacityUnits": 1.0}},
            },
        ),
    ):
        client.delete_item(TableName=indexed, Key={"pk": item["pk"], "sk": item["sk"]})
        response = client.put_item(TableName=indexed, Item=item, ReturnConsumedCapacity=detail)
        assert response.get("ConsumedCapacity") == expected


def test_the_arn_in_the_request_is_the_arn_in_the_answer(plain: str, client: Any) -> None:
    arn = client.describe_table(TableName=plain)["Table"]["TableArn"]
    response = client.put_item(TableName=arn, Item=KEY, ReturnConsumedCapacity="TOTAL")
    assert response["ConsumedCapacity"]["TableName"] == arn


def test_the_larger_of_old_and_new_counts(plain: str, client: Any) -> None:
    def put(size_bytes: int) -> float:
        item = {**KEY, "b": {"S": "x" * (size_bytes - 4)}}
        response = client.put_item(TableName=plain, Item=item, ReturnConsumedCapacity="TOTAL")
        units: float = response["ConsumedCapacity"]["CapacityUnits"]
        return units

    assert [put(3000), put(100), put(100), put(2000)] == [3.0, 3.0, 1.0, 2.0]


def test_an_identical_overwrite_costs_the_table_only(indexed: str, client: Any) -> None:
    attributes = {"owner": {"S": "o"}, "rank": {"N": "1"}, "tags": {"SS": ["a", "b"]}}
    assert cost(client, indexed, attributes) == {"table": 1.0, "by-owner": 1.0, "by-rank": 1.0}
    # The order of a set's members and the spelling of a number are no differences.
    attributes = {"tags": {"SS": ["b", "a"]}, "rank": {"N": "1.0"}, "owner": {"S": "o"}}
    assert cost(client, indexed, attributes) == {"table": 1.0}


def test_what_an_index_does_not_project_costs_it_nothing(indexed: str, client: Any) -> None:
    attributes = {"name": {"S": "n"}, "colour": {"S": "red"}, "blob": {"B": b"b"}}
    assert cost(client, indexed, attributes) == {"table": 1.0, "by-name": 1.0, "by-blob": 1.0}
    assert cost(client, indexed, {**attributes, "note": {"S": "x"}}) == {"table": 1.0}
    attributes["colour"] = {"S": "blue"}
    assert cost(client, indexed, attributes) == {"table": 1.0, "by-name": 1.0}


def test_a_moved_index_key_costs_two_writes(indexed: str, client: Any) -> None:
    cost(client, indexed, {"name": {"S": "n"}, "colour": {"S": "red"}})
    assert cost(client, indexed, {"name": {"S": "m"}, "colour": {"S": "red"}}) == {
        "table": 1.0,
        "by-name": 2.0,
    }
    # An entry that goes costs one, and so does an item that was never there: nothing.
    assert cost(client, indexed, {}) == {"table": 1.0, "by-name": 1.0}
    assert cost(client, indexed, {"colour": {"S": "red"}}) == {"table": 1.0}


def test_index_writes_are_sized_by_what_the_index_keeps(indexed: str, client: Any) -> None:
    attributes = {"name": {"S": "n"}, "blob": {"B": b"b"}, "note": {"S": "x" * 3000}}
    assert cost(client, indexed, attributes) == {"table": 3.0, "by-name": 1.0, "by-blob": 1.0}
    attributes = {"name": {"S": "n"}, "colour": {"S": "x" * 3000}}
    assert cost(client, indexed, attributes) == {"table": 3.0, "by-name": 3.0, "by-blob": 1.0}
    attributes = {"name": {"S": "m"}, "colour": {"S": "x" * 1500}}
    assert cost(client, indexed, attributes) == {"table": 3.0, "by-name": 3.0 + 2.0}


def test_a_failed_condition_costs_what_is_there(plain: str, client: Any, ddb: Any) -> None:
    request = {"TableName": plain, "Item": KEY, "ConditionExpression": "attribute_exists(nope)"}
    client.put_item(TableName=plain, Item={**KEY, "b": {"S": "x" * 2000}})
    for item in (KEY, {"pk": {"S": "not there"}}):
        with unchanged(), pytest.raises(client.exceptions.ConditionalCheckFailedException):
            client.put_item(**{**request, "Item": item})
    assert [call.consumed_units for call in list(ddb.calls)[-2:]] == [2.0, 1.0]


def test_a_refused_request_costs_nothing(plain: str, refusal: Refusal, ddb: Any) -> None:
    refusal("put_item", TableName=plain, Item={**KEY, "x": {"SS": []}})
    assert ddb.calls[-1].consumed_units == 0
