"""The one clock of a world: real by default, and so obedient to freezegun and time-machine."""

from __future__ import annotations

import time
from datetime import datetime, timedelta, timezone


class Clock:
    """Tells the time to everything that has one; can be frozen and moved. Nothing sleeps.

    >>> clock = Clock()
    >>> clock.freeze(datetime(2026, 1, 1, tzinfo=timezone.utc))
    >>> clock.advance(90)
    >>> clock.now().isoformat()
    '2026-01-01T00:01:30+00:00'
    """

    def __init__(self) -> None:
        self._frozen_seconds: float | None = None
        self._offset_seconds = 0.0

    def seconds(self) -> float:
        """Return the time in seconds since the epoch."""
        if self._frozen_seconds is not None:
            return self._frozen_seconds
        # Looked up in the module at each call, where freezegun and time-machine put their own.
        return time.time() + self._offset_seconds

    def now(self) -> datetime:
        """Return the time as an aware datetime in UTC."""
        return datetime.fromtimestamp(self.seconds(), tz=timezone.utc)

    def freeze(self, at: datetime | float | None = None) -> None:
        """Stop the clock, at a moment (a naive datetime is UTC) or where it is."""
        if at is None:
            self._frozen_seconds = self.seconds()
        elif isinstance(at, datetime):
            aware = at if at.tzinfo is not None else at.replace(tzinfo=timezone.utc)
            self._frozen_seconds = aware.timestamp()
        else:
            self._frozen_seconds = float(at)

    def advance(self, by: float | timedelta = 0.0, *, seconds: float = 0.0) -> None:
        """Move the clock forward; a real one goes on from there, a frozen one stays frozen."""
        moved = (by.total_seconds() if isinstance(by, timedelta) else float(by)) + seconds
        if self._frozen_seconds is not None:
            self._frozen_seconds += moved
        else:
            self._offset_seconds += moved
