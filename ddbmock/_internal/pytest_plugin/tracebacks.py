"""Tracebacks of misuse: they end where a test or a program called, not inside of ddbmock.

Which of ddbmock's functions noticed a mistake says nothing to whoever made it. Other errors keep
their tracebacks, and `--full-trace` shows everything.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from ddbmock._internal.errors import MisuseError

if TYPE_CHECKING:
    from types import TracebackType

#: Packages whose frames are left out at the end; botocore's, where the guard refuses a call.
_LEFT_OUT = frozenset({"botocore", "ddbmock"})
#: Who calls tests and fixtures. A traceback that would end there stays as it is.
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
    """Drop the last frames as long as they are of packages that are left out."""
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
