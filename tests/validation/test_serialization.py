from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Any

import pytest

from ddbmock._internal.errors import SerializationError
from ddbmock._internal.validation import check_serialization

if TYPE_CHECKING:
    from collections.abc import Callable

    from ddbmock._internal.validation.shapes import Shape

MODEL = "com.amazonaws.dynamodb.v20120810"
STRUCTURE = "Start of structure or map found where not expected"
NESTED = (
    "class sun.reflect.generics.reflectiveObjects.ParameterizedTypeImpl cannot be cast to class"
    " java.lang.Class (sun.reflect.generics.reflectiveObjects.ParameterizedTypeImpl and"
    " java.lang.Class are in module java.base of loader 'bootstrap')"
)


@pytest.fixture
def refusal(input_shape: Callable[..., Shape]) -> Callable[[str, Any], str]:
    def text_of(operation_name: str, request: Any) -> str:
        with pytest.raises(SerializationError) as caught:
            check_serialization(request, input_shape(operation_name))
        return caught.value.message

    return text_of


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (True, "TRUE_VALUE cannot be converted to String"),
        (False, "FALSE_VALUE cannot be converted to String"),
        (23, "NUMBER_VALUE cannot be converted to String"),
        (-2147483648, "NUMBER_VALUE cannot be converted to String"),
        (34.56, "DECIMAL_VALUE cannot be converted to String"),
        (Decimal("34.56"), "DECIMAL_VALUE cannot be converted to String"),
        ([], "Unrecognized collection type class java.lang.String"),
        ({}, STRUCTURE),
    ],
)
def test_wrong_type_for_a_text(value: Any, text: str, refusal: Callable[[str, Any], str]) -> None:
    assert refusal("GetItem", {"TableName": value}) == text
    assert refusal("GetItem", {"Key": {"id": {"S": value}}}) == text
    assert refusal("GetItem", {"Key": {"id": {"NS": ["1", value]}}}) == text


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ("yes", "Unexpected token received from parser"),
        (1, "NUMBER_VALUE cannot be converted to Boolean"),
        (0.5, "DECIMAL_VALUE cannot be converted to Boolean"),
        ([], "Unrecognized collection type class java.lang.Boolean"),
        ({}, STRUCTURE),
    ],
)
def test_wrong_type_for_a_boolean(
    value: Any, text: str, refusal: Callable[[str, Any], str]
) -> None:
    assert refusal("GetItem", {"ConsistentRead": value}) == text
    assert refusal("PutItem", {"Item": {"a": {"BOOL": value}}}) == text
    assert refusal("PutItem", {"Item": {"a": {"L": [{"M": {"b": {"NULL": value}}}]}}}) == text


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ("5", "STRING_VALUE cannot be converted to {}"),
        (True, "TRUE_VALUE cannot be converted to {}"),
        (False, "FALSE_VALUE cannot be converted to {}"),
        ([], "Unrecognized collection type class java.lang.{}"),
        ({}, STRUCTURE),
    ],
)
def test_wrong_type_for_an_integer(
    value: Any, text: str, refusal: Callable[[str, Any], str]
) -> None:
    throughput = {"ProvisionedThroughput": {"ReadCapacityUnits": value}}
    assert refusal("Query", {"Limit": value}) == text.format("Integer")
    assert refusal("CreateTable", throughput) == text.format("Long")


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (5, "only base-64-encoded strings are convertible to bytes"),
        (True, "only base-64-encoded strings are convertible to bytes"),
        ([], "Unrecognized collection type class java.nio.ByteBuffer"),
        ({}, STRUCTURE),
        ("abc", "Base64 encoded length is expected a multiple of 4 bytes but found: 3"),
        ("a$==", "Invalid Base64 character: '$'"),
        ("a=bc", "Invalid Base64 character: '='"),
        ("ab==", "Invalid last non-pad Base64 character dectected"),
        ("abd=", "Invalid last non-pad Base64 character dectected"),
    ],
)
def test_wrong_value_for_a_binary(
    value: Any, text: str, refusal: Callable[[str, Any], str]
) -> None:
    assert refusal("PutItem", {"Item": {"a": {"B": value}}}) == text
    assert refusal("PutItem", {"Item": {"a": {"BS": ["YQ==", value]}}}) == text


@pytest.mark.parametrize("value", ["", "YQ==", "YWI=", "YWJj", b"\x00\xff"])
def test_binaries_that_are_fine(value: Any, input_shape: Callable[..., Shape]) -> None:
    check_serialization({"Item": {"a": {"B": value}}}, input_shape("PutItem"))


