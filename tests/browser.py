"""Headless Chromium, for tests of what is shown in a browser."""

from __future__ import annotations

import os
import shutil
import subprocess
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from pathlib import Path

CHROMIUM = os.environ.get("CHROMIUM") or next(
    filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None
)
#: The mark of a test that needs a browser.
needs_chromium = pytest.mark.skipif(CHROMIUM is None, reason="there is no Chromium here")

_OPTIONS = (
    "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
    "--disable-background-networking", "--disable-component-update", "--disable-sync",
    "--hide-scrollbars",
)  # fmt: skip


def browse(url: str, profile: Path, *options: str) -> str:
    """Open a page with a new profile and return what Chromium prints."""
    command = [str(CHROMIUM), *_OPTIONS, f"--user-data-dir={profile}", *options, url]
    result = subprocess.run(command, capture_output=True, text=True, timeout=120, check=True)  # noqa: S603
    return result.stdout
