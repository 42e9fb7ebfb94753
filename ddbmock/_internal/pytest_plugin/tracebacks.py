"""Tracebacks of misuse, which end in the test or the program and not within ddbmock.

The function of ddbmock that raises such an error is of no interest to the user. Other errors keep
their tracebacks, and `--full-trace` shows everything.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from ddbmock._internal.errors import MisuseError

if TYPE_CHECKING:
    from types import TracebackType

#: Packages whose frames are dropped at the end; botocore's, when the guard refuses a call.
_LEFT_OUT = frozenset({"botocore", "ddbmock"})
#: Packages that call tests and fixtures. A traceback that would end there is not shortened.
_RUNNERS = frozenset({"_pytest", "pluggy"})


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_makereport(item: pytest.Item, call: pytest.CallInfo[None]) -> None:
    """Shorten the traceback before it is shown."""
    excinfo = call.excinfo
    if excinfo is None or not isinstance(excinfo.value, MisuseError):
        return
    if not item.config.getoption("fulltrace"):
        _shorten(excinfo.tb)


def _shorten(traceback: TracebackType) -> None:
    """Drop the last frames that belong to these packages."""
    last: TracebackType | None = None
    each: TracebackType | None = traceback
    while each is not None:
        if _package(each) not in _LEFT_OUT:
            last = each
        each = each.tb_next
    if last is not None and _package(last) not in _RUNNERS:
        last.tb_next = None


def _package(traceback: TracebackType) -> str:
    name: str = traceback.tb_frame.f_globals.get("__name__", "")
    return name.partition(".")[0]
