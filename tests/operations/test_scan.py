from __future__ import annotations

from typing import Any

import pytest

from ddbmock._internal.access import selections
from tests.operations.orders_table import (
    create_orders,
    create_things,
    everything,
    key,
    order,
    put_all,
)
from tests.refusals import refusal
from tests.shared_clients import unchecked_dynamodb

NOT_VALID = "One or more parameter values were invalid: "
START_INVALID = "The provided starting key is invalid"
START_MISMATCH = f"{START_INVALID}: The provided key element does not match the schema"
ORDERS = {"TableName": "orders"}


@pytest.fixture
def client(dynamodb_client):
    create_orders(dynamodb_client)
    return dynamodb_client


@pytest.fixture
def full(client):
    """Twenty customers with two orders each; the second ones lie in no index but by_stage."""
    for number in range(20):
        customer = f"c{number}"
        put_all(
            client,
            [
                order(customer, 1, amount=number, city=f"t{number % 3}", weekday="mon", stage="s"),
                order(customer, 2, stage="s"),
            ],
        )
    return client


def places(items):
    return [(item["customer"]["S"], item["nr"]["N"]) for item in items]


# --- request validation: serialization and constraints ---------------------------------------


@pytest.mark.parametrize(
    ("parameters", "text"),
    [
        ({"Segment": "x"}, "STRING_VALUE cannot be converted to Integer"),
        ({"FilterExpression": 1}, "NUMBER_VALUE cannot be converted to String"),
    ],
)
def test_wrong_json_types(client, parameters, text):
    answered = refusal(unchecked_dynamodb().scan, **ORDERS, **parameters)
    assert answered == f"SerializationException: {text}"


@pytest.mark.parametrize(
    ("parameters", "text"),
    [
        ({"Limit": 0}, "Value '0' at 'limit' failed to satisfy constraint: Member must have value"),
        ({"Segment": -1}, "Value '-1' at 'segment' failed to satisfy constraint: Member must have"),
        (
            {"TotalSegments": 0},
            "Value '0' at 'totalSegments' failed to satisfy constraint: Member must have value",
        ),
        (
            {"Segment": 0, "TotalSegments": 1_000_001},
            "Value '1000001' at 'totalSegments' failed to satisfy constraint: Member must have",
        ),
        ({"Select": "all"}, "Value 'all' at 'select' failed to satisfy constraint: Member must"),
    ],
)
def test_constraints(client, parameters, text):
    message = refusal(unchecked_dynamodb().scan, **ORDERS, **parameters)
    assert message.startswith(f"1 validation error detected: {text}")


# --- request validation: rules across parameters ---------------------------------------------


@pytest.mark.parametrize(
    ("parameters", "text"),
    [
        (
            {"ScanFilter": {}, "ConditionalOperator": "OR", "ProjectionExpression": "a"},
            (
                "Can not use both expression and non-expression parameters in the same request:"
                " Non-expression parameters: {ScanFilter, ConditionalOperator}"
                " Expression parameters: {ProjectionExpression}"
            ),
        ),
        (
            {"ProjectionExpression": "a", "ExpressionAttributeValues": {":a": {"S": "a"}}},
            (
                "ExpressionAttributeValues can only be specified when using expressions:"
                " FilterExpression is null"
            ),
        ),
        (
            {"ExpressionAttributeNames": {"#a": "a"}},
            "ExpressionAttributeNames can only be specified when using expressions",
        ),
        (
            {"FilterExpression": "a", "ExpressionAttributeNames": {}},
            "ExpressionAttributeNames must not be empty",
        ),
        ({"FilterExpression": ""}, "Invalid FilterExpression: The expression can not be empty;"),
        (
            {"FilterExpression": "a = :a", "ExpressionAttributeValues": {":a": {}}},
            (
                "ExpressionAttributeValues contains invalid value: Supplied AttributeValue is"
                " empty, must contain exactly one of the supported datatypes for key :a"
            ),
        ),
        (
            {"FilterExpression": "size(a)"},
            (
                "Invalid FilterExpression: The function is not allowed to be used this way in an"
                " expression; function: size"
            ),
        ),
        (
            {"AttributesToGet": ["a", "b", "a"]},
            f"{NOT_VALID}Duplicate value in attribute name: a",
        ),
        ({"AttributesToGet": ["a", ""]}, "Empty attribute name"),
        (
            {"Segment": 0},
            (
                "The TotalSegments parameter is required but was not present in the request when"
                " Segment parameter is present"
            ),
        ),
        (
            {"TotalSegments": 2},
            (
                "The Segment parameter is required but was not present in the request when"
                " parameter TotalSegments is present"
            ),
        ),
        (
            {"Segment": 2, "TotalSegments": 2},
            (
                "The Segment parameter is zero-based and must be less than parameter"
                " TotalSegments: Segment: 2 is not less than TotalSegments: 2"
            ),
        ),
    ],
)
def test_rules_across_parameters(client, parameters, text):
    assert refusal(client.scan, **ORDERS, **parameters) == text


