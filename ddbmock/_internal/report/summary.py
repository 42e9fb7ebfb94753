"""The terminal summary: calls, units and scans of each test."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ddbmock._internal.calls import counted, number_text
from ddbmock._internal.report import sums
from ddbmock._internal.report.patterns import pattern_lines
from ddbmock._internal.report.prices import prices

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ddbmock._internal.report.measures import Measures
    from ddbmock._internal.report.sums import MeasuresByTest

_TESTS_SHOWN = 40
_NARROWEST = 20


def summary_lines(measures: MeasuresByTest, width: int = 80) -> Iterator[str]:
    """Return the lines of the summary, the tests with the most units first.

    Where faults or chaos made errors, a line says how many of its errors are theirs.

    >>> measures = {"test_a.py::test": {"calls": 2, "errors": 0, "scans": 1, "read": 0.5,
    ...     "write": 1.0, "outcome": "passed"}}
    >>> for line in summary_lines(measures):
    ...     print(line)
     calls  errors  scans     read    write  test
         2       0      1      0.5        1  test_a.py::test
         2       0      1      0.5        1  1 test, 0.00000069 USD
    prices: DynamoDB Standard on demand in us-east-1, as of 2024-11-01
    """
    called = sums.with_calls(measures)
    if not called:
        yield "no test called DynamoDB"
        return
    yield f"{'calls':>6}  {'errors':>6}  {'scans':>5}  {'read':>7}  {'write':>7}  test"
    ordered = sorted(called, key=lambda test: -called[test]["read"] - called[test]["write"])
    for test in ordered[:_TESTS_SHOWN]:
        faults = _faults_text(called[test])
        room = max(_NARROWEST, width - 42 - len(faults))
        name = test if len(test) < room else f"…{test[-room:]}"
        yield _line(called[test], name + faults)
    total = sums.totals(called)
    hidden = len(ordered) - _TESTS_SHOWN
    if hidden > 0:
        yield f"… and {hidden} more tests"
    amount = prices().text(prices().of(total["read"], total["write"]))
    yield _line(total, f"{counted(len(ordered), 'test')}, {amount}{_faults_text(total)}")
    yield f"prices: {prices().description}"
    yield from pattern_lines(called)


def _faults_text(row: Measures) -> str:
    """Return how many errors of a line were injected.

    >>> _faults_text({"errors": 3, "faults": 2}), _faults_text({"errors": 3, "faults": 0})
    (' (3 errors, 2 of them faults)', '')
    """
    faults = row.get("faults", 0)
    return f" ({counted(row['errors'], 'error')}, {faults} of them faults)" if faults else ""


def _line(row: Measures, name: str) -> str:
    counts = f"{row['calls']:>6}  {row['errors']:>6}  {row['scans']:>5}"
    return f"{counts}  {number_text(row['read']):>7}  {number_text(row['write']):>7}  {name}"
