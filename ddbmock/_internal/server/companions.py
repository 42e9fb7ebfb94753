"""Requests to companions (CloudWatch, ...) over HTTP, in their JSON protocols."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ddbmock._internal.companions.ownership import Ownership
from ddbmock._internal.companions.requests import canonical
from ddbmock._internal.errors import SerializationError, UnknownOperationError, UnsupportedError
from ddbmock._internal.messages import metrics as messages
from ddbmock._internal.service_model import service_model
from ddbmock._internal.validation import check_serialization

if TYPE_CHECKING:
    from ddbmock._internal.service import Service

#: The option of a mock that switches a companion on.
_OPTIONS = {"cloudwatch": "metrics", "application-autoscaling": "autoscaling", "dax": "dax"}


def execute_companion(
    service: Service,
    region_name: str,
    service_name: str,
    operation_name: str,
    request: dict[str, Any],
) -> dict[str, Any]:
    """Execute a request of a companion and return the response.

    Raises:
        ServiceError: The companion refuses it, or has no such operation.
        UnsupportedError: The companion is not switched on, or does not support this.
    """
    companion = service.companions.get(service_name)
    if companion is None:
        raise UnsupportedError(messages.companion_not_served(service_name, _OPTIONS[service_name]))
    model = service_model(service_name)
    if operation_name not in model.operation_names:
        raise UnknownOperationError("")
    shape = model.operation_model(operation_name).input_shape
    if shape is None:
        parameters: dict[str, Any] = {}
    else:
        check_serialization(request, shape)
        try:
            parameters = canonical(request, shape)
        except (ValueError, OverflowError, RuntimeError):  # a time in which nobody has lived
            raise SerializationError("") from None
    if companion.ownership(region_name, operation_name, parameters) is Ownership.OTHER:
        raise UnsupportedError(companion.reason_unsupported(operation_name, parameters))
    companion.check(operation_name, parameters, shape)
    response: dict[str, Any] = companion.execute(region_name, operation_name, parameters)
    return response
