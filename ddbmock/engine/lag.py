"""How long after a write something that follows it is behind."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from random import Random


class Lag:
    """A time in seconds, or a range from which each time is drawn.

    >>> import random
    >>> Lag(2.0, 2.0, random.Random(0)).seconds()
    2.0
    """

    __slots__ = ("_random", "greatest_seconds", "least_seconds")

    def __init__(self, least_seconds: float, greatest_seconds: float, random: Random) -> None:
        self.least_seconds = least_seconds
        self.greatest_seconds = greatest_seconds
        self._random = random

    def __bool__(self) -> bool:
        return self.greatest_seconds > 0

    def seconds(self) -> float:
        """Return how long it takes this time."""
        if self.least_seconds == self.greatest_seconds:
            return self.least_seconds
        return self._random.uniform(self.least_seconds, self.greatest_seconds)
