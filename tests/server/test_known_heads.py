"""Heads that are known: requests are recognized exactly if they would be read as the first one."""

from __future__ import annotations

import json

import pytest
from freezegun import freeze_time
from hypothesis import assume, example, given
from hypothesis import strategies as st

from ddbmock import mock_dynamodb
from ddbmock._internal.server.application import Application
from ddbmock._internal.server.backends import Backends
from ddbmock._internal.server.http_messages import (
    BadRequestError,
    Request,
    RequestReader,
    response_bytes,
)
from ddbmock._internal.server.known_heads import KnownHead, KnownHeads, head_of
from tests.server.heads import SDKS, sdk_request

#: Fields whose values are not looked at.
VARYING = {
    "amz-sdk-invocation-id",
    "amz-sdk-request",
    "authorization",
    "content-length",
    "x-amz-content-sha256",
    "x-amz-date",
}
BODY = b'{"TableName": "orders"}'


def read(data: bytes) -> Request | None:
    """The only request in these bytes, as they are read without any known head."""
    reader = RequestReader()
    reader.feed(data)
    try:
        request = reader.next_request()
    except BadRequestError:
        return None
    return request if reader.is_empty else None


def known_head(data: bytes) -> KnownHead:
    request = read(data)
    assert request is not None
    head = head_of(data, request)
    assert head is not None
    return KnownHead(head, lambda body: body)


def what_matters(request: Request) -> object:
    headers = {name: text for name, text in request.headers.items() if name not in VARYING}
    signed = request.headers["authorization"].rpartition("=")[0]
    return request._replace(headers=headers), request.headers.keys(), signed


@pytest.mark.parametrize("sdk", SDKS)
def test_later_requests_are_recognized(sdk):
    known = known_head(sdk_request(sdk, "GetItem", BODY))
    for number in range(1, 200_000, 7919):
        body = json.dumps({"TableName": f"{number:06}"}).encode()
        assert known.body_of(sdk_request(sdk, "GetItem", body, number)) == body


CHANGED_PARTS = st.lists(
    st.tuples(
        st.integers(0, 900),
        st.integers(0, 12),
        st.sampled_from(
            [b"\r\n", b"\n", b"\r", b"\0", b" ", b"0", b"a", b":", b"\xff", b"x: y\r\n"]
        )
        | st.binary(max_size=12)
        | st.from_regex(rb"[0-9a-zA-Z]{1,12}", fullmatch=True),
    ),
    min_size=1,
    max_size=3,
)


@pytest.mark.parametrize("sdk", SDKS)
@given(CHANGED_PARTS)
@example([(0, 0, b"\r\n")])
def test_a_request_is_recognized_only_if_it_would_be_read_alike(sdk, changes):
    first = sdk_request(sdk, "GetItem", BODY)
    known, data = known_head(first), first
    for at, length, part in changes:
        data = data[:at] + part + data[at + length :]
    body = known.body_of(data)
    if body is None:
        return
    request, expected = read(data), read(first)
    assert request is not None
    assert expected is not None
    assert what_matters(request) == what_matters(expected._replace(body=body))


@pytest.mark.parametrize("sdk", SDKS)
@given(st.integers(0, 900), st.sampled_from([b"\r", b"\n", b"\0", b" ", b":", b"-", b"\xe4", b""]))
def test_no_other_character_is_taken_for_a_letter(sdk, at, part):
    first = sdk_request(sdk, "GetItem", BODY)
    head = first.removesuffix(BODY)
    at %= len(head)
    assume(head[at : at + 1] != part)
    assert known_head(first).body_of(head[:at] + part + head[at + 1 :] + BODY) is None


@pytest.mark.parametrize(
    "data",
    [
        b"",
        sdk_request("Python", "GetItem", BODY)[:-1],
        sdk_request("Python", "GetItem", BODY) + b"x",
        sdk_request("Python", "GetItem", BODY) * 2,
        sdk_request("Python", "GetItem", BODY).removesuffix(BODY),
        sdk_request("Python", "PutItem", BODY),
        sdk_request("JavaScript", "GetItem", BODY),
    ],
)
def test_what_is_not_one_request_with_this_head(data):
    assert known_head(sdk_request("Python", "GetItem", BODY)).body_of(data) is None


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"\r\n" + sdk_request("Python", "GetItem", BODY),
        sdk_request("Python", "GetItem", BODY)[:50],
        sdk_request("Python", "GetItem", BODY, Connection="close"),
        b"GET / HTTP/1.1\r\nHost: a\r\n\r\n",
    ],
)
def test_heads_that_are_not_learned(data):
    full = data if data.endswith(b"\r\n\r\n") or b"close" in data else b""
    request = read(full or sdk_request("Python", "GetItem", BODY))
    assert request is not None
    assert head_of(data, request) is None


@pytest.mark.parametrize("sdk", SDKS)
def test_a_head_whose_body_comes_later(sdk):
    known = known_head(sdk_request(sdk, "GetItem", BODY))
    heads = KnownHeads()
    heads.add(known)
    head = sdk_request(sdk, "GetItem", BODY, 7).removesuffix(BODY)
    assert known.is_head(head)
    assert heads.has_head(head)
    for other in (b"", head[:-1], head + b"{", head.replace(b"POST", b"PUT "), head + BODY):
        assert not known.is_head(other)
        assert not heads.has_head(other)
    assert not known.is_head(head.replace(b": %d\r" % len(BODY), b": xy\r"))


