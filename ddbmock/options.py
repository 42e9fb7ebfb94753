"""The options of a mock, and of the endpoint's states: one checked object for both."""

from __future__ import annotations

from dataclasses import dataclass, fields
from datetime import timedelta
from math import inf
from typing import TYPE_CHECKING, Any

from ddbmock import messages
from ddbmock.calls import KEPT_CALLS, CallLog
from ddbmock.engine.expiry import DEFAULT_WINDOW_SECONDS
from ddbmock.engine.lifecycle import DEFAULT_DELAY_SECONDS

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence


def _is_range(bounds: Sequence[float]) -> bool:
    """Return whether these are the least and the greatest of a range of times."""
    return len(bounds) == len(("least", "greatest")) and 0 <= bounds[0] <= bounds[1] < inf


@dataclass(frozen=True, slots=True, kw_only=True)
class Options:
    """What `mock_dynamodb` takes; every option has a default.

    >>> Options.of({"delays": True}).delay_seconds
    5.0
    """

    #: The region of clients that name none. Default: `AWS_DEFAULT_REGION`, or else us-east-1.
    region: str | None = None
    #: Whether an inner mock has a backend of its own.
    isolate: bool = False
    # The options below are of the backend: those of the outermost or isolated mock that creates it.
    #: How many shards a new stream has.
    stream_shards: int = 1
    #: For how many seconds tables and indexes are CREATING, UPDATING, DELETING; True for some.
    delays: bool | float = False
    #: How long items stay readable after their time to live, in seconds. Default: 48 hours.
    ttl_window: float | timedelta = DEFAULT_WINDOW_SECONDS
    #: What chances are derived from: those of faults, delays and identifiers.
    seed: int = 0
    #: By how many seconds replication is behind writes, or the least and the greatest.
    lag: float | tuple[float, float] = 0.0
    #: How many calls are stored; None for all.
    kept_calls: int | None = KEPT_CALLS
    #: Whether a copy of each answer is stored with its call.
    keep_responses: bool = False

    def __post_init__(self) -> None:
        self._expect("region", str | None, "a region's name")
        self._expect("isolate", bool, "True or False")
        self._expect("stream_shards", int, "a number of shards")
        if self.stream_shards < 1:
            raise TypeError(
                messages.wrong_option("stream_shards", "a number of shards", self.stream_shards)
            )
        self._expect("delays", int | float, "True, False or a number of seconds")
        self._expect("ttl_window", int | float | timedelta, "seconds or a timedelta")
        self._expect("seed", int, "a number")
        self._expect_lag()
        self._expect("kept_calls", int | None, "a number of calls, or None for all")
        self._expect("keep_responses", bool, "True or False")
        for name, seconds in (("delays", self.delay_seconds), ("ttl_window", self.window_seconds)):
            if seconds < 0:
                raise TypeError(messages.negative_option(name, getattr(self, name)))

    @property
    def delay_seconds(self) -> float:
        """How long state transitions take."""
        return DEFAULT_DELAY_SECONDS if self.delays is True else float(self.delays)

    @property
    def lag_range(self) -> tuple[float, float]:
        """The least and the greatest lag, in seconds.

        >>> Options(lag=0.5).lag_range
        (0.5, 0.5)
        """
        least, greatest = self.lag if isinstance(self.lag, tuple) else (self.lag, self.lag)
        return float(least), float(greatest)

    def _expect_lag(self) -> None:
        given: Any = self.lag
        bounds: tuple[Any, ...] = given if isinstance(given, tuple) else (given, given)
        if not all(isinstance(each, int | float) for each in bounds) or not _is_range(bounds):
            expected = "seconds, or a tuple of the least and the greatest seconds"
            raise TypeError(messages.wrong_option("lag", expected, given))

    @property
    def window_seconds(self) -> float:
        """How long items stay after their time to live."""
        window = self.ttl_window
        return window.total_seconds() if isinstance(window, timedelta) else float(window)

    def new_log(self) -> CallLog:
        """Return a log of calls."""
        return CallLog(self.kept_calls, keep_responses=self.keep_responses)

    def _expect(self, name: str, kind: Any, expected: str) -> None:
        value = getattr(self, name)
        if not isinstance(value, kind) or value == "":
            raise TypeError(messages.wrong_option(name, expected, value))

    @classmethod
    def of(cls, given: Mapping[str, Any]) -> Options:
        """Return the options that are given by name.

        Raises:
            TypeError: An unknown name or an invalid value; the text names the valid ones.
        """
        valid = [field.name for field in fields(cls)]
        unknown = given.keys() - valid
        if unknown:
            raise TypeError(messages.unknown_options(unknown, valid))
        return cls(**given)
