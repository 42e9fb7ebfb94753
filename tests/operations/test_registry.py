from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from ddbmock.operations import OPERATIONS, operation

if TYPE_CHECKING:
    from ddbmock.access.call import Call


def test_every_listed_operation_is_there() -> None:
    for name, found in OPERATIONS.items():
        assert found.name == name
    assert len(OPERATIONS) == len(list(OPERATIONS))


def test_what_is_not_listed_is_not_there() -> None:
    assert "CreateBackup" not in OPERATIONS
    assert OPERATIONS.get("CreateBackup") is None


def test_an_operation_stands_where_it_is_listed() -> None:
    with pytest.raises(ValueError, match="PutItem is listed under items, and stands in"):

        @operation("PutItem", "")
        def put_item(call: Call) -> dict[str, object]:
            return {}
