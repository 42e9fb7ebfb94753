"""Whether a call belongs to a companion. The hook imports this module, so it imports little."""

from __future__ import annotations

from enum import Enum


class Ownership(Enum):
    """Which mock of a service a call belongs to."""

    #: This companion.
    OWN = "own"
    #: Another mock: it is about a part of the service that the companion does not have.
    OTHER = "other"
    #: This companion and others: the responses are merged.
    SHARED = "shared"
    #: Unknown: it names a resource that the companion does not have, but others may.
    UNKNOWN = "unknown"
