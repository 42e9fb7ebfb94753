"""JSON 1.0 over HTTP: bodies to requests, responses and errors to bodies, and the target header.

1. This is the only module that knows HTTP and JSON. It knows nothing of botocore, of tables or of
   what an operation does.
2. Attribute values are not looked into: base64 text stays text on the way in (the service's value
   reader decodes it), bytes become base64 text on the way out.
"""

from __future__ import annotations

import base64
import json
import zlib
from dataclasses import dataclass
from datetime import datetime
from email.utils import formatdate
from functools import lru_cache
from typing import Any

from ddbmock.errors import SerializationError, ServiceError

CONTENT_TYPE = "application/x-amz-json-1.0"
TARGET_HEADER = "X-Amz-Target"

#: The part of the target header before the operation -> the service's name in botocore.
SERVICES_BY_TARGET = {
    "DynamoDB_20120810": "dynamodb",
    "DynamoDBStreams_20120810": "dynamodbstreams",
}


@dataclass(frozen=True, slots=True)
class HttpAnswer:
    """What goes out for one request."""

    status_code: int
    headers: dict[str, str]
    body: bytes


def parse_target(header: str | bytes | None) -> tuple[str, str] | None:
    """Return the service and the operation that a target header names, if it is one of ours.

    >>> parse_target("DynamoDB_20120810.PutItem")
    ('dynamodb', 'PutItem')
    """
    if header is None:
        return None
    text = header.decode("latin-1") if isinstance(header, bytes) else header
    prefix, _, operation_name = text.partition(".")
    service_name = SERVICES_BY_TARGET.get(prefix)
    return None if service_name is None else (service_name, operation_name)


def decode_request(body: bytes | str | None) -> dict[str, Any]:
    """Return the request in a body.

    >>> decode_request(b'{"TableName": "orders"}')
    {'TableName': 'orders'}

    Raises:
        SerializationError: The body is not a JSON object.
    """
    try:
        request = json.loads((body.decode() if isinstance(body, bytes) else body) or "{}")
    except ValueError:  # no UTF-8, or no JSON
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


def encode(response: dict[str, Any]) -> bytes:
    """Return the body of a response in Python form.

    >>> encode({"Item": {"b": {"B": b"x"}}})
    b'{"Item":{"b":{"B":"eA=="}}}'
    """
    text = json.dumps(response, default=_jsonable, separators=(",", ":"), ensure_ascii=False)
    return text.encode()


def encode_error(error: ServiceError) -> bytes:
    """Return the body of an error: its qualified type, its text and its members."""
    body: dict[str, Any] = {"__type": error.type_prefix + error.code}
    if error.message:
        body[error.message_member] = error.message
    return encode({**body, **error.members})


@lru_cache(maxsize=1)
def http_date(epoch_seconds: int) -> str:
    """Return a moment as the Date header has it; made once a second.

    >>> http_date(0)
    'Thu, 01 Jan 1970 00:00:00 GMT'
    """
    return formatdate(epoch_seconds, usegmt=True)


def common_headers(request_id: str, epoch_seconds: int) -> dict[str, str]:
    """Return the headers that every answer has, in the service's order."""
    return {
        "server": "Server",
        "date": http_date(epoch_seconds),
        "content-type": CONTENT_TYPE,
        "x-amzn-requestid": request_id,
    }


def http_answer(
    outcome: dict[str, Any] | ServiceError, request_id: str, epoch_seconds: int
) -> HttpAnswer:
    """Return the HTTP answer for what an operation returned or raised."""
    if isinstance(outcome, ServiceError):
        status_code, body = outcome.http_status, encode_error(outcome)
    else:
        status_code, body = 200, encode(outcome)
    headers = {
        **common_headers(request_id, epoch_seconds),
        "content-length": str(len(body)),
        "connection": "keep-alive",
        "x-amz-crc32": str(zlib.crc32(body)),
    }
    return HttpAnswer(status_code, headers, body)
