"""The clock of a backend: by default the machine's time, as freezegun and time-machine set it.

1. All times in ddbmock come from `seconds()`.
2. No thread watches the clock. `on_move` is called when the clock was moved; tasks that are due
   because time has passed run at the next call.
"""

from __future__ import annotations

import time
from contextlib import contextmanager
from datetime import datetime, timedelta
from threading import get_ident
from typing import TYPE_CHECKING

from ddbmock._internal import limits
from ddbmock._internal.engine.callbacks import call_each, raise_first
from ddbmock._internal.errors import MisuseError
from ddbmock._internal.locks import new_lock
from ddbmock._internal.messages import misuse as messages
from ddbmock._internal.times import aware, parse_iso, utc

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

#: The real function, even where a test has replaced it.
_sleep = time.sleep
#: Held while a clock is set: a thread's change must not be lost in that of another one. One for all
#: clocks, as each mock has a clock, and few are ever set.
_setting = new_lock()


class Clock:
    """The time of a backend; it can be frozen and moved forward.

    >>> clock = Clock()
    >>> clock.freeze(utc(1_767_225_600))
    >>> clock.advance(90)
    >>> clock.now().isoformat()
    '2026-01-01T00:01:30+00:00'
    """

    def __init__(self) -> None:
        #: Whether every thread has the machine's time and the offset.
        self._is_running = True
        self._frozen_seconds: float | None = None
        self._offset_seconds = 0.0
        #: A thread, and the time that it has in the block of `showing`.
        self._shown: tuple[int, float] | None = None
        #: Called when the clock was frozen or moved.
        self.on_move: list[Callable[[], object]] = []

    def seconds(self) -> float:
        """Return the time in seconds since the epoch."""
        if not self._is_running:
            shown, frozen_seconds = self._shown, self._frozen_seconds
            if shown is not None and shown[0] == get_ident():
                return shown[1]
            if frozen_seconds is not None:
                return frozen_seconds
        # Looked up in the module at each call, where freezegun and time-machine put their own.
        return time.time() + self._offset_seconds

    def now(self) -> datetime:
        """Return the time as an aware datetime in UTC."""
        return utc(self.seconds())

    @property
    def is_frozen(self) -> bool:
        """Whether the clock was frozen by `freeze` (freezegun and time-machine do not count)."""
        return self._frozen_seconds is not None

    @property
    def frozen_seconds(self) -> float | None:
        """The time at which the clock is frozen, None if it is not."""
        return self._frozen_seconds

    @property
    def offset_seconds(self) -> float:
        """How far the clock is ahead of the machine's time while it is not frozen."""
        return self._offset_seconds

    def freeze(self, at: datetime | str | float | None = None) -> None:
        """Stop the clock, at a given time or where it is.

        Args:
            at: A datetime or its ISO 8601 text (without a zone it is UTC), or seconds since the
                epoch.

        Raises:
            MisuseError: This is no time, or none that a datetime can have.
        """
        given_seconds = None if at is None else _seconds_of(at)
        with _setting:
            self._frozen_seconds = self.seconds() if given_seconds is None else given_seconds
            self._is_running = False
        self._report_move()

    def unfreeze(self) -> None:
        """Start a frozen clock again, from where it is.

        >>> clock = Clock()
        >>> clock.freeze(0)
        >>> clock.unfreeze()
        >>> clock.is_frozen
        False
        """
        with _setting:
            if self._frozen_seconds is None:
                return
            self._offset_seconds = self._frozen_seconds - time.time()
            self._frozen_seconds = None
            self._is_running = self._shown is None
        self._report_move()

    def advance(  # noqa: PLR0913 (the units of a timedelta)
        self,
        by: float | timedelta = 0.0,
        *,
        microseconds: float = 0.0,
        milliseconds: float = 0.0,
        seconds: float = 0.0,
        minutes: float = 0.0,
        hours: float = 0.0,
        days: float = 0.0,
        weeks: float = 0.0,
    ) -> None:
        """Move the clock forward; a running clock continues from there, a frozen one stays frozen.

        What is due by then happens before this returns: tables and indexes change their status,
        and items are deleted whose time to live passed long enough ago.

        >>> clock = Clock()
        >>> clock.freeze(0)
        >>> clock.advance(timedelta(minutes=1))
        >>> clock.advance(minutes=1, seconds=30)
        >>> clock.seconds()
        150.0

        Args:
            by: A timedelta, or seconds.
            microseconds: Microseconds; this and the following are added to `by`.
            milliseconds: Milliseconds.
            seconds: Seconds.
            minutes: Minutes.
            hours: Hours.
            days: Days, of 24 hours each.
            weeks: Weeks.

        Raises:
            MisuseError: The sum is negative (`freeze(at)` can go back), or the clock would be
                beyond what a datetime can have.
        """
        moved = by.total_seconds() if isinstance(by, timedelta) else float(by)
        moved += microseconds / 1_000_000 + milliseconds / 1_000
        moved += seconds + 60 * (minutes + 60 * (hours + 24 * (days + 7 * weeks)))
        if moved < 0:
            raise MisuseError(messages.clock_goes_forward(moved))
        with _setting:
            _check(self.seconds() + moved)
            if self._frozen_seconds is not None:
                self._frozen_seconds += moved
            else:
                self._offset_seconds += moved
        self._report_move()

    def _report_move(self) -> None:
        errors: list[Exception] = []
        call_each(self.on_move, errors=errors)
        raise_first(errors)

    @contextmanager
    def showing(self, seconds: float) -> Iterator[None]:
        """Show this thread another time in a block: that of a task that was due in the past.

        No task becomes due by it. The caller holds the backend's lock.

        >>> clock = Clock()
        >>> clock.freeze(100)
        >>> with clock.showing(40):
        ...     clock.seconds()
        40
        """
        with _setting:
            outer, self._shown = self._shown, (get_ident(), seconds)
            self._is_running = False
        try:
            yield
        finally:
            with _setting:
                self._shown = outer
                self._is_running = outer is None and self._frozen_seconds is None

    def is_stopped(self) -> bool:
        """Return whether time does not pass: frozen here, by freezegun or by time-machine.

        >>> Clock().is_stopped()
        False
        """
        if self._frozen_seconds is not None:
            return True
        before = time.time()
        # Long enough for the coarsest clock to tick; microseconds where the clock is fine.
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


def _seconds_of(at: datetime | str | float) -> float:
    try:
        if isinstance(at, str):
            at = parse_iso(at)
        if isinstance(at, datetime):
            at = aware(at).timestamp()
        seconds = float(at)
    except (OverflowError, TypeError, ValueError):
        raise _not_a_time(at) from None
    _check(seconds)
    return seconds


def _check(seconds: float) -> None:
    """Check that a time, and those of the year after it, are within the range of datetimes."""
    try:
        utc(seconds)
        utc(seconds + 366 * limits.DAY_SECONDS)
    except (OSError, OverflowError, ValueError):
        raise _not_a_time(seconds) from None


def _not_a_time(at: object) -> MisuseError:
    return MisuseError(
        f"the clock cannot be set to {at!r}: a time is a datetime, an ISO 8601 text such as"
        " '2026-05-01T12:00:00Z', or seconds since the epoch, before the year 9999"
    )