@pytest.mark.parametrize(
    ("parameters", "text"),
    [
        (
            {"Select": "SPECIFIC_ATTRIBUTES"},
            (
                "Must specify the AttributesToGet or ProjectionExpression when choosing to get"
                " SPECIFIC_ATTRIBUTES"
            ),
        ),
        (
            {"Select": "ALL_ATTRIBUTES", "ProjectionExpression": "a"},
            "Cannot specify the ProjectionExpression when choosing to get ALL_ATTRIBUTES",
        ),
        (
            {"Select": "ALL_PROJECTED_ATTRIBUTES", "ProjectionExpression": "a"},
            "Cannot specify the ProjectionExpression when choosing to get ALL_PROJECTED_ATTRIBUTES",
        ),
        (
            {"Select": "COUNT", "AttributesToGet": ["a"]},
            "Cannot specify the AttributesToGet when choosing to get only the Count",
        ),
        (
            {"Select": "ALL_PROJECTED_ATTRIBUTES"},
            "ALL_PROJECTED_ATTRIBUTES can be used only when Querying using an IndexName",
        ),
    ],
)
def test_select(client, parameters, text):
    """Scan says these texts bare, Query as validation errors."""
    assert refusal(client.scan, **ORDERS, **parameters) == text


@pytest.mark.parametrize(
    ("parameters", "text"),
    [
        # Each breaks two rules; the first one is reported.
        (
            {
                "AttributesToGet": ["a", "a"],
                "ScanFilter": {"a": {"ComparisonOperator": "EQ"}},
            },
            f"{NOT_VALID}Duplicate value",
        ),
        (
            {
                "ScanFilter": {"a": {"ComparisonOperator": "EQ"}},
                "ExclusiveStartKey": {"a": {}},
            },
            f"{NOT_VALID}Invalid number of argument(s) for the EQ ComparisonOperator",
        ),
        (
            {"ExclusiveStartKey": {"a": {}}, "Segment": 1},
            f"{START_INVALID}: Supplied AttributeValue is empty",
        ),
        ({"Segment": 1, "FilterExpression": "("}, "The TotalSegments parameter is required"),
        ({"FilterExpression": "(", "TableName": "nowhere"}, "Invalid FilterExpression: Syntax"),
        (
            {"TableName": "nowhere", "IndexName": "nope"},
            "ResourceNotFoundException: Requested resource not found",
        ),
        (
            {"IndexName": "nope", "ConsistentRead": True},
            "The table does not have the specified index: nope",
        ),
        ({"IndexName": "nope", "ExclusiveStartKey": {}}, START_INVALID),
        (
            {"IndexName": "by_city", "ConsistentRead": True, "ExclusiveStartKey": {}},
            "Consistent reads are not supported on global secondary indexes",
        ),
        (
            {"IndexName": "by_city", "Select": "ALL_ATTRIBUTES", "ExclusiveStartKey": {}},
            START_INVALID,
        ),
        (
            {
                "IndexName": "by_city",
                "Select": "ALL_ATTRIBUTES",
                "ExclusiveStartKey": {"a": {"S": "x"}, "b": {"S": "x"}, "city": {"S": "x"}},
            },
            f"{NOT_VALID}Select type ALL_ATTRIBUTES is not supported",
        ),
        (
            {"ExclusiveStartKey": {}, "ProjectionExpression": "nr.a"},
            START_MISMATCH,
        ),
    ],
)
def test_the_first_of_several_broken_rules_is_reported(client, parameters, text):
    message = refusal(client.scan, **{**ORDERS, **parameters})
    assert message.startswith(text)


