"""The recorded calls of a mock: what was asked, in order, and what it cost. Bounded and lean."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, overload

from ddbmock.engine.capacity import Consumed
from ddbmock.errors import ServiceError

#: How many calls are kept; older ones fall out.
KEPT_CALLS = 1000


@dataclass(frozen=True, slots=True)
class RecordedCall:
    """One call as it was made: what it asked for, what it consumed, and its error if it failed."""

    operation: str
    region: str
    #: The request's members; attribute values in the API's shape, made canonical.
    request: Mapping[str, Any]
    #: Table name -> units, apart for the table and each index.
    consumed: Mapping[str, Consumed]
    error: ServiceError | None
    #: Epoch seconds on the mock's clock.
    at_seconds: float

    @property
    def table(self) -> str | None:
        """Return the table that the request names, None for none or several."""
        name: str | None = self.request.get("TableName")
        return name

    @property
    def consumed_units(self) -> float:
        """Return all capacity units that the call consumed."""
        return sum(consumed.total_units for consumed in self.consumed.values())


class CallLog(Sequence[RecordedCall]):
    """The last calls of a mock, oldest first."""

    def __init__(self) -> None:
        self._calls: deque[RecordedCall] = deque(maxlen=KEPT_CALLS)

    def append(self, call: RecordedCall) -> None:
        """Add a call; the oldest falls out when there are too many."""
        self._calls.append(call)

    def clear(self) -> None:
        """Forget all calls."""
        self._calls.clear()

    def __len__(self) -> int:
        return len(self._calls)

    def __iter__(self) -> Iterator[RecordedCall]:
        return iter(list(self._calls))

    @overload
    def __getitem__(self, position: int) -> RecordedCall: ...
    @overload
    def __getitem__(self, position: slice) -> list[RecordedCall]: ...
    def __getitem__(self, position: int | slice) -> RecordedCall | list[RecordedCall]:
        if isinstance(position, slice):
            return list(self._calls)[position]
        return self._calls[position]
