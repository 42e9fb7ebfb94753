from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from ddbmock._internal.errors import ValidationError
from ddbmock._internal.validation import check_constraints
from ddbmock._internal.validation.wording import OLDER
from tests.validation.model_requests import wording_of

if TYPE_CHECKING:
    from collections.abc import Callable

    from ddbmock._internal.validation.shapes import Shape

    Refusal = Callable[[str, dict[str, Any]], str]

ARN = "arn:aws:dynamodb:us-east-1:123456789012:table/orders"
ARN_FORMAT = (
    "1 validation error detected: Valid ARN format is"
    " 'arn:<awsPartition>:<vendor>:<region>:<subscriber>:resourceType/resourceName',"
    " where Resource name must have length less than or equal to 255,"
    " Resource name must have length greater than or equal to 3,"
    " Resource name must satisfy regular expression pattern: [a-zA-Z0-9_.-]+"
)
PATTERN = "Member must satisfy regular expression pattern: [a-zA-Z0-9_.-]+"
NOT_NULL = "Member must not be null"
TABLE = {"TableName": "orders"}


@pytest.fixture
def refusal(input_shape: Callable[..., Shape]) -> Refusal:
    def text_of(operation_name: str, request: dict[str, Any]) -> str:
        with pytest.raises(ValidationError) as caught:
            check_constraints(request, input_shape(operation_name), wording_of(operation_name))
        return caught.value.message

    return text_of


@pytest.fixture
def accept(input_shape: Callable[..., Shape]) -> Callable[[str, dict[str, Any]], None]:
    def check(operation_name: str, request: dict[str, Any]) -> None:
        check_constraints(request, input_shape(operation_name), wording_of(operation_name))

    return check


def validation_text(*violations: str) -> str:
    plural = "" if len(violations) == 1 else "s"
    return f"{len(violations)} validation error{plural} detected: {'; '.join(violations)}"


def value(shown: str, path: str, constraint: str) -> str:
    return f"Value {shown} at '{path}' failed to satisfy constraint: {constraint}"


# --- valid requests --------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("operation_name", "request_body"),
    [
        ("GetItem", {**TABLE, "Key": {"id": {"S": ""}}, "ReturnConsumedCapacity": "TOTAL"}),
        ("GetItem", {"TableName": ARN, "Key": {}}),
        ("GetItem", {"TableName": "t", "Key": {}}),
        ("PutItem", {**TABLE, "Item": {"a" * 70_000: {"Nonsense": 1}}}),
        ("PutItem", {**TABLE, "Item": {}, "Expected": {"a": {"Exists": False}}}),
        ("Query", {**TABLE, "Limit": 1, "KeyConditions": {"a": {"ComparisonOperator": "EQ"}}}),
        ("Scan", {**TABLE, "Segment": 0, "TotalSegments": 1_000_000}),
        ("BatchGetItem", {"RequestItems": {"orders": {"Keys": [{}] * 100}}}),
        ("BatchGetItem", {"RequestItems": {ARN: {"Keys": [{}]}, "o": {"Keys": [{}]}}}),
        ("BatchWriteItem", {"RequestItems": {"orders": [{"PutRequest": {"Item": {}}}] * 25}}),
        ("TransactGetItems", {"TransactItems": [{"Get": {**TABLE, "Key": {}}}] * 100}),
        ("ListTables", {}),
        ("ListTables", {"Limit": 100, "ExclusiveStartTableName": "orders"}),
        ("DescribeTable", {"TableName": ARN}),
        ("UpdateTable", {**TABLE, "TableClass": "checked later"}),
        ("TagResource", {"ResourceArn": "", "Tags": [{}]}),
        ("GetItem", {**TABLE, "Key": {}, "ReturnConsumedCapacity": None, "Unknown": 1}),
    ],
)
def test_accepted(
    operation_name: str, request_body: dict[str, Any], accept: Callable[..., None]
) -> None:
    accept(operation_name, request_body)


# --- table names -----------------------------------------------------------------------------


