"""Requests that ddbmock itself makes to set up tables: checked and executed, but not recorded."""

from __future__ import annotations

from copy import deepcopy
from typing import TYPE_CHECKING, Any

from ddbmock._internal.access.call import CallWithinBlock
from ddbmock._internal.messages import misuse as messages
from ddbmock._internal.operations import OPERATIONS
from ddbmock._internal.service_model import input_shape
from ddbmock._internal.stages import prepare
from ddbmock._internal.stages import run as run_intent

if TYPE_CHECKING:
    from collections.abc import Iterable

    from ddbmock._internal.access.intent import Request, Response
    from ddbmock._internal.engine.backend import Backend, Region


def unsupported_reason(operation_name: str, parameters: Iterable[str]) -> str | None:
    """Return why ddbmock does not support a request with these parameters; None when it does."""
    operation = OPERATIONS.get(operation_name)
    if operation is None:
        return messages.unsupported_operation(operation_name)
    unknown = sorted(set(parameters) - operation.parameters)
    return messages.unsupported_parameters(operation_name, unknown) if unknown else None


def run(
    backend: Backend, region_name: str, operation_name: str, request: dict[str, Any]
) -> Response:
    """Execute a request whose members have the types of the model, and return the response.

    Raises:
        ServiceError: The service refuses it.
        UnsupportedError: ddbmock does not support the operation or a parameter yet.
    """
    if backend.remote_request is not None:
        response: Response = backend.remote_request(region_name, operation_name, deepcopy(request))
        return response
    return run_in(backend.region(region_name), operation_name, request)


def run_in(region: Region, operation_name: str, request: dict[str, Any]) -> Response:
    """Execute such a request in a region, which may be of any account."""
    own_copy: Request = deepcopy(request)
    shape = input_shape(operation_name)
    call = CallWithinBlock(
        OPERATIONS.row(operation_name), own_copy, region, shape, is_validated=True
    )
    # Resources of the set-up exist at once, whatever the mock's delays.
    call.hooks.has_no_delays = True
    prepare(call)
    run_intent(call)
    return call.response  # type: ignore[return-value] # set by the stage
