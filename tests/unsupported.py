"""Makes ddbmock refuse operations and parameters as unsupported."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from ddbmock._internal.operations import OPERATIONS

if TYPE_CHECKING:
    import pytest


def without(monkeypatch: pytest.MonkeyPatch, name: str, *parameters: str) -> None:
    """Make ddbmock refuse an operation, or some of its parameters, as not supported."""
    if parameters:
        row = OPERATIONS.row(name)
        refused = row.not_supported | set(parameters)
        row = replace(row, not_supported=refused, parameters=row.parameters - refused)
    else:
        row = OPERATIONS.unsupported_row(name)
    monkeypatch.setitem(OPERATIONS.rows, name, row)
