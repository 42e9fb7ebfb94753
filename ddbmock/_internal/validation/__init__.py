"""Validation of requests before their operation runs: JSON types, then model constraints.

`check_serialization` and `check_constraints` serve every operation; `is_valid_request` is the quick
form of the latter. `check_create_table` has the rules of a table's definition that are not in the
model.
"""

from __future__ import annotations

from ddbmock._internal.validation.constraints import check_constraints
from ddbmock._internal.validation.request_tests import (
    compile_test,
    find_test,
    has_types_of,
    is_valid_request,
)
from ddbmock._internal.validation.serialization import check_serialization
from ddbmock._internal.validation.tables import check_create_table

__all__ = [
    "check_constraints",
    "check_create_table",
    "check_serialization",
    "compile_test",
    "find_test",
    "has_types_of",
    "is_valid_request",
]