# --- request validation: the starting key ----------------------------------------------------


@pytest.mark.parametrize(
    "start",
    [
        {},
        {"customer": {"S": "c1"}},
        {**key(), "note": {"S": "x"}},
        {"customer": {"S": "c1"}, "note": {"N": "1"}},
        {"customer": {"S": "c1"}, "nr": {"S": "1"}},
    ],
)
def test_a_starting_key_that_does_not_fit_the_table(client, start):
    assert refusal(client.scan, **ORDERS, ExclusiveStartKey=start) == START_MISMATCH


@pytest.mark.parametrize(
    ("start", "text"),
    [
        (key(), START_INVALID),
        ({**key(), "town": {"S": "x"}}, START_INVALID),
        ({**key(), "city": {"N": "1"}}, "The provided key element does not match the schema"),
        ({"customer": {"N": "1"}, "nr": {"N": "1"}, "city": {"S": "x"}}, START_MISMATCH),
    ],
)
def test_a_starting_key_that_does_not_fit_the_index(client, start, text):
    message = refusal(client.scan, **ORDERS, IndexName="by_city", ExclusiveStartKey=start)
    assert message == text


def test_a_starting_key_of_another_segment(full):
    item = full.scan(**ORDERS, Segment=1, TotalSegments=2, Limit=1)["Items"][0]
    start = {name: item[name] for name in ("customer", "nr")}
    text = refusal(full.scan, **ORDERS, Segment=0, TotalSegments=2, ExclusiveStartKey=start)
    assert text == (
        f"{START_INVALID}: Invalid ExclusiveStartKey. Please use ExclusiveStartKey with correct"
        " Segment. TotalSegments: 2 Segment: 0"
    )


# --- request validation: filters and projections against the schema --------------------------


@pytest.mark.parametrize("parameter", ["FilterExpression", "ProjectionExpression"])
@pytest.mark.parametrize(
    ("path", "text"),
    [("customer.a", "Key: customer"), ("nr[0]", "Key: nr"), ("weekday.a", "IndexKey: weekday")],
)
def test_keys_have_no_inside(client, parameter, path, text):
    expression = f"attribute_exists({path})" if parameter == "FilterExpression" else path
    assert refusal(client.scan, **ORDERS, **{parameter: expression}) == (
        "Key attributes must be scalars; list random access '[]' and map lookup '.'"
        f" are not allowed: {text}"
    )


def test_a_global_index_gives_only_what_it_holds(client):
    text = refusal(client.scan, **ORDERS, IndexName="by_city", AttributesToGet=["stage", "nr"])
    assert text == f"{NOT_VALID}Global secondary index by_city does not project [stage]"


# --- behaviour -------------------------------------------------------------------------------


def test_everything_is_found_once_and_in_a_stable_order(full):
    items = full.scan(**ORDERS)["Items"]
    assert sorted(places(items)) == sorted((f"c{n}", nr) for n in range(20) for nr in "12")
    assert full.scan(**ORDERS)["Items"] == items
    # The items of one partition key lie side by side, in the order of the sort key.
    assert [nr for _, nr in places(items)] == ["1", "2"] * 20
    assert [customer for customer, _ in places(items)][::2] != [f"c{n}" for n in range(20)]


@pytest.mark.parametrize("total_segments", [1, 2, 3, 7, 40, 1_000_000])
def test_segments_part_the_table(full, total_segments):
    joined: list[dict[str, Any]] = []
    for segment in range(min(total_segments, 40)):
        response = full.scan(**ORDERS, Segment=segment, TotalSegments=total_segments)
        assert response["Count"] == response["ScannedCount"] == len(response["Items"])
        joined += response["Items"]
    if total_segments <= 40:
        assert joined == full.scan(**ORDERS)["Items"]


@pytest.mark.parametrize("index_name", ["by_city", "by_weekday", "by_amount", "by_place"])
def test_segments_part_an_index(full, index_name):
    asked = {**ORDERS, "IndexName": index_name}
    parts = [full.scan(**asked, Segment=n, TotalSegments=3)["Items"] for n in range(3)]
    assert [item for part in parts for item in part] == full.scan(**asked)["Items"]


