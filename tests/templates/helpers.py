"""Helpers of the tests of templates."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from ddbmock._internal.templates import Tables
    from ddbmock._internal.templates.contents import TableSpec


def skipped_names(tables: Tables) -> list[str]:
    """Return the names of skipped parts, without the reasons."""
    return [text.partition(": ")[0] for text in tables.skipped]


def requests_of(spec: TableSpec, operation: str) -> list[dict[str, Any]]:
    """Return the requests of one operation that set up a table."""
    return [setting.request for setting in spec.settings if setting.operation == operation]
