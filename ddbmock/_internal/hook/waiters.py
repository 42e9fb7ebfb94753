"""Waiters of DynamoDB: while the clock is stopped, waiting advances it.

A waiter polls, sleeps, and polls again. On a running clock it sleeps as in production. On a stopped
one (`ddb.clock.freeze()`, freezegun, time-machine without ticking) it would wait for ever, so the
clock is advanced by the waiter's delay instead of sleeping.
"""

from __future__ import annotations

import copy
from typing import TYPE_CHECKING, Any

from ddbmock._internal.hook import active

if TYPE_CHECKING:
    from collections.abc import Callable

    from ddbmock._internal.engine.clock import Clock


class _Poll:
    """The call that a waiter repeats; before each repetition it advances the clock."""

    def __init__(self, call: Callable[..., Any], clock: Clock, delay_seconds: float) -> None:
        self._call = call
        self._clock = clock
        self._delay_seconds = delay_seconds
        self._has_called = False

    def __call__(self, **parameters: Any) -> Any:
        if self._has_called:
            self._clock.advance(self._delay_seconds)
        self._has_called = True
        return self._call(**parameters)


def wait(wrapped: Any, waiter: Any, args: Any, kwargs: Any) -> Any:
    """Wait, in place of the waiter's own method; an asynchronous waiter's returns an awaitable."""
    current = active.current
    if current is None or not _must_advance_clock(waiter):
        return wrapped(*args, **kwargs)
    clock = current.service.backend.clock
    if not clock.is_stopped():
        return wrapped(*args, **kwargs)
    config = kwargs.get("WaiterConfig") or {}
    delay_seconds = config.get("Delay", waiter.config.delay)
    polling = copy.copy(waiter)
    polling._operation_method = _Poll(waiter._operation_method, clock, delay_seconds)  # noqa: SLF001
    return polling.wait(**{**kwargs, "WaiterConfig": {**config, "Delay": 0}})


def _must_advance_clock(waiter: Any) -> bool:
    """Return whether a waiter is one of DynamoDB's that does not advance the clock yet."""
    is_ours = type(waiter).__name__.startswith("DynamoDB")
    return is_ours and not isinstance(waiter._operation_method, _Poll)  # noqa: SLF001
