"""The stages of every call that ddbmock answers itself: prepare and run."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ddbmock._internal.access.operation import Plane
from ddbmock._internal.errors import MisuseError, UnsupportedError, ValidationError
from ddbmock._internal.messages import misuse as messages
from ddbmock._internal.validation import (
    check_constraints,
    check_serialization,
    compile_test,
    find_test,
    has_types_of,
)

if TYPE_CHECKING:
    from ddbmock._internal.access.call import Call


def prepare(call: Call) -> None:
    """Check and read the request, and run due tasks of the region.

    Raises:
        ServiceError: The request is wrong independently of tables, in the operation's wording.
        UnsupportedError: ddbmock does not support a parameter yet.
        MisuseError: The thread is within another call.
    """
    operation, request, shape = call.operation, call.request, call.input_shape
    if not call.is_validated and not has_types_of(request, shape):
        check_serialization(request, shape)
    is_valid = find_test(id(shape)) or compile_test(shape)
    if not is_valid(request):
        check_constraints(request, shape, operation.wording)
    if not request.keys() <= operation.parameters:
        _refuse_unsupported(call)
    try:
        call.intent = operation.read(request)
    except ValidationError as error:
        raise operation.wording.of_request(error, request) from None
    # An operation without a TableName names something else, which may be an ARN too.
    if operation.plane is not Plane.DATA and request.get("TableName", "arn:")[:4] == "arn:":
        call.enter_account()
    backend = call.region.backend
    due_at = backend.agenda.next_due
    if backend.is_locked_here():
        if not call.is_within_block:
            raise MisuseError(messages.CALL_WITHIN_CALL)
        backend.run_due()
    elif (
        due_at is not None and due_at <= backend.clock.seconds()
    ) or backend.journal.unfinished is not None:
        backend.catch_up()


def _refuse_unsupported(call: Call) -> None:
    """Refuse unsupported members of the model; the service ignores unknown members."""
    unknown = call.request.keys() - call.operation.parameters
    members = sorted(name for name in unknown if name in call.input_shape.members)
    if members:
        raise UnsupportedError(messages.unsupported_parameters(call.operation.name, members))


def run(call: Call) -> None:
    """Run the operation on its intent.

    A call that fails changes nothing: writes of items are commits, and the steps of an operation of
    the control plane are rolled back together.
    """
    backend, operation = call.region.backend, call.operation
    try:
        with backend.lock:
            if operation.plane is Plane.DATA:
                call.response = operation.run(call.intent, call)
            else:
                if call.is_in_other_account:
                    call.check_other_accounts()
                with backend.journal.undone_on_error():
                    call.response = operation.run(call.intent, call)
    except ValidationError as error:
        raise operation.wording.of_data(error) from None
