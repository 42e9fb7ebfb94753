"""The states of alarms: the tables of the documentation, row by row.

https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/alarms-and-missing-data.html
"""

from __future__ import annotations

import pytest

from ddbmock._internal.companions.metrics.evaluation import (
    BREACHING,
    IGNORE,
    MISSING,
    NOT_BREACHING,
    Rule,
    next_state,
)

KEEP = "the state before"
POINTS = {"0": False, "X": True, "-": None}
TREATMENTS = (MISSING, IGNORE, BREACHING, NOT_BREACHING)
ROWS = [
    ("0 - X - X", 3, ("OK", "OK", "OK", "OK")),
    ("0 - - - -", 3, ("OK", "OK", "OK", "OK")),
    ("- - - - -", 3, ("INSUFFICIENT_DATA", KEEP, "ALARM", "OK")),
    ("0 X X - X", 3, ("ALARM", "ALARM", "ALARM", "ALARM")),
    ("- - X - -", 3, ("ALARM", KEEP, "ALARM", "OK")),
    ("0 - X - X", 2, ("ALARM", "ALARM", "ALARM", "ALARM")),
    ("0 0 X 0 X", 2, ("ALARM", "ALARM", "ALARM", "ALARM")),
    ("0 - X - -", 2, ("OK", "OK", "ALARM", "OK")),
    ("- - - - 0", 2, ("OK", "OK", "ALARM", "OK")),
    ("- - - X -", 2, ("ALARM", KEEP, "ALARM", "OK")),
    # A lone breach that the next point may outweigh.
    ("- - - - X", 3, (KEEP, KEEP, KEEP, "OK")),
    ("- - - X -", 3, (KEEP, KEEP, KEEP, "OK")),
]


@pytest.mark.parametrize("before", ["OK", "ALARM", "INSUFFICIENT_DATA"])
@pytest.mark.parametrize(
    ("points", "to_alarm", "treatment", "expected"),
    [
        (points, to_alarm, treatment, state)
        for points, to_alarm, states in ROWS
        for treatment, state in zip(TREATMENTS, states, strict=True)
    ],
)
def test_rows(points: str, to_alarm: int, treatment: str, expected: str, before: str) -> None:
    rule = Rule(to_alarm, 3, treatment)
    state = next_state([POINTS[point] for point in points.split()], rule, before)
    assert state == (before if expected == KEEP else expected)
