"""Datapoints: the samples of each period, aggregated, and their statistics."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from ddbmock._internal.companions.metrics.catalog import MINUTE_SECONDS
from ddbmock._internal.companions.metrics.series import Samples, merged

if TYPE_CHECKING:
    from collections.abc import Callable

_SIMPLE: dict[str, Callable[[Samples], float]] = {
    "Average": lambda samples: samples.average,
    "Maximum": lambda samples: samples.maximum,
    "Minimum": lambda samples: samples.minimum,
    "SampleCount": lambda samples: float(samples.count),
    "Sum": lambda samples: samples.sum,
}
SIMPLE_STATISTICS = frozenset(_SIMPLE)
_PERCENTILE = re.compile(r"p(100|\d{1,2}(?:\.\d{0,10})?)")


class Window(NamedTuple):
    """The time range of a query; the first period begins at its start."""

    start: float
    end: float


class Datapoint(NamedTuple):
    """The samples of one period."""

    #: Epoch seconds of the beginning of the period.
    at: float
    samples: Samples


def datapoints(
    samples_at: Callable[[int], Samples | None], window: Window, period: int
) -> list[Datapoint]:
    """Return the periods between two times that have samples, in their order.

    The first period begins at the start, which is the beginning of a minute.
    """
    first, last = int(window.start // MINUTE_SECONDS), int(-(-window.end // MINUTE_SECONDS))
    minutes = max(1, period // MINUTE_SECONDS)
    points = []
    for beginning in range(first, last, minutes):
        within = range(beginning, min(beginning + minutes, last))
        samples = together(samples_at, within)
        if samples is not None:
            points.append(Datapoint(float(beginning * MINUTE_SECONDS), samples))
    return points


def together(samples_at: Callable[[int], Samples | None], minutes: range) -> Samples | None:
    """Return the merged samples of several minutes, None when there are none."""
    found = [samples for minute in minutes if (samples := samples_at(minute)) is not None]
    if not found:
        return None
    return found[0] if len(found) == 1 else merged(found)


def is_statistic(name: str) -> bool:
    """Return whether there is a statistic with this name.

    >>> is_statistic("Sum"), is_statistic("p99.9"), is_statistic("p101"), is_statistic("Median")
    (True, True, False, False)
    """
    return name in SIMPLE_STATISTICS or _PERCENTILE.fullmatch(name) is not None


def statistic(samples: Samples, name: str) -> float:
    """Return a statistic; `is_statistic` must be true of its name.

    >>> samples = Samples()
    >>> samples.add(1.0, 99)
    >>> samples.add(5.0)
    >>> statistic(samples, "Maximum"), statistic(samples, "p50"), statistic(samples, "p99.9")
    (5.0, 1.0, 5.0)
    """
    simple = _SIMPLE.get(name)
    if simple is not None:
        return simple(samples)
    return samples.percentile(float(name[1:]))
