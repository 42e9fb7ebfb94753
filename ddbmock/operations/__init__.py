"""One plain function an API operation; importing this package registers them all."""

from __future__ import annotations

from ddbmock.operations import (
    batches,
    endpoints,
    items,
    queries,
    statement_transactions,
    statements,
    streams,
    tables,
    tags,
    transactions,
    ttl,
    update_table,
)
from ddbmock.operations.registry import OPERATIONS, Call, operation

__all__ = [
    "OPERATIONS",
    "Call",
    "batches",
    "endpoints",
    "items",
    "operation",
    "queries",
    "statement_transactions",
    "statements",
    "streams",
    "tables",
    "tags",
    "transactions",
    "ttl",
    "update_table",
]
