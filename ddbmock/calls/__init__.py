"""The recorded calls of a mock: what was asked, in order, and what it cost. Bounded and lean."""

from __future__ import annotations

from ddbmock.calls.lines import call_line, call_lines, item_text, shorten
from ddbmock.calls.log import KEPT_CALLS, CallLog
from ddbmock.calls.questions import Calls, Kind, Totals
from ddbmock.calls.recorded import RecordedCall, RecordedError
from ddbmock.calls.units import TableUnits, Units, UnitTotals, number_text, units_text

__all__ = [
    "KEPT_CALLS",
    "CallLog",
    "Calls",
    "Kind",
    "RecordedCall",
    "RecordedError",
    "TableUnits",
    "Totals",
    "UnitTotals",
    "Units",
    "call_line",
    "call_lines",
    "item_text",
    "number_text",
    "shorten",
    "units_text",
]
