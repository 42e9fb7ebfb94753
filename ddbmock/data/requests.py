"""Requests that ddbmock makes of itself, to set up tables: checked and done, but not recorded."""

from __future__ import annotations

from copy import deepcopy
from typing import TYPE_CHECKING, Any

from ddbmock.access.call import Call
from ddbmock.operations import OPERATIONS
from ddbmock.service_model import input_shape
from ddbmock.stages import Phase, Pipeline, check, read, run

if TYPE_CHECKING:
    from ddbmock.access.intent import Request, Response
    from ddbmock.engine.backend import Backend


def _without_delays(call: Call) -> None:
    """Make what is set up exist at once, however long it takes the program under test."""
    call.door.has_no_delays = True


SET_UP = Pipeline(
    (Phase.CHECK, check),
    (Phase.READ, read),
    (Phase.ADMIT, _without_delays),
    (Phase.RUN, run),
)


def execute(
    backend: Backend, region_name: str, operation_name: str, request: dict[str, Any]
) -> Response:
    """Do a request whose members have the types of the model, and return the answer.

    Raises:
        ServiceError: The service refuses it.
        UnsupportedError: ddbmock does not support the operation or a parameter yet.
    """
    own_copy: Request = deepcopy(request)
    shape = input_shape(operation_name)
    region = backend.region(region_name)
    call = Call(OPERATIONS.row(operation_name), own_copy, region, shape, is_validated=True)
    return SET_UP.complete(call)
