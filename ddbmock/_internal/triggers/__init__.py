"""Triggers: functions that get a table's changes, as Lambda's event source mappings deliver them.

https://docs.aws.amazon.com/lambda/latest/dg/with-ddb.html

1. Nothing here writes to a table; handlers do, by the clients of the program under test.
2. No handler runs while the backend's lock is held, or within another handler.
"""

from __future__ import annotations

from ddbmock._internal.triggers.delivery import Triggers, attach
from ddbmock._internal.triggers.mapping import Delivery
from ddbmock._internal.triggers.options import Handler, TriggerArguments, TriggerOptions
from ddbmock._internal.triggers.trigger import Trigger

__all__ = [
    "Delivery",
    "Handler",
    "Trigger",
    "TriggerArguments",
    "TriggerOptions",
    "Triggers",
    "attach",
]
