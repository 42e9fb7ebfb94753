"""The stages of every call: check, read, resolve, run."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ddbmock import messages
from ddbmock.errors import MisuseError, UnsupportedError, ValidationError
from ddbmock.validation import check_constraints, check_serialization, is_valid_request

if TYPE_CHECKING:
    from ddbmock.access.call import Call


def check(call: Call) -> None:
    """Check the types of the request, the constraints of the model, and what is supported."""
    operation, request, shape = call.operation, call.request, call.input_shape
    if not call.is_validated:
        check_serialization(operation.name, request, shape)
    if not is_valid_request(request, shape):
        check_constraints(operation.name, request, shape)
    if not request.keys() <= operation.parameters:
        _refuse_unsupported(call)


def _refuse_unsupported(call: Call) -> None:
    """Refuse members of the model that are not supported; others the service ignores."""
    unknown = call.request.keys() - call.operation.parameters
    members = sorted(name for name in unknown if name in call.input_shape.members)
    if members:
        raise UnsupportedError(messages.unsupported_parameters(call.operation.name, members))


def read(call: Call) -> None:
    """Turn the request into its intent, or raise what is wrong with it in the operation's words."""
    operation = call.operation
    try:
        call.intent = operation.read(call.request)
    except ValidationError as error:
        raise operation.wording.of_request(error, call.request) from None


def resolve(call: Call) -> None:
    """Bring the region up to the present: transitions end, expired items are deleted.

    Raises:
        MisuseError: The thread is in the middle of another call.
    """
    region = call.region
    backend = region.backend
    if backend.is_locked_here():
        raise MisuseError(messages.CALL_WITHIN_CALL)
    if region.pending_tables:
        with backend.lock:
            region.settle()


def run(call: Call) -> None:
    """Do what the intent says."""
    with call.region.backend.lock:
        call.response = call.operation.run(call.intent, call.door)