@pytest.mark.parametrize(
    ("operation_name", "request_body", "text"),
    [
        ("CreateTable", {"ProvisionedThroughput": "a"}, "Unexpected field type"),
        (
            "CreateTable",
            {"ProvisionedThroughput": []},
            f"Unrecognized collection type class {MODEL}.ProvisionedThroughput",
        ),
        ("CreateTable", {"KeySchema": "a"}, "Unexpected field type"),
        ("CreateTable", {"KeySchema": {}}, STRUCTURE),
        ("CreateTable", {"KeySchema": ["a"]}, "Unexpected value type in payload"),
        (
            "CreateTable",
            {"KeySchema": [[]]},
            f"Unrecognized collection type class {MODEL}.KeySchemaElement",
        ),
        ("GetItem", {"Key": "a"}, "Unexpected field type"),
        (
            "GetItem",
            {"Key": []},
            f"Unrecognized collection type java.util.Map<java.lang.String, {MODEL}.AttributeValue>",
        ),
        (
            "GetItem",
            {"ExpressionAttributeNames": []},
            "Unrecognized collection type java.util.Map<java.lang.String, java.lang.String>",
        ),
        ("GetItem", {"Key": {"id": "a"}}, "Unexpected value type in payload"),
        (
            "GetItem",
            {"Key": {"id": []}},
            f"Unrecognized collection type class {MODEL}.AttributeValue",
        ),
        (
            "BatchWriteItem",
            {"RequestItems": []},
            (
                "Unrecognized collection type java.util.Map<java.lang.String,"
                f" java.util.List<{MODEL}.WriteRequest>>"
            ),
        ),
        ("BatchWriteItem", {"RequestItems": {"t": "a"}}, NESTED),
        ("BatchGetItem", {"RequestItems": {"t": {"Keys": ["a"]}}}, NESTED),
        ("GetItem", "text", "Unexpected field type"),
    ],
)
def test_wrong_type_for_a_container(
    operation_name: str, request_body: Any, text: str, refusal: Callable[[str, Any], str]
) -> None:
    assert refusal(operation_name, request_body) == text


@pytest.mark.parametrize(
    ("request_body", "text"),
    [
        ({"Key": {"id": None}}, "Unexpected value type in payload"),
        ({"Key": {"id": {"L": [None]}}}, "Unexpected value type in payload"),
        ({"Key": {"id": {"M": {"a": None}}}}, "Unexpected value type in payload"),
    ],
)
def test_null_where_a_structure_is_expected(
    request_body: Any, text: str, refusal: Callable[[str, Any], str]
) -> None:
    assert refusal("GetItem", request_body) == text
    assert refusal("CreateTable", {"SSESpecification": None}) == "Unexpected field type"


def test_other_nulls_count_as_absent(input_shape: Callable[..., Shape]) -> None:
    request = {"TableName": None, "Key": None, "AttributesToGet": None, "ConsistentRead": None}
    check_serialization(request, input_shape("GetItem"))
    assert request == {}


def test_the_first_bad_member_of_the_body_is_reported(refusal: Callable[[str, Any], str]) -> None:
    limit, name = "STRING_VALUE cannot be converted to Integer", "NUMBER_VALUE cannot be"
    assert refusal("Query", {"Limit": "1", "TableName": 1}) == limit
    assert refusal("Query", {"TableName": 1, "Limit": "1"}).startswith(name)
    nested_first = {"Key": {"a": {"S": 1}}, "ConsistentRead": "x"}
    assert refusal("GetItem", nested_first) == "NUMBER_VALUE cannot be converted to String"


def test_lenient_readings_are_put_right(input_shape: Callable[..., Shape]) -> None:
    request = {"ConsistentRead": "TRUE", "ScanIndexForward": "false", "Limit": 5.9}
    check_serialization(request, input_shape("Query"))
    assert request == {"ConsistentRead": True, "ScanIndexForward": False, "Limit": 5}


def test_unknown_members_are_left_alone(input_shape: Callable[..., Shape]) -> None:
    request = {"TableName": "orders", "Mystery": [1, {"a": None}]}
    check_serialization(request, input_shape("GetItem"))
    assert request == {"TableName": "orders", "Mystery": [1, {"a": None}]}


def test_deep_documents_do_not_exhaust_the_stack(input_shape: Callable[..., Shape]) -> None:
    value: dict[str, Any] = {"S": "leaf"}
    for _ in range(5_000):
        value = {"L": [value]}
    check_serialization({"Item": {"a": value}}, input_shape("PutItem"))


def test_every_operation_takes_an_empty_body(
    operation_names: list[str], input_shape: Callable[..., Shape]
) -> None:
    for name in operation_names:
        check_serialization({}, input_shape(name))


def test_streams(input_shape: Callable[..., Shape]) -> None:
    shape = input_shape("GetRecords")
    with pytest.raises(SerializationError, match="STRING_VALUE cannot be converted to Integer"):
        check_serialization({"ShardIterator": "i", "Limit": "1"}, shape)
