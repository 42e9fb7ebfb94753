"""What a request must look like before its operation runs: JSON types, then model constraints.

`check_serialization` and `check_constraints` serve every operation; `check_create_table` has the
rules of a table's definition that the model does not tell.
"""

from __future__ import annotations

from ddbmock.validation.constraints import check_constraints, constraint_tests
from ddbmock.validation.serialization import check_serialization
from ddbmock.validation.tables import check_create_table

__all__ = ["check_constraints", "check_create_table", "check_serialization", "constraint_tests"]
