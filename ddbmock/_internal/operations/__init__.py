"""One plain function an API operation, in modules by what they are about.

`OPERATIONS` has a row for each of them. The modules are imported when they are first needed: a test
that never sends a PartiQL statement does not wait for its grammar.
"""

from __future__ import annotations

from ddbmock._internal.access.operation import Capacity, Operation, Plane
from ddbmock._internal.operations.registry import OPERATIONS, operation

__all__ = ["OPERATIONS", "Capacity", "Operation", "Plane", "operation"]
