"""The phases of a call, as functions of the call that the service runs in order.

    prepare -> authorize -> before -> admit -> run -> after -> account -> record

`Pipeline` holds the functions (*stages*) in that order. A phase that nothing is attached to has no
stage, so it costs nothing.
"""

from __future__ import annotations

from ddbmock._internal.stages.accounting import report_capacity
from ddbmock._internal.stages.core import prepare, run
from ddbmock._internal.stages.pipeline import Phase, Pipeline, Stage

__all__ = [
    "Phase",
    "Pipeline",
    "Stage",
    "prepare",
    "report_capacity",
    "run",
]
