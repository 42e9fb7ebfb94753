"""botocore's models of DynamoDB and DynamoDB Streams: shapes of requests and responses.

Loading a model takes tens of milliseconds, so models are loaded on first use.
"""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any

from botocore.loaders import create_loader
from botocore.model import ServiceModel

if TYPE_CHECKING:
    from botocore.model import OperationModel, Shape

SERVICE_NAMES = ("dynamodb", "dynamodbstreams")


@cache
def service_model(service_name: str) -> ServiceModel:
    """Return the model of a service."""
    return ServiceModel(create_loader().load_service_model(service_name, "service-2"))


@cache
def service_name_of(operation_name: str) -> str | None:
    """Return the name of the service of an operation, None when neither has it.

    >>> service_name_of("PutItem"), service_name_of("GetRecords"), service_name_of("Put")
    ('dynamodb', 'dynamodbstreams', None)
    """
    for service_name in SERVICE_NAMES:
        if operation_name in service_model(service_name).operation_names:
            return service_name
    return None


def input_shape(operation_name: str) -> Shape:
    """Return the shape of an operation's input.

    >>> "Item" in input_shape("PutItem").members
    True

    Raises:
        LookupError: There is no such operation.
    """
    return _operation_model(operation_name).input_shape


def output_shape(operation_name: str) -> Shape | None:
    """Return the shape of an operation's output, None when it has none.

    Raises:
        LookupError: There is no such operation.
    """
    return _operation_model(operation_name).output_shape


def _operation_model(operation_name: str) -> OperationModel:
    service_name = service_name_of(operation_name)
    if service_name is None:
        raise LookupError(operation_name)
    return service_model(service_name).operation_model(operation_name)


def service_of(client: Any) -> str | None:
    """Return the service of a synchronous client of botocore, None for anything else."""
    # By its shape: botocore's classes of clients take long to import.
    model = getattr(getattr(client, "meta", None), "service_model", None)
    is_asynchronous = any(
        each.__module__.startswith("aiobotocore") for each in type(client).__mro__
    )
    name: str | None = getattr(model, "service_name", None)
    return None if is_asynchronous else name
