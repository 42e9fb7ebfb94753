"""Waiters of DynamoDB: where time stands still, waiting moves the mock's clock.

A waiter asks, sleeps, and asks again. On a real clock it sleeps as in production. On a clock that
stands still (`ddb.clock.freeze()`, freezegun, time-machine without ticking) sleeping would wait for
ever, so the clock is advanced by the waiter's delay instead and nobody sleeps.
"""

from __future__ import annotations

import copy
from typing import TYPE_CHECKING, Any

from ddbmock.hook import target

if TYPE_CHECKING:
    from collections.abc import Callable

    from ddbmock.engine.clock import Clock


class _Poll:
    """A waiter's way to ask; before it asks again it moves the clock."""

    def __init__(self, ask: Callable[..., Any], clock: Clock, delay_seconds: float) -> None:
        self._ask = ask
        self._clock = clock
        self._delay_seconds = delay_seconds
        self._has_asked = False

    def __call__(self, **parameters: Any) -> Any:
        if self._has_asked:
            self._clock.advance(self._delay_seconds)
        self._has_asked = True
        return self._ask(**parameters)


def wait(wrapped: Any, waiter: Any, args: Any, kwargs: Any) -> Any:
    """Wait, in place of the waiter's own method; for asynchronous waiters it gives an awaitable."""
    current = target.current
    if current is None or not _is_to_move_the_clock(waiter):
        return wrapped(*args, **kwargs)
    clock = current.service.backend.clock
    if not clock.is_stopped():
        return wrapped(*args, **kwargs)
    config = kwargs.get("WaiterConfig") or {}
    delay_seconds = config.get("Delay", waiter.config.delay)
    polling = copy.copy(waiter)
    polling._operation_method = _Poll(waiter._operation_method, clock, delay_seconds)  # noqa: SLF001
    return polling.wait(**{**kwargs, "WaiterConfig": {**config, "Delay": 0}})


def _is_to_move_the_clock(waiter: Any) -> bool:
    """Return whether a waiter is one of DynamoDB's that was not seen to yet."""
    is_ours = type(waiter).__name__.startswith("DynamoDB")
    return is_ours and not isinstance(waiter._operation_method, _Poll)  # noqa: SLF001
