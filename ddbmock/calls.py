"""The recorded calls of a mock: what was asked, in order, and what it cost. Bounded and lean."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, overload

if TYPE_CHECKING:
    from ddbmock.engine.capacity import Consumed
    from ddbmock.errors import ServiceError
    from ddbmock.operations.registry import Call

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
        # What `record` was given; a RecordedCall is made of it when somebody looks.
        self._calls: deque[tuple[Call, ServiceError | None, float]] = deque(maxlen=KEPT_CALLS)

    def record(self, call: Call, error: ServiceError | None, at_seconds: float) -> None:
        """Add a call that was done or refused; the oldest falls out when there are too many."""
        self._calls.append((call, error, at_seconds))

    def clear(self) -> None:
        """Forget all calls."""
        self._calls.clear()

    def __len__(self) -> int:
        return len(self._calls)

    def __iter__(self) -> Iterator[RecordedCall]:
        return (_recorded(*entry) for entry in list(self._calls))

    @overload
    def __getitem__(self, position: int) -> RecordedCall: ...
    @overload
    def __getitem__(self, position: slice) -> list[RecordedCall]: ...
    def __getitem__(self, position: int | slice) -> RecordedCall | list[RecordedCall]:
        if isinstance(position, slice):
            return [_recorded(*entry) for entry in list(self._calls)[position]]
        return _recorded(*self._calls[position])


def _recorded(call: Call, error: ServiceError | None, at_seconds: float) -> RecordedCall:
    return RecordedCall(
        call.operation, call.region.name, call.request, call.consumed, error, at_seconds
    )
