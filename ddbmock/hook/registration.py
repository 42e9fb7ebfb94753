"""Which handler listens to which event, and how older clients come by them."""

from __future__ import annotations

import gc
import sys
from typing import TYPE_CHECKING, Any

import botocore.handlers
from botocore.hooks import HierarchicalEmitter

from ddbmock.hook import target
from ddbmock.hook.before_call import answer_call
from ddbmock.hook.before_send import answer_request
from ddbmock.hook.clients import forget_account
from ddbmock.hook.replacements import Replacements, lock

if TYPE_CHECKING:
    from collections.abc import Callable

    from ddbmock.hook.target import Target

#: Each is registered last. before-send is taken at its root, behind everybody: the first answer to
#: it counts. A call that handlers of a program behind `answer_call` must see goes the whole way.
HANDLERS: tuple[tuple[str, Callable[..., Any]], ...] = (
    ("before-call.dynamodb", answer_call),
    ("before-call.dynamodb-streams", answer_call),
    ("before-send", answer_request),
    ("before-endpoint-resolution.dynamodb", forget_account),
    ("before-endpoint-resolution.dynamodb-streams", forget_account),
)

_replacements = Replacements()
#: Only sessions that are older than this module can lack its handlers.
_must_find_older = "botocore.session" in sys.modules


def set_active(answering: Target | None) -> None:
    """Let a target answer every DynamoDB call of this process from now on; None: let them go."""
    global _must_find_older  # noqa: PLW0603 (once a process)
    with lock:
        was_active = is_active()
        if answering is not None and _must_find_older:
            _must_find_older = False
            _add_handlers_to_older_emitters()
        target.current = answering
        if is_active() and not was_active:
            _replacements.apply()
        elif was_active and not is_active():
            _replacements.undo()


def is_active() -> bool:
    """Return whether calls are answered."""
    return target.current is not None


def _add_handlers_to_older_emitters() -> None:
    """Find the sessions and clients that were made before this module, by their emitters."""
    kinds = {HierarchicalEmitter, *HierarchicalEmitter.__subclasses__()}
    for emitter in [thing for thing in gc.get_objects() if type(thing) in kinds]:
        for event_name, handler in HANDLERS:
            if handler not in emitter._handlers.prefix_search(event_name):  # noqa: SLF001
                emitter.register_last(event_name, handler)


botocore.handlers.BUILTIN_HANDLERS.extend(
    (event_name, handler, botocore.handlers.REGISTER_LAST) for event_name, handler in HANDLERS
)
