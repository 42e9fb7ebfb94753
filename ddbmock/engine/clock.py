"""The one clock of a backend: real by default, and so obedient to freezegun and time-machine.

1. Everything that has a time asks `seconds()`; nothing else in ddbmock looks at the time.
2. Nothing happens by itself. Whoever wants to know of moves of the clock is called after each;
   what comes with time that passes by itself is looked for at the next call.
"""

from __future__ import annotations

import time
from datetime import datetime, timedelta, timezone
from typing import TYPE_CHECKING

from ddbmock import messages
from ddbmock.errors import MisuseError
from ddbmock.times import utc

if TYPE_CHECKING:
    from collections.abc import Callable

#: The real one, also where a test has put another in its place.
_sleep = time.sleep


class Clock:
    """Tells the time to everything that has one; can be frozen and moved forward.

    >>> clock = Clock()
    >>> clock.freeze(datetime(2026, 1, 1, tzinfo=timezone.utc))
    >>> clock.advance(90)
    >>> clock.now().isoformat()
    '2026-01-01T00:01:30+00:00'
    """

    def __init__(self) -> None:
        self._frozen_seconds: float | None = None
        self._offset_seconds = 0.0
        #: Called whenever somebody has moved the clock.
        self.on_move: list[Callable[[], object]] = []

    def seconds(self) -> float:
        """Return the time in seconds since the epoch."""
        if self._frozen_seconds is not None:
            return self._frozen_seconds
        # Looked up in the module at each call, where freezegun and time-machine put their own.
        return time.time() + self._offset_seconds

    def now(self) -> datetime:
        """Return the time as an aware datetime in UTC."""
        return utc(self.seconds())

    @property
    def is_frozen(self) -> bool:
        """Whether the clock was frozen by `freeze` (freezegun and time-machine do not count)."""
        return self._frozen_seconds is not None

    def freeze(self, at: datetime | str | float | None = None) -> None:
        """Stop the clock, at a moment or where it is.

        Args:
            at: A datetime or its ISO 8601 text (without a zone it is UTC), or seconds since the
                epoch.
        """
        if isinstance(at, str):
            at = datetime.fromisoformat(at.replace("Z", "+00:00"))
        if at is None:
            at = self.seconds()
        elif isinstance(at, datetime):
            aware = at if at.tzinfo is not None else at.replace(tzinfo=timezone.utc)
            at = aware.timestamp()
        self._frozen_seconds = float(at)
        self._tell()

    def unfreeze(self) -> None:
        """Let a frozen clock go on from where it stands.

        >>> clock = Clock()
        >>> clock.freeze(0)
        >>> clock.unfreeze()
        >>> clock.is_frozen
        False
        """
        if self._frozen_seconds is not None:
            self._offset_seconds = self._frozen_seconds - time.time()
            self._frozen_seconds = None

    def advance(self, by: float | timedelta = 0.0, *, seconds: float = 0.0) -> None:
        """Move the clock forward; a real one goes on from there, a frozen one stays frozen.

        What is due by then happens before this returns: tables and indexes change their status,
        and items whose time to live is over long enough are deleted.

        >>> clock = Clock()
        >>> clock.freeze(0)
        >>> clock.advance(timedelta(minutes=1))
        >>> clock.advance(seconds=30)
        >>> clock.seconds()
        90.0

        Raises:
            MisuseError: A time that is less than nothing; `freeze(at)` can go back.
        """
        moved = (by.total_seconds() if isinstance(by, timedelta) else float(by)) + seconds
        if moved < 0:
            raise MisuseError(messages.clock_goes_forward(moved))
        if self._frozen_seconds is not None:
            self._frozen_seconds += moved
        else:
            self._offset_seconds += moved
        self._tell()

    def _tell(self) -> None:
        for call in self.on_move:
            call()

    def is_stopped(self) -> bool:
        """Return whether time does not pass: frozen here, by freezegun or by time-machine.

        >>> Clock().is_stopped()
        False
        """
        if self._frozen_seconds is not None:
            return True
        before = time.time()
        # Long enough for the coarsest clock to move; microseconds where the clock is fine.
        _sleep(2 * time.get_clock_info("time").resolution)
        return time.time() == before

    def __str__(self) -> str:
        text = f"{self.now():%Y-%m-%d %H:%M:%S} UTC"
        if self._frozen_seconds is not None:
            return f"{text}, frozen"
        if self._offset_seconds:
            ahead = timedelta(seconds=round(abs(self._offset_seconds)))
            return f"{text}, {ahead} {'ahead' if self._offset_seconds > 0 else 'behind'}"
        return text

    def __repr__(self) -> str:
        return f"<clock: {self}>"
