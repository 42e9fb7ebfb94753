"""Conflicts: calls that meet a transaction, or a write, that a test holds open.

    held         what is held, and which calls meet it
    conflicts    holding it open: `ddb.open_transaction`, `ddb.open_write`

https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/transaction-apis.html#transaction-conflict-handling
"""

from __future__ import annotations

from ddbmock._internal.conflicts.conflicts import Conflicts, attach

__all__ = ["Conflicts", "attach"]
