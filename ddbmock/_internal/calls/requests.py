"""Requests as they are stored: the JSON text that was sent, parsed again only when needed.

To store the text costs a call nothing, and to compress a long one a few microseconds. The service
makes attribute values canonical in its own copy of a request, and the model says where in a request
attribute values are; so a request that is parsed later is made canonical in the same places.
"""

from __future__ import annotations

import json
import zlib
from base64 import b64encode
from contextlib import suppress
from typing import TYPE_CHECKING, Any

from ddbmock._internal.engine.values import normalize_value
from ddbmock._internal.errors import ServiceError
from ddbmock._internal.service_model import input_shape

if TYPE_CHECKING:
    from collections.abc import Mapping

    from botocore.model import Shape

_ATTRIBUTE_VALUE = "AttributeValue"
#: Longer texts are stored compressed: batches, whose items have the same names, and large items.
LONG_BODY_BYTES = 4096
#: The prefix of compressed texts, which no JSON has.
_COMPRESSED = zlib.compress(b"", zlib.Z_BEST_SPEED)[:1]


def stored_body(body: bytes | str) -> bytes | str:
    """Return the text of a request as it is stored: compressed if it is long.

    >>> text = b'{"TableName": "%s"}' % (b"x" * 10_000)
    >>> len(stored_body(text)) < 100, read_request("GetItem", stored_body(text)) == json.loads(text)
    (True, True)
    """
    if isinstance(body, bytes) and len(body) > LONG_BODY_BYTES:
        return zlib.compress(body, zlib.Z_BEST_SPEED)
    return body


def request_body(request: Mapping[str, Any], sent: object) -> bytes | str:
    """Return the immutable JSON text of a request: the body that was sent if possible.

    >>> request_body({}, b'{"TableName": "orders"}'), request_body({"TableName": "orders"}, None)
    (b'{"TableName": "orders"}', '{"TableName": "orders"}')
    """
    if isinstance(sent, bytes | str):
        return sent
    return json.dumps(request, default=_json_form)


def _json_form(value: Any) -> str:
    return b64encode(value).decode() if isinstance(value, bytes) else str(value)


def read_request(operation: str, body: bytes | str, *, is_typed: bool = True) -> dict[str, Any]:
    """Return the request in a stored body, with its attribute values made canonical.

    Values that the service refused stay as they were sent, and so does all of a request that was
    refused because a member had the wrong JSON type (`is_typed=False`).

    >>> read_request("GetItem", '{"TableName": "orders", "Key": {"id": {"N": "1.0"}}}')
    {'TableName': 'orders', 'Key': {'id': {'N': '1'}}}
    """
    if isinstance(body, bytes) and body.startswith(_COMPRESSED):
        body = zlib.decompress(body)
    request: dict[str, Any] = json.loads(body)
    if is_typed:
        _normalize(request, input_shape(operation))
    return request


def _normalize(content: Any, shape: Shape) -> None:
    """Make the attribute values in a part of a request canonical."""
    if shape.name == _ATTRIBUTE_VALUE:
        with suppress(ServiceError, AttributeError, TypeError, ValueError):
            normalize_value(content)
    elif shape.type_name == "structure" and isinstance(content, dict):
        for name in content.keys() & shape.members.keys():
            _normalize(content[name], shape.members[name])
    elif shape.type_name == "map" and isinstance(content, dict):
        for value in content.values():
            _normalize(value, shape.value)
    elif shape.type_name == "list" and isinstance(content, list):
        for element in content:
            _normalize(element, shape.member)
