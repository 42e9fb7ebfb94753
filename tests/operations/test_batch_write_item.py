"""BatchWriteItem: checked completely before anything is written; what it writes and costs."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

Refusal = Callable[..., str]

ONE = "1 validation error detected: "
INVALID = "One or more parameter values were invalid: "
LIMIT_BYTES = 400 * 1024


def key(text: str) -> dict[str, Any]:
    return {"pk": {"S": text}}


def put(item: dict[str, Any]) -> dict[str, Any]:
    return {"PutRequest": {"Item": item}}


def delete(item_key: dict[str, Any]) -> dict[str, Any]:
    return {"DeleteRequest": {"Key": item_key}}


@pytest.fixture
def write(plain: str, client: Any, refusal: Refusal) -> Refusal:
    """Refuses a batch that begins with a put and a delete that are fine."""
    client.put_item(TableName=plain, Item=key("stays"))

    def text_of(*requests: Any, **others: Any) -> str:
        fine = [put(key("new")), delete(key("stays"))]
        return refusal("batch_write_item", RequestItems={plain: [*fine, *requests], **others})

    return text_of


# --- request validation: serialization and constraints ---------------------------------------


@pytest.mark.parametrize(
    ("request_items", "text"),
    [
        ("x", "Unexpected field type"),
        (
            {"plain": {}},
            (
                "class sun.reflect.generics.reflectiveObjects.ParameterizedTypeImpl cannot be cast"
                " to class java.lang.Class"
                " (sun.reflect.generics.reflectiveObjects.ParameterizedTypeImpl and"
                " java.lang.Class are in module java.base of loader 'bootstrap')"
            ),
        ),
        ({"plain": [None]}, "Unexpected value type in payload"),
        ({"plain": [{"PutRequest": "x"}]}, "Unexpected field type"),
        (
            {"plain": [{"PutRequest": {"Item": {"a": {"S": 1}}}}]},
            "NUMBER_VALUE cannot be converted to String",
        ),
    ],
)
def test_wrong_json_types(request_items: Any, text: str, sent: Refusal) -> None:
    assert sent("batch_write_item", RequestItems=request_items) == (
        f"SerializationException: {text}"
    )


def test_no_request_at_all(refusal: Refusal) -> None:
    assert refusal("batch_write_item", RequestItems={}) == (
        "The requestItems parameter is required for BatchWriteItem"
    )


def test_between_1_and_25_requests_a_table(refusal: Refusal) -> None:
    assert refusal("batch_write_item", RequestItems={"plain": []}) == (
        f"{ONE}Value '{{plain=[]}}' at 'requestItems' failed to satisfy constraint: Map value must"
        " satisfy constraint: [Member must have length less than or equal to 25,"
        " Member must have length greater than or equal to 1]"
    )
    requests = [delete(key(str(number))) for number in range(26)]
    text = refusal("batch_write_item", RequestItems={"plain": requests})
    assert text.startswith(
        f"{ONE}Value '{{plain=[WriteRequest(putRequest=null, deleteRequest=DeleteRequest(key={{pk="
    )
    assert text.endswith(
        "]}' at 'requestItems' failed to satisfy constraint: Map value must satisfy constraint:"
        " [Member must have length less than or equal to 25,"
        " Member must have length greater than or equal to 1]"
    )


def test_members_of_a_request(write: Refusal) -> None:
    assert write({"PutRequest": {}}) == (
        f"{ONE}Value null at 'requestItems.plain.member.3.member.putRequest.item' failed to satisfy"
        " constraint: Member must not be null"
    )


# --- request validation: each request --------------------------------------------------------


def test_25_requests_of_all_tables_together(write: Refusal) -> None:
    others = {"nowhere": [delete(key(str(number))) for number in range(24)]}
    assert write(**others) == "Too many items requested for the BatchWriteItem call"


@pytest.mark.parametrize("request_", [{}, {**put(key("a")), **delete(key("b"))}])
def test_a_request_is_a_put_or_a_delete(request_: dict[str, Any], write: Refusal) -> None:
    assert write(request_) == (
        "Supplied AttributeValue has more than one datatypes set,"
        " must contain exactly one of the supported datatypes"
    )


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (
            {"SS": ["b", "a", "b"]},
            f"{INVALID}Input collection [b, a, b] contains duplicates.",
        ),
        ({"NS": ["1", "1.0"]}, "Input collection contains duplicates"),
        (
            {"BS": [b"a", b"a"]},
            f"{INVALID}Input collection [YQ==, YQ==]of type BS contains duplicates.",
        ),
        ({"SS": []}, f"{INVALID}An string set  may not be empty"),
        ({"N": "x"}, "The parameter cannot be converted to a numeric value: x"),
        (
            {"N": "1e126"},
            (
                "Number overflow. Attempting to store a number with magnitude larger than supported"
                " range"
            ),
        ),
        # The older reader of numbers has too little room for such an exponent.
        (
            {"N": "1e2147483647"},
            (
                "Number underflow. Attempting to store a number with magnitude smaller than"
                " supported range"
            ),
        ),
        ({"NULL": False}, f"{INVALID}Null attribute value types must have the value of true"),
        (
            {},
            "Supplied AttributeValue is empty, must contain exactly one of the supported datatypes",
        ),
    ],
)
def test_values_are_told_in_the_older_words(
    value: dict[str, Any], text: str, write: Refusal
) -> None:
    assert write(put({**key("a"), "x": value})) == text
    assert write(delete({"pk": value})) == text
    # Before any table is looked up.
    assert write(nowhere=[put({**key("a"), "x": value})]) == text


def test_nesting(write: Refusal) -> None:
    value: dict[str, Any] = {"S": "x"}
    for _ in range(32):
        value = {"L": [value]}
    assert write(put({**key("a"), "x": value})) == (
        "Nesting Levels have exceeded supported limits:"
        " Attributes in the item have nested levels beyond supported limit"
    )


def test_a_large_item(write: Refusal) -> None:
    item = {**key("a"), "b": {"S": "x" * (LIMIT_BYTES - 3)}}
    assert write(nowhere=[put(item)]) == "Item size has exceeded the maximum allowed size"


# --- request validation: tables and keys -----------------------------------------------------


def test_an_unknown_table_refuses_all(write: Refusal) -> None:
    not_found = "ResourceNotFoundException: Requested resource not found"
    assert write(nowhere=[put(key("a"))]) == not_found


@pytest.mark.parametrize(
    "wrong",
    [
        put({"x": {"S": "no key"}}),
        put({"pk": {"N": "1"}}),
        put({"pk": {"L": []}}),
        delete({}),
        delete({"pk": {"N": "1"}}),
        delete({**key("a"), "x": {"S": "x"}}),
    ],
)
def test_keys_of_another_schema(wrong: dict[str, Any], write: Refusal) -> None:
    assert write(wrong) == "The provided key element does not match the schema"


@pytest.mark.parametrize("request_", [put(key("")), delete(key(""))])
def test_empty_keys(request_: dict[str, Any], write: Refusal) -> None:
    assert write(request_) == (
        "One or more parameter values are not valid. The AttributeValue for a key attribute"
        " cannot contain an empty string value. Key: pk"
    )


@pytest.mark.parametrize("request_", [put(key("x" * 2049)), delete(key("x" * 2049))])
def test_large_keys(request_: dict[str, Any], write: Refusal) -> None:
    assert write(request_) == (
        f"{INVALID}Size of hashkey has exceeded the maximum size limit of2048 bytes"
    )


@pytest.mark.parametrize(
    ("attributes", "text"),
    [
        (
            {"owner": {"N": "1"}},
            f"{INVALID}Type mismatch for Index Key owner Expected: S Actual: N IndexName: by-owner",
        ),
        (
            {"name": {"S": ""}},
            (
                "One or more parameter values are not valid. A value specified for a secondary"
                " index key is not supported. The AttributeValue for a key attribute cannot"
                " contain an empty string value. IndexName: by-name, IndexKey: name"
            ),
        ),
    ],
)
def test_index_keys(attributes: dict[str, Any], text: str, indexed: str, write: Refusal) -> None:
    item = {**key("a"), "sk": {"N": "1"}, **attributes}
    assert write(**{indexed: [put(item)]}) == text


@pytest.mark.parametrize(
    "requests",
    [
        [put(key("a")), put(key("a"))],
        [put({**key("a"), "x": {"N": "1"}}), put(key("a"))],
        [put(key("a")), delete(key("a"))],
        [delete(key("a")), delete(key("a"))],
    ],
)
def test_two_requests_for_one_item(requests: list[dict[str, Any]], write: Refusal) -> None:
    assert write(*requests) == "Provided list of item keys contains duplicates"


def test_equal_numbers_are_one_key(indexed: str, refusal: Refusal) -> None:
    requests = [put({**key("a"), "sk": {"N": text}}) for text in ("1", "1.0")]
    text = refusal("batch_write_item", RequestItems={indexed: requests})
    assert text == "Provided list of item keys contains duplicates"


def test_name_and_arn_are_one_table(plain: str, client: Any, refusal: Refusal) -> None:
    arn = client.describe_table(TableName=plain)["Table"]["TableArn"]
    request_items = {plain: [put(key("a"))], arn: [delete(key("a"))]}
    text = refusal("batch_write_item", RequestItems=request_items)
    assert text == "Provided list of item keys contains duplicates"


# --- behaviour -------------------------------------------------------------------------------


def test_puts_and_deletes_in_several_tables(plain: str, indexed: str, client: Any) -> None:
    client.put_item(TableName=plain, Item={**key("old"), "x": {"S": "x"}})
    client.put_item(TableName=plain, Item={**key("kept"), "x": {"S": "x"}})
    other = {**key("a"), "sk": {"N": "1"}}
    response = client.batch_write_item(
        RequestItems={
            plain: [
                delete(key("old")),
                put({**key("new"), "ss": {"SS": ["b", "a"]}}),
                put(key("kept")),
                delete(key("nope")),
            ],
            indexed: [put(other)],
        }
    )
    assert response["UnprocessedItems"] == {}
    assert response.keys() == {"UnprocessedItems", "ResponseMetadata"}
    items = client.scan(TableName=plain)["Items"]
    assert sorted(items, key=repr) == [key("kept"), {**key("new"), "ss": {"SS": ["a", "b"]}}]
    assert client.scan(TableName=indexed)["Items"] == [other]


def test_25_requests(plain: str, client: Any) -> None:
    requests = [put(key(str(number))) for number in range(25)]
    assert client.batch_write_item(RequestItems={plain: requests})["UnprocessedItems"] == {}
    assert client.scan(TableName=plain, Select="COUNT")["Count"] == 25


def test_item_collection_metrics(plain: str, indexed: str, client: Any) -> None:
    response = client.batch_write_item(
        RequestItems={
            plain: [put(key("a"))],
            indexed: [put({**key("a"), "sk": {"N": "1"}}), delete({**key("b"), "sk": {"N": "1"}})],
        },
        ReturnItemCollectionMetrics="SIZE",
    )
    assert response["ItemCollectionMetrics"] == {
        indexed: [
            {"ItemCollectionKey": key(text), "SizeEstimateRangeGB": [0.0, 1.0]} for text in "ab"
        ]
    }


# --- capacity --------------------------------------------------------------------------------


def test_each_request_is_rounded_by_itself(plain: str, client: Any) -> None:
    client.put_item(TableName=plain, Item={**key("old"), "b": {"S": "x" * 2000}})
    client.put_item(TableName=plain, Item={**key("shrinks"), "b": {"S": "x" * 3000}})
    response = client.batch_write_item(
        RequestItems={
            plain: [
                put(key("a")),
                put({**key("b"), "b": {"S": "x" * 1024}}),
                delete(key("old")),
                delete(key("nope")),
                put(key("shrinks")),
            ]
        },
        ReturnConsumedCapacity="TOTAL",
    )
    assert response["ConsumedCapacity"] == [
        {"TableName": plain, "CapacityUnits": 1.0 + 2.0 + 2.0 + 1.0 + 3.0}
    ]


def test_indexes_of_each_table(plain: str, indexed: str, client: Any) -> None:
    arn = client.describe_table(TableName=plain)["Table"]["TableArn"]
    response = client.batch_write_item(
        RequestItems={
            arn: [put(key("a"))],
            indexed: [
                put({**key("a"), "sk": {"N": "1"}, "blob": {"B": b"b"}}),
                put({**key("b"), "sk": {"N": "1"}}),
            ],
        },
        ReturnConsumedCapacity="INDEXES",
    )
    by_table = {consumed["TableName"]: consumed for consumed in response["ConsumedCapacity"]}
    assert by_table == {
        arn: {"TableName": arn, "CapacityUnits": 1.0, "Table": {"CapacityUnits": 1.0}},
        indexed: {
            "TableName": indexed,
            "CapacityUnits": 3.0,
            "Table": {"CapacityUnits": 2.0},
            "GlobalSecondaryIndexes": {"by-blob": {"CapacityUnits": 1.0}},
        },
    }


def test_what_is_written_again_as_it_is_costs_the_table_only(indexed: str, client: Any) -> None:
    item = {**key("a"), "sk": {"N": "1"}, "rank": {"N": "1"}, "owner": {"S": "o"}}
    for units in (3.0, 1.0):
        response = client.batch_write_item(
            RequestItems={indexed: [put(item)]}, ReturnConsumedCapacity="TOTAL"
        )
        assert response["ConsumedCapacity"] == [{"TableName": indexed, "CapacityUnits": units}]
