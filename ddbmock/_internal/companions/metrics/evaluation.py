"""The state of an alarm from its datapoints: arithmetic only.

1. M of N: the alarm is in ALARM when at least M of the newest N datapoints breach the threshold.
2. The evaluation range is longer than N. If it has N real points, the newest N of them
   decide; otherwise all of them, and as few missing points as needed, treated as the alarm says.
3. A lone breach among missing points does not count yet, since the next point may be good; when it
   is old enough, and everything newer is breaching or missing, it does.

https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/alarms-and-missing-data.html
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Sequence

OK, ALARM, INSUFFICIENT_DATA = "OK", "ALARM", "INSUFFICIENT_DATA"

MISSING, IGNORE, BREACHING, NOT_BREACHING = "missing", "ignore", "breaching", "notBreaching"
TREATMENTS = (BREACHING, NOT_BREACHING, IGNORE, MISSING)

#: How many periods the range has beyond N. Documented for N = 3; for others it is assumed.
_MORE_PERIODS = 2


class Rule(NamedTuple):
    """How many datapoints must breach, and how missing ones are treated."""

    #: How many must breach (M).
    to_alarm: int
    #: Of how many (N).
    evaluated: int
    treat_missing: str


def range_length(evaluated: int) -> int:
    """Return the number of periods in the evaluation range.

    >>> range_length(3)
    5
    """
    return evaluated + _MORE_PERIODS


def next_state(points: Sequence[bool | None], rule: Rule, state: str) -> str:
    """Return the state after an evaluation.

    Args:
        points: The periods of the range, oldest first: whether each breaches; None for no data.
        rule: The rule of the alarm.
        state: The current state.
    """
    real = [point for point in points if point is not None]
    if not real:
        return _without_data(rule, state)
    breaching = sum(real[-rule.evaluated :])
    missing_count = rule.evaluated - len(real)
    if breaching < rule.to_alarm and missing_count > 0 and rule.treat_missing != NOT_BREACHING:
        if all(real):
            is_ignored = rule.treat_missing == IGNORE
            return ALARM if not is_ignored and _is_old_enough(points, rule) else state
        if rule.treat_missing == BREACHING:
            breaching += missing_count
    return ALARM if breaching >= rule.to_alarm else OK


def _without_data(rule: Rule, state: str) -> str:
    by_treatment = {BREACHING: ALARM, NOT_BREACHING: OK, MISSING: INSUFFICIENT_DATA}
    return by_treatment.get(rule.treat_missing, state)


def _is_old_enough(points: Sequence[bool | None], rule: Rule) -> bool:
    """Return whether the oldest breaching point is at least M periods old."""
    oldest = next(at for at, point in enumerate(points) if point)
    return len(points) - oldest >= rule.to_alarm