def test_the_number_of_heads_is_bounded():
    heads = KnownHeads()
    for number in range(2000):
        heads.add(known_head(sdk_request("Python", "GetItem", BODY, Other=f"{'x' * number}")))
    for number in range(100):
        heads.add(known_head(sdk_request("Python", "GetItem", BODY, Other=f"{number:09}")))
    assert sum(map(len, heads._by_size.values())) < 100
    last = sdk_request("Python", "GetItem", BODY, Other=f"{99:09}")
    found = heads.find(last)
    assert found is not None
    assert found[1] == BODY
    assert heads.find(sdk_request("Python", "GetItem", BODY, Other=f"{1:09}")) is None


# --- answers ---

TABLE = {
    "TableName": "orders",
    "KeySchema": [{"AttributeName": "pk", "KeyType": "HASH"}],
    "AttributeDefinitions": [{"AttributeName": "pk", "AttributeType": "S"}],
    "BillingMode": "PAY_PER_REQUEST",
}
VALUES = (
    st.builds(lambda text: {"S": text}, st.text(max_size=5))
    | st.builds(lambda number: {"N": str(number)}, st.integers(-100, 100))
    | st.sampled_from([
        {"B": "eA=="}, {"BOOL": True}, {"NULL": True}, {"SS": ["b", "a"]}, {"L": [{"S": "\ud800"}]},
        {"M": {"é": {"N": "1.50"}}}, {"S": "x" * 5000}, {"X": "y"}, {},
    ])
)  # fmt: skip
KEYS = st.sampled_from(["a", "b", "c", ""])


@st.composite
def calls(draw) -> tuple[str, bytes]:
    operation = draw(st.sampled_from(["GetItem", "PutItem", "Query", "Scan", "ListTables"]))
    request: dict[str, object] = {}
    if operation != "ListTables":
        request["TableName"] = draw(st.sampled_from(["orders", "orders", "orders", "none", "x"]))
    key = {"pk": {"S": draw(KEYS)}}
    if operation == "GetItem":
        request["Key"] = key
    elif operation == "PutItem":
        request["Item"] = key | draw(st.dictionaries(st.sampled_from("vw"), VALUES, max_size=2))
    elif operation == "Query":
        request["KeyConditionExpression"] = "pk = :p"
        request["ExpressionAttributeValues"] = {":p": key["pk"]}
    if draw(st.booleans()):
        request["ReturnConsumedCapacity"] = draw(st.sampled_from(["TOTAL", "NONE", "SOME"]))
    body = json.dumps(request).encode()
    return operation, draw(st.sampled_from([body, body, body, body, b"", b"[]", b"{", b" " + body]))


@given(st.sampled_from(["identity", "gzip"]), st.lists(calls(), max_size=12))
def test_answers_are_those_of_unknown_heads(encoding, made):
    made = [("CreateTable", json.dumps(TABLE).encode()), ("DescribeTable", BODY), *made]
    with freeze_time("2026-01-01"):
        answered = [
            answers(made, encoding, knows_heads=knows_heads) for knows_heads in (False, True)
        ]
    assert answered[0] == answered[1]


def answers(
    made: list[tuple[str, bytes]], encoding: str, *, knows_heads: bool
) -> tuple[list[bytes], list[str]]:
    """What is answered, and the log."""
    log: list[str] = []
    application = Application(Backends(), log=log.append)
    answered = []
    for operation, body in made:
        request = read(sdk_request("Python", operation, body, 0, **{"Accept-Encoding": encoding}))
        assert request is not None
        answer = application.body_answer(request)
        assert answer is not None
        response = answer(body) if knows_heads else None
        if response is None:
            usual = application.answer(request, "127.0.0.1")
            assert usual is not None
            response = response_bytes(usual, keeps_connection=True)
        answered.append(response)
    return answered, log


@pytest.mark.parametrize(
    "fields",
    [
        {"Content-Type": "application/json"},
        {"Origin": "https://shop.example"},
        {"Content-Encoding": "gzip"},
        {"X-Amz-Target": "DynamoDB_20120810.Nothing"},
        {"X-Amz-Target": "AmazonDAXV3.DescribeClusters"},
        {"Authorization": "AWS4-HMAC-SHA256 Signature=1"},
        {"Host": "elsewhere.example"},
        {"Expect": "100-continue"},
    ],
)
def test_unusual_requests_are_always_answered_the_usual_way(fields):
    request = read(sdk_request("Python", "GetItem", BODY, 0, **fields))
    assert request is not None
    assert Application().body_answer(request) is None


@pytest.mark.parametrize(
    "first_line", [b"PUT / ", b"POST /?x=y ", b"POST /_ddbmock/faults ", b"POST /console "]
)
def test_so_are_requests_of_other_methods_and_paths(first_line):
    request = read(sdk_request("Python", "GetItem", BODY).replace(b"POST / ", first_line))
    assert request is not None
    assert Application().body_answer(request) is None


def test_so_are_large_requests_and_those_that_call_functions():
    request = read(sdk_request("Python", "ListTables", b"{}"))
    assert request is not None
    answer = Application().body_answer(request)
    assert answer is not None
    assert answer(b"{}" + b" " * 200_000) is None
    with mock_dynamodb() as ddb:
        assert (answer(b"{}") or b"").startswith(b"HTTP/1.1 200 OK")
        ddb._service.backend.after_call.append(lambda: None)
        assert answer(b"{}") is None


def test_a_fault_that_closes_the_connection():
    request = read(sdk_request("Python", "GetItem", BODY))
    assert request is not None
    answer = Application().body_answer(request)
    assert answer is not None
    body = b'{"TableName": "orders", "Key": {"pk": {"S": "a"}}}'
    with mock_dynamodb() as ddb:
        ddb.faults.add(error="ReadTimeoutError", times=1)
        assert answer(body) == b""
        assert b"ResourceNotFoundException" in (answer(body) or b"")