@pytest.mark.parametrize("operation_name", ["PutItem", "UpdateItem", "DeleteItem", "Scan"])
def test_table_name_of_item_operations(operation_name: str, refusal: Refusal) -> None:
    at_least = "Member must have length greater than or equal to 1"
    at_most = "Member must have length less than or equal to 255"
    given: dict[str, Any] = {"Item": {}} if operation_name == "PutItem" else {"Key": {}}
    for name, shown, constraint in (
        (None, "null", NOT_NULL),
        ("", "''", at_least),
        ("a;", "'a;'", PATTERN),
        ("a" * 256, f"'{'a' * 256}'", at_most),
    ):
        text = validation_text(value(shown, "tableName", constraint))
        assert refusal(operation_name, {"TableName": name, **given}) == text


@pytest.mark.parametrize("operation_name", ["GetItem", "Query"])
def test_length_of_a_table_name_in_reads(operation_name: str, refusal: Refusal) -> None:
    prefix = "1 validation error detected: Value at 'TableName' failed to satisfy constraint: "
    too_short = prefix + "Member must have length greater than or equal to 1"
    too_long = prefix + "Member must have length less than or equal to 255"
    assert refusal(operation_name, {"TableName": "", "Key": {}}) == too_short
    assert refusal(operation_name, {"TableName": "a" * 256, "Key": {}}) == too_long
    pattern = validation_text(value("'a;'", "tableName", PATTERN))
    assert refusal(operation_name, {"TableName": "a;", "Key": {}}) == pattern


def test_a_bad_table_name_is_reported_alone(refusal: Refusal) -> None:
    for operation_name in ("GetItem", "PutItem", "UpdateItem", "DeleteItem", "Query"):
        request = {"TableName": "a;", "ReturnConsumedCapacity": "x", "Key": {}}
        assert refusal(operation_name, request) == validation_text(
            value("'a;'", "tableName", PATTERN)
        )


@pytest.mark.parametrize(
    "operation_name",
    ["CreateTable", "DescribeTable", "UpdateTable", "DeleteTable", "UpdateTimeToLive"],
)
def test_table_name_of_table_operations(operation_name: str, refusal: Refusal) -> None:
    at_least = "Member must have length greater than or equal to 3"
    at_most = "Member must have length less than or equal to 255"
    given = {"TimeToLiveSpecification": {"Enabled": True, "AttributeName": "ttl"}}
    for name, constraints in (
        ("", [at_least, PATTERN]),
        ("a;", [at_least, PATTERN]),
        ("abc;", [PATTERN]),
        ("a" * 256, [at_most]),
    ):
        text = validation_text(
            *(value(f"'{name}'", "tableName", constraint) for constraint in constraints)
        )
        assert refusal(operation_name, {"TableName": name, **given}) == text


def test_short_table_names_are_for_items_only(
    refusal: Refusal, accept: Callable[[str, dict[str, Any]], None]
) -> None:
    too_short = "Member must have length greater than or equal to 3"
    for name in ("t", "ab"):
        text = validation_text(value(f"'{name}'", "tableName", too_short))
        assert refusal("DescribeTable", {"TableName": name}) == text
        accept("GetItem", {"TableName": name, "Key": {}})
    accept("DescribeTable", {"TableName": ARN.replace("orders", "t")})


def test_table_name_is_missing(refusal: Refusal) -> None:
    for operation_name in ("DescribeTable", "DeleteTable", "UpdateTable"):
        assert refusal(operation_name, {}) == validation_text(value("null", "tableName", NOT_NULL))
    text = "The parameter 'TableName' is required but was not present in the request"
    assert refusal("CreateTable", {}) == text


@pytest.mark.parametrize("operation_name", ["GetItem", "DescribeTable"])
def test_table_arns(operation_name: str, refusal: Refusal) -> None:
    stream = "arn:aws:dynamodb:us-east-1:123456789012:stream/orders"
    for arn, text in (
        ("arn:aws:dynamodb", ARN_FORMAT),
        ("arn:aws:dynamodb:us-east-1:123456789012:table", ARN_FORMAT),
        ("arn:aws:dynamodb:us-east-1:123456789012:table/", ARN_FORMAT),
        (f"{ARN}/index/by-day", ARN_FORMAT),
        (stream, f"1 validation error detected: Invalid resource type in '{stream}'"),
    ):
        assert refusal(operation_name, {"TableName": arn, "Key": {}}) == text


