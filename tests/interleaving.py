"""Two functions in two threads, with a switch from one to the other at each instruction.

A race needs an unlucky switch between threads, which may come once in a million runs, or often on a
free-threaded build of Python. Here every switch comes: the first function is stopped before each of
its instructions in turn, and the second one runs meanwhile, to its end unless it waits for a lock
that the first one holds.
"""

from __future__ import annotations

import sys
import threading
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from types import CodeType, FrameType, ModuleType

    #: Two functions, and one that checks what they did together.
    Run = tuple[Callable[[], object], Callable[[], object], Callable[[], object]]

#: How long the second function may run before the first one goes on, which it waits for if it needs
#: a lock. A second function that is only slow is met by a later instruction then.
_BLOCKED_SECONDS = 0.002
_DEADLOCK_SECONDS = 30
#: Which of the tools that watch instructions this is.
_TOOL = 4


def check_interleavings(begin: Callable[[], Run], *modules: ModuleType, step: int = 1) -> None:
    """Run two functions again and again, with a switch at each instruction in turn.

    Args:
        begin: Returns the functions and the check of one run, each time with a state of its own.
        *modules: The first function is stopped at the instructions of these.
        step: How many instructions further the switch comes each time.
    """
    files = {str(module.__file__) for module in modules}
    switch = _Switch(files)
    watched = switch.monitored if sys.version_info >= (3, 12) else switch.traced
    instruction, was_reached = 0, True
    while was_reached:
        first, second, check = begin()
        errors: list[BaseException] = []
        other = threading.Thread(target=_run, args=(second, errors))
        switch.prepare(other, instruction)
        with watched():
            one = threading.Thread(target=switch.run, args=(first, errors))
            one.start()
            one.join(_DEADLOCK_SECONDS)
        was_reached = other.ident is not None
        if not was_reached:
            other.start()
        other.join(_DEADLOCK_SECONDS)
        assert not one.is_alive()
        assert not other.is_alive()
        if errors:
            raise errors[0]
        check()
        instruction += step
    assert instruction > step, "no instruction of these modules was met"


def _run(function: Callable[[], object], errors: list[BaseException]) -> None:
    try:
        function()
    except BaseException as error:  # noqa: BLE001 (raised by `check_interleavings`)
        errors.append(error)


class _Switch:
    """Starts another thread before an instruction of the first one."""

    def __init__(self, files: set[str]) -> None:
        self._files = files
        self._thread: int | None = None
        self._traces = False

    def prepare(self, other: threading.Thread, instruction: int) -> None:
        self._other = other
        self._left = instruction

    def run(self, function: Callable[[], object], errors: list[BaseException]) -> None:
        """Run a function in the thread that is stopped."""
        self._thread = threading.get_ident()
        if self._traces:
            sys.settrace(self._trace)
        _run(function, errors)
        sys.settrace(None)
        self._thread = None

    def _meet(self) -> None:
        if self._left == 0:
            self._other.start()
            self._other.join(_BLOCKED_SECONDS)
        self._left -= 1

    # --- up to Python 3.11 ---

    @contextmanager
    def traced(self) -> Iterator[None]:
        self._traces = True
        yield

    def _trace(self, frame: FrameType, _event: str, _argument: Any) -> Any:
        if frame.f_code.co_filename not in self._files:
            return None
        frame.f_trace_opcodes = True
        return self._trace_within

    def _trace_within(self, _frame: FrameType, event: str, _argument: Any) -> Any:
        if event == "opcode":
            self._meet()
        return self._trace_within

    # --- from Python 3.12 on ---

    @contextmanager
    def monitored(self) -> Iterator[None]:
        monitoring: Any = sys.monitoring  # type: ignore[attr-defined, unused-ignore]
        self._ignored = monitoring.DISABLE
        monitoring.use_tool_id(_TOOL, __name__)
        monitoring.register_callback(_TOOL, monitoring.events.INSTRUCTION, self._instruction)
        monitoring.set_events(_TOOL, monitoring.events.INSTRUCTION)
        monitoring.restart_events()  # also where other modules' instructions were ignored before
        try:
            yield
        finally:
            monitoring.set_events(_TOOL, monitoring.events.NO_EVENTS)
            monitoring.register_callback(_TOOL, monitoring.events.INSTRUCTION, None)
            monitoring.free_tool_id(_TOOL)

    def _instruction(self, code: CodeType, _offset: int) -> Any:
        if code.co_filename not in self._files:
            return self._ignored
        if threading.get_ident() == self._thread:
            self._meet()
        return None
