"""Faults: calls that fail as they do in production, as a test specifies.

    errors      an error of the service by its code: text, members, reasons
    selector    the calls that a fault affects
    fault       one fault: its calls, its schedule and its effects
    unprocessed members of a batch that are left unprocessed
    chaos       failures at random, as a seed chooses
    faults      the faults of a mock, and the stages that apply them

1. A fault applies to *attempts*: a call that botocore repeats three times is four attempts.
2. Without faults no stage is attached, and calls have no further cost.
3. Faults affect the program's calls of the data plane. Other operations must be named, and requests
   of the test itself (`load`, `set_up`, `tables[...]`) are never affected.
"""

from __future__ import annotations

from ddbmock._internal.faults.fault import Fault
from ddbmock._internal.faults.faults import Faults, attach

__all__ = ["Fault", "Faults", "attach"]