def test_names_with_the_old_text(refusal: Refusal) -> None:
    text = "{} must be at least 3 characters long and at most 255 characters long"
    restore = {"TargetTableName": "", "BackupArn": "a"}
    assert refusal("RestoreTableFromBackup", restore) == text.format("TableName")
    assert refusal("DescribeGlobalTable", {"GlobalTableName": "a"}) == text.format("TableName")
    insights = {**TABLE, "IndexName": ""}
    assert refusal("DescribeContributorInsights", insights) == text.format("IndexName")


# --- items -----------------------------------------------------------------------------------

CAPACITY = value(
    "'hi'",
    "returnConsumedCapacity",
    "Member must satisfy enum value set: [INDEXES, TOTAL, NONE]",
)
METRICS = value(
    "'hi'",
    "returnItemCollectionMetrics",
    "Member must satisfy enum value set: [SIZE, NONE]",
)
VALUES = value(
    "'hi'",
    "returnValues",
    "Member must satisfy enum value set: [ALL_NEW, UPDATED_OLD, ALL_OLD, NONE, UPDATED_NEW]",
)
BAD_ENUMS = {
    "ReturnConsumedCapacity": "hi",
    "ReturnItemCollectionMetrics": "hi",
    "ReturnValues": "hi",
}


def test_put_item(refusal: Refusal) -> None:
    missing = value("null", "item", NOT_NULL)
    text = validation_text(missing, CAPACITY, VALUES, METRICS)
    assert refusal("PutItem", {**TABLE, **BAD_ENUMS}) == text


def test_delete_item(refusal: Refusal) -> None:
    missing = value("null", "key", NOT_NULL)
    text = validation_text(missing, CAPACITY, VALUES, METRICS)
    assert refusal("DeleteItem", {**TABLE, **BAD_ENUMS}) == text


def test_update_item_tells_its_first_bad_enumeration_only(refusal: Refusal) -> None:
    assert refusal("UpdateItem", {**TABLE, **BAD_ENUMS, "Key": {}}) == validation_text(VALUES)


def test_an_update_without_a_key_is_read_by_the_older_layer(refusal: Refusal) -> None:
    key = value("null", "key", NOT_NULL)
    assert refusal("UpdateItem", {**TABLE, **BAD_ENUMS}) == validation_text(
        CAPACITY, VALUES, METRICS, key
    )
    short = "Member must have length greater than or equal to 1"
    assert refusal("UpdateItem", {"TableName": ""}) == validation_text(
        value("''", "tableName", short), key
    )


def test_get_item(refusal: Refusal) -> None:
    request = {**TABLE, "ReturnConsumedCapacity": "hi", "AttributesToGet": []}
    to_get = "Value at 'AttributesToGet' failed to satisfy constraint: "
    text = validation_text(
        value("null", "key", NOT_NULL),
        CAPACITY,
        to_get + "Member must have length greater than or equal to 1",
    )
    assert refusal("GetItem", request) == text


def test_legacy_conditions(refusal: Refusal) -> None:
    operators = (
        "Member must satisfy enum value set: [IN, NULL, BETWEEN, LT, NOT_CONTAINS, EQ, GT,"
        " NOT_NULL, NE, LE, BEGINS_WITH, GE, CONTAINS]"
    )
    request = {
        **TABLE,
        "ConditionalOperator": "XOR",
        "ScanFilter": {"a": {"ComparisonOperator": "LIKE"}},
    }
    assert refusal("Scan", request) == validation_text(
        value("'LIKE'", "scanFilter.a.member.comparisonOperator", operators),
        value("'XOR'", "conditionalOperator", "Member must satisfy enum value set: [OR, AND]"),
    )


