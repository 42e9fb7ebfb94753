"""What is replaced in other libraries: one table, applied and undone."""

from __future__ import annotations

import functools
import sys
from typing import TYPE_CHECKING, Any, NamedTuple

from ddbmock.hook import active, guard, profiles, waiters
from ddbmock.hook.before_send import SEND_EVENTS, late_answer, operation_of
from ddbmock.hook.clients import create_async_client, create_client
from ddbmock.locks import new_lock
from ddbmock.post_import import when_imported

if TYPE_CHECKING:
    from collections.abc import Callable

#: Held while the active mock changes, and while the replacements follow.
lock = new_lock()


def _send(wrapped: Any, _session: Any, args: Any, kwargs: Any) -> Any:
    """Send a request of a client that was created without botocore's handlers."""
    request = args[0] if args else kwargs["request"]
    answer = late_answer(request, awaits=False)
    if answer is None:
        _check_guard(request)
        return wrapped(*args, **kwargs)
    return answer


async def _send_async(wrapped: Any, _session: Any, args: Any, kwargs: Any) -> Any:
    request = args[0] if args else kwargs["request"]
    answer = late_answer(request, awaits=True)
    if answer is None:
        _check_guard(request)
        return await wrapped(*args, **kwargs)
    return answer


def _check_guard(request: Any) -> None:
    named = operation_of(request) if guard.is_on() else None
    if named is not None:
        guard.refuse(named[1], request.url)


def _skip_moto(wrapped: Any, _stubber: Any, args: Any, kwargs: Any) -> Any:
    """Have moto's mock of every service answer every service but DynamoDB."""
    event_name = args[0] if args else kwargs["event_name"]
    if active.current is not None and event_name.startswith(SEND_EVENTS):
        return None
    return wrapped(*args, **kwargs)


class _Replacement(NamedTuple):
    """A method of another library, and the function that is called in its place."""

    module_name: str
    class_name: str
    method_name: str
    #: Gets the original, bound; the object; positional and named arguments.
    function: Callable[[Any, Any, Any, Any], Any]


#: In place as soon as the library is loaded. Clients are created before mocks too.
_ALWAYS = (
    _Replacement("botocore.session", "Session", "create_client", create_client),
    _Replacement("aiobotocore.session", "AioSession", "_create_client", create_async_client),
)
#: In place while a mock is active, or the guard is on.
_WHILE_ACTIVE = (
    _Replacement("botocore.session", "Session", "get_scoped_config", profiles.get_scoped_config),
    _Replacement("botocore.httpsession", "URLLib3Session", "send", _send),
    _Replacement("botocore.waiter", "Waiter", "wait", waiters.wait),
    _Replacement("aiobotocore.httpsession", "AIOHTTPSession", "send", _send_async),
    _Replacement("aiobotocore.httpxsession", "HttpxSession", "send", _send_async),
    _Replacement("aiobotocore.waiter", "AIOWaiter", "wait", waiters.wait),
    _Replacement("moto.core.botocore_stubber", "BotocoreStubber", "__call__", _skip_moto),
)


class Replacements:
    """Replaces in every module that is loaded or will be, and undoes it."""

    def __init__(self) -> None:
        self._is_applied = False
        self._undo: list[tuple[type, str, Any, Any]] = []
        for module_name in dict.fromkeys(row.module_name for row in (*_ALWAYS, *_WHILE_ACTIVE)):
            when_imported(module_name, self._follow_import)

    def follow(self) -> None:
        """Apply or undo what is in place only while a mock is active or the guard is on."""
        is_needed = active.current is not None or guard.is_on()
        if is_needed and not self._is_applied:
            self._is_applied = True
            for row in _WHILE_ACTIVE:
                if row.module_name in sys.modules:
                    self._apply(row)
        elif self._is_applied and not is_needed:
            self._is_applied = False
            self._undo_all()

    def _follow_import(self, module: Any) -> None:
        with lock:
            for row in _ALWAYS:
                if row.module_name == module.__name__:
                    _replace(row)
            if self._is_applied:
                for row in _WHILE_ACTIVE:
                    if row.module_name == module.__name__:
                        self._apply(row)

    def _apply(self, row: _Replacement) -> None:
        replaced = _replace(row)
        if replaced is not None:
            self._undo.append(replaced)

    def _undo_all(self) -> None:
        while self._undo:
            owner, name, original, replacement = self._undo.pop()
            # Somebody may have replaced ours by theirs, which calls ours: both stay.
            if vars(owner).get(name) is replacement:
                setattr(owner, name, original)


def _replace(row: _Replacement) -> tuple[type, str, Any, Any] | None:
    owner = getattr(sys.modules[row.module_name], row.class_name, None)
    original = None if owner is None else vars(owner).get(row.method_name)
    if owner is None or original is None:
        return None
    replacement = _method(original, row.function)
    setattr(owner, row.method_name, replacement)
    return owner, row.method_name, original, replacement


def _method(original: Any, function: Callable[[Any, Any, Any, Any], Any]) -> Any:
    @functools.wraps(original)
    def replacement(self: Any, /, *args: Any, **kwargs: Any) -> Any:
        return function(original.__get__(self), self, args, kwargs)

    return replacement
