"""The recorded calls of a mock: what was requested, in order, and what it consumed."""

from __future__ import annotations

from ddbmock.calls.budget import Budget
from ddbmock.calls.display import Display, counted, item_text, shorten
from ddbmock.calls.kinds import CallKind
from ddbmock.calls.log import KEPT_CALLS, CallLog, LogPosition
from ddbmock.calls.recorded import RecordedCall, RecordedError
from ddbmock.calls.sequence import Calls
from ddbmock.calls.stale_reads import StaleReads
from ddbmock.calls.totals import Totals
from ddbmock.calls.units import TableUnits, Units, UnitTotals, number_text, units_text

__all__ = [
    "KEPT_CALLS",
    "Budget",
    "CallKind",
    "CallLog",
    "Calls",
    "Display",
    "LogPosition",
    "RecordedCall",
    "RecordedError",
    "StaleReads",
    "TableUnits",
    "Totals",
    "UnitTotals",
    "Units",
    "counted",
    "item_text",
    "number_text",
    "shorten",
    "units_text",
]
