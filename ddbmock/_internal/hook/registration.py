"""The handlers of botocore's events, and how clients that exist already get them."""

from __future__ import annotations

import gc
from typing import TYPE_CHECKING, Any

import botocore.handlers
from botocore.hooks import HierarchicalEmitter

from ddbmock._internal.hook import active, guard
from ddbmock._internal.hook.accounts import note_credentials
from ddbmock._internal.hook.before_call import answer_call
from ddbmock._internal.hook.before_send import answer_request, note_signing
from ddbmock._internal.hook.clients import forget_account
from ddbmock._internal.hook.companions import (
    EVENT_NAMES,
    add_own_part,
    answer_companion_call,
    note_parameters,
)
from ddbmock._internal.hook.replacements import Replacements, lock
from ddbmock._internal.post_import import was_imported

if TYPE_CHECKING:
    from collections.abc import Callable

    from ddbmock._internal.hook.active import ActiveMock

#: Each is registered last. before-send is handled at its root, after everybody: the first response
#: to it counts. A call that handlers of a program behind `answer_call` must see is sent by
#: botocore.
HANDLERS: tuple[tuple[str, Callable[..., Any]], ...] = (
    ("before-call.dynamodb", answer_call),
    ("before-call.dynamodb-streams", answer_call),
    ("before-send", answer_request),
    ("choose-signer", note_signing),
    ("after-call.sts", note_credentials),
    ("before-endpoint-resolution.dynamodb", forget_account),
    ("before-endpoint-resolution.dynamodb-streams", forget_account),
    *((f"before-parameter-build.{name}", note_parameters) for name in EVENT_NAMES),
    *((f"before-call.{name}", answer_companion_call) for name in EVENT_NAMES),
    *((f"after-call.{name}", add_own_part) for name in EVENT_NAMES),
)

#: Only sessions that are older than this module can lack its handlers.
_must_find_older = was_imported("botocore.session")


def set_active(answering: ActiveMock | None) -> None:
    """Make a mock answer every DynamoDB call of this process; None deactivates."""
    with lock:
        active.current = answering
        _update()


def _update() -> None:
    """Prepare for an active mock or guard, or clean up after the last one."""
    global _must_find_older  # noqa: PLW0603 (once a process)
    with lock:
        if _must_find_older and (active.current is not None or guard.is_on()):
            _must_find_older = False
            _add_handlers_to_older_emitters()
        replacements.update()


def _add_handlers_to_older_emitters() -> None:
    """Find the sessions and clients that were created before this module, by their emitters."""
    kinds = {HierarchicalEmitter, *HierarchicalEmitter.__subclasses__()}
    for emitter in [each for each in gc.get_objects() if type(each) in kinds]:
        for event_name, handler in HANDLERS:
            if handler not in emitter._handlers.prefix_search(event_name):  # noqa: SLF001
                emitter.register_last(event_name, handler)


botocore.handlers.BUILTIN_HANDLERS.extend(
    (event_name, handler, botocore.handlers.REGISTER_LAST) for event_name, handler in HANDLERS
)
#: For other parts of ddbmock, which have replacements of their own.
replacements: Replacements = Replacements()
guard.listeners.append(_update)
_update()
