"""The report as one self-contained HTML page: no script, no font, no picture from elsewhere."""

from __future__ import annotations

from datetime import datetime, timezone
from html import escape
from pathlib import Path
from string import Template
from typing import TYPE_CHECKING, Any

from ddbmock.calls import number_text, shorten
from ddbmock.report import sums
from ddbmock.report.charts import Row, chart, small_bar
from ddbmock.report.prices import prices

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from ddbmock.report.sums import Key, Measures, Read

_HERE = Path(__file__).parent
_CHART_ROWS = 10
_ROWS_SHOWN = 25
_FILTER_CHARACTERS = 100


def page(measures: Measures, made_at: datetime | None = None) -> str:
    """Return the page for the measures of tests, by the tests' ids."""
    template = Template(_HERE.joinpath("page.html").read_text(encoding="utf-8"))
    at = made_at or datetime.now(tz=timezone.utc)
    reads = sums.reads(measures)
    return template.substitute(
        style=_HERE.joinpath("page.css").read_text(encoding="utf-8"),
        made_at=f"{at:%Y-%m-%d %H:%M} UTC",
        tiles=_tiles(measures),
        places_chart=chart(
            "Capacity units by table and index", sums.places(measures)[:_CHART_ROWS]
        ),
        places=_places(measures),
        tests_chart=chart("Capacity units by test", sums.tests(measures)[:_CHART_ROWS]),
        tests=_tests(measures),
        operations=_operations(measures),
        keys=_keys(sums.keys(measures)),
        scans=_scans([read for read in reads if read.is_scan]),
        filters=_filters([read for read in reads if read.thrown and read.condition]),
        prices=_price_note(),
    )


# --- parts -----------------------------------------------------------------------------------


def _tiles(measures: Measures) -> str:
    sum_of = {
        name: sum(of[name] for of in measures.values())
        for name in ("calls", "errors", "scans", "read", "write")
    }
    tests = sum(1 for of in measures.values() if of["calls"])
    tiles = (
        ("tests that called", f"{tests:,}"),
        ("calls", f"{sum_of['calls']:,}"),
        ("read units", number_text(sum_of["read"])),
        ("write units", number_text(sum_of["write"])),
        ("scans", f"{sum_of['scans']:,}"),
        ("calls that failed", f"{sum_of['errors']:,}"),
        ("estimated price", _price(sum_of["read"], sum_of["write"])),
    )
    return "\n".join(
        f"<div><dt>{escape(name)}</dt><dd>{escape(value)}</dd></div>" for name, value in tiles
    )


def _price(read: float, write: float) -> str:
    return prices().text(prices().of(read, write))


def _places(measures: Measures) -> str:
    rows = sums.places(measures)
    most = max((row.total for row in rows), default=0.0)
    return _table(
        "Capacity units by table and index",
        ("table/index", "read units", "write units", "price", ""),
        (
            (
                row.label,
                row.read,
                row.write,
                _Number(_price(row.read, row.write)),
                _Bar.of_row(row, most),
            )
            for row in rows
        ),
    )


def _tests(measures: Measures) -> str:
    rows = sums.tests(measures)
    most = max((row.total for row in rows), default=0.0)
    return _table(
        "Tests by capacity units",
        ("test", "outcome", "calls", "errors", "scans", "read units", "write units", ""),
        (
            (
                row.label,
                measures[row.label]["outcome"],
                measures[row.label]["calls"],
                measures[row.label]["errors"],
                measures[row.label]["scans"],
                row.read,
                row.write,
                _Bar.of_row(row, most),
            )
            for row in rows
        ),
    )


def _operations(measures: Measures) -> str:
    return _table(
        "Calls by operation",
        ("operation", "calls", "errors", "read units", "write units"),
        sums.operations(measures),
    )


def _keys(keys: Sequence[Key]) -> str:
    if not keys:
        return _nothing("No call named an item.")
    most = max(key.units for key in keys)
    return _table(
        "Partition keys by capacity units",
        ("table/index", "partition key", "calls", "units", ""),
        (
            (
                key.place,
                _Code(key.key),
                key.calls,
                key.units,
                _Bar(small_bar([("units", key.units)], most)),
            )
            for key in keys
        ),
    )


