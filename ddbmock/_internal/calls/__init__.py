"""The recorded calls of a mock, in order: their requests, consumed capacity and errors."""

from __future__ import annotations

from ddbmock._internal.calls.budget import Budget
from ddbmock._internal.calls.display import Display, counted, item_text, shorten
from ddbmock._internal.calls.kinds import CallKind
from ddbmock._internal.calls.log import STORED_CALLS, CallLog, LogPosition
from ddbmock._internal.calls.recorded import RecordedCall, RecordedError
from ddbmock._internal.calls.sequence import Calls
from ddbmock._internal.calls.stale_reads import StaleReads
from ddbmock._internal.calls.totals import Totals
from ddbmock._internal.calls.units import TableUnits, Units, UnitTotals, number_text, units_text

__all__ = [
    "STORED_CALLS",
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
