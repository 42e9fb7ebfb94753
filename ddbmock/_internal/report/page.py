"""The report as one self-contained HTML page, without scripts or external resources."""

from __future__ import annotations

from datetime import datetime, timezone
from html import escape
from pathlib import Path
from string import Template
from typing import TYPE_CHECKING

from ddbmock._internal.calls import number_text, shorten
from ddbmock._internal.companions.cost.bill import amount_text
from ddbmock._internal.report import patterns, sums
from ddbmock._internal.report.charts import Row, chart, small_bar
from ddbmock._internal.report.prices import prices
from ddbmock._internal.report.tables import Cell, code, listing, number, table

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ddbmock._internal.report.sums import KeySum, MeasuresByTest, ReadSum

_HERE = Path(__file__).parent
_CHART_ROWS = 10
_FILTER_CHARACTERS = 100


def page(measures: MeasuresByTest, created_at: datetime | None = None) -> str:
    """Return the page for the measures of tests, by the tests' ids."""
    template = Template(_HERE.joinpath("page.html").read_text(encoding="utf-8"))
    at = created_at or datetime.now(tz=timezone.utc)
    sources, tests, reads = sums.sources(measures), sums.tests(measures), sums.reads(measures)
    return template.substitute(
        style=_HERE.joinpath("page.css").read_text(encoding="utf-8"),
        created_at=f"{at:%Y-%m-%d %H:%M} UTC",
        tiles=_tiles(measures),
        sources_chart=chart("Capacity units by table and index", sources[:_CHART_ROWS]),
        sources=_sources(sources),
        tests_chart=chart("Capacity units by test", tests[:_CHART_ROWS]),
        tests=_tests(tests, measures),
        patterns_chart=_patterns_chart(measures),
        patterns=_patterns(measures),
        operations=_operations(measures),
        keys=_keys(sums.hot_keys(measures)),
        scans=_scans([read for read in reads if read.is_scan]),
        filters=_filters([read for read in reads if read.discarded and read.condition]),
        prices=_price_note(),
    )


def _tiles(measures: MeasuresByTest) -> str:
    total = sums.totals(measures)
    price = amount_text(prices().of(total["read"], total["write"]))
    tiles = (
        ("tests with calls", f"{len(sums.with_calls(measures)):,}"),
        ("calls", f"{total['calls']:,}"),
        ("failed calls", f"{total['errors']:,}"),
        ("of them faults", f"{total['faults']:,}"),
        ("scans", f"{total['scans']:,}"),
        ("read units", number_text(total["read"])),
        ("write units", number_text(total["write"])),
        (f"price in {prices().currency}", price),
    )
    return "\n".join(
        f"<div><dt>{escape(name)}</dt><dd>{escape(value)}</dd></div>" for name, value in tiles
    )


def _sources(rows: Sequence[Row]) -> str:
    most = max((row.total for row in rows), default=0.0)
    return table(
        "Capacity units by table and index",
        ("table/index", "read units", "write units", "price", ""),
        [
            (
                row.label,
                row.read,
                row.write,
                number(prices().text(prices().of(row.read, row.write))),
                _bar(row, most),
            )
            for row in rows
        ],
    )


def _tests(rows: Sequence[Row], measures: MeasuresByTest) -> str:
    most = max((row.total for row in rows), default=0.0)
    return table(
        "Tests by capacity units",
        (
            *("test", "outcome", "calls", "errors", "of them faults", "scans"),
            *("read units", "write units", ""),
        ),
        [
            (
                row.label,
                measures[row.label]["outcome"],
                measures[row.label]["calls"],
                measures[row.label]["errors"],
                measures[row.label].get("faults", 0),
                measures[row.label]["scans"],
                row.read,
                row.write,
                _bar(row, most),
            )
            for row in rows
        ],
    )


def _patterns_chart(measures: MeasuresByTest) -> str:
    rows = [
        Row(
            f"{read.operation} {read.source} {read.condition}".rstrip(),
            read.returned,
            read.discarded,
        )
        for read in patterns.wasteful_reads(measures)[:_CHART_ROWS]
    ]
    return chart("Items read by scans and filters", rows, ("returned", "discarded"))


def _patterns(measures: MeasuresByTest) -> str:
    return table(
        "Access patterns that cost more than they need to",
        ("kind", "table/index", "what", "instead", "units"),
        [
            (finding.kind, finding.resource, finding.description, finding.advice, finding.units)
            for finding in patterns.findings(measures)
        ],
        without="No scan, no filter that discards most items, no unused index, no hot key.",
    )


def _operations(measures: MeasuresByTest) -> str:
    return table(
        "Calls by operation",
        ("operation", "calls", "errors", "read units", "write units"),
        [
            (row.operation, row.calls, row.errors, row.read, row.write)
            for row in sums.operations(measures)
        ],
    )


def _keys(keys: Sequence[KeySum]) -> str:
    most = max((key.units for key in keys), default=0.0)
    return table(
        "Partition keys by capacity units",
        ("table/index", "partition key", "calls", "units", ""),
        [
            (
                key.source,
                code(key.key),
                key.calls,
                key.units,
                Cell(small_bar([("units", key.units)], most), "bar"),
            )
            for key in keys
        ],
        without="No partition key was used by several calls.",
    )


def _scans(scans: Sequence[ReadSum]) -> str:
    return table(
        "Scans by table and index",
        ("table/index", "tests", "operation", "filter", "calls", "read", "returned", "read units"),
        [
            (
                scan.source,
                listing(scan.tests),
                scan.operation,
                code(shorten(scan.condition, _FILTER_CHARACTERS)),
                scan.calls,
                scan.scanned,
                scan.returned,
                scan.read,
            )
            for scan in scans
        ],
        without="No table or index was scanned.",
    )


def _filters(reads: Sequence[ReadSum]) -> str:
    return table(
        "Filters by discarded items",
        ("filter", "table/index", "tests", "operation", "read", "discarded", "share", "read units"),
        [
            (
                code(shorten(read.condition, _FILTER_CHARACTERS)),
                read.source,
                listing(read.tests),
                read.operation,
                read.scanned,
                read.discarded,
                number(f"{100 * read.discarded / read.scanned:.0f} %"),
                read.read,
            )
            for read in reads
        ],
        without="No filter discarded items.",
    )


def _bar(row: Row, most: float) -> Cell:
    return Cell(small_bar([("read", row.read), ("write", row.write)], most), "bar")


def _price_note() -> str:
    listed = prices()
    return (
        f"Prices: {escape(listed.description)}: {listed.per_million_read_request_units:g}"
        f" {listed.currency} per million read request units,"
        f" {listed.per_million_write_request_units:g} {listed.currency} per million write request"
        f' units (<a href="{escape(listed.source)}">source</a>). Storage, streams, backups and'
        " other regions are not included."
    )
