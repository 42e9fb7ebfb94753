"""The section of a failed test's report: its last calls, and the items of the tables."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ddbmock._internal.controller import state_text

if TYPE_CHECKING:
    from ddbmock._internal.calls import Calls, LogPosition
    from ddbmock._internal.service import Service

_SCAN_ORDER = (
    "note: a Scan returns items in the order of a hash of their partition keys,"
    " not in the order in which they were written"
)


def failure_text(service: Service, start: LogPosition | None = None) -> str:
    """Return the calls of a service since a position of its log, and the items of its tables.

    The text is empty when there were no calls and there are no tables.
    """
    calls = service.calls.since(start)
    text = state_text(service, calls)
    return f"{text}\n{_SCAN_ORDER}" if _has_scan_of_several_items(calls) else text


def _has_scan_of_several_items(calls: Calls) -> bool:
    """Return whether a Scan returned several items, which a test may have expected in an order."""
    return any(call.is_scan and (call.item_count or 0) > 1 for call in calls)
