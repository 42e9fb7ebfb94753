"""One plain function an API operation, in modules by what they are about.

`OPERATIONS` lists them all. The modules are imported when they are first needed: a test that never
sends a PartiQL statement does not wait for its grammar.
"""

from __future__ import annotations

from ddbmock.operations.registry import OPERATIONS, operation

__all__ = ["OPERATIONS", "operation"]
