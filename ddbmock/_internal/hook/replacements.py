"""What is replaced in other libraries: one table, applied and undone."""

from __future__ import annotations

import sys
from functools import partial, wraps
from typing import TYPE_CHECKING, Any, NamedTuple

from ddbmock._internal.hook import (
    active,
    dax,
    guard,
    profiles,
    retries,
    serialization,
    sessions,
    waiters,
)
from ddbmock._internal.hook.before_send import SEND_EVENTS, lazy_response, operation_of
from ddbmock._internal.hook.clients import create_async_client, create_client
from ddbmock._internal.locks import new_lock
from ddbmock._internal.post_import import was_imported, when_imported

if TYPE_CHECKING:
    from collections.abc import Callable
    from threading import RLock

#: Held while the active mock changes, and while replacements are applied or undone.
lock: RLock = new_lock()


def _send(wrapped: Any, _session: Any, args: Any, kwargs: Any) -> Any:
    """Send a request of a client that was created without botocore's handlers."""
    request = args[0] if args else kwargs["request"]
    response = lazy_response(request, awaits=False)
    if response is None:
        _check_guard(request)
        return wrapped(*args, **kwargs)
    return response


async def _send_async(wrapped: Any, _session: Any, args: Any, kwargs: Any) -> Any:
    request = args[0] if args else kwargs["request"]
    response = lazy_response(request, awaits=True)
    if response is None:
        _check_guard(request)
        return await wrapped(*args, **kwargs)
    return response


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


class Replacement(NamedTuple):
    """A method or class method of another library, and the function that is called instead."""

    module_name: str
    class_name: str
    method_name: str
    #: Gets the original, bound; the object or class; positional and named arguments.
    function: Callable[[Any, Any, Any, Any], Any]


#: In place as soon as the library is loaded. Clients are created before mocks too.
_ALWAYS = (
    Replacement("botocore.session", "Session", "create_client", create_client),
    Replacement("aiobotocore.session", "AioSession", "_create_client", create_async_client),
    Replacement("botocore.retries.bucket", "Clock", "current_time", retries.current_time),
)
#: In place while a mock is active, or the guard is on.
_WHILE_ACTIVE = (
    Replacement("botocore.session", "Session", "get_scoped_config", profiles.get_scoped_config),
    Replacement("botocore.httpsession", "URLLib3Session", "send", _send),
    Replacement("botocore.endpoint", "Endpoint", "_needs_retry", retries.needs_retry),
    Replacement("botocore.retries.bucket", "TokenBucket", "acquire", retries.acquire),
    Replacement("botocore.waiter", "Waiter", "wait", waiters.wait),
    Replacement("botocore.loaders", "JSONFileLoader", "load_file", sessions.load_file),
    Replacement(
        "botocore.loaders", "Loader", "list_available_services", sessions.list_available_services
    ),
    Replacement("botocore.hooks", "EventAliaser", "__init__", sessions.create_aliaser),
    Replacement(
        "botocore.hooks", "BaseEventHooks", "_verify_accept_kwargs", sessions.verify_accept_kwargs
    ),
    Replacement(
        "botocore.validate",
        "ParamValidationDecorator",
        "serialize_to_request",
        serialization.serialize_to_request,
    ),
    Replacement("aiobotocore.httpsession", "AIOHTTPSession", "send", _send_async),
    Replacement("aiobotocore.httpxsession", "HttpxSession", "send", _send_async),
    Replacement("aiobotocore.endpoint", "AioEndpoint", "_needs_retry", retries.async_needs_retry),
    Replacement("aiobotocore.retries.bucket", "AsyncTokenBucket", "acquire", retries.acquire),
    Replacement("aiobotocore.waiter", "AIOWaiter", "wait", waiters.wait),
    Replacement("moto.core.botocore_stubber", "BotocoreStubber", "__call__", _skip_moto),
    Replacement("amazondax.Cluster", "Cluster", "start", dax.start),
    Replacement("amazondax.Cluster", "Cluster", "read_client", dax.node),
    Replacement("amazondax.Cluster", "Cluster", "write_client", dax.node),
)


class Replacements:
    """Applies replacements in every module that is loaded or will be, and undoes them."""

    def __init__(self) -> None:
        self._is_applied = False
        self._while_active: list[Replacement] = []
        #: The active replacements: the class, the name, the original and the replacement.
        self._undo: list[tuple[type, str, Any, Any]] = []
        #: The replacements of the last mock; empty when a module was imported since.
        self._last: list[tuple[type, str, Any, Any]] = []
        #: The original and the replacement, for the next mock: to create a replacement takes
        #: longer.
        self._created: dict[Replacement, tuple[Any, Any]] = {}
        for row in _ALWAYS:
            when_imported(row.module_name, partial(self._replace_always, row))
        self.add(*_WHILE_ACTIVE)

    def add(self, *rows: Replacement) -> None:
        """Add replacements that are in place while a mock is active, or the guard is on."""
        for row in rows:
            self._while_active.append(row)
            when_imported(row.module_name, partial(self._apply_on_import, row))

    def update(self) -> None:
        """Apply or undo the replacements that last while a mock is active or the guard is on."""
        is_needed = active.current is not None or guard.is_on()
        if is_needed and not self._is_applied:
            self._is_applied = True
            if not self._apply_last():
                for row in self._while_active:
                    if was_imported(row.module_name):
                        self._apply(row)
        elif self._is_applied and not is_needed:
            self._is_applied = False
            self._undo_all()

    def _replace_always(self, row: Replacement, _module: Any) -> None:
        with lock:
            self._replace(row)

    def _apply_on_import(self, row: Replacement, _module: Any) -> None:
        with lock:
            self._last = []
            if self._is_applied:
                self._apply(row)

    def _apply_last(self) -> bool:
        """Do again what was done for the last mock, if everything is as it was before it."""
        for owner, name, original, _ in self._last:
            if vars(owner).get(name) is not original:
                return False
        for owner, name, _, replacement in self._last:
            setattr(owner, name, replacement)
        self._undo = self._last
        return bool(self._last)

    def _apply(self, row: Replacement) -> None:
        replaced = self._replace(row)
        if replaced is not None:
            self._undo.append(replaced)

    def _replace(self, row: Replacement) -> tuple[type, str, Any, Any] | None:
        owner = getattr(sys.modules[row.module_name], row.class_name, None)
        original = None if owner is None else vars(owner).get(row.method_name)
        if owner is None or original is None:
            return None
        last_original, replacement = self._created.get(row, (None, None))
        if last_original is not original:
            replacement = _replacement_of(original, row.function)
            self._created[row] = original, replacement
        setattr(owner, row.method_name, replacement)
        return owner, row.method_name, original, replacement

    def _undo_all(self) -> None:
        for owner, name, original, replacement in reversed(self._undo):
            # Another library may have replaced ours by one that calls ours: both stay.
            if vars(owner).get(name) is replacement:
                setattr(owner, name, original)
        self._last, self._undo = self._undo, []


def _replacement_of(original: Any, function: Callable[[Any, Any, Any, Any], Any]) -> Any:
    if isinstance(original, classmethod):

        @wraps(original.__func__)
        def class_method(cls: Any, /, *args: Any, **kwargs: Any) -> Any:
            return function(original.__get__(None, cls), cls, args, kwargs)

        return classmethod(class_method)

    @wraps(original)
    def method(self: Any, /, *args: Any, **kwargs: Any) -> Any:
        return function(original.__get__(self), self, args, kwargs)

    return method
