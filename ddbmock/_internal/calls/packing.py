"""Copies of responses and errors: immutable, in one piece of memory, of known size."""

from __future__ import annotations

import pickle
from typing import Any


def pack(value: Any) -> bytes:
    """Return a copy of a value that belongs to the caller, who may change it."""
    return pickle.dumps(value, pickle.HIGHEST_PROTOCOL)


def unpack(packed: bytes) -> Any:
    """Return a copy of what was packed.

    >>> unpack(pack({"TableName": "orders"}))
    {'TableName': 'orders'}
    """
    return pickle.loads(packed)  # noqa: S301 (packed by this process)
