"""Requests of companions in one form for all protocols: times are epoch seconds."""

from __future__ import annotations

from typing import Any

from botocore.utils import parse_to_aware_datetime


def canonical(value: Any, shape: Any) -> Any:
    """Return a copy of a request, or of a part of it, with times as seconds since the epoch."""
    kind = None if shape is None else shape.type_name
    if kind == "structure" and isinstance(value, dict):
        members = shape.members
        return {
            name: canonical(part, members.get(name))
            for name, part in value.items()
            if part is not None
        }
    if kind == "list" and isinstance(value, list | tuple):
        return [canonical(part, shape.member) for part in value]
    if kind == "map" and isinstance(value, dict):
        return {key: canonical(part, shape.value) for key, part in value.items()}
    if kind == "timestamp":
        return parse_to_aware_datetime(value).timestamp()
    return value
