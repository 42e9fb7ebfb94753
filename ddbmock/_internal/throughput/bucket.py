"""A token bucket: units that come back with time, up to a bound, and may be overdrawn.

Observed of the service: a request is admitted while anything is left, whatever it costs, and what
it costs beyond that is a debt that later requests wait for. So no size of an item is ever too large
for a table's throughput.

https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/burst-adaptive-capacity.html
"""

from __future__ import annotations

#: Less than this is what is left of rounding.
_LEAST_UNITS = 1e-6


class TokenBucket:
    """Units that come back at a rate.

    >>> bucket = TokenBucket(rate=10, seconds=2, now=0.0)
    >>> bucket.balance(0.0)
    20.0
    >>> bucket.take(25, 0.0)
    >>> bucket.has_units(0.5), bucket.has_units(0.6)
    (False, True)

    Args:
        rate: How many units come back in a second.
        seconds: For how many seconds unused units are kept; the bucket begins full.
        now: The time.
    """

    __slots__ = ("_at", "_balance", "_rate", "_seconds")

    def __init__(self, rate: float, seconds: float, now: float) -> None:
        self._rate = rate
        self._seconds = seconds
        self._balance = float(rate * seconds)
        self._at = now

    @property
    def rate(self) -> float:
        """How many units come back in a second."""
        return self._rate

    @property
    def state(self) -> tuple[float, float, float]:
        """What `restore_state` takes."""
        return self._balance, self._rate, self._at

    def restore_state(self, state: tuple[float, float, float]) -> None:
        """Return to an earlier state."""
        self._balance, self._rate, self._at = state

    def use_rate(self, rate: float, now: float) -> None:
        """Change the rate; what has come back until that time came at the old one."""
        if rate != self._rate:
            self._refill(max(now, self._at))
            self._rate = rate
            self._balance = min(self._balance, rate * self._seconds)

    def balance(self, now: float) -> float:
        """Return how many units are left; fewer than none are a debt."""
        self._refill(now)
        return self._balance

    def has_units(self, now: float) -> bool:
        """Return whether a request is admitted."""
        if now != self._at:  # several are asked, and taken from, at one time
            self._refill(now)
        return self._balance > _LEAST_UNITS

    def take(self, units: float, now: float) -> None:
        """Take what a request costs."""
        if now != self._at:
            self._refill(now)
        self._balance -= units

    def drain(self, now: float) -> None:
        """Leave nothing."""
        self._refill(now)
        self._balance = min(self._balance, 0.0)

    def fill(self, now: float) -> None:
        """Fill it up."""
        self._at = now
        self._balance = float(self._rate * self._seconds)

    def _refill(self, now: float) -> None:
        passed = now - self._at
        self._at = now
        if passed > 0:  # a clock that was set back gives nothing and takes nothing
            balance = self._balance + passed * self._rate
            bound = self._rate * self._seconds
            self._balance = min(bound, balance)
