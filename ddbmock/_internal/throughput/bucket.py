"""A token bucket: units that are refilled with time, up to a bound, and may be overdrawn.

Observed: a request is admitted while any units are left, whatever it costs; the excess is a debt
that later requests have to wait for. So no item is too large for a table's throughput.

https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/burst-adaptive-capacity.html
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ddbmock._internal.throughput.demand import Use

#: Smaller amounts are rounding errors.
_LEAST_UNITS = 1e-6


class TokenBucket:
    """Units that are refilled at a rate.

    >>> bucket = TokenBucket(rate=10, seconds=2, now=0.0)
    >>> bucket.balance(0.0)
    20.0
    >>> bucket.take(25, 0.0)
    >>> bucket.has_units(0.5), bucket.has_units(0.6)
    (False, True)

    Args:
        rate: How many units are refilled in a second.
        seconds: For how many seconds unused units are accumulated; the bucket is full at first.
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
        """How many units are refilled in a second."""
        return self._rate

    @property
    def state(self) -> tuple[float, float, float]:
        """The state, for `restore_state`."""
        return self._balance, self._rate, self._at

    def restore_state(self, state: tuple[float, float, float]) -> None:
        """Return to an earlier state."""
        self._balance, self._rate, self._at = state

    def use_rate(self, rate: float, now: float) -> None:
        """Change the rate; units until that time are refilled at the old one."""
        if rate != self._rate:
            self._refill(max(now, self._at))
            self._rate = rate
            self._balance = min(self._balance, rate * self._seconds)

    def balance(self, now: float) -> float:
        """Return how many units are left; a negative number is a debt."""
        self._refill(now)
        return self._balance

    def least_units(self, now: float) -> float:
        """Return how many units are left, without refilling it."""
        refilled = max(0.0, now - self._at) * self._rate
        return min(self._balance + refilled, self._rate * self._seconds)

    def has_units(self, now: float) -> bool:
        """Return whether a request is admitted."""
        if now != self._at:  # several requests have the same time
            self._refill(now)
        return self._balance > _LEAST_UNITS

    def take(self, units: float, now: float) -> None:
        """Take the units of a request."""
        if now != self._at:
            self._refill(now)
        self._balance -= units

    def take_all(self, uses: Sequence[Use]) -> None:
        """Take the units of requests, in their order."""
        rate, at, balance = self._rate, self._at, self._balance
        bound = rate * self._seconds
        for now, _, units in uses:
            if now > at:  # as `_refill`, without a frame for each
                balance += (now - at) * rate
                balance = min(balance, bound)
            at = now
            balance -= units
        self._at, self._balance = at, balance

    def drain(self, now: float) -> None:
        """Empty the bucket."""
        self._refill(now)
        self._balance = min(self._balance, 0.0)

    def fill(self, now: float) -> None:
        """Fill the bucket."""
        self._at = now
        self._balance = float(self._rate * self._seconds)

    def _refill(self, now: float) -> None:
        passed = now - self._at
        self._at = now
        if passed > 0:  # a clock that was set back gives nothing and takes nothing
            balance = self._balance + passed * self._rate
            bound = self._rate * self._seconds
            self._balance = min(bound, balance)
