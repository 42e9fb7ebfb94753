"""Conflicts: calls that conflict with a transaction, or a write, that a test holds open.

    held         the items that are held, and the calls that conflict
    conflicts    `ddb.open_transaction` and `ddb.open_write`

https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/transaction-apis.html#transaction-conflict-handling
"""

from __future__ import annotations

from ddbmock._internal.conflicts.conflicts import Conflicts, attach

__all__ = ["Conflicts", "attach"]
