"""The call of a handler: with or without a context, synchronous or not.

An asynchronous handler runs to its end before the delivery continues. If no event loop runs in this
thread, it runs in a loop of its own here. Otherwise it runs in a loop of a helper thread, with this
thread's context variables, while this thread waits, so it must not wait for the outer loop.
"""

from __future__ import annotations

import asyncio
import inspect
import threading
from contextvars import copy_context
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from ddbmock._internal.errors import MisuseError

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

_EVENT_AND_CONTEXT = 2


@dataclass(frozen=True, slots=True)
class LambdaContext:
    """The context argument of a Lambda function, as far as it applies to a mock."""

    function_name: str
    invoked_function_arn: str
    aws_request_id: str
    function_version: str = "$LATEST"
    memory_limit_in_mb: str = "128"
    log_group_name: str = "/aws/lambda/ddbmock"
    log_stream_name: str = "[$LATEST]"
    identity: None = None
    client_context: None = None

    def get_remaining_time_in_millis(self) -> int:
        """Return the remaining time: always the maximum of 15 minutes."""
        return 900_000


def check_handler(handler: object) -> None:
    """Check that a handler can be called with an event, or with an event and a context.

    Raises:
        MisuseError: It cannot.
    """
    if not callable(handler):
        raise _not_a_handler(handler)
    try:
        signature = inspect.signature(handler)
    except (TypeError, ValueError):  # built in, without a signature
        return
    arguments = (None,) * (2 if takes_context(handler) else 1)
    try:
        signature.bind(*arguments)
    except TypeError:
        raise _not_a_handler(handler) from None


def _not_a_handler(handler: object) -> MisuseError:
    return MisuseError(
        f"a handler is a function of an event, or of an event and a context, not {handler!r}"
    )


def takes_context(handler: Callable[..., Any]) -> bool:
    """Return whether a handler takes an event and a context, rather than the event alone."""
    try:
        parameters = inspect.signature(handler).parameters.values()
    except (TypeError, ValueError):  # built in, without a signature
        return False
    positional = [
        parameter
        for parameter in parameters
        if parameter.kind in {parameter.POSITIONAL_ONLY, parameter.POSITIONAL_OR_KEYWORD}
    ]
    has_rest = any(parameter.kind is parameter.VAR_POSITIONAL for parameter in parameters)
    return has_rest or len(positional) >= _EVENT_AND_CONTEXT


def invoke(handler: Callable[..., Any], arguments: tuple[Any, ...]) -> Any:
    """Call a handler and return its result, awaited if it is awaitable."""
    result = handler(*arguments)
    return _finish(result) if inspect.isawaitable(result) else result


def _finish(awaitable: Awaitable[Any]) -> Any:
    try:
        asyncio.get_running_loop()
    except RuntimeError:
        return _run(awaitable)
    return _run_in_thread(awaitable)


async def _await(awaitable: Awaitable[Any]) -> Any:
    return await awaitable


def _run(awaitable: Awaitable[Any]) -> Any:
    # Not asyncio.run: that would leave this thread without its current event loop.
    loop = asyncio.new_event_loop()
    try:
        return loop.run_until_complete(_await(awaitable))
    finally:
        loop.run_until_complete(loop.shutdown_asyncgens())
        loop.close()


def _run_in_thread(awaitable: Awaitable[Any]) -> Any:
    results: list[Any] = []
    errors: list[BaseException] = []

    def work() -> None:
        try:
            results.append(_run(awaitable))
        except BaseException as error:  # noqa: BLE001 (raised again below)
            errors.append(error)

    thread = threading.Thread(target=copy_context().run, args=(work,), name="ddbmock-handler")
    thread.start()
    thread.join()
    if errors:
        raise errors[0]
    return results[0]
