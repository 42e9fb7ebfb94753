"""Whether the caller may do what a call asks for."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ddbmock._internal.access.authorization import NO_POLICIES, accesses
from ddbmock._internal.stages import Phase

if TYPE_CHECKING:
    from ddbmock._internal.access.call import Call
    from ddbmock._internal.service import Service


def attach(service: Service) -> None:
    """Have resource policies checked."""
    service.pipeline.attach(Phase.AUTHORIZE, authorize)


def authorize(call: Call) -> None:
    """Check that resource policies allow a call, whose caller may do everything otherwise.

    Raises:
        AccessDeniedError: They do not.
        TransactionCanceledError: They do not allow a statement of a transaction.
    """
    intent = call.intent
    assert intent is not None  # noqa: S101 (it has been read)
    for access in accesses(call.operation, intent, call.home, call.caller_or_default()):
        decision = access.decide(NO_POLICIES)
        if not decision.is_allowed:
            intent.refuse(access.intent, access.refusal(decision))
