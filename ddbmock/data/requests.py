"""Requests that ddbmock makes of itself: through the service's checks, into no record of calls."""

from __future__ import annotations

from copy import deepcopy
from typing import TYPE_CHECKING, Any

from ddbmock import messages
from ddbmock.access.call import Call
from ddbmock.errors import UnsupportedError
from ddbmock.operations import OPERATIONS
from ddbmock.service_model import input_shape
from ddbmock.validation import check_constraints

if TYPE_CHECKING:
    from ddbmock.engine.backend import Backend


def run(
    backend: Backend, region_name: str, operation_name: str, request: dict[str, Any]
) -> dict[str, Any]:
    """Do a request whose members have the types of the model, and return the answer.

    Raises:
        ServiceError: The service refuses it.
        UnsupportedError: ddbmock does not do this yet.
    """
    request = deepcopy(request)
    operation = OPERATIONS.get(operation_name)
    if operation is None:
        raise UnsupportedError(messages.unsupported_operation(operation_name))
    unknown = sorted(request.keys() - operation.parameters)
    if unknown:
        raise UnsupportedError(messages.unsupported_parameters(operation_name, unknown))
    check_constraints(operation_name, request, input_shape(operation_name))
    region = backend.region(region_name)
    with region.backend.lock:
        # What is set up is there at once, however long it takes the program under test.
        delay_seconds, backend.delay_seconds = backend.delay_seconds, 0.0
        try:
            return operation.run(Call(operation_name, request, region))
        finally:
            backend.delay_seconds = delay_seconds