def test_query(refusal: Refusal) -> None:
    select = (
        "Member must satisfy enum value set:"
        " [SPECIFIC_ATTRIBUTES, COUNT, ALL_ATTRIBUTES, ALL_PROJECTED_ATTRIBUTES]"
    )
    limit = "Value at 'Limit' failed to satisfy constraint: "
    assert refusal("Query", {**TABLE, "Limit": 0, "Select": "x", "KeyConditions": {"a": {}}}) == (
        validation_text(
            limit + "Member must have value greater than or equal to 1",
            value("'x'", "select", select),
            value("null", "keyConditions.a.member.comparisonOperator", NOT_NULL),
        )
    )


def test_scan(refusal: Refusal) -> None:
    request = {**TABLE, "Limit": 0, "Segment": -1, "TotalSegments": 1_000_001}
    assert refusal("Scan", request) == validation_text(
        value("'0'", "limit", "Member must have value greater than or equal to 1"),
        value("'1000001'", "totalSegments", "Member must have value less than or equal to 1000000"),
        value("'-1'", "segment", "Member must have value greater than or equal to 0"),
    )


def test_index_name(refusal: Refusal) -> None:
    at_least = "Member must have length greater than or equal to 3"
    text = validation_text(
        value("'a;'", "indexName", PATTERN), value("'a;'", "indexName", at_least)
    )
    assert refusal("Scan", {**TABLE, "IndexName": "a;"}) == text


# --- batches and transactions ----------------------------------------------------------------


@pytest.mark.parametrize(
    ("operation_name", "empty"),
    [
        (
            "BatchGetItem",
            (
                "1 validation error detected: Value at 'RequestItems' failed to satisfy constraint:"
                " Member must have length greater than or equal to 1"
            ),
        ),
        ("BatchWriteItem", "The requestItems parameter is required for BatchWriteItem"),
    ],
)
def test_request_items(operation_name: str, empty: str, refusal: Refusal) -> None:
    assert refusal(operation_name, {"RequestItems": {}}) == empty
    assert refusal(operation_name, {}) == validation_text(value("null", "requestItems", NOT_NULL))


@pytest.mark.parametrize(
    ("count", "constraint"),
    [
        (0, "Member must have length greater than or equal to 1"),
        (101, "Member must have length less than or equal to 100"),
    ],
)
def test_keys_of_a_batch(count: int, constraint: str, refusal: Refusal) -> None:
    request: dict[str, Any] = {"RequestItems": {"orders": {"Keys": [{}] * count}}}
    place = "Value at 'RequestItems.orders.member.Keys' failed to satisfy constraint: "
    assert refusal("BatchGetItem", request) == validation_text(place + constraint)


@pytest.mark.parametrize("count", [0, 26])
def test_requests_of_a_batch(count: int, refusal: Refusal) -> None:
    request: dict[str, Any] = {"RequestItems": {"orders": [{"DeleteRequest": {"Key": {}}}] * count}}
    write = "WriteRequest(putRequest=null, deleteRequest=DeleteRequest(key={}))"
    shown = f"'{{orders=[{', '.join([write] * count)}]}}'"
    constraint = (
        "Map value must satisfy constraint: [Member must have length less than or equal to 25,"
        " Member must have length greater than or equal to 1]"
    )
    assert refusal("BatchWriteItem", request) == validation_text(
        value(shown, "requestItems", constraint)
    )


def test_table_names_of_a_batch(refusal: Refusal) -> None:
    request: dict[str, Any] = {"RequestItems": {"a;": [{"PutRequest": {}}]}}
    text = refusal("BatchWriteItem", request)
    keys = (
        "Map keys must satisfy constraint: [Member must have length less than or equal to 1024,"
        " Member must have length greater than or equal to 1,"
        f" {PATTERN}]"
    )
    shown = (
        "'{a;=[WriteRequest(putRequest=PutRequest(item=null, workloadProfileName=null),"
        " deleteRequest=null)]}'"
    )
    missing = value("null", "requestItems.a;.member.1.member.putRequest.item", NOT_NULL)
    assert text == validation_text(value(shown, "requestItems", keys), missing)


