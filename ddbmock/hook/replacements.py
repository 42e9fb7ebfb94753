"""What is replaced in other libraries for the time of a mock: one table, put in and taken out."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any

import wrapt

from ddbmock.hook import target, waiters
from ddbmock.hook.before_send import SEND_EVENTS, late_answer
from ddbmock.hook.clients import create_client
from ddbmock.locks import new_lock

if TYPE_CHECKING:
    from collections.abc import Callable

#: Held while the target changes, and while what goes with it is put in and taken out.
lock = new_lock()


def _send(wrapped: Any, _session: Any, args: Any, kwargs: Any) -> Any:
    """Send a request: the last guard, for clients that were made without botocore's handlers."""
    request = args[0] if args else kwargs["request"]
    answer = late_answer(request, awaits=False)
    return wrapped(*args, **kwargs) if answer is None else answer


async def _send_async(wrapped: Any, _session: Any, args: Any, kwargs: Any) -> Any:
    request = args[0] if args else kwargs["request"]
    answer = late_answer(request, awaits=True)
    return await wrapped(*args, **kwargs) if answer is None else answer


def _skip_moto(wrapped: Any, _stubber: Any, args: Any, kwargs: Any) -> Any:
    """Let moto's mock of everything answer everything but DynamoDB."""
    event_name = args[0] if args else kwargs["event_name"]
    if target.current is not None and event_name.startswith(SEND_EVENTS):
        return None
    return wrapped(*args, **kwargs)


#: Module, class, method, what stands in its place.
_REPLACEMENTS: tuple[tuple[str, str, str, Callable[..., Any]], ...] = (
    ("botocore.session", "Session", "create_client", create_client),
    ("botocore.httpsession", "URLLib3Session", "send", _send),
    ("botocore.waiter", "Waiter", "wait", waiters.wait),
    ("aiobotocore.session", "AioSession", "create_client", create_client),
    ("aiobotocore.httpsession", "AIOHTTPSession", "send", _send_async),
    ("aiobotocore.httpxsession", "HttpxSession", "send", _send_async),
    ("aiobotocore.waiter", "AIOWaiter", "wait", waiters.wait),
    ("moto.core.botocore_stubber", "BotocoreStubber", "__call__", _skip_moto),
)


class Replacements:
    """Puts the replacements in, in every module that is or becomes loaded, and takes them out."""

    def __init__(self) -> None:
        self._undo: list[tuple[type, str, Any, Any]] = []
        self._watching = False

    def apply(self) -> None:
        """Replace in all modules that are loaded, and see to those that are loaded later."""
        for module_name in dict.fromkeys(row[0] for row in _REPLACEMENTS):
            if module_name in sys.modules:
                self._replace_in(sys.modules[module_name])
            elif not self._watching:
                wrapt.register_post_import_hook(self._loaded_later, module_name)
        self._watching = True

    def undo(self) -> None:
        """Let everything be as before."""
        while self._undo:
            owner, name, original, replacement = self._undo.pop()
            # Somebody may have put theirs over ours: theirs stays, ours passes everything on.
            if vars(owner).get(name) is replacement:
                setattr(owner, name, original)

    def _loaded_later(self, module: Any) -> None:
        with lock:
            if target.current is not None:
                self._replace_in(module)

    def _replace_in(self, module: Any) -> None:
        for module_name, class_name, name, wrapper in _REPLACEMENTS:
            owner = getattr(module, class_name, None)
            if module.__name__ == module_name and owner is not None and name in vars(owner):
                original = vars(owner)[name]
                replacement = wrapt.FunctionWrapper(original, wrapper)
                setattr(owner, name, replacement)
                self._undo.append((owner, name, original, replacement))
