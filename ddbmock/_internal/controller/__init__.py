"""The controller of an active mock: its tables, its clock, its recorded calls, its state.

controller   the object that `mock_dynamodb()` yields
regions      the same for one region: its tables and its calls
views        tables, indexes and streams, read without a call
keyed        reads and writes in plain Python values
state_text   all of it as text
"""

from __future__ import annotations

from ddbmock._internal.controller.controller import Controller
from ddbmock._internal.controller.regions import AccountView, RegionView
from ddbmock._internal.controller.state_text import state_text
from ddbmock._internal.controller.views import IndexView, StreamView, TableView

__all__ = [
    "AccountView",
    "Controller",
    "IndexView",
    "RegionView",
    "StreamView",
    "TableView",
    "state_text",
]
