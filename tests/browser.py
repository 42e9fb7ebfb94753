"""Headless Chromium, for tests of what is shown in a browser."""

from __future__ import annotations

import json
import os
import select
import shutil
import subprocess
import sys
from base64 import b64decode
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from pathlib import Path

    from typing_extensions import Self

CHROMIUM = os.environ.get("CHROMIUM") or next(
    filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None
)
_PATIENCE_SECONDS = 60
#: Chromium reads commands from descriptor 3 and writes answers to 4.
_WITH_PIPES = """
import os, sys
os.dup2(int(sys.argv[1]), 3)
os.dup2(int(sys.argv[2]), 4)
os.execv(sys.argv[3], sys.argv[3:])
"""
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


class Page:
    """A page in a headless Chromium that a test types into, by the DevTools protocol.

    https://chromedevtools.github.io/devtools-protocol/
    """

    def __init__(self, profile: Path, width: int = 1280, height: int = 900) -> None:
        self._read, child_write = os.pipe()
        child_read, self._write = os.pipe()
        options = ("--remote-debugging-pipe", f"--user-data-dir={profile}")
        pipes = (str(child_read), str(child_write))
        self._process = subprocess.Popen(  # noqa: S603
            [sys.executable, "-c", _WITH_PIPES, *pipes, str(CHROMIUM), *_OPTIONS, *options],
            pass_fds=(child_read, child_write),
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        os.close(child_read)
        os.close(child_write)
        self._unread = b""
        self._number = 0
        self._events: list[dict[str, Any]] = []
        self._session: str | None = None
        target = self._send("Target.createTarget", url="about:blank")["targetId"]
        attached = self._send("Target.attachToTarget", targetId=target, flatten=True)
        self._session = attached["sessionId"]
        self._send("Page.enable")
        self.resize(width, height)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._process.kill()
        self._process.wait()
        os.close(self._read)
        os.close(self._write)

    def resize(self, width: int, height: int, *, phone: bool = False) -> None:
        """Make the window as large as this."""
        self._send(
            "Emulation.setDeviceMetricsOverride",
            width=width,
            height=height,
            deviceScaleFactor=1,
            mobile=phone,
        )

    def prefer(self, scheme: str) -> None:
        """Prefer a light or dark scheme."""
        feature = {"name": "prefers-color-scheme", "value": scheme}
        self._send("Emulation.setEmulatedMedia", features=[feature])

    def open(self, url: str) -> None:
        """Open a page and wait until it is loaded."""
        self._events.clear()
        self._send("Page.navigate", url=url)
        self._wait_for_page()

    def run(self, script: str) -> Any:
        """Return what a script returns in the page."""
        response = self._send("Runtime.evaluate", expression=script, returnByValue=True)
        assert "exceptionDetails" not in response, response
        return response["result"].get("value")

    def press(self, key: str, times: int = 1) -> None:
        """Press a key."""
        code, text = {"Tab": (9, ""), "Enter": (13, "\r"), " ": (32, " ")}[key]
        for _ in range(times):
            common = {"key": key, "windowsVirtualKeyCode": code}
            self._send("Input.dispatchKeyEvent", type="keyDown", text=text, **common)
            self._send("Input.dispatchKeyEvent", type="keyUp", **common)

    def type(self, text: str) -> None:
        """Type a text where the focus is."""
        self._send("Input.insertText", text=text)

    def submits(self, key: str = "Enter") -> None:
        """Press a key that leads to another page, and wait for that."""
        self._events.clear()
        self.press(key)
        self._wait_for_page()

    def screenshot(self, path: Path) -> None:
        """Write a picture of the window."""
        path.write_bytes(b64decode(self._send("Page.captureScreenshot", format="png")["data"]))

    def _wait_for_page(self) -> None:
        self.wait_for("Page.loadEventFired")
        # `autofocus` takes effect when the page is drawn.
        drawn = "new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)))"
        self._send("Runtime.evaluate", expression=drawn, awaitPromise=True)

    def wait_for(self, event: str) -> None:
        """Wait for an event of the protocol."""
        while all(message["method"] != event for message in self._events):
            self._events.append(self._message())

    def _send(self, method: str, **parameters: Any) -> dict[str, Any]:
        self._number += 1
        message: dict[str, Any] = {"id": self._number, "method": method, "params": parameters}
        if self._session is not None:
            message["sessionId"] = self._session
        os.write(self._write, json.dumps(message).encode() + b"\0")
        while True:
            response = self._message()
            if response.get("id") == self._number:
                assert "error" not in response, response
                result: dict[str, Any] = response["result"]
                return result
            self._events.append(response)

    def _message(self) -> dict[str, Any]:
        while b"\0" not in self._unread:
            ready, _, _ = select.select([self._read], [], [], _PATIENCE_SECONDS)
            part = os.read(self._read, 1 << 16) if ready else b""
            assert part, "Chromium does not answer"
            self._unread += part
        content, _, self._unread = self._unread.partition(b"\0")
        message: dict[str, Any] = json.loads(content)
        return message
