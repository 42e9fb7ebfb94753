"""The way in from botocore: events of every client, answered while a mock is active.

1. This folder alone knows botocore's events, and aiobotocore.
2. The handlers are added once, when this package is imported, and stay; without an active mock they
   return None at once.
3. A call takes the short cut (answered before it is signed and sent) unless somebody could see the
   difference: a program's own handlers on the events in between, or botocore's retry loop. Then it
   goes the whole way as in production, and only the network is replaced.
4. What is replaced in other libraries for the time of a mock is one table, in `replacements`.
"""

from __future__ import annotations

from ddbmock.hook.registration import is_active, set_active
from ddbmock.hook.target import Target

__all__ = ["Target", "is_active", "set_active"]
