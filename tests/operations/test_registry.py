from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from ddbmock._internal.operations import OPERATIONS, Capacity, Plane, operation
from ddbmock._internal.operations.model import members_by_operation

if TYPE_CHECKING:
    from ddbmock._internal.access.door import Door
    from ddbmock._internal.access.intent import Intent


def test_every_listed_operation_is_there() -> None:
    for name, found in OPERATIONS.items():
        assert found.name == name
    assert len(OPERATIONS) == len(list(OPERATIONS))


def test_what_is_not_listed_is_not_there() -> None:
    assert "DescribeFuture" not in OPERATIONS
    assert OPERATIONS.get("DescribeFuture") is None


def test_a_row_names_parameters_of_the_model() -> None:
    for name, row in OPERATIONS.items():
        assert row.not_supported <= members_by_operation()[name]
        assert row.parameters == members_by_operation()[name] - row.not_supported


def test_capacity_is_reported_where_it_can_be_requested() -> None:
    for row in OPERATIONS.values():
        is_requested = "ReturnConsumedCapacity" in row.parameters
        assert is_requested == (row.capacity is not Capacity.NONE), row.name


def test_an_operation_is_defined_where_it_is_listed() -> None:
    with pytest.raises(ValueError, match="PutItem is listed under items but defined in"):

        @operation("PutItem", plane=Plane.DATA)
        def put_item(intent: Intent, door: Door) -> dict[str, object]:
            return {}
