"""Exceptions that arrive anywhere, as those of a signal handler do."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable
    from types import FrameType

#: Where they arrive: in the engine, and in the library that orders its items.
_PATHS = ("/ddbmock/_internal/engine/", "/sortedcontainers/")
#: Where they do not: Python runs no signal handler between taking a lock and the block after it.
_WITH_LOCKS = "/ddbmock/_internal/engine/backend.py"


class Interrupt(BaseException):
    """As KeyboardInterrupt, which pytest would take for the user's."""


class _Countdown:
    """Raises at the so many-th bytecode instruction."""

    def __init__(self, at: int) -> None:
        self.remaining = at

    def __call__(self, frame: FrameType, event: str, _: Any) -> Any:
        path = frame.f_code.co_filename.replace("\\", "/")
        if path.endswith(_WITH_LOCKS) or not any(part in path for part in _PATHS):
            return None
        frame.f_trace_opcodes = True
        if event == "opcode":
            self.remaining -= 1
            if self.remaining == 0:
                raise Interrupt
        return self


def interrupted(function: Callable[[], object], at: int) -> bool:
    """Call a function, and return whether it was interrupted: at its so many-th instruction."""
    before = sys.gettrace()
    sys.settrace(_Countdown(at))
    try:
        function()
    except Interrupt:
        return True
    finally:
        sys.settrace(before)
    return False


def instruction_count(function: Callable[[], object]) -> int:
    """Return how many instructions a function takes."""
    countdown = _Countdown(sys.maxsize)
    before = sys.gettrace()
    sys.settrace(countdown)
    try:
        function()
    finally:
        sys.settrace(before)
    return sys.maxsize - countdown.remaining
