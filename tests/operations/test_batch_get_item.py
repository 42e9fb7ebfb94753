"""BatchGetItem: what it refuses and how, what it returns, what it leaves, what it costs."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

Refusal = Callable[..., str]

ONE = "1 validation error detected: "
INVALID = "One or more parameter values were invalid: "


def key(text: str) -> dict[str, Any]:
    return {"pk": {"S": text}}


def keys(count: int) -> list[dict[str, Any]]:
    return [key(str(number)) for number in range(count)]


@pytest.fixture
def get(refusal: Refusal) -> Refusal:
    def text_of(**request_items: Any) -> str:
        return refusal("batch_get_item", RequestItems=request_items)

    return text_of


# --- request validation: serialization and constraints ---------------------------------------


@pytest.mark.parametrize(
    ("request_items", "text"),
    [
        (
            [],
            (
                "Unrecognized collection type java.util.Map<java.lang.String, "
                "com.amazonaws.dynamodb.v20120810.KeysAndAttributes>"
            ),
        ),
        (
            {"plain": []},
            (
                "Unrecognized collection type class"
                " com.amazonaws.dynamodb.v20120810.KeysAndAttributes"
            ),
        ),
        ({"plain": None}, "Unexpected value type in payload"),
        ({"plain": {"Keys": {}}}, "Start of structure or map found where not expected"),
        ({"plain": {"Keys": [{"pk": "a"}]}}, "Unexpected value type in payload"),
        ({"plain": {"ConsistentRead": 1}}, "NUMBER_VALUE cannot be converted to Boolean"),
    ],
)
def test_wrong_json_types(request_items: Any, text: str, sent: Refusal) -> None:
    assert sent("batch_get_item", RequestItems=request_items) == f"SerializationException: {text}"


@pytest.mark.parametrize(
    ("request_items", "text"),
    [
        (
            {},
            (
                "Value at 'RequestItems' failed to satisfy constraint:"
                " Member must have length greater than or equal to 1"
            ),
        ),
        (
            {"plain": {"Keys": []}},
            (
                "Value at 'RequestItems.plain.member.Keys' failed to satisfy constraint:"
                " Member must have length greater than or equal to 1"
            ),
        ),
        (
            {"plain": {"Keys": keys(101)}},
            (
                "Value at 'RequestItems.plain.member.Keys' failed to satisfy constraint:"
                " Member must have length less than or equal to 100"
            ),
        ),
        (
            {"plain": {}},
            (
                "Value null at 'requestItems.plain.member.keys' failed to satisfy constraint:"
                " Member must not be null"
            ),
        ),
        (
            {"plain": {"Keys": [key("a")], "AttributesToGet": []}},
            (
                "Value at 'RequestItems.plain.member.AttributesToGet' failed to satisfy constraint:"
                " Member must have length greater than or equal to 1"
            ),
        ),
    ],
)
def test_constraints(request_items: dict[str, Any], text: str, get: Refusal) -> None:
    assert get(**request_items) == ONE + text


# --- request validation: rules across parameters ---------------------------------------------


@pytest.mark.parametrize(
    ("table_request", "text"),
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
            {"ProjectionExpression": ""},
            "Invalid ProjectionExpression: The expression can not be empty;",
        ),
        (
            {"ProjectionExpression": "a", "ExpressionAttributeNames": {"#b": "b"}},
            "Value provided in ExpressionAttributeNames unused in expressions: keys: {#b}",
        ),
        ({"AttributesToGet": ["a", "a"]}, f"{INVALID}Duplicate value in attribute name: a"),
        ({"AttributesToGet": ["a", ""]}, "Empty attribute name"),
        (
            {"Keys": [{"pk": {"N": "x"}}]},
            "The parameter cannot be converted to a numeric value: x",
        ),
        (
            {"Keys": [{"pk": {"SS": ["b", "a", "b"]}}]},
            f'{INVALID}Input collection ["a", "b", "b"] contains duplicates.',
        ),
        ({"Keys": [key("a"), key("a")]}, "Provided list of item keys contains duplicates"),
    ],
)
def test_rules_come_before_any_table_is_looked_up(
    table_request: dict[str, Any], text: str, get: Refusal, plain: str
) -> None:
    wrong = {"Keys": [key("a")], **table_request}
    fine = {"Keys": [key("a")]}
    assert get(plain=wrong) == text
    assert get(nowhere=fine, **{plain: wrong}) == text


def test_expressions_for_one_table_and_legacy_parameters_for_another(get: Refusal) -> None:
    legacy = {"Keys": [key("a")], "AttributesToGet": ["a"]}
    projected = {"Keys": [key("a")], "ProjectionExpression": "a"}
    assert get(nowhere=projected, elsewhere=legacy) == (
        "Can not use both expression and non-expression parameters in the same request:"
        " Non-expression parameters: {AttributesToGet}"
        " Expression parameters: {ProjectionExpression}"
    )
    named = {"Keys": [key("a")], "ExpressionAttributeNames": {"#a": "a"}}
    assert get(nowhere=named, elsewhere=legacy) == (
        "ExpressionAttributeNames can only be specified when using expressions"
    )


def test_100_keys_of_all_tables_together(get: Refusal, plain: str) -> None:
    text = get(**{plain: {"Keys": keys(60)}, "nowhere": {"Keys": keys(41)}})
    assert text == "Too many items requested for the BatchGetItem call"


def test_an_unknown_table_refuses_all(get: Refusal, plain: str) -> None:
    text = get(**{plain: {"Keys": keys(1)}, "nowhere": {"Keys": keys(1)}})
    assert text == "ResourceNotFoundException: Requested resource not found"


@pytest.mark.parametrize(
    ("wrong", "text"),
    [
        ({"nope": {"S": "a"}}, "The provided key element does not match the schema"),
        ({"pk": {"N": "1"}}, "The provided key element does not match the schema"),
        ({**key("a"), "x": {"S": "x"}}, "The provided key element does not match the schema"),
        (
            key(""),
            (
                "One or more parameter values are not valid. The AttributeValue for a key attribute"
                " cannot contain an empty string value. Key: pk"
            ),
        ),
        (
            key("x" * 2049),
            f"{INVALID}Size of hashkey has exceeded the maximum size limit of2048 bytes",
        ),
    ],
)
def test_one_wrong_key_refuses_all(
    wrong: dict[str, Any], text: str, get: Refusal, plain: str
) -> None:
    assert get(**{plain: {"Keys": [key("a"), key("b"), wrong]}}) == text


# --- behaviour -------------------------------------------------------------------------------


@pytest.fixture
def filled(plain: str, client: Any) -> str:
    for text in "abc":
        client.put_item(TableName=plain, Item={**key(text), "n": {"N": "1"}, "m": {"M": {}}})
    return plain


def test_what_is_there_is_returned(filled: str, client: Any) -> None:
    response = client.batch_get_item(
        RequestItems={filled: {"Keys": [key("a"), key("nope"), key("c")]}}
    )
    found = {item["pk"]["S"]: item for item in response["Responses"][filled]}
    assert found == {text: {**key(text), "n": {"N": "1"}, "m": {"M": {}}} for text in ("a", "c")}
    assert response["UnprocessedKeys"] == {}
    assert "ConsumedCapacity" not in response


def test_nothing_there_is_an_empty_list(plain: str, client: Any) -> None:
    response = client.batch_get_item(RequestItems={plain: {"Keys": keys(100)}})
    assert response["Responses"] == {plain: []}
    assert response["UnprocessedKeys"] == {}


def test_each_table_has_its_projection(filled: str, indexed: str, client: Any) -> None:
    other = {**key("a"), "sk": {"N": "1"}}
    client.put_item(TableName=indexed, Item={**other, "x": {"S": "x"}, "y": {"S": "y"}})
    response = client.batch_get_item(
        RequestItems={
            filled: {
                "Keys": [key("a")],
                "ProjectionExpression": "#n",
                "ExpressionAttributeNames": {"#n": "n"},
            },
            indexed: {"Keys": [other], "ProjectionExpression": "y, nope"},
        }
    )
    assert response["Responses"] == {filled: [{"n": {"N": "1"}}], indexed: [{"y": {"S": "y"}}]}


def test_attributes_to_get_of_one_table(filled: str, indexed: str, client: Any) -> None:
    other = {**key("a"), "sk": {"N": "1"}}
    client.put_item(TableName=indexed, Item={**other, "x": {"S": "x"}, "y": {"S": "y"}})
    response = client.batch_get_item(
        RequestItems={
            filled: {"Keys": [key("a")]},
            indexed: {"Keys": [other], "AttributesToGet": ["y", "nope"]},
        }
    )
    assert response["Responses"][indexed] == [{"y": {"S": "y"}}]
    assert response["Responses"][filled][0]["n"] == {"N": "1"}


def test_one_number_in_two_forms_is_no_duplicate(indexed: str, client: Any) -> None:
    """Keys are compared as they are sent: observed. That the item comes twice is a guess."""
    item = {**key("a"), "sk": {"N": "1"}}
    client.put_item(TableName=indexed, Item=item)
    two_forms = [item, {**key("a"), "sk": {"N": "1.0"}}]
    answer = client.batch_get_item(
        RequestItems={indexed: {"Keys": two_forms}}, ReturnConsumedCapacity="TOTAL"
    )
    assert answer["Responses"] == {indexed: [item, item]}
    assert answer["ConsumedCapacity"] == [{"TableName": indexed, "CapacityUnits": 1.0}]


def test_a_projection_that_finds_nothing_is_an_empty_item(filled: str, client: Any) -> None:
    request = {"Keys": [key("a"), key("nope")], "ProjectionExpression": "nope"}
    response = client.batch_get_item(RequestItems={filled: request})
    assert response["Responses"] == {filled: [{}]}


def test_tables_by_their_arns(filled: str, client: Any) -> None:
    arn = client.describe_table(TableName=filled)["Table"]["TableArn"]
    response = client.batch_get_item(
        RequestItems={arn: {"Keys": [key("a")]}}, ReturnConsumedCapacity="TOTAL"
    )
    assert [item["pk"] for item in response["Responses"][arn]] == [{"S": "a"}]
    assert response["ConsumedCapacity"] == [{"TableName": arn, "CapacityUnits": 0.5}]


def test_no_more_than_16_mb_at_once(plain: str, indexed: str, client: Any) -> None:
    for number in range(42):
        item = {**key(str(number)), "b": {"B": b"x" * 409_000}}
        client.put_item(TableName=plain, Item=item)
    request = {
        "Keys": keys(42),
        "ConsistentRead": True,
        "ProjectionExpression": "#p",
        "ExpressionAttributeNames": {"#p": "pk"},
    }
    other = {"Keys": [{**key("a"), "sk": {"N": "1"}}]}
    response = client.batch_get_item(
        RequestItems={plain: request, indexed: other}, ReturnConsumedCapacity="TOTAL"
    )
    # 16 MB hold 41 items of 409,004 bytes or so.
    assert len(response["Responses"][plain]) == 41
    assert response["UnprocessedKeys"] == {plain: {**request, "Keys": [key("41")]}, indexed: other}
    assert response["ConsumedCapacity"][0] == {"TableName": plain, "CapacityUnits": 41 * 100.0}
    rest = client.batch_get_item(RequestItems=response["UnprocessedKeys"])
    assert rest["Responses"] == {plain: [key("41")], indexed: []}
    assert rest["UnprocessedKeys"] == {}


# --- capacity --------------------------------------------------------------------------------


def test_each_item_is_rounded_by_itself(plain: str, client: Any) -> None:
    for text, size_bytes in (("a", 100), ("b", 4097), ("c", 100)):
        client.put_item(TableName=plain, Item={**key(text), "b": {"S": "x" * (size_bytes - 4)}})
    request = {"Keys": [key("a"), key("b"), key("c"), key("nope")]}
    for consistent, units in ((False, 0.5 + 1.0 + 0.5 + 0.5), (True, 1.0 + 2.0 + 1.0 + 1.0)):
        response = client.batch_get_item(
            RequestItems={plain: {**request, "ConsistentRead": consistent}},
            ReturnConsumedCapacity="TOTAL",
        )
        assert response["ConsumedCapacity"] == [{"TableName": plain, "CapacityUnits": units}]


def test_a_structure_for_each_table(plain: str, indexed: str, client: Any) -> None:
    response = client.batch_get_item(
        RequestItems={
            plain: {"Keys": keys(3)},
            indexed: {"Keys": [{**key("a"), "sk": {"N": "1"}}], "ConsistentRead": True},
        },
        ReturnConsumedCapacity="INDEXES",
    )
    by_table = {consumed["TableName"]: consumed for consumed in response["ConsumedCapacity"]}
    assert by_table == {
        plain: {"TableName": plain, "CapacityUnits": 1.5, "Table": {"CapacityUnits": 1.5}},
        indexed: {"TableName": indexed, "CapacityUnits": 1.0, "Table": {"CapacityUnits": 1.0}},
    }
