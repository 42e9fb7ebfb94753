"""Responses whose items are as they are stored: those of the same calls with items."""

from __future__ import annotations

from copy import deepcopy
from functools import cache
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from ddbmock import mock_dynamodb
from ddbmock._internal import wire
from ddbmock._internal.engine.items import StoredItem
from ddbmock._internal.errors import ServiceError
from ddbmock._internal.server import response_bodies
from ddbmock._internal.service import Service
from ddbmock._internal.service_model import input_shape
from ddbmock._internal.wire import decode_request

KEY = [{"AttributeName": "pk", "KeyType": "HASH"}, {"AttributeName": "sk", "KeyType": "RANGE"}]
TABLE = {
    "TableName": "orders",
    "BillingMode": "PAY_PER_REQUEST",
    "KeySchema": KEY,
    "AttributeDefinitions": [
        {"AttributeName": name, "AttributeType": kind}
        for name, kind in (("pk", "S"), ("sk", "N"), ("v", "S"))
    ],
    "LocalSecondaryIndexes": [
        {
            "IndexName": "local",
            "KeySchema": [KEY[0], {"AttributeName": "v", "KeyType": "RANGE"}],
            "Projection": {"ProjectionType": "KEYS_ONLY"},
        }
    ],
    "GlobalSecondaryIndexes": [
        {
            "IndexName": "global",
            "KeySchema": [{"AttributeName": "v", "KeyType": "HASH"}],
            "Projection": {"ProjectionType": "ALL"},
        }
    ],
}


@cache
def service() -> Service:
    service = Service()
    execute(service, "CreateTable", TABLE)
    execute(service, "DescribeTable", {"TableName": "orders"})
    for number in range(600):
        item: dict[str, Any] = {
            "pk": {"S": "ab"[number % 3 == 0]},
            "sk": {"N": f"{number}.50"},
            "v": {"S": "even" if number % 2 == 0 else "odd"},
            "rest": {"M": {"b": {"B": "eA=="}, "n": {"NULL": True}}},
        }
        if number % 7 == 0:
            item["l"] = {"L": [{"S": "\ud800é"}] * (number % 5)}
        execute(service, "PutItem", {"TableName": "orders", "Item": item})
    return service


def execute(service: Service, name: str, request: Any, *, returns_stored: bool = False) -> Any:
    body = wire.encode(request)
    return service.execute(
        "us-east-1",
        name,
        decode_request(body),
        input_shape(name),
        validated=False,
        body=body,
        returns_stored=returns_stored,
    )


PARTS = {
    "ConsistentRead": st.just(value=True),
    "FilterExpression": st.sampled_from(["contains(v, :f)", "attribute_exists(l)"]),
    "Limit": st.integers(1, 700),
    "ProjectionExpression": st.sampled_from(["pk, sk", "l[0], v"]),
    "ReturnConsumedCapacity": st.sampled_from(["TOTAL", "INDEXES"]),
    "ScanIndexForward": st.booleans(),
    "Select": st.sampled_from(["COUNT", "ALL_ATTRIBUTES"]),
}


@st.composite
def reads(draw) -> tuple[str, dict[str, Any]]:
    name = draw(st.sampled_from(["GetItem", "Query", "Scan"]))
    request: dict[str, Any] = {"TableName": "orders"}
    values: dict[str, Any] = {}
    if name == "GetItem":
        request["Key"] = {"pk": {"S": "a"}, "sk": {"N": draw(st.sampled_from(["7.5", "8.5"]))}}
    for part, texts in PARTS.items():
        of_pages = part not in {"ConsistentRead", "ProjectionExpression", "ReturnConsumedCapacity"}
        if (name == "GetItem" and of_pages) or (name == "Scan" and part == "ScanIndexForward"):
            continue
        if draw(st.integers(0, 3)) == 0:
            request[part] = draw(texts)
    if name != "GetItem":
        index = draw(st.sampled_from([None, None, "local", "global"]))
        if index is not None:
            request["IndexName"] = index
        if name == "Query":
            on, wanted = ("v", "odd") if index == "global" else ("pk", "a")
            request["KeyConditionExpression"] = f"{on} = :k"
            values[":k"] = {"S": wanted}
        if ":f" in request.get("FilterExpression", ""):
            values[":f"] = {"S": "od"}
    if values:
        request["ExpressionAttributeValues"] = values
    return name, request


def outcome(name: str, request: Any, *, returns_stored: bool) -> Any:
    filled = service()
    try:
        return execute(filled, name, request, returns_stored=returns_stored)
    except ServiceError as error:
        return {"error": error.code, "text": str(error)}


@given(reads())
def test_responses_are_those_with_items(read):
    name, request = read
    expected = outcome(name, deepcopy(request), returns_stored=False)
    response = outcome(name, request, returns_stored=True)
    assert response_bodies.encode(response) == wire.encode(expected)
    items = [response.get("Item"), *response.get("Items", ())]
    if "ProjectionExpression" not in request:
        assert all(isinstance(item, StoredItem | None) for item in items)


def test_responses_that_are_recorded_have_items():
    with mock_dynamodb(store_responses=True) as ddb:
        recording: Any = ddb._service
        execute(recording, "CreateTable", TABLE)
        item = {"pk": {"S": "a"}, "sk": {"N": "1"}}
        execute(recording, "PutItem", {"TableName": "orders", "Item": item})
        get = {"TableName": "orders", "Key": item}
        assert execute(recording, "GetItem", get, returns_stored=True) == {"Item": item}
        assert ddb.calls[-1].response == {"Item": item}