def test_attribute_values_are_shown_as_hashes(refusal: Refusal) -> None:
    request = {"RequestItems": {"a;": [{"DeleteRequest": {"Key": {"id": {"S": "1"}}}}]}}
    shown = refusal("BatchWriteItem", request)
    assert "(key={id=com.amazonaws.dynamodb.v20120810.AttributeValue@" in shown
    assert shown == refusal("BatchWriteItem", request)


@pytest.mark.parametrize("operation_name", ["TransactGetItems", "TransactWriteItems"])
def test_number_of_actions(operation_name: str, refusal: Refusal) -> None:
    at_least = "Member must have length greater than or equal to 1"
    assert refusal(operation_name, {"TransactItems": []}) == (
        validation_text(value("'[]'", "transactItems", at_least))
    )
    assert refusal(operation_name, {}) == validation_text(value("null", "transactItems", NOT_NULL))
    is_get = operation_name == "TransactGetItems"
    action = {"Get" if is_get else "Delete": {**TABLE, "Key": {}}}
    text = refusal(operation_name, {"TransactItems": [action] * 101})
    assert text.startswith("1 validation error detected: Value '[Transact")
    assert text.endswith(
        "' at 'transactItems' failed to satisfy constraint:"
        " Member must have length less than or equal to 100"
    )


def test_actions_of_a_transaction(refusal: Refusal) -> None:
    request = {
        "ClientRequestToken": "t" * 37,
        "TransactItems": [{"Put": {"TableName": "a;"}}, {"Update": {**TABLE, "Key": {}}}],
    }
    token = value(
        f"'{'t' * 37}'",
        "clientRequestToken",
        "Member must have length less than or equal to 36",
    )
    assert refusal("TransactWriteItems", request) == validation_text(
        token,
        value("'a;'", "transactItems.1.member.put.tableName", PATTERN),
        value("null", "transactItems.1.member.put.item", NOT_NULL),
        value("null", "transactItems.2.member.update.updateExpression", NOT_NULL),
    )


# --- tables ----------------------------------------------------------------------------------


def test_create_table_without_key(refusal: Refusal) -> None:
    text = validation_text(
        value("null", "keySchema", NOT_NULL),
        value("null", "attributeDefinitions", NOT_NULL),
    )
    assert refusal("CreateTable", TABLE) == text


def test_key_schema_is_too_long(refusal: Refusal) -> None:
    elements = [("pk", "HASH"), ("sk", "RANGE"), ("extra", "RANGE")]
    request = {
        **TABLE,
        "AttributeDefinitions": [],
        "KeySchema": [{"AttributeName": name, "KeyType": kind} for name, kind in elements],
    }
    shown = (
        "'[KeySchemaElement(attributeName=pk, keyType=HASH),"
        " KeySchemaElement(attributeName=sk, keyType=RANGE),"
        " KeySchemaElement(attributeName=extra, keyType=RANGE)]'"
    )
    at_most = "Member must have length less than or equal to 2"
    assert refusal("CreateTable", request) == validation_text(value(shown, "keySchema", at_most))


def test_at_most_ten_violations_are_listed(refusal: Refusal) -> None:
    request = {**TABLE, "KeySchema": [{}], "AttributeDefinitions": [{} for _ in range(6)]}
    text = refusal("CreateTable", request)
    assert text.startswith(
        "10 validation errors detected:"
        " Value null at 'keySchema.1.member.attributeName' failed to satisfy constraint:"
        " Member must not be null;"
        " Value null at 'keySchema.1.member.keyType' failed to satisfy constraint:"
        " Member must not be null;"
        " Value null at 'attributeDefinitions.1.member.attributeType'"
    )
    assert text.count(";") == 9


