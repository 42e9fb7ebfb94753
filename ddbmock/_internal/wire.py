"""JSON 1.0 over HTTP: decoding of requests, encoding of responses and errors, the target header.

1. This module knows the protocol, but nothing of botocore, of tables or of operations.
2. Attribute values are not interpreted: base64 text in requests stays text (`engine.values` decodes
   it), bytes in responses become base64 text.
"""

from __future__ import annotations

import base64
import json
import zlib
from datetime import datetime
from email.utils import formatdate
from functools import lru_cache
from typing import Any, NamedTuple, NoReturn

from ddbmock._internal.errors import SerializationError, ServiceError

CONTENT_TYPE = "application/x-amz-json-1.0"
TARGET_HEADER = "X-Amz-Target"
HTTP_OK = 200

#: Larger requests are refused before they are parsed.
MAX_REQUEST_BYTES = 16 * 1024 * 1024
#: Larger responses are compressed for clients that can take it; errors never are.
COMPRESSED_ABOVE_BYTES = 4096

#: Content encoding -> the format's number in zlib. Both are taken in requests and used in
#: responses.
_ZLIB_FORMATS = {"gzip": 16 + zlib.MAX_WBITS, "deflate": zlib.MAX_WBITS}

#: The part of the target header before the operation -> the service's name in botocore.
SERVICES_BY_TARGET = {
    "DynamoDB_20120810": "dynamodb",
    "DynamoDBStreams_20120810": "dynamodbstreams",
}
#: The same for companions.
COMPANIONS_BY_TARGET = {
    "GraniteServiceVersion20100801": "cloudwatch",
    "AnyScaleFrontendService": "application-autoscaling",
    "AmazonDAXV3": "dax",
}


class HttpResponse(NamedTuple):
    """The HTTP response to one request."""

    status_code: int
    headers: dict[str, str]
    body: bytes


def parse_target(header: str | bytes | None) -> tuple[str, str] | None:
    """Return the service and the operation in a target header, if it is DynamoDB's.

    >>> parse_target("DynamoDB_20120810.PutItem")
    ('dynamodb', 'PutItem')
    """
    if header is None:
        return None
    text = header.decode("latin-1") if isinstance(header, bytes) else header
    prefix, _, operation_name = text.partition(".")
    service_name = SERVICES_BY_TARGET.get(prefix)
    return None if service_name is None else (service_name, operation_name)


def parse_companion_target(header: str | None) -> tuple[str, str] | None:
    """Return the service and the operation in a target header, if it is a companion's.

    >>> parse_companion_target("AmazonDAXV3.CreateCluster")
    ('dax', 'CreateCluster')
    """
    prefix, _, operation_name = (header or "").partition(".")
    service_name = COMPANIONS_BY_TARGET.get(prefix)
    return None if service_name is None else (service_name, operation_name)


class TooLargeError(Exception):
    """A request is larger than the service takes."""


class UnknownEncodingError(Exception):
    """A request has an unknown content encoding."""


def decompress(body: bytes, content_encoding: str) -> bytes:
    """Return a request's body without its content encoding.

    >>> decompress(zlib.compress(b"{}"), "deflate")
    b'{}'

    Raises:
        SerializationError: The body is not encoded as it says.
        TooLargeError: It would become larger than a request may be.
        UnknownEncodingError: The encoding is neither gzip nor deflate.
    """
    encoding = content_encoding.strip().lower()
    if encoding in {"", "identity"}:
        return body
    if encoding not in _ZLIB_FORMATS:
        raise UnknownEncodingError(content_encoding)
    unpacking = zlib.decompressobj(_ZLIB_FORMATS[encoding])
    try:
        unpacked = unpacking.decompress(body, MAX_REQUEST_BYTES + 1)
    except zlib.error:
        raise SerializationError("") from None
    if len(unpacked) > MAX_REQUEST_BYTES:
        raise TooLargeError
    if not unpacking.eof:
        raise SerializationError("")
    return unpacked


def _refuse_constant(name: str) -> NoReturn:
    """Refuse NaN and Infinity, which Python would take for JSON."""
    raise ValueError(name)


_decoder = json.JSONDecoder(parse_constant=_refuse_constant)
#: What `decode` itself uses, without its search for blanks around the value: botocore sends none.
_scan_json = _decoder.scan_once  # type: ignore[attr-defined]


def decode_request(body: bytes | str | None) -> dict[str, Any]:
    """Return the request in a body.

    >>> decode_request(b'{"TableName": "orders"}')
    {'TableName': 'orders'}

    Raises:
        SerializationError: The body is not a JSON object.
    """
    try:
        text = body.decode()  # type: ignore[union-attr] # else it is an AttributeError
        request, end = _scan_json(text, 0)
        if end == len(text) and request.__class__ is dict:
            return request
    except (AttributeError, ValueError, StopIteration, RecursionError):
        pass  # no UTF-8, no JSON, thousands of brackets, or just not what botocore sends
    return _decode_any(body)


