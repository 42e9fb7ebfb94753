"""The line that continuous integration ends with."""

from __future__ import annotations

import runpy
from pathlib import Path

import pytest

CLOSING_LINE = Path(__file__).parent.parent / ".ci" / "closing_line.py"


@pytest.fixture
def closing_line():
    return runpy.run_path(str(CLOSING_LINE))["closing_line"]


def test_all_runs_of_pytest_are_summed_up(closing_line):
    log = [
        "gw0 [9] / gw1 [9]",
        "== 5 passed, 1 xfailed in 12.20s ==",
        "===== 3 passed, 1 xfailed in 100.00s (0:01:40) =====",
    ]
    assert closing_line(log) == "== 8 passed, 2 xfailed in 112.2 s of pytest =="


def test_it_says_why_tests_were_skipped(closing_line):
    log = [
        "SKIPPED [2] tests/report/test_browser.py:40: there is no Chromium here",
        "SKIPPED [1] tests/report/test_browser.py:51: there is no Chromium here",
        "SKIPPED [1] tests/test_seeds.py:10: the guides are not here: ../shared/seeds",
        "== 5 passed, 4 skipped in 1.00s ==",
    ]
    assert closing_line(log) == (
        "== 5 passed, 4 skipped (there is no Chromium here; the guides are not here:"
        " ../shared/seeds) in 1.0 s of pytest =="
    )


def test_what_an_older_botocore_lacks_is_not_skipped_but_run_elsewhere(closing_line):
    log = [
        "SKIPPED [3] tests/conftest.py:70: the model of this botocore does not have it yet",
        "SKIPPED [1] tests/report/test_browser.py:40: there is no Chromium here",
        "== 5 passed, 4 skipped in 1.00s ==",
        "== 3 passed in 1.00s ==",
    ]
    assert closing_line(log) == (
        "== 8 passed, 3 left to the newest botocore, 1 skipped (there is no Chromium here)"
        " in 2.0 s of pytest =="
    )


def test_it_names_what_failed(closing_line):
    log = [
        "== 1 failed, 5 passed, 2 errors in 1.00s ==",
        "make[1]: *** [Makefile:70: unit] Error 1",
        "make[1]: *** [Makefile:91: build/package/.checked] Error 1",
        "make: *** [Makefile:55: test] Error 2",
    ]
    assert closing_line(log) == (
        "== 1 failed, 5 passed, 2 errors, failed: make unit build/package/.checked"
        " in 1.0 s of pytest =="
    )


def test_a_log_without_any_run(closing_line):
    text = closing_line(["pip: no such index", "make: *** [Makefile:120: .venv/.ready] Error 1"])
    assert "failed: make .venv/.ready" in text
    assert "did not come" in closing_line([])