def test_the_items_of_one_partition_key_are_in_one_segment(full):
    for segment in range(5):
        found = places(full.scan(**ORDERS, Segment=segment, TotalSegments=5)["Items"])
        assert len(found) == 2 * len({customer for customer, _ in found})


def test_an_index_holds_what_has_its_key(full):
    assert len(full.scan(**ORDERS, IndexName="by_city")["Items"]) == 20
    assert len(full.scan(**ORDERS, IndexName="by_stage")["Items"]) == 40
    assert full.scan(**ORDERS, IndexName="by_city", Select="COUNT")["Count"] == 20


@pytest.mark.parametrize(
    ("parameters", "names"),
    [
        ({"IndexName": "by_city"}, {"customer", "nr", "city"}),
        ({"IndexName": "by_amount"}, {"customer", "nr", "amount"}),
        (
            {"IndexName": "by_amount", "Select": "ALL_ATTRIBUTES"},
            {"customer", "nr", "amount", "city", "weekday", "stage"},
        ),
        ({"IndexName": "by_amount", "ProjectionExpression": "weekday, nr"}, {"weekday", "nr"}),
        ({"IndexName": "by_place"}, {"customer", "nr", "amount", "city", "weekday", "stage"}),
    ],
)
def test_what_an_index_gives(full, parameters, names):
    assert {frozenset(item) for item in full.scan(**ORDERS, **parameters)["Items"]} == {
        frozenset(names)
    }


def test_a_filter_on_what_the_index_does_not_hold_finds_nothing(full):
    asked = {**ORDERS, "IndexName": "by_amount"}
    response = full.scan(**asked, FilterExpression="attribute_exists(city)")
    assert (response["Count"], response["ScannedCount"]) == (0, 20)
    response = full.scan(**asked, FilterExpression="attribute_not_exists(city)")
    assert response["Count"] == 20


def test_a_filter_may_read_keys(full):
    response = full.scan(
        **ORDERS,
        FilterExpression="nr = :n AND begins_with(customer, :c)",
        ExpressionAttributeValues={":n": {"N": "1.0"}, ":c": {"S": "c1"}},
    )
    assert response["Count"] == 11
    assert response["ScannedCount"] == 40


def legacy(operator, *values):
    return {"ComparisonOperator": operator, "AttributeValueList": list(values)}


@pytest.mark.parametrize(
    ("conditions", "operator", "count"),
    [
        ({}, None, 40),
        ({"amount": legacy("NULL")}, None, 20),
        ({"amount": legacy("NOT_NULL")}, None, 20),
        ({"amount": legacy("IN", {"N": "1"}, {"N": "2.0"}, {"N": "99"})}, None, 2),
        ({"amount": legacy("BETWEEN", {"N": "3"}, {"N": "5"})}, None, 3),
        ({"amount": legacy("NE", {"N": "3"})}, None, 39),
        ({"amount": legacy("GT", {"S": "3"})}, None, 0),
        ({"city": legacy("CONTAINS", {"S": "0"})}, None, 7),
        ({"city": legacy("NOT_CONTAINS", {"S": "0"})}, None, 13),
        ({"city": legacy("BEGINS_WITH", {"S": "t"})}, None, 20),
        ({"city": legacy("EQ", {"S": "t1"}), "amount": legacy("LT", {"N": "5"})}, None, 2),
        ({"city": legacy("EQ", {"S": "t1"}), "amount": legacy("LT", {"N": "5"})}, "AND", 2),
        ({"city": legacy("EQ", {"S": "t1"}), "amount": legacy("LT", {"N": "5"})}, "OR", 10),
    ],
)
def test_legacy_filters(full, conditions, operator, count):
    more = {} if operator is None else {"ConditionalOperator": operator}
    response = full.scan(**ORDERS, ScanFilter=conditions, **more)
    assert (response["Count"], response["ScannedCount"]) == (count, 40)


