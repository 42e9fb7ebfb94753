"""The waits of clients between attempts: they advance the mock's clock instead of sleeping.

botocore waits in two places: in the loop of its endpoint, before it sends a call again, and in the
rate limiter of the retry mode "adaptive", before it sends anything. Only DynamoDB's calls that a
mock answers are spared the wait.
"""

from __future__ import annotations

import copy
import sys
from typing import TYPE_CHECKING, Any

from botocore.hooks import first_non_none_response

from ddbmock._internal.hook import active
from ddbmock._internal.hook.before_send import operation_of
from ddbmock._internal.locks import new_lock
from ddbmock._internal.service_model import SERVICE_NAMES

if TYPE_CHECKING:
    from ddbmock._internal.hook.active import ActiveMock

#: How many seconds were not slept so far in this process. Rate limiters add them to their time,
#: also when the mock has ended: their time must not go back.
_skipped_seconds = 0.0
_skipping = new_lock()
#: Compensates rounding: after the wait, the time must have passed.
_LEAST_SECONDS = 1e-6


def _pass_on_clock(answering: ActiveMock, seconds: float) -> None:
    """Advance the mock's clock in place of a wait."""
    global _skipped_seconds  # noqa: PLW0603 (one for the process, as the rate limiters' clock)
    if seconds > 0:
        with _skipping:
            _skipped_seconds += seconds
        answering.service.backend.clock.advance(seconds)


# --- the loop of an endpoint ---------------------------------------------------------------------


class _WithoutWait:
    """The emitter of an endpoint for one event: the wait that handlers decide on becomes zero."""

    def __init__(self, emitter: Any, answering: ActiveMock) -> None:
        self._emitter = emitter
        self._answering = answering

    def emit(self, event_name: str, **arguments: Any) -> Any:
        responses = self._emitter.emit(event_name, **arguments)
        return self._without_wait(responses)

    def _without_wait(self, responses: Any) -> Any:
        wait_seconds = first_non_none_response(responses)
        if wait_seconds is None or wait_seconds is False:
            return responses
        _pass_on_clock(self._answering, wait_seconds)
        return [(None, 0)]


class _AsyncWithoutWait(_WithoutWait):
    """The same for an endpoint of aiobotocore."""

    async def emit(self, event_name: str, **arguments: Any) -> Any:
        return self._without_wait(await self._emitter.emit(event_name, **arguments))


def needs_retry(wrapped: Any, endpoint: Any, args: Any, kwargs: Any) -> Any:
    """Decide whether a call is sent again, which includes the wait before that."""
    answering = _answering(args, kwargs)
    if answering is not None:
        endpoint = copy.copy(endpoint)
        endpoint._event_emitter = _WithoutWait(endpoint._event_emitter, answering)  # noqa: SLF001
        return wrapped.__func__(endpoint, *args, **kwargs)
    return wrapped(*args, **kwargs)


def async_needs_retry(wrapped: Any, endpoint: Any, args: Any, kwargs: Any) -> Any:
    """Decide as `needs_retry`, and return an awaitable."""
    answering = _answering(args, kwargs)
    if answering is not None:
        endpoint = copy.copy(endpoint)
        endpoint._event_emitter = _AsyncWithoutWait(endpoint._event_emitter, answering)  # noqa: SLF001
        return wrapped.__func__(endpoint, *args, **kwargs)
    return wrapped(*args, **kwargs)


def _answering(args: Any, kwargs: Any) -> ActiveMock | None:
    """Return the mock that answers a call; None if there is none, or it is another service's."""
    operation = kwargs["operation_model"] if "operation_model" in kwargs else args[1]
    is_ours = operation.service_model.service_name in SERVICE_NAMES
    return _with_clock() if is_ours else None


def _with_clock() -> ActiveMock | None:
    """Return the active mock, None if a real engine answers, for which time passes by itself."""
    answering = active.current
    if answering is None or answering.service.backend.remote_request is not None:
        return None
    return answering


# --- the rate limiter of the adaptive mode -------------------------------------------------------


def current_time(wrapped: Any, _clock: Any, args: Any, kwargs: Any) -> float:
    """Return the time of rate limiters, advanced by the waits that were skipped."""
    return float(wrapped(*args, **kwargs)) + _skipped_seconds


def acquire(wrapped: Any, bucket: Any, args: Any, kwargs: Any) -> Any:
    """Have a rate limiter wait on the mock's clock; an asynchronous one returns an awaitable."""
    answering = _with_clock()
    # The handler of before-send that calls, behind the replacement itself.
    request = sys._getframe(2).f_locals.get("request")  # noqa: SLF001
    if answering is not None and request is not None and operation_of(request) is not None:
        amount = args[0] if args else kwargs.get("amount", 1)
        bucket._refill()  # noqa: SLF001
        wait_seconds = bucket._sleep_amount(amount)  # noqa: SLF001
        if wait_seconds > 0:
            _pass_on_clock(answering, wait_seconds + _LEAST_SECONDS)
    return wrapped(*args, **kwargs)
