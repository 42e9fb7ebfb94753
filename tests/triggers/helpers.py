"""A handler that notes what it gets, and does what a test tells it to."""

from __future__ import annotations

from typing import Any


def keys_of(event: dict[str, Any]) -> str:
    """The partition keys of an event's records, one letter each."""
    return "".join(record["dynamodb"]["Keys"]["pk"]["S"] for record in event["Records"])


class Handler:
    """Notes the partition keys of each event; fails at events with one of the bad ones."""

    def __init__(self, bad: str = "", response: Any = None) -> None:
        self.bad = bad
        self.response = response
        self.seen: list[str] = []
        self.events: list[dict[str, Any]] = []

    def __call__(self, event: dict[str, Any]) -> Any:
        keys = keys_of(event)
        self.seen.append(keys)
        self.events.append(event)
        if set(keys) & set(self.bad):
            raise ValueError(f"bad: {keys}")
        return self.response(event) if callable(self.response) else self.response