def _decode_any(body: bytes | str | None) -> dict[str, Any]:
    """Return the request in a body that may begin or end with blanks, be a text, or be none."""
    try:
        text = (body.decode() if isinstance(body, bytes) else body) or "{}"
        request = _decoder.decode(text)
    except (ValueError, RecursionError):
        raise SerializationError("") from None
    if not isinstance(request, dict):
        raise SerializationError("")
    return request


def _jsonable(value: object) -> object:
    if isinstance(value, bytes | bytearray):
        return base64.b64encode(value).decode("ascii")
    if isinstance(value, datetime):
        return value.timestamp()
    raise TypeError(f"a response holds {type(value).__name__}: {value!r}")


# Responses are trees; one that holds itself would be a RecursionError.
_write_json = json.JSONEncoder(
    default=_jsonable, separators=(",", ":"), ensure_ascii=False, check_circular=False
).encode


def encode(response: dict[str, Any]) -> bytes:
    """Return the body of a response in Python form.

    >>> encode({"Item": {"b": {"B": b"x"}}})
    b'{"Item":{"b":{"B":"eA=="}}}'
    """
    # Half of a surrogate pair, which JSON can say and UTF-8 cannot, goes out as a question mark.
    return _write_json(response).encode("utf-8", "replace")


def encode_error(error: ServiceError) -> bytes:
    """Return the body of an error: its qualified type, its members and its text.

    In this order the service was seen to write a cancelled transaction.
    """
    type_name = error.type_prefix + (error.type_name or error.code)
    body: dict[str, Any] = {"__type": type_name, **error.members}
    if error.message:
        body[error.message_member] = error.message
    return encode(body)


@lru_cache(maxsize=1)
def http_date(epoch_seconds: int) -> str:
    """Return a time in the form of the Date header; cached for a second.

    >>> http_date(0)
    'Thu, 01 Jan 1970 00:00:00 GMT'
    """
    return formatdate(epoch_seconds, usegmt=True)


def common_headers(request_id: str, epoch_seconds: int) -> dict[str, str]:
    """Return the headers that every response has, in the service's order."""
    return {
        "server": "Server",
        "date": http_date(epoch_seconds),
        "content-type": CONTENT_TYPE,
        "x-amzn-requestid": request_id,
    }


def http_response(
    outcome: dict[str, Any] | ServiceError, request_id: str, epoch_seconds: int
) -> HttpResponse:
    """Return the HTTP response for what an operation returned or raised."""
    if not isinstance(outcome, ServiceError):
        return response_with(encode(outcome), request_id, epoch_seconds)
    response = response_with(
        encode_error(outcome), request_id, epoch_seconds, status_code=outcome.http_status
    )
    if outcome.type_name:
        # Of services whose errors had other names in the query protocol, which clients still use.
        response.headers["x-amzn-query-error"] = f"{outcome.code};Sender"
    return response


def response_with(
    body: bytes, request_id: str, epoch_seconds: int, *, status_code: int = HTTP_OK
) -> HttpResponse:
    """Return the HTTP response with a body."""
    headers = common_headers(request_id, epoch_seconds)
    headers["content-length"] = str(len(body))
    headers["connection"] = "keep-alive"
    headers["x-amz-crc32"] = str(zlib.crc32(body))
    return HttpResponse(status_code, headers, body)


def compressed(response: HttpResponse, accept_encoding: str) -> HttpResponse:
    """Return a response, compressed if the client accepts it.

    The checksum is that of the bytes on the wire, as clients compute it before they decompress.
    """
    encoding = _accepted_encoding(accept_encoding)
    if encoding is None or response.status_code != HTTP_OK:
        return response
    if len(response.body) <= COMPRESSED_ABOVE_BYTES:
        return response
    packing = zlib.compressobj(wbits=_ZLIB_FORMATS[encoding])
    body = packing.compress(response.body) + packing.flush()
    headers = {
        **response.headers,
        "content-encoding": encoding,
        "content-length": str(len(body)),
        "x-amz-crc32": str(zlib.crc32(body)),
    }
    return HttpResponse(response.status_code, headers, body)


def _accepted_encoding(accept_encoding: str) -> str | None:
    """Return the encoding to use for what an Accept-Encoding header says.

    >>> _accepted_encoding("br, deflate, GZIP;q=0.5"), _accepted_encoding("gzip;q=0")
    ('gzip', None)
    """
    accepted = set()
    for part in accept_encoding.lower().split(","):
        name, _, parameter = part.partition(";")
        if parameter.replace(" ", "") not in {"q=0", "q=0.0", "q=0.00", "q=0.000"}:
            accepted.add(name.strip())
    return next((name for name in _ZLIB_FORMATS if name in accepted), None)