def test_indexes(refusal: Refusal) -> None:
    key_schema = [{"AttributeName": "id", "KeyType": "HASH"}]
    request = {
        **TABLE,
        "AttributeDefinitions": [{"AttributeName": "id", "AttributeType": "X"}],
        "KeySchema": key_schema,
        "ProvisionedThroughput": {"ReadCapacityUnits": 0},
        "GlobalSecondaryIndexes": [
            {
                "IndexName": "",
                "KeySchema": key_schema * 8,
                "Projection": {"ProjectionType": "SOME", "NonKeyAttributes": []},
            }
        ],
    }
    units = "provisionedThroughput."
    index = "globalSecondaryIndexes.1.member."
    assert refusal("CreateTable", request) == validation_text(
        value("null", f"{units}writeCapacityUnits", NOT_NULL),
        value(
            "'0'",
            f"{units}readCapacityUnits",
            "Member must have value greater than or equal to 1",
        ),
        value(
            "'X'",
            "attributeDefinitions.1.member.attributeType",
            "Member must satisfy enum value set: [B, N, S]",
        ),
        value("''", f"{index}indexName", "Member must have length greater than or equal to 3"),
        value("''", f"{index}indexName", PATTERN),
        value(
            "'SOME'",
            f"{index}projection.projectionType",
            "Member must satisfy enum value set: [ALL, INCLUDE, KEYS_ONLY]",
        ),
        value(
            "'[]'",
            f"{index}projection.nonKeyAttributes",
            "Member must have length greater than or equal to 1",
        ),
    )


def test_settings_of_a_table(refusal: Refusal) -> None:
    request = {
        **TABLE,
        "BillingMode": "FREE",
        "StreamSpecification": {"StreamViewType": "new_image"},
        "SSESpecification": {"SSEType": "kms", "KMSMasterKeyId": ""},
    }
    at_least = "Member must have length greater than or equal to 1"
    assert refusal("UpdateTable", request) == validation_text(
        value(
            "'FREE'",
            "billingMode",
            "Member must satisfy enum value set: [PROVISIONED, PAY_PER_REQUEST]",
        ),
        value("null", "streamSpecification.streamEnabled", NOT_NULL),
        value(
            "'new_image'",
            "streamSpecification.streamViewType",
            "Member must satisfy enum value set:"
            " [OLD_IMAGE, KEYS_ONLY, NEW_AND_OLD_IMAGES, NEW_IMAGE]",
        ),
        value(
            "'kms'",
            "sSESpecification.sSEType",
            "Member must satisfy enum value set: [AES256, KMS]",
        ),
        value("''", "sSESpecification.kMSMasterKeyId", at_least),
    )


def test_list_tables(refusal: Refusal) -> None:
    request = {"Limit": 101, "ExclusiveStartTableName": ""}
    start = "exclusiveStartTableName"
    assert refusal("ListTables", request) == validation_text(
        value("'101'", "limit", "Member must have value less than or equal to 100"),
        value("''", start, PATTERN),
        value("''", start, "Member must have length greater than or equal to 3"),
    )


def test_time_to_live(refusal: Refusal) -> None:
    text = validation_text(
        value("null", "timeToLiveSpecification.attributeName", NOT_NULL),
        value("null", "timeToLiveSpecification.enabled", NOT_NULL),
    )
    assert refusal("UpdateTimeToLive", {**TABLE, "TimeToLiveSpecification": {}}) == text


# --- every operation -------------------------------------------------------------------------


def test_streams(input_shape: Callable[..., Shape]) -> None:
    shape = input_shape("GetShardIterator")
    with pytest.raises(ValidationError) as caught:
        check_constraints({"ShardIteratorType": "NEVER"}, shape, OLDER)
    assert caught.value.message.startswith(
        "3 validation errors detected: Value null at 'streamArn' failed to satisfy constraint:"
        " Member must not be null; Value null at 'shardId'"
    )


def test_a_shape_without_constraints(accept: Callable[..., None]) -> None:
    accept("DescribeLimits", {})
    accept("DescribeEndpoints", {"Anything": None})


def test_an_empty_request_never_breaks_the_check(
    operation_names: list[str], input_shape: Callable[..., Shape]
) -> None:
    for name in operation_names:
        shape = input_shape(name)
        try:
            check_constraints({}, shape, OLDER)
        except ValidationError:
            assert shape.required_members
        else:
            assert not shape.required_members
