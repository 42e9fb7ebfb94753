"""Whose a call of a companion's service is. This module is light: the hook into botocore has it."""

from __future__ import annotations

from enum import Enum


class Share(Enum):
    """Whose a call is."""

    #: The companion's.
    OWN = "own"
    #: Of a part of the service that the companion does not have.
    FOREIGN = "foreign"
    #: About both: the responses are put together.
    BOTH = "both"
    #: About something that the companion does not know, and that somebody else may.
    UNKNOWN = "unknown"
