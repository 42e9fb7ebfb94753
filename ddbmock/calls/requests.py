"""Requests as they are held: the body that was sent, or what was read of it, packed.

To keep a body costs a call nothing. It is read again when somebody looks, which few do.
"""

from __future__ import annotations

import json
from contextlib import suppress
from typing import TYPE_CHECKING, Any

from ddbmock.calls.packing import pack, unpack
from ddbmock.engine.values import AttributeValue, normalize_value
from ddbmock.errors import ServiceError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import TypeAlias

    #: A JSON text; or, in a tuple, what was packed.
    HeldRequest: TypeAlias = "bytes | str | tuple[Any]"

#: The members that map names to attribute values.
_ITEMS = frozenset({"ExclusiveStartKey", "ExpressionAttributeValues", "Item", "Key"})
#: The members that are lists of attribute values, of maps to them, and one value.
_LISTS = frozenset({"AttributeValueList", "Parameters"})
_KEYS = "Keys"
_VALUE = "Value"


def hold(request: dict[str, Any], body: bytes | str | None) -> HeldRequest:
    """Return what is held of a request that was read from a body, if there was one."""
    if body.__class__ is bytes or body.__class__ is str:
        return body
    return (pack(request),)


def read(held: HeldRequest, *, is_typed: bool = True) -> dict[str, Any]:
    """Return a copy of the request, with its attribute values made canonical.

    Args:
        held: What was held of it.
        is_typed: Whether all JSON types were found right; otherwise the values stay as they are.

    >>> read('{"Key": {"pk": {"N": "1.0"}}}'), read(hold({"TableName": "orders"}, None))
    ({'Key': {'pk': {'N': '1'}}}, {'TableName': 'orders'})
    """
    request: dict[str, Any]
    if isinstance(held, tuple):
        request = unpack(held[0])
        return request
    request = json.loads(held)
    if not is_typed:
        return request
    for value in list(_attribute_values(request)):
        # What was refused for its values is shown as it was sent.
        with suppress(ServiceError, AttributeError, TypeError, ValueError):
            normalize_value(value)
    return request


def _attribute_values(node: Any) -> Iterator[AttributeValue]:
    if isinstance(node, list):
        for element in node:
            yield from _attribute_values(element)
    elif isinstance(node, dict):
        for name, member in node.items():
            if name in _ITEMS and isinstance(member, dict):
                yield from member.values()
            elif name in _LISTS and isinstance(member, list):
                yield from member
            elif name == _KEYS and isinstance(member, list):
                for key in member:
                    yield from key.values() if isinstance(key, dict) else ()
            elif name == _VALUE and isinstance(member, dict):
                yield member
            else:
                yield from _attribute_values(member)
