"""The description of a table's class.

https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_TableClassSummary.html
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ddbmock._internal.times import timestamp

if TYPE_CHECKING:
    from ddbmock._internal.engine.settings import TableSettings


def table_class_summary(settings: TableSettings) -> dict[str, Any]:
    """Return a TableClassSummary, which is empty if the class was never set."""
    if settings.table_class is None:
        return {}
    summary: dict[str, Any] = {"TableClass": settings.table_class}
    if settings.table_class_changes:
        summary["LastUpdateDateTime"] = timestamp(settings.table_class_changes[-1])
    return summary
