"""The steps of the tutorial: its blocks are files, as their titles say, and pytest runs."""

from __future__ import annotations

import os
import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from pathlib import Path

_STEP = re.compile(r'^```(\w+)(?: title="([^"]*)")?\n(.*?)^```', re.DOTALL | re.MULTILINE)
_RUN = "python -m pytest\n"


def do_step_by_step(
    pages: Iterable[Path], folder: Path, run_pytest: Callable[[Path], str]
) -> list[str]:
    """Do what the pages say in a folder, and return what each run of pytest printed.

    What a page shows of a run must be in what the run prints.
    """
    printed = [""]
    for page in pages:
        for language, title, text in _STEP.findall(page.read_text(encoding="utf-8")):
            if language == "python":
                name, _, how = title.partition(", ")
                _write(folder / name, how, text)
            elif text == _RUN:
                printed.append(run_pytest(folder))
            elif language == "text":
                shown = [line.strip() for line in text.splitlines() if line.strip() != "..."]
                assert [line for line in shown if line not in printed[-1]] == [], printed[-1]
    return printed[1:]


def _write(path: Path, how: str, code: str) -> None:
    if not path.exists():
        path.write_text(_written("", how, code), encoding="utf-8")
        return
    seconds = path.stat().st_mtime + 2
    path.write_text(_written(path.read_text(encoding="utf-8"), how, code), encoding="utf-8")
    # A file that changes twice in a second is taken for what it was compiled to before.
    os.utime(path, (seconds, seconds))


def _written(old: str, how: str, code: str) -> str:
    """Return what is in a file after a block whose title says how it belongs there."""
    if not how:
        return code
    if how == "at the end":
        return f"{old}\n{code}"
    method = re.fullmatch(r"in place of (\w+)", how)
    assert method, f"no way to write a block: {how!r}"
    return old[: old.index(f"    def {method[1]}(")] + code
