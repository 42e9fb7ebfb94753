"""One request on its way through the service: what came, and what it consumed so far."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ddbmock.engine.capacity import Consumed

if TYPE_CHECKING:
    from ddbmock.engine.region import Region

Request = dict[str, Any]
Response = dict[str, Any]


class Call:
    """One request on its way through the service."""

    __slots__ = ("consumed", "is_scan", "operation", "region", "request", "transactional")

    def __init__(self, operation: str, request: Request, region: Region) -> None:
        self.operation = operation
        self.request = request
        self.region = region
        #: What the call consumed so far, by table name; it stays when the call fails later.
        self.consumed: dict[str, Consumed] = {}
        #: Whether a whole table or index was read, from one end: a Scan, or such a statement.
        self.is_scan = operation == "Scan"
        #: Whether read and write units are reported apart.
        self.transactional = False

    def consumed_of(self, table_name: str) -> Consumed:
        """Return what the call consumed of a table, to add to."""
        consumed = self.consumed.get(table_name)
        if consumed is None:
            consumed = self.consumed[table_name] = Consumed(table_name)
        return consumed
