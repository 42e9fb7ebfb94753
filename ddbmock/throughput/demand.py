"""What was asked for of a table or index, second by second, and what was throttled."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from ddbmock.access.throttling import Cause

#: How many partition keys are counted for each table or index.
_KEYS_MAX = 10_000


@dataclass(frozen=True, slots=True)
class Throttle:
    """An access that was throttled."""

    #: Epoch seconds on the mock's clock.
    at_seconds: float
    #: The operation's name in the API.
    operation: str
    #: The name of the table.
    table: str
    #: The global index that is used up; None for the table itself.
    index: str | None
    is_write: bool
    #: What was used up.
    cause: Cause
    #: Whether one partition could serve no more, whatever the table has left.
    is_of_partition: bool
    #: The partition key of the table or index, as text; None where the call names none.
    key: str | None


class Demand:
    """What was asked for of a table or index in one direction, admitted or not."""

    def __init__(self) -> None:
        self.units = 0.0
        #: The greatest number of units that was asked for in a second.
        self.peak_units = 0.0
        self.first_at: float | None = None
        self.last_at = 0.0
        #: Partition key as text -> units.
        self.by_key: Counter[str] = Counter()
        self._second = -1
        self._units_of_second = 0.0

    def ask(self, key: str | None, units: float, now: float) -> None:
        """Note that units are asked for."""
        if self.first_at is None:
            self.first_at = now
        self.last_at = now
        if int(now) != self._second:
            self._second, self._units_of_second = int(now), 0.0
        self._units_of_second += units
        self.peak_units = max(self.peak_units, self._units_of_second)
        self.units += units
        if key is not None:
            self.by_key[key] += units  # type: ignore[assignment] # units may be halves
            if len(self.by_key) > _KEYS_MAX:
                self.by_key = Counter(dict(self.by_key.most_common(_KEYS_MAX // 2)))

    @property
    def hottest(self) -> tuple[str, float] | None:
        """The partition key that most units were asked of, and its share of all."""
        if not self.by_key:
            return None
        key, units = self.by_key.most_common(1)[0]
        return key, units / sum(self.by_key.values())
