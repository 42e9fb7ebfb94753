"""Bar charts of read and write units as SVG, to be embedded in a page.

Every number of a bar is also shown as text.
"""

from __future__ import annotations

from dataclasses import dataclass
from html import escape
from math import floor, log10
from typing import TYPE_CHECKING

from ddbmock._internal.calls import number_text

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

_WIDTH = 760
_LABEL_WIDTH = 290
_VALUE_WIDTH = 80
_BARS_WIDTH = _WIDTH - _LABEL_WIDTH - _VALUE_WIDTH
_ROW_HEIGHT = 30
_BAR_HEIGHT = 18
_AXIS_HEIGHT = 26
_LABEL_CHARACTERS = 38
_TICKS_MOST = 5


@dataclass(frozen=True, slots=True)
class Row:
    """One bar."""

    label: str
    read: float
    write: float

    @property
    def total(self) -> float:
        """Read and write units together."""
        return self.read + self.write


def chart(title: str, rows: Sequence[Row], kinds: tuple[str, str] = ("read", "write")) -> str:
    """Return a chart of horizontal stacked bars, by default of read and write units."""
    most = max((row.total for row in rows), default=0.0)
    if not most:
        return ""
    step = tick_step(most)
    height = len(rows) * _ROW_HEIGHT + _AXIS_HEIGHT
    parts = [
        (
            f'<svg class="chart" role="img" viewBox="0 0 {_WIDTH} {height}"'
            f' aria-label="{escape(_description(title, rows, kinds))}">'
        ),
        *_axis(most, step, len(rows) * _ROW_HEIGHT),
        *(part for at, row in enumerate(rows) for part in _bar(row, at * _ROW_HEIGHT, most, kinds)),
        "</svg>",
    ]
    return "\n".join(parts)


def _description(title: str, rows: Sequence[Row], kinds: tuple[str, str]) -> str:
    """Return the chart as text, for screen readers."""
    bars = "; ".join(
        f"{row.label}: {number_text(row.read)} {kinds[0]}, {number_text(row.write)} {kinds[1]}"
        for row in rows
    )
    return f"{title}. {bars}"


def tick_step(most: float) -> float:
    """Return a round distance between the ticks of an axis with at most five of them.

    >>> tick_step(7), tick_step(42), tick_step(1200)
    (2.0, 10.0, 500.0)
    """
    power = 10.0 ** floor(log10(most / _TICKS_MOST))
    return next(
        factor * power for factor in (1, 2, 5, 10) if most / (factor * power) <= _TICKS_MOST
    )


def _axis(end: float, step: float, bottom: int) -> Iterator[str]:
    for number in range(int(end / step) + 1):
        x = _LABEL_WIDTH + _BARS_WIDTH * number * step / end
        yield f'<line class="grid" x1="{x:.1f}" x2="{x:.1f}" y1="0" y2="{bottom}"/>'
        yield (
            f'<text class="tick" x="{x:.1f}" y="{bottom + 17}" text-anchor="middle">'
            f"{number_text(number * step)}</text>"
        )


def _bar(row: Row, top: int, end: float, kinds: tuple[str, str]) -> Iterator[str]:
    read, write = (_BARS_WIDTH * units / end for units in (row.read, row.write))
    y, middle = top + (_ROW_HEIGHT - _BAR_HEIGHT) / 2, top + _ROW_HEIGHT / 2
    yield (
        f'<text class="label" x="{_LABEL_WIDTH - 10}" y="{middle}" text-anchor="end"'
        f' dominant-baseline="central"><title>{escape(row.label)}</title>'
        f"{escape(_shown(row.label))}</text>"
    )
    if read:
        yield _rectangle(kinds[0], _LABEL_WIDTH, y, read)
    if write:
        yield _rectangle(kinds[1], _LABEL_WIDTH + read, y, write)
    x = _LABEL_WIDTH + read + write + 8
    yield (
        f'<text class="value" x="{x:.1f}" y="{middle}" dominant-baseline="central">'
        f"{number_text(row.total)}</text>"
    )


def _shown(label: str) -> str:
    """Return a label that fits: of a test's id the part after the file, shortened in the middle."""
    label = label.partition("::")[2] or label
    if len(label) <= _LABEL_CHARACTERS:
        return label
    half = _LABEL_CHARACTERS // 2
    return f"{label[: half - 1]}…{label[-half:]}"


def _rectangle(kind: str, x: float, y: float, width: float) -> str:
    return (
        f'<rect class="{kind}" x="{x:.1f}" y="{y:.1f}" width="{width:.1f}" height="{_BAR_HEIGHT}"/>'
    )


def small_bar(parts: Sequence[tuple[str, float]], most: float) -> str:
    """Return a bar for a table's cell, where other cells have the numbers.

    >>> small_bar([("read", 1.0), ("write", 2.0)], 4.0).count("<rect")
    2
    """
    if most <= 0:
        return ""
    bars, x = [], 0.0
    for kind, units in parts:
        width = 100 * units / most
        bars.append(f'<rect class="{kind}" x="{x:.2f}" width="{width:.2f}" height="10"/>')
        x += width
    return (
        '<svg class="bar" viewBox="0 0 100 10" preserveAspectRatio="none" aria-hidden="true">'
        f"{''.join(bars)}</svg>"
    )
