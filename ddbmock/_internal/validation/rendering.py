"""Values of a request as the service prints them in its texts: Java's toString.

    KeySchemaElement(attributeName=pk, keyType=HASH)

An attribute value is printed as a class name and a hash code; ours is stable, but not Java's.
"""

from __future__ import annotations

import json
import zlib
from base64 import b64encode
from typing import TYPE_CHECKING, Any

from ddbmock._internal.validation.serialization import MODEL_PACKAGE
from ddbmock._internal.validation.shapes import ATTRIBUTE_VALUE, lower_first

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ddbmock._internal.validation.shapes import Shape

#: Members that the service has and its public model does not have.
_HIDDEN_MEMBERS = {"PutRequest": ("workloadProfileName",)}


def quoted(shape: Shape, value: Any) -> str:
    """Return a value as the message of a constraint shows it after "Value "."""
    return "null" if value is None else f"'{printed(shape, value)}'"


def as_json(value: Any) -> str:
    """Return the value as JSON without blanks, as the current layer shows a map.

    >>> as_json({"sea legs": {"Keys": [{"trip": {"S": "t1"}}]}})
    '{"sea legs":{"Keys":[{"trip":{"S":"t1"}}]}}'
    """
    return json.dumps(value, separators=(",", ":"), ensure_ascii=False, default=_base64_text)


def _base64_text(content: bytes) -> str:
    return b64encode(content).decode()


def printed(shape: Shape, value: Any) -> str:
    """Return a value as Java's toString shows it."""
    if value is None:
        return "null"
    if shape.name == ATTRIBUTE_VALUE:
        return f"{MODEL_PACKAGE}.{ATTRIBUTE_VALUE}@{_hash_code(value):x}"
    if shape.type_name == "structure":
        return _printed_structure(shape, value)
    if shape.type_name == "list":
        return f"[{', '.join(printed(shape.member, element) for element in value)}]"
    if shape.type_name == "map":
        entries = (f"{key}={printed(shape.value, entry)}" for key, entry in value.items())
        return "{" + ", ".join(entries) + "}"
    return _printed_scalar(value)


def _hash_code(value: Any) -> int:
    """Return a number for an attribute value, which may be nested too deeply for `repr`."""
    code = 0
    waiting = [value]
    while waiting:
        part = waiting.pop()
        if isinstance(part, dict):
            waiting += [*part.values(), *part]
        elif isinstance(part, list):
            waiting += part
        else:
            code = zlib.crc32(repr(part).encode("utf-8", "surrogatepass"), code)
    return code


def _printed_structure(shape: Shape, value: Mapping[str, Any]) -> str:
    members = [
        f"{lower_first(name)}={printed(member, value.get(name))}"
        for name, member in shape.members.items()
    ]
    members += [f"{name}=null" for name in _HIDDEN_MEMBERS.get(shape.name, ())]
    return f"{shape.name}({', '.join(members)})"


def _printed_scalar(value: Any) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, (bytes, bytearray)):
        size = len(value)
        return f"java.nio.HeapByteBuffer[pos=0 lim={size} cap={size}]"
    return str(value)
