"""One plain function an API operation; importing this package registers them all."""

from __future__ import annotations

from ddbmock.operations import batches, items, queries, streams, tables, transactions
from ddbmock.operations.registry import OPERATIONS, Call, operation

__all__ = [
    "OPERATIONS",
    "Call",
    "batches",
    "items",
    "operation",
    "queries",
    "streams",
    "tables",
    "transactions",
]
