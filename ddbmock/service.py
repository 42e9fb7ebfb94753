"""One request's way: look up, check, run, account, answer. Every entrance goes through here.

Cross-cutting things are steps of `Service.execute`, never code inside an operation. Errors leave
as `ServiceError`; anything else that leaves is `UnsupportedError` or a bug of ddbmock.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

from ddbmock import messages
from ddbmock.access import accounting
from ddbmock.access.call import Call
from ddbmock.calls import CallLog
from ddbmock.engine.backend import Backend
from ddbmock.engine.values import InvalidValueError
from ddbmock.errors import MisuseError, ServiceError, UnsupportedError, ValidationError
from ddbmock.expressions import InvalidExpressionError
from ddbmock.operations import OPERATIONS
from ddbmock.validation import check_constraints, check_serialization, constraint_tests

if TYPE_CHECKING:
    from ddbmock.access.call import Request, Response
    from ddbmock.operations.registry import Operation
    from ddbmock.triggers import Triggers

#: Operations that still use the older number and set readers.
_OLDER = frozenset({"BatchWriteItem"})


class Service:
    """The service of one mock: a backend, and the calls that were made on it."""

    __slots__ = ("_triggers", "backend", "calls")

    def __init__(self, backend: Backend | None = None) -> None:
        self.backend = Backend() if backend is None else backend
        self.calls = CallLog()
        self._triggers: Triggers | None = None

    @property
    def triggers(self) -> Triggers:
        """The functions that get tables' changes; their modules are imported when asked for."""
        if self._triggers is None:
            self._triggers = import_module("ddbmock.triggers").Triggers(self.backend)
        return self._triggers

    def execute(  # noqa: PLR0913 (what came, and how far it was checked)
        self,
        region_name: str,
        operation_name: str,
        request: Request,
        input_shape: Any,
        *,
        validated: bool,
        body: bytes | str | None = None,
    ) -> Response:
        """Do one request and return the answer in Python form.

        `request` is the decoded JSON; it belongs to the service from here on. `input_shape` is
        botocore's shape of the operation's input. `validated` says that botocore has checked the
        types of the members already. `body` is what the request was read from.

        Raises:
            ServiceError: The service refuses the request; nothing was changed.
            UnsupportedError: ddbmock does not do this operation or parameter yet.
            MisuseError: The call was made in the middle of another one of the same thread.
        """
        operation = OPERATIONS.registered.get(operation_name) or OPERATIONS.find(operation_name)
        if operation is None:
            raise UnsupportedError(messages.unsupported_operation(operation_name))
        backend = self.backend
        call = Call(operation_name, request, backend.regions_by_name[region_name])
        response: Response | None = None
        error: ServiceError | None = None
        try:
            if not validated:
                check_serialization(operation_name, request, input_shape)
            if not constraint_tests[input_shape](request):
                check_constraints(operation_name, request, input_shape)
            if not request.keys() <= operation.parameters:
                _refuse_unsupported(operation, request, input_shape)
            if backend.is_locked_here():
                raise MisuseError(messages.CALL_WITHIN_CALL)
            with backend.lock:
                if call.region.pending_tables or backend.journal.unfinished is not None:
                    backend.settle_locked()
                response = operation.run(call)
            if "ReturnConsumedCapacity" in request:
                accounting.report(call, response)
        except ServiceError as raised:
            error = _worded(raised, operation_name)
            raise error from None
        finally:
            self.calls.record(call, response, error, backend.clock.seconds(), body)
        if backend.after_call:
            backend.finish_call()
        return response


def _refuse_unsupported(operation: Operation, request: Request, input_shape: Any) -> None:
    """Refuse members of the model that are not done; what the model lacks, the service ignores."""
    unknown = request.keys() - operation.parameters
    members = sorted(name for name in unknown if name in input_shape.members)
    if members:
        raise UnsupportedError(messages.unsupported_parameters(operation.name, members))


def _worded(error: ServiceError, operation_name: str) -> ServiceError:
    """Return the error in the words that this operation uses for it."""
    if isinstance(error, InvalidValueError) and operation_name in _OLDER:
        return ValidationError(error.legacy_message)
    if isinstance(error, InvalidExpressionError) and operation_name == "Scan":
        return ValidationError(error.scan_message)
    return error
