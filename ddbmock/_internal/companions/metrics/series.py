"""Samples of metrics, aggregated by minute."""

from __future__ import annotations

from collections import Counter, deque
from typing import TYPE_CHECKING, Any

from ddbmock._internal.companions.metrics.catalog import MINUTE_SECONDS

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from ddbmock._internal.companions.metrics.catalog import SeriesId
    from ddbmock._internal.engine.backend import Backend

    #: Returns metrics and values.
    _Unfold = Callable[..., Iterable[tuple[SeriesId, float]]]

#: The maximum number of deferred samples.
_DEFERRED_MAX = 1000


#: Count, sum, minimum and maximum of samples, and how many of them have one value.
_State = tuple[int, float, float, float, int]


class Samples:
    """The samples of a period: how often each value occurred.

    >>> samples = Samples()
    >>> samples.add(2.0)
    >>> samples.add(4.0)
    >>> samples.count, samples.sum, samples.average, samples.percentile(100)
    (2, 6.0, 3.0, 4.0)
    """

    __slots__ = ("count", "maximum", "minimum", "sum", "values")

    def __init__(self) -> None:
        self.count: int = 0
        self.sum: float = 0.0
        self.minimum: float = float("inf")
        self.maximum: float = float("-inf")
        #: Value -> how many samples have it.
        self.values: Counter[float] = Counter()

    def add(self, value: float, count: int = 1) -> None:
        """Add samples of one value."""
        # On the path of every call: no function calls.
        self.count += count
        self.sum += value * count
        self.minimum = min(self.minimum, value)
        self.maximum = max(self.maximum, value)
        values = self.values
        values[value] = values[value] + count if value in values else count

    def state(self, value: float) -> _State:
        """Return everything that `add` with this value changes."""
        return self.count, self.sum, self.minimum, self.maximum, self.values[value]

    def restore(self, value: float, state: _State) -> None:
        """Undo an `add`; it is safe to repeat this after an interruption."""
        self.count, self.sum, self.minimum, self.maximum, same_count = state
        if same_count:
            self.values[value] = same_count
        else:
            self.values.pop(value, None)

    def merge(self, other: Samples) -> None:
        """Add the samples of another period."""
        self.count += other.count
        self.sum += other.sum
        self.minimum = min(self.minimum, other.minimum)
        self.maximum = max(self.maximum, other.maximum)
        self.values += other.values

    @property
    def average(self) -> float:
        """The mean of the samples."""
        return self.sum / self.count

    def percentile(self, percent: float) -> float:
        """Return the least value that this percentage of the samples does not exceed."""
        rank = max(1.0, percent / 100 * self.count)
        reached = 0
        for value in sorted(self.values):
            reached += self.values[value]
            if reached >= rank - 1e-9:
                return value
        return self.maximum


ONE_ZERO = Samples()
ONE_ZERO.add(0.0)


def merged(parts: Iterable[Samples]) -> Samples:
    """Return the merged samples of several periods."""
    total = Samples()
    for part in parts:
        total.merge(part)
    return total


class Series:
    """The samples of one region's metrics.

    Calls are stored as they are, and become samples when they are read, or after a number of
    calls.
    """

    __slots__ = ("_added", "_by_id", "_deferred", "_journal", "_lock")

    def __init__(self, backend: Backend) -> None:
        self._journal = backend.journal
        #: That of the backend, since the undo of samples is recorded in its journal.
        self._lock = backend.lock
        self._by_id: dict[SeriesId, dict[int, Samples]] = {}
        self._added: Counter[SeriesId] = Counter()
        #: A time, what returns the samples of that time, its arguments, and whether there was a
        #: savepoint, so that they can be undone.
        self._deferred: deque[tuple[float, _Unfold, tuple[Any, ...], bool]] = deque()

    def defer(self, at_seconds: float, unfold: _Unfold, *arguments: Any) -> None:
        """Add the samples that a function returns, once they are needed.

        This is on the path of every call.

        Args:
            at_seconds: The time of the samples.
            unfold: Returns the metrics and values.
            *arguments: The function's arguments.
        """
        deferred, can_be_undone = self._deferred, self._journal.log() is not None
        deferred.append((at_seconds, unfold, arguments, can_be_undone))
        if can_be_undone or len(deferred) >= _DEFERRED_MAX:
            with self._lock:
                self._catch_up()

    def _catch_up(self) -> None:
        """Add what was deferred; the caller holds the lock."""
        deferred = self._deferred
        while deferred:
            at_seconds, unfold, arguments, can_be_undone = deferred.popleft()
            for series, value in unfold(*arguments):
                self._add(series, value, at_seconds, 1, can_be_undone=can_be_undone)

    def add(self, series: SeriesId, value: float, at_seconds: float, count: int = 1) -> None:
        """Add samples of one value at a time."""
        with self._lock:
            self._catch_up()
            self._add(series, value, at_seconds, count, can_be_undone=True)

    def _add(
        self, series: SeriesId, value: float, at_seconds: float, count: int, *, can_be_undone: bool
    ) -> None:
        minutes = self._by_id.get(series)
        if minutes is None:
            minutes = self._by_id[series] = {}
        minute = int(at_seconds // MINUTE_SECONDS)
        samples = minutes.get(minute)
        if samples is None:
            samples = minutes[minute] = Samples()
        if can_be_undone and self._journal.log() is not None:
            self._journal.record(self._restore, series, minute, value, samples.state(value))
        samples.add(value, count)
        self._added[series] += 1

    def _restore(self, series: SeriesId, minute: int, value: float, state: _State) -> None:
        self._added[series] += 1
        samples = self._by_id[series].get(minute)
        if samples is not None:
            samples.restore(value, state)
            if not samples.count:
                del self._by_id[series][minute]

    def added(self, series: SeriesId) -> int:
        """Return how often samples were added to a metric."""
        with self._lock:
            self._catch_up()
            return self._added.get(series, 0)

    def at(self, series: SeriesId, minute: int) -> Samples | None:
        """Return the samples of a minute, counted from the epoch; None when there are none."""
        with self._lock:
            self._catch_up()
            minutes = self._by_id.get(series)
            return None if minutes is None else minutes.get(minute)

    def newest_minute(self, series: SeriesId) -> int | None:
        """Return the last minute with samples."""
        with self._lock:
            self._catch_up()
            minutes = self._by_id.get(series)
            return next(reversed(minutes)) if minutes else None

    def minutes(self, series: SeriesId) -> list[int]:
        """Return the minutes with samples, in order."""
        with self._lock:
            self._catch_up()
            return sorted(self._by_id.get(series, ()))

    def ids(self) -> list[SeriesId]:
        """Return the metrics that have samples."""
        with self._lock:
            self._catch_up()
            return list(self._by_id)
