"""The chart of the home page, drawn from the figures of `docs/performance.md`."""

from __future__ import annotations

import re
from html import escape
from typing import TYPE_CHECKING

from tests.pytest_runs import ROOT

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

PAGE = ROOT / "docs" / "performance.md"
CHART = ROOT / "docs" / "images" / "speed.svg"

#: Rows of the page's table, and what the chart calls them.
_SHOWN = {
    "GetItem": "GetItem",
    "PutItem": "PutItem",
    "UpdateItem, condition and three actions": "UpdateItem",
    "Query, 10 items": "Query",
    "A typical test, whole": "a typical test",
}
_WIDTH, _ROW, _TOP, _LEFT = 640, 46, 34, 116
_SCALE, _LONGEST = 15.0, 24.0
_TIMES = "\N{MULTIPLICATION SIGN}"
_START = """<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" role="img"
 aria-label="{title}">"""
_STYLE = """
text { font: 13px system-ui, sans-serif; fill: #1b1f24; }
.faint { fill: #57606a; font-size: 12px; }
.own { fill: #1f6fb2; } .other { fill: #b9c0c8; }
@media (prefers-color-scheme: dark) {
  text { fill: #e6e9ec; } .faint { fill: #a2abb5; }
  .own { fill: #5ba7e6; } .other { fill: #57606a; }
}
"""


def ratios() -> Mapping[str, tuple[float, float]]:
    """Return how many times the floor calls cost with ddbmock and with moto, by the page's rows."""
    page = PAGE.read_text(encoding="utf-8")
    _, _, tested = page.partition("<!-- calls, tested: begin -->")
    tables, _, _ = tested.partition("<!-- calls, tested: end -->")
    times = r" +[\d,.]+(?: \([^|]*\))? \|"
    pattern = rf"^\| (.+?) +\|{times}{times}{times} +([\d.]+) \| +([\d.]+) \|$"
    found = re.findall(pattern, tables, re.MULTILINE)
    return {name: (float(own), float(other)) for name, own, other in found}


def chart() -> str:
    """Return the chart as SVG."""
    rows = ratios()
    height = _TOP + _ROW * len(_SHOWN) + 8
    parts = [part for at, name in enumerate(_SHOWN) for part in _row(at, name, *rows[name])]
    title = "What a call costs, as a multiple of what boto3 itself costs"
    return "\n".join(
        [
            _START.format(width=_WIDTH, height=height, title=title),
            f"<style>{_STYLE}</style>",
            f'<text x="0" y="16">{title}</text>',
            *parts,
            "</svg>\n",
        ]
    )


def _row(at: int, name: str, own: float, other: float) -> Iterator[str]:
    top = _TOP + at * _ROW
    yield f'<text x="{_LEFT - 10}" y="{top + 22}" text-anchor="end">{escape(_SHOWN[name])}</text>'
    for offset, kind, label, ratio in ((0, "own", "ddbmock", own), (18, "other", "moto", other)):
        width = min(ratio, _LONGEST) * _SCALE
        y = top + offset
        yield f'<rect class="{kind}" x="{_LEFT}" y="{y}" width="{width:.1f}" height="15" rx="2"/>'
        cut = " (bar cut)" if ratio > _LONGEST else ""
        text = f"{label} {ratio:.3g} {_TIMES}{cut}"
        yield f'<text class="faint" x="{_LEFT + width + 6:.1f}" y="{y + 12}">{text}</text>'