@pytest.mark.parametrize(
    ("condition", "text"),
    [
        (
            legacy("BEGINS_WITH", {"N": "1"}),
            "ComparisonOperator BEGINS_WITH is not valid for N AttributeValue type",
        ),
        (
            legacy("BETWEEN", {"N": "1"}),
            "Invalid number of argument(s) for the BETWEEN ComparisonOperator",
        ),
        (legacy("NULL", {"N": "1"}), "Invalid number of argument(s) for the NULL"),
        (legacy("IN"), "Invalid number of argument(s) for the IN ComparisonOperator"),
        (
            legacy("CONTAINS", {"SS": ["1"]}),
            "ComparisonOperator CONTAINS is not valid for SS AttributeValue type",
        ),
    ],
)
def test_legacy_filters_that_are_not_valid(client, condition, text):
    message = refusal(client.scan, **ORDERS, ScanFilter={"a": condition})
    assert message.startswith(NOT_VALID + text)


@pytest.mark.parametrize(
    "filter_expression",
    [
        "amount < :three",
        "amount >= :three",
        "attribute_exists(city) AND NOT city = :t",
        "attribute_not_exists(city)",
        "size(m) > :one AND m.x = :three",
        "m.l[1] = :t OR contains(tags, :t)",
        "begins_with(customer, :c) AND nr = :one",
        "attribute_exists(gone)",
    ],
)
def test_many_items_are_filtered_as_few(client, monkeypatch, filter_expression):
    """A filter of many items reads a part of each, and finds what it finds in all of it."""
    client.create_table(
        TableName="many",
        KeySchema=[
            {"AttributeName": "customer", "KeyType": "HASH"},
            {"AttributeName": "nr", "KeyType": "RANGE"},
        ],
        AttributeDefinitions=[
            {"AttributeName": "customer", "AttributeType": "S"},
            {"AttributeName": "nr", "AttributeType": "N"},
        ],
        BillingMode="PAY_PER_REQUEST",
    )
    document = {"M": {"x": {"N": "3"}, "l": {"L": [{"S": "q"}, {"S": "t"}]}}}
    for number in range(300):
        item = {"customer": {"S": f"c{number}"}, "nr": {"N": "1"}, "amount": {"N": str(number)}}
        more = {"city": {"S": "t"}, "tags": {"SS": ["t", "u"]}} if number % 3 else {"m": document}
        client.put_item(TableName="many", Item={**item, **more})
    values = {
        name: value
        for name, value in {
            ":three": {"N": "3"},
            ":one": {"N": "1"},
            ":t": {"S": "t"},
            ":c": {"S": "c1"},
        }.items()
        if name in filter_expression.replace(")", " ").replace(",", " ").split()
    }
    request = {"TableName": "many", "FilterExpression": filter_expression}
    if values:
        request["ExpressionAttributeValues"] = values
    found = client.scan(**request)
    limited = client.scan(**request, Limit=290)
    monkeypatch.setattr(selections, "_MANY", 1000)
    for response, again in (
        (found, client.scan(**request)),
        (limited, client.scan(**request, Limit=290)),
    ):
        for each in (response, again):
            del each["ResponseMetadata"]
        assert response == again
    assert found["ScannedCount"] == 300


# --- behaviour: paging -----------------------------------------------------------------------


@pytest.mark.parametrize("limit", [1, 3, 39, 40, 41])
@pytest.mark.parametrize("index_name", [None, "by_city", "by_stage"])
def test_pages_join_to_the_complete_result(full, limit, index_name):
    asked = {**ORDERS, **({"IndexName": index_name} if index_name else {})}
    pages = list(full.get_paginator("scan").paginate(**asked, PaginationConfig={"PageSize": limit}))
    whole = full.scan(**asked)
    assert [item for page in pages for item in page["Items"]] == whole["Items"]
    # Only a page that Limit did not end says that there is no more.
    assert len(pages) == whole["Count"] // limit + 1


def test_a_segment_is_paged_by_itself(full):
    pages = full.get_paginator("scan").paginate(
        **ORDERS, Segment=1, TotalSegments=3, PaginationConfig={"PageSize": 2}
    )
    joined = [item for page in pages for item in page["Items"]]
    assert joined == full.scan(**ORDERS, Segment=1, TotalSegments=3)["Items"]


