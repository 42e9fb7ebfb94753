"""The schedule of a fault: the matching attempts at which it happens."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ddbmock._internal.locks import new_lock

if TYPE_CHECKING:
    from random import Random


class Schedule:
    """The attempts at which a fault happens; of several conditions all must hold.

    >>> from random import Random
    >>> schedule = Schedule(times=2, after=1)
    >>> [schedule.is_now(Random()) for _ in range(5)]
    [False, True, True, False, False]

    Args:
        times: The maximum number of times; None for unlimited.
        after: The number of attempts that succeed first.
        nth: The numbers of the attempts after these, the first being 1; empty for all.
        probability: The probability for each of them.
    """

    def __init__(
        self,
        *,
        times: int | None = None,
        after: int = 0,
        nth: frozenset[int] = frozenset(),
        probability: float = 1.0,
    ) -> None:
        self._times = times
        self._after = after
        self._nth = nth
        self._probability = probability
        self._lock = new_lock()
        #: The number of matching attempts.
        self.matched: int = 0
        #: The number of times that the fault has happened.
        self.happened: int = 0

    def is_now(self, random: Random) -> bool:
        """Count an attempt, and return whether the fault happens."""
        with self._lock:
            self.matched += 1
            if self._times is not None and self.happened >= self._times:
                return False
            number = self.matched - self._after
            if number < 1 or (self._nth and number not in self._nth):
                return False
            if self._probability < 1 and random.random() >= self._probability:
                return False
            self.happened += 1
            return True

    def __str__(self) -> str:
        parts = []
        if self._after:
            parts.append(f"after {self._after}")
        if self._nth:
            parts.append(f"attempt {', '.join(map(str, sorted(self._nth)))}")
        if self._probability < 1:
            parts.append(f"with probability {self._probability:g}")
        limit = "" if self._times is None else f" of {self._times}"
        parts.append(f"happened {self.happened}{limit}, in {self.matched} attempts")
        return f" ({'; '.join(parts)})"