def _scans(scans: Sequence[Read]) -> str:
    if not scans:
        return _nothing("No table or index was scanned.")
    return _table(
        "Scans by table and index",
        ("table/index", "operation", "filter", "calls", "items read", "returned", "read units"),
        (
            (
                scan.place,
                scan.operation,
                _Code(shorten(scan.condition, _FILTER_CHARACTERS)),
                scan.calls,
                scan.scanned,
                scan.returned,
                scan.read,
            )
            for scan in scans
        ),
    )


def _filters(reads: Sequence[Read]) -> str:
    if not reads:
        return _nothing("No filter threw items away.")
    return _table(
        "Filters by items thrown away",
        ("filter", "table/index", "operation", "items read", "thrown away", "share", "read units"),
        (
            (
                _Code(shorten(read.condition, _FILTER_CHARACTERS)),
                read.place,
                read.operation,
                read.scanned,
                read.thrown,
                _Number(f"{100 * read.thrown / read.scanned:.0f} %"),
                read.read,
            )
            for read in reads
        ),
    )


def _price_note() -> str:
    of = prices()
    return (
        f"Prices: {escape(of.told)}: {of.per_million_read_request_units:g} {of.currency} for a"
        f" million read request units, {of.per_million_write_request_units:g} {of.currency} for a"
        f' million write request units (<a href="{escape(of.source)}">source</a>). Storage,'
        " streams, backups and other regions are not counted."
    )


# --- tables ----------------------------------------------------------------------------------


class _Number(str):
    """Text that is a number, to be aligned with others."""

    __slots__ = ()


class _Code(str):
    """Text in a fixed-width font."""

    __slots__ = ()


class _Bar(str):
    """A bar, which is HTML already."""

    __slots__ = ()

    @classmethod
    def of_row(cls, row: Row, most: float) -> _Bar:
        """Return the bar of read and write units."""
        return cls(small_bar([("read", row.read), ("write", row.write)], most))


def _table(caption: str, heads: Sequence[str], rows: Iterable[Sequence[Any]]) -> str:
    """Return a table; rows beyond the first ones are there to be opened."""
    listed = list(rows)
    if not listed:
        return _nothing("There were none.")
    shown, hidden = listed[:_ROWS_SHOWN], listed[_ROWS_SHOWN:]
    parts = [*_one_table(caption, heads, shown)]
    if hidden:
        parts += [
            f"<details><summary>{len(hidden)} more</summary>",
            *_one_table(f"{caption}, the rest", heads, hidden),
            "</details>",
        ]
    return "\n".join(parts)


def _one_table(caption: str, heads: Sequence[str], rows: Sequence[Sequence[Any]]) -> Iterator[str]:
    # A table that is too wide scrolls in its own box, which the keyboard must reach.
    yield f'<div class="scroll" tabindex="0" role="region" aria-label="{escape(caption)}"><table>'
    yield f"<caption>{escape(caption)}</caption>"
    numeric = [isinstance(value, int | float | _Number) for value in rows[0]]
    cells = (
        f"<th{' class=number' if is_number else ''} scope=col>{escape(head)}</th>"
        if head
        else "<td></td>"
        for head, is_number in zip(heads, numeric, strict=True)
    )
    yield f"<thead><tr>{''.join(cells)}</tr></thead><tbody>"
    for first, *others in rows:
        yield f"<tr><th scope=row>{_content(first)}</th>{''.join(map(_cell, others))}</tr>"
    yield "</tbody></table></div>"


def _cell(value: Any) -> str:
    if isinstance(value, _Bar):
        return f"<td class=bar>{value}</td>"
    kind = " class=number" if isinstance(value, int | float | _Number) else ""
    return f"<td{kind}>{_content(value)}</td>"


def _content(value: Any) -> str:
    if isinstance(value, float):
        return number_text(value)
    if isinstance(value, int):
        return f"{value:,}"
    text = escape(value)
    return f"<code>{text}</code>" if isinstance(value, _Code) and text else text


def _nothing(text: str) -> str:
    return f"<p class=nothing>{escape(text)}</p>"
