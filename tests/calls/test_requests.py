from __future__ import annotations

import base64
import json
from collections import OrderedDict
from copy import deepcopy

import pytest

from ddbmock.calls.requests import hold, read

VALUES = {"n": {"N": "1.50"}, "b": {"B": b"x"}, "m": {"M": {"l": {"L": [{"BS": [b"z", b"y"]}]}}}}
CANONICAL = {"n": {"N": "1.5"}, "b": {"B": b"x"}, "m": {"M": {"l": {"L": [{"BS": [b"y", b"z"]}]}}}}

REQUESTS = {
    "an item": lambda values: {"TableName": "t", "Item": values},
    "a key": lambda values: {"Key": values, "ExpressionAttributeNames": {"#n": "n"}},
    "expression values": lambda values: {"ExpressionAttributeValues": values},
    "a start key": lambda values: {"ExclusiveStartKey": values, "Limit": 1},
    "conditions": lambda values: {
        "Expected": {name: {"Value": value, "Exists": True} for name, value in values.items()},
        "QueryFilter": {name: {"AttributeValueList": [value]} for name, value in values.items()},
    },
    "a batch of keys": lambda values: {"RequestItems": {"Keys": {"Keys": [values, values]}}},
    "a batch of writes": lambda values: {
        "RequestItems": {
            "Item": [{"PutRequest": {"Item": values}}, {"DeleteRequest": {"Key": values}}]
        }
    },
    "a transaction": lambda values: {
        "TransactItems": [{"Put": {"TableName": "t", "Item": values}}, {"Delete": {"Key": values}}]
    },
    "a statement": lambda values: {"Statement": "…", "Parameters": list(values.values())},
    "statements": lambda values: {
        "Statements": [{"Statement": "…", "Parameters": list(values.values())}]
    },
    "no values": lambda _: {"TableName": "t", "Tags": [{"Key": "N", "Value": "1.0"}], "B": "eA=="},
}


def sent(request):
    return json.dumps(request, default=lambda content: base64.b64encode(content).decode())


@pytest.mark.parametrize("encode", [str, str.encode])
@pytest.mark.parametrize("name", REQUESTS)
def test_a_body_is_read_as_the_service_read_it(name, encode):
    body = encode(sent(REQUESTS[name](deepcopy(VALUES))))
    held = hold({}, body)
    assert held is body
    assert read(held) == REQUESTS[name](CANONICAL)


@pytest.mark.parametrize(
    "request_",
    [
        {"Item": {"n": {"N": "one"}, "ok": {"N": "1"}}},
        {"Item": {"n": None, "m": "text", "l": {"L": "text"}, "s": {}}},
        {"Item": "text", "Keys": "text", "Value": 1, "Parameters": {}},
        {"Key": {"b": {"B": "x"}}},
    ],
)
def test_what_was_refused_is_shown_as_it_was_sent(request_):
    assert read(hold({}, json.dumps(request_))) == request_


def test_values_of_wrong_json_types_are_left_alone():
    request = {"Item": {"b": {"B": 10**10}, "n": {"N": "1.0"}}}
    assert read(hold({}, json.dumps(request)), is_typed=False) == request


def test_without_a_body_the_request_is_copied():
    request = {"Item": deepcopy(CANONICAL)}
    held = hold(request, None)
    request["Item"].clear()
    assert read(held) == {"Item": CANONICAL}


def test_a_request_of_a_programs_own_kinds_is_copied():
    request = {"Tags": [OrderedDict(Key="k", Value="v")]}
    held = hold(request, None)
    request["Tags"].clear()
    assert read(held) == {"Tags": [{"Key": "k", "Value": "v"}]}


def test_a_body_that_could_be_changed_is_not_kept():
    request = {"TableName": "t"}
    body = bytearray(b'{"TableName": "t"}')
    held = hold(request, body)  # type: ignore[arg-type]
    body[:] = b"{}"
    assert read(held) == {"TableName": "t"}