def test_a_page_ends_once_it_is_over_1_mb_before_the_filter(client):
    put_all(client, [order(f"c{n}", n, big={"B": b"x" * 400_000}) for n in range(5)])
    response = client.scan(**ORDERS, FilterExpression="attribute_not_exists(big)")
    assert (response["Count"], response["ScannedCount"], response["Items"]) == (0, 3, [])
    assert set(response["LastEvaluatedKey"]) == {"customer", "nr"}
    assert len(everything(client)) == 5


def test_deleting_while_paging_loses_nothing(full):
    found = []
    start: dict[str, Any] = {}
    while True:
        page = full.scan(**ORDERS, Limit=3, **start)
        for item in page["Items"]:
            found.append(item)
            full.delete_item(**ORDERS, Key={name: item[name] for name in ("customer", "nr")})
        if "LastEvaluatedKey" not in page:
            break
        start = {"ExclusiveStartKey": page["LastEvaluatedKey"]}
    assert len(found) == 40
    assert everything(full) == []


# --- capacity --------------------------------------------------------------------------------


def test_the_cost_of_nothing(dynamodb_client):
    create_things(dynamodb_client)
    for consistent, cost in ((False, 0.5), (True, 1.0)):
        response = dynamodb_client.scan(
            TableName="things", ReturnConsumedCapacity="TOTAL", ConsistentRead=consistent
        )
        assert response["ConsumedCapacity"] == {"TableName": "things", "CapacityUnits": cost}


def test_what_is_read_is_paid_whatever_is_kept(client):
    put_all(client, [order(f"c{n}", n, note="x" * 4000) for n in range(5)])
    asked = {**ORDERS, "ReturnConsumedCapacity": "TOTAL"}
    for more in (
        {},
        {"Select": "COUNT"},
        {"FilterExpression": "attribute_not_exists(note)"},
        {"ProjectionExpression": "nr"},
    ):
        assert client.scan(**asked, **more)["ConsumedCapacity"]["CapacityUnits"] == 2.5
    assert client.scan(**asked, Limit=2)["ConsumedCapacity"]["CapacityUnits"] == 1.0
    doubled = client.scan(**asked, ConsistentRead=True)
    assert doubled["ConsumedCapacity"]["CapacityUnits"] == 5.0


@pytest.mark.parametrize(
    ("parameters", "expected"),
    [
        ({}, {"CapacityUnits": 0.5, "Table": {"CapacityUnits": 0.5}}),
        (
            {"IndexName": "by_city"},
            {
                "CapacityUnits": 0.5,
                "Table": {"CapacityUnits": 0.0},
                "GlobalSecondaryIndexes": {"by_city": {"CapacityUnits": 0.5}},
            },
        ),
        (
            {"IndexName": "by_amount", "ConsistentRead": True},
            {
                "CapacityUnits": 1.0,
                "Table": {"CapacityUnits": 0.0},
                "LocalSecondaryIndexes": {"by_amount": {"CapacityUnits": 1.0}},
            },
        ),
        (
            {"IndexName": "by_amount", "Select": "ALL_ATTRIBUTES"},
            {
                "CapacityUnits": 10.5,
                "Table": {"CapacityUnits": 10.0},
                "LocalSecondaryIndexes": {"by_amount": {"CapacityUnits": 0.5}},
            },
        ),
    ],
)
def test_the_shape_of_the_capacity(full, parameters, expected):
    response = full.scan(**ORDERS, **parameters, ReturnConsumedCapacity="INDEXES")
    assert response["ConsumedCapacity"] == {"TableName": "orders", **expected}


# --- errors ----------------------------------------------------------------------------------


def test_a_table_that_is_not_there(dynamodb_client):
    assert refusal(dynamodb_client.scan, TableName="nowhere") == (
        "ResourceNotFoundException: Requested resource not found"
    )


def test_only_a_scan_tells_the_size_of_a_long_filter(client):
    long = {"TableName": "orders", "FilterExpression": "a" * 4097}
    text = (
        "Invalid FilterExpression: Expression size has exceeded the maximum allowed size;"
        " expression size: 4097"
    )
    assert refusal(client.scan, **long) == text
    query = {
        "KeyConditionExpression": "customer = :c",
        "ExpressionAttributeValues": {":c": {"S": "ada"}},
    }
    assert refusal(client.query, **long, **query) == text.removesuffix(" expression size: 4097")
