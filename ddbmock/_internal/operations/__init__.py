"""The operations of the API: one function for each, in modules by family.

`OPERATIONS` has a row for each of them. The modules are imported on first use: a test that never
sends a PartiQL statement does not load its grammar.
"""

from __future__ import annotations

from ddbmock._internal.access.operation import Capacity, Operation, Plane
from ddbmock._internal.operations.registry import OPERATIONS, operation

__all__ = ["OPERATIONS", "Capacity", "Operation", "Plane", "operation"]
