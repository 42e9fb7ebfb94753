"""The page in a real browser: `make test-report`, where Chromium is."""

from __future__ import annotations

import os
import shutil
import struct
import subprocess
import zlib
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from pathlib import Path

CHROMIUM = (
    os.environ.get("CHROMIUM") or shutil.which("chromium") or shutil.which("chromium-browser")
)
OPTIONS = (
    "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
    "--disable-background-networking", "--disable-component-update", "--disable-sync",
    "--hide-scrollbars",
)  # fmt: skip

pytestmark = pytest.mark.skipif(
    CHROMIUM is None or not os.environ.get("DDBMOCK_TEST_REPORT"),
    reason="needs Chromium; make test-report runs it",
)


def browse(page: Path, profile: Path, *options: str) -> str:
    command = [str(CHROMIUM), *OPTIONS, f"--user-data-dir={profile}", *options, page.as_uri()]
    result = subprocess.run(command, capture_output=True, text=True, timeout=120, check=True)  # noqa: S603
    return result.stdout


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
    size = "--window-size=1000,700"
    browse(page_path, tmp_path / "profile", f"--screenshot={picture}", size, *options)
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
        dom = browse(copy, profile, "--dump-dom", f"--window-size={width},900")
        assert 'data-measured="0 0"' in dom, width
