"""Copies that nobody can change, in one piece of memory where that can be."""

from __future__ import annotations

import marshal
from copy import deepcopy
from typing import Any


def pack(value: Any) -> Any:
    """Return an immutable form of JSON-like values, or a copy where there is more than that."""
    try:
        return marshal.dumps(value)
    except ValueError:  # a date in a description, a dictionary of a program's own kind
        return deepcopy(value)


def unpack(packed: Any) -> Any:
    """Return a copy of what was packed.

    >>> unpack(pack({"TableName": "orders"}))
    {'TableName': 'orders'}
    """
    return marshal.loads(packed) if isinstance(packed, bytes) else deepcopy(packed)  # noqa: S302
