"""The bodies of responses, whose items are as they are stored: these are written as JSON at once.

Everything else is written by `wire.encode`, with the same result: a property test asserts it.
"""

from __future__ import annotations

from typing import Any

from ddbmock._internal import wire
from ddbmock._internal.engine.items import StoredItem, json_texts


def encode(response: dict[str, Any]) -> bytes:
    """Return the body of a response that may have `StoredItem`s as its `Item` or `Items`.

    >>> encode({"Count": 1, "Items": [StoredItem({"pk": {"S": "a"}}, 3)]})
    b'{"Count":1,"Items":[{"pk":{"S":"a"}}]}'
    """
    if not response:
        return b"{}"
    item, items = response.get("Item"), response.get("Items")
    if isinstance(item, StoredItem):
        if len(response) == 1:
            return f'{{"Item":{item.json_text()}}}'.encode("utf-8", "replace")
    elif not items or items[0].__class__ is not StoredItem:
        return wire.encode(response)
    return b"{%b}" % b",".join([_member(name, value) for name, value in response.items()])


def _member(name: str, value: Any) -> bytes:
    if name == "Item":
        text = f'"Item":{value.json_text()}'
    elif name == "Items":
        text = f'"Items":[{",".join(json_texts(value))}]'
    elif value.__class__ is int:
        text = f'"{name}":{value}'
    else:
        return wire.encode({name: value})[1:-1]
    # Half of a surrogate pair goes out as a question mark, as in `wire`.
    return text.encode("utf-8", "replace")
