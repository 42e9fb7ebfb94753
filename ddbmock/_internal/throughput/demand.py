"""The demand on a table or index by second, and its throttles."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ddbmock._internal.access.throttling import Cause
    from ddbmock._internal.engine.keys import OrderKey

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
    #: The region of the table.
    region: str
    #: The global index that is throttled; None for the table itself.
    index: str | None
    is_write: bool
    #: The exceeded limit.
    cause: Cause
    #: Whether the limit is that of one partition.
    is_of_partition: bool
    #: The partition key of the table or index, as text; None where the call names none.
    key: str | None


#: The time of an access, its keys, and its units.
Use = tuple[float, "Sequence[OrderKey]", float]


class Demand:
    """The requested reads or writes of a table or index, admitted or not.

    Args:
        names: The attributes of the partition key.
    """

    def __init__(self, names: Sequence[str]) -> None:
        #: The attributes of the partition key.
        self._names = names
        self.units: float = 0.0
        #: The maximum number of units that was requested in a second.
        self.peak_units: float = 0.0
        self.first_at: float | None = None
        self.last_at: float = 0.0
        #: Partition key -> units.
        self.by_key: dict[tuple[Any, ...], float] = {}
        self._second = -1
        self._units_of_second = 0.0

    def ask_all(self, uses: Sequence[Use]) -> None:
        """Note the units of requests, in their order."""
        if self.first_at is None:
            self.first_at = uses[0][0]
        self.last_at = uses[-1][0]
        by_key, width = self.by_key, 1 + len(self._names)
        for now, keys, units in uses:
            second = int(now)
            if second != self._second:
                self._second, self._units_of_second = second, 0.0
            self._units_of_second += units
            self.peak_units = max(self.peak_units, self._units_of_second)
            self.units += units
            if keys:
                key = keys[0][1:width]
                by_key[key] = by_key.get(key, 0.0) + units
                if len(by_key) > _KEYS_MAX:
                    most = sorted(by_key.items(), key=_units, reverse=True)
                    by_key = self.by_key = dict(most[: _KEYS_MAX // 2])

    @property
    def hottest(self) -> tuple[str, float] | None:
        """The partition key with most units, as text, and its share."""
        if not self.by_key:
            return None
        key, units = max(self.by_key.items(), key=_units)
        return key_text(self._names, key), units / sum(self.by_key.values())


def key_text(names: Sequence[str], values: Sequence[Any]) -> str:
    """Return a partition key as text.

    >>> key_text(["id"], ["42"])
    'id=42'
    """
    return ", ".join(f"{name}={value}" for name, value in zip(names, values, strict=False))


def _units(pair: tuple[tuple[Any, ...], float]) -> float:
    return pair[1]
