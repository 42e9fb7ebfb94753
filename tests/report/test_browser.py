"""The page in a real browser."""

from __future__ import annotations

import struct
import zlib
from typing import TYPE_CHECKING

import pytest

from tests.browser import browse, needs_chromium

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = needs_chromium


def pixels(path: Path) -> set[bytes]:
    """Return the colors of a PNG as Chromium writes it: 8 bits, not interlaced."""
    data, parts, at = path.read_bytes(), b"", 8
    width, height, depth, kind = struct.unpack(">IIBB", data[16:26])
    assert depth == 8
    while at < len(data):
        (length,) = struct.unpack(">I", data[at : at + 4])
        if data[at + 4 : at + 8] == b"IDAT":
            parts += data[at + 8 : at + 8 + length]
        at += 12 + length
    size = {2: 3, 6: 4}[kind]
    rows, stride = zlib.decompress(parts), width * size
    colors: set[bytes] = set()
    previous = bytearray(stride)
    for number in range(height):
        start = number * (stride + 1)
        row = unfiltered(
            rows[start], bytearray(rows[start + 1 : start + 1 + stride]), previous, size
        )
        colors.update(bytes(row[x : x + 3]) for x in range(0, stride, size))
        previous = row
    return colors


def unfiltered(kind: int, row: bytearray, above: bytearray, size: int) -> bytearray:
    """As in https://www.w3.org/TR/png/#9Filter-types ."""
    for x in range(len(row)):
        left = row[x - size] if x >= size else 0
        up, corner = above[x], above[x - size] if x >= size else 0
        estimate = left + up - corner
        nearest = min((left, up, corner), key=lambda value: abs(estimate - value))
        row[x] = (row[x] + (0, left, up, (left + up) // 2, nearest)[kind]) & 255
    return row


@pytest.mark.parametrize(
    ("options", "paper", "read"),
    [
        ((), "ffffff", "1f6fb2"),
        (("--blink-settings=preferredColorScheme=0",), "14171b", "5ba7e6"),
    ],
)
def test_it_is_drawn_in_light_and_dark(page_path, tmp_path, options, paper, read):
    picture = tmp_path / "page.png"
    size = ("--window-size=1000,700", "--force-device-scale-factor=0.4")
    browse(page_path.as_uri(), tmp_path / "profile", f"--screenshot={picture}", *size, *options)
    colors = pixels(picture)
    assert bytes.fromhex(paper) in colors
    assert bytes.fromhex(read) in colors


def test_it_fits_its_window(page_path, tmp_path):
    # The page has no script; this copy of it measures itself.
    measuring = """<script>addEventListener("load", () => {
        const root = document.documentElement;
        const cut = [...document.querySelectorAll("svg.chart text")].filter(element => {
            const box = element.getBoundingClientRect();
            const around = element.closest("svg").getBoundingClientRect();
            return box.left < around.left - 1 || box.right > around.right + 1;
        });
        for (const element of document.querySelectorAll(".tiles div, .tiles dt, .tiles dd"))
            if (element.scrollWidth > element.clientWidth) cut.push(element);
        const body = document.body;
        const wide = [root, body].map(element => element.scrollWidth - element.clientWidth);
        root.dataset.measured = `${Math.max(...wide)} ${cut.length}`;
    })</script>"""
    copy = tmp_path / "page.html"
    text = page_path.read_text(encoding="utf-8")
    for width in (1280, 1000, 400):
        # Chromium has no window of less than 500 pixels.
        narrow = text.replace("<body>", f'<body style="max-width: {width}px">')
        copy.write_text(narrow.replace("</body>", f"{measuring}</body>"), encoding="utf-8")
        profile = tmp_path / f"profile{width}"
        dom = browse(copy.as_uri(), profile, "--dump-dom", f"--window-size={width},900")
        assert 'data-measured="0 0"' in dom, width
