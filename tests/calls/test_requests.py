"""Requests as they are stored and parsed again."""

from __future__ import annotations

import base64
import json
from collections import OrderedDict
from copy import deepcopy
from typing import Any

import pytest

from ddbmock._internal.calls.requests import read_request, request_body

VALUES = {"n": {"N": "1.50"}, "b": {"B": b"x"}, "m": {"M": {"l": {"L": [{"BS": [b"z", b"y"]}]}}}}
CANONICAL = {"n": {"N": "1.5"}, "b": {"B": b"x"}, "m": {"M": {"l": {"L": [{"BS": [b"y", b"z"]}]}}}}

REQUESTS: dict[str, Any] = {
    "PutItem": lambda values: {"TableName": "t", "Item": values},
    "GetItem": lambda values: {"Key": values, "ExpressionAttributeNames": {"#n": "n"}},
    "UpdateItem": lambda values: {
        "ExpressionAttributeValues": values,
        "Expected": {name: {"Value": value, "Exists": True} for name, value in values.items()},
    },
    "Query": lambda values: {
        "ExclusiveStartKey": values,
        "QueryFilter": {name: {"AttributeValueList": [value]} for name, value in values.items()},
    },
    "BatchGetItem": lambda values: {"RequestItems": {"Keys": {"Keys": [values, values]}}},
    "BatchWriteItem": lambda values: {
        "RequestItems": {
            "Item": [{"PutRequest": {"Item": values}}, {"DeleteRequest": {"Key": values}}]
        }
    },
    "TransactWriteItems": lambda values: {
        "TransactItems": [{"Put": {"TableName": "t", "Item": values}}, {"Delete": {"Key": values}}]
    },
    "ExecuteStatement": lambda values: {"Statement": "…", "Parameters": list(values.values())},
    "BatchExecuteStatement": lambda values: {
        "Statements": [{"Statement": "…", "Parameters": list(values.values())}]
    },
    "TagResource": lambda _: {"ResourceArn": "t", "Tags": [{"Key": "N", "Value": "1.0"}]},
}


def sent(request: Any) -> str:
    return json.dumps(request, default=lambda content: base64.b64encode(content).decode())


@pytest.mark.parametrize("encode", [str, str.encode])
@pytest.mark.parametrize("operation", REQUESTS)
def test_a_body_is_read_as_the_service_read_it(operation, encode):
    body = encode(sent(REQUESTS[operation](deepcopy(VALUES))))
    assert request_body({}, body) is body
    assert read_request(operation, body) == REQUESTS[operation](CANONICAL)


@pytest.mark.parametrize(
    "request_",
    [
        {"Item": {"n": {"N": "one"}, "ok": {"N": "1"}}},
        {"Item": {"n": None, "m": "text", "l": {"L": "text"}, "s": {}}},
        {"Item": "text", "Keys": "text", "Value": 1, "Parameters": {}},
        {"Item": {"b": {"B": "x"}}},
    ],
)
def test_what_was_refused_is_shown_as_it_was_sent(request_):
    assert read_request("PutItem", json.dumps(request_)) == request_


def test_members_that_the_model_does_not_know_are_shown_as_they_were_sent():
    nested: dict[str, Any] = {"L": []}
    for _ in range(200):
        nested = {"L": [nested]}
    request = {"Item": {"n": {"N": "1"}}, "Unknown": {"Item": nested}}
    assert read_request("PutItem", json.dumps(request)) == request


def test_values_of_wrong_json_types_are_left_alone():
    request = {"Item": {"b": {"B": 10**10}, "n": {"N": "1.0"}}}
    assert read_request("PutItem", json.dumps(request), is_typed=False) == request


def test_a_request_without_a_text_is_copied():
    request = {"Item": deepcopy(CANONICAL)}
    body = request_body(request, None)
    request["Item"].clear()
    assert read_request("PutItem", body) == {"Item": CANONICAL}


def test_a_request_of_a_programs_own_classes_is_copied():
    request = {"Tags": [OrderedDict(Key="k", Value="v")]}
    body = request_body(request, None)
    request["Tags"].clear()
    assert read_request("TagResource", body) == {"Tags": [{"Key": "k", "Value": "v"}]}


def test_a_body_that_could_be_changed_is_not_stored():
    sent_body = bytearray(b'{"TableName": "t"}')
    body = request_body({"TableName": "t"}, sent_body)
    sent_body[:] = b"{}"
    assert read_request("GetItem", body) == {"TableName": "t"}
