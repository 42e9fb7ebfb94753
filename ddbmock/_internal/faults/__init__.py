"""Faults: calls that fail as they do in production, because a test asks for it.

    errors      an error of the service by its code: text, members, reasons
    selector    which calls a fault is about
    fault       one fault: when it happens, and what happens
    unprocessed members of a batch that are left undone
    chaos       failures at random, as a seed chooses
    faults      the faults of a mock, and the stages that make them happen

1. A fault happens at each *attempt*: a call that botocore repeats three times is four attempts.
2. Without faults no stage is attached, and calls cost what they cost.
3. Faults strike the program's calls of the data plane. Other operations have to be named, and what
   a test does by itself (`load`, `set_up`, `tables[...]`) is never struck.
"""

from __future__ import annotations

from ddbmock._internal.faults.fault import Fault
from ddbmock._internal.faults.faults import Faults, attach

__all__ = ["Fault", "Faults", "attach"]
