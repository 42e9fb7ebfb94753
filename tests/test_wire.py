"""Bodies, targets and headers of JSON 1.0 over HTTP."""

from __future__ import annotations

import zlib
from datetime import datetime, timezone

import pytest

from ddbmock._internal import wire
from ddbmock._internal.errors import (
    ConditionalCheckFailedError,
    SerializationError,
    TransactionCanceledError,
    ValidationError,
)


@pytest.mark.parametrize(
    ("header", "expected"),
    [
        ("DynamoDB_20120810.PutItem", ("dynamodb", "PutItem")),
        (b"DynamoDBStreams_20120810.GetRecords", ("dynamodbstreams", "GetRecords")),
        ("AmazonSQS.SendMessage", None),
        ("DynamoDB_20120810", ("dynamodb", "")),
        ("", None),
        (None, None),
    ],
)
def test_targets(header: str | bytes | None, expected: tuple[str, str] | None) -> None:
    assert wire.parse_target(header) == expected


@pytest.mark.parametrize("body", [b'{"a": "\xc3\xbc"}', '{"a": "\u00fc"}', b'{"a": "\\u00fc"}'])
def test_requests(body: bytes | str) -> None:
    assert wire.decode_request(body) == {"a": "\u00fc"}


@pytest.mark.parametrize("body", [b"", None, "{}"])
def test_empty_requests(body: bytes | str | None) -> None:
    assert wire.decode_request(body) == {}


@pytest.mark.parametrize("body", [b"{", b"[]", b"5", b"\xff", "null", b'{"a":', b'{"a": x}'])
def test_requests_that_are_none(body: bytes | str) -> None:
    with pytest.raises(SerializationError):
        wire.decode_request(body)


def test_responses() -> None:
    moment = datetime(2026, 1, 1, tzinfo=timezone.utc)
    response = {"b": b"\x00", "bs": [b"a"], "at": moment, "n": 1.5, "s": "\u00fc"}
    encoded = '{"b":"AA==","bs":["YQ=="],"at":1767225600.0,"n":1.5,"s":"\u00fc"}'
    assert wire.encode(response) == encoded.encode()
    with pytest.raises(TypeError, match="a response holds set"):
        wire.encode({"s": {1}})


def test_errors() -> None:
    assert (
        wire.encode_error(ValidationError("no"))
        == b'{"__type":"com.amazon.coral.validate#ValidationException","message":"no"}'
    )
    assert wire.encode_error(ConditionalCheckFailedError("no", Item={"b": {"B": b"x"}})) == (
        b'{"__type":"com.amazonaws.dynamodb.v20120810#ConditionalCheckFailedException",'
        b'"Item":{"b":{"B":"eA=="}},"message":"no"}'
    )
    assert b'"Message":"no"' in wire.encode_error(TransactionCanceledError("no"))
    assert (
        wire.encode_error(SerializationError(""))
        == b'{"__type":"com.amazon.coral.service#SerializationException"}'
    )


def test_answers() -> None:
    response = wire.http_response({"TableNames": []}, "ID", 0)
    assert (response.status_code, response.body) == (200, b'{"TableNames":[]}')
    assert response.headers == {
        "server": "Server",
        "date": "Thu, 01 Jan 1970 00:00:00 GMT",
        "content-type": "application/x-amz-json-1.0",
        "x-amzn-requestid": "ID",
        "content-length": "17",
        "connection": "keep-alive",
        "x-amz-crc32": str(zlib.crc32(response.body)),
    }
    assert wire.http_response(ValidationError("no"), "ID", 0).status_code == 400
