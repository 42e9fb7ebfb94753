"""Adds up what the calls of a boto3 client cost, by asking the service in every call.

Hangs on two of botocore's events, as tracing and cost tools do: one adds `ReturnConsumedCapacity`
to each call that takes it, the other reads the responses.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from typing import Any

_READS = ("Get", "Query", "Scan", "BatchGet", "TransactGet")
_INDEX_GROUPS = ("GlobalSecondaryIndexes", "LocalSecondaryIndexes")


class Meter:
    """Counts a client's calls, the items they moved and the capacity they used."""

    def __init__(self, client: Any) -> None:
        self.calls: Counter[str] = Counter()
        self.errors: Counter[str] = Counter()
        self.items_read = 0
        #: (table or index name, "read" or "write") -> capacity units
        self.units: defaultdict[tuple[str, str], float] = defaultdict(float)
        client.meta.events.register("before-parameter-build.dynamodb.*", self._ask)
        client.meta.events.register("after-call.dynamodb.*", self._read)

    @property
    def call_count(self) -> int:
        """How many calls were made."""
        return sum(self.calls.values())

    def names(self) -> list[str]:
        """The table, then its indexes."""
        return sorted({name for name, _ in self.units}, key=lambda name: ("/" in name, name))

    def _ask(self, params: dict[str, Any], model: Any, **_: Any) -> None:
        if "ReturnConsumedCapacity" in model.input_shape.members:
            params.setdefault("ReturnConsumedCapacity", "INDEXES")

    def _read(self, model: Any, parsed: dict[str, Any], **_: Any) -> None:
        self.calls[model.name] += 1
        if "Error" in parsed:
            self.errors[parsed["Error"]["Code"]] += 1
        self.items_read += _item_count(parsed)
        consumed = parsed.get("ConsumedCapacity", [])
        direction = "read" if model.name.startswith(_READS) else "write"
        for entry in consumed if isinstance(consumed, list) else [consumed]:
            for name, units in _parts(entry):
                self.units[name, direction] += units


def _parts(entry: dict[str, Any]) -> list[tuple[str, float]]:
    """The table's own part of a ConsumedCapacity, and that of each index."""
    table_name = entry["TableName"]
    own = entry.get("Table", {}).get("CapacityUnits", 0.0)
    return [(table_name, own)] + [
        (f"{table_name}/{index_name}", part["CapacityUnits"])
        for group in _INDEX_GROUPS
        for index_name, part in entry.get(group, {}).items()
    ]


def _item_count(parsed: dict[str, Any]) -> int:
    responses = parsed.get("Responses", {})
    if isinstance(responses, dict):
        return len(parsed.get("Items", ())) + ("Item" in parsed) + sum(map(len, responses.values()))
    return sum("Item" in response for response in responses)
