"""Expensive access patterns, as findings.

scans       that read many items to return few, with an alternative
filters     of queries that discard most items
indexes     that are written and never read
keys        that get most of a table's units
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from ddbmock._internal.calls import counted, number_text, shorten, units_text
from ddbmock._internal.report import sums

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from ddbmock._internal.report.sums import MeasuresByTest, ReadSum

_FILTER_CHARACTERS = 80
#: Filters of queries that discard a smaller share than this are not reported.
_DISCARDED_LEAST = 0.5
#: How many findings a text lists.
_MOST_LINES = 15
#: A key is hot with this share of the units of its table or index, in this number of calls.
_HOT_SHARE, _HOT_CALLS = 0.5, 10


class Finding(NamedTuple):
    """One expensive access pattern, with advice."""

    #: The kind, such as `scan`.
    kind: str
    #: The table, or table and index.
    resource: str
    #: The calls, and how much they read or cost.
    description: str
    #: A cheaper alternative; may be empty.
    advice: str
    #: The cost in units, by which findings are sorted.
    units: float

    def __str__(self) -> str:
        text = f"{self.kind} of {self.resource}: {self.description}"
        return f"{text}: {self.advice}" if self.advice else text


class AccessPatterns(tuple[Finding, ...]):
    """Findings, the most expensive first; `print(patterns)` lists them, a line each."""

    __slots__ = ()

    def of(self, kind: str) -> list[Finding]:
        """Return the findings of one kind: `scan`, `filter`, `index` or `hot key`."""
        return [finding for finding in self if finding.kind == kind]

    def __str__(self) -> str:
        return "\n".join(map(str, self)) or "no access pattern that costs more than it needs to"


def findings(measures: MeasuresByTest) -> list[Finding]:
    """Return the findings of a run, the most expensive first."""
    found = [*_reads(measures), *_unused_indexes(measures), *_hot_keys(measures)]
    return sorted(found, key=lambda finding: (-finding.units, finding.kind, finding.resource))


def wasteful_reads(measures: MeasuresByTest) -> list[ReadSum]:
    """Return the scans, and the queries whose filter discards most items."""
    return [
        read
        for read in sums.reads(measures)
        if read.discarded and (read.is_scan or read.discarded >= _DISCARDED_LEAST * read.scanned)
    ]


def _reads(measures: MeasuresByTest) -> Iterator[Finding]:
    for read in wasteful_reads(measures):
        condition = shorten(read.condition, _FILTER_CHARACTERS)
        where = f" with {condition}" if condition else ""
        description = (
            f"{counted(read.calls, 'call')}{where}, {read.scanned:,} items read to return"
            f" {read.returned:,}, {units_text(read.read, 0.0) or '0 RCU'}"
        )
        kind = "scan" if read.is_scan else "filter"
        yield Finding(kind, read.source, description, read.advice, read.read)


def _unused_indexes(measures: MeasuresByTest) -> Iterator[Finding]:
    for resource, write in sums.unused_indexes(measures).items():
        if not write:
            continue  # nothing was written either
        description = f"never read, {number_text(write)} WCU to write it"
        advice = "it can go, unless something else than these tests reads it"
        yield Finding("index", resource, description, advice, write)


def _hot_keys(measures: MeasuresByTest) -> Iterator[Finding]:
    totals = {row.label: row.total for row in sums.sources(measures)}
    for key in sums.hot_keys(measures):
        total = totals.get(key.source, 0.0)
        if total and key.calls >= _HOT_CALLS and key.units >= _HOT_SHARE * total:
            share = f"{100 * min(1.0, key.units / total):.0f} %"
            description = f"{key.key} has {share} of the units, in {key.calls:,} calls"
            advice = "a partition serves 3,000 RCU and 1,000 WCU a second"
            yield Finding("hot key", key.source, description, advice, key.units)


def pattern_lines(measures: MeasuresByTest) -> Iterator[str]:
    """Return the findings as lines; none when there are none."""
    found: Sequence[Finding] = findings(measures)
    if found:
        yield "access patterns:"
    for finding in found[:_MOST_LINES]:
        yield f"  {finding}"
    if len(found) > _MOST_LINES:
        yield f"  … and {len(found) - _MOST_LINES} more"
